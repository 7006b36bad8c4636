#include "mapping/rule_fields.h"

#include <nlohmann/json.hpp>

#include "core/text.h"

namespace mc {
namespace {

constexpr std::size_t kNamedListLimit = 64;

Result<std::string> NfcText(const JsonAt& at, const std::string& text) {
  const auto nfc = ToNfc(text);
  if (!nfc || *nfc != text || Trim(text) != text) return at.Fail("not_nfc", "must be trimmed text in NFC");
  return text;
}

Result<FieldPath> ReadPath(const JsonAt& at) {
  MC_TRY(const std::string text, at.Text(kRuleTextLimit));
  FieldPath path;
  path.is_fact = text[0] == '@';
  if (path.is_fact) {
    path.segments = {text.substr(1)};
    path.pointer = text;
    return text.size() > 1 ? Result<FieldPath>(path) : at.Fail("bad_path", "names no fact");
  }
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t slash = std::min(text.find('/', from), text.size());
    if (slash == from) return at.Fail("bad_path", "holds an empty name");
    path.segments.push_back(text.substr(from, slash - from));
    path.pointer += PointerToken(path.segments.back());
    from = slash + 1;
  }
  return path;
}

Result<Table> ReadTable(const JsonAt& at) {
  if (!at.value().is_object() || at.value().empty())
    return at.Fail("not_object", "must be an object with rows");
  if (at.value().size() > kTableRowLimit) return at.Fail("too_many", "holds too many rows");
  Table table;
  for (const auto& [key, value] : at.value().items()) {
    const JsonAt row(value, at.pointer() + PointerToken(key));
    MC_TRY(std::string name, NfcText(row, key));
    if (value.is_null()) {
      table.emplace(std::move(name), std::nullopt);
      continue;
    }
    MC_TRY(std::string text, row.Text(kRuleTextLimit));
    table.emplace(std::move(name), std::move(text));
  }
  return table;
}

Result<std::vector<DateFormat>> ReadFormats(const JsonAt& at) {
  MC_TRY(const std::vector<JsonAt> items, at.Items(kAlternateLimit));
  if (items.empty()) return at.Fail("empty", "needs at least one date format");
  std::vector<DateFormat> formats;
  for (const JsonAt& item : items) {
    MC_TRY(const std::string pattern, item.Text(kRuleTextLimit));
    const auto format = DateFormat::Parse(pattern);
    if (!format) return item.Fail("bad_date_format", "is no date format (yyyy MM dd HH mm ss, or \"iso\")");
    formats.push_back(*format);
  }
  return formats;
}

Status CheckMap(const JsonAt& at) {
  if (!at.value().is_object()) return at.Fail("not_object", "must be an object");
  if (at.value().size() > kNamedListLimit) return at.Fail("too_many", "holds too many entries");
  return Ok();
}

Status Flag(const JsonAt& at, std::string_view key, bool& flag) {
  const auto given = at.Find(key);
  if (!given) return Ok();
  MC_TRY(flag, given->Bool());
  return Ok();
}

}  // namespace

Result<std::vector<std::string>> ReadTextList(const JsonAt& at, bool may_hold_empty) {
  MC_TRY(const std::vector<JsonAt> items, at.Items(kNamedListLimit));
  std::vector<std::string> texts;
  for (const JsonAt& item : items) {
    if (may_hold_empty && item.value().is_string() && item.value().get_ref<const std::string&>().empty()) {
      texts.emplace_back();
      continue;
    }
    MC_TRY(const std::string text, item.Text(kRuleTextLimit));
    MC_TRY(std::string checked, NfcText(item, text));
    texts.push_back(std::move(checked));
  }
  return texts;
}

