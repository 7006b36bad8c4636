#include "mapping/evidence_reader.h"

#include <algorithm>
#include <set>

#include "mapping/field_reader.h"

namespace mc {
namespace {

using Id = RecordTree::Id;

class EvidenceReader {
 public:
  EvidenceReader(const RecordRule& rule, FieldReader& in, const SourceRecord& record)
      : rule_(rule), in_(in), record_(record) {}

  Evidence Read() {
    e_.kind = rule_.kind;
    e_.register_id = record_.key.register_id;
    ReadKeys();
    ReadStatus();
    ReadType();
    ReadTimes();
    ReadClaims();
    ReadReturns();
    ReadDeadlines();
    ReadEnding();
    for (const MarkRule& rule : rule_.marks) in_.MarkWhere(rule);
    ReadAbout();
    ReadRatings();
    e_.assurance = Level();
    return std::move(e_);
  }

 private:
  void ReadKeys() {
    e_.native_id = rule_.native_id.stated() ? in_.Text(rule_.native_id, kHere) : record_.key.native_id;
    e_.aliases = in_.Texts(rule_.aliases, kHere);
    std::erase(e_.aliases, e_.native_id);
    std::sort(e_.aliases.begin(), e_.aliases.end());
    e_.unit = in_.Unit(rule_.unit, kHere);
    e_.lead = in_.Person(rule_.lead, kHere);
    e_.assigner = in_.Person(rule_.assigner, kHere);
    e_.document = in_.Document(rule_.document, kHere);
    e_.task_codes = in_.Texts(rule_.task_codes, kHere);
    for (const UnitsRule& rule : rule_.receivers) {
      for (const Id at : in_.Entries(rule.place, kHere)) Keep(in_.Unit(rule.unit, at), e_.receivers);
    }
    for (const PeopleRule& rule : rule_.contributors) {
      for (const Id at : in_.Entries(rule.place, kHere)) Keep(in_.Person(rule.person, at), e_.contributors);
    }
  }

  // An entry that names nothing, or what stands there already, says nothing more.
  template <typename Keys>
  static void Keep(Keys keys, std::vector<Keys>& list) {
    if (!keys.empty() && std::find(list.begin(), list.end(), keys) == list.end())
      list.push_back(std::move(keys));
  }

  void ReadStatus() {
    for (const StatusCase& one : rule_.status) {
      if (!in_.Holds(one.where, kHere)) continue;
      if (!one.where.empty()) {  // the words beside the status say what it was
        TextRule text;
        text.from = one.from;
        e_.source_status = in_.Text(text, kHere);
        e_.status = one.is;
        return;
      }
      if (one.from.empty()) {
        if (!one.if_present.empty() && !in_.AnyStated(one.if_present, kHere)) continue;
        e_.status = one.is;
        return;
      }
      e_.source_status = in_.StatusText(one.from, kHere);
      if (e_.source_status.empty()) continue;
      const auto row = one.table.find(e_.source_status);
      if (row != one.table.end() && !row->second) continue;  // it says nothing of the work
      if (row != one.table.end()) {
        e_.status = *row->second;
      } else {
        in_.Reject("unknown_status", in_.PointerOf(one.from, kHere), "status_table",
                   "The status stands in no row of the rule table.");
      }
      return;
    }
    if (rule_.status.empty()) return;
    in_.Reject("missing_field", in_.PointerOf(rule_.status.front().from, kHere), "required",
               "A status that must be there is missing.");
  }

  void ReadType() {
    if (!rule_.type.stated()) return;
    e_.type_code = in_.Text(rule_.type.code, kHere);
    std::string_view key = e_.type_code.empty() ? std::string_view(rule_.type.when_absent) : e_.type_code;
    if (rule_.type.key == TypeKey::kFirstTwoDotParts) {
      const std::size_t first = key.find('.');
      if (first != std::string_view::npos) key = key.substr(0, key.find('.', first + 1));
    }
    const auto row = rule_.type.products.find(key);
    e_.type_known = row != rule_.type.products.end();
    if (e_.type_known && row->second) e_.product = *row->second;
  }

  void ReadTimes() {
    e_.occurred_at = in_.Time(rule_.occurred_at, kHere);
    e_.assigned_at = in_.Time(rule_.assigned_at, kHere);
    e_.due_at = in_.Time(rule_.due_at, kHere);
    e_.completed_at = in_.Time(rule_.completed_at, kHere);
    e_.returned_at = in_.Time(rule_.returned_at, kHere);
    e_.duplicate_of = in_.Text(rule_.duplicate_of, kHere);
    if (const auto quantity = Quantity(rule_.quantity, kHere)) e_.quantity = *quantity;
  }

