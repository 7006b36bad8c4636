// Goal: every pushed message arrives once, whatever is in it and wherever a pull stops.
// Method: an inbox in memory that forgets what it is told to; pulls from every cursor.
#include "core/inbox.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "core/json.h"
#include "tests/support/fake_http.h"

using namespace mc;
using namespace mc::testing;

namespace {

class MemoryInbox final : public InboxReader {
 public:
  void Push(const std::string& body, std::optional<Instant> through = {}, std::optional<std::int64_t> count = {}) {
    messages.push_back({static_cast<std::int64_t>(messages.size()) + 1 + forgotten, "application/json", body,
                        Instant{1'000}, through, count});
  }
  Result<std::vector<InboxMessage>> ReadInbox(const std::string&, std::int64_t after, std::int64_t most) override {
    std::vector<InboxMessage> found;
    for (const InboxMessage& message : messages) {
      if (message.position > after && static_cast<std::int64_t>(found.size()) < most) found.push_back(message);
    }
    return found;
  }
  Status ForgetInbox(const std::string&, std::int64_t through) override {
    forgotten += std::erase_if(messages, [&](const InboxMessage& m) { return m.position <= through; });
    return Ok();
  }
  std::vector<InboxMessage> messages;
  std::int64_t forgotten = 0;
};

struct Pushed {
  Pushed() {
    const Json json = {{"schema", "minhchung/manifest@1"}, {"id", "pushed"},       {"register", "pushed"},
                       {"title", "t"},                     {"owner", "o"},         {"legal_basis", "l"},
                       {"assumptions", Json::array()},     {"kind", "inbox"},      {"streams", {{{"id", "all"}}}},
                       {"records", {{"format", "json"}, {"key", {"id"}}}},         {"limits", {{"records_per_page", 3}}},
                       {"lag_limit_minutes", 60},          {"expected_interval_minutes", 60}};
    auto parsed = ParseManifest(json);
    REQUIRE_MESSAGE(parsed.ok(), (parsed.ok() ? "" : parsed.error().message));
    manifest = *parsed;
    Make();
  }
  void Make() {
    auto made = MakeConnector(manifest, {}, {http, clock, SleepThread, &inbox});
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message));
    connector = std::move(made).value();
  }
  Pulled Pull(std::optional<Cursor> cursor = std::nullopt) { return PullAll(*connector, "all", std::move(cursor)); }

  Manifest manifest;
  MemoryInbox inbox;
  ManualClock clock{At("2026-06-10T03:00:00Z")};
  FakeHttpClient http{[](const HttpRequest&) { return Answered("", 500); }};
  std::unique_ptr<Connector> connector;
};

std::string PushedRows(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += (text.empty() ? "" : ",") + (R"({"id":")" + std::to_string(i) + "\"}");
  return "[" + text + "]";
}

std::string PushedIds(const Pulled& pulled) {
  std::string text;
  for (const std::string& id : pulled.ids) text += id + " ";
  return text;
}

}  // namespace

TEST_CASE("inbox: messages in order, in slices, and again from every cursor") {
  Pushed pushed;
  pushed.inbox.Push(PushedRows(0, 7));
  pushed.inbox.Push(PushedRows(7, 8));
  const auto kept = pushed.inbox.messages;
  const Pulled whole = pushed.Pull();
  CHECK(PushedIds(whole) == "0 1 2 3 4 5 6 7 ");
  CHECK(whole.control_total == 8);
  std::size_t before = 0;
  std::optional<Cursor> cursor;
  for (const Cursor& next : whole.cursors) {
    pushed.Make();
    pushed.inbox.messages = kept;
    const Pulled rest = pushed.Pull(cursor);
    CHECK(rest.ids == std::vector<std::string>(whole.ids.begin() + static_cast<std::ptrdiff_t>(before), whole.ids.end()));
    pushed.Make();
    pushed.inbox.messages = kept;
    before += pushed.connector->Pull("all", cursor).value().records.size();
    cursor = next;
  }
  CHECK(before == 8);
}

