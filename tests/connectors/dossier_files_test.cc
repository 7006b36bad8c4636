// Goal: what senders of dossiers push, kept as files, is split into the same records as a pull
// would give, and what those systems answer to each other is no evidence.
// Method: whole messages of each dialect through the shipped manifests, saved and dropped.

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/support/fake_http.h"
#include "tests/support/temp_folder.h"

using namespace mc;
using namespace mc::testing;

namespace {

namespace fs = std::filesystem;

const Instant kNow = At("2026-06-10T03:00:00Z");

// Dialect 1: everything in an envelope; isUpdating is a text.
constexpr const char* kAdapterDossiers =
    R"({"session":"phien-77","madonvi":"000.00.00.H26","service":"DongBoHoSoMC","isUpdating":"True",
        "data":[{"MaHoSo":"H26.101-260404-00061","TrangThaiHoSo":"4"},{"MaHoSo":"H26.101-260404-00062"}]})";
constexpr const char* kAdapterSteps =
    R"({"session":"phien-77","service":"CapNhatTienDoHoSoMC","isUpdating":"False",
        "data":[{"MaHoSo":"A","ThoiDiemXuLy":"20260405151318","TrangThai":"9"}]})";
// Dialect 2: bare arrays; the flags stand in the address.
constexpr const char* kBusDossiers = R"([{"MaHoSo":"A","TrangThaiHoSo":"2"},{"TrangThaiHoSo":"2"}])";
constexpr const char* kBusSteps =
    "\xEF\xBB\xBF[{\"MaHoSo\":\"A\",\"ThoiDiemXuLy\":\"20260404090147\",\"TrangThai\":\"2\"},"
    "{\"MaHoSo\":\"A\",\"ThoiDiemXuLy\":\"20260404090147\",\"TrangThai\":\"9\"}]";
// Dialect 4: one document, its files inside.
constexpr const char* kDocument =
    R"({"DocCode":"H26.101-260404-00061","DateReceived":"2026-04-04T09:01:47.000Z","IsReturned":"false",
        "Attachments":[{"Attachmentld":7,"Base64":"JVBERi0xLjQ="}]})";
// Dialect 5: a list with its total.
constexpr const char* kOpenCps = R"({"total":2,"data":[{"dossierNo":"A"},{"dossierNo":"B"}]})";

struct FileRow {
  const char* source;
  const char* name;  // the first folder is the stream's id
  const char* bytes;
  const char* stream;
  std::vector<std::string> ids;
  std::vector<std::string> broken;
};

const FileRow kFileRows[] = {
    {"dossiers_adapter_files",
     "dossiers/1.json",
     kAdapterDossiers,
     "dossiers",
     {"hs|H26.101-260404-00061", "hs|H26.101-260404-00062"},
     {}},
    {"dossiers_adapter_files", "steps/1.json", kAdapterSteps, "steps", {"td|A|20260405151318|9"}, {}},
    {"dossiers_bus", "dossiers/1.json", kBusDossiers, "dossiers", {"hs|A"}, {"missing_id"}},
    {"dossiers_bus", "steps/1.json", kBusSteps, "steps", {"td|A|20260404090147|2", "td|A|20260404090147|9"}, {}},
    {"dossiers_lgsp", "1.json", kDocument, "dossiers", {"hs|H26.101-260404-00061"}, {}},
    {"dossiers_opencps", "1.json", kOpenCps, "dossiers", {"hs|A", "hs|B"}, {}},
};

std::vector<std::string> IdsOf(const Page& page) {
  std::vector<std::string> ids;
  for (const SourceRecord& record : page.records) ids.push_back(record.key.native_id);
  return ids;
}

std::vector<std::string> CodesOf(const Page& page) {
  std::vector<std::string> codes;
  for (const auto& bad : page.unreadable) codes.push_back(bad.reason.code);
  return codes;
}

// Folders as senders fill them.
struct Folder : test::TempFolder {
  void Put(const std::string& name, const std::string& bytes) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << bytes;
  }
};

}  // namespace

TEST_CASE("messages of each dialect of dossiers, saved as files") {
  for (const FileRow& row : kFileRows) {
    INFO(row.source, " ", row.name);
    const auto page = ParseSaved(ManifestNamed(row.source), row.name, row.bytes, kNow);
    REQUIRE_MESSAGE(page.ok(), (page.ok() ? "" : page.error().message));
    CHECK(IdsOf(*page) == row.ids);
    CHECK(CodesOf(*page) == row.broken);
    for (const SourceRecord& record : page->records) {
      CHECK(record.stream == row.stream);
      CHECK(record.key.register_id == "dvc");
      // The session of the envelope is no part of a record.
      CHECK(record.bytes.find("phien-77") == std::string::npos);
      CHECK(std::string(row.bytes).find(record.bytes) != std::string::npos);
    }
  }
}

TEST_CASE("what the systems answer to each other is refused as a file of this source") {
  for (const char* source : {"dossiers_bus", "dossiers_adapter_files", "dossiers_lgsp", "dossiers_opencps"}) {
    for (const char* answer :
         {R"({"error_code":"3","message":"Hồ sơ đã tồn tại"})", R"({"response_code":"-1","response_data":""})",
          "Cập nhật tiến độ thành công", R"({"Status":200,"Message":"OK"})", "<html>502</html>"}) {
      INFO(source, " ", answer);
      const auto page = ParseSaved(ManifestNamed(source), "1.json", answer, kNow);
      REQUIRE_FALSE(page.ok());
      CHECK(page.error().code == "not_this_format");
    }
  }
}

TEST_CASE("a bus's copies in two folders, an answer among them: the records arrive, the answer is set aside") {
  const Folder folder;
  folder.Put("dongbo/1.json", kBusDossiers);
  folder.Put("dongbo/2.json", R"({"error_code":"3","message":"Hồ sơ đã tồn tại"})");
  folder.Put("tiendo/1.json", kBusSteps);
  folder.Put("tiendo/2.json", "Cập nhật tiến độ thành công");
  FakeHttpClient http([](const HttpRequest&) { return Answered("{}"); });
  const ManualClock clock(kNow);
  const Manifest manifest = ManifestNamed("dossiers_bus");
  SourceSettings settings = SettingsFor(manifest, *MakeDate(2026, 6, 8));
  settings.folder = folder.path.string();
  const auto made = MakeConnector(manifest, settings, {http, clock});
  REQUIRE(made.ok());
  const Pulled dossiers = PullAll(**made, "dossiers"), steps = PullAll(**made, "steps");
  CHECK(dossiers.ids == std::vector<std::string>{"hs|A"});
  CHECK(dossiers.unreadable == std::vector<std::string>{"missing_id", "missing_id"});
  CHECK(dossiers.complete_through.has_value());
  CHECK(steps.ids.size() == 2);
  CHECK(steps.unreadable == std::vector<std::string>{"bad_json"});
  CHECK_FALSE(steps.complete_through.has_value());  // a file was not understood
}