  // Must be above 0: a task of nothing is not a task.
  std::optional<Ratio> Quantity(const TextRule& rule, Id at) {
    const std::string text = in_.Text(rule, at);
    if (text.empty()) return std::nullopt;
    auto quantity = Ratio::FromDecimal(text);
    if (quantity && *quantity > Ratio(0)) return std::move(*quantity);
    in_.Reject("bad_quantity", in_.PointerOf(rule.from, at), "decimal above 0",
               "The quantity is no decimal above 0.");
    return std::nullopt;
  }

  void ReadClaims() {
    for (const ClaimRule& rule : rule_.claims) {
      for (const Id at : in_.Entries(rule.place, kHere)) {
        const auto when = in_.Time(rule.at, at);
        if (!when) continue;
        Claim claim{*when, {}};
        for (const ResultRule& result : rule.results) ReadResults(result, at, claim.results);
        e_.claims.push_back(std::move(claim));
      }
    }
  }

  void ReadResults(const ResultRule& rule, Id at, std::vector<ResultRef>& results) {
    for (const Id entry : in_.Entries(rule.place, at)) {
      ResultRef result;
      if (!ReadKind(rule, entry, result.kind)) return;
      if (result.kind == ResultKind::kDocument) {
        result.document = in_.Document(rule.document, entry);
        NeedReference(result.document.number, rule.document.number, entry);
      } else {
        result.native_id = in_.Text(rule.native_id, entry);
        NeedReference(result.native_id, rule.native_id, entry);
      }
      if (std::find(results.begin(), results.end(), result) == results.end())
        results.push_back(std::move(result));
    }
  }

  bool ReadKind(const ResultRule& rule, Id at, ResultKind& kind) {
    const auto row = rule.kinds.find(in_.Text(rule.kind, at));
    if (row == rule.kinds.end()) {
      in_.Reject("unknown_result_kind", in_.PointerOf(rule.kind.from, at), "result_table",
                 "The kind of result stands in no row of the rule table.");
      return false;
    }
    kind = *row->second == "document"  ? ResultKind::kDocument
           : *row->second == "dossier" ? ResultKind::kDossier
                                       : ResultKind::kReport;
    return true;
  }

  void NeedReference(const std::string& text, const TextRule& rule, Id at) {
    if (!text.empty()) return;
    in_.Reject("missing_field", in_.PointerOf(rule.from, at), "required",
               "A result is named without its id.");
  }

  void ReadReturns() {
    for (const ReturnRule& rule : rule_.returns) {
      for (const Id at : in_.Entries(rule.place, kHere)) {
        const auto when = in_.Time(rule.at, at);
        if (!when) continue;
        Return one{*when, in_.Person(rule.by, at), in_.Text(rule.reason, at), false, false};
        const auto row = rule.reasons.find(one.reason_code);
        one.reason_known = row != rule.reasons.end();
        one.major_error = one.reason_known && *row->second == "major";
        e_.returns.push_back(std::move(one));
      }
    }
  }

  void ReadDeadlines() {
    for (const ExtensionRule& rule : rule_.extensions) {
      for (const Id at : in_.Entries(rule.place, kHere)) {
        const auto given_at = in_.Time(rule.given_at, at), new_due = in_.Time(rule.new_due, at);
        if (given_at && new_due) e_.extensions.push_back({*given_at, *new_due, in_.Person(rule.by, at)});
      }
    }
    for (const SupplementRule& rule : rule_.supplements) {
      for (const Id at : in_.Entries(rule.place, kHere)) {
        e_.supplements.push_back(
            {in_.Time(rule.requested_at, at), in_.Time(rule.received_at, at), in_.Time(rule.new_due, at)});
      }
    }
  }

  void ReadEnding() {
    for (const RecallRule& rule : rule_.recall) {
      for (const Id at : in_.Entries(rule.place, kHere)) {
        const auto when = in_.Time(rule.at, at);
        if (when && Once(e_.recall.has_value(), rule.place))
          e_.recall = Recall{*when, in_.Person(rule.by, at)};
      }
    }
    for (const AcceptanceRule& rule : rule_.acceptance) {
      for (const Id at : in_.Entries(rule.place, kHere)) {
        const auto when = in_.Time(rule.at, at);
        if (!when || !Once(e_.acceptance.has_value(), rule.place)) continue;
        e_.acceptance = Acceptance{*when, in_.Person(rule.by, at), in_.Time(rule.delivered_on, at),
                                   Quantity(rule.quantity, at)};
      }
    }
  }

