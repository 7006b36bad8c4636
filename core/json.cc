#include "core/json.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/json_at.h"
#include "core/shown.h"
#include "core/text.h"

namespace mc {
namespace {

// Longest name for which a near one is looked up, and longest one that a message repeats.
constexpr std::size_t kShownNameLimitBytes = 64;

// An iterator that tells how far the lexer has read: SAX events carry no position.
class TrackedIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  TrackedIterator(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}
  reference operator*() const { return *at_; }
  TrackedIterator& operator++() {
    *furthest_ = ++at_;
    return *this;
  }
  TrackedIterator operator++(int) {
    TrackedIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const TrackedIterator& other) const { return at_ == other.at_; }
  bool operator!=(const TrackedIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** furthest_;
};

// Builds the tree and stops at a duplicate key, at too many levels and at bad syntax.
class TreeBuilder final : public nlohmann::json_sax<Json> {
 public:
  struct Fault {
    std::string what;
    std::optional<std::size_t> offset;  // absent: where the lexer stands
  };

  bool null() override { return Put(nullptr); }
  bool boolean(bool value) override { return Put(value); }
  bool number_integer(number_integer_t value) override { return Put(value); }
  bool number_unsigned(number_unsigned_t value) override { return Put(value); }
  bool number_float(number_float_t value, const string_t&) override { return Put(value); }
  bool string(string_t& value) override { return Put(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return Begin(Json::object()); }
  bool end_object() override { return End(); }
  bool start_array(std::size_t) override { return Begin(Json::array()); }
  bool end_array() override { return End(); }

  bool key(string_t& name) override {
    if (open_.back()->contains(name)) return Stop("this key stands twice in one object", std::nullopt);
    key_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    return Stop(Describe(error), position == 0 ? 0 : position - 1);
  }

  const Fault& fault() const { return fault_; }
  Json Take() { return std::move(root_); }

 private:
  // The library's text repeats what it read, which may be a secret or a personal number;
  // only the kind of token that it was at is passed on.
  static std::string Describe(const nlohmann::detail::exception& error) {
    if (error.id == 406) return "this number is out of range";
    constexpr std::string_view kBefore = "while parsing ";
    const std::string_view text = error.what();
    const auto begin = text.find(kBefore);
    if (begin == std::string_view::npos) return "not valid JSON";
    const std::string_view rest = text.substr(begin + kBefore.size());
    return "not valid JSON (while reading: " + std::string(rest.substr(0, rest.find(" - "))) + ")";
  }

  bool Stop(std::string what, std::optional<std::size_t> offset) {
    fault_ = {std::move(what), offset};
    return false;
  }

  template <typename T>
  Json* Insert(T&& value) {
    if (open_.empty()) {
      root_ = std::forward<T>(value);
      return &root_;
    }
    Json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::forward<T>(value));
      return &parent.back();
    }
    Json& slot = parent[std::move(key_)];
    slot = std::forward<T>(value);
    return &slot;
  }

  template <typename T>
  bool Put(T&& value) {
    Insert(Json(std::forward<T>(value)));
    return true;
  }

  bool Begin(Json container) {
    if (open_.size() >= static_cast<std::size_t>(kJsonDepthLimit)) {
      return Stop("nested deeper than " + std::to_string(kJsonDepthLimit) + " levels", std::nullopt);
    }
    open_.push_back(Insert(std::move(container)));
    return true;
  }

  bool End() {
    open_.pop_back();
    return true;
  }

