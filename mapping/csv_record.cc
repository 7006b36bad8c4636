#include "mapping/csv_record.h"

#include <algorithm>
#include <set>

#include "core/csv.h"
#include "core/text.h"

namespace mc {
namespace {

using Type = RecordTree::Type;

RejectionReason BadCsv(std::string message) { return {"bad_csv", "", "rfc4180", std::move(message)}; }

// Objects for the names in front of the last one, shared by columns that begin alike. kNone: one of
// them is a column with a value of its own.
RecordTree::Id ParentOf(RecordTree& tree, std::string_view& name) {
  RecordTree::Id parent = RecordTree::kRoot;
  for (auto slash = name.find('/'); slash != std::string_view::npos; slash = name.find('/')) {
    const std::string_view segment = name.substr(0, slash);
    RecordTree::Id at = tree.FirstChild(parent, segment);
    if (at == RecordTree::kNone) at = tree.Add(parent, tree.Own(std::string(segment)), Type::kObject);
    if (tree[at].type != Type::kObject) return RecordTree::kNone;
    parent = at;
    name.remove_prefix(slash + 1);
  }
  return parent;
}

std::vector<std::string_view> SplitAt(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + separator.size());
  }
  parts.push_back(text);
  return parts;
}

// Cells as members: what a rule names is taken apart, and so are the parts of it.
class CellReader {
 public:
  CellReader(const CellRules& rules, RecordTree& tree) : rules_(rules), tree_(tree) {}

  void Add(RecordTree::Id parent, const std::string& path, std::string_view name, std::string_view text) {
    const auto rule = rules_.find(path);
    if (rule == rules_.end()) {
      tree_.Add(parent, name, Type::kText, text);
    } else if (Trim(text).empty()) {
      tree_.Add(parent, name, Type::kNull);
    } else {
      AddEntries(tree_.Add(parent, name, Type::kArray), path, rule->second, text);
    }
  }

  const std::optional<RejectionReason>& reason() const { return reason_; }

 private:
  void AddEntries(RecordTree::Id list, const std::string& path, const CellRule& rule, std::string_view text) {
    for (const std::string_view entry : SplitAt(text, rule.entries)) {
      if (Trim(entry).empty()) continue;
      const RecordTree::Id object = tree_.Add(list, "", Type::kObject);
      const auto parts = SplitAt(entry, rule.parts);
      if (parts.size() > rule.names.size()) {
        reason_ = RejectionReason{"bad_cell", tree_.PointerTo(object), std::to_string(rule.names.size()) + " parts",
                                  "An entry of a cell has more parts than the rules name."};
        return;
      }
      for (std::size_t i = 0; i < parts.size(); ++i) {
        Add(object, path + "/" + rule.names[i], tree_.Own(rule.names[i]), parts[i]);
      }
    }
  }

  const CellRules& rules_;
  RecordTree& tree_;
  std::optional<RejectionReason> reason_;
};

// One column of the row. REQUIRES: `name` is the tree's, not empty, and of no column before.
std::optional<RejectionReason> AddColumn(std::string_view name, std::string_view text, CellReader& cells,
                                         RecordTree& tree) {
  if (static_cast<std::size_t>(std::count(name.begin(), name.end(), '/')) >= kColumnDepthLimit) {
    return RejectionReason{"too_deep", "", std::to_string(kColumnDepthLimit),
                           "The name of a column has more parts than the limit."};
  }
  const std::string path(name);
  const RecordTree::Id parent = ParentOf(tree, name);
  if (parent == RecordTree::kNone || tree.FirstChild(parent, name) != RecordTree::kNone) {
    return RejectionReason{"bad_csv", "", "one_meaning",
                           "A column and a group of columns have one name (a beside a/b): rename one of them."};
  }
  cells.Add(parent, path, name, text);
  return std::nullopt;
}

}  // namespace

std::optional<RejectionReason> ReadCsvRecord(std::string_view bytes, char delimiter, const CellRules& cells,
                                             RecordTree& tree) {
  tree.Clear();
  if (!IsValidUtf8(bytes)) return RejectionReason{"bad_utf8", "", "utf-8", "The row is not valid UTF-8."};
  CsvReader reader(bytes, delimiter);
  CsvRow header, row, more;
  if (!reader.Next(header) || !reader.Next(row)) return BadCsv("The record is no header with one row.");
  if (header.broken || row.broken || reader.Next(more)) return BadCsv("The record is not one row of a sheet.");
  if (header.fields.size() != row.fields.size()) return BadCsv("The row has not as many fields as the header.");
  std::set<std::string_view> names;
  CellReader reader_of_cells(cells, tree);
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    const std::string_view name = tree.Own(ColumnName(header.fields[i]));
    if (name.empty()) continue;  // a column without a name says nothing
    if (!names.insert(name).second) {
      return RejectionReason{"duplicate_key", "", "unique_keys", "Two columns have one name."};
    }
    const std::string_view text = tree.Own(std::move(row.fields[i]));
    if (auto reason = AddColumn(name, text, reader_of_cells, tree)) return reason;
  }
  return reader_of_cells.reason();
}

}  // namespace mc
