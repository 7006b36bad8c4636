// Goal: the hubs that word list and fetch in their own ways give the same messages: VXP
// (parameters and signature in headers, a list without days) and a provincial LGSP hub (login,
// three headers, messages inside JSON).
// Method: fakes that refuse what the real ones are known to refuse.

#include <doctest/doctest.h>

#include <set>

#include "connectors/auth.h"
#include "core/digest.h"
#include "tests/support/fake_http.h"

using namespace mc;
using namespace mc::testing;

namespace {

std::string Xml(const std::string& text) {
  return "<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"><Subject>" + text + "</Subject></edXML>\n";
}

std::string RequestHeader(const HttpRequest& request, const std::string& name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return "";
}

struct Entry {
  std::string id, created;
};

const std::vector<Entry> kEntries = {
    {"5bebcfeff8", "2026/06/09 08:00:00"}, {"7d0f8f3e-2f0e", "2026/06/08 08:00:00"}, {"old", "2026/05/01 08:00:00"}};

// --- VXP

// What was signed, as the receiver puts it together again.
std::string SignedAgain(const HttpRequest& request) {
  const std::string names = RequestHeader(request, "XroadVnpt-sign-header-key") + ";";
  Headers headers;
  for (std::size_t at = 0, end; (end = names.find(';', at)) != std::string::npos; at = end + 1) {
    const std::string name = names.substr(at, end - at);
    headers.emplace_back(name, RequestHeader(request, "XroadVnpt-" + name));
  }
  return ToHex(HmacSha256("s3cret", SignedText(headers)));
}

struct Vxp {
  std::map<std::string, std::string> instead;  // by id
  std::string list_code = "0";

  Result<HttpResponse> operator()(const HttpRequest& request) const {
    const bool list = request.url.ends_with("/getReceivedEdocList");
    if (RequestHeader(request, "XroadVnpt-hash-header") != SignedAgain(request)) return Failed("15");
    return list ? List(request) : Fetch(RequestHeader(request, "docId"));
  }

  static Result<HttpResponse> Failed(const std::string& code) {
    return Answered(Json{{"status", "FAIL"}, {"ErrorCode", code}, {"data", nullptr}}.dump());
  }

  Result<HttpResponse> List(const HttpRequest& request) const {
    if (RequestHeader(request, "messagetype") != "edoc" || RequestHeader(request, "servicetype") != "eDoc")
      return Failed("20");
    if (list_code != "0") return Failed(list_code);
    Json data = Json::array();
    for (const Entry& e : kEntries)
      data.push_back({{e.id == "old" ? "docId" : "id", e.id}, {"created_time", e.created}});
    return Answered(Json{{"status", "OK"}, {"ErrorCode", "0"}, {"data", data}}.dump());
  }

  Result<HttpResponse> Fetch(const std::string& id) const {
    const auto other = instead.find(id);
    return Answered(other == instead.end() ? Xml(id) : other->second);
  }
};

// --- LGSP

struct Lgsp {
  int logins = 0;
  int calls_per_token = 100;
  int calls = 0;
  std::map<std::string, std::string> instead;  // by docId
  std::string login_answer;                    // instead of a token

  Result<HttpResponse> operator()(const HttpRequest& request) {
    if (request.url.find("/v1/auth/login") != std::string::npos) return Login(request);
    const bool known = RequestHeader(request, "Authorization") == "Bearer jwt-" + std::to_string(logins);
    if (!known || ++calls > calls_per_token) return Answered(R"({"message":"License is missing"})", 401);
    if (RequestHeader(request, "X-SystemId").empty() || RequestHeader(request, "X-SecretKey").empty()) return Failed();
    return request.url.find("getEdoc") != std::string::npos ? Fetch(QueryValue(request.url, "docId"))
                                                            : List(request.url);
  }

  static Result<HttpResponse> Failed() {
    return Answered(R"({"code":500,"message":"error","errorDetail":[{"exception":"x"}]})");
  }

  Result<HttpResponse> Login(const HttpRequest& request) {
    const Json body = Json::parse(request.body);
    CHECK(body["username"] == "s3cret");
    CHECK(body["applicationCode"] == "MINHCHUNG");
    CHECK(body["otp"].is_null());
    if (!login_answer.empty()) return Answered(login_answer);
    ++logins;
    calls = 0;
    return Answered(Json{{"code", "200"}, {"data", {{"token", "jwt-" + std::to_string(logins)}}}}.dump());
  }

