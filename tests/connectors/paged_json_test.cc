// Goal: the three paged sources hand over everything once they end, whatever goes wrong on
// the way, and nothing of a broken answer. Method: a fake source over a list of records
// that understands the wire's windows and pages, with faults put in by the test.

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "connectors/pull_common.h"
#include "tests/support/fake_http.h"

using namespace mc;
using namespace mc::testing;

namespace {

struct Task {
  std::string id, day;  // yyyy/MM/dd
};

// 2026-06-08 .. 10, three windows of one day; `per_day` tasks on each.
std::vector<Task> Tasks(int per_day) {
  std::vector<Task> tasks;
  for (const char* day : {"2026/06/08", "2026/06/09", "2026/06/10"}) {
    for (int i = 0; i < per_day; ++i) tasks.push_back({std::string(day) + "#" + std::to_string(i), day});
  }
  return tasks;
}

std::set<std::string> TaskIds(const std::vector<Task>& tasks) {
  std::set<std::string> ids;
  for (const Task& task : tasks) ids.insert(task.id);
  return ids;
}

struct Asked {
  std::string from;
  std::int64_t page = 0, size = 0;
};

Asked AskedOf(const HttpRequest& request) {
  const Json body = Json::parse(request.body);
  return {body["NgayTaoNhiemVu"]["FromDate"], body["Index"], body["Size"]};
}

std::string TaskPage(const std::vector<Task>& tasks, const HttpRequest& request) {
  const Asked asked = AskedOf(request);
  const std::string to = Json::parse(request.body)["NgayTaoNhiemVu"]["ToDate"];
  Json rows = Json::array();
  std::int64_t total = 0;
  for (const Task& task : tasks) {
    if (task.day < asked.from || task.day > to) continue;
    if (total / asked.size + 1 == asked.page) rows.push_back({{"MaNV", task.id}});
    ++total;
  }
  return Json{{"PageData", rows}, {"TotalRows", total}}.dump();
}

Manifest TaskManifest(std::int64_t page_size = 2, std::int64_t pages_per_pull = 1) {
  Manifest manifest = ManifestNamed("hanoiwork");
  manifest.limits.records_per_page = page_size;
  manifest.limits.records_per_commit = 0;
  manifest.limits.pages_per_pull = pages_per_pull;
  manifest.limits.window_days = 1;
  return manifest;
}

FakeHttpClient::Answer Serve(const std::vector<Task>& tasks) {
  return [tasks](const HttpRequest& request) { return Answered(TaskPage(tasks, request)); };
}

}  // namespace

TEST_CASE("two pages in each window: all records once, totals summed, complete to the start of the pull") {
  const auto tasks = Tasks(3);
  Rig rig(TaskManifest(), Serve(tasks));
  const Pulled pulled = PullAll(*rig.connector, "tasks");
  REQUIRE_FALSE(pulled.error.has_value());
  CHECK(std::set(pulled.ids.begin(), pulled.ids.end()) == TaskIds(tasks));
  CHECK(pulled.ids.size() == tasks.size());
  CHECK(pulled.control_total == 9);
  CHECK(pulled.complete_through == At("2026-06-10T03:00:00Z"));
  CHECK(pulled.cursors.size() == 6);
  CHECK(rig.http.requests.size() == 6);
}

// An answer this short lies inside its string object and moves with it, unlike a longer one.
TEST_CASE("the bytes of a very short answer are still those that came") {
  const Manifest manifest = TaskManifest(100, 1);
  Rig rig(manifest, [](const HttpRequest&) { return Answered(R"([{"x":1}])"); });
  const auto page = rig.connector->Pull("tasks", std::nullopt);
  REQUIRE(page.ok());
  REQUIRE(page->unreadable.size() == 1);
  CHECK(page->unreadable[0].record.bytes == R"({"x":1})");
  CHECK(page->unreadable[0].reason.code == "missing_id");
}

TEST_CASE("several answers become one page, bounded by pages_per_pull and records_per_page") {
  const auto tasks = Tasks(1);
  Rig wide(TaskManifest(100, 3), Serve(tasks));
  CHECK(PullAll(*wide.connector, "tasks").cursors.size() == 1);
  Rig narrow(TaskManifest(100, 2), Serve(tasks));
  CHECK(PullAll(*narrow.connector, "tasks").cursors.size() == 2);
  Rig full(TaskManifest(1, 50), Serve(tasks));
  CHECK(PullAll(*full.connector, "tasks").cursors.size() == 3);
}

