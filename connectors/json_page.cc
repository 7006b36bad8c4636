#include "connectors/json_page.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "connectors/json_scan.h"
#include "connectors/sniff.h"
#include "core/text.h"

namespace mc {
namespace {

namespace dom = simdjson::dom;
namespace od = simdjson::ondemand;

constexpr const char* kTooManyRows = "too_many_rows";
constexpr std::size_t kDepthLimit = 64;
constexpr int kWrapLimit = 3;
constexpr std::size_t kLooseDepthLimit = 1'024;  // of brackets, where the mistake is looked for

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

// What one thread keeps from page to page: making these anew costs more than a page does.
struct Parsers {
  std::string text;  // padded, as simdjson asks
  dom::parser dom;
  od::parser on_demand;

  void Hold(std::string_view part) {
    text.reserve(part.size() + simdjson::SIMDJSON_PADDING);
    text.assign(part);
  }
  simdjson::padded_string_view Padded() const {
    return simdjson::padded_string_view(text.data(), text.size(), text.capacity());
  }

  // Whole and well-formed, UTF-8 included.
  simdjson::error_code Validate() {
    if (dom.capacity() < text.size() || dom.max_depth() != kDepthLimit) {
      if (const auto error = dom.allocate(text.size(), kDepthLimit)) return error;
    }
    return dom.parse(text.data(), text.size(), false).error();
  }
};

// A page far over the usual is read with parsers of its own, which end with it: they take
// some fifteen times its size.
constexpr std::size_t kKeptPageBytes = 4 * 1024 * 1024;

// Reads one document that DOM parsing has already accepted; simdjson's exceptions mean
// that the two parsers disagree, and are caught in SplitJson.
class Splitter {
 public:
  Splitter(std::string_view original, Parsers& parsers, bool valid_utf8, const JsonLayout& layout)
      : original_(original), parsers_(parsers), valid_utf8_(valid_utf8), layout_(layout) {}

  Result<JsonPage> Split() {
    od::document document = parsers_.on_demand.iterate(parsers_.Padded());
    if (document.type() == od::json_type::array) {
      TakeRows(document.get_array());
    } else if (document.type() == od::json_type::object) {
      TakeObject(document.get_object(), 0);
      if (!page_.has_rows) TakeWhole(document);
    }
    if (too_many_) return TooManyRows();
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
    row.bytes = original_.substr(static_cast<std::size_t>(slice.data() - parsers_.text.data()), slice.size());
    row.is_object = row.bytes.starts_with('{');
    row.valid_utf8 = valid_utf8_ || IsValidUtf8(row.bytes);
    return row;
  }

  void TakeRows(od::array array) {
    page_.has_rows = true;
    for (od::value value : array) {
      too_many_ = page_.rows.size() == kRowsLimit;
      if (too_many_) return;
      if (value.type() == od::json_type::object) {
        od::object object = value.get_object();
        auto fields = FieldsOf(object);
        page_.rows.push_back(Row(Trim(std::string_view(object.raw_json()))));
        page_.rows.back().fields = std::move(fields);
      } else {
        page_.rows.push_back(Row(Trim(Slice(value))));
      }
    }
  }

  static std::string_view Slice(od::value value) {
    if (value.type() != od::json_type::array) return value.raw_json_token();
    od::array array = value.get_array();
    return array.raw_json();
  }

  void TakeWhole(od::document& document) {
    page_.whole = Row(Trim(parsers_.text));
    document.rewind();
    od::object object = document.get_object();
    page_.whole->fields = FieldsOf(object);
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
        if (too_many_) return;
      } else if (wraps && type == od::json_type::object && depth < kWrapLimit) {
        TakeObject(value.get_object(), depth + 1);
        if (too_many_) return;
      } else if (key == layout_.rows && type == od::json_type::null) {
        page_.has_rows = true;  // "data": null is how some say that there is nothing
      } else if (type != od::json_type::null && IsScalar(type)) {
        page_.fields[key] = Scalar(value);
      }
    }
  }

  bool Wanted(std::string_view key) const {
    return layout_.fields.empty() ||
           std::find(layout_.fields.begin(), layout_.fields.end(), key) != layout_.fields.end();
  }

  std::map<std::string, std::string> FieldsOf(od::object& object) const {
    std::map<std::string, std::string> fields;
    for (od::field field : object) {
      const std::string_view key = field.unescaped_key();
      if (!Wanted(key)) continue;
      od::value value = field.value();
      const od::json_type type = value.type();
      if (type == od::json_type::null) continue;
      fields[std::string(key)] = IsScalar(type) ? Scalar(value) : "";
    }
    return fields;
  }