  void ReadAbout() {
    ResultRef about;
    about.kind = ResultKind::kDossier;
    about.native_id = in_.Text(rule_.about_dossier, kHere);
    if (about.native_id.empty()) {
      about.kind = ResultKind::kReport;
      about.native_id = in_.Text(rule_.about_report, kHere);
    }
    if (!about.native_id.empty()) e_.about = std::move(about);
  }

  void ReadRatings() {
    std::set<std::string> asked, rated;
    for (const RatingRule& rule : rule_.ratings) {
      for (const auto& [code, criterion] : rule.criteria) {
        if (rule.is.empty() || rule.is == code) asked.insert(*criterion);
      }
      for (const Id at : in_.Entries(rule.place, kHere)) ReadRating(rule, at);
    }
    for (const Rating& rating : e_.ratings) rated.insert(rating.criterion);
    if (!asked.empty() && rated.empty()) {
      in_.Reject("missing_field", in_.PointerOf(rule_.ratings.front().value.from, kHere), "required",
                 "Nothing is rated.");
    }
    if (rated.size() < asked.size()) in_.Mark("criteria_missing");  // never taken for 0
  }

  void ReadRating(const RatingRule& rule, Id at) {
    const std::string text = in_.Text(rule.value, at);
    if (text.empty()) return;
    const std::string code = rule.is.empty() ? in_.Text(rule.criterion, at) : rule.is;
    const auto row = rule.criteria.find(code);
    if (row == rule.criteria.end()) {
      return in_.Reject("unknown_criterion", in_.PointerOf(rule.criterion.from, at), "criteria_table",
                        "The criterion stands in no row of the rule table.");
    }
    auto value = Ratio::FromDecimal(text);
    Ratio shares = value ? *value : Ratio(0);
    for (const Rating& other : e_.ratings) {
      if (other.criterion != *row->second) continue;
      if (other.answer == rule.answer) {
        return in_.Reject("repeated_field", in_.PointerOf(rule.value.from, at), "once", "A criterion is rated twice.");
      }
      shares += other.value;
    }
    if (!value || *value < Ratio(0) || shares > rule.of) {
      return in_.Reject("bad_rating", in_.PointerOf(rule.value.from, at), "from 0 to " + rule.of.ToShortest(),
                        "The rating is no decimal from 0 to the most that can be given.");
    }
    e_.ratings.push_back({*row->second, rule.answer, std::move(*value), rule.of});
  }

  bool Once(bool there, const Place& place) {
    if (there)
      in_.Reject("repeated_field", place.from ? place.from->pointer : "", "once",
                 "Two are stated where one can be.");
    return !there;
  }

  Assurance Level() const {
    if (rule_.assurance == AssuranceRule::kRecorded) return Assurance::kRecorded;
    const bool by_other = !e_.assigner.empty() && !(e_.assigner == e_.lead);
    return by_other ? Assurance::kRecorded : Assurance::kReported;
  }

  static constexpr Id kHere = RecordTree::kRoot;
  const RecordRule& rule_;
  FieldReader& in_;
  const SourceRecord& record_;
  Evidence e_;
};

const RecordRule* FindRule(const RuleSet& rules, const SourceRecord& record, FieldReader& in) {
  for (const RecordRule& rule : rules.records) {
    const bool of_stream = rule.stream.empty() || rule.stream == record.stream;
    if (of_stream && in.AllThere(rule.has, RecordTree::kRoot)) return &rule;
  }
  return nullptr;
}

}  // namespace

std::variant<Evidence, RejectionReason> ReadEvidence(const RuleSet& rules, const RecordTree& tree,
                                                     const SourceRecord& record,
                                                     const std::vector<std::string>& marks) {
  FieldReader in(rules, tree, record);
  for (const std::string& mark : marks) in.Mark(mark);
  const RecordRule* rule = FindRule(rules, record, in);
  if (rule == nullptr) {
    return RejectionReason{"unknown_record", "", "records",
                           "No record rule of the source applies to this record."};
  }
  Evidence evidence = EvidenceReader(*rule, in, record).Read();
  if (in.rejection()) return *in.rejection();
  evidence.marks = in.marks();
  evidence.mapping_version = rules.version;
  return evidence;
}

RecordPlace ReadPlace(const RuleSet& rules, const RecordTree& tree, const SourceRecord& record) {
  // A reader of its own for each: what one cannot read silences it.
  const auto in = [&] { return FieldReader(rules, tree, record); };
  FieldReader finder = in();
  const RecordRule* rule = FindRule(rules, record, finder);
  if (rule == nullptr) return {};
  RecordPlace place{in().Unit(rule->unit, RecordTree::kRoot), in().Time(rule->occurred_at, RecordTree::kRoot)};
  if (!place.at) place.at = in().Time(rule->assigned_at, RecordTree::kRoot);
  return place;
}

}  // namespace mc
