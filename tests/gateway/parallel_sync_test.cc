// Goal: two syncs of all sources at once, in threads of one process and in two processes, fill one store with each
// record once, and the store stands up to fsck. Run under ThreadSanitizer too (label `threads`).
// Method: four sources behind one server that answers slowly enough for the pulls to overlap.
#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "gateway/installation.h"
#include "gateway/source_run.h"
#include "tests/gateway/gateway_support.h"

using namespace mc;
using namespace mc::test;

namespace {

constexpr int kSources = 4;
constexpr int kRecords = 30;

std::string SourceId(int i) { return "tasks_" + std::to_string(i); }

std::string Tasks() {
  Json rows = Json::array();
  for (int i = 0; i < kRecords; ++i) {
    rows.push_back({{"MaNV", "NV-" + std::to_string(i)},
                    {"LoaiNhiemVuId", "NV01"},
                    {"NguoiGiaoId", "acc-em"},
                    {"CanBoId", "acc-an"},
                    {"MaDonViTheoDoi", "H26.101"},
                    {"NgayTao", "2026/06/03 08:00:00"},
                    {"HanXuLy", "2026/06/20"},
                    {"NgayHoanThanh", "2026/06/15"},
                    {"MaTrangThai", "DANG_THUC_HIEN"},
                    {"SoKyHieuVanBan", "99/KH"},
                    {"NgayVanBan", "2026/06/01"},
                    {"KetQuaThucHien", Json::array()}});
  }
  return Json{{"PageData", rows}, {"TotalRows", kRecords}, {"CurrentPage", 1}, {"PageSize", 100}, {"TotalPage", 1}}
      .dump();
}

// The task list's manifest and rules under four names, each a register of its own.
class FourSources {
 public:
  FourSources() {
    server_.Post(".*", [body = Tasks()](const httplib::Request&, httplib::Response& response) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      response.set_content(body, "application/json");
    });
    const int port = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    dir.Write("bearer", "s3cret");
    Json settings = Json::parse(ReadWhole(WriteSettings(dir)));
    settings["manifests"] = "manifests";
    settings["rules"] = "rules";
    for (int i = 0; i < kSources; ++i) {
      Put("connectors/hanoiwork.json", "manifests", i);
      Put("mapping/rules/hanoiwork.json", "rules", i);
      settings["sources"][SourceId(i)] = {{"base_url", "http://127.0.0.1:" + std::to_string(port)},
                                          {"secrets", {{"bearer", "file:bearer"}}}};
    }
    config = dir.Write("gateway.jsonc", settings.dump());
  }
  ~FourSources() {
    server_.stop();
    thread_.join();
  }

  TempDir dir;
  std::string config;

 private:
  void Put(const std::string& file, const std::string& folder, int i) const {
    Json copy = Json::parse(ReadWhole(std::string(MC_SOURCE_DIR) + "/" + file));
    if (copy.contains("register")) copy["register"] = SourceId(i);
    copy[copy.contains("source") ? "source" : "id"] = SourceId(i);
    dir.Write(folder + "/" + SourceId(i) + ".json", copy.dump());
  }

  httplib::Server server_;
  std::thread thread_;
};

void CheckStore(const Installation& installation) {
  const auto store = installation.OpenStore();
  REQUIRE(store.ok());
  const auto totals = (*store)->Totals();
  REQUIRE(totals.ok());
  CHECK(totals->size() == kSources);
  for (const SourceTotals& total : *totals) CHECK(total.records == kRecords);
  const auto report = (*store)->Fsck([](std::int64_t, std::int64_t) {});
  REQUIRE(report.ok());
  CHECK(report->faults.empty());
  CHECK(report->records == kSources * kRecords);
}

}  // namespace

TEST_CASE("parallel sync: two runs of every source in one process, one store") {
  const FourSources city;
  const auto installation = Installation::Load(city.config);
  REQUIRE_MESSAGE(installation.ok(), (installation.ok() ? "" : installation.error().message));
  std::vector<SourceResult> results(2 * kSources);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < results.size(); ++i) {
    threads.emplace_back(
        [&, i] { results[i] = PullOneSource(*installation, SourceId(static_cast<int>(i) % kSources), {}); });
  }
  for (std::thread& thread : threads) thread.join();
  std::int64_t added = 0;
  for (const SourceResult& result : results) {
    CAPTURE(result.source);
    // The other run has the source: that is told, and nothing is pulled twice at once.
    if (result.error) CHECK(result.error->code == "lease_held");
    added += result.counts.added;
  }
  CHECK(added == kSources * kRecords);
  CheckStore(*installation);
}

// As on two machines, where no lock of the host stands before the lease.
TEST_CASE("parallel sync: two collectors on one stream: one goes on") {
  const TempDir dir;
  const SystemClock clock;
  const Manifest manifest = TestManifest();
  constexpr int kPages = 12;
  const auto collect = [&](const std::string& holder, SourceResult& result) {
    const auto store = OpenTestStore(dir, clock);
    const LineMapper mapper;
    ScriptedConnector pages(manifest);
    pages.order = {"open"};
    for (int i = 0; i < kPages; ++i) pages.steps["open"].push_back({{std::to_string(i) + ":open"}, {}, {}, Instant{9}});
    RunContext context{*store, clock, manifest, mapper, holder, 1, {}};
    // Longer in all than the other one waits, which is two seconds.
    context.progress = [](const BatchCounts&) { std::this_thread::sleep_for(std::chrono::milliseconds(250)); };
    result = PullSource(context, pages);
  };
  (void)OpenTestStore(dir, clock);
  std::vector<SourceResult> results(2);
  std::thread here([&] { collect("here", results[0]); });
  std::thread there([&] { collect("there", results[1]); });
  here.join();
  there.join();
  CHECK(results[0].error.has_value() != results[1].error.has_value());
  std::int64_t added = 0;
  for (const SourceResult& result : results) {
    added += result.counts.added;
    // The second only where the machine is so slow that a lease of a second ran out.
    if (result.error) CHECK((result.error->code == "lease_held" || result.error->code == "fenced_off"));
  }
  CHECK(added == kPages);
  const auto report = OpenTestStore(dir, clock)->Fsck({});
  REQUIRE(report.ok());
  CHECK(report->faults.empty());
  CHECK(report->records == kPages);
}

TEST_CASE("parallel sync: two processes, one store") {
  const FourSources city;
  std::vector<Ran> ran(2);
  std::vector<std::thread> threads;
  for (Ran& one : ran) {
    threads.emplace_back([&] {
      const TempDir own;
      one = RunBinary(own, "--config '" + city.config + "' sync --json");
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Ran& one : ran) {
    CAPTURE(one.err);
    CHECK((one.code == 0 || one.code == 3));  // 3: the other one had a source; a race that tsan sees is 66
  }
  const auto installation = Installation::Load(city.config);
  REQUIRE(installation.ok());
  CheckStore(*installation);
}
