// Document messages: a list by date window, then one fetch per message.
//
// The list has no pages, and its order is not promised. Entries are therefore taken in the
// order of (created_time, docId), and the cursor names the last one taken: entries that
// arrive or move between two pulls are neither lost nor taken twice.

#include <algorithm>
#include <map>

#include "connectors/json_shape.h"
#include "connectors/pull_common.h"
#include "connectors/records.h"
#include "connectors/sniff.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr const char* kIdFact = "docId";
constexpr std::string_view kCut = "cut_message";
constexpr int kCutAttempts = 2;

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

 protected:
  Result<bool> Step(const ManifestStream& stream, Position& position, Page& page) override {
    std::string body;
    MC_TRY(const JsonPage list, FetchJson(ListRequest(stream, position), {"data", "count"}, body));
    const std::map<std::string, const JsonRow*> entries = InOrder(list);
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
  static FetchRequest ListRequest(const ManifestStream& stream, const Position& position) {
    return {"list",
            {{"messageType", stream.argument},
             {"fromDate", DayText(FirstDayOf(position), '/')},
             {"toDate", DayText(LastDayOf(position), '/')}},
            ""};
  }

  // One entry per id: a hub lists some twice.
  static std::map<std::string, const JsonRow*> InOrder(const JsonPage& list) {
    std::map<std::string, const JsonRow*> entries;
    for (const JsonRow& row : list.rows) {
      const std::string id = row.Text(kIdFact);
      if (!id.empty()) entries.emplace(row.Text("created_time") + "|" + id, &row);
    }
    return entries;
  }

  static void NoteShortList(const JsonPage& list, Position& position, Page& page) {
    if (!list.total || *list.total <= static_cast<std::int64_t>(list.rows.size())) return;
    page.notes.push_back("rows_missing");
    position.gap = true;
  }

  void TakeNamelessEntries(const ManifestStream& stream, const JsonPage& list, Page& page) const {
    const RecordContext context = ContextOf(context_.manifest, stream.id, context_.clock.Now());
    for (const JsonRow& row : list.rows) {
      if (row.Text(kIdFact).empty()) TakeRow(context, {"docId:", {kIdFact}}, row, page);
    }
  }

  // A message that is not there, or too long to be taken, is quarantined by its list entry.
  Status TakeEntry(const ManifestStream& stream, const JsonRow& entry, Page& page) {
    RecordContext context = ContextOf(context_.manifest, stream.id, context_.clock.Now());
    const std::string id = entry.Text(kIdFact);
    context.facts[kIdFact] = id;
    int cut = 0;
    const auto response = fetcher_.Fetch({"fetch", {{"docId", id}}, ""}, [&](const HttpResponse& r) -> Status {
      auto status = AcceptMessage(r.body);
      // Cut twice: the message itself is broken, and is quarantined as it is.
      const bool broken = !status.ok() && status.error().code == kCut && ++cut == kCutAttempts;
      return broken ? Ok() : status;
    });
    if (response.ok()) {
      const std::size_t before = page.records.size();
      TakeEdxml(context, response->body, page);
      if (page.records.size() > before) page.records.back().occurred_at = HubTime(entry.Text("created_time"));
      return Ok();
    }
    const Error& error = response.error();
    if (error.error_class != ErrorClass::kData) return error;
    TakeUnreadable(context, entry.bytes, "application/json", "docId:" + id, {error.code, kIdFact, "", error.message},
                   page);
    return Ok();
  }

  static Status AcceptMessage(std::string_view body) {
    if (Sniff(body) == LooksLike::kJson) {
      return TransientError("source_error", "the source answers with JSON instead of the message");
    }
    const auto root = RootOf(body);
    if (root && HasEndTag(body, *root)) return Ok();
    return TransientError(std::string(kCut), "the message ends before the end of its root element");
  }
};

}  // namespace

std::unique_ptr<Connector> MakeEdxmlList(PullContext context) {
  return std::make_unique<EdxmlList>(std::move(context));
}

}  // namespace mc
