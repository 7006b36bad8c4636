// One XML part of a workbook, stepped through without a tree. Internal to reading workbooks
// (connectors/xlsx.cc, xlsx_sheet.cc). Pure; safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/xlsx.h"
#include "connectors/xlsx_value.h"
#include "core/result.h"

namespace mc::xlsx {

using AttributeList = std::vector<std::pair<std::string_view, std::string_view>>;

// Names are local names: programs choose their prefixes. A refusal ends the walk.
class PartTaker {
 public:
  virtual ~PartTaker() = default;
  virtual Status Open(std::string_view name, const AttributeList& attributes) = 0;
  virtual Status Close(std::string_view name, std::string text) = 0;  // the text directly before the end tag
};

// kData "bad_xlsx" or "dtd_refused".
Status WalkPart(std::string_view part, PartTaker& taker);

// By local name, decoded; nullopt: not there.
std::optional<std::string> AttributeOf(const AttributeList& attributes, std::string_view name);
std::optional<std::int64_t> NumberOf(const AttributeList& attributes, std::string_view name);
bool FlagOf(const AttributeList& attributes, std::string_view name);  // "1" or "true"

Error BadWorkbook(const std::string& what);
Error TooLarge(const std::string& limit, std::int64_t value);

// The <t> texts of one <si> or <is>, the readings of East Asian texts (<rPh>) left out.
class RichText {
 public:
  void Open(std::string_view name);
  void Close(std::string_view name, const std::string& text);
  std::string Take();

 private:
  std::string text_;
  int phonetic_ = 0;
};

// What decides the text of a cell beside the cell.
struct Context {
  std::vector<std::string> strings;  // shared ones
  std::vector<Shown> styles;         // by index of cellXfs
  bool from_1904 = false;
};

// The part of one worksheet.
Result<std::vector<XlsxRow>> ReadSheetPart(std::string_view part, const Context& context);

}  // namespace mc::xlsx