TEST_CASE("answers are gathered for one commit, up to its records") {
  const auto tasks = Tasks(1);
  for (const std::int64_t records : {1, 2, 3}) {
    Manifest manifest = TaskManifest(1, 50);
    manifest.limits.records_per_commit = records;
    Rig rig(manifest, Serve(tasks));
    const Pulled pulled = PullAll(*rig.connector, "tasks");
    CHECK(std::set(pulled.ids.begin(), pulled.ids.end()) == TaskIds(tasks));
    CHECK(pulled.cursors.size() == static_cast<std::size_t>((3 + records - 1) / records));
    CHECK(rig.http.requests.size() >= 3);  // one for each day
  }
}

// Each answer is one record that fills half of what a commit may hold, or a byte less.
TEST_CASE("answers are gathered for one commit, up to its bytes") {
  const auto pages = [](std::size_t record_bytes) {
    Manifest manifest = TaskManifest(1, 50);
    manifest.limits.records_per_commit = 10'000;
    manifest.limits.record_limit_bytes = 2 * static_cast<std::int64_t>(kCommitBytes);
    Rig rig(manifest, [record_bytes](const HttpRequest& request) {
      const std::string head = R"({"MaNV":")" + AskedOf(request).from + R"(","x":")";
      const std::string record = head + std::string(record_bytes - head.size() - 2, 'x') + R"("})";
      return Answered(R"({"PageData":[)" + record + R"(],"TotalRows":1})");
    });
    return PullAll(*rig.connector, "tasks").cursors.size();
  };
  CHECK(pages(kCommitBytes / 2) == 2);
  CHECK(pages(kCommitBytes / 2 - 1) == 1);
}

TEST_CASE("resumed from every cursor emitted, after a restart: nothing is lost, nothing is ahead") {
  const auto tasks = Tasks(5);
  Rig rig(TaskManifest(), Serve(tasks));
  std::optional<Cursor> cursor;
  std::set<std::string> before;
  for (int i = 0; i < 100; ++i) {
    const auto page = rig.connector->Pull("tasks", cursor);
    REQUIRE(page.ok());
    for (const auto& record : page->records) before.insert(record.key.native_id);
    rig.Make();
    const Pulled rest = PullAll(*rig.connector, "tasks", page->next);
    REQUIRE_FALSE(rest.error.has_value());
    std::set<std::string> all = before;
    all.insert(rest.ids.begin(), rest.ids.end());
    CHECK(all == TaskIds(tasks));
    if (page->end) return;
    cursor = page->next;
  }
  FAIL("the pull does not end");
}

TEST_CASE("a second run reads again what may have changed, and never before the start") {
  const auto tasks = Tasks(2);
  Rig rig(TaskManifest(), Serve(tasks));
  const Pulled first = PullAll(*rig.connector, "tasks");
  rig.http.requests.clear();
  rig.clock.Set(At("2026-06-11T03:00:00Z"));
  const Pulled second = PullAll(*rig.connector, "tasks", first.cursors.back());
  CHECK(AskedOf(rig.http.requests.front()).from == "2026/06/08");
  CHECK(second.complete_through == At("2026-06-11T03:00:00Z"));
}

TEST_CASE("a page that repeats is noted and costs nothing") {
  // Page 2 answers as page 1, the others are one further on.
  const auto tasks = Tasks(5);
  Rig rig(TaskManifest(), [&](const HttpRequest& request) {
    HttpRequest moved = request;
    Json body = Json::parse(request.body);
    if (body["Index"] > 1) body["Index"] = body["Index"].get<int>() - 1;
    moved.body = body.dump();
    return Answered(TaskPage(tasks, moved));
  });
  const Pulled pulled = PullAll(*rig.connector, "tasks");
  REQUIRE_FALSE(pulled.error.has_value());
  CHECK(std::set(pulled.ids.begin(), pulled.ids.end()) == TaskIds(tasks));
  CHECK(pulled.complete_through.has_value());
  CHECK(std::count(pulled.notes.begin(), pulled.notes.end(), "page_repeated") == 3);
}

TEST_CASE("a source that gives the first page for ever ends, without a claim to completeness") {
  const auto tasks = Tasks(5);
  Rig rig(TaskManifest(), [&](const HttpRequest& request) {
    HttpRequest first = request;
    Json body = Json::parse(request.body);
    body["Index"] = 1;
    first.body = body.dump();
    return Answered(TaskPage(tasks, first));
  });
  const Pulled pulled = PullAll(*rig.connector, "tasks");
  REQUIRE_FALSE(pulled.error.has_value());
  CHECK_FALSE(pulled.complete_through.has_value());
  CHECK(std::count(pulled.notes.begin(), pulled.notes.end(), "rows_missing") == 3);
}

