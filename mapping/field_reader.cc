#include "mapping/field_reader.h"

#include <algorithm>

#include "core/text.h"

namespace mc {
namespace {

using Type = RecordTree::Type;

bool IsDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool IsPositiveNumber(std::string_view text) {
  return IsDigits(text) && text.find_first_not_of('0') != std::string_view::npos;
}

// "H26.102-260610-00017" -> "H26.102"; empty for ids of any other form.
std::string_view OrganisationPrefix(std::string_view id) {
  constexpr std::size_t kDateDigits = 6;
  const std::size_t last = id.rfind('-');
  if (last == std::string_view::npos || last == 0 || !IsDigits(id.substr(last + 1))) return {};
  const std::size_t middle = id.rfind('-', last - 1);
  if (middle == std::string_view::npos) return {};
  const std::string_view date = id.substr(middle + 1, last - middle - 1);
  return date.size() == kDateDigits && IsDigits(date) ? id.substr(0, middle) : std::string_view();
}

constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";  // U+FFFD: some converter lost a letter

// True only for texts that are surely in NFC: code points below U+0300 and the Vietnamese
// letters U+1EA0..U+1EF9. Everything else is asked of the Unicode library.
bool SurelyNfc(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) continue;
    if (byte < 0xCC) {
      ++i;
      continue;
    }
    if (byte != 0xE1 || i + 2 >= text.size()) return false;
    const auto second = static_cast<unsigned char>(text[i + 1]),
               third = static_cast<unsigned char>(text[i + 2]);
    const bool vietnamese = (second == 0xBA && third >= 0xA0) || (second == 0xBB && third <= 0xB9);
    if (!vietnamese) return false;
    i += 2;
  }
  return true;
}

std::size_t CountCharacters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
  });
}

}  // namespace

void FieldReader::Reject(std::string code, std::string field, std::string rule, std::string message) {
  if (rejection_) return;
  rejection_ = RejectionReason{std::move(code), std::move(field), std::move(rule), std::move(message)};
}

std::string FieldReader::PointerOf(const FieldPaths& paths, Id at) const {
  if (paths.empty()) return "";
  return paths.front().is_fact ? paths.front().pointer : tree_.PointerTo(at) + paths.front().pointer;
}

void FieldReader::RejectMissing(const FieldPath& path, Id at) {
  Reject("missing_field", PointerOf({path}, at), "required", "A field that must be there is missing.");
}

void FieldReader::RejectLong(std::string pointer) {
  Reject("too_many", std::move(pointer), std::to_string(kEvidenceListLimit),
         "The list is longer than the limit.");
}

bool FieldReader::Expect(Id node, bool fits, std::string_view expected) {
  if (fits) return true;
  Reject("wrong_type", tree_.PointerTo(node), std::string(expected),
         "The field is not of the expected type.");
  return false;
}

std::optional<std::string_view> FieldReader::Stated(std::string_view text) const {
  const std::string_view trimmed = Trim(text);
  for (const std::string& absent : rules_.absent) {
    if (trimmed == absent) return std::nullopt;
  }
  return trimmed;
}

// All nodes at the path: repeated elements on the way are all followed.
void FieldReader::Walk(const FieldPath& path, std::size_t depth, Id at, std::vector<Id>& nodes) const {
  if (depth == path.segments.size()) {
    nodes.push_back(at);
    return;
  }
  if (tree_[at].type != Type::kObject) return;
  for (Id child = tree_.FirstChild(at, path.segments[depth]); child != RecordTree::kNone;
       child = tree_.NextSibling(child)) {
    Walk(path, depth + 1, child, nodes);
  }
}

// The one node at the path; kNone when nothing is there or more than one is (then rejected).
RecordTree::Id FieldReader::OnlyNode(const FieldPath& path, Id at) {
  Id node = RecordTree::kNone;
  bool again = false;
  if (path.segments.size() == 1 && tree_[at].type == Type::kObject) {  // nearly every path of a JSON record
    node = tree_.FirstChild(at, path.segments.front());
    again = node != RecordTree::kNone && tree_.NextSibling(node) != RecordTree::kNone;
  } else {
    std::vector<Id> nodes;
    Walk(path, 0, at, nodes);
    if (!nodes.empty()) node = nodes.front();
    again = nodes.size() > 1;
  }
  if (!again) return node;
  Reject("repeated_field", tree_.PointerTo(node), "once", "A field that names one thing stands twice.");
  return RecordTree::kNone;
}

