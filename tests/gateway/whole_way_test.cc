// Goal: an operator's own exports, with the quirks that platforms are known for, walk the whole way
// from files to an explained sheet; what is wrong is met where it belongs and nothing is lost.
// Method: hand-made files of four sources, the built binary, one official with four items.
#include <httplib.h>

#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <tuple>

#include "core/json.h"
#include "gateway_support.h"

using namespace mc;
using namespace mc::test;

namespace {

constexpr const char* kSmallDirectory = R"({"schema":"minhchung/directory@1",
 "units":[{"id":"U1","name":"UBND phường Một","axis":"committee","parent":null,"ward":null,"codes":[{"code":"H26.101"}]}],
 "people":[{"id":"an","name":"Nguyễn Văn An","group":"civil_servant"},{"id":"bao","name":"Lê Bảo","group":"civil_servant"},
           {"id":"em","name":"Trần Thị Em","group":"civil_servant"}],
 "memberships":[{"person":"an","unit":"U1","role":"member","manager":"em","peer_group":"cv","fed_by":["edoc","dvc","hanoiwork"],"from":"2026-01-01"}],
 "staff_codes":[{"person":"an","issuer":"H26.101","code":"CB-an"}],"emails":[],
 "accounts":[{"person":"an","register":"hanoiwork","account":"acc-an"},{"person":"em","register":"hanoiwork","account":"acc-em"}],
 "labels":[{"person":"an","register":"dvc","unit":"U1","label":"Nguyễn Văn An","approved_by":["em","bao"]}]})";

std::string Envelope(const std::string& header) {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016" xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016"><edXML:edXMLEnvelope><edXML:edXMLHeader>
<edXML:MessageHeader>)" +
         header + "</edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope></edXML>";
}

std::string Document() {
  return Envelope(
      R"(<edXML:From><edXML:OrganId>H26</edXML:OrganId></edXML:From><edXML:DocumentId>H26,1</edXML:DocumentId>
<edXML:To><edXML:OrganId>H26.101</edXML:OrganId></edXML:To>
<edXML:Code><edXML:CodeNumber>7</edXML:CodeNumber><edXML:CodeNotation>UBND-VP</edXML:CodeNotation></edXML:Code>
<edXML:PromulgationInfo><edXML:PromulgationDate>2026/06/01</edXML:PromulgationDate></edXML:PromulgationInfo>
<edXML:DocumentType><edXML:Type>18</edXML:Type><edXML:TypeName>Ba)"
      "\xCC\x81"
      R"(o cáo</edXML:TypeName></edXML:DocumentType>
<edXML:Subject>s</edXML:Subject><edXML:DueDate>2026/06/10</edXML:DueDate>)");
}

std::string DocumentStatus(const std::string& code, const std::string& at) {
  return Envelope(
      R"(<edXML:From><edXML:OrganId>H26.101</edXML:OrganId></edXML:From><edXML:ResponseFor><edXML:OrganId>H26</edXML:OrganId>
<edXML:Code>7/UBND-VP</edXML:Code><edXML:PromulgationDate>2026/06/01</edXML:PromulgationDate><edXML:DocumentId>H26,1</edXML:DocumentId></edXML:ResponseFor>
<edXML:StaffInfo><edXML:Staff>An</edXML:Staff><edXML:StaffId>CB-an</edXML:StaffId></edXML:StaffInfo>
<edXML:StatusCode>)" +
      code + "</edXML:StatusCode><edXML:Timestamp>" + at + "</edXML:Timestamp>");
}

std::string Step(const std::string& status, const std::string& at, const std::string& who) {
  return R"({"MaHoSo":"H26.101-260602-00001","NguoiXuLy":")" + who + R"(","ThoiDiemXuLy":")" + at +
         R"(","TrangThai":")" + status + "\"}";
}