Status ReadCut(const JsonAt& at, std::string& suffix, std::size_t& characters) {
  MC_CHECK_OK(at.Keys({"suffix", "characters"}));
  MC_TRY(const JsonAt end, at.Member("suffix"));
  MC_TRY(suffix, end.Text(kRuleTextLimit));
  MC_TRY(const JsonAt length, at.Member("characters"));
  MC_TRY(const std::int64_t count, length.Count(1, 10'000));
  characters = static_cast<std::size_t>(count);
  return Ok();
}

Result<RuleFields> RuleFields::Read(const JsonAt& top) {
  RuleFields fields;
  if (const auto tables = top.Find("tables")) {
    MC_CHECK_OK(CheckMap(*tables));
    for (const auto& [name, value] : tables->value().items()) {
      MC_TRY(fields.tables_[name], ReadTable(JsonAt(value, "/tables" + PointerToken(name))));
    }
  }
  if (const auto dates = top.Find("dates")) {
    MC_CHECK_OK(CheckMap(*dates));
    for (const auto& [name, value] : dates->value().items()) {
      MC_TRY(fields.dates_[name], ReadFormats(JsonAt(value, "/dates" + PointerToken(name))));
    }
  }
  return fields;
}

Status RuleFields::Paths(const JsonAt& at, std::string_view key, FieldPaths& paths) const {
  const auto given = at.Find(key);
  if (!given) return Ok();
  std::vector<JsonAt> items = {*given};
  if (given->value().is_array()) {
    MC_TRY(items, given->Items(kAlternateLimit));
    if (items.empty()) return given->Fail("empty", "needs at least one path");
  }
  for (const JsonAt& item : items) {
    MC_TRY(FieldPath path, ReadPath(item));
    paths.push_back(std::move(path));
  }
  return Ok();
}

Status RuleFields::Options(const JsonAt& at, TextRule& rule) const {
  MC_CHECK_OK(Flag(at, "required", rule.required));
  if (const auto take = at.Find("take")) {
    MC_TRY(const std::size_t which, take->OneOf({"whole", "organisation_prefix", "positive_number"}));
    rule.take = static_cast<Take>(which);
  }
  return Ok();
}

// "Field", or {"from": ...} with options, or {"join": [...], "with": "/"}.
Status RuleFields::Text(const JsonAt& at, std::string_view key, TextRule& rule) const {
  const auto given = at.Find(key);
  if (!given) return Ok();
  if (!given->value().is_object()) return Paths(at, key, rule.from);
  rule.joined = given->Find("join").has_value();
  if (!rule.joined) {
    MC_CHECK_OK(given->Keys({"from", "take", "required"}));
    MC_CHECK_OK(given->Member("from"));
    MC_CHECK_OK(Paths(*given, "from", rule.from));
    return Options(*given, rule);
  }
  MC_CHECK_OK(given->Keys({"join", "with", "required"}));
  MC_CHECK_OK(Paths(*given, "join", rule.from));
  MC_TRY(const JsonAt with, given->Member("with"));
  MC_TRY(rule.with, with.Text(kRuleTextLimit));
  return Options(*given, rule);
}

Status RuleFields::RequiredText(const JsonAt& at, std::string_view key, TextRule& rule) const {
  MC_CHECK_OK(at.Member(key));
  rule.required = true;
  return Text(at, key, rule);
}

Status RuleFields::Texts(const JsonAt& at, std::string_view key, TextsRule& rule) const {
  const auto given = at.Find(key);
  if (!given) return Ok();
  if (!given->value().is_object()) return Paths(at, key, rule.from);
  MC_CHECK_OK(given->Keys({"from", "split"}));
  MC_CHECK_OK(given->Member("from"));
  MC_CHECK_OK(Paths(*given, "from", rule.from));
  if (const auto split = given->Find("split")) {
    MC_TRY(rule.split, split->Text(kRuleTextLimit));
  }
  return Ok();
}

Status RuleFields::Time(const JsonAt& at, std::string_view key, TimeRule& rule) const {
  const auto given = at.Find(key);
  if (!given) return Ok();
  MC_CHECK_OK(given->Keys({"from", "dates", "required", "unreadable"}));
  MC_CHECK_OK(given->Member("from"));
  MC_CHECK_OK(Paths(*given, "from", rule.from));
  MC_TRY(const JsonAt dates, given->Member("dates"));
  MC_TRY(const std::string name, dates.Text(kRuleTextLimit));
  const auto formats = dates_.find(name);
  if (formats == dates_.end()) return dates.Fail("unknown_name", "no list of this name stands in \"/dates\"");
  used_.insert("/dates" + PointerToken(name));
  rule.formats = formats->second;
  MC_CHECK_OK(Flag(*given, "required", rule.required));
  if (const auto unreadable = given->Find("unreadable")) {
    MC_TRY(const std::size_t which, unreadable->OneOf({"reject", "mark"}));
    rule.mark_unreadable = which == 1;
    if (rule.required && rule.mark_unreadable)
      return unreadable->Fail("contradiction", "a required time is never only marked");
  }
  return Ok();
}

Status RuleFields::RequiredTime(const JsonAt& at, std::string_view key, TimeRule& rule) const {
  MC_CHECK_OK(at.Member(key));
  rule.required = true;
  return Time(at, key, rule);
}

Status RuleFields::Type(const JsonAt& at, std::string_view key, TypeRule& rule) const {
  const auto given = at.Find(key);
  if (!given) return Ok();
  MC_CHECK_OK(given->Keys({"from", "key", "when_absent", "table"}));
  MC_CHECK_OK(given->Member("from"));
  MC_CHECK_OK(Paths(*given, "from", rule.code.from));
  if (const auto how = given->Find("key")) {
    MC_TRY(const std::size_t which, how->OneOf({"whole", "first_two_dot_parts"}));
    rule.key = which == 0 ? TypeKey::kWhole : TypeKey::kFirstTwoDotParts;
  }
  MC_CHECK_OK(TableOf(*given, rule.products, {}, true));
  if (const auto absent = given->Find("when_absent")) {
    MC_TRY(rule.when_absent, absent->Text(kRuleTextLimit));
    if (!rule.products.contains(rule.when_absent))
      return absent->Fail("unknown_name", "stands in no row of the table");
  }
  return Ok();
}

Status RuleFields::Document(const JsonAt& at, std::string_view key, DocumentRule& rule) const {
  const auto given = at.Find(key);
  if (!given) return Ok();
  MC_CHECK_OK(given->Keys({"issuer", "number", "date"}));
  MC_CHECK_OK(Text(*given, "issuer", rule.issuer));
  MC_CHECK_OK(Text(*given, "number", rule.number));
  return Time(*given, "date", rule.date);
}

// {"from": ..., one of "is", "cut", "holds", "stated", "among"}
Result<TextTest> RuleFields::Test(const JsonAt& at) const {
  TextTest test;
  MC_CHECK_OK(at.Keys({"from", "is", "cut", "holds", "stated", "among"}));
  if (at.value().size() != 2) return at.Fail("one_of", "needs \"from\" and exactly one thing to hold of it");
  MC_CHECK_OK(at.Member("from"));
  MC_CHECK_OK(Paths(at, "from", test.from));
  if (const auto is = at.Find("is")) {
    test.kind = TextTest::Kind::kIs;
    MC_TRY(test.texts, ReadTextList(*is, false));
    if (test.texts.empty()) return is->Fail("empty", "needs at least one text");
  } else if (const auto cut = at.Find("cut")) {
    test.kind = TextTest::Kind::kCut;
    MC_CHECK_OK(ReadCut(*cut, test.part, test.characters));
  } else if (const auto holds = at.Find("holds")) {
    test.kind = TextTest::Kind::kHolds;
    MC_TRY(test.part, holds->Text(kRuleTextLimit));
  } else if (const auto among = at.Find("among")) {
    test.kind = TextTest::Kind::kAmong;
    MC_CHECK_OK(among->Keys({"each", "from"}));
    MC_TRY(const JsonAt each, among->Member("each"));
    MC_TRY(test.among_each, ReadPath(each));
    MC_TRY(const JsonAt from, among->Member("from"));
    MC_TRY(test.among, ReadPath(from));
  } else {
    MC_TRY(const JsonAt stated, at.Member("stated"));
    MC_TRY(const bool wanted, stated.Bool());
    if (!wanted) return stated.Fail("contradiction", "can only be true: nothing is noticed of what is not there");
  }
  return test;
}

Status RuleFields::Tests(const JsonAt& at, std::string_view key, TextTests& tests) const {
  MC_TRY(const JsonAt given, at.Member(key));
  MC_TRY(const std::vector<JsonAt> items, given.Items(kAlternateLimit));
  if (items.empty()) return given.Fail("empty", "needs at least one thing to hold");
  for (const JsonAt& item : items) {
    MC_TRY(TextTest test, Test(item));
    tests.push_back(std::move(test));
  }
  return Ok();
}

Status RuleFields::NamedPerson(const JsonAt& at, std::string_view key, PersonRule& rule) const {
  const auto given = at.Find(key);
  if (!given) return Ok();
  MC_CHECK_OK(given->Keys({"staff_code", "staff_issuer", "email", "account", "label"}));
  return Person(*given, rule);
}

Status RuleFields::Person(const JsonAt& at, PersonRule& rule) const {
  MC_CHECK_OK(Text(at, "staff_code", rule.staff_code));
  MC_CHECK_OK(Text(at, "staff_issuer", rule.staff_issuer));
  MC_CHECK_OK(Text(at, "email", rule.email));
  MC_CHECK_OK(Text(at, "account", rule.account));
  MC_CHECK_OK(Text(at, "label", rule.label));
  if (rule.staff_code.stated() == rule.staff_issuer.stated()) return Ok();
  return at.Fail("missing_key", "a staff code counts within its issuing body only: state both or neither");
}

Status RuleFields::Unit(const JsonAt& at, UnitRule& rule) const {
  MC_CHECK_OK(Text(at, "code", rule.code));
  return Text(at, "name", rule.name);
}

Status RuleFields::PlaceOf(const JsonAt& at, Place& place) const {
  const auto each = at.Find("each");
  const auto from = at.Find("from");
  if (each && from) return from->Fail("contradiction", "\"each\" and \"from\" exclude each other");
  if (each) {
    MC_TRY(place.each, ReadPath(*each));
  }
  if (from) {
    MC_TRY(place.from, ReadPath(*from));
  }
  MC_CHECK_OK(Paths(at, "if", place.if_present));
  if (each || from || !place.if_present.empty()) return Ok();
  return at.Fail("missing_key", "needs \"each\", \"from\" or \"if\": otherwise it would always be there");
}

Status RuleFields::TableOf(const JsonAt& at, Table& table, const std::vector<std::string>& values,
                           bool null_allowed) const {
  MC_TRY(const JsonAt given, at.Member("table"));
  MC_TRY(const std::string name, given.Text(kRuleTextLimit));
  const auto found = tables_.find(name);
  const std::string pointer = "/tables" + PointerToken(name);
  if (found == tables_.end())
    return given.Fail("unknown_name", "no table of this name stands in \"/tables\"");
  used_.insert(pointer);
  for (const auto& [key, value] : found->second) {
    const Json row = value ? Json(*value) : Json(nullptr);
    const JsonAt row_at(row, pointer + PointerToken(key));
    if (!value && !null_allowed)
      return row_at.Fail("null_row", "null is for types without a product and statuses that say nothing");
    if (value && !values.empty()) MC_CHECK_OK(row_at.OneOf(values));
  }
  table = found->second;
  return Ok();
}

Status RuleFields::RefuseUnused() const {
  const auto check = [&](const std::string& pointer) -> Status {
    if (used_.contains(pointer)) return Ok();
    return ConfigError("unused", "\"" + pointer + "\": no rule names it");
  };
  for (const auto& [name, table] : tables_) MC_CHECK_OK(check("/tables" + PointerToken(name)));
  for (const auto& [name, formats] : dates_) MC_CHECK_OK(check("/dates" + PointerToken(name)));
  return Ok();
}

}  // namespace mc