std::optional<FieldReader::Found> FieldReader::Find(const FieldPath& path, Id at, bool may_be_flag) {
  if (path.is_fact) {
    const auto fact = record_.facts.find(path.segments.front());
    if (fact == record_.facts.end()) return std::nullopt;
    const auto text = Stated(fact->second);
    return text ? std::optional<Found>({*text, RecordTree::kNone, &path}) : std::nullopt;
  }
  const Id node = OnlyNode(path, at);
  if (node == RecordTree::kNone || tree_[node].type == Type::kNull) return std::nullopt;
  const bool fits = tree_[node].type == Type::kText || (may_be_flag && tree_[node].type == Type::kBool);
  if (!Expect(node, fits, "text")) return std::nullopt;
  const auto text = Stated(tree_[node].text);
  return text ? std::optional<Found>({*text, node, &path}) : std::nullopt;
}

std::string FieldReader::Where(const Found& found) const {
  return found.node == RecordTree::kNone ? found.path->pointer : tree_.PointerTo(found.node);
}

std::string FieldReader::Clean(const Found& found) {
  if (found.text.size() > kEvidenceTextLimitBytes) {
    Reject("too_long", Where(found), std::to_string(kEvidenceTextLimitBytes),
           "The field is longer than the limit.");
    return "";
  }
  if (HasControl(found.text)) {
    Reject("control_character", Where(found), "text", "The field holds a control character.");
    return "";
  }
  if (SurelyNfc(found.text)) return std::string(found.text);
  auto nfc = ToNfc(found.text);
  if (!nfc) {
    Reject("bad_utf8", Where(found), "utf-8", "The field is not valid UTF-8.");
    return "";
  }
  if (*nfc != found.text) Mark("nfc");
  if (found.text.find(kReplacementCharacter) != std::string_view::npos) Mark("characters_lost");
  return std::move(*nfc);
}

std::string FieldReader::Joined(const TextRule& rule, Id at) {
  std::string text;
  for (const FieldPath& path : rule.from) {
    const auto part = Find(path, at);
    if (!part) {
      if (rule.required) RejectMissing(path, at);
      return "";
    }
    if (&path != &rule.from.front()) text += rule.with;
    text += Clean(*part);
  }
  return text;
}

std::string FieldReader::Text(const TextRule& rule, Id at) {
  if (rule.joined) return Joined(rule, at);
  for (const FieldPath& path : rule.from) {
    const auto found = Find(path, at);
    if (!found) continue;
    std::string text = Clean(*found);
    if (rule.take == Take::kOrganisationPrefix) text = OrganisationPrefix(text);
    if (rule.take == Take::kPositiveNumber && !IsPositiveNumber(text)) text.clear();
    if (!text.empty()) return text;
  }
  if (rule.required) RejectMissing(rule.from.front(), at);
  return "";
}

std::string FieldReader::StatusText(const FieldPaths& paths, Id at) {
  for (const FieldPath& path : paths) {
    if (const auto found = Find(path, at, true)) return Clean(*found);
  }
  return "";
}

void FieldReader::AddListTexts(const TextsRule& rule, Id node, std::vector<std::string>& texts) {
  if (tree_[node].type == Type::kNull) return;
  if (tree_[node].type == Type::kArray) {
    for (Id child = tree_[node].first_child; child != RecordTree::kNone && !rejection_;
         child = tree_[child].next) {
      if (Expect(child, tree_[child].type != Type::kArray, "text")) AddListTexts(rule, child, texts);
    }
    return;
  }
  if (!Expect(node, tree_[node].type == Type::kText, "text or list of texts")) return;
  std::string_view rest = tree_[node].text;
  while (!rejection_) {
    const std::size_t end = rule.split.empty() ? std::string_view::npos : rest.find(rule.split);
    if (const auto part = Stated(rest.substr(0, end))) {
      std::string text = Clean({*part, node, nullptr});
      if (texts.size() == kEvidenceListLimit) return RejectLong(tree_.PointerTo(node));
      if (!text.empty() && std::find(texts.begin(), texts.end(), text) == texts.end())
        texts.push_back(std::move(text));
    }
    if (end == std::string_view::npos) return;
    rest.remove_prefix(end + rule.split.size());
  }
}

