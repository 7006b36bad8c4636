// JSON objects, one per line.

#include "connectors/split.h"
#include "connectors/split_json.h"
#include "core/text.h"

namespace mc {

Result<SplitAnswer> SplitNdjsonRecords(const RecordSpec& spec, std::string_view bytes, const RecordContext& context,
                                       Page& page) {
  SplitAnswer answer;
  answer.has_rows = true;
  RowTaker taker(spec, context, "application/json", page, answer);
  std::string_view rest = StripBom(bytes);
  for (std::int64_t line = 1; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view row = Trim(rest.substr(0, end));
    if (!row.empty() && taker.Full()) return TooManyRows();
    if (!row.empty()) TakeJsonRow(spec, row, "line " + std::to_string(line), taker);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return answer;
}

}  // namespace mc
