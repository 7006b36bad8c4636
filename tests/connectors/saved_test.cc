// Goal: an operator's own exports go through the same splitting, and files that are not of
// the source are refused in words that help. Method: hand-made files, one per quirk.

#include <doctest/doctest.h>

#include "core/digest.h"
#include "tests/support/fake_http.h"

using namespace mc;
using namespace mc::testing;

namespace {

const Instant kSavedNow = At("2026-06-10T03:00:00Z");
constexpr const char* kStatus =
    "<?xml version=\"1.0\"?>\n<edXML:edXML xmlns:edXML=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">"
    "<edXML:StatusCode>06</edXML:StatusCode></edXML:edXML>";
constexpr const char* kSavedDocument =
    "<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"><Subject>a\xCC\x81</Subject></edXML>";

}  // namespace

TEST_CASE("files of each source, with the quirks that occur") {
  struct Row {
    const char* source;
    const char* name;
    std::string bytes;
    const char* stream;               // of the first record
    std::vector<std::string> ids;     // empty text: hex SHA-256 of the file
    std::vector<std::string> broken;  // reason codes
  };
  const Row rows[] = {
      {"documents", "a.edxml", kStatus, "statuses", {""}, {}},
      {"documents", "day/b.XML", kSavedDocument, "documents", {""}, {}},
      {"documents", "bom.xml", std::string("\xEF\xBB\xBF") + kSavedDocument, "documents", {""}, {}},
      {"documents", "junk.edxml", std::string("1212") + kStatus, "statuses", {""}, {}},
      {"documents",
       "b.xml",
       "<EdXMLEnvelope xmlns=\"http://www.go.vn/eDoc\"><MessageHeader/></EdXMLEnvelope>",
       "documents",
       {""},
       {}},
      {"documents",
       "b.edxml",
       "<e:edXMLEnvelope xmlns:e=\"http://www.go.vn/eDoc\"><e:StatusCode>06</e:StatusCode></e:edXMLEnvelope>",
       "statuses",
       {""},
       {}},
      {"documents", "cut.edxml", std::string(kStatus).substr(0, 90), "", {}, {"bad_xml"}},
      {"documents", "prolog.edxml", "<?xml version=\"1.0\"?>", "", {}, {"bad_xml"}},

      {"public_service",
       "hs.json",
       R"({"error_code":"0","totalrow":"2","data":[{"MaHoSo":"A"},{"MaHoSo":" B "}]})",
       "dossiers",
       {"hs|A", "hs|B"},
       {}},
      {"public_service",
       "td.json",
       R"([{"MaHoSo":"A","ThoiDiemXuLy":"20260601080000","TrangThai":"4"}])",
       "steps",
       {"td|A|20260601080000|4"},
       {}},
      {"public_service",
       "mixed.json",
       R"([{"MaHoSo":"A","MaTTHC":"1"},{"MaHoSo":"A","ThoiDiemXuLy":"1","TrangThai":4},{"MaTTHC":"2"}])",
       "dossiers",
       {"hs|A", "td|A|1|4"},
       {"missing_id"}},
      {"public_service", "one.json", "\xEF\xBB\xBF{\"MaHoSo\":\"A\"}", "dossiers", {"hs|A"}, {}},
      {"public_service", "cut.json", R"({"data":[{"MaHoSo":"A"},{"MaHo)", "", {}, {"bad_json"}},
      {"public_service", "none.json", R"({"error_code":0,"totalrow":0,"data":[]})", "", {}, {}},

      {"citizen_reports",
       "H26.101/p1.json",
       R"({"totalrow":2,"data":[{"PhanAnhID":7,"NgayTraLoi":null},{"TieuDe":"x"}]})",
       "open",
       {"7"},
       {"missing_id"}},
      {"citizen_reports",
       "p.json",
       R"({"PhanAnhID":"8","NgayPhanAnh":"2026-06--10 08:30:00","NgayTraLoi":"11/06/2026 08:00"})",
       "handled",
       {"8"},
       {}},

      {"hanoiwork", "a.json", R"({"PageData":[{"MaNV":"NV-1"}],"TotalRows":1})", "tasks", {"NV-1"}, {}},
      {"hanoiwork", "b.json", R"({"Data":{"PageData":[{"MaNV":"NV-1"}],"TotalRows":1}})", "tasks", {"NV-1"}, {}},
      {"hanoiwork", "c.json", R"({"daTa":[{"MaNV":12}]})", "tasks", {"12"}, {}},
      {"hanoiwork", "d.json", R"([{"MaNV":"1"},5])", "tasks", {"1"}, {"not_an_object"}},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const auto page = ParseSaved(ManifestNamed(row.source), row.name, row.bytes, kSavedNow);
    REQUIRE(page.ok());
    REQUIRE(page->records.size() == row.ids.size());
    for (std::size_t i = 0; i < row.ids.size(); ++i) {
      CHECK(page->records[i].key.native_id == (row.ids[i].empty() ? ToHex(Sha256(row.bytes)) : row.ids[i]));
      CHECK(page->records[i].observed_at == kSavedNow);
    }
    if (!row.ids.empty()) CHECK(page->records[0].stream == row.stream);
    std::vector<std::string> broken;
    for (const auto& bad : page->unreadable) broken.push_back(bad.reason.code);
    CHECK(broken == row.broken);
  }
}

