#include "connectors/xml_scan.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "core/text.h"

namespace mc::xml_scan {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::uint32_t kLastCodePoint = 0x10FFFF;

bool IsSpace(char c) { return kSpace.find(c) != std::string_view::npos; }

void AppendUtf8(std::uint32_t code, std::string& out) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  const std::uint32_t lead = more == 1 ? 0xC0 : more == 2 ? 0xE0 : 0xF0;
  out += static_cast<char>(lead | (code >> (6 * more)));
  for (int i = more - 1; i >= 0; --i) out += static_cast<char>(0x80 | ((code >> (6 * i)) & 0x3F));
}

// "#233" or "#xE9"; not 0, not a surrogate.
bool AppendReference(std::string_view name, std::string& out) {
  const bool hex = name.starts_with("#x");
  const std::string_view digits = name.substr(hex ? 2 : 1);
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) return false;
  if (code == 0 || code > kLastCodePoint || (code >= 0xD800 && code < 0xE000)) return false;
  AppendUtf8(code, out);
  return true;
}

bool AppendEntity(std::string_view name, std::string& out) {
  static constexpr std::pair<std::string_view, char> kKnown[] = {
      {"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [known, c] : kKnown) {
    if (known == name) {
      out += c;
      return true;
    }
  }
  return name.starts_with('#') && AppendReference(name, out);
}

// The end of a tag that begins at `at`: '>' outside quotes.
std::size_t EndOfTag(std::string_view text, std::size_t at) {
  char quote = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return at;
    } else if (c == '<') {
      break;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::string_view LocalName(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string_view Prefix(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? std::string_view() : name.substr(0, colon);
}

std::optional<std::string> Decode(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  while (!raw.empty()) {
    const std::size_t at = std::min(raw.find('&'), raw.size());
    out += raw.substr(0, at);
    raw.remove_prefix(at);
    if (raw.empty()) break;
    const std::size_t end = raw.find(';');
    if (end == std::string_view::npos || !AppendEntity(raw.substr(1, end - 1), out)) return std::nullopt;
    raw.remove_prefix(end + 1);
  }
  return out;
}

std::optional<std::vector<std::pair<std::string_view, std::string_view>>> Attributes(std::string_view text) {
  std::vector<std::pair<std::string_view, std::string_view>> all;
  while (true) {
    const std::size_t start = text.find_first_not_of(kSpace);
    if (start == std::string_view::npos) return all;
    text.remove_prefix(start);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string_view name = Trim(text.substr(0, equals));
    text = Trim(text.substr(equals + 1));
    if (name.empty() || text.empty() || (text[0] != '"' && text[0] != '\'')) return std::nullopt;
    const std::size_t end = text.find(text[0], 1);
    if (end == std::string_view::npos || all.size() == kAttributeLimit) return std::nullopt;
    all.emplace_back(name, text.substr(1, end - 1));
    text.remove_prefix(end + 1);
  }
}

bool Scanner::Fail(Fault fault) {
  fault_ = fault;
  return false;
}

bool Scanner::StepOver(std::string_view end, std::size_t from) {
  const std::size_t at = text_.find(end, from);
  if (at == std::string_view::npos) return Fail(Fault::kNotWellFormed);
  at_ = at + end.size();
  return true;
}

void Scanner::Keep(std::string_view text, bool decode) {
  if (!keeps_) return;
  const auto decoded = decode ? Decode(text) : std::optional<std::string>(text);
  if (decoded) kept_ += *decoded;
  bad_entity_ = bad_entity_ || !decoded;
}

std::optional<std::string> Scanner::TakeText() {
  std::string text;
  text.swap(kept_);
  return bad_entity_ ? std::nullopt : std::optional(std::move(text));
}

bool Scanner::Next(Tag& tag) {
  while (true) {
    const std::size_t open = std::min(text_.find('<', at_), text_.size());
    Keep(text_.substr(at_, open - at_), true);
    at_ = open;
    if (open == text_.size()) return false;
    const std::string_view rest = text_.substr(open);
    if (rest.starts_with("<!--")) {
      if (!StepOver("-->", open + 4)) return false;
    } else if (rest.starts_with("<![CDATA[")) {
      if (!StepOver("]]>", open + 9)) return false;
      Keep(text_.substr(open + 9, at_ - open - 12), false);
    } else if (rest.starts_with("<?")) {
      if (!StepOver("?>", open + 2)) return false;
    } else if (rest.starts_with("<!")) {
      return Fail(Fault::kDoctype);
    } else {
      break;
    }
  }
  const std::size_t end = EndOfTag(text_, at_ + 1);
  if (end == std::string_view::npos) return Fail(Fault::kNotWellFormed);
  std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
  tag = {};
  tag.begin = at_;
  tag.end = end + 1;
  tag.closes = inside.starts_with('/');
  if (tag.closes) inside.remove_prefix(1);
  tag.empty = !tag.closes && inside.ends_with('/');
  if (tag.empty) inside.remove_suffix(1);
  std::size_t length = 0;
  while (length < inside.size() && !IsSpace(inside[length])) ++length;
  tag.name = inside.substr(0, length);
  tag.attributes = inside.substr(length);
  if (tag.name.empty() || tag.name.find_first_of("/=\"'&") != std::string_view::npos) {
    return Fail(Fault::kNotWellFormed);
  }
  at_ = tag.end;
  return true;
}

std::optional<std::string> ValueAt(std::string_view element, const ValuePath& path) {
  Scanner scanner(element);
  scanner.KeepText();
  Tag tag;
  std::size_t depth = 0, matched = 0;  // open elements; how many of the path's names they follow
  const bool attribute = !path.empty() && path.back().starts_with('@');
  const std::size_t names = path.size() - (attribute ? 1 : 0);
  const auto attribute_of = [&](const Tag& at) -> std::optional<std::string> {
    const auto all = Attributes(at.attributes);
    for (std::size_t i = 0; all && i < all->size(); ++i) {
      if (LocalName((*all)[i].first) == std::string_view(path.back()).substr(1)) return Decode((*all)[i].second);
    }
    return std::nullopt;
  };
  while (scanner.Next(tag)) {
    if (tag.closes) {
      if (depth == 0) return std::nullopt;
      const bool at_end = !attribute && matched == names && depth == names + 1;
      auto text = scanner.TakeText();
      if (at_end) return text;
      --depth;
      matched = std::min(matched, depth == 0 ? 0 : depth - 1);
      continue;
    }
    (void)scanner.TakeText();
    const bool follows = depth == matched + 1 && matched < names && LocalName(tag.name) == path[matched];
    if (follows) ++matched;
    const bool here = matched == names && (follows || (names == 0 && depth == 0));
    if (here && attribute) {
      if (auto value = attribute_of(tag)) return value;
    }
    if (here && tag.empty && !attribute && names > 0) return std::string();
    if (tag.empty) {
      if (follows) --matched;
    } else {
      ++depth;
    }
  }
  return std::nullopt;
}

bool IsWellFormed(std::string_view element, std::size_t depth_limit) {
  Scanner scanner(element);
  scanner.KeepText();
  std::vector<std::string_view> open;
  Tag tag;
  while (scanner.Next(tag)) {
    if (!scanner.TakeText()) return false;
    if (tag.closes) {
      if (open.empty() || open.back() != tag.name) return false;
      open.pop_back();
      continue;
    }
    const auto attributes = Attributes(tag.attributes);
    if (!attributes || open.size() >= depth_limit) return false;
    for (const auto& [name, value] : *attributes) {
      if (!Decode(value)) return false;
    }
    if (!tag.empty) open.push_back(tag.name);
  }
  return scanner.fault() == Fault::kNone && open.empty() && scanner.TakeText().has_value();
}

}  // namespace mc::xml_scan
