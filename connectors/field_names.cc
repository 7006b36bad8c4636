#include "connectors/field_names.h"

#include <algorithm>

namespace mc {
namespace {

// Behind the string whose opening quote is at `at`; the end where it is not closed.
std::size_t BehindString(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

void MemberNames(std::string_view text, const TakeFieldName& take) {
  int depth = 0;
  bool name_next = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      const std::size_t behind = BehindString(text, at);
      if (name_next && behind >= at + 2) take(text.substr(at + 1, behind - at - 2));
      name_next = false;
      at = behind;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if ((c == '{' || c == ',') && depth == 1) name_next = true;
    ++at;
  }
}

// Where the construct that begins at `at` with "<!" or "<?" ends.
std::size_t BehindMarkup(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  const std::string_view end = rest.starts_with("<!--") ? "-->" : rest.starts_with("<![CDATA[") ? "]]>" : ">";
  const std::size_t found = text.find(end, at);
  return found == std::string_view::npos ? text.size() : found + end.size();
}

void ElementNames(std::string_view text, const TakeFieldName& take) {
  for (std::size_t at = text.find('<'); at < text.size(); at = text.find('<', at)) {
    const char next = at + 1 < text.size() ? text[at + 1] : '\0';
    if (next == '!' || next == '?') {
      at = BehindMarkup(text, at);
      continue;
    }
    ++at;
    if (next == '/') continue;
    const std::string_view name = text.substr(at, text.find_first_of(" \t\r\n/>", at) - at);
    take(name.substr(name.rfind(':') + 1));
  }
}

std::string_view Unquoted(std::string_view name) {
  if (name.ends_with('\r')) name.remove_suffix(1);
  if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
  return name;
}

// A record of a sheet is its header line and its row.
void ColumnNames(std::string_view text, char delimiter, const TakeFieldName& take) {
  std::string_view header = text.substr(0, text.find('\n'));
  while (true) {
    const std::size_t end = header.find(delimiter);
    take(Unquoted(header.substr(0, end)));
    if (end == std::string_view::npos) return;
    header.remove_prefix(end + 1);
  }
}

}  // namespace

void EachFieldName(const SourceRecord& record, const TakeFieldName& take) {
  const auto delimiter = record.facts.find("csv_delimiter");
  if (delimiter != record.facts.end() && !delimiter->second.empty()) {
    ColumnNames(record.bytes, delimiter->second.front(), take);
  } else if (record.media_type == "application/xml") {
    ElementNames(record.bytes, take);
  } else if (record.media_type == "application/json") {
    MemberNames(record.bytes, take);
  }
}

}  // namespace mc
