#include "mapping/rule_set.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/json_at.h"
#include "mapping/rule_fields.h"
#include "mapping/sender_marks.h"

namespace mc {
namespace {

using Records = std::vector<JsonAt>;
constexpr std::size_t kRecordRuleLimit = 32;
constexpr std::size_t kListRuleLimit = 16;
constexpr std::size_t kStatusCaseLimit = 16;
constexpr std::size_t kSeparatorLimit = 8;  // bytes
constexpr std::size_t kMarkRuleLimit = 32;

const std::vector<std::string> kPlaceKeys = {"each", "from", "if"};
const std::vector<std::string> kPersonKeys = {"staff_code", "staff_issuer", "email", "account", "label"};

std::vector<std::string> With(std::vector<std::string> keys, const std::vector<std::string>& more) {
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

// The statuses that item building knows, by kind (core/evidence.h).
std::vector<std::string> StatusesOf(EvidenceKind kind) {
  switch (kind) {
    case EvidenceKind::kDocument: return {"new", "recall", "update", "replacement"};
    case EvidenceKind::kDocumentStatus: return {"01", "02", "03", "04", "05", "06", "13", "15", "16"};
    case EvidenceKind::kDossier:
    case EvidenceKind::kDossierStep: return {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"};
    case EvidenceKind::kReport: return {"open", "handled", "duplicate"};
    case EvidenceKind::kTask: return {"open", "claimed", "done", "returned", "recalled"};
    case EvidenceKind::kSatisfaction: return {};
  }
  return {};
}

class RecordReader {
 public:
  RecordReader(const RuleFields& fields, const JsonAt& at) : fields_(fields), at_(at) {}

  Result<RecordRule> Read() {
    MC_CHECK_OK(at_.Keys(Keys()));
    MC_TRY(const JsonAt kind, at_.Member("kind"));
    MC_TRY(const std::string name, kind.Text(kRuleTextLimit));
    const auto known = EvidenceKindFrom(name);
    if (!known) return kind.Fail("unknown_name", "is no kind of evidence");
    rule_.kind = *known;
    MC_CHECK_OK(ReadWhen());
    MC_CHECK_OK(ReadAssurance());
    MC_CHECK_OK(ReadTexts());
    MC_CHECK_OK(ReadPeople());
    MC_CHECK_OK(ReadTimes());
    MC_CHECK_OK(ReadStatus());
    MC_CHECK_OK(fields_.Type(at_, "type", rule_.type));
    MC_CHECK_OK(ReadLists());
    MC_CHECK_OK(ReadMarks());
    MC_CHECK_OK(CheckComplete());
    return std::move(rule_);
  }

 private:
  static std::vector<std::string> Keys() {
    return {"kind",         "when",        "assurance",    "native_id",    "aliases",     "unit",
            "lead",         "assigner",    "document",     "task_codes",   "status",      "type",
            "occurred_at",  "assigned_at", "due_at",       "completed_at", "returned_at", "quantity",
            "duplicate_of", "receivers",   "contributors", "claims",       "returns",     "extensions",
            "supplements",  "recall",      "acceptance",   "marks",        "about",
            "ratings"};
  }

  Status ReadWhen() {
    const auto when = at_.Find("when");
    if (!when) return Ok();
    MC_CHECK_OK(when->Keys({"stream", "has"}));
    if (const auto stream = when->Find("stream")) {
      MC_TRY(rule_.stream, stream->Text(kRuleTextLimit));
    }
    return fields_.Paths(*when, "has", rule_.has);
  }

  Status ReadAssurance() {
    const auto given = at_.Find("assurance");
    if (!given) return Ok();
    MC_TRY(const std::size_t which, given->OneOf({"recorded", "by_assigner"}));
    rule_.assurance = which == 0 ? AssuranceRule::kRecorded : AssuranceRule::kByAssigner;
    return Ok();
  }

  Status ReadTexts() {
    MC_CHECK_OK(fields_.Text(at_, "native_id", rule_.native_id));
    MC_CHECK_OK(fields_.Texts(at_, "aliases", rule_.aliases));
    MC_CHECK_OK(fields_.Texts(at_, "task_codes", rule_.task_codes));
    MC_CHECK_OK(fields_.Text(at_, "quantity", rule_.quantity));
    MC_CHECK_OK(fields_.Text(at_, "duplicate_of", rule_.duplicate_of));
    if (const auto about = at_.Find("about")) {
      MC_CHECK_OK(about->Keys({"dossier", "report"}));
      MC_CHECK_OK(fields_.Text(*about, "dossier", rule_.about_dossier));
      MC_CHECK_OK(fields_.Text(*about, "report", rule_.about_report));
    }
    return fields_.Document(at_, "document", rule_.document);
  }

  Status ReadPeople() {
    if (const auto unit = at_.Find("unit")) {
      MC_CHECK_OK(unit->Keys({"code", "name"}));
      MC_CHECK_OK(fields_.Unit(*unit, rule_.unit));
    }
    MC_CHECK_OK(fields_.NamedPerson(at_, "lead", rule_.lead));
    return fields_.NamedPerson(at_, "assigner", rule_.assigner);
  }

  Status ReadTimes() {
    MC_CHECK_OK(fields_.Time(at_, "occurred_at", rule_.occurred_at));
    MC_CHECK_OK(fields_.Time(at_, "assigned_at", rule_.assigned_at));
    MC_CHECK_OK(fields_.Time(at_, "due_at", rule_.due_at));
    MC_CHECK_OK(fields_.Time(at_, "completed_at", rule_.completed_at));
    return fields_.Time(at_, "returned_at", rule_.returned_at);
  }

  Status ReadStatus() {
    const auto status = at_.Find("status");
    if (!status) return Ok();
    MC_TRY(const Records cases, status->Items(kStatusCaseLimit));
    const auto allowed = StatusesOf(rule_.kind);
    for (const JsonAt& at : cases) {
      MC_TRY(StatusCase read, ReadCase(at, allowed));
      rule_.status.push_back(std::move(read));
    }
    return Ok();
  }

  Result<StatusCase> ReadCase(const JsonAt& at, const std::vector<std::string>& allowed) {
    StatusCase read;
    if (at.value().is_object() && at.Find("where")) {
      MC_CHECK_OK(at.Keys({"where", "from", "is"}));
      MC_CHECK_OK(at.Member("from"));
      MC_CHECK_OK(fields_.Paths(at, "from", read.from));
      MC_CHECK_OK(fields_.Tests(at, "where", read.where));
      MC_TRY(read.is, At(at, "is", allowed));
      return read;
    }
    if (at.value().is_object() && at.Find("from")) {
      MC_CHECK_OK(at.Keys({"from", "table"}));
      MC_CHECK_OK(fields_.Paths(at, "from", read.from));
      MC_CHECK_OK(fields_.TableOf(at, read.table, allowed, true));
      return read;
    }
    MC_CHECK_OK(at.Keys({"if", "is"}));
    MC_CHECK_OK(fields_.Paths(at, "if", read.if_present));
    MC_TRY(read.is, At(at, "is", allowed));
    return read;
  }

  static Result<std::string> At(const JsonAt& above, std::string_view key, const std::vector<std::string>& allowed) {
    MC_TRY(const JsonAt at, above.Member(key));
    MC_TRY(const std::size_t which, at.OneOf(allowed));
    return allowed[which];
  }

  Status ReadMarks() {
    const auto marks = at_.Find("marks");
    if (!marks) return Ok();
    MC_TRY(const Records entries, marks->Items(kMarkRuleLimit));
    for (const JsonAt& at : entries) {
      MC_CHECK_OK(at.Keys({"mark", "each", "where"}));
      MarkRule rule;
      MC_TRY(rule.mark, At(at, "mark", RuleMarks()));
      Place place;
      if (at.Find("each")) MC_CHECK_OK(fields_.PlaceOf(at, place));
      rule.each = place.each;
      MC_CHECK_OK(fields_.Tests(at, "where", rule.where));
      rule_.marks.push_back(std::move(rule));
    }
    return Ok();
  }

  // One object, or an array of them, each with its place and its own keys.
  template <typename Rule, typename ReadOne>
  Status Lists(const JsonAt& above, std::string_view key, std::vector<Rule>& rules,
               const std::vector<std::string>& keys, ReadOne read_one) {
    const auto given = above.Find(key);
    if (!given) return Ok();
    Records entries = {*given};
    if (given->value().is_array()) {
      MC_TRY(entries, given->Items(kListRuleLimit));
    }
    for (const JsonAt& at : entries) {
      MC_CHECK_OK(at.Keys(With(kPlaceKeys, keys)));
      Rule rule;
      MC_CHECK_OK(fields_.PlaceOf(at, rule.place));
      MC_CHECK_OK(read_one(at, rule));
      rules.push_back(std::move(rule));
    }
    return Ok();
  }

  Status ReadLists() {
    MC_CHECK_OK(Lists(at_, "receivers", rule_.receivers, {"code", "name"},
                      [&](const JsonAt& at, UnitsRule& rule) { return fields_.Unit(at, rule.unit); }));
    MC_CHECK_OK(Lists(at_, "contributors", rule_.contributors, kPersonKeys,
                      [&](const JsonAt& at, PeopleRule& rule) { return fields_.Person(at, rule.person); }));
    MC_CHECK_OK(Lists(at_, "claims", rule_.claims, {"at", "results"},
                      [&](const JsonAt& at, ClaimRule& rule) { return ReadClaim(at, rule); }));
    MC_CHECK_OK(Lists(at_, "returns", rule_.returns, {"at", "by", "reason", "table"},
                      [&](const JsonAt& at, ReturnRule& rule) { return ReadReturn(at, rule); }));
    MC_CHECK_OK(Lists(at_, "extensions", rule_.extensions, {"given_at", "new_due", "by"},
                      [&](const JsonAt& at, ExtensionRule& rule) { return ReadExtension(at, rule); }));
    MC_CHECK_OK(Lists(at_, "supplements", rule_.supplements, {"requested_at", "received_at", "new_due"},
                      [&](const JsonAt& at, SupplementRule& rule) { return ReadSupplement(at, rule); }));
    MC_CHECK_OK(Lists(at_, "recall", rule_.recall, {"at", "by"},
                      [&](const JsonAt& at, RecallRule& rule) { return ReadRecall(at, rule); }));
    MC_CHECK_OK(Lists(at_, "ratings", rule_.ratings, {"criterion", "is", "table", "answer", "value", "of"},
                      [&](const JsonAt& at, RatingRule& rule) { return ReadRating(at, rule); }));
    return Lists(at_, "acceptance", rule_.acceptance, {"at", "by", "delivered_on", "quantity"},
                 [&](const JsonAt& at, AcceptanceRule& rule) { return ReadAcceptance(at, rule); });
  }

  Status ReadClaim(const JsonAt& at, ClaimRule& rule) {
    MC_CHECK_OK(fields_.RequiredTime(at, "at", rule.at));
    return Lists(at, "results", rule.results, {"kind", "table", "native_id", "document"},
                 [&](const JsonAt& result, ResultRule& read) { return ReadResult(result, read); });
  }

  Status ReadResult(const JsonAt& at, ResultRule& rule) {
    MC_CHECK_OK(fields_.RequiredText(at, "kind", rule.kind));
    MC_CHECK_OK(fields_.TableOf(at, rule.kinds, {"document", "dossier", "report"}, false));
    MC_CHECK_OK(fields_.Text(at, "native_id", rule.native_id));
    return fields_.Document(at, "document", rule.document);
  }

  Status ReadReturn(const JsonAt& at, ReturnRule& rule) {
    MC_CHECK_OK(fields_.RequiredTime(at, "at", rule.at));
    MC_CHECK_OK(fields_.NamedPerson(at, "by", rule.by));
    MC_CHECK_OK(fields_.Text(at, "reason", rule.reason));
    return fields_.TableOf(at, rule.reasons, {"major", "minor"}, false);
  }

  Status ReadExtension(const JsonAt& at, ExtensionRule& rule) {
    MC_CHECK_OK(fields_.RequiredTime(at, "given_at", rule.given_at));
    MC_CHECK_OK(fields_.RequiredTime(at, "new_due", rule.new_due));
    return fields_.NamedPerson(at, "by", rule.by);
  }

  Status ReadSupplement(const JsonAt& at, SupplementRule& rule) {
    MC_CHECK_OK(fields_.Time(at, "requested_at", rule.requested_at));
    MC_CHECK_OK(fields_.Time(at, "received_at", rule.received_at));
    return fields_.Time(at, "new_due", rule.new_due);
  }

  Status ReadRecall(const JsonAt& at, RecallRule& rule) {
    MC_CHECK_OK(fields_.RequiredTime(at, "at", rule.at));
    return fields_.NamedPerson(at, "by", rule.by);
  }

  Status ReadAcceptance(const JsonAt& at, AcceptanceRule& rule) {
    MC_CHECK_OK(fields_.RequiredTime(at, "at", rule.at));
    MC_CHECK_OK(fields_.NamedPerson(at, "by", rule.by));
    MC_CHECK_OK(fields_.Time(at, "delivered_on", rule.delivered_on));
    return fields_.Text(at, "quantity", rule.quantity);
  }

  Status ReadRating(const JsonAt& at, RatingRule& rule) {
    MC_CHECK_OK(fields_.TableOf(at, rule.criteria, {}, false));
    if (const auto is = at.Find("is")) {
      MC_TRY(rule.is, is->Text(kRuleTextLimit));
      if (!rule.criteria.contains(rule.is)) return is->Fail("unknown_name", "stands in no row of the table");
      if (const auto path = at.Find("criterion")) return path->Fail("contradiction", "give \"criterion\" or \"is\"");
    } else {
      MC_CHECK_OK(fields_.RequiredText(at, "criterion", rule.criterion));
    }
    if (const auto answer = at.Find("answer")) {
      MC_TRY(rule.answer, answer->Text(kRuleTextLimit));
    }
    MC_CHECK_OK(at.Member("value"));
    MC_CHECK_OK(fields_.Text(at, "value", rule.value));
    MC_TRY(const JsonAt of, at.Member("of"));
    MC_TRY(const std::string most, of.Text(kRuleTextLimit));
    auto ratio = Ratio::FromDecimal(most);
    if (!ratio || !(*ratio > Ratio(0))) return of.Fail("bad_number", "is no decimal above 0");
    rule.of = std::move(*ratio);
    return Ok();
  }

  Status Need(bool there, std::string_view target) {
    if (there) return Ok();
    return at_.Fail("missing_key",
                    "evidence of this kind needs \"" + std::string(target) + "\", marked as required");
  }

  // What item building cannot do without. A rule file that leaves it open would let
  // records through that count for nothing, silently.
  Status CheckComplete() {
    const bool of_document =
        rule_.kind == EvidenceKind::kDocument || rule_.kind == EvidenceKind::kDocumentStatus;
    if (of_document) {
      MC_CHECK_OK(Need(rule_.unit.code.required, "unit/code"));
      MC_CHECK_OK(Need(rule_.document.issuer.required, "document/issuer"));
      MC_CHECK_OK(Need(rule_.document.number.required, "document/number"));
    } else {
      MC_CHECK_OK(Need(rule_.native_id.required, "native_id"));
    }
    if (rule_.kind == EvidenceKind::kSatisfaction) {
      MC_CHECK_OK(Need(!rule_.ratings.empty(), "ratings"));
      return Need(rule_.occurred_at.required, "occurred_at");
    }
    if (!rule_.ratings.empty()) return at_.Fail("unknown_key", "only satisfaction has \"ratings\"");
    const bool has_status_time =
        rule_.kind == EvidenceKind::kDocumentStatus || rule_.kind == EvidenceKind::kDossierStep;
    if (rule_.kind == EvidenceKind::kDocument) {
      MC_CHECK_OK(Need(rule_.document.date.required, "document/date"));
    } else {
      MC_CHECK_OK(Need(!rule_.status.empty(), "status"));
      MC_CHECK_OK(Need(has_status_time ? rule_.occurred_at.required : rule_.assigned_at.required,
                       has_status_time ? "occurred_at" : "assigned_at"));
    }
    return Ok();
  }

  const RuleFields& fields_;
  const JsonAt& at_;
  RecordRule rule_;
};

Status ReadLabels(const JsonAt& top, RuleSet& rules) {
  const auto labels = top.Find("labels");
  if (!labels) return Ok();
  MC_CHECK_OK(labels->Keys({"placeholders", "cut"}));
  if (const auto placeholders = labels->Find("placeholders")) {
    MC_TRY(rules.placeholder_labels, ReadTextList(*placeholders, true));
  }
  const auto cut = labels->Find("cut");
  if (!cut) return Ok();
  return ReadCut(*cut, rules.cut_suffix, rules.cut_characters);
}

Result<std::string> ReadSeparator(const JsonAt& at, std::string_view key) {
  MC_TRY(const JsonAt given, at.Member(key));
  return given.Text(kSeparatorLimit);
}

Status ReadCells(const JsonAt& top, RuleSet& rules) {
  const auto cells = top.Find("cells");
  if (!cells) return Ok();
  if (rules.format != WireFormat::kCsv) return cells->Fail("unknown_key", "only sheets have cells");
  if (!cells->value().is_object()) return cells->Fail("not_object", "columns with what their cells hold");
  if (cells->value().size() > kListRuleLimit) return cells->Fail("too_many", "holds too many entries");
  for (const auto& [path, value] : cells->value().items()) {
    const JsonAt at(value, cells->pointer() + PointerToken(path));
    MC_CHECK_OK(at.Keys({"entries", "parts", "names"}));
    CellRule rule;
    MC_TRY(rule.entries, ReadSeparator(at, "entries"));
    MC_TRY(rule.parts, ReadSeparator(at, "parts"));
    if (rule.entries == rule.parts) return at.Fail("contradiction", "entries and parts need different separators");
    MC_TRY(const JsonAt names, at.Member("names"));
    MC_TRY(rule.names, ReadTextList(names, false));
    if (rule.names.empty()) return names.Fail("empty", "name the parts of an entry");
    rules.cells.emplace(path, std::move(rule));
  }
  return Ok();
}

Status ReadWire(const JsonAt& top, RuleSet& rules) {
  MC_TRY(const JsonAt schema, top.Member("schema"));
  MC_CHECK_OK(schema.OneOf({"minhchung/rules@1"}));
  MC_TRY(const JsonAt source, top.Member("source"));
  MC_TRY(rules.source, source.Text(kRuleTextLimit));
  MC_TRY(const JsonAt format, top.Member("format"));
  MC_TRY(const std::size_t which, format.OneOf({"json", "edxml", "csv", "xml"}));
  rules.format = static_cast<WireFormat>(which);
  if (rules.format == WireFormat::kEdxml) {
    MC_TRY(const JsonAt namespaces, top.Member("namespaces"));
    MC_TRY(rules.namespaces, ReadTextList(namespaces, false));
  } else if (const auto namespaces = top.Find("namespaces")) {
    return namespaces->Fail("unknown_key", "only edXML has namespaces");
  }
  if (const auto absent = top.Find("absent")) {
    MC_TRY(rules.absent, ReadTextList(*absent, true));
  }
  if (const auto repair = top.Find("repair")) {
    MC_CHECK_OK(repair->OneOf({"leading_zeros"}));
    if (rules.format != WireFormat::kJson) return repair->Fail("unknown_key", "only JSON is repaired");
    rules.quote_leading_zeros = true;
  }
  if (const auto names = top.Find("names")) {
    MC_TRY(const std::size_t reading, names->OneOf({"as_written", "any_case"}));
    rules.fold_names = reading == 1;
  }
  if (const auto zulu = top.Find("zulu")) {
    MC_TRY(const std::size_t reading, zulu->OneOf({"utc", "city"}));
    rules.zulu_is_city_time = reading == 1;
  }
  return Ok();
}

}  // namespace

const std::vector<std::string>& RuleMarks() {
  static const std::vector<std::string> marks = {
      std::string(kSenderFirstStep), std::string(kSenderClosingStep), std::string(kStatusRewritten),
      "second_id",      "placeholder_identity", "cut_abstract", "filled_abstract",
      "cut_file_name",  "filled_file_name",     "joined_urls",  "applicant_file_as_result"};
  return marks;
}

Result<RuleSet> ParseRuleSet(const Json& document) {
  RuleSet rules;
  const JsonAt top(document);
  MC_CHECK_OK(top.Keys({"schema", "about", "source", "format", "namespaces", "absent", "repair", "names", "zulu",
                        "labels", "cells", "dates", "tables", "records"}));
  MC_CHECK_OK(ReadWire(top, rules));
  MC_CHECK_OK(ReadCells(top, rules));
  MC_CHECK_OK(ReadLabels(top, rules));
  MC_TRY(const RuleFields fields, RuleFields::Read(top));
  MC_TRY(const JsonAt list, top.Member("records"));
  MC_TRY(const Records records, list.Items(kRecordRuleLimit));
  if (records.empty()) return list.Fail("empty", "needs at least one record rule");
  for (const JsonAt& at : records) {
    MC_TRY(RecordRule rule, RecordReader(fields, at).Read());
    rules.records.push_back(std::move(rule));
  }
  MC_CHECK_OK(fields.RefuseUnused());
  MC_TRY(const std::string canonical, CanonicalJson(document));
  rules.version = ToHex(Sha256(canonical)).substr(0, 16);
  return rules;
}

}  // namespace mc