TEST_CASE("a file that is broken as a whole is kept as a whole") {
  const std::string cut = R"({"data":[{"MaHoSo":"A"})";
  const auto page = ParseSaved(ManifestNamed("public_service"), "x.json", cut, kSavedNow);
  REQUIRE(page.ok());
  REQUIRE(page->unreadable.size() == 1);
  CHECK(page->unreadable[0].record.bytes == cut);
  CHECK(page->unreadable[0].record.key.native_id == "sha256:" + ToHex(Sha256(cut)));
}

TEST_CASE("a field of 3 MB spoils its record and no other") {
  const std::string big = R"({"MaHoSo":"BIG","x":")" + std::string(3 * 1024 * 1024, 'x') + "\"}";
  const std::string body = "{\"data\":[{\"MaHoSo\":\"A\"}," + big + ",{\"MaHoSo\":\"B\"}]}";
  const auto page = ParseSaved(ManifestNamed("public_service"), "x.json", body, kSavedNow);
  REQUIRE(page.ok());
  CHECK(page->records.size() == 2);
  REQUIRE(page->unreadable.size() == 1);
  CHECK(page->unreadable[0].reason.code == "record_too_large");
  CHECK(page->unreadable[0].record.bytes == big);
}

TEST_CASE("the organisation of saved reports: folder first, else the page") {
  struct Row {
    const char* name;
    const char* page_field;
    const char* fact;
  };
  const Row rows[] = {
      {"H26.101/a.json", "", "H26.101"},
      {"000.00.05.H26/sub/a.json", "\"MaDinhDanh\":\"H26.9\",", "000.00.05.H26"},
      {"reports/a.json", "\"MaDinhDanh\":\" H26.9 \",", "H26.9"},
      {"a.json", "\"MaDonVi\":\"H26.9\",", "H26.9"},
      {"2026-06/a.json", "", ""},
      {"PHUONG/a.json", "", ""},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const std::string body = std::string("{") + row.page_field + R"("data":[{"PhanAnhID":1}]})";
    const auto page = ParseSaved(ManifestNamed("citizen_reports"), row.name, body, kSavedNow);
    REQUIRE(page.ok());
    REQUIRE(page->records.size() == 1);
    const auto& facts = page->records[0].facts;
    CHECK(facts.contains("MaDinhDanh") == !std::string(row.fact).empty());
    if (facts.contains("MaDinhDanh")) CHECK(facts.at("MaDinhDanh") == row.fact);
  }
}

TEST_CASE("files that are not of this source are refused, named for what they look like") {
  struct Row {
    const char* source;
    const char* name;
    const char* bytes;
    const char* in_message;
  };
  const Row rows[] = {
      {"documents", "a.xml", "<html><body>", "an HTML page"},
      {"documents", "a.edxml", "PK\x03\x04", "a ZIP archive"},
      {"documents", "a.edxml", "%PDF-1.4", "a PDF file"},
      {"documents", "a.edxml", "", "an empty file"},
      {"documents", "a.xml", "<e:Doc xmlns:e=\"http://www.e-doc.vn/Schema/\"></e:Doc>", "e-doc.vn"},
      {"documents", "a.xml", "<Envelope></Envelope>", "another vocabulary (its root element is Envelope)"},
      {"documents", "a.edxml", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an Office file of before 2007"},
      {"documents", "a.xml", "\xFF\xFE<", "UTF-16"},
      {"documents", "a.edxml", "Kính gửi", "plain text"},
      {"documents", "a.json", R"({"data":[{"documentId":"x","codeNotation":"y"}]})", "a JSON rendering of an edXML"},
      {"public_service", "a.json", "{\\rtf1}", "an RTF document"},
      {"public_service", "a.json", "PK\x03\x04..word/", "a Word document"},
      {"hanoiwork", "a.json", R"([{"service_request_id":1}])", "Open311"},
      {"hanoiwork", "a.json", R"({"access_token":"secret"})", "delete it"},
      {"reports_open311", "a.json", R"({"code":404})", "JSON of another source"},
      {"reports_p3", "a.json", "\x89PNG\r\n\x1A\n", "a PNG picture"},
      {"documents", "a.json", R"({"success":true,"count":1,"data":[{"docId":"1","messageType":"edoc"}]})",
       "save each message"},
      {"documents", "a.json", R"([{"MaHoSo":"A"}])", "JSON of dossiers"},
      {"documents", "a.json", "{}", "edXML messages"},
      {"documents", "a.txt", kStatus, ".edxml"},
      {"public_service", "a.json", "<!DOCTYPE html>", "an HTML page"},
      {"public_service", "a.json", R"({"PageData":[{"MaNV":"1"}]})", "JSON"},
      {"public_service", "a.json", R"([{"MaNV":"1"}])", "JSON of tasks"},
      {"public_service", "a.json", "[1,2]", "JSON of another source"},
      {"public_service", "a.json", "nothing", "neither XML nor JSON"},
      {"hanoiwork", "a.json", R"([{"PhanAnhID":1}])", "citizens' reports"},
      {"hanoiwork", "a.json", R"({"message":"no"})", "JSON of another source"},
      {"hanoiwork", "a.xml", kStatus, "saved as .json"},
      {"citizen_reports", "a.csv", "a;b\n1;2", "a table of separated values"},
  };
  for (const Row& row : rows) {
    INFO(row.source, " ", row.bytes);
    const auto page = ParseSaved(ManifestNamed(row.source), row.name, row.bytes, kSavedNow);
    REQUIRE_FALSE(page.ok());
    CHECK(page.error().code == "not_this_format");
    CHECK(page.error().error_class == ErrorClass::kData);
    CHECK(page.error().message.find(row.in_message) != std::string::npos);
  }
}
