// Goal: the dialects that are manifests alone are asked for and taken apart as their platforms have it.
// Method: the manifests as they are shipped, over a fake; saved files of each form.

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/support/fake_http.h"

using namespace mc;
using namespace mc::testing;

namespace {

constexpr std::int64_t kOpen311Days = 90;  // GeoReport v2: the span of one request

std::int64_t SpanMicros(const HttpRequest& request) {
  const Instant from = At(QueryValue(request.url, "start_date"));
  return At(QueryValue(request.url, "end_date")).micros - from.micros;
}

std::vector<std::string> IdsOf(const std::string& source, const std::string& name, const std::string& bytes) {
  const auto page = ParseSaved(ManifestNamed(source), name, bytes, At("2026-06-10T03:00:00Z"));
  REQUIRE_MESSAGE(page.ok(), (page.ok() ? "" : page.error().message));
  std::vector<std::string> ids;
  for (const auto& record : page->records) ids.push_back(record.stream + ": " + record.key.native_id);
  for (const auto& bad : page->unreadable) ids.push_back(bad.reason.code);
  return ids;
}

using Ids = std::vector<std::string>;

const HttpResponse kLoggedIn = Answered(R"({"error_code":0,"session":"s1"})");

bool AsksLogin(const HttpRequest& request) { return request.url.ends_with("/login"); }

}  // namespace

TEST_CASE("Open311: no window is wider than 90 days, and each request names the jurisdiction") {
  for (const auto& [source, body] : {std::pair{"reports_open311", "[]"}, {"reports_open311_xml", "<service_requests/>"}}) {
    CAPTURE(source);
    Rig rig(ManifestNamed(source), [&](const HttpRequest&) { return Answered(body); }, "2026-06-10T03:00:00Z",
            *MakeDate(2025, 6, 10));
    CHECK(PullAll(*rig.connector, "closed").complete_through.has_value());
    REQUIRE(rig.http.requests.size() > 4);  // a year
    for (const HttpRequest& request : rig.http.requests) {
      CHECK(SpanMicros(request) <= kOpen311Days * kMicrosPerDay);
      CHECK(QueryValue(request.url, "jurisdiction_id") == "hanoi.gov.vn");
      CHECK(QueryValue(request.url, "status") == "closed");
    }
  }
}

TEST_CASE("Open311: an error is a list of codes and descriptions, never a report") {
  for (const int status : {200, 400, 403, 404}) {
    CAPTURE(status);
    Rig rig(ManifestNamed("reports_open311"), [&](const HttpRequest&) {
      return Answered(R"([{"code":)" + std::to_string(status) + R"(,"description":"jurisdiction_id was not found"}])", status);
    });
    const auto pulled = PullAll(*rig.connector, "closed");
    CHECK(pulled.ids.empty());
    CHECK(pulled.error.has_value() == (status != 200));
    if (status == 200) CHECK_FALSE(pulled.unreadable.empty());  // kept as what it is: no report
  }
}

TEST_CASE("P1: the service and the unit in the body, success as number or text, keys in capitals") {
  const std::string answers[] = {R"({"error_code":0,"result":[{"HOIDAPID":7},{"HOIDAPID":-1},{"NOIDUNG":"x"}]})",
                                 R"({"error_code":"00","result":[{"HOIDAPID":"8"}]})"};
  std::size_t next = 0;
  Rig rig(ManifestNamed("reports_p1"),
          [&](const HttpRequest& r) { return AsksLogin(r) ? kLoggedIn : Answered(answers[next++ % 2]); });
  const auto pulled = PullAll(*rig.connector, "questions");
  REQUIRE(rig.http.requests.size() == 3);  // the login first
  CHECK(Json::parse(rig.http.requests[1].body) ==
        Json::parse(R"({"service":"LayDanhSachHoiDapGuiTuDVCQG","madonvi":"H26.101","session":"s1"})"));
  CHECK(pulled.ids == Ids{"7", "-1", "8"});  // what is no question is the rules' to say
  CHECK(pulled.unreadable == Ids{"missing_id"});
}

TEST_CASE("P1: an error is no empty list") {
  Rig rig(ManifestNamed("reports_p1"), [](const HttpRequest& r) {
    return AsksLogin(r) ? kLoggedIn : Answered(R"({"error_code":"99","message":"no"})");
  });
  CHECK(PullAll(*rig.connector, "questions").error.has_value());
}

TEST_CASE("P2: the token in its header, days and numbers as texts, codes without their blanks") {
  Rig rig(ManifestNamed("citizen_reports"), [](const HttpRequest&) { return Answered(R"({"totalrow":0,"data":[]})"); });
  PullAll(*rig.connector, "open");
  REQUIRE(rig.http.requests.size() == 2);
  for (const HttpRequest& request : rig.http.requests) {
    const auto& headers = request.headers;
    CHECK(std::count(headers.begin(), headers.end(), std::pair<std::string, std::string>("token", "s3cret")) == 1);
  }
  CHECK(Json::parse(rig.http.requests[1].body) == Json::parse(R"({"LoaiXuLy":"0","MaDinhDanh":"H26.102",
    "TuNgay":"2026-06-08","DenNgay":"2026-06-10","Page":"1","Perpage":"100"})"));
}

