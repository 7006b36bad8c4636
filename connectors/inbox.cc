// Messages that a platform pushed: a source like any other, read at our own pace.
//
// The cursor names the last message whose records are all committed and, of the next one, how
// many are. A message is forgotten by the inbox when a stored cursor is behind it.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "connectors/factories.h"
#include "connectors/slices.h"
#include "connectors/sniff.h"
#include "connectors/split.h"
#include "core/inbox.h"
#include "core/json.h"
#include "core/json_at.h"

namespace mc {
namespace {

constexpr std::int64_t kInboxCursorVersion = 1;

struct InboxPlace {
  std::int64_t position = 0;   // of the last message that is done with
  std::int64_t committed = 0;  // records of the one behind it
  std::int64_t through = 0;    // micros: as far as the sender said that all was sent; 0: it never did
};

Result<InboxPlace> Read(const JsonAt& root) {
  MC_CHECK_OK(root.Keys({"v", "position", "committed", "through"}));
  MC_TRY(const JsonAt version, root.Member("v"));
  MC_CHECK_OK(version.Count(kInboxCursorVersion, kInboxCursorVersion));
  InboxPlace place;
  MC_TRY(const JsonAt position, root.Member("position"));
  MC_TRY(place.position, position.Count(0, INT64_MAX));
  MC_TRY(const JsonAt committed, root.Member("committed"));
  MC_TRY(place.committed, committed.Count(0, INT64_MAX));
  MC_TRY(const JsonAt through, root.Member("through"));
  MC_TRY(place.through, through.Count(0, INT64_MAX));
  return place;
}

Result<InboxPlace> InboxPlaceOf(const std::optional<Cursor>& cursor, Instant now) {
  if (!cursor || cursor->text.empty()) return InboxPlace{};
  const auto document = ParseJson(cursor->text);
  if (document.ok() && document->is_object()) {
    if (auto place = Read(JsonAt(*document)); place.ok()) {
      MC_CHECK_OK(NotLaterThan(now, place->through));
      return place;
    }
  }
  return InternalError("bad_cursor",
                       "the saved position of this stream cannot be read: it was not written by this program");
}

class Inbox final : public Connector {
 public:
  Inbox(const Manifest& manifest, InboxReader& inbox, const Clock& clock)
      : manifest_(manifest), inbox_(inbox), clock_(clock) {}

  const Manifest& manifest() const override { return manifest_; }
  Status Check() override { return Ok(); }  // whoever pushes, calls us
  std::vector<std::string> Streams() const override { return {Stream().id}; }

  Result<Page> Pull(const std::string& stream, const std::optional<Cursor>& cursor) override {
    if (stream != Stream().id) return InternalError("unknown_stream", "this source has no such stream");
    MC_TRY(InboxPlace place, InboxPlaceOf(cursor, clock_.Now()));
    MC_CHECK_OK(inbox_.ForgetInbox(manifest_.id, place.position));
    Page page;
    while (RowsOf(page) < manifest_.limits.records_per_page) {
      MC_TRY(const std::vector<InboxMessage> next, inbox_.ReadInbox(manifest_.id, place.position, 1));
      if (next.empty()) {
        page.end = true;
        if (place.through > 0) page.complete_through = Instant{place.through};
        break;
      }
      Take(next.front(), place, page);
    }
    page.next = {Json({{"v", kInboxCursorVersion},
                       {"position", place.position},
                       {"committed", place.committed},
                       {"through", place.through}})
                     .dump()};
    return page;
  }

 private:
  const ManifestStream& Stream() const { return manifest_.streams.front(); }

  void Take(const InboxMessage& message, InboxPlace& place, Page& page) {
    if (held_ != message.position) {
      whole_ = {};
      understood_ = Split(message, whole_);
      held_ = message.position;
    }
    const std::int64_t all = RowsOf(whole_);
    place.committed = TakeSlice(whole_, place.committed, manifest_.limits.records_per_page - RowsOf(page), page);
    if (place.committed < all) return;
    page.notes.insert(page.notes.end(), whole_.notes.begin(), whole_.notes.end());
    page.offered = page.offered.value_or(0) + all;
    page.control_total = page.control_total.value_or(0) + message.record_count.value_or(all);
    const bool whole = understood_ && message.record_count.value_or(all) == all;
    if (!whole) page.notes.push_back(understood_ ? "record_count_differs" : "message_not_understood");
    if (whole && message.complete_through) {
      const Instant said = NoLaterThan(message.received_at, *message.complete_through, page.notes);
      place.through = std::max(place.through, said.micros);
    }
    place.position = message.position;
    place.committed = 0;
    whole_ = {};
    held_ = 0;
  }

  // False when the message is no document of this source; it is set aside as a whole.
  bool Split(const InboxMessage& message, Page& page) const {
    const RecordSpec& spec = SpecOf(manifest_, Stream());
    const RecordContext context = ContextOf(manifest_, Stream().id, message.received_at);
    const auto answer = SplitDocument(spec, message.body, context, {}, page);
    if (answer.ok() && answer->has_rows) {
      if (answer->order_broken) page.notes.push_back("order_broken");
      return true;
    }
    const std::string why = answer.ok() ? "it holds no list of records" : answer.error().message;
    TakeUnreadable(context, message.body, message.media_type, HashId(message.body),
                   {answer.ok() ? "not_this_format" : answer.error().code, "", std::string(Name(spec.format)),
                    "the message looks like " + DescribeBytes(message.body) + "; " + why},
                   page);
    return false;
  }

  const Manifest manifest_;
  InboxReader& inbox_;
  const Clock& clock_;
  // The message in hand, split; made again after a restart.
  std::int64_t held_ = 0;
  Page whole_;
  bool understood_ = true;
};

}  // namespace

Result<std::unique_ptr<Connector>> MakeInbox(const Manifest& manifest, SourceSettings,
                                             const ConnectorContext& context) {
  if (manifest.streams.size() != 1) {
    return ConfigError("one_stream", "source " + manifest.id + ": what is pushed is one stream; give exactly one");
  }
  if (context.inbox == nullptr) {
    return ConfigError("not_supported", "source " + manifest.id + ": there is no inbox here");
  }
  return std::unique_ptr<Connector>(std::make_unique<Inbox>(manifest, *context.inbox, context.clock));
}

}  // namespace mc