  std::string_view original_;
  Parsers& parsers_;
  bool valid_utf8_;
  const JsonLayout& layout_;
  JsonPage page_;
  bool too_many_ = false;  // the reading stopped in mid-way
};

Error BadJson(std::string_view why) {
  return DataError("bad_json", "the answer is not complete JSON: " + std::string(why));
}

// A document that is well-formed throughout.
Result<JsonPage> SplitStrictly(std::string_view part, const JsonLayout& layout) {
  thread_local Parsers kept;
  std::optional<Parsers> own;
  Parsers& parsers = part.size() <= kKeptPageBytes ? kept : own.emplace();
  try {
    parsers.Hold(part);
    auto error = parsers.Validate();
    const bool valid_utf8 = error != simdjson::UTF8_ERROR;
    if (!valid_utf8) {
      parsers.Hold(Readable(part));
      error = parsers.Validate();
    }
    if (error) return BadJson(simdjson::error_message(error));
    return Splitter(part, parsers, valid_utf8, layout).Split();
  } catch (const simdjson::simdjson_error& error) {
    return BadJson(simdjson::error_message(error.error()));
  }
}

// The list of rows in a document whose brackets and strings fit, as TakeObject finds it.
std::optional<std::string_view> ListIn(std::string_view document, const JsonLayout& layout) {
  static constexpr std::array<std::string_view, 4> kWraps = {"data", "Data", "daTa", "DATA"};
  for (int depth = 0; depth <= kWrapLimit; ++depth) {
    if (document.starts_with('[')) return document;
    if (const auto rows = json_scan::At(document, {layout.rows}); rows && rows->starts_with('[')) return rows;
    std::optional<std::string_view> inner;
    for (const std::string_view name : kWraps) {
      if (!inner) inner = json_scan::At(document, {std::string(name)});
    }
    if (!inner) return std::nullopt;
    document = *inner;
  }
  return std::nullopt;
}

// Read as a list of one: a member of the row that is called like the list of rows is not taken for it.
JsonRow LooseRow(std::string_view bytes, const JsonLayout& layout) {
  const std::string list = "[" + std::string(bytes) + "]";
  if (auto strict = SplitStrictly(list, layout); strict.ok() && strict->rows.size() == 1) {
    JsonRow row = std::move(strict->rows.front());
    row.bytes = bytes;
    return row;
  }
  JsonRow row;
  row.bytes = bytes;
  row.is_object = bytes.starts_with('{');
  row.valid_utf8 = IsValidUtf8(bytes);
  row.well_formed = false;
  for (const std::string& name : layout.fields) {
    const auto value = row.is_object ? json_scan::At(bytes, {name}) : std::nullopt;
    if (auto text = value ? json_scan::Scalar(*value) : std::nullopt) row.fields[name] = std::move(*text);
  }
  return row;
}

// A mistake inside one row does not cost the page: the rows are told apart by their brackets,
// and what stands around them must be well-formed by itself.
Result<JsonPage> SplitLoosely(std::string_view part, const JsonLayout& layout) {
  const Error bad = BadJson("its end is missing, or something stands outside its records");
  const auto document = json_scan::Whole(part, kLooseDepthLimit);
  const auto list = document ? ListIn(*document, layout) : std::nullopt;
  const auto rows = list ? json_scan::Elements(*list, kRowsLimit + 1) : std::nullopt;
  if (!rows) return bad;
  if (rows->size() > kRowsLimit) return TooManyRows();
  const auto from = static_cast<std::size_t>(list->data() - part.data());
  const std::string around = std::string(part.substr(0, from)) + "[]" + std::string(part.substr(from + list->size()));
  MC_TRY(JsonPage page, SplitStrictly(around, layout));
  if (!page.has_rows) return bad;
  for (const std::string_view row : *rows) page.rows.push_back(LooseRow(row, layout));
  return page;
}

}  // namespace

std::string JsonRow::Text(const std::string& name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : std::string(Trim(found->second));
}

Error TooManyRows() {
  return DataError(kTooManyRows, "the document holds more than " + std::to_string(kRowsLimit) +
                                     " records: split it, or ask for fewer at once");
}

Result<JsonPage> SplitJson(std::string_view bytes, const JsonLayout& layout) {
  const std::string_view part = JsonPart(bytes);
  if (part.empty()) return BadJson("no { or [ at its front");
  auto page = SplitStrictly(part, layout);
  if (page.ok() || page.error().code == kTooManyRows) return page;
  auto loose = SplitLoosely(part, layout);
  return loose.ok() || loose.error().code == kTooManyRows ? std::move(loose) : std::move(page);
}

}  // namespace mc