TEST_CASE("a total that shrinks while paging: the window is read again, and no row slips through") {
  // The first task goes away after page 1 was given, so the later ones move forward by one.
  auto tasks = Tasks(5);
  bool gone = false;
  Rig rig(TaskManifest(), [&](const HttpRequest& request) {
    const Asked asked = AskedOf(request);
    if (!gone && asked.page == 2) {
      tasks.erase(tasks.begin());
      gone = true;
    }
    return Answered(TaskPage(tasks, request));
  });
  const Pulled pulled = PullAll(*rig.connector, "tasks");
  const std::set<std::string> got(pulled.ids.begin(), pulled.ids.end());
  for (const std::string& id : TaskIds(tasks)) CHECK(got.contains(id));
  CHECK(pulled.complete_through.has_value());
  CHECK(std::count(pulled.notes.begin(), pulled.notes.end(), "total_shrank") == 1);
}

TEST_CASE("a failure in the middle: what was read stays, the next pull meets it again, then goes on") {
  const auto tasks = Tasks(3);
  bool down = false;
  Rig rig(TaskManifest(2, 50), [&](const HttpRequest& request) -> Result<HttpResponse> {
    if (AskedOf(request).page == 2 && down) return TransientError("connect_failed", "x");
    return Answered(TaskPage(tasks, request));
  });
  down = true;
  auto page = rig.connector->Pull("tasks", std::nullopt);
  REQUIRE(page.ok());
  CHECK(page->records.size() == 2);
  const auto failed = rig.connector->Pull("tasks", page->next);
  REQUIRE_FALSE(failed.ok());
  CHECK(failed.error().code == "connect_failed");
  CHECK(rig.waits.size() == 4);
  down = false;
  const Pulled rest = PullAll(*rig.connector, "tasks", page->next);
  CHECK(rest.ids.size() == tasks.size() - 2);
}

TEST_CASE("answers that are no answers: asked again, then an error, never half a page") {
  struct Row {
    const char* source;
    const char* body;
    const char* code;
  };
  const Row rows[] = {
      {"hanoiwork", R"({"PageData":[{"MaNV":"1"},{"Ma)", "bad_json"},
      {"hanoiwork", R"({"Message":"Sai"})", "unexpected_answer"},
      {"hanoiwork", "<html>", "html_instead_of_data"},
      {"hanoiwork", "", "empty_answer"},
      {"public_service", R"({"error_code":"-3","data":[{"MaHoSo":"1"}]})", "source_error"},
      {"public_service", R"({"totalrow":1,"data":[{"MaHoSo":"1"}]})", "source_error"},
      {"documents", R"({"success":false,"count":0,"data":[]})", "source_error"},
  };
  for (const Row& row : rows) {
    INFO(row.source, " ", row.body);
    Rig rig(ManifestNamed(row.source), [&](const HttpRequest&) { return Answered(row.body); });
    const std::string stream = rig.connector->Streams().front();
    const auto page = rig.connector->Pull(stream, std::nullopt);
    REQUIRE_FALSE(page.ok());
    CHECK(page.error().code == row.code);
    CHECK(page.error().error_class == ErrorClass::kTransient);
    CHECK(rig.http.requests.size() == static_cast<std::size_t>(rig.manifest.limits.max_attempts));
  }
}

TEST_CASE("success as text, number or with two zeros") {
  for (const char* code : {"\"0\"", "\"00\"", "0"}) {
    Rig rig(ManifestNamed("public_service"), [&](const HttpRequest&) {
      return Answered(std::string("{\"error_code\":") + code + R"(,"totalrow":"0","data":[]})");
    });
    CHECK_FALSE(PullAll(*rig.connector, "dossiers").error.has_value());
  }
}

TEST_CASE("a field of 3 MB and a row without id: those are set aside, the page goes on") {
  const std::string big = R"({"MaNV":"BIG","x":")" + std::string(3 * 1024 * 1024, 'x') + "\"}";
  Rig rig(ManifestNamed("hanoiwork"), [&](const HttpRequest&) {
    return Answered("\xEF\xBB\xBF{\"daTa\":{\"PageData\":[{\"MaNV\":\"A\"}," + big +
                    ",{\"x\":1}],\"TotalRows\":\"3\"}}");
  });
  const Pulled pulled = PullAll(*rig.connector, "tasks");
  CHECK(pulled.ids == std::vector<std::string>{"A"});
  CHECK(pulled.unreadable == std::vector<std::string>{"record_too_large", "missing_id"});
  CHECK(pulled.control_total == 3);
}

TEST_CASE("a cursor from the future and one that nobody wrote are refused, nothing is asked") {
  Rig rig(TaskManifest(), Serve(Tasks(1)));
  const Pulled pulled = PullAll(*rig.connector, "tasks");
  rig.http.requests.clear();
  rig.clock.Set(At("2026-06-10T02:59:59Z"));
  const auto future = rig.connector->Pull("tasks", pulled.cursors.back());
  REQUIRE_FALSE(future.ok());
  CHECK(future.error().code == "future_cursor");
  const auto bad = rig.connector->Pull("tasks", Cursor{"page 7"});
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().code == "bad_cursor");
  CHECK(rig.http.requests.empty());
  CHECK(rig.connector->Pull("nothing", std::nullopt).error().code == "unknown_stream");
}

