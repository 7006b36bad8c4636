// Goal: a REST list described by a manifest alone is read whole, whatever its paging, and
// every fault of paging is either repaired or seen.
// Method: a fake source of numbered rows behind each paging; manifests are made here.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "connectors/json_page.h"
#include "connectors/windows.h"
#include "tests/support/fake_http.h"

using namespace mc;
using testing::Answered;
using testing::PullAll;
using testing::QueryValue;
using testing::Rig;

namespace {

Json Base() {
  return Json::parse(R"({"schema":"minhchung/manifest@1","id":"water","register":"water","title":"Nước",
    "owner":"Công ty","legal_basis":"-","assumptions":[],"kind":"http_json",
    "endpoints":{"read":{"method":"GET","path":"/v1/requests"}},
    "streams":[{"id":"requests"}],"auth":{"kind":"none"},"request":{},"paging":{"kind":"none"},
    "records":{"format":"json","path":"items","key":["id"],"total":"total"},
    "limits":{"records_per_page":2,"max_attempts":2},"lag_limit_minutes":60,"expected_interval_minutes":15})");
}

Manifest Read(const Json& json) {
  auto manifest = ParseManifest(json);
  REQUIRE_MESSAGE(manifest.ok(), (manifest.ok() ? "" : manifest.error().message));
  return *manifest;
}

Manifest Paged(const char* paging) {
  Json json = Base();
  json["paging"] = Json::parse(paging);
  return Read(json);
}

// Rows first..last as one answer; `more` is put beside the list.
std::string Rows(int first, int last, const std::string& more = "") {
  std::string items;
  for (int i = first; i <= last; ++i) items += (items.empty() ? "" : ",") + ("{\"id\":" + std::to_string(i) + "}");
  return "{\"items\":[" + items + "]" + more + "}";
}

int NumberIn(const std::string& url, const char* name, int absent) {
  const std::string text = QueryValue(url, name);
  return text.empty() ? absent : std::stoi(text);
}

std::set<std::string> Once(const testing::Pulled& pulled) { return {pulled.ids.begin(), pulled.ids.end()}; }
bool Noted(const testing::Pulled& pulled, const std::string& note) {
  return std::find(pulled.notes.begin(), pulled.notes.end(), note) != pulled.notes.end();
}

constexpr const char* kCursor = R"({"kind":"cursor","send":"after","read":"next","size":"limit"})";

}  // namespace

TEST_CASE("each paging reads five rows, from each checkpoint on as well") {
  struct Row {
    const char* paging;
    testing::FakeHttpClient::Answer answer;
  };
  const auto cursor = [](const HttpRequest& r) {
    const int at = NumberIn(r.url, "after", 0);
    const int last = std::min(at + 2, 5);
    return Answered(Rows(at + 1, last, last < 5 ? ",\"next\":\"" + std::to_string(last) + "\"" : ",\"next\":null"));
  };
  const Row rows[] = {
      {R"({"kind":"none"})", [](const HttpRequest&) { return Answered(Rows(1, 5)); }},
      {R"({"kind":"page","page":"p","size":"n"})",
       [](const HttpRequest& r) {
         CHECK(QueryValue(r.url, "n") == "2");
         const int page = NumberIn(r.url, "p", 0);
         return Answered(Rows(page * 2 - 1, std::min(page * 2, 5)));
       }},
      {R"({"kind":"page","page":"p","first":0})",
       [](const HttpRequest& r) {
         const int page = NumberIn(r.url, "p", 9) + 1;
         return Answered(Rows(page * 2 - 1, std::min(page * 2, 5), ",\"total\":5"));
       }},
      {R"({"kind":"offset","offset":"skip"})",
       [](const HttpRequest& r) {
         const int at = NumberIn(r.url, "skip", 9);
         return Answered(Rows(at + 1, std::min(at + 2, 5)));
       }},
      {kCursor, cursor},
      {R"({"kind":"cursor","send":"after","read_header":"X-Next"})",
       [](const HttpRequest& r) {
         const int at = NumberIn(r.url, "after", 0);
         const int last = std::min(at + 2, 5);
         auto answer = Answered(Rows(at + 1, last));
         if (last < 5) answer.headers["x-next"] = std::to_string(last);
         return answer;
       }},
      {R"({"kind":"cursor","send":"after","read":"next","more":"has_more"})",
       [](const HttpRequest& r) {
         const int at = NumberIn(r.url, "after", 0);
         const int last = std::min(at + 2, 5);
         return Answered(Rows(
             at + 1, last, ",\"next\":\"" + std::to_string(last) + "\",\"has_more\":" + (last < 5 ? "true" : "false")));
       }},
      {R"({"kind":"link_header"})", [](const HttpRequest& r) {
         const int at = NumberIn(r.url, "at", 0);
         const int last = std::min(at + 2, 5);
         auto answer = Answered(Rows(at + 1, last));
         if (last < 5) answer.headers["link"] = "</v1/requests?at=" + std::to_string(last) + ">; rel=\"next\"";
         return answer;
       }}};
  for (const Row& row : rows) {
    INFO(row.paging);
    Rig rig(Paged(row.paging), row.answer);
    const auto whole = PullAll(*rig.connector, "requests");
    CHECK_FALSE(whole.error.has_value());
    CHECK(whole.ids == std::vector<std::string>{"1", "2", "3", "4", "5"});
    CHECK(whole.complete_through.has_value());
    for (std::size_t i = 0; i + 1 < whole.cursors.size(); ++i) {
      rig.Make();
      const auto rest = PullAll(*rig.connector, "requests", whole.cursors[i]);
      std::set<std::string> all = Once(rest);
      for (std::size_t taken = 0; taken < 2 * (i + 1); ++taken) all.insert(whole.ids[taken]);
      CHECK(all.size() == 5);
      CHECK(rest.complete_through.has_value());
    }
  }
}