std::string TaskRow(const std::string& code, const std::string& status, const std::string& results) {
  return R"({"MaNV":")" + code +
         R"(","LoaiNhiemVuId":"NV01","NguoiGiaoId":"acc-em","CanBoId":"acc-an","MaDonViTheoDoi":"H26.101",
    "NgayTao":"2026/06/03 08:00:00","HanXuLy":"2026/06/20","NgayHoanThanh":"2026/06/15","MaTrangThai":")" +
         status + R"(",
    "SoKyHieuVanBan":"99/KH","NgayVanBan":"2026/06/01","KetQuaThucHien":)" +
         results + "}";
}

// Files that are right, and one wrong record in each source.
void WriteExports(const TempDir& dir) {
  dir.Write("documents/2026/06/a.edxml", "\xEF\xBB\xBF" + Document());
  dir.Write("documents/2026/06/b.xml", DocumentStatus("04", "2026/06/02 08:00:00"));
  dir.Write("documents/2026/06/c.xml", DocumentStatus("06", "2026/06/09 16:00:00"));
  dir.Write("documents/2026/06/cut.edxml", Document().substr(0, 400));
  dir.Write("documents/2026/06/unknown.edxml", DocumentStatus("77", "2026/06/09 16:00:00"));
  dir.Write("public_service/dossiers.json",
            R"({"error_code":0,"totalrow":1,"data":[{"MaHoSo":"H26.101-260602-00001","MaHoSoKhac":"",
    "MaTTHC":"1.001193.H26","NgayTiepNhan":"20260602081500","NgayHenTra":"20260612170000","TrangThaiHoSo":"9",
    "DonViXuLy":"UBND phường Một","NgayKetThucXuLy":""}]})");
  dir.Write("public_service/steps.json", "[" + Step("2", "20260602081500", "Cán bộ một cửa") + "," +
                                             Step("4", "20260602091500", "Nguyễn Văn An") + "," +
                                             Step("9", "20260613100000", "Nguyễn Văn An") + "," +
                                             Step("4", "tomorrow", "Nguyễn Văn An") + "]");
  dir.Write("citizen_reports/H26.101/p.json", R"({"totalrow":2,"data":[
    {"PhanAnhID":41,"ChuyenMucID":null,"NgayPhanAnh":"2026-06--10 08:30:00","NgayTraLoi":"11/06/2026 08:00"},{"TieuDe":"x"}]})");
  dir.Write("hanoiwork/t.json",
            R"({"PageData":[)" +
                TaskRow("NV-1", "HOAN_THANH", R"([{"Loai":"VanBan","SoKyHieu":"99/KH","NgayBanHanh":"2026/06/01"}])") +
                "," + TaskRow("NV-2", "KHONG_RO", "[]") + R"(],"TotalRows":"2"})");
}

Json SyncFrom(const TempDir& dir, const std::string& source, int code) {
  const Ran ran = RunBinary(dir, "sync --from " + source + " " + source + " --json");
  CHECK_MESSAGE(ran.code == code, ran.out << ran.err);
  return ParseOut(ran)["sources"][0];
}

struct Walked {
  TempDir dir;
  Walked() {
    WriteSettings(dir);
    dir.Write("directory.json", kSmallDirectory);
    REQUIRE(RunBinary(dir, "import directory directory.json").code == 0);
    WriteExports(dir);
  }
  void SyncAll(int added, int duplicate) {
    const std::tuple<const char*, int, int> sources[] = {
        {"documents", 5, 2}, {"public_service", 5, 1}, {"citizen_reports", 2, 1}, {"hanoiwork", 2, 1}};
    for (const auto& [source, fetched, bad] : sources) {
      CAPTURE(source);
      const Json counts = SyncFrom(dir, source, 0);
      CHECK(counts["fetched"] == fetched);
      CHECK(counts["new"] == (fetched - bad) * added);
      CHECK(counts["quarantined"] == bad * added);
      CHECK(counts["duplicate"] == fetched * duplicate);
      CHECK(counts["revised"] == 0);
    }
  }
};

