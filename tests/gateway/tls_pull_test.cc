// Goal: the built program over real TLS: `sources check` tells what is the matter with a certificate, or will be; a
// certificate that ends in the middle of a pull ends the pull in order, and the next one goes on.
// Method: the task list behind a TLS server in a process of its own; the city's root stands in sources.*.ca_file.
#include <chrono>
#include <nlohmann/json.hpp>

#include "core/json.h"
#include "gateway/installation.h"
#include "tests/gateway/gateway_support.h"
#include "tests/support/tls_server.h"

using namespace mc;
using namespace mc::test;
using namespace mc::testing;

namespace {

constexpr int kTlsPages = 4, kRows = 10;

// The page that a request asks for.
std::string PageOf(const std::string& request, int) {
  const std::size_t index = request.find("\"Index\":");
  const int page = index == std::string::npos ? 1 : std::atoi(request.c_str() + index + 8);
  Json rows = Json::array();
  for (int i = (page - 1) * kRows; i < page * kRows && page <= kTlsPages; ++i) {
    rows.push_back({{"MaNV", "NV-" + std::to_string(i)},
                    {"LoaiNhiemVuId", "NV01"},
                    {"NguoiGiaoId", "acc-em"},
                    {"CanBoId", "acc-an"},
                    {"MaDonViTheoDoi", "H26.101"},
                    {"NgayTao", "2026/06/03 08:00:00"},
                    {"HanXuLy", "2026/06/20"},
                    {"MaTrangThai", "DANG_THUC_HIEN"},
                    {"KetQuaThucHien", Json::array()}});
  }
  return JsonAnswer(Json{
      {"PageData", rows},
      {"TotalRows", kTlsPages * kRows},
      {"CurrentPage", page},
      {"PageSize", kRows},
      {"TotalPage",
       kTlsPages}}.dump());
}

// An installation with the task list alone, one request to a page of the store.
struct City {
  City() {
    Json manifest = Json::parse(ReadWhole(std::string(MC_SOURCE_DIR) + "/connectors/hanoiwork.json"));
    manifest["limits"]["records_per_page"] = kRows;
    manifest["limits"]["pages_per_pull"] = 1;
    manifest["limits"]["max_attempts"] = 2;
    dir.Write("manifests/hanoiwork.json", manifest.dump());
    dir.Write("bearer", "s3cret");
    dir.Write("ca.pem", root.Pem());
  }
  void Use(const TlsServer& server) const {
    Json settings = Json::parse(ReadWhole(WriteSettings(dir)));
    settings["manifests"] = "manifests";
    const std::string today = FormatDate(CityDate(SystemClock().Now()));
    settings["sources"]["hanoiwork"] = {{"base_url", server.Url()},
                                        {"ca_file", "ca.pem"},
                                        {"start", today},
                                        {"secrets", {{"bearer", "file:bearer"}}}};
    dir.Write("gateway.jsonc", settings.dump());
  }
  Json Sync(int code) const {
    const Ran ran = RunBinary(dir, "sync --json");
    CAPTURE(ran.err);
    CHECK(ran.code == code);
    return Json::parse(ran.out)["sources"][0];
  }
  std::int64_t RecordsHeld() const {
    const auto store = Installation::Load(dir / "gateway.jsonc")->OpenStore();
    REQUIRE(store.ok());
    const auto report = (*store)->Fsck({});
    REQUIRE(report.ok());
    CHECK(report->faults.empty());
    return report->records;
  }