TEST_CASE("inbox: a sender whose clock is ahead completes nothing that is still to come") {
  Pushed pushed;
  pushed.inbox.Push("[]", Instant{1'000});  // received at that very instant
  Pulled pulled = pushed.Pull();
  CHECK(pulled.complete_through == Instant{1'000});
  CHECK(pulled.notes.empty());
  pushed.inbox.Push("[]", Instant{1'001});
  pulled = pushed.Pull(pulled.cursors.back());
  CHECK(pulled.complete_through == Instant{1'000});
  CHECK(pulled.notes == std::vector<std::string>{"sender_clock_ahead"});
  pushed.clock.Set(Instant{999});
  const Pulled refused = pushed.Pull(pulled.cursors.back());
  REQUIRE(refused.error);
  CHECK(refused.error->code == "future_cursor");
}

TEST_CASE("inbox: forgotten only behind a stored cursor") {
  Pushed pushed;
  pushed.inbox.Push(PushedRows(0, 2));
  const auto first = pushed.connector->Pull("all", std::nullopt).value();
  CHECK(first.end);
  CHECK(pushed.inbox.messages.size() == 1);
  CHECK(pushed.connector->Pull("all", first.next).value().records.empty());
  CHECK(pushed.inbox.messages.empty());
}

TEST_CASE("inbox: complete as far as the sender says, and only when all of it arrived") {
  Pushed pushed;
  pushed.inbox.Push(PushedRows(0, 2));
  Pulled pulled = pushed.Pull();
  CHECK_FALSE(pulled.complete_through);  // it never said so
  pushed.inbox.Push("[]", Instant{100});
  pulled = pushed.Pull(pulled.cursors.back());
  CHECK(pulled.complete_through == Instant{100});
  pushed.inbox.Push(PushedRows(2, 4), Instant{200}, 3);
  pulled = pushed.Pull(pulled.cursors.back());
  CHECK(pulled.notes == std::vector<std::string>{"record_count_differs"});
  CHECK(pulled.control_total == 3);
  CHECK(pulled.complete_through == Instant{100});
  pushed.inbox.Push(PushedRows(4, 5), Instant{300}, 1);
  pulled = pushed.Pull(pulled.cursors.back());
  CHECK(pulled.complete_through == Instant{300});
  CHECK(pushed.Pull(pulled.cursors.back()).complete_through == Instant{300});  // silence does not move it
}

TEST_CASE("inbox: a bad message is set aside, the others are read") {
  Pushed pushed;
  pushed.inbox.Push("<html>", Instant{100});
  pushed.inbox.Push(R"([{"id":"1"},{"x":1}])");
  const auto page = pushed.connector->Pull("all", std::nullopt).value();
  CHECK(page.records.size() == 1);
  REQUIRE(page.unreadable.size() == 2);
  CHECK(page.unreadable[0].reason.code == "bad_json");
  CHECK(page.unreadable[0].record.bytes == "<html>");
  CHECK(page.unreadable[1].reason.code == "missing_id");
  CHECK_FALSE(page.complete_through);
  CHECK(page.notes == std::vector<std::string>{"message_not_understood"});
}

TEST_CASE("inbox: what cannot be one is refused") {
  Pushed pushed;
  Manifest two = pushed.manifest;
  two.streams.push_back({"more", "", "", {}});
  CHECK(MakeConnector(two, {}, {pushed.http, pushed.clock, SleepThread, &pushed.inbox}).error().code == "one_stream");
  CHECK(MakeConnector(pushed.manifest, {}, {pushed.http, pushed.clock}).error().code == "not_supported");
  for (const char* text : {"x", "{}", R"({"v":1,"position":-1,"committed":0,"through":0})"}) {
    CHECK(pushed.connector->Pull("all", Cursor{text}).error().code == "bad_cursor");
  }
}

TEST_CASE("inbox: a position far behind its message is at the message's end") {
  Pushed pushed;
  pushed.inbox.Push(PushedRows(0, 2));
  const auto page = pushed.connector->Pull(
      "all", Cursor{R"({"v":1,"position":0,"committed":9223372036854775807,"through":0})"});
  REQUIRE(page.ok());
  CHECK(page->records.empty());
  CHECK(page->end);
}