const Json* Line(const Json& sheet, const std::string& label) {
  for (const Json& line : sheet["lines"]) {
    if (line["label"] == label) return &line;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("saved files become a sheet, and a second time nothing new") {
  Walked w;
  w.SyncAll(1, 0);
  const Json fsck = ParseOut(RunBinary(w.dir, "fsck --json"));
  CHECK(fsck["faults"].empty());
  CHECK(fsck["receipts"] == 4);
  w.SyncAll(0, 1);
  const Json again = ParseOut(RunBinary(w.dir, "fsck --json"));
  CHECK(again["evidence"] == fsck["evidence"]);
  CHECK(again["leaves"] == fsck["leaves"].get<int>() + 4);

  const Json sheet = ParseOut(RunBinary(w.dir, "score --period 2026-06 --json"))["subjects"][0];
  CHECK(sheet["id"] == "an");
  CHECK(sheet["status"] == "awaiting_data");  // folders say nothing about completeness
  CHECK(sheet["total"].is_null());
  REQUIRE(sheet["lines"].size() == 3);
  const Json* document = Line(sheet, "document:H26|7/UBND-VP|2026-06-01|H26.101");
  REQUIRE(document);
  CHECK((*document)["completed"] == "1");
  CHECK((*document)["product"] == "SP-VB-02");
  const Json* dossier = Line(sheet, "dossier:dvc:H26.101-260602-00001");
  REQUIRE(dossier);
  CHECK((*dossier)["completed"] == "1");
  CHECK((*dossier)["late"] == 1);
  const Json* task = Line(sheet, "task:hanoiwork:NV-1");
  REQUIRE(task);
  CHECK((*task)["assigned"] == "1");
  CHECK((*task)["completed"] == "0");
  CHECK(sheet["claims_not_counting"] == Json::array({"task:hanoiwork:NV-1"}));
}

TEST_CASE("explain walks from the sheet to the raw bytes and their hash") {
  Walked w;
  w.SyncAll(1, 0);
  const Ran text = RunBinary(w.dir, "explain an --period 2026-06");
  REQUIRE(text.code == 0);
  CHECK(Has(text.out, "viện dẫn chính văn bản giao việc"));
  CHECK(Has(text.out, "Đăng ký khai sinh"));
  const Json data = ParseOut(RunBinary(w.dir, "explain an --period 2026-06 --json"));
  CHECK(data["off_sheet"] == Json::parse(R"([{"why":"claim_not_backed","item":"task:hanoiwork:NV-1"}])"));

  // What nobody checked is said: these are files of an operator, and nothing was read again.
  CHECK(Has(text.out, "đạt các bước đã làm · chưa làm: "));
  CHECK_FALSE(Has(text.out, "kiểm tra: đạt cả"));
  const std::string key = "document:H26|7/UBND-VP|2026-06-01|H26.101";
  const auto checks = [&](const char* item, std::size_t evidence) {
    std::string shown;
    for (const Json& row : data["items"][item]["evidence"][evidence]["checks"]) {
      shown += row["check"].get<std::string>() + " " + row["state"].get<std::string>() + " " +
               row["reason"].get<std::string>() + "\n";
    }
    return shown;
  };
  CHECK(checks(key.c_str(), 2) == "integrity passed proof_opens\norigin not_made not_connected\nperson passed resolved\n"
                                  "unit passed resolved\nuniqueness passed no_conflict\nbacking not_applicable not_a_claim\n"
                                  "read_back not_made no_result\n");
  CHECK(Has(checks("task:hanoiwork:NV-1", 0), "backing failed instruction\n"));
  const Json opened = ParseOut(RunBinary(w.dir, "explain an --period 2026-06 --json --item '" + key + "'"));
  REQUIRE(opened["records"].size() == 3);
  bool found = false;
  for (const Json& record : opened["records"]) {
    CHECK(record["matches"] == true);
    const std::string bytes = record["bytes"];
    CHECK(record["sha256"] == ToHex(Sha256(bytes)));
    found = found || bytes == "\xEF\xBB\xBF" + Document();
    // The same record, leaf and hash as on the sheet.
    bool on_sheet = false;
    for (const Json& evidence : data["items"][key]["evidence"]) {
      on_sheet = on_sheet || (evidence["record"] == record["record"] && evidence["leaf"] == record["leaf"] &&
                              evidence["sha256"] == record["sha256"]);
    }
    CHECK(on_sheet);
  }
  CHECK(found);
}

// Goal: opinions are seen beside the sheet, open down to their bytes, and change nothing that counts.
TEST_CASE("what citizens say stands beside the sheet and changes no digit of it") {
  Walked w;
  w.SyncAll(1, 0);
  const auto sheets = [&](Json& beside) {
    Json all = ParseOut(RunBinary(w.dir, "score --period 2026-06 --json"))["subjects"];
    for (Json& sheet : all) {
      beside = sheet["satisfaction"];
      sheet.erase("satisfaction");
    }
    return all;
  };
  Json before, after;
  const Json without = sheets(before);
  CHECK(before == Json::parse(R"({"own":0,"unit":0})"));
  CHECK(!Has(RunBinary(w.dir, "explain an --period 2026-06").out, "NGƯỜI DÂN"));

  const std::string worst = R"({"MaPhieu":"DG-1","MaHoSo":"H26.101-260602-00001","NgayDanhGia":"2026-06-14 08:00:00",
    "ChiTiet":[{"MaTieuChi":"1","Diem":0},{"MaTieuChi":"2","Diem":1}]})";
  w.dir.Write("satisfaction/dossiers/p.json", R"({"data":{"total":3,"items":[)" + worst + R"(,
    {"MaPhieu":"DG-2","MaHoSo":"KHONG-CO","MaDonVi":"H26.101","NgayDanhGia":"2026-06-14 08:00:00","ChiTiet":[{"MaTieuChi":"1","Diem":2}]},
    {"MaPhieu":"DG-3","MaHoSo":"H26.101-260602-00001","NgayDanhGia":"2026-06-14 08:00:00","ChiTiet":[{"MaTieuChi":"1","Diem":7}]}]}})");
  w.dir.Write("satisfaction/units/p.json", R"({"data":{"total":1,"items":[{"MaPhieu":"V-1","MaDonVi":"H26.101",
    "NgayDanhGia":"2026-06-29 08:00:00","CauHoi":[{"Ma":"1","RatTot":60,"Tot":30,"KhongTot":10}]}]}})");
  const Json counts = SyncFrom(w.dir, "satisfaction", 0);
  CHECK(counts["new"] == 3);
  CHECK(counts["quarantined"] == 1);

  CHECK(sheets(after) == without);
  CHECK(after == Json::parse(R"({"own":1,"unit":1})"));
  const Json said = ParseOut(RunBinary(w.dir, "explain an --period 2026-06 --json"))["satisfaction"];
  REQUIRE(said["own"].size() == 1);
  CHECK(said["own"][0]["about"] == "dossier:dvc:H26.101-260602-00001");
  CHECK(said["own"][0]["ratings"][1] == Json::parse(R"({"criterion":"TC2","value":"1","of":"2"})"));
  CHECK(said["own"][0]["marks"] == Json::array({"criteria_missing"}));
  CHECK(said["unit"][0]["ratings"][2]["answer"] == "bad");
  const std::string text = RunBinary(w.dir, "explain an --period 2026-06").out;
  CHECK(Has(text, "Ý KIẾN CỦA NGƯỜI DÂN"));
  CHECK(Has(text, "TC1 0/2, TC2 1/2"));
  CHECK(Has(text, "CH1 very_good 60/100 (1 phiếu)"));
  const std::string item = "--item dossier:dvc:H26.101-260602-00001";
  const Json opened = ParseOut(RunBinary(w.dir, "explain an --period 2026-06 --json " + item));
  CHECK(opened["records"].back()["bytes"] == worst);
  CHECK(opened["records"].back()["matches"] == true);
  CHECK(ParseOut(RunBinary(w.dir, "explain an --period 2026-05 --json"))["satisfaction"]["own"].empty());
}

