// Reads the fields of one record by the rules of its source: trimmed, in NFC, absent
// where the source writes "nothing stated", dates by the source's formats.
//
// The first thing that cannot be read is kept as the rejection; everything read after it
// is empty, so that callers check once, at the end. Repairs leave marks. One record, one
// thread; borrows rules, tree and record.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/evidence.h"
#include "core/source_record.h"
#include "mapping/record_tree.h"
#include "mapping/rule_set.h"

namespace mc {

inline constexpr std::size_t kEvidenceTextLimitBytes = 2'000;  // no code, label or unit name is longer
inline constexpr std::size_t kEvidenceListLimit = 5'000;  // entries of one list: compared with each other

class FieldReader {
 public:
  using Id = RecordTree::Id;

  FieldReader(const RuleSet& rules, const RecordTree& tree, const SourceRecord& record)
      : rules_(rules), tree_(tree), record_(record) {}

  // Empty when the source states nothing. Rejections: "missing_field", "wrong_type",
  // "repeated_field", "too_long", "control_character".
  std::string Text(const TextRule& rule, Id at);
  std::vector<std::string> Texts(const TextsRule& rule, Id at);
  // The same of a status, which may be a flag: JSON true and false are the texts "true", "false".
  std::string StatusText(const FieldPaths& paths, Id at);
  // Rejections: as for Text, and "bad_date", "fields_disagree".
  std::optional<Moment> Time(const TimeRule& rule, Id at);
  std::optional<CivilDate> Date(const TimeRule& rule, Id at);

  PersonKeys Person(const PersonRule& rule, Id at);
  UnitKeys Unit(const UnitRule& rule, Id at);
  DocumentRef Document(const DocumentRule& rule, Id at);

  // The nodes at which the entries of a list (or the one object) stand.
  std::vector<Id> Entries(const Place& place, Id at);

  bool AnyStated(const FieldPaths& paths, Id at);
  bool AllThere(const FieldPaths& paths, Id at);  // even where they hold nothing

  void Reject(std::string code, std::string field, std::string rule, std::string message);
  void Mark(std::string mark) { marks_.insert(std::move(mark)); }
  // Looks at texts only: what cannot be read there is not what was looked for. Never rejects.
  bool Holds(const TextTests& tests, Id at) const;
  void MarkWhere(const MarkRule& rule);

  const std::optional<RejectionReason>& rejection() const { return rejection_; }
  std::vector<std::string> marks() const { return {marks_.begin(), marks_.end()}; }
  // Where the first of the paths would stand, for messages.
  std::string PointerOf(const FieldPaths& paths, Id at) const;

 private:
  struct Found {
    std::string_view text;
    Id node = RecordTree::kNone;  // kNone: a fact
    const FieldPath* path = nullptr;
  };

  Id OnlyNode(const FieldPath& path, Id at);
  std::optional<Found> Find(const FieldPath& path, Id at, bool may_be_flag = false);
  std::optional<std::string_view> Stated(std::string_view text) const;
  void Walk(const FieldPath& path, std::size_t depth, Id at, std::vector<Id>& nodes) const;
  std::vector<Id> ListAt(const FieldPath& path, Id at) const;
  std::optional<std::string> Glimpse(const FieldPaths& paths, Id at) const;
  std::set<std::string> Among(const TextTest& test) const;
  bool Passes(const TextTest& test, Id at, const std::set<std::string>* among) const;
  std::string Clean(const Found& found);
  std::string Joined(const TextRule& rule, Id at);
  std::optional<ReadDate> ReadOne(const Found& found, const TimeRule& rule);
  std::string Where(const Found& found) const;
  void KeepLabel(std::string label, PersonKeys& keys);
  void RejectMissing(const FieldPath& path, Id at);
  void RejectLong(std::string pointer);
  void AddListTexts(const TextsRule& rule, Id node, std::vector<std::string>& texts);
  bool Expect(Id node, bool fits, std::string_view expected);

  const RuleSet& rules_;
  const RecordTree& tree_;
  const SourceRecord& record_;
  std::optional<RejectionReason> rejection_;
  std::set<std::string> marks_;
};

}  // namespace mc
