// Organisation codes of both generations and what became of former organisations, by the
// dated rows of the directory (docs/formats/directory.md; decision 0002). Codes are texts: only a
// row says that two belong together. A code of no row stands for itself.
//
// Immutable after construction; any thread. REQUIRES: rows passed CheckOrganisationCodes.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/directory.h"
#include "core/time.h"

namespace mc {

class OrganisationCodes {
 public:
  explicit OrganisationCodes(const std::vector<OrganisationCode>& rows);

  // The one notation under which the organisation is kept: at the end of the rows "same".
  std::string Canonical(std::string_view code, CivilDate day) const;

  // Every notation of the organisation that day, its canonical one first, the others sorted.
  std::vector<std::string> Notations(std::string_view code, CivilDate day) const;

  // Canonical codes of those who hold its duties that day: where a successor ended too, its own
  // successors. Empty when it was not succeeded by then. Sorted.
  std::vector<std::string> Successors(std::string_view code, CivilDate day) const;

 private:
  struct Row {
    std::string code;  // the other end
    DateSpan span;
  };
  using Rows = std::unordered_map<std::string, std::vector<Row>>;

  static const std::vector<Row>& Of(const Rows& rows, const std::string& code);

  Rows canonical_of_, former_of_;  // "same", by old code and by code
  Rows successors_of_;             // "succeeded", by canonical old code
};

}  // namespace mc