TEST_CASE("quarantine keeps what could not be read, with the reason and without the payload") {
  Walked w;
  w.SyncAll(1, 0);
  const Ran ran = RunBinary(w.dir, "quarantine list --json");
  const Json list = ParseOut(ran)["quarantine"];
  std::multiset<std::string> codes;
  for (const Json& entry : list)
    codes.insert(entry["source"].get<std::string>() + ":" + entry["code"].get<std::string>());
  CHECK(codes == std::multiset<std::string>{"documents:bad_xml", "documents:unknown_status", "public_service:bad_date",
                                            "citizen_reports:missing_id", "hanoiwork:unknown_status"});
  CHECK_FALSE(Has(ran.out, "KHONG_RO"));
  CHECK_FALSE(Has(ran.out, "tomorrow"));
}

// Goal: a file that is not of the source is named and ends with 2, the others are taken; a
// folder with nothing to take ends with 2; other extensions are skipped and counted.
TEST_CASE("files that are not of the source") {
  Walked w;
  w.dir.Write("documents/error.xml", "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>");
  w.dir.Write("documents/empty.xml", "");
  w.dir.Write("documents/readme.txt", "notes");
  w.dir.Write("documents/.hidden/x.xml", "<x/>");
  const Ran ran = RunBinary(w.dir, "sync --from documents documents");
  CHECK(ran.code == 2);
  CHECK(Has(ran.out, "mới 3"));
  CHECK(Has(ran.err, "error.xml"));
  CHECK(Has(ran.err, "empty.xml"));
  CHECK(Has(ran.err, "Bỏ qua 1 tệp"));
  CHECK_FALSE(Has(ran.err, ".hidden"));
  w.dir.Write("nothing/readme.txt", "notes");
  CHECK(RunBinary(w.dir, "sync --from nothing documents").code == 2);
  CHECK(RunBinary(w.dir, "sync --from none documents").code == 2);
  CHECK(RunBinary(w.dir, "sync --from documents").code == 2);
  CHECK(RunBinary(w.dir, "sync --from documents documents hanoiwork").code == 2);
  CHECK(RunBinary(w.dir, "fsck").code == 0);
}