// Goal: whatever a source says of its next page, our own cursor can be written, and is bounded.
TEST_CASE("a cursor or next link is plain text of a limited length") {
  const std::string longest(kNextLimitBytes, 'x');
  const std::string base = "http://source.example/";
  struct Row {
    std::string next;
    bool good;
  };
  const Row rows[] = {{"trang/2", true},      {"trang\xE1\xBA\xA1", true}, {"a\xBF", false}, {"a\x1B[2J", false},
                      {longest, true},        {longest + "x", false}};
  for (const Row& row : rows) {
    CAPTURE(row.next.substr(0, 20));
    const std::string path = row.next.substr(row.next.size() < kNextLimitBytes ? 0 : base.size());
    const std::string link = "<" + base + path + ">; rel=next";
    const std::pair<const char*, std::pair<const char*, std::string>> ways[] = {
        {R"({"kind":"cursor","send":"after","read_header":"X-Next"})", {"x-next", row.next}},
        {R"({"kind":"link_header"})", {"link", link}}};
    for (const auto& [paging, header] : ways) {
      CAPTURE(paging);
      Rig rig(Paged(paging), [&](const HttpRequest&) {
        auto answer = Answered(Rows(1, 2));
        answer.headers.insert(header);
        return answer;
      });
      const auto page = rig.connector->Pull("requests", std::nullopt);
      CHECK(page.ok() == row.good);
      if (!page.ok()) CHECK(page.error().code == "unexpected_answer");
    }
  }
}

TEST_CASE("a cursor that the source forgot begins its window again, three times at most") {
  for (const int status : {400, 404, 410}) {
    INFO(status);
    int refusals = 1;
    Rig rig(Paged(kCursor), [&](const HttpRequest& r) {
      const int at = NumberIn(r.url, "after", 0);
      if (at == 2 && refusals-- > 0) return Answered("{\"error\":\"expired\"}", status);
      return Answered(Rows(at + 1, at + 2, at < 4 ? ",\"next\":\"" + std::to_string(at + 2) + "\"" : ""));
    });
    const auto pulled = PullAll(*rig.connector, "requests");
    CHECK_FALSE(pulled.error.has_value());
    CHECK(Once(pulled).size() == 6);
    CHECK(Noted(pulled, "cursor_expired"));
    CHECK(pulled.complete_through.has_value());

    refusals = 1000;
    const auto dead = PullAll(*rig.connector, "requests");
    REQUIRE(dead.error.has_value());
    CHECK(std::count(dead.notes.begin(), dead.notes.end(), "cursor_expired") == kMostRestarts);
  }
}

TEST_CASE("a refusal of the first page is no forgotten cursor") {
  Rig rig(Paged(kCursor), [](const HttpRequest&) { return Answered("{}", 400); });
  const auto pulled = PullAll(*rig.connector, "requests");
  REQUIRE(pulled.error.has_value());
  CHECK(pulled.error->error_class == ErrorClass::kConfig);
  CHECK(pulled.notes.empty());
}

