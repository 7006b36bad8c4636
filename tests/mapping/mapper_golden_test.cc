// Goal: one record in, one canonical evidence or one rejection out, for every quirk of the
// four sources.
// Method: every folder below tests/golden/<source>/ is a case: the record's bytes as they
// came over the wire (record.json, record.xml, record.csv or message.edxml), what the request stated (facts.json,
// where it matters; stream.txt, where rules go by it), and what must come out (evidence.json or rejection.json, written by
// hand or read over by hand). Each source with a rule file must have cases of both kinds.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/evidence_text.h"
#include "core/json.h"
#include "mapping/mapper.h"

namespace mc {
namespace {

namespace fs = std::filesystem;

const fs::path kRules = fs::path(MC_SOURCE_DIR) / "mapping/rules";
const fs::path kGolden = fs::path(MC_SOURCE_DIR) / "tests/golden";

std::string ReadBytes(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE_MESSAGE(in.good(), path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

Json ReadJson(const fs::path& path) {
  auto json = ReadJsonFile(path.string());
  REQUIRE_MESSAGE(json.ok(), path.string());
  return std::move(*json);
}

std::vector<fs::path> FoldersOf(const fs::path& path) {
  std::vector<fs::path> folders;
  REQUIRE_MESSAGE(fs::is_directory(path), path.string());
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.is_directory()) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

SourceRecord RecordOf(const std::string& source, const fs::path& folder) {
  const char* file = "message.edxml";
  for (const char* other : {"record.json", "record.xml", "record.csv"}) {
    if (fs::exists(folder / other)) file = other;
  }
  SourceRecord record;
  record.bytes = ReadBytes(folder / file);
  record.source = source;
  const std::string kind = fs::path(file).extension();
  record.media_type = kind == ".json" ? "application/json" : kind == ".csv" ? "text/csv" : "application/xml";
  record.key = {source, ToHex(Sha256(record.bytes)), Sha256(record.bytes)};
  if (fs::exists(folder / "stream.txt")) record.stream = ReadBytes(folder / "stream.txt");
  if (fs::exists(folder / "facts.json")) {
    record.facts = ReadJson(folder / "facts.json").get<std::map<std::string, std::string>>();
  }
  return record;
}

Json ToJson(const RejectionReason& reason) {
  return {{"code", reason.code}, {"field", reason.field}, {"rule", reason.rule}};
}

// A message may hold no payload: none of the bytes of the record but names and figures.
void CheckRejection(const RejectionReason& reason, const fs::path& folder) {
  REQUIRE_MESSAGE(fs::exists(folder / "rejection.json"), "unexpected rejection: " << ToJson(reason).dump());
  CHECK(ToJson(reason) == ReadJson(folder / "rejection.json"));
  CHECK(reason.message.ends_with("."));
}

void CheckEvidence(const Evidence& evidence, const std::string& version, const fs::path& folder) {
  Json json = EvidenceToJson(evidence);
  REQUIRE_MESSAGE(fs::exists(folder / "evidence.json"), "unexpected evidence: " << json.dump());
  const auto back = EvidenceFromJson(json);
  REQUIRE_MESSAGE(back.ok(), back.error().message);
  CHECK(EvidenceToJson(*back) == json);
  CHECK(WriteEvidence(evidence)->canonical == *CanonicalJson(json));
  CHECK(json["mapping_version"] == version);
  json.erase("mapping_version");  // changes with every edit of a rule file
  const Json expected = ReadJson(folder / "evidence.json");
  CHECK_MESSAGE(json == expected, Json::diff(expected, json).dump());
}

TEST_CASE("every golden record maps to what stands beside it") {
  std::size_t sources = 0;
  for (const auto& entry : fs::directory_iterator(kRules)) {
    const std::string source = entry.path().stem().string();
    CAPTURE(source);
    auto mapper = LoadMapper(entry.path().string());
    REQUIRE_MESSAGE(mapper.ok(), mapper.error().message);
    ++sources;
    std::size_t accepted = 0, rejected = 0;
    for (const fs::path& folder : FoldersOf(kGolden / source)) {
      CAPTURE(folder.filename().string());
      const auto result = (*mapper)->Map(RecordOf(source, folder));
      if (const auto* evidence = std::get_if<Evidence>(&result)) {
        CheckEvidence(*evidence, (*mapper)->version(), folder);
        ++accepted;
      } else {
        CheckRejection(std::get<RejectionReason>(result), folder);
        ++rejected;
      }
    }
    CHECK(accepted > 0);
    CHECK(rejected > 0);
  }
  CHECK(sources >= 4);
}

// Limits on bytes are too big to keep as files.
TEST_CASE("a record over the size limit is rejected, one at the limit is read") {
  struct Row {
    const char* source;
    std::size_t limit;
    std::string at_limit;  // what it says when it is padded up to the limit
  };
  const Row rows[] = {{"public_service", std::size_t{64} << 20, "missing_field"},
                      {"documents", std::size_t{50} << 20, "bad_xml"}};
  for (const Row& row : rows) {
    CAPTURE(row.source);
    const auto mapper = LoadMapper((kRules / (std::string(row.source) + ".json")).string());
    REQUIRE(mapper.ok());
    SourceRecord record;
    record.bytes = "{}" + std::string(row.limit - 2, ' ');
    const auto code = [&] { return std::get<RejectionReason>((*mapper)->Map(record)).code; };
    CHECK(code() == row.at_limit);
    record.bytes += ' ';
    CHECK(code() == "too_large");
  }
}

// Goal: of a refused record, unit and time are told as far as each can be read, whatever else is wrong.
TEST_CASE("where a refused record counts") {
  struct Row {
    const char *source, *bytes, *unit, *at;  // at: empty, none
  };
  const Row rows[] = {
      {"hanoiwork", R"({"MaNV":"N1","MaTrangThai":"?","MaDonViTheoDoi":"H26.1","NgayTao":"2026/06/07 08:00:00"})", "H26.1",
       "2026-06-07T01:00:00.000000Z"},
      {"hanoiwork", R"({"MaNV":"","DonViTheoDoi":"Phòng A","NgayTao":"2026/02/30"})", "Phòng A", ""},
      {"hanoiwork", R"({"MaNV":["x"],"MaDonViTheoDoi":{},"NgayTao":"2026/06/07"})", "", "2026-06-07"},
      {"citizen_reports", R"({"NgayPhanAnh":"2026-06-07 08:00:00"})", "H26.7", "2026-06-07T01:00:00.000000Z"},
      {"public_service", R"({"MaHoSo":"H26.1-260607-1","TrangThaiHoSo":"99","NgayTiepNhan":"20260607080000"})", "H26.1",
       "2026-06-07T01:00:00.000000Z"},
      {"public_service", R"({"MaHoSo":"H26.1-26)", "", ""}};
  for (const Row& row : rows) {
    CAPTURE(row.bytes);
    const auto mapper = LoadMapper((kRules / (std::string(row.source) + ".json")).string());
    REQUIRE(mapper.ok());
    SourceRecord record;
    record.bytes = row.bytes;
    record.facts = {{"MaDinhDanh", "H26.7"}};
    CHECK(std::holds_alternative<RejectionReason>((*mapper)->Map(record)));
    const RecordPlace place = (*mapper)->Place(record);
    CHECK((place.unit.code.empty() ? place.unit.name : place.unit.code) == row.unit);
    CHECK((place.at ? FormatMoment(*place.at) : "") == row.at);
  }
}

TEST_CASE("mapping one record twice, and in between another, says the same") {
  const auto mapper = LoadMapper((kRules / "public_service.json").string());
  REQUIRE(mapper.ok());
  const SourceRecord one = RecordOf("public_service", kGolden / "public_service/dossier-supplements");
  const SourceRecord other = RecordOf("public_service", kGolden / "public_service/step");
  const Json first = EvidenceToJson(std::get<Evidence>((*mapper)->Map(one)));
  CHECK(std::holds_alternative<Evidence>((*mapper)->Map(other)));
  CHECK(EvidenceToJson(std::get<Evidence>((*mapper)->Map(one))) == first);
}

}  // namespace
}  // namespace mc