  Result<HttpResponse> List(const std::string& url) const {
    Json data = Json::array();
    for (const Entry& e : kEntries) {
      const std::string day = e.created.substr(0, 10);
      if (day < QueryValue(url, "fromDate") || day > QueryValue(url, "toDate")) continue;
      data.push_back({{"docId", e.id}, {"created_time", e.created}});
    }
    return Answered(Json{{"success", true}, {"count", data.size()}, {"data", data}}.dump());
  }

  Result<HttpResponse> Fetch(const std::string& id) const {
    const auto other = instead.find(id);
    if (other != instead.end()) return Answered(other->second);
    return Answered(Json{{"code", 200}, {"data", {{"status", "OK"}, {"docId", id}, {"edxml", Xml(id)}}}}.dump());
  }
};

std::set<std::string> Recent() { return {ToHex(Sha256(Xml(kEntries[0].id))), ToHex(Sha256(Xml(kEntries[1].id)))}; }

std::set<std::string> IdSet(const Pulled& pulled) { return {pulled.ids.begin(), pulled.ids.end()}; }

}  // namespace

TEST_CASE("VXP: both spellings of the id, signed parameters, nothing from before the first day") {
  Rig rig(ManifestNamed("documents_vxp"), Vxp{});
  const Pulled pulled = PullAll(*rig.connector, "documents");
  CHECK(IdSet(pulled) == Recent());
  CHECK(pulled.ids.size() == 2);
  CHECK(pulled.control_total == 2);
  CHECK(pulled.complete_through.has_value());
  const HttpRequest& list = rig.http.requests[0];
  CHECK(list.url == "http://source.example/getReceivedEdocList");
  CHECK(RequestHeader(list, "XroadVnpt-sign-header-key") == "systemid;timestamp;messagetype;servicetype");
  CHECK(RequestHeader(list, "timestamp") == "10062026T100000+0000");
  for (const HttpRequest& request : rig.http.requests) {
    CHECK(request.method == "GET");  // it observes: no transport status is ever set
  }
}

TEST_CASE("VXP: the next run asks again only for what its overlap holds") {
  Rig rig(ManifestNamed("documents_vxp"), Vxp{});
  const Pulled first = PullAll(*rig.connector, "documents");
  rig.clock.Set(At("2026-06-11T03:00:00Z"));
  rig.http.requests.clear();
  rig.Make();
  const Pulled second = PullAll(*rig.connector, "documents", first.cursors.back());
  CHECK(second.ids == std::vector<std::string>{ToHex(Sha256(Xml(kEntries[0].id)))});
  CHECK(second.complete_through.has_value());
}

TEST_CASE("VXP: resumed from every cursor") {
  Manifest manifest = ManifestNamed("documents_vxp");
  manifest.limits.records_per_page = 1;
  Rig rig(manifest, Vxp{});
  const Pulled whole = PullAll(*rig.connector, "documents");
  CHECK(IdSet(whole) == Recent());
  for (std::size_t i = 0; i + 1 < whole.cursors.size(); ++i) {
    rig.Make();
    const Pulled rest = PullAll(*rig.connector, "documents", whole.cursors[i]);
    CHECK(rest.ids.size() == whole.ids.size() - i - 1);
  }
}

TEST_CASE("a message that the hub refuses is set aside while its list is served, else the pull stops") {
  Vxp vxp;
  vxp.instead[kEntries[1].id] = Vxp::Failed("21")->body;
  Rig rig(ManifestNamed("documents_vxp"), [&](const HttpRequest& r) { return vxp(r); });
  const Pulled pulled = PullAll(*rig.connector, "documents");
  CHECK(pulled.ids.size() == 1);
  CHECK(pulled.unreadable == std::vector<std::string>{"message_refused"});
  CHECK(pulled.complete_through.has_value());

  int lists = 0;
  Rig down(ManifestNamed("documents_vxp"), [&](const HttpRequest& r) -> Result<HttpResponse> {
    if (r.url.ends_with("List") && ++lists > 1) return Vxp::Failed("20");
    return vxp(r);
  });
  const Pulled stopped = PullAll(*down.connector, "documents");
  REQUIRE(stopped.error.has_value());
  CHECK(stopped.error->code == "message_refused");
  CHECK(stopped.unreadable.empty());
}

