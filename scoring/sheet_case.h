// case.json of a proof bundle (docs/formats/bundle.md): everything that one score was computed from,
// each line with the leaves of the evidence behind it. Reading it and scoring it again gives the card.
//
// Pure; any thread. Errors are kData.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "mapping/catalogue.h"
#include "scoring/policy.h"
#include "scoring/scorer.h"

namespace mc {

// Where a line comes from; parallel to Subject::lines.
struct LineSource {
  CivilDate assigned_on;             // decides the catalogue edition
  std::vector<std::int64_t> leaves;  // strictly rising, as all lists of leaves
};

// What stands in the period for this person and is no line: held, self-set, withdrawn...
struct BesideItem {
  std::string item;
  std::string why;
  std::vector<std::int64_t> leaves;
};

struct SheetCase {
  Subject subject;
  std::vector<LineSource> sources;
  std::vector<BesideItem> beside;
  std::vector<std::int64_t> context;  // editions: the directory (links), the assessment
};

Result<std::string> SheetCaseText(const SheetCase& sheet);     // canonical JSON
Result<SheetCase> ParseSheetCase(std::string_view text);       // strict inverse; "bad_case"
std::vector<std::int64_t> LeavesUsed(const SheetCase& sheet);  // all of them, rising, once each

// Every line's coefficient and edition are those of the catalogue. "coefficient" names the line.
Status CheckCoefficients(const Catalogue& catalogue, const SheetCase& sheet);

// The card of this case under the policy is `score_text`. What a quota makes of a whole peer group is
// taken as it stands: one case cannot show it. "unknown_bar", "score".
Status CheckArithmetic(const Policy& policy, const SheetCase& sheet, std::string_view score_text);

}  // namespace mc
