#include "mapping/csv_record.h"

#include <set>

#include "core/csv.h"
#include "core/text.h"

namespace mc {
namespace {

using Type = RecordTree::Type;

RejectionReason BadCsv(std::string message) { return {"bad_csv", "", "rfc4180", std::move(message)}; }

// Objects for the names in front of the last one, shared by columns that begin alike.
RecordTree::Id ParentOf(RecordTree& tree, std::string_view& name) {
  RecordTree::Id parent = RecordTree::kRoot;
  for (auto slash = name.find('/'); slash != std::string_view::npos; slash = name.find('/')) {
    const std::string_view segment = name.substr(0, slash);
    RecordTree::Id at = tree.FirstChild(parent, segment);
    if (at == RecordTree::kNone) at = tree.Add(parent, tree.Own(std::string(segment)), Type::kObject);
    parent = at;
    name.remove_prefix(slash + 1);
  }
  return parent;
}

}  // namespace

std::optional<RejectionReason> ReadCsvRecord(std::string_view bytes, char delimiter, RecordTree& tree) {
  tree.Clear();
  if (!IsValidUtf8(bytes)) return RejectionReason{"bad_utf8", "", "utf-8", "The row is not valid UTF-8."};
  CsvReader reader(bytes, delimiter);
  CsvRow header, row, more;
  if (!reader.Next(header) || !reader.Next(row)) return BadCsv("The record is no header with one row.");
  if (header.broken || row.broken || reader.Next(more)) return BadCsv("The record is not one row of a sheet.");
  if (header.fields.size() != row.fields.size()) return BadCsv("The row has not as many fields as the header.");
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    std::string_view name = tree.Own(std::string(Trim(header.fields[i])));
    if (name.empty()) continue;  // a column without a name says nothing
    if (!names.insert(name).second) {
      return RejectionReason{"duplicate_key", "", "unique_keys", "Two columns have one name."};
    }
    const RecordTree::Id parent = ParentOf(tree, name);
    tree.Add(parent, name, Type::kText, tree.Own(std::move(row.fields[i])));
  }
  return std::nullopt;
}

}  // namespace mc
