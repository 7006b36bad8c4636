#include "connectors/split.h"

#include <charconv>
#include <iterator>

#include "connectors/time_text.h"
#include "core/digest.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr std::size_t kMarkDigits = 16;

RejectionReason RecordTooLarge(const RecordContext& context) {
  return {"record_too_large", "", "record_limit_bytes " + std::to_string(context.record_limit_bytes),
          "the record is longer than the limit of its source"};
}

// One document is one message; what is none is set aside as a whole.
SplitAnswer SplitMessage(std::string_view bytes, const RecordContext& context, Page& page) {
  SplitAnswer answer;
  answer.has_rows = true;
  answer.marks.push_back(ToHex(Sha256(bytes)).substr(0, kMarkDigits));
  TakeEdxml(context, bytes, page);
  return answer;
}

Result<SplitAnswer> SplitAs(const RecordSpec& spec, std::string_view bytes, const RecordContext& context,
                            const std::vector<std::string>& wanted, Page& page) {
  switch (spec.format) {
    case RecordFormat::kJson: return SplitJsonRecords(spec, bytes, context, wanted, page);
    case RecordFormat::kXml: return SplitXmlRecords(spec, bytes, context, wanted, page);
    case RecordFormat::kNdjson: return SplitNdjsonRecords(spec, bytes, context, page);
    case RecordFormat::kCsv: return SplitCsvRecords(spec, bytes, context, page);
    case RecordFormat::kXlsx: return SplitXlsxRecords(spec, bytes, context, page);
    case RecordFormat::kEdxml: return SplitMessage(bytes, context, page);
  }
  return InternalError("bad_format", "a record format without its splitting");
}

}  // namespace

Result<SplitAnswer> SplitDocument(const RecordSpec& spec, std::string_view bytes, const RecordContext& context,
                                  const std::vector<std::string>& wanted, Page& page) {
  Page taken;  // a document that breaks in mid-way gives nothing
  auto answer = SplitAs(spec, bytes, context, wanted, taken);
  if (!answer.ok()) return answer;
  std::move(taken.records.begin(), taken.records.end(), std::back_inserter(page.records));
  std::move(taken.unreadable.begin(), taken.unreadable.end(), std::back_inserter(page.unreadable));
  return answer;
}

std::string JoinKey(const RecordSpec& spec, const std::vector<std::string>& parts, std::string& missing) {
  std::string native = spec.prefix;
  for (std::size_t i = 0; i < spec.key.size(); ++i) {
    const std::string_view part = i < parts.size() ? Trim(parts[i]) : std::string_view();
    if (part.empty()) {
      missing = PathText(spec.key[i]);
      return "";
    }
    if (i > 0) native += '|';
    native += part;
  }
  return native;
}

void RowTaker::Take(SplitRow row) {
  answer_.marks.push_back(ToHex(Sha256(row.bytes)).substr(0, kMarkDigits));
  std::optional<RejectionReason> reject = std::move(row.reject);
  const bool bad_id = !row.native_id.empty() && !IsNativeId(row.native_id);
  if (static_cast<std::int64_t>(row.bytes.size()) > context_.record_limit_bytes) {
    reject = RecordTooLarge(context_);
  } else if (!reject && !IsValidUtf8(row.bytes)) {
    reject = {"bad_utf8", "", "UTF-8", "the record holds bytes that are not UTF-8"};
  } else if (!reject && row.native_id.empty()) {
    reject = {"missing_id", row.missing, "", "the record has no " + row.missing};
  } else if (!reject && bad_id) {
    reject = BadId(PathText(spec_.key.front()));
  }
  RecordContext context = context_;
  context.facts.insert(row.facts.begin(), row.facts.end());
  const std::string native = row.native_id.empty() || bad_id ? HashId(row.bytes) : row.native_id;
  if (reject && !row.place.empty()) reject->rule += (reject->rule.empty() ? "" : ", ") + row.place;
  if (reject) {
    TakeUnreadable(context, row.bytes, media_type_, native, std::move(*reject), page_);
    return;
  }
  page_.records.push_back(MakeRecord(context, row.bytes, media_type_, native));
  const auto at = row.time ? ReadTime(spec_.time_format, Trim(*row.time)) : std::nullopt;
  page_.records.back().occurred_at = at;
  if (at) Compare(*at);
}

void RowTaker::Compare(Instant at) {
  const bool broken = last_ && ((spec_.order == RecordOrder::kAscending && at < *last_) ||
                                (spec_.order == RecordOrder::kDescending && at > *last_));
  answer_.order_broken = answer_.order_broken || broken;
  last_ = at;
}

std::optional<std::int64_t> WholeNumber(std::string_view text) {
  text = Trim(text);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

ValuePath PathOf(std::string_view text) {
  ValuePath path;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('/'), text.size());
    path.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return path;
}

}  // namespace mc
