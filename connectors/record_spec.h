// Where the records of one document stand and what identifies them: manifest section
// "records" (docs/formats/manifest.md), shared by every generic kind. Plain values.
#pragma once

#include <string>
#include <vector>

namespace mc {

// "a/b": member b of member a; in XML element b in element a, the last one may be "@name".
using ValuePath = std::vector<std::string>;

enum class RecordFormat { kJson, kNdjson, kCsv, kXml, kEdxml, kXlsx };

// What the source promises about the order of records by their time.
enum class RecordOrder { kUnstated, kNone, kAscending, kDescending };

struct RecordSpec {
  RecordFormat format = RecordFormat::kJson;
  ValuePath path;              // to the list, or of the record element with the root first
  std::string namespace_uri;   // XML: of the elements of `path`; empty: any
  std::vector<ValuePath> key;  // joined by '|'; empty only for edXML
  std::string prefix;
  ValuePath time;           // empty: not stated
  std::string time_format;  // of time_text.h
  RecordOrder order = RecordOrder::kUnstated;
  ValuePath total;       // the source's own total; empty: none
  char delimiter = ',';  // CSV
  std::string sheet;     // of a workbook; empty: the first one that is shown
};

std::string_view Name(RecordFormat format);   // "ndjson"
std::string PathText(const ValuePath& path);  // "a/b"

}  // namespace mc
