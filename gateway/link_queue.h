// Who is named by sources and not known: the queue that an operator works off (facts: an item whose lead
// is not resolved counts for nobody). Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"
#include "core/work_item.h"
#include "mapping/identity.h"

namespace mc {

inline constexpr std::size_t kSuggestionLimit = 5;  // of one key

// A person of the directory who may be meant. A name suggests, and never links.
struct Suggestion {
  std::string person, name;
  std::string why;  // "same_name", "cut_name", "name_within"
  bool operator==(const Suggestion&) const = default;
};

// One key that leads to nobody, or to several, with everything that waits for it.
struct WaitingKey {
  std::string register_id, unit;  // unit: id, empty where that is not resolved either
  std::string key, said;          // kind, and text as the source writes it; empty: nobody is named
  std::string reason;
  std::vector<std::string> candidates;  // of an ambiguous key
  std::int64_t items = 0;
  CivilDate oldest;  // day of the first assignment
  std::vector<Suggestion> suggestions;
};

// Oldest first, then by the number of items. Items that left all denominators, and reports (which belong to their
// unit), wait for nobody.
std::vector<WaitingKey> WaitingKeys(const std::vector<WorkItem>& items, const IdentityIndex& identity);

}  // namespace mc
