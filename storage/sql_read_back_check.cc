// fsck of read-backs and of the places where pages can be read again.
#include <map>

#include "storage/sql_check.h"

namespace mc {

// The object is what the leaf commits to; source and marks must be what it says.
void LeafChecker::CheckReadBack(const Opened& opened) {
  const std::string where = "read-back of leaf " + std::to_string(opened.index);
  const auto object = store_.ReadBackObjectAt(opened.index);
  if (!object) return faults_.Add("orphan", where, "its row is missing");
  ++seen_.read_backs;
  CheckCommitment(opened, *object, "read_back_commitment", where);
  const auto read_back = ReadBackFromObject(*object);
  if (!read_back.ok()) return faults_.Add("read_back", where, "its object does not state a read-back");
  std::map<std::int64_t, std::string> expected;
  for (const Contradiction& c : read_back->contradicted) expected[c.leaf] = Name(c.verdict);
  for (const std::int64_t leaf : read_back->returned) expected[leaf] = "returned";
  std::map<std::int64_t, std::string> stored;
  Query row(store_.sql_["SELECT record_leaf, verdict FROM read_back_marks WHERE leaf_index = ?"]);
  row.Int(opened.index);
  while (row.Step()) stored[row.GetInt(0)] = row.GetText(1);
  seen_.read_back_marks += static_cast<std::int64_t>(stored.size());
  Query source(store_.sql_["SELECT source FROM read_backs WHERE leaf_index = ?"]);
  const bool same_source = source.Int(opened.index).Step() && source.GetText(0) == read_back->source;
  if (stored == expected && same_source) return;
  faults_.Add("read_back", where, "its columns or marks are not those of its object");
}

}  // namespace mc
