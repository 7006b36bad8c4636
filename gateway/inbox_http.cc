#include "gateway/inbox_http.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/json.h"
#include "core/text.h"
#include "core/time.h"

namespace mc {
namespace {

constexpr const char* kKeyHeader = "idempotency-key";
constexpr const char* kThroughHeader = "minhchung-complete-through";
constexpr const char* kCountHeader = "minhchung-record-count";
constexpr std::int64_t kMostRecords = 1'000'000'000;
constexpr const char* kRetryAfterSeconds = "60";

std::string HeaderOf(const RouteRequest& request, const char* name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : std::string(Trim(found->second));
}

bool IsKey(const std::string& key) {
  return !key.empty() && key.size() <= kIdempotencyKeyLimitBytes &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

std::vector<std::string_view> MediaTypesOf(RecordFormat format) {
  switch (format) {
    case RecordFormat::kJson: return {"application/json"};
    case RecordFormat::kNdjson: return {"application/x-ndjson", "application/jsonl"};
    case RecordFormat::kCsv: return {"text/csv"};
    case RecordFormat::kXlsx: return {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};
    case RecordFormat::kXml:
    case RecordFormat::kEdxml: return {"application/xml", "text/xml"};
  }
  return {};
}

std::string MediaTypeOf(const RouteRequest& request) {
  const std::string header = HeaderOf(request, "content-type");
  return ToLowerAscii(Trim(std::string_view(header).substr(0, header.find(';'))));
}

RouteAnswer BadRequest(const std::string& detail) { return ProblemAnswer(400, "Bad Request", detail); }

Result<std::optional<Instant>> ThroughOf(const RouteRequest& request) {
  const std::string text = HeaderOf(request, kThroughHeader);
  if (text.empty()) return std::optional<Instant>();
  MC_TRY(const Instant at, ParseInstant(text));
  return std::optional(at);
}

Result<std::optional<std::int64_t>> CountOf(const RouteRequest& request) {
  const std::string text = HeaderOf(request, kCountHeader);
  if (text.empty()) return std::optional<std::int64_t>();
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 0 || count > kMostRecords) {
    return DataError("bad_count", "not a count");
  }
  return std::optional(count);
}

RouteAnswer AnswerOf(const InboxReceipt& receipt) {
  const Json body = {
      {"message", receipt.position}, {"received_at", FormatInstant(receipt.received_at)}, {"sha256", receipt.sha256}};
  return {202, "application/json", body.dump() + "\n", {}};
}

RouteAnswer RefusalOf(const Error& error) {
  if (error.code == "key_reused") return ProblemAnswer(422, "Unprocessable Content", error.message);
  RouteAnswer answer = error.code == "inbox_full"
                           ? ProblemAnswer(429, "Too Many Requests", error.message)
                           : ProblemAnswer(503, "Service Unavailable", "not stored; send the same again later");
  answer.headers.emplace_back("Retry-After", kRetryAfterSeconds);
  return answer;
}

}  // namespace

std::optional<RouteAnswer> InboxApi::Refuse(const RouteRequest& request) const {
  const std::string name = request.captures.empty() ? "" : request.captures.front();
  if (auto refused = check_(request, name)) return refused;
  const auto source = sources_.find(name);
  if (source == sources_.end()) return ProblemAnswer(404, "Not Found", "the settings name no such source to push to");
  if (!IsKey(HeaderOf(request, kKeyHeader))) {
    return BadRequest("give an Idempotency-Key of 1 to 255 visible ASCII characters");
  }
  const auto allowed = MediaTypesOf(source->second.format);
  if (std::find(allowed.begin(), allowed.end(), MediaTypeOf(request)) == allowed.end()) {
    return ProblemAnswer(415, "Unsupported Media Type",
                         "send this source's records as " + std::string(allowed.front()));
  }
  return std::nullopt;
}

RouteAnswer InboxApi::Take(const RouteRequest& request) {
  if (auto refused = check_whole_(request, request.captures.front())) return *refused;
  if (request.body.empty()) return BadRequest("the body is empty");
  const auto through = ThroughOf(request);
  if (!through.ok()) return BadRequest("Minhchung-Complete-Through is a time of RFC 3339");
  const auto count = CountOf(request);
  if (!count.ok()) return BadRequest("Minhchung-Record-Count is a whole number");
  const InboxPut put{
      request.captures.front(), HeaderOf(request, kKeyHeader), MediaTypeOf(request), request.body, *through, *count};
  const std::lock_guard lock(mutex_);
  const auto receipt = writer_.PutInbox(put);
  return receipt.ok() ? AnswerOf(*receipt) : RefusalOf(receipt.error());
}

}  // namespace mc
