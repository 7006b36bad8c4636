// Goal: every listed message is fetched once, in an order that survives restarts and a list
// that moves; a bad message is set aside and stops nothing. Method: a fake hub.

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "core/digest.h"
#include "tests/support/fake_http.h"

using namespace mc;
using namespace mc::testing;

namespace {

struct Message {
  std::string id, created, bytes;  // created: "yyyy/MM/dd HH:mm:ss"
};

std::string XmlAnswer(const std::string& text) {
  return "<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"><Subject>" + text + "</Subject></edXML>";
}

struct Hub {
  std::vector<Message> messages;
  std::map<std::string, Result<HttpResponse>> instead;  // by docId
  bool doubled = false;

  Result<HttpResponse> operator()(const HttpRequest& request) const {
    return request.url.find("getEdoc") != std::string::npos ? Fetch(QueryValue(request.url, "docId"))
                                                            : List(request.url);
  }

  Result<HttpResponse> List(const std::string& url) const {
    Json data = Json::array();
    for (const Message& m : messages) {
      const std::string day = m.created.substr(0, 10);
      if (day < QueryValue(url, "fromDate") || day > QueryValue(url, "toDate")) continue;
      for (int i = doubled ? 2 : 1; i > 0; --i) data.push_back({{"docId", m.id}, {"created_time", m.created}});
    }
    return Answered(Json{{"success", true}, {"count", data.size()}, {"data", data}}.dump());
  }

  Result<HttpResponse> Fetch(const std::string& id) const {
    if (const auto other = instead.find(id); other != instead.end()) return other->second;
    for (const Message& m : messages) {
      if (m.id == id) return Answered(m.bytes);
    }
    return Answered(R"({"success":false})", 404);
  }
};

Hub SmallHub(int count) {
  Hub hub;
  for (int i = 0; i < count; ++i) {
    const std::string day = i % 2 == 0 ? "2026/06/10" : "2026/06/08";  // the list is not in order
    hub.messages.push_back({"m" + std::to_string(i), day + " 08:00:00", XmlAnswer(std::to_string(i))});
  }
  return hub;
}

std::set<std::string> Hashes(const Hub& hub) {
  std::set<std::string> ids;
  for (const Message& m : hub.messages) ids.insert(ToHex(Sha256(m.bytes)));
  return ids;
}

Manifest HubManifest(std::int64_t per_page) {
  Manifest manifest = ManifestNamed("documents");
  manifest.limits.records_per_page = per_page;
  return manifest;
}

}  // namespace

TEST_CASE("all messages, each once, with docId and hub time") {
  Hub hub = SmallHub(5);
  hub.doubled = true;  // a hub lists some entries twice
  Rig rig(HubManifest(100), [&](const HttpRequest& r) { return hub(r); });
  const auto page = rig.connector->Pull("documents", std::nullopt);
  REQUIRE(page.ok());
  CHECK(page->end);
  CHECK(page->control_total == 5);
  CHECK(page->complete_through == At("2026-06-10T03:00:00Z"));
  REQUIRE(page->records.size() == 5);
  const SourceRecord& first = page->records[0];
  CHECK(first.facts.at("docId") == "m1");
  CHECK(first.occurred_at == At("2026-06-08T01:00:00Z"));
  CHECK(first.media_type == "application/xml");
  CHECK(first.key.native_id == ToHex(Sha256(XmlAnswer("1"))));
  CHECK(QueryValue(rig.http.requests[0].url, "messageType") == "edoc");
  CHECK(QueryValue(rig.http.requests[0].url, "fromDate") == "2026/06/08");
  CHECK(QueryValue(rig.http.requests[0].url, "toDate") == "2026/06/10");
}

TEST_CASE("resumed from every cursor, while new messages arrive in front and the list turns round") {
  for (const std::int64_t per_page : {1, 2, 3}) {
    Hub hub = SmallHub(7);
    Rig rig(HubManifest(per_page), [&](const HttpRequest& r) { return hub(r); });
    std::optional<Cursor> cursor;
    std::multiset<std::string> got;
    for (int i = 0; i < 50; ++i) {
      const auto page = rig.connector->Pull("documents", cursor);
      REQUIRE(page.ok());
      for (const auto& record : page->records) got.insert(record.key.native_id);
      CHECK(page->records.size() <= static_cast<std::size_t>(per_page));
      std::reverse(hub.messages.begin(), hub.messages.end());
      if (i == 1) hub.messages.push_back({"late", "2026/06/10 09:00:00", XmlAnswer("late")});
      rig.Make();
      cursor = page->next;
      if (page->end) break;
    }
    CHECK(std::set(got.begin(), got.end()) == Hashes(hub));
    CHECK(got.size() == hub.messages.size());
  }
}

TEST_CASE("the next run reads one day again") {
  Hub hub = SmallHub(2);
  Rig rig(HubManifest(100), [&](const HttpRequest& r) { return hub(r); });
  const Pulled first = PullAll(*rig.connector, "statuses");
  rig.http.requests.clear();
  rig.clock.Set(At("2026-06-12T03:00:00Z"));
  PullAll(*rig.connector, "statuses", first.cursors.back());
  CHECK(QueryValue(rig.http.requests[0].url, "messageType") == "status");
  CHECK(QueryValue(rig.http.requests[0].url, "fromDate") == "2026/06/09");
}

