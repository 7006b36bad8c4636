// Goal: the person whom a record names is found, or nobody is: 0 false links and none missed over the gold file of
// identities (tests/golden-identities/README.md), and the share that stays unresolved is printed.
// Method: each row becomes the bytes that its source would send (edXML document, 04 and 06 or 05; dossier and progress
// rows; task), goes through the shipped rules and item building with the gold directory, alone and again among the
// records of all rows; the lead of its item is held against what the row expects. Every record also names somebody
// whom 4a does not mean: the staff of the 04, the desk's first row, the assigner and the shown name of a task.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/csv.h"
#include "core/digest.h"
#include "core/text.h"
#include "mapping/items.h"
#include "mapping/mapper.h"
#include "tests/support/evidence_maker.h"

namespace mc {
namespace {

const std::string kRoot = MC_SOURCE_DIR;
const std::string kFolder = kRoot + "/tests/golden-identities/";
const char* const kAsOf = "2027-06-30";

// What the gold file promises: it may grow, never shrink.
constexpr std::size_t kRowsAtLeast = 300, kRowsPerTrapAtLeast = 15, kMayStayUnresolvedAtMost = 8;
constexpr std::size_t kPeopleAtLeast = 80, kUnitsAtLeast = 12;
const std::set<std::string> kTraps = {"account_of_one_register",
                                      "cut_to_46",
                                      "desk_and_placeholder",
                                      "email_as_written",
                                      "first_and_last_day",
                                      "half_decomposed",
                                      "handed_over_mailbox",
                                      "issuer_of_staff_code",
                                      "label_of_one_unit",
                                      "merged_ward",
                                      "name_is_no_key",
                                      "order_of_keys",
                                      "organisation_code",
                                      "reissued_staff_code",
                                      "same_name",
                                      "shared_mailbox",
                                      "transfer_in_mid_month",
                                      "twins"};

std::string ReadBytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE_MESSAGE(in.good(), path);
  return {std::istreambuf_iterator<char>(in), {}};
}

// --- the gold file

struct Identity {
  std::map<std::string, std::string> cells;
  std::size_t number = 0;  // within the file; makes ids of records
  const std::string& operator[](const std::string& column) const { return cells.at(column); }
  bool names_a_person() const { return !(*this)["key"].empty(); }
};

// What nobody could see in a sheet stands as a JSON escape: "e\u0302", "\u00a0".
std::string Unescape(const std::string& cell) {
  const auto text = ParseJson('"' + cell + '"');
  REQUIRE_MESSAGE(text.ok(), cell);
  return text->get<std::string>();
}

std::vector<Identity> GoldRows() {
  const std::string text = ReadBytes(kFolder + "identities.csv");
  CsvReader reader(text, ',');
  CsvRow head, line;
  REQUIRE(reader.Next(head));
  std::vector<Identity> rows;
  while (reader.Next(line)) {
    CAPTURE(line.line);
    REQUIRE(line.fields.size() == head.fields.size());
    Identity row;
    row.number = rows.size() + 1;
    for (std::size_t i = 0; i < head.fields.size(); ++i) row.cells[head.fields[i]] = Unescape(line.fields[i]);
    rows.push_back(std::move(row));
  }
  return rows;
}

DirectoryData GoldDirectory() {
  const auto document = ReadJsonFile(kFolder + "directory.json");
  REQUIRE_MESSAGE(document.ok(), document.error().message);
  auto directory = ParseDirectory(*document, "person key of the gold file");
  REQUIRE_MESSAGE(directory.ok(), directory.error().message);
  return std::move(*directory);
}

// --- the bytes that a source sends

std::string Element(const std::string& name, const std::string& inside) {
  return "<edXML:" + name + ">" + inside + "</edXML:" + name + ">";
}

std::string TextElement(const std::string& name, const std::string& text) {
  std::string escaped;
  for (const char c : text) escaped += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return Element(name, escaped);
}

std::string Envelope(const std::string& message_header, const std::string& trace) {
  const std::string ns = "http://www.mic.gov.vn/TBT/QCVN_102_2016";
  return R"(<?xml version="1.0" encoding="UTF-8"?><edXML xmlns=")" + ns + R"(" xmlns:edXML=")" + ns + R"(">)" +
         Element("edXMLEnvelope", Element("edXMLHeader", Element("MessageHeader", message_header) + trace)) +
         "</edXML>";
}

std::string Organisation(const std::string& element, const std::string& code, const std::string& name) {
  return Element(element, TextElement("OrganId", code) + TextElement("OrganName", name));
}

std::string FirstOrganisation(const Identity& row) {
  return row["begun_unit"].empty() ? row["unit_code"] : row["begun_unit"];
}
std::string FirstName(const Identity& row) { return row["begun_unit"].empty() ? row["unit_name"] : ""; }
std::string Notation(const Identity& row) { return std::to_string(row.number) + "/UBND-VP"; }
std::string Promulgated(const Identity& row) { return row["begun"].substr(0, 10); }

std::string DocumentBytes(const Identity& row) {
  return Envelope(Organisation("From", "H26.01", "Văn phòng Ủy ban nhân dân thành phố") +
                      Organisation("To", FirstOrganisation(row), FirstName(row)) +
                      Element("Code", TextElement("CodeNumber", std::to_string(row.number)) +
                                          TextElement("CodeNotation", "UBND-VP")) +
                      Element("PromulgationInfo", TextElement("PromulgationDate", Promulgated(row))) +
                      Element("DocumentType", TextElement("TypeName", "Công văn")),
                  Element("TraceHeaderList", Element("Bussiness", TextElement("BussinessDocType", "0"))));
}

std::string StatusBytes(const Identity& row, const std::string& sender, const std::string& staff,
                        const std::string& status, const std::string& at) {
  return Envelope(sender +
                      Element("ResponseFor", TextElement("OrganId", "H26.01") + TextElement("Code", Notation(row)) +
                                                 TextElement("PromulgationDate", Promulgated(row))) +
                      Element("StaffInfo", staff) + TextElement("StatusCode", status) + TextElement("Timestamp", at),
                  "");
}

// The document, its 04 in the name of a leader (who is never its lead), and the row's own message.
std::vector<std::string> DocumentRecords(const Identity& row) {
  const std::string staff = TextElement("Department", "Văn phòng") + TextElement("Staff", row["label"]) +
                            TextElement("StaffId", row["staff_code"]) + TextElement("Email", row["email"]);
  return {DocumentBytes(row),
          StatusBytes(row, Organisation("From", FirstOrganisation(row), FirstName(row)),
                      TextElement("Email", "lanhdao.chung@mau.hanoi.gov.vn"), "04", row["begun"]),
          StatusBytes(row, Organisation("From", row["unit_code"], row["unit_name"]), staff, row["says"], row["at"])};
}

std::string StepBytes(const std::string& id, const std::string& who, const std::string& what, const std::string& status,
                      const std::string& at) {
  return Json{{"MaHoSo", id},        {"NguoiXuLy", who},    {"ChucDanh", ""},  {"ThoiDiemXuLy", at},
              {"NoiDungXuLy", what}, {"TrangThai", status}, {"NgayBatDau", ""}}
      .dump();
}

// The dossier, the desk's first row, and the row's own step.
std::vector<std::string> DossierRecords(const Identity& row) {
  std::string id = std::to_string(100'000 + row.number).substr(1);
  id = row["unit_code"].empty() ? "HS" + id : row["unit_code"] + "-260101-" + id;
  const bool finished = row["says"] == "9";
  const Json dossier = {{"MaHoSo", id},
                        {"MaTTHC", "1.001193.000.00.00.H26"},
                        {"NgayTiepNhan", row["begun"]},
                        {"NgayHenTra", "20271231170000"},
                        {"TrangThaiHoSo", row["says"]},
                        {"NgayKetThucXuLy", finished ? row["at"] : ""},
                        {"DonViXuLy", row["unit_name"]}};
  return {dossier.dump(), StepBytes(id, "Cán bộ một cửa", "Tiếp nhận hồ sơ", "2", row["begun"]),
          StepBytes(id, row["label"], "Xử lý hồ sơ", row["says"], row["at"])};
}

std::vector<std::string> TaskRecords(const Identity& row) {
  return {Json{{"MaNV", "NV-2606-" + std::to_string(row.number)},
               {"LoaiNhiemVuId", "NV03"},
               {"NguoiGiaoId", "giaoviec.chung"},
               {"DonViTheoDoi", row["unit_name"]},
               {"MaDonViTheoDoi", row["unit_code"]},
               {"CanBoId", row["account"]},
               {"ChuyenVienTheoDoi", row["label"]},
               {"HanXuLy", "2027/12/31"},
               {"NgayTao", row["at"]},
               {"MaTrangThai", "DANG_THUC_HIEN"}}
              .dump()};
}

std::vector<std::string> RecordsOf(const Identity& row) {
  if (row["source"] == "documents") return DocumentRecords(row);
  return row["source"] == "public_service" ? DossierRecords(row) : TaskRecords(row);
}

// --- the way of a row: bytes, evidence, items

class Mappers {
 public:
  Evidence Read(const Identity& row, const std::string& bytes) {
    SourceRecord record;
    record.bytes = bytes;
    record.source = row["source"];
    record.media_type = bytes.starts_with('{') ? "application/json" : "application/xml";
    record.key = {row["register"], ToHex(Sha256(bytes)), Sha256(bytes)};
    record.observed_at = test::AsOf("2027-03-01");  // long after; nobody's time counts but that of the event
    const auto read = Of(row["source"]).Map(record);
    const auto* reason = std::get_if<RejectionReason>(&read);
    REQUIRE_MESSAGE(reason == nullptr, (reason ? reason->code + " " + reason->field : ""));
    return std::get<Evidence>(read);
  }

 private:
  const Mapper& Of(const std::string& source) {
    auto& mapper = mappers_[source];
    if (mapper) return *mapper;
    auto loaded = LoadMapper(kRoot + "/mapping/rules/" + source + ".json");
    REQUIRE_MESSAGE(loaded.ok(), loaded.error().message);
    mapper = std::move(*loaded);
    return *mapper;
  }
  std::map<std::string, std::unique_ptr<Mapper>> mappers_;
};

void Append(std::vector<EvidenceRevision>& to, Evidence evidence) {
  EvidenceRevision revision;
  revision.evidence = std::move(evidence);
  revision.ik = static_cast<std::int64_t>(to.size()) + 1;
  revision.leaf_index = static_cast<std::int64_t>(to.size());
  to.push_back(std::move(revision));
}

std::vector<WorkItem> Items(const std::vector<EvidenceRevision>& evidence, const IdentityIndex& identity) {
  return BuildItems(evidence, identity, ItemSettings{}, test::AsOf(kAsOf));
}

// --- what a row expects

std::string SaidOf(const Link& lead) {
  return lead.state == LinkState::kResolved ? lead.id : std::string(Name(lead.state));
}

bool AsExpected(const Identity& row, const Link& lead) {
  if (SaidOf(lead) == row["expected"]) return true;
  const bool nobody = lead.state == LinkState::kUnresolved || lead.state == LinkState::kAmbiguous;
  return nobody && (row["expected"] == "not_resolved" || row["may_stay_unresolved"] == "yes");
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : " ") + text;
  return joined;
}

void CheckLead(const Identity& row, const Link& lead) {
  const bool resolved = lead.state == LinkState::kResolved;
  CHECK_MESSAGE(AsExpected(row, lead), std::string(resolved ? "FALSE LINK, or another's: " : "not as expected: ")
                                           << row["id"] << " said " << SaidOf(lead) << " (" << lead.key << lead.reason
                                           << "), expected " << row["expected"] << ": " << row["why"]);
  if (resolved && row.names_a_person()) CHECK(lead.key == row["key"]);
  if (!row["candidates"].empty()) CHECK(Joined(lead.candidates) == row["candidates"]);
  CHECK(lead.reason.empty() == resolved);
  CHECK(lead.id.empty() != resolved);
}

struct Tally {
  std::size_t rows = 0, resolved = 0, ambiguous = 0, unresolved = 0, missed = 0;
  void Count(const Identity& row, const Link& lead) {
    ++rows;
    resolved += lead.state == LinkState::kResolved ? 1 : 0;
    ambiguous += lead.state == LinkState::kAmbiguous ? 1 : 0;
    unresolved += lead.state == LinkState::kUnresolved ? 1 : 0;
    missed += lead.state != LinkState::kResolved && row.names_a_person() ? 1 : 0;
  }
  std::string Text() const {
    const auto share = [&](std::size_t part) {
      const std::size_t tenths = (part * 2000 + rows) / (2 * rows);  // of a per cent, half up
      return std::to_string(part) + " (" + std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %)";
    };
    return std::to_string(rows) + " rows, resolved " + share(resolved) + ", ambiguous " + share(ambiguous) +
           ", unresolved " + share(unresolved) + ", of a person's rows left unresolved " + std::to_string(missed);
  }
};