TEST_CASE("an id that would break a header is set aside and never sent") {
  const std::string bad = R"({"ErrorCode":"0","data":[{"docId":"a\r\nX-Evil: 1","created_time":"2026/06/09 08:00:00"},
    {"docId":"good","created_time":"2026/06/09 08:00:01"},
    {"docId":")" + std::string(201, 'x') +
                          R"(","created_time":"2026/06/09 08:00:02"},
    {"docId":")" + std::string(200, 'y') +
                          R"(","created_time":"2026/06/09 08:00:03"}]})";
  Rig rig(ManifestNamed("documents_vxp"), [&](const HttpRequest& r) -> Result<HttpResponse> {
    if (r.url.ends_with("List")) return Answered(bad);
    CHECK(RequestHeader(r, "docId").find('\n') == std::string::npos);
    return Answered(Xml(RequestHeader(r, "docId")));
  });
  const Pulled pulled = PullAll(*rig.connector, "documents");
  CHECK(pulled.ids.size() == 2);
  CHECK(pulled.unreadable == std::vector<std::string>{"bad_id", "bad_id"});
}

TEST_CASE("LGSP: one login, three headers, the message as it was before it went into JSON") {
  Lgsp hub;
  Rig rig(ManifestNamed("documents_lgsp"), [&](const HttpRequest& r) { return hub(r); });
  const Pulled pulled = PullAll(*rig.connector, "documents");
  CHECK(IdSet(pulled) == Recent());
  CHECK(hub.logins == 1);
  CHECK(rig.http.requests[0].url == "http://source.example/v1/auth/login?allow_anonymous=true");
}

TEST_CASE("LGSP: a token that ends in mid-pull is asked for again; after 30 minutes less the leeway, too") {
  Lgsp hub;
  hub.calls_per_token = 2;
  Rig rig(ManifestNamed("documents_lgsp"), [&](const HttpRequest& r) { return hub(r); });
  CHECK(IdSet(PullAll(*rig.connector, "documents")) == Recent());
  CHECK(hub.logins == 2);

  for (const auto& [seconds, logins] : {std::pair{1769, 1}, {1770, 2}}) {
    Lgsp quiet;
    Rig later(ManifestNamed("documents_lgsp"), [&](const HttpRequest& r) { return quiet(r); });
    PullAll(*later.connector, "documents");
    later.clock.Set({later.clock.Now().micros + seconds * kMicrosPerSecond});
    PullAll(*later.connector, "statuses");
    CHECK(quiet.logins == logins);
  }
}

TEST_CASE("LGSP: a wrong password is told apart from a hub that is ill, and never shown") {
  struct Row {
    const char* answer;
    ErrorClass error_class;
    const char* code;
  };
  const Row rows[] = {{R"({"code":401,"message":"s3cret"})", ErrorClass::kAuth, "token_refused"},
                      {R"({"code":"403"})", ErrorClass::kAuth, "token_refused"},
                      {R"({"code":500,"message":"s3cret"})", ErrorClass::kTransient, "token_endpoint"},
                      {R"({"code":200,"data":{"token":"a\nb"}})", ErrorClass::kTransient, "token_endpoint"},
                      {"<html>", ErrorClass::kTransient, "token_endpoint"}};
  for (const Row& row : rows) {
    CAPTURE(row.answer);
    Lgsp hub;
    hub.login_answer = row.answer;
    Rig rig(ManifestNamed("documents_lgsp"), [&](const HttpRequest& r) { return hub(r); });
    const Status status = rig.connector->Check();
    REQUIRE_FALSE(status.ok());
    CHECK(status.error().error_class == row.error_class);
    CHECK(status.error().code == row.code);
    CHECK(status.error().message.find("s3cret") == std::string::npos);
  }
}

TEST_CASE("LGSP: answers to fetch without a message") {
  for (const char* answer : {R"({"code":500,"errorDetail":[{"exception":"not found"}]})",
                             R"({"code":200,"data":{"edxml":""}})", R"({"code":200,"data":{"edxml":null}})"}) {
    CAPTURE(answer);
    Lgsp hub;
    hub.instead[kEntries[1].id] = answer;
    Rig rig(ManifestNamed("documents_lgsp"), [&](const HttpRequest& r) { return hub(r); });
    const Pulled pulled = PullAll(*rig.connector, "documents");
    CHECK(pulled.ids.size() == 1);
    CHECK(pulled.unreadable == std::vector<std::string>{"message_refused"});
  }
}
