// JSON documents, record by record.

#include "connectors/json_scan.h"
#include "connectors/sniff.h"
#include "connectors/split.h"
#include "connectors/split_json.h"
#include "core/json_repair.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr const char* kJsonType = "application/json";

// null is how some say that there is nothing; one object there is a list of one.
std::optional<std::vector<std::string_view>> RowsIn(std::string_view list) {
  if (list == "null") return std::vector<std::string_view>{};
  if (list.starts_with('{')) return std::vector<std::string_view>{list};
  return json_scan::Elements(list, kRowsLimit + 1);
}

// A mistake that some rule files ask to be undone; what the others make of it is theirs to say.
bool IsStrictOnceRepaired(std::string_view bytes) {
  const auto repaired = QuoteLeadingZeros(bytes);
  return repaired && json_scan::IsStrict(*repaired);
}

}  // namespace

void TakeJsonRow(const RecordSpec& spec, std::string_view bytes, const std::string& place, RowTaker& taker) {
  SplitRow row;
  row.bytes = bytes;
  row.place = place;
  if (!bytes.starts_with('{')) {
    row.reject = RejectionReason{"not_an_object", "", "", "an element of the list is not an object"};
  } else if (!json_scan::IsStrict(bytes) && !IsStrictOnceRepaired(bytes)) {
    row.reject = RejectionReason{"bad_json", "", "RFC 8259", "the record is not well-formed JSON"};
  }
  const auto text_at = [&](const ValuePath& path) {
    const auto value = json_scan::At(bytes, path);
    return value ? json_scan::Scalar(*value) : std::nullopt;
  };
  std::vector<std::string> parts;
  for (const ValuePath& path : spec.key) parts.push_back(text_at(path).value_or(""));
  row.native_id = JoinKey(spec, parts, row.missing);
  if (!spec.time.empty()) row.time = text_at(spec.time);
  taker.Take(std::move(row));
}

Result<SplitAnswer> SplitJsonRecords(const RecordSpec& spec, std::string_view bytes, const RecordContext& context,
                                     const std::vector<std::string>& wanted, Page& page) {
  const auto document = json_scan::Whole(JsonPart(bytes), kSplitDepthLimit);
  if (!document) return DataError("bad_json", "the answer is not complete JSON, or nests too deep");
  SplitAnswer answer;
  const auto field = [&](const std::string& path) {
    const auto value = json_scan::At(*document, PathOf(path));
    return value ? json_scan::Scalar(*value) : std::nullopt;
  };
  for (const std::string& path : wanted) {
    if (auto text = field(path)) answer.fields.emplace(path, std::move(*text));
  }
  if (!spec.total.empty()) answer.total = WholeNumber(field(PathText(spec.total)).value_or(""));
  const auto list = json_scan::At(*document, spec.path);
  if (!list) return answer;
  const auto rows = RowsIn(*list);
  if (!rows) return DataError("bad_json", "the list of records is broken between its elements");
  if (rows->size() > kRowsLimit) return TooManyRows();
  answer.has_rows = true;
  RowTaker taker(spec, context, kJsonType, page, answer);
  for (const std::string_view row : *rows) TakeJsonRow(spec, row, "", taker);
  return answer;
}

}  // namespace mc