TEST_CASE("a cursor that leads back is a loop: noted, and the traversal is incomplete") {
  // 1 -> 2 -> ... -> `period` -> back to the first of the loop, each page with rows of its own.
  for (const int period : {1, 2, 3, 7, 100}) {
    INFO(period);
    int row = 0;
    Rig rig(Paged(kCursor), [&](const HttpRequest& r) {
      const int at = NumberIn(r.url, "after", 0);
      ++row;
      return Answered(Rows(row, row, ",\"next\":\"" + std::to_string(at % period + 1) + "\""));
    });
    const auto pulled = PullAll(*rig.connector, "requests");
    CHECK_FALSE(pulled.error.has_value());
    CHECK(Noted(pulled, "cursor_loop"));
    CHECK_FALSE(pulled.complete_through.has_value());
    CHECK(static_cast<int>(pulled.ids.size()) >= period);
  }
}

TEST_CASE("empty pages with a next one go on, up to their limit") {
  const auto pulled_over = [](int empty) {
    Rig rig(Paged(kCursor), [empty](const HttpRequest& r) {
      const int at = NumberIn(r.url, "after", 0);
      if (at < empty) return Answered(Rows(1, 0, ",\"next\":\"" + std::to_string(at + 1) + "\""));
      return Answered(Rows(1, 1));
    });
    return PullAll(*rig.connector, "requests");
  };
  const auto good = pulled_over(static_cast<int>(kMostEmptyPages) - 1);
  CHECK(good.ids.size() == 1);
  CHECK(good.complete_through.has_value());
  const auto over = pulled_over(static_cast<int>(kMostEmptyPages));
  CHECK(Noted(over, "cursor_loop"));
  CHECK_FALSE(over.complete_through.has_value());
}

TEST_CASE("an offset traversal whose total shrinks is read once more") {
  int requests = 0;
  Rig rig(Paged(R"({"kind":"offset","offset":"skip"})"), [&](const HttpRequest& r) {
    const int at = NumberIn(r.url, "skip", 0);
    const bool shrunk = ++requests > 1;  // row 1 goes away, all others move up
    const int first = at + 1 + (shrunk ? 1 : 0);
    return Answered(Rows(first, std::min(first + 1, 5), std::string(",\"total\":") + (shrunk ? "4" : "5")));
  });
  const auto pulled = PullAll(*rig.connector, "requests");
  CHECK(Noted(pulled, "total_shrank"));
  CHECK(Once(pulled) == std::set<std::string>{"1", "2", "3", "4", "5"});
  CHECK(pulled.complete_through.has_value());
}

TEST_CASE("rows that stay missing leave a gap") {
  Rig rig(Paged(kCursor), [](const HttpRequest&) { return Answered(Rows(1, 2, ",\"total\":3")); });
  const auto pulled = PullAll(*rig.connector, "requests");
  CHECK(Noted(pulled, "rows_missing"));
  CHECK_FALSE(pulled.complete_through.has_value());
  CHECK(pulled.control_total == 3);
}

TEST_CASE("a next link of another origin is refused") {
  Rig rig(Paged(R"({"kind":"link_header"})"), [](const HttpRequest&) {
    return Answered(Rows(1, 1), 200, {{"link", "<http://elsewhere.example/x>; rel=next"}});
  });
  const auto pulled = PullAll(*rig.connector, "requests");
  REQUIRE(pulled.error.has_value());
  CHECK(pulled.error->code == "foreign_link");
  CHECK(rig.http.requests.size() == 1);
}

TEST_CASE("windows, units, arguments and fixed parameters go where the manifest says") {
  Json json = Base();
  json["request"] = Json::parse(R"({"parameters":{"city":"hà nội"},"argument":"type","unit":"org",
    "window":{"from":"created/from","to":"created/to","format":"dd/MM/yyyy","end":"included","selects":"created"},
    "body":"json"})");
  json["streams"] = Json::parse(R"([{"id":"requests","argument":"r"}])");
  json["paging"] = Json::parse(R"({"kind":"page","page":"page","size":"size"})");
  json["endpoints"]["read"]["method"] = "POST";
  json["records"]["order"] = "none";
  json["limits"] = Json::parse(R"({"records_per_page":50,"window_days":2,"overlap_days":1,"lookback_days":0})");
  const auto empty = [](const HttpRequest&) { return Answered(Rows(1, 0)); };
  Rig rig(Read(json), empty);
  const auto pulled = PullAll(*rig.connector, "requests");
  CHECK(pulled.complete_through.has_value());
  REQUIRE(rig.http.requests.size() == 4);  // two units, 8..9 and 10 June
  const Json first = Json::parse(rig.http.requests[0].body);
  CHECK(first == Json::parse(R"({"city":"hà nội","type":"r","org":"H26.101","page":1,"size":50,
    "created":{"from":"08/06/2026","to":"09/06/2026"}})"));
  CHECK(Json::parse(rig.http.requests[1].body)["created"]["from"] == "10/06/2026");
  CHECK(Json::parse(rig.http.requests[3].body)["org"] == "H26.102");

  json["request"]["body"] = "form";
  json["request"]["window"]["end"] = "excluded";
  Rig form(Read(json), empty);
  PullAll(*form.connector, "requests");
  const std::string& body = form.http.requests[0].body;
  CHECK(body.starts_with("city=h%C3%A0%20n%E1%BB%99i&type=r&org=H26.101&"));
  CHECK(body.find("created%2Fto=10%2F06%2F2026") != std::string::npos);
  const auto& headers = form.http.requests[0].headers;
  CHECK(std::count(headers.begin(), headers.end(),
                   std::pair<std::string, std::string>("Content-Type", "application/x-www-form-urlencoded")) == 1);
}