std::vector<std::string> FieldReader::Texts(const TextsRule& rule, Id at) {
  std::vector<std::string> texts;
  std::vector<Id> nodes;
  for (const FieldPath& path : rule.from) Walk(path, 0, at, nodes);
  for (const Id node : nodes) AddListTexts(rule, node, texts);
  return texts;
}

std::optional<ReadDate> FieldReader::ReadOne(const Found& found, const TimeRule& rule) {
  std::string repaired;
  std::string_view text = found.text;
  if (text.find("--") != std::string_view::npos) {
    repaired = text;
    for (auto at = repaired.find("--"); at != std::string::npos; at = repaired.find("--"))
      repaired.erase(at, 1);
    text = repaired;
  }
  auto read = ReadDateText(text, rule.formats);
  if (!read) return std::nullopt;
  if (!repaired.empty()) Mark("double_dash");
  if (read->time_in_day) Mark("time_in_date");
  if (read->zulu && rules_.zulu_is_city_time) {
    read->moment.at.micros -= kCityOffsetMicros;
    Mark("local_despite_z");
  }
  return read;
}

std::optional<Moment> FieldReader::Time(const TimeRule& rule, Id at) {
  std::optional<Found> unreadable;
  std::optional<ReadDate> best;
  for (const FieldPath& path : rule.from) {
    const auto found = Find(path, at);
    if (!found) continue;
    const auto read = ReadOne(*found, rule);
    if (!read) {
      if (!unreadable) unreadable = found;
      continue;
    }
    if (best && !SameTime(*best, *read)) {
      Reject("fields_disagree", Where(*found), "same_time", "Two forms of one date say different things.");
    }
    if (!best || read->precision > best->precision) best = read;
  }
  if (best) return best->moment;
  if (unreadable && rule.mark_unreadable) {
    Mark("bad_date:" + unreadable->path->segments.back());
  } else if (unreadable) {
    Reject("bad_date", Where(*unreadable), "date_formats",
           "The date is in none of the source's formats, or such a day does not exist.");
  } else if (rule.required) {
    RejectMissing(rule.from.front(), at);
  }
  return std::nullopt;
}

std::optional<CivilDate> FieldReader::Date(const TimeRule& rule, Id at) {
  const auto moment = Time(rule, at);
  return moment ? std::optional<CivilDate>(CityDate(*moment)) : std::nullopt;
}

void FieldReader::KeepLabel(std::string label, PersonKeys& keys) {
  const auto& placeholders = rules_.placeholder_labels;
  if (std::find(placeholders.begin(), placeholders.end(), label) != placeholders.end()) {
    Mark("placeholder_person");
    return;
  }
  if (rules_.cut_characters != 0 && label.ends_with(rules_.cut_suffix) &&
      CountCharacters(label) == rules_.cut_characters) {
    Mark("cut_label");
  }
  keys.label = std::move(label);
}

PersonKeys FieldReader::Person(const PersonRule& rule, Id at) {
  PersonKeys keys;
  keys.staff_code = Text(rule.staff_code, at);
  if (!keys.staff_code.empty()) keys.staff_issuer = Text(rule.staff_issuer, at);
  if (keys.staff_issuer.empty()) keys.staff_code.clear();  // a code of no known body names nobody
  keys.email = ToLowerAscii(Text(rule.email, at));
  keys.account = Text(rule.account, at);
  KeepLabel(Text(rule.label, at), keys);
  return keys;
}

UnitKeys FieldReader::Unit(const UnitRule& rule, Id at) { return {Text(rule.code, at), Text(rule.name, at)}; }

DocumentRef FieldReader::Document(const DocumentRule& rule, Id at) {
  return {Text(rule.issuer, at), Text(rule.number, at), Date(rule.date, at)};
}

// The entries of a list, or of each list, at the path; an object there is its own only entry.
std::vector<FieldReader::Id> FieldReader::ListAt(const FieldPath& path, Id at) const {
  std::vector<Id> nodes, entries;
  Walk(path, 0, at, nodes);
  for (const Id node : nodes) {
    if (tree_[node].type != Type::kArray) {
      entries.push_back(node);
      continue;
    }
    for (Id child = tree_[node].first_child; child != RecordTree::kNone; child = tree_[child].next)
      entries.push_back(child);
  }
  return entries;
}