TEST_CASE("P2 with days written with slashes is a manifest alone") {
  const auto manifest = ParseManifest(Json::parse(R"({"schema":"minhchung/manifest@1","id":"field_reports",
    "register":"ihanoi","rules":"citizen_reports","title":"t","owner":"o","legal_basis":"l","assumptions":[],
    "kind":"http_json","endpoints":{"read":{"method":"POST","path":"/theodonvi"}},
    "streams":[{"id":"open","argument":"0"}],"auth":{"kind":"header","header":"token","secret":"token"},
    "request":{"body":"json","numbers":"text","argument":"LoaiXuLy","unit":"MaDinhDanh",
      "window":{"from":"TuNgay","to":"DenNgay","format":"yyyy/MM/dd","end":"included","selects":"created"}},
    "paging":{"kind":"page","page":"Page","size":"Perpage"},
    "records":{"format":"json","path":"data","key":["PhanAnhID"],"total":"totalrow","order":"none"},
    "limits":{"window_days":31,"overlap_days":1,"lookback_days":120},"lag_limit_minutes":120,"expected_interval_minutes":30})"));
  REQUIRE_MESSAGE(manifest.ok(), (manifest.ok() ? "" : manifest.error().message));
  Rig rig(*manifest, [](const HttpRequest&) { return Answered(R"({"totalrow":0,"data":[]})"); });
  PullAll(*rig.connector, "open");
  REQUIRE_FALSE(rig.http.requests.empty());
  CHECK(Json::parse(rig.http.requests[0].body) == Json::parse(R"({"LoaiXuLy":"0","MaDinhDanh":"H26.101",
    "TuNgay":"2026/06/08","DenNgay":"2026/06/10","Page":"1","Perpage":"100"})"));
}

TEST_CASE("P2: the row behind the last full page is read") {
  constexpr int kRows = 201;  // a client that rounds 201 / 100 asks for two pages
  Rig rig(ManifestNamed("citizen_reports"), [&](const HttpRequest& request) {
    const Json body = Json::parse(request.body);
    const int first = (std::stoi(body["Page"].get<std::string>()) - 1) * 100;
    Json rows = Json::array();
    for (int i = first; i < std::min(first + 100, kRows); ++i) {
      rows.push_back({{"PhanAnhID", body["MaDinhDanh"].get<std::string>() + "-" + std::to_string(i)}});
    }
    return Answered(Json{{"totalrow", kRows}, {"data", rows}}.dump());
  });
  const auto pulled = PullAll(*rig.connector, "open");
  CHECK(pulled.ids.size() == 2 * kRows);
  CHECK(pulled.complete_through.has_value());
}

TEST_CASE("JSON renderings of edXML: each form in its folder") {
  const std::string nested = R"({"header":{"messageheader":{"from":{"organid":"H26.1"},"documentid":"d",
    "code":{"codenumber":"1","codenotation":"CV"},"promulgationinfo":{"promulgationdate":"2026/06/08"}},
    "traceheaderlist":{"bussiness":{"bussinessdoctype":"0"}}}})";
  CHECK(IdsOf("documents_json", "nested/a.json", nested) == Ids{"nested: H26.1|d|1|CV|0"});
  const std::string status = R"({"ErrorCode":"0","status":"OK","data":{"header":{"status":{"statuscode":"06",
    "responsefor":{"organid":"H26.1","code":"1/CV"},"from":{"organid":"H26.2"},"timestamp":"2026/06/12 16:45:09"}}}})";
  CHECK(IdsOf("documents_json", "nested_statuses/a.json", status) ==
        Ids{"nested_statuses: H26.2|H26.1|1/CV|06|2026/06/12 16:45:09"});
  CHECK(IdsOf("documents_json", "flat/a.json",
              R"({"header_messageheader_from_organid":"H26.1","header_messageheader_documentid":"d",
                  "header_messageheader_code_codenumber":"1","header_messageheader_code_codenotation":"CV",
                  "header_traceheaderlist_bussiness_bussinessdoctype":"2"})") == Ids{"flat: H26.1|d|1|CV|2"});
  CHECK(IdsOf("documents_json", "flat_statuses/a.json",
              R"({"from_organid":"H26.2","responsefor_organid":"H26.1","responsefor_code":"1/CV","statuscode":"06"})") ==
        Ids{"flat_statuses: H26.2|H26.1|1/CV|06"});
  CHECK(IdsOf("documents_json", "camel/a.json",
              R"([{"from":{"organId":"H26.1"},"documentId":"d","codeNumber":"1","codeNotation":"CV"}])") ==
        Ids{"camel: H26.1|d|1|CV"});
}

TEST_CASE("signed results: an answer is one record, a list of codes is none") {
  const std::string answer = R"({"data":{"IDHoSo":"i","MaHoSo":"m","LoaiKetQua":"01","VanBanDi":{"SoKyHieu":"1/QĐ"}},
    "error":{"code":0,"internalMessage":"","userMessage":""}})";
  CHECK(IdsOf("results_ltqlvb", "a.json", answer) == Ids{"results: i|01|1/QĐ"});
  const auto list = ParseSaved(ManifestNamed("results_ltqlvb"), "a.json", R"({"data":["VB1","VB2"],"error":{"code":0}})",
                               At("2026-06-10T03:00:00Z"));
  REQUIRE_FALSE(list.ok());
  CHECK(list.error().code == "not_this_format");
}
