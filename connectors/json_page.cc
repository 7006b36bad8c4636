#include "connectors/json_page.h"

#include <simdjson.h>
#include <charconv>

#include "connectors/sniff.h"
#include "core/text.h"

namespace mc {
namespace {

namespace dom = simdjson::dom;
namespace od = simdjson::ondemand;

constexpr std::size_t kDepthLimit = 64;
constexpr int kWrapLimit = 3;

// Length of the UTF-8 sequence at `at`, 0 when it is none (RFC 3629).
std::size_t SequenceLength(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (length == 0 || at + length > text.size()) return 0;
  return IsValidUtf8(text.substr(at, length)) ? length : 0;
}

// The same text with '?' for each byte that is not UTF-8: same length, same structure.
std::string Readable(std::string_view text) {
  std::string out(text);
  for (std::size_t at = 0; at < out.size();) {
    const std::size_t length = SequenceLength(text, at);
    if (length == 0) out[at] = '?';
    at += length == 0 ? 1 : length;
  }
  return out;
}

std::string Scalar(od::value value) {
  if (value.type() == od::json_type::string) return std::string(std::string_view(value.get_string()));
  const std::string_view token = value.raw_json_token();
  return std::string(Trim(token));
}

bool IsScalar(od::json_type type) { return type != od::json_type::array && type != od::json_type::object; }

// Reads one document that DOM parsing has already accepted; simdjson's exceptions mean
// that the two parsers disagree, and are caught in SplitJson.
class Splitter {
 public:
  Splitter(std::string_view original, const simdjson::padded_string& text, const JsonLayout& layout)
      : original_(original), text_(text), layout_(layout) {}

  JsonPage Split() {
    od::parser parser(text_.size() + simdjson::SIMDJSON_PADDING);
    od::document document = parser.iterate(text_);
    if (document.type() == od::json_type::array) {
      TakeRows(document.get_array());
    } else if (document.type() == od::json_type::object) {
      TakeObject(document.get_object(), 0);
      if (!page_.has_rows) page_.whole = Row(Trim(std::string_view(text_)));
    }
    for (JsonRow& row : page_.rows) Fill(row);
    if (page_.whole) Fill(*page_.whole);
    if (const auto total = page_.fields.find(layout_.total); total != page_.fields.end()) {
      page_.total = Whole(Trim(total->second));
    }
    return std::move(page_);
  }

 private:
  static std::optional<std::int64_t> Whole(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
  }

  // A slice of the parsed copy as the same slice of the caller's bytes.
  JsonRow Row(std::string_view slice) const {
    JsonRow row;
    row.bytes = original_.substr(static_cast<std::size_t>(slice.data() - text_.data()), slice.size());
    row.is_object = row.bytes.starts_with('{');
    row.valid_utf8 = IsValidUtf8(row.bytes);
    return row;
  }

  void TakeRows(od::array array) {
    page_.has_rows = true;
    for (od::value value : array) {
      page_.rows.push_back(Row(Trim(Slice(value))));
    }
  }

  static std::string_view Slice(od::value value) {
    if (value.type() == od::json_type::object) {
      od::object object = value.get_object();
      return object.raw_json();
    }
    if (value.type() == od::json_type::array) {
      od::array array = value.get_array();
      return array.raw_json();
    }
    return value.raw_json_token();
  }

  void TakeObject(od::object object, int depth) {
    for (od::field field : object) {
      const std::string key(std::string_view(field.unescaped_key()));
      od::value value = field.value();
      const od::json_type type = value.type();
      const bool wraps = ToLowerAscii(key) == "data";
      const bool is_rows = key == layout_.rows || wraps;
      if (is_rows && type == od::json_type::array && !page_.has_rows) {
        TakeRows(value.get_array());
      } else if (wraps && type == od::json_type::object && depth < kWrapLimit) {
        TakeObject(value.get_object(), depth + 1);
      } else if (key == layout_.rows && type == od::json_type::null) {
        page_.has_rows = true;  // "data": null is how some say that there is nothing
      } else if (type != od::json_type::null && IsScalar(type)) {
        page_.fields[key] = Scalar(value);
      }
    }
  }

  static void Fill(JsonRow& row) {
    if (!row.is_object) return;
    const simdjson::padded_string text(row.valid_utf8 ? std::string(row.bytes) : Readable(row.bytes));
    od::parser parser;
    od::document document = parser.iterate(text);
    for (od::field field : document.get_object()) {
      std::string key(std::string_view(field.unescaped_key()));
      od::value value = field.value();
      const od::json_type type = value.type();
      if (type == od::json_type::null) continue;
      row.fields[std::move(key)] = IsScalar(type) ? Scalar(value) : "";
    }
  }

  std::string_view original_;
  const simdjson::padded_string& text_;
  const JsonLayout& layout_;
  JsonPage page_;
};

Error BadJson(std::string_view why) {
  return DataError("bad_json", "the answer is not complete JSON: " + std::string(why));
}

}  // namespace

std::string JsonRow::Text(const std::string& name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : std::string(Trim(found->second));
}

Result<JsonPage> SplitJson(std::string_view bytes, const JsonLayout& layout) {
  const std::string_view part = JsonPart(bytes);
  if (part.empty()) return BadJson("no { or [ at its front");
  const simdjson::padded_string text(IsValidUtf8(part) ? std::string(part) : Readable(part));
  try {
    dom::parser parser;
    if (const auto error = parser.allocate(text.size(), kDepthLimit)) return BadJson(simdjson::error_message(error));
    dom::element root;
    if (const auto error = parser.parse(text).get(root)) return BadJson(simdjson::error_message(error));
    return Splitter(part, text, layout).Split();
  } catch (const simdjson::simdjson_error& error) {
    return BadJson(simdjson::error_message(error.error()));
  }
}

}  // namespace mc