std::optional<std::string> FieldReader::Glimpse(const FieldPaths& paths, Id at) const {
  for (const FieldPath& path : paths) {
    if (path.is_fact) continue;
    for (const Id node : ListAt(path, at)) {
      const auto text = tree_[node].type == Type::kText ? Stated(tree_[node].text) : std::nullopt;
      if (!text) continue;
      if (SurelyNfc(*text)) return std::string(*text);
      auto nfc = ToNfc(*text);
      if (nfc) return std::move(*nfc);
    }
  }
  return std::nullopt;
}

std::set<std::string> FieldReader::Among(const TextTest& test) const {
  std::set<std::string> texts;
  if (test.kind != TextTest::Kind::kAmong) return texts;
  for (const Id entry : ListAt(test.among_each, RecordTree::kRoot)) {
    if (auto text = Glimpse({test.among}, entry)) texts.insert(std::move(*text));
  }
  return texts;
}

bool FieldReader::Passes(const TextTest& test, Id at, const std::set<std::string>* among) const {
  const auto text = Glimpse(test.from, at);
  if (!text) return false;
  switch (test.kind) {
    case TextTest::Kind::kIs: return std::find(test.texts.begin(), test.texts.end(), *text) != test.texts.end();
    case TextTest::Kind::kCut: return text->ends_with(test.part) && CountCharacters(*text) == test.characters;
    case TextTest::Kind::kHolds: return text->find(test.part) != std::string::npos;
    case TextTest::Kind::kStated: return true;
    case TextTest::Kind::kAmong: return among ? among->contains(*text) : Among(test).contains(*text);
  }
  return false;
}

bool FieldReader::Holds(const TextTests& tests, Id at) const {
  return std::all_of(tests.begin(), tests.end(), [&](const TextTest& test) { return Passes(test, at, nullptr); });
}

void FieldReader::MarkWhere(const MarkRule& rule) {
  std::vector<std::set<std::string>> among;  // read once, however many entries are compared with it
  for (const TextTest& test : rule.where) among.push_back(Among(test));
  for (const Id entry : rule.each ? ListAt(*rule.each, RecordTree::kRoot) : std::vector<Id>{RecordTree::kRoot}) {
    bool all = true;
    for (std::size_t i = 0; all && i < rule.where.size(); ++i) all = Passes(rule.where[i], entry, &among[i]);
    if (all) return Mark(rule.mark);
  }
}

std::vector<FieldReader::Id> FieldReader::Entries(const Place& place, Id at) {
  std::vector<Id> nodes, entries;
  if (!place.each && !place.from) {
    nodes.push_back(at);
  } else {
    Walk(place.each ? *place.each : *place.from, 0, at, nodes);
  }
  const auto keep = [&](Id node) {
    const bool nothing =
        tree_[node].type == Type::kNull || (tree_[node].type == Type::kText && !Stated(tree_[node].text));
    if (nothing || !Expect(node, tree_[node].type == Type::kObject, "object")) return;
    if (place.if_present.empty() || AnyStated(place.if_present, node)) entries.push_back(node);
  };
  for (const Id node : nodes) {
    if (!place.each || tree_[node].type != Type::kArray) {
      keep(node);
      continue;
    }
    for (Id child = tree_[node].first_child; child != RecordTree::kNone; child = tree_[child].next)
      keep(child);
  }
  if (entries.size() > kEvidenceListLimit) {
    RejectLong(tree_.PointerTo(nodes.front()));
    entries.clear();
  }
  return entries;
}

bool FieldReader::AnyStated(const FieldPaths& paths, Id at) {
  return std::any_of(paths.begin(), paths.end(),
                     [&](const FieldPath& path) { return Find(path, at).has_value(); });
}

bool FieldReader::AllThere(const FieldPaths& paths, Id at) {
  return std::all_of(paths.begin(), paths.end(), [&](const FieldPath& path) {
    std::vector<Id> nodes;
    Walk(path, 0, at, nodes);
    return !nodes.empty();
  });
}

}  // namespace mc