// Goal: a source that is down does not stop the others; the exit code is 3 and the message
// names what was not done. Method: one address that nobody listens on, one server that answers.
TEST_CASE("one source down, one up") {
  TempDir dir;
  httplib::Server server;
  server.Post(".*", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("{\"PageData\":[" + TaskRow("NV-1", "DANG_THUC_HIEN", "[]") +
                             "],\"TotalRows\":1,\"CurrentPage\":1,\"PageSize\":100,\"TotalPage\":1}",
                         "application/json");
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread thread([&] { server.listen_after_bind(); });
  setenv("MC_TEST_SECRET", "s", 1);
  WriteSettings(dir,
                R"({"documents": {"base_url": "http://127.0.0.1:1", "secrets": {"secret_key": "env:MC_TEST_SECRET"}},
    "hanoiwork": {"base_url": "http://127.0.0.1:)" +
                    std::to_string(port) + R"(", "secrets": {"bearer": "env:MC_TEST_SECRET"}}})");
  const Ran ran = RunBinary(dir, "sync --json");
  server.stop();
  thread.join();
  unsetenv("MC_TEST_SECRET");
  CHECK(ran.code == 3);
  CHECK(Has(ran.err, "documents"));
  const Json sources = ParseOut(ran)["sources"];
  CHECK(sources[0]["source"] == "documents");
  CHECK(sources[0]["error"]["code"] == "connect_refused");
  CHECK(sources[1]["error"].is_null());
  CHECK(sources[1]["new"] == 1);
  const Ran unset = RunBinary(dir, "sync hanoiwork");
  CHECK(unset.code == 2);
  CHECK(Has(unset.err, "MC_TEST_SECRET"));
}