TEST_CASE("the gold file keeps what it promises") {
  const DirectoryData directory = GoldDirectory();
  CHECK(directory.people.size() >= kPeopleAtLeast);
  CHECK(directory.units.size() >= kUnitsAtLeast);
  std::set<std::string> ids, people;
  for (const Person& person : directory.people) people.insert(person.id);
  std::map<std::string, std::size_t> traps;
  std::size_t open = 0, not_nfc = 0;
  for (const Identity& row : GoldRows()) {
    CAPTURE(row["id"]);
    CHECK(ids.insert(row["id"]).second);
    ++traps[row["trap"]];
    open += row["may_stay_unresolved"] == "yes" ? 1 : 0;
    not_nfc += ToNfc(row["label"]) != row["label"] ? 1 : 0;
    CHECK(people.contains(row["expected"]) == row.names_a_person());
    CHECK((row.names_a_person() ||
           std::set<std::string>{"ambiguous", "unresolved", "not_resolved"}.contains(row["expected"])));
    CHECK((row["expected"] == "ambiguous") == !row["candidates"].empty());
  }
  CHECK(ids.size() >= kRowsAtLeast);
  CHECK(open <= kMayStayUnresolvedAtMost);
  CHECK(not_nfc >= 15);
  CHECK(traps.size() == kTraps.size());
  for (const std::string& trap : kTraps) {
    CAPTURE(trap);
    CHECK(traps[trap] >= kRowsPerTrapAtLeast);
  }
}

