#include "connectors/pull_common.h"

#include <algorithm>

namespace mc {
namespace {

Status CheckSuccess(const std::optional<SuccessTest>& test, const JsonPage& page) {
  if (!test) return Ok();
  const auto found = page.fields.find(test->field);
  const std::string value = found == page.fields.end() ? "" : found->second;
  if (std::find(test->equals.begin(), test->equals.end(), value) != test->equals.end()) return Ok();
  return TransientError("source_error", "the source answers that it failed: " + test->field + ShownCode(value));
}

}  // namespace

Error Unsplit(const Error& error) {
  if (error.code == "too_many_rows") return ConfigError(error.code, error.message);
  return error.error_class == ErrorClass::kData ? TransientError(error.code, error.message) : error;
}

std::vector<std::string> PullingConnector::Streams() const {
  std::vector<std::string> ids;
  for (const ManifestStream& stream : context_.manifest.streams) ids.push_back(stream.id);
  return ids;
}

bool PullingConnector::Full(const Page& page) const {
  const ManifestLimits& limits = context_.manifest.limits;
  const auto rows = static_cast<std::int64_t>(page.records.size() + page.unreadable.size());
  if (rows >= std::max(limits.records_per_page, limits.records_per_commit)) return true;
  std::size_t bytes = 0;
  for (const SourceRecord& record : page.records) bytes += record.bytes.size();
  for (const UnreadableRecord& bad : page.unreadable) bytes += bad.record.bytes.size();
  return bytes >= kCommitBytes;
}

Status PullingConnector::Check() {
  for (const ManifestStream& stream : context_.manifest.streams) {
    PullPlan plan = context_.plan;
    plan.start = CityDate(context_.clock.Now());
    plan.limits.records_per_page = 1;
    MC_TRY(Position position, PositionOf(plan, std::nullopt, context_.clock.Now()));
    MC_CHECK_OK(Probe(stream, std::move(position)));
  }
  return Ok();
}

Result<JsonPage> PullingConnector::FetchJson(const FetchRequest& request, const JsonLayout& layout, std::string& body) {
  Result<JsonPage> page = JsonPage{};
  const char* split_at = nullptr;
  const Accept accept = [&](const HttpResponse& response) -> Status {
    page = SplitJson(response.body, layout);
    split_at = response.body.data();
    if (!page.ok()) return Unsplit(page.error());
    MC_CHECK_OK(CheckSuccess(context_.manifest.endpoints.at(request.endpoint).success, *page));
    if (page->has_rows) return Ok();
    return TransientError("unexpected_answer", "the source's answer holds no list of records");
  };
  auto response = fetcher_.Fetch(request, accept);
  if (!response.ok() && response.error().code == "not_offered") {
    return ConfigError("http_status", response.error().message);
  }
  if (!response.ok()) return response.error();
  body = std::move(response->body);
  // The page's slices stay good where the bytes only changed hands; a text so short that it
  // lies inside its string has moved.
  if (body.data() == split_at) return page;
  return SplitJson(body, layout);
}

Result<const ManifestStream*> PullingConnector::StreamOf(const std::string& id) const {
  const auto& streams = context_.manifest.streams;
  const auto stream = std::find_if(streams.begin(), streams.end(), [&](const auto& s) { return s.id == id; });
  if (stream == streams.end()) return InternalError("unknown_stream", "this source has no such stream");
  return &*stream;
}

Result<Page> PullingConnector::Pull(const std::string& stream_id, const std::optional<Cursor>& cursor) {
  MC_TRY(const ManifestStream* const stream, StreamOf(stream_id));
  MC_TRY(Position position, PositionOf(context_.plan, cursor, context_.clock.Now()));
  Page page;
  for (std::int64_t steps = 0; steps < context_.manifest.limits.pages_per_pull && !Full(page); ++steps) {
    const Position before = position;
    const auto window_done = Step(*stream, position, page);
    if (!window_done.ok()) {
      if (steps == 0) return window_done.error();
      position = before;
      break;
    }
    const std::string place = PlaceOf(before);
    if (page.windows.empty() || page.windows.back() != place) page.windows.push_back(place);
    if (*window_done && !NextWindow(context_.plan, position)) {
      page.end = true;
      page.next = DoneCursor(context_.plan, position);
      if (!position.gap) page.complete_through = position.began;
      return page;
    }
  }
  page.next = CursorOf(context_.plan, position);
  return page;
}

Result<Page> PullingConnector::ReadAgain(const std::string& stream_id, const std::string& window,
                                         const std::vector<RecordAsk>&, const std::optional<Cursor>& at) {
  MC_TRY(const ManifestStream* const stream, StreamOf(stream_id));
  const Instant now = context_.clock.Now();
  MC_TRY(Position position, at ? PositionOf(context_.plan, at, now) : PositionIn(context_.plan, window, now));
  Page page;
  for (std::int64_t steps = 0; steps < context_.manifest.limits.pages_per_pull && !Full(page); ++steps) {
    MC_TRY(page.end, Step(*stream, position, page));
    if (page.end && !position.gap) page.complete_through = position.window_to;
    if (page.end) return page;
  }
  page.next = CursorOf(context_.plan, position);
  return page;
}

}  // namespace mc
