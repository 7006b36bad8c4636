// The calculator's input: subjects and lines written by hand, to try a policy without any
// platform (docs/formats/case.md; `minhchung score --case FILE`).
//
// Pure; any thread. Errors are kConfig and name the JSON Pointer and the rule: nothing of
// a refused file is used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "core/time.h"
#include "mapping/catalogue.h"
#include "scoring/policy.h"
#include "scoring/scorer.h"

namespace mc {

inline constexpr std::int64_t kCaseCountLimit = 1'000'000;  // of every count
inline constexpr std::size_t kCaseTextLimitBytes = 1'000;   // of every text

// Changed only by tests; the defaults hold the whole city (some 129,000 people).
struct CaseLimits {
  std::size_t subjects = 200'000;
  std::size_t lines_per_subject = 10'000;
  std::size_t bars_per_subject = 100;
};

struct CaseFile {
  std::optional<Period> period;
  std::vector<Subject> subjects;  // in the file's order
};

// `catalogue` may be nullptr: then a line that names a product is refused. A product's
// coefficient is that of the edition in force on the last day of "period", of the newest
// edition without one.
Result<CaseFile> ParseCase(const Json& document, const Policy& policy, const Catalogue* catalogue,
                           const CaseLimits& limits = {});

}  // namespace mc