TEST_CASE("the unit asked for is a fact of its records") {
  Json json = Base();
  json["request"]["unit"] = "org";
  Rig rig(Read(json), [](const HttpRequest&) { return Answered(Rows(1, 1)); });
  const auto page = rig.connector->Pull("requests", std::nullopt);
  REQUIRE(page.ok());
  CHECK(page->records.at(0).facts.at("org") == "H26.101");
}

TEST_CASE("the success test: status, field, error field, HTML") {
  struct Row {
    const char* success;
    HttpResponse answer;
    const char* code;  // "" where it is an answer
  };
  const Row rows[] = {
      {R"({"status":[200]})", Answered(Rows(1, 1)), ""},
      {R"({"status":[200]})", Answered(Rows(1, 1), 203), "http_status"},
      {R"({"status":[200,404]})", Answered(Rows(1, 0), 404), ""},
      {R"({"field":"s/code","equals":["0"]})", Answered(Rows(1, 1, ",\"s\":{\"code\":0}")), ""},
      {R"({"field":"s/code","equals":["0"]})", Answered(Rows(1, 1, ",\"s\":{\"code\":\"7\"}")), "source_error"},
      {R"({"field":"s/code","equals":["0"]})", Answered(Rows(1, 1)), "source_error"},
      {R"({"empty":"error/code"})", Answered(Rows(1, 1, ",\"error\":{\"code\":\"E7\"}")), "source_error"},
      {R"({"empty":"error/code"})", Answered(Rows(1, 1, ",\"error\":null")), ""},
      {R"({"empty":"error"})", Answered(Rows(1, 1, ",\"error\":\" \"")), ""},
      {R"({"status":[200]})", Answered("<html><body>down</body></html>"), "html_instead_of_data"},
      {R"({"status":[200]})", Answered("{\"message\":\"no list\"}"), "unexpected_answer"},
      {R"({"status":[200]})", Answered("{\"items\":[{\"id\":1}"), "bad_json"}};
  for (const Row& row : rows) {
    INFO(row.success, " ", row.answer.body);
    Json json = Base();
    json["endpoints"]["read"]["success"] = Json::parse(row.success);
    Rig rig(Read(json), [&](const HttpRequest&) { return row.answer; });
    const auto page = rig.connector->Pull("requests", std::nullopt);
    CHECK(page.ok() == (*row.code == 0));
    if (!page.ok()) CHECK(page.error().code == row.code);
  }
}

TEST_CASE("a broken promise of order is noted") {
  Json json = Base();
  json["records"]["time"] = "at";
  json["records"]["time_format"] = "iso";
  json["records"]["order"] = "ascending";
  Rig rig(Read(json), [](const HttpRequest&) {
    return Answered(R"({"items":[{"id":1,"at":"2026-06-02T00:00:00Z"},{"id":2,"at":"2026-06-01T00:00:00Z"}]})");
  });
  CHECK(Noted(PullAll(*rig.connector, "requests"), "order_broken"));
}

TEST_CASE("an answer with too many rows ends the pull and says what to change; it is not asked for again") {
  const std::string rows = Rows(1, static_cast<int>(kRowsLimit) + 1);
  Rig rig(Read(Base()), [&](const HttpRequest&) { return Answered(rows); });
  const auto pulled = PullAll(*rig.connector, "requests");
  REQUIRE(pulled.error.has_value());
  CHECK(pulled.error->error_class == ErrorClass::kConfig);
  CHECK(pulled.error->code == "too_many_rows");
  CHECK(rig.http.requests.size() == 1);
}