TEST_CASE("0 false links and none missed over the gold file; the share that stays unresolved") {
  const IdentityIndex identity(GoldDirectory());
  Mappers mappers;
  std::vector<EvidenceRevision> all;
  std::map<std::string, Identity> by_key;  // item key -> the row that made it
  std::map<std::string, Tally> traps;
  Tally total;
  for (const Identity& row : GoldRows()) {
    CAPTURE(row["id"]);
    std::vector<EvidenceRevision> own;
    for (const std::string& bytes : RecordsOf(row)) {
      Append(own, mappers.Read(row, bytes));
      Append(all, own.back().evidence);
    }
    const std::vector<WorkItem> items = Items(own, identity);
    REQUIRE(items.size() == 1);
    CheckLead(row, items[0].lead);
    traps[row["trap"]].Count(row, items[0].lead);
    total.Count(row, items[0].lead);
    CHECK(by_key.emplace(items[0].key, row).second);
  }
  for (const auto& [trap, tally] : traps) MESSAGE(trap << ": " << tally.Text());
  MESSAGE("all: " << total.Text());

  const std::vector<WorkItem> together = Items(all, identity);  // a city's records at once: nothing leaks
  CHECK(together.size() == by_key.size());
  for (const WorkItem& item : together) {
    REQUIRE_MESSAGE(by_key.contains(item.key), item.key);
    CheckLead(by_key.at(item.key), item.lead);
  }
}

}  // namespace
}  // namespace mc
