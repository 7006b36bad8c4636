#include "core/csv.h"

#include <algorithm>

#include "core/text.h"

namespace mc {

std::string ColumnName(std::string_view cell) {
  constexpr std::string_view kNoBreakSpace = "\u00A0";
  const std::string nfc = ToNfc(cell).value_or(std::string(cell));
  std::string name;
  bool gap = false;
  for (std::size_t i = 0; i < nfc.size(); ++i) {
    const bool wide = std::string_view(nfc).substr(i).starts_with(kNoBreakSpace);
    if (wide) ++i;
    if (wide || std::string_view(" \t\r\n").find(nfc[i]) != std::string_view::npos) {
      gap = !name.empty();
      continue;
    }
    if (gap) name += ' ';
    gap = false;
    name += nfc[i];
  }
  return name;
}

CsvReader::CsvReader(std::string_view text, char delimiter) : text_(StripBom(text)), delimiter_(delimiter) {}

// Behind the opening quote; ends behind the closing one.
bool CsvReader::ReadQuoted(std::size_t& at, std::string& field, std::int64_t& lines) const {
  for (++at; at < text_.size(); ++at) {
    const char c = text_[at];
    if (c == '"' && at + 1 < text_.size() && text_[at + 1] == '"') {
      ++at;
    } else if (c == '"') {
      ++at;
      return true;
    }
    if (c == '\n' && ++lines > kCsvRowLineLimit) return false;
    field += c;
  }
  return false;
}

// False where a quote breaks the row. `end` is then of no use.
bool CsvReader::Read(CsvRow& row, std::size_t& end, std::int64_t& lines) const {
  std::size_t at = at_;
  while (true) {
    std::string field;
    if (at < text_.size() && text_[at] == '"') {
      if (!ReadQuoted(at, field, lines)) return false;
    } else {
      const char stops[] = {delimiter_, '\n', '"', '\0'};
      const std::size_t stop = std::min(text_.find_first_of(stops, at), text_.size());
      field = text_.substr(at, stop - at);
      at = stop;
    }
    const bool ends = at >= text_.size() || text_[at] == '\n' || text_.substr(at, 2) == "\r\n";
    if (!ends && text_[at] != delimiter_) return false;  // a quote inside, or text behind one
    if (ends && field.ends_with('\r')) field.pop_back();
    row.fields.push_back(std::move(field));
    if (row.fields.size() > kCsvColumnLimit) return false;
    if (ends) break;
    ++at;
  }
  end = at;
  return true;
}

bool CsvReader::Next(CsvRow& row) {
  while (at_ < text_.size()) {
    row = {};
    row.line = line_;
    std::size_t end = 0;
    std::int64_t lines = 1;
    if (!Read(row, end, lines)) {
      row.fields.clear();
      row.broken = true;
      end = std::min(text_.find('\n', at_), text_.size());
      lines = 1;
    }
    row.bytes = text_.substr(at_, end - at_);
    if (row.bytes.ends_with('\r')) row.bytes.remove_suffix(1);
    at_ = std::min(text_.find('\n', end), text_.size());
    if (at_ < text_.size()) ++at_;
    line_ += lines;
    if (!Trim(row.bytes).empty()) return true;
  }
  return false;
}

}  // namespace mc