  Json root_;
  std::vector<Json*> open_;  // containers that are not closed yet, outermost first
  std::string key_;
  Fault fault_;
};

// "line 3, column 14", both from 1; a column is one character.
std::string Place(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto line_start = before.rfind('\n');
  const std::string_view in_line = line_start == std::string_view::npos ? before : before.substr(line_start + 1);
  const auto column = 1 + std::count_if(in_line.begin(), in_line.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

// Offset of the first byte that is not UTF-8. REQUIRES: there is one. (A prefix is valid
// up to there except where it cuts a character, hence the step back.)
std::size_t FirstBadByte(std::string_view text) {
  std::size_t start = 0;
  while (start < text.size()) {
    std::size_t end = start + 1;
    while (end < text.size() && end < start + 4 && (text[end] & 0xC0) == 0x80) ++end;
    if (!IsValidUtf8(text.substr(start, end - start))) return start;
    start = end;
  }
  return start;
}

// What cannot stand in the canonical form; nullptr when everything can.
const char* CanonicalObstacle(const Json& value, int depth) {
  if (value.is_number_float()) return "a number that is not an integer has no canonical form; write it as text";
  if (value.is_binary() || value.is_discarded()) return "a value of this kind has no canonical form";
  if (!value.is_structured()) return nullptr;
  if (depth >= kJsonDepthLimit) return "nested too deeply for the canonical form";
  for (const Json& child : value) {
    if (const char* obstacle = CanonicalObstacle(child, depth + 1)) return obstacle;
  }
  return nullptr;
}

// Levenshtein distance, one row at a time.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replace, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

// Quoted for a message: control bytes escaped, so that a name cannot forge a second line; those that JSON lets
// stand as '?'.
std::string Quoted(const std::string& text) {
  return WithoutControls(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
}

Error BadJson(const std::string& message) { return ConfigError("bad_json", message); }

Result<std::string> ReadBounded(const std::string& path) {
  const Error cannot = ConfigError("cannot_read", path + ": the file cannot be read");
  std::ifstream file(path, std::ios::binary);
  if (!file) return cannot;
  std::string text;
  std::string chunk(64 * 1024, '\0');
  while (file.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || file.gcount() > 0) {
    text.append(chunk, 0, static_cast<std::size_t>(file.gcount()));
    if (text.size() > kJsonDocumentLimitBytes) break;  // ParseJson says so
  }
  // A folder opens but does not read.
  if (file.bad() || !file.eof()) {
    if (text.size() <= kJsonDocumentLimitBytes) return cannot;
  }
  return text;
}

}  // namespace

Result<Json> ParseJson(std::string_view text, bool with_comments) {
  if (text.size() > kJsonDocumentLimitBytes) {
    return BadJson("the document is longer than " + std::to_string(kJsonDocumentLimitBytes) + " bytes");
  }
  if (!IsValidUtf8(text)) return BadJson(Place(text, FirstBadByte(text)) + ": not valid UTF-8");
  // The library takes it for the end of the text, and would not look at what stands behind.
  if (const auto zero = text.find('\0'); zero != text.npos) return BadJson(Place(text, zero) + ": a zero byte");
  text = StripBom(text);
  const char* furthest = text.data();
  TreeBuilder builder;
  const bool parsed =
      Json::sax_parse(TrackedIterator(text.data(), &furthest), TrackedIterator(text.data() + text.size(), &furthest),
                      &builder, nlohmann::detail::input_format_t::json, true, with_comments);
  if (parsed) return builder.Take();
  const auto read = static_cast<std::size_t>(furthest - text.data());
  const std::size_t offset = builder.fault().offset.value_or(read == 0 ? 0 : read - 1);
  return BadJson(Place(text, offset) + ": " + builder.fault().what);
}

Result<Json> ReadJsonFile(const std::string& path, bool with_comments) {
  MC_TRY(const std::string text, ReadBounded(path));
  auto parsed = ParseJson(text, with_comments);
  if (parsed.ok()) return parsed;
  return BadJson(path + ": " + parsed.error().message);
}

Result<std::string> CanonicalJson(const Json& value) {
  if (const char* obstacle = CanonicalObstacle(value, 0)) return InternalError("not_canonical", obstacle);
  try {
    // Keys are kept sorted by byte, and the escapes are the shortest ones, as RFC 8785 asks.
    return value.dump();
  } catch (const Json::exception&) {
    return InternalError("not_canonical", "a text that is not UTF-8 has no canonical form");
  }
}

bool AppendJsonText(std::string& to, std::string_view text) {
  const auto special = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; };
  if (!IsValidUtf8(text)) return false;
  if (std::none_of(text.begin(), text.end(), special)) {
    to.append("\"").append(text).append("\"");
  } else {
    to += Json(text).dump();
  }
  return true;
}

std::string NearestName(std::string_view given, const std::vector<std::string>& candidates) {
  if (given.size() > kShownNameLimitBytes) return "";
  // Two slips, or one in three characters of a longer name.
  std::size_t best = std::max<std::size_t>(2, given.size() / 3) + 1;
  std::string nearest;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = EditDistance(given, candidate);
    if (distance >= best || distance >= candidate.size()) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest;
}

Status RefuseUnknownKeys(const Json& object, const std::vector<std::string>& known, const std::string& pointer) {
  if (!object.is_object()) return ConfigError("not_object", Quoted(pointer) + ": must be an object");
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string shown = key.substr(0, kShownNameLimitBytes);
    const std::string nearest = NearestName(key, known);
    return ConfigError("unknown_key", Quoted(pointer + PointerToken(shown)) + ": unknown key" +
                                          (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
  }
  return Ok();
}

}  // namespace mc
