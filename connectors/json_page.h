// One JSON answer, split into the exact bytes of its records (simdjson inside).
//
// The whole document is validated first, so nothing of a cut or broken answer is ever
// handed over. Bytes that are not UTF-8 inside one record spoil only that record.
// Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mc {

// Where an answer holds its rows and its own total. An answer may be wrapped in "Data" or
// "daTa" once or twice, or be the bare array of rows.
struct JsonLayout {
  std::string rows;   // "data", "PageData"
  std::string total;  // "totalrow", "TotalRows"
  // Fields of a row that are kept; empty: all. A pull asks only for those of its ids, as
  // keeping all of them costs ten times the parsing.
  std::vector<std::string> fields = {};
};

struct JsonRow {
  std::string_view bytes;  // a slice of the text that was split
  bool is_object = false;
  bool valid_utf8 = true;
  bool well_formed = true;  // false: a mistake inside this row, and in no other
  // Top-level scalars as text: strings unescaped, numbers as written, null left out.
  // Arrays and objects are there with an empty text. The last of equal names stands.
  std::map<std::string, std::string> fields;

  // Trimmed; empty where absent.
  std::string Text(const std::string& name) const;
};

struct JsonPage {
  bool has_rows = false;  // false: a document without rows; then `fields` may say why
  std::vector<JsonRow> rows;
  std::optional<std::int64_t> total;
  std::map<std::string, std::string> fields;  // scalars beside the rows, of every wrapping level
  std::optional<JsonRow> whole;               // the document itself, where it is one object without rows
};

// Records of one document, whatever its format: those of a few bytes each would fill the memory
// long before the limit of the body is reached.
inline constexpr std::size_t kRowsLimit = 200'000;
Error TooManyRows();  // kData "too_many_rows"

// REQUIRES: `bytes` outlives the page. kData "bad_json" for a document that is not JSON
// (kTransient is the caller's choice: a cut answer may come whole the next time);
// "too_many_rows": over kRowsLimit.
Result<JsonPage> SplitJson(std::string_view bytes, const JsonLayout& layout);

}  // namespace mc