  TempDir dir;
  Identity root = MakeAuthority("City root");
};

Json StepOf(const Json& source, const std::string& name) {
  for (const Json& step : source["steps"]) {
    if (step["step"] == name) return step;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("sources check over TLS: good, ending soon, and each fault at its step") {
  const City city;
  struct Case {
    Identity shown;
    const char* state;
    const char* code;
    const char* says;  // in Vietnamese, to an operator
  };
  const Case cases[] = {
      {MakeLeaf(city.root, {.to_days = 90}), "ok", "", "tốt (valid until"},
      {MakeLeaf(city.root, {.to_days = 20}), "warning", "certificate_ends_soon", "CẢNH BÁO, chứng thư số còn dưới 21 ngày"},
      {MakeLeaf(city.root, {.from_days = -9, .to_days = -1}), "fault", "tls_expired", "gia hạn"},
      {MakeLeaf(city.root, {.name = "DNS:x.example"}), "fault", "tls_name", "sửa base_url"},
      {MakeLeaf(MakeAuthority()), "fault", "tls_untrusted", "ca_file"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.code);
    const TlsServer server({c.shown}, PageOf);
    city.Use(server);
    const bool fault = std::string(c.state) == "fault";
    const Ran json = RunBinary(city.dir, "sources check --json");
    CHECK(json.code == (fault ? 1 : 0));
    const Json source = Json::parse(json.out)["sources"][0];
    CHECK(source["ok"] == !fault);
    const Json step = StepOf(source, "certificate");
    REQUIRE(step.is_object());
    CHECK(step["state"] == c.state);
    CHECK(StepOf(source, "address")["state"] == "ok");
    if (*c.code != 0) CHECK(step[fault ? "error" : "note"]["code"] == c.code);
    const Ran text = RunBinary(city.dir, "sources check");
    CHECK_MESSAGE(text.out.find(c.says) != std::string::npos, text.out);
  }
}

// Goal: an operator is told of a token that may write, with what to do, and the source still counts as usable.
TEST_CASE("sources check: a token that may also write is a warning at its step") {
  const City city;
  const TlsServer server({MakeLeaf(city.root)}, PageOf);
  city.Use(server);
  Json manifest = Json::parse(ReadWhole(city.dir / "manifests/hanoiwork.json"));
  manifest["auth"]["scope"] = "read";
  city.dir.Write("manifests/hanoiwork.json", manifest.dump());
  struct Case {
    const char* bearer;
    const char* state;
    const char* says;
  };
  const Case cases[] = {
      {"e30.eyJzY29wZSI6InJlYWQifQ.c2lnbmVk", "ok", "  quyền: tốt\n"},  // {"scope":"read"}
      {"e30.eyJzY29wZSI6InJlYWQgd3JpdGUifQ.c2lnbmVk", "warning",
       "  quyền: CẢNH BÁO, khóa truy cập có quyền rộng hơn mức cần để đọc"},  // {"scope":"read write"}
  };
  for (const Case& c : cases) {
    CAPTURE(c.state);
    city.dir.Write("bearer", c.bearer);
    const Ran json = RunBinary(city.dir, "sources check --json");
    CHECK(json.code == 0);
    const Json step = StepOf(Json::parse(json.out)["sources"][0], "rights");
    REQUIRE(step.is_object());
    CHECK(step["ok"] == true);
    CHECK(step["state"] == c.state);
    if (std::string(c.state) == "warning") CHECK(step["note"]["code"] == "scope_too_wide");
    const Ran text = RunBinary(city.dir, "sources check");
    CHECK_MESSAGE(text.out.find(c.says) != std::string::npos, text.out);
    CHECK(text.out.find(c.bearer) == std::string::npos);
  }
}

TEST_CASE("a certificate that ends in the middle of a pull") {
  const City city;
  const Identity good = MakeLeaf(city.root), ended = MakeLeaf(city.root, {.from_days = -9, .to_days = -1});
  {
    const TlsServer server({good, good, ended}, PageOf);
    city.Use(server);
    const auto begun = std::chrono::steady_clock::now();
    const Json source = city.Sync(3);
    CHECK(source["error"]["code"] == "tls_expired");
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(30));
    CHECK(source["fetched"] == 2 * kRows);
    CHECK(city.RecordsHeld() == 2 * kRows);
  }
  const TlsServer renewed({good}, PageOf);
  city.Use(renewed);
  const Json source = city.Sync(0);
  CHECK(source["fetched"] == (kTlsPages - 2) * kRows);
  CHECK(source["duplicate"] == 0);
  CHECK(city.RecordsHeld() == kTlsPages * kRows);
}