TEST_CASE("bad messages are set aside by what is known of them; the rest is taken") {
  struct Row {
    const char* name;
    Result<HttpResponse> answer;
    const char* code;
    const char* native_id;  // empty: hash of the bytes
  };
  const std::string cut = XmlAnswer("cut").substr(0, 60);
  const std::string junk = "1212<?xml version=\"1.0\"?>" + XmlAnswer("junk");
  const Row rows[] = {
      {"not there", Answered("{}", 404), "not_offered", "docId:m0"},
      {"over the body limit", Result<HttpResponse>(DataError("body_too_large", "x")), "body_too_large", "docId:m0"},
      {"cut", Answered(cut), "bad_xml", ""},
      {"another vocabulary", Answered("<Envelope></Envelope>"), "unknown_vocabulary", ""},
      {"junk in front", Answered(junk), "", ""},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    Hub hub = SmallHub(2);
    hub.instead.emplace("m0", row.answer);
    Rig rig(HubManifest(100), [&](const HttpRequest& r) { return hub(r); });
    const auto page = rig.connector->Pull("documents", std::nullopt);
    REQUIRE(page.ok());
    CHECK(page->end);
    CHECK(page->control_total == 2);
    const bool good = std::string(row.code).empty();
    REQUIRE(page->records.size() == (good ? 2 : 1));
    REQUIRE(page->unreadable.size() == (good ? 0 : 1));
    if (good) continue;
    const UnreadableRecord& bad = page->unreadable[0];
    CHECK(bad.reason.code == row.code);
    CHECK_FALSE(bad.record.bytes.empty());
    CHECK(bad.record.facts.at("docId") == "m0");
    const std::string native = row.native_id;
    CHECK(bad.record.key.native_id == (native.empty() ? ToHex(Sha256(bad.record.bytes)) : native));
  }
}

TEST_CASE("a message that is cut once comes whole the second time") {
  Hub hub = SmallHub(1);
  int fetches = 0;
  Rig rig(HubManifest(100), [&](const HttpRequest& r) -> Result<HttpResponse> {
    if (r.url.find("getEdoc") != std::string::npos && ++fetches == 1) return Answered(XmlAnswer("0").substr(0, 40));
    return hub(r);
  });
  const Pulled pulled = PullAll(*rig.connector, "documents");
  CHECK(pulled.ids.size() == 1);
  CHECK(pulled.unreadable.empty());
}

TEST_CASE("a hub that fails in the middle: what came before stays, and the failure is told") {
  struct Row {
    Result<HttpResponse> answer;
    const char* code;
  };
  const Row rows[] = {{Answered("", 500), "http_status"},
                      {Answered("<html>"), "html_instead_of_data"},
                      {Answered(""), "empty_answer"},
                      {Answered(R"({"success":false})"), "source_error"},
                      {Answered("", 401), "refused"}};
  for (const Row& row : rows) {
    Hub hub = SmallHub(4);
    hub.instead.emplace("m0", row.answer);  // third in order
    Rig rig(HubManifest(100), [&](const HttpRequest& r) { return hub(r); });
    Pulled pulled = PullAll(*rig.connector, "documents");
    CHECK(pulled.ids.size() == 2);
    REQUIRE(pulled.error.has_value());
    CHECK(pulled.error->code == row.code);
    REQUIRE(pulled.cursors.size() == 1);
    hub.instead.clear();
    const Pulled rest = PullAll(*rig.connector, "documents", pulled.cursors.back());
    CHECK_FALSE(rest.error.has_value());
    CHECK(rest.ids.size() == 2);
  }
}

TEST_CASE("a list that states more than it holds is no complete pull") {
  Rig rig(HubManifest(100), [](const HttpRequest&) { return Answered(R"({"success":true,"count":3,"data":[]})"); });
  const Pulled pulled = PullAll(*rig.connector, "documents");
  CHECK_FALSE(pulled.complete_through.has_value());
  CHECK(pulled.notes == std::vector<std::string>{"rows_missing"});
}

TEST_CASE("entries without an id are set aside and stop nothing, however many") {
  Json data = Json::array();
  for (int i = 0; i < 5; ++i) data.push_back({{"from", std::to_string(i)}});
  data.push_back({{"docId", "a"}, {"created_time", "2026/06/09 08:00:00"}});
  data.push_back({{"docId", "b"}, {"created_time", "2026/06/09 08:00:00"}});
  Rig rig(HubManifest(2), [&](const HttpRequest& r) {
    if (r.url.find("getEdoc") != std::string::npos) return Answered(XmlAnswer(QueryValue(r.url, "docId")));
    return Answered(Json{{"success", true}, {"count", 7}, {"data", data}}.dump());
  });
  const Pulled pulled = PullAll(*rig.connector, "documents");
  CHECK(pulled.ids.size() == 2);
  CHECK(pulled.unreadable.size() == 5);
}