TEST_CASE("reports: every unit, open and handled, with the unit as a fact") {
  std::set<std::string> asked;
  Rig rig(ManifestNamed("citizen_reports"), [&](const HttpRequest& request) {
    const Json body = Json::parse(request.body);
    CHECK(request.url == "http://source.example/theodonvi");
    CHECK(body["Page"].is_string());
    CHECK(body["Perpage"] == "100");
    CHECK(body["TuNgay"] == "2026-06-08");
    CHECK(body["DenNgay"] == "2026-06-10");
    const std::string unit = body["MaDinhDanh"];
    asked.insert(unit + " " + std::string(body["LoaiXuLy"]));
    return Answered(Json{{"totalrow", 1}, {"data", {{{"PhanAnhID", unit + "-1"}}}}}.dump());
  });
  const auto page = rig.connector->Pull("open", std::nullopt);
  REQUIRE(page.ok());
  REQUIRE(page->records.size() == 2);
  CHECK(page->end);
  CHECK(page->records[0].facts.at("MaDinhDanh") == "H26.101");
  CHECK(page->records[1].facts.at("MaDinhDanh") == "H26.102");  // trimmed
  CHECK(page->records[0].stream == "open");
  CHECK(PullAll(*rig.connector, "handled").control_total == 2);
  CHECK(asked == std::set<std::string>{"H26.101 0", "H26.102 0", "H26.101 1", "H26.102 1"});
}

TEST_CASE("dossiers: windows by last change, touching, to the second") {
  std::vector<std::string> windows;
  Manifest manifest = ManifestNamed("public_service");
  manifest.limits.window_days = 2;
  Rig rig(manifest, [&](const HttpRequest& request) {
    windows.push_back(QueryValue(request.url, "tuNgay") + "-" + QueryValue(request.url, "denNgay"));
    CHECK(QueryValue(request.url, "service") == "CapNhatTienDoHoSoMC");
    return Answered(R"({"error_code":"00","totalrow":"0","data":[]})");
  });
  CHECK_FALSE(PullAll(*rig.connector, "steps").error.has_value());
  CHECK(windows == std::vector<std::string>{"20260608000000-20260610000000", "20260610000000-20260610100000"});
}

TEST_CASE("settings that cannot work are refused when the connector is made") {
  const Manifest manifest = ManifestNamed("citizen_reports");
  FakeHttpClient http([](const HttpRequest&) { return Answered("{}"); });
  ManualClock clock(At("2026-06-10T03:00:00Z"));
  struct Row {
    const char* code;
    std::function<void(SourceSettings&, Manifest&)> change;
  };
  const Row rows[] = {
      {"bad_base_url", [](SourceSettings& s, Manifest&) { s.base_url = "ftp://x"; }},
      {"bad_base_url", [](SourceSettings& s, Manifest&) { s.base_url = ""; }},
      {"bad_base_url", [](SourceSettings& s, Manifest&) { s.base_url = "http://x/?a=1"; }},
      {"missing_secret", [](SourceSettings& s, Manifest&) { s.secrets.clear(); }},
      {"missing_secret", [](SourceSettings& s, Manifest&) { s.secrets["token"] = ""; }},
      {"no_unit_codes", [](SourceSettings& s, Manifest&) { s.unit_codes = {" "}; }},
      {"not_supported", [](SourceSettings&, Manifest& m) { m.own_subscription = true; }},
  };
  for (const Row& row : rows) {
    Manifest changed = manifest;
    SourceSettings settings = SettingsFor(manifest, *MakeDate(2026, 6, 1));
    row.change(settings, changed);
    const auto made = MakeConnector(changed, settings, {http, clock});
    REQUIRE_FALSE(made.ok());
    CHECK(made.error().code == row.code);
    CHECK(made.error().error_class == ErrorClass::kConfig);
  }
}

TEST_CASE("check: one small request per stream, with the error that says what to change") {
  Rig good(ManifestNamed("public_service"),
           [](const HttpRequest&) { return Answered(R"({"error_code":"0","totalrow":0,"data":[]})"); });
  CHECK(good.connector->Check().ok());
  CHECK(good.http.requests.size() == 2);
  CHECK(QueryValue(good.http.requests[0].url, "soLuong") == "1");
  Rig refused(ManifestNamed("public_service"), [](const HttpRequest&) { return Answered("{}", 401); });
  CHECK(refused.connector->Check().error().error_class == ErrorClass::kAuth);
  Rig elsewhere(ManifestNamed("public_service"), [](const HttpRequest&) { return Answered("{}", 404); });
  CHECK(elsewhere.connector->Check().error().error_class == ErrorClass::kConfig);
}
