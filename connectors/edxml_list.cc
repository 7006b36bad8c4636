// Document messages: a list by date window, then one fetch per message.
//
// The list has no pages, and its order is not promised. Entries are therefore taken in the
// order of (created_time, docId), and the cursor names the last one taken: entries that
// arrive or move between two pulls are neither lost nor taken twice. A hub whose list knows
// no days gives it whole each time; entries from before the window are then passed over.
//
// Nothing is acknowledged: a transport status that we set would take the entry from others.

#include <algorithm>
#include <map>

#include "connectors/json_scan.h"
#include "connectors/json_shape.h"
#include "connectors/pull_common.h"
#include "connectors/records.h"
#include "connectors/sniff.h"
#include "connectors/split.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr const char* kIdFact = "docId";
constexpr std::string_view kCut = "cut_message";
constexpr std::string_view kRefused = "message_refused";
constexpr int kCutAttempts = 2;
constexpr std::size_t kIdLimitBytes = 200;
constexpr const char* kById = "by_id";  // Page::windows: a message is asked for by its id

// An id goes into addresses and headers.
bool IsPlainId(const std::string& id) {
  return id.size() <= kIdLimitBytes && std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

// Two spellings of one field, even within one list.
std::string IdOf(const JsonRow& row) {
  const std::string id = row.Text(kIdFact);
  return id.empty() ? row.Text("id") : id;
}

// "yyyy/MM/dd HH:mm:ss" of the hub, city time.
std::optional<Instant> HubTime(const std::string& text) {
  if (text.size() != 19 || text[4] != '/' || text[7] != '/' || text[10] != ' ') return std::nullopt;
  std::string iso =
      text.substr(0, 4) + "-" + text.substr(5, 2) + "-" + text.substr(8, 2) + "T" + text.substr(11) + "+07:00";
  const auto at = ParseInstant(iso);
  return at.ok() ? std::optional(*at) : std::nullopt;
}

class EdxmlList final : public PullingConnector {
 public:
  using PullingConnector::PullingConnector;

  // A hub's list forgets what somebody acknowledged; whether it still has the message, the fetch says.
  Result<Page> ReadAgain(const std::string& stream_id, const std::string& window, const std::vector<RecordAsk>& asked,
                         const std::optional<Cursor>& at) override {
    MC_TRY(const ManifestStream* const stream, StreamOf(stream_id));
    if (window != kById) return DataError("window_moved", "this source is asked for messages by their id");
    const RecordContext context = ContextOf(context_.manifest, stream_id, context_.clock.Now());
    const auto first = static_cast<std::size_t>(at ? std::strtoull(at->text.c_str(), nullptr, 10) : 0);
    Page page;
    std::size_t next = first;
    for (; next < asked.size() && !Full(page); ++next) {
      const Status taken = TakeAgain(*stream, context, asked[next], page);
      if (taken.ok()) continue;
      if (next == first) return taken.error();
      break;
    }
    page.next = Cursor{std::to_string(next)};
    page.end = next == asked.size();
    if (page.end) page.complete_through = context_.clock.Now();
    return page;
  }

 protected:
  std::string PlaceOf(const Position&) const override { return kById; }

  Result<bool> Step(const ManifestStream& stream, Position& position, Page& page) override {
    std::string body;
    MC_TRY(const JsonPage list, FetchJson(ListRequest(stream, position), {"data", "count"}, body));
    const std::map<std::string, const JsonRow*> entries = InOrder(list, position);
    if (position.after.empty()) {
      NoteShortList(list, position, page);
      TakeNamelessEntries(stream, list, page);
    }
    for (auto entry = entries.upper_bound(position.after); entry != entries.end(); ++entry) {
      // At least one entry per step: nameless ones alone must not stop the walk.
      if (Full(page) && !position.after.empty()) return false;
      const std::size_t taken = page.records.size() + page.unreadable.size();
      const Status status = TakeEntry(stream, *entry->second, page);
      // What came before the failure is handed over; the next pull meets it again.
      if (!status.ok()) return taken == 0 ? Result<bool>(status.error()) : Result<bool>(false);
      position.after = entry->first;
    }
    // A list may hold an entry twice, and count it so: what it counts beyond its rows is missing.
    const auto listed = static_cast<std::int64_t>(entries.size());
    const auto missing = list.total.value_or(0) - static_cast<std::int64_t>(list.rows.size());
    page.control_total = page.control_total.value_or(0) + listed + std::max<std::int64_t>(0, missing);
    page.offered = page.offered.value_or(0) + listed;
    return true;
  }

  Status Probe(const ManifestStream& stream, Position position) override {
    std::string body;
    const auto list = FetchJson(ListRequest(stream, position), {"data", "count"}, body);
    return list.ok() ? Ok() : Status(list.error());
  }

 private:
  const MessageSpec& spec() const { return context_.manifest.messages; }

  FetchRequest Worded(std::string endpoint, Headers parameters) const {
    parameters.insert(parameters.end(), spec().fixed.begin(), spec().fixed.end());
    FetchRequest request{std::move(endpoint), {}, ""};
    (spec().in_headers ? request.headers : request.query) = std::move(parameters);
    return request;
  }

  FetchRequest ListRequest(const ManifestStream& stream, const Position& position) const {
    Headers parameters = {{spec().in_headers ? "messagetype" : "messageType", stream.argument}};
    if (spec().by_days) {
      parameters.emplace_back("fromDate", DayText(FirstDayOf(position), '/'));
      parameters.emplace_back("toDate", DayText(LastDayOf(position), '/'));
    }
    return Worded("list", std::move(parameters));
  }

  // One entry per id: a hub lists some twice.
  std::map<std::string, const JsonRow*> InOrder(const JsonPage& list, const Position& position) const {
    std::map<std::string, const JsonRow*> entries;
    for (const JsonRow& row : list.rows) {
      const std::string id = IdOf(row);
      if (!spec().by_days && IsBefore(row, position.window_from)) continue;
      if (!id.empty()) entries.emplace(row.Text("created_time") + "|" + id, &row);
    }
    return entries;
  }

  // An entry without a readable time is never passed over.
  static bool IsBefore(const JsonRow& row, Instant from) {
    const auto at = HubTime(row.Text("created_time"));
    return at && *at < from;
  }

  static void NoteShortList(const JsonPage& list, Position& position, Page& page) {
    if (!list.total || *list.total <= static_cast<std::int64_t>(list.rows.size())) return;
    page.notes.push_back("rows_missing");
    position.gap = true;
  }

  void TakeNamelessEntries(const ManifestStream& stream, const JsonPage& list, Page& page) const {
    const RecordContext context = ContextOf(context_.manifest, stream.id, context_.clock.Now());
    for (const JsonRow& row : list.rows) {
      if (IdOf(row).empty()) TakeRow(context, {"docId:", {kIdFact}}, row, page);
    }
  }

  // A message that is not there, or too long to be taken, is quarantined by its list entry.
  Status TakeEntry(const ManifestStream& stream, const JsonRow& entry, Page& page) {
    RecordContext context = ContextOf(context_.manifest, stream.id, context_.clock.Now());
    const std::string id = IdOf(entry);
    context.facts[kIdFact] = id;
    if (!IsPlainId(id)) {
      TakeUnreadable(context, entry.bytes, "application/json", HashId(entry.bytes),
                     {"bad_id", kIdFact, "", "the id in the list cannot be asked for"}, page);
      return Ok();
    }
    const auto message = FetchMessage(id);
    if (message.ok()) {
      const std::size_t before = page.records.size();
      TakeEdxml(context, *message, page);
      if (page.records.size() > before) page.records.back().occurred_at = HubTime(entry.Text("created_time"));
      return Ok();
    }
    const Error& error = message.error();
    if (error.error_class != ErrorClass::kData && !IsOfThisMessage(error, stream)) return error;
    TakeUnreadable(context, entry.bytes, "application/json", "docId:" + id, {error.code, kIdFact, "", error.message},
                   page);
    return Ok();
  }

  // One that is not there any more while the list is served adds nothing; no other fault of a message is that.
  Status TakeAgain(const ManifestStream& stream, RecordContext context, const RecordAsk& asked, Page& page) {
    const auto id = asked.facts.find(kIdFact);
    if (id == asked.facts.end() || !IsPlainId(id->second)) {
      return DataError("no_read_back", "the record does not say under which id the hub has it");
    }
    context.facts[kIdFact] = id->second;
    const auto message = FetchMessage(id->second);
    if (message.ok()) {
      TakeEdxml(context, *message, page);
      return Ok();
    }
    const Error& error = message.error();
    const bool not_there = (error.code == "not_offered" || error.code == kRefused) && IsServed(stream);
    return not_there ? Ok() : Status(error);
  }

  Result<std::string> FetchMessage(const std::string& id) {
    int cut = 0;
    std::string message;
    const auto response = fetcher_.Fetch(Worded("fetch", {{kIdFact, id}}), [&](const HttpResponse& r) -> Status {
      MC_TRY(message, MessageIn(r.body));
      auto status = AcceptMessage(message);
      // Cut twice: the message itself is broken, and is quarantined as it is.
      const bool broken = !status.ok() && status.error().code == kCut && ++cut == kCutAttempts;
      return broken ? Ok() : status;
    });
    return response.ok() ? Result<std::string>(std::move(message)) : response.error();
  }

  // The message itself, or what the answer holds at the manifest's path.
  Result<std::string> MessageIn(const std::string& body) const {
    if (spec().message.empty()) return body;
    const auto document = json_scan::Whole(body, kSplitDepthLimit);
    if (!document) return TransientError("bad_json", "the source's answer is cut or not JSON");
    const auto value = json_scan::At(*document, spec().message);
    std::string message = value ? json_scan::Scalar(*value).value_or("") : "";
    if (message.empty()) return TransientError(std::string(kRefused), "the source answers without the message");
    return message;
  }

  // A hub that says "failed" with status 200 does not say whose fault it is. While its list
  // is served, it is that of this one message: it is set aside and stops nothing.
  bool IsOfThisMessage(const Error& error, const ManifestStream& stream) {
    return error.code == kRefused && IsServed(stream);
  }

  bool IsServed(const ManifestStream& stream) {
    PullPlan today = context_.plan;
    today.start = CityDate(context_.clock.Now());
    const auto position = PositionOf(today, std::nullopt, context_.clock.Now());
    return position.ok() && Probe(stream, *position).ok();
  }

  Status AcceptMessage(std::string_view body) const {
    if (Sniff(body) == LooksLike::kJson) {
      if (spec().in_headers) return TransientError(std::string(kRefused), "the source answers without the message");
      return TransientError("source_error", "the source answers with JSON instead of the message");
    }
    const auto root = RootOf(body);
    if (root && HasEndTag(body, *root)) return Ok();
    return TransientError(std::string(kCut), "the message ends before the end of its root element");
  }
};

}  // namespace

std::unique_ptr<Connector> MakeEdxmlList(PullContext context) {
  if (!context.manifest.messages.by_days) context.plan.limits.window_days = kWholeReachDays;
  return std::make_unique<EdxmlList>(std::move(context));
}

}  // namespace mc
