// Goal: from the bytes of a workbook to evidence or a reason, row by row, as an operator's folder is read.
// Method: every folder of tests/golden/workbooks: workbook.xlsx through the splitting of the manifest that
// manifest.txt names and the mapper of its rules; rows.json, written by hand, says what each row gives:
// `evidence` (and `record`, the text that is kept) or `rejection`.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "connectors/records.h"
#include "connectors/split.h"
#include "core/evidence_text.h"
#include "core/json.h"
#include "mapping/mapper.h"
#include "tests/gateway/gateway_support.h"

using namespace mc;
using namespace mc::test;

namespace {

namespace fs = std::filesystem;

const fs::path kSourceRoot = MC_SOURCE_DIR;

Json ReasonOf(const RejectionReason& reason) {
  return {{"code", reason.code}, {"field", reason.field}, {"rule", reason.rule}};
}

// "Nhiệm vụ!7" -> "row 7"
std::string PlaceOf(const SourceRecord& record) {
  const std::string& place = record.facts.at("xlsx_place");
  return "row " + place.substr(place.rfind('!') + 1);
}

Json Mapped(const Mapper& mapper, const SourceRecord& record) {
  const auto result = mapper.Map(record);
  if (const auto* reason = std::get_if<RejectionReason>(&result)) return {{"rejection", ReasonOf(*reason)}};
  Json evidence = EvidenceToJson(std::get<Evidence>(result));
  evidence.erase("mapping_version");  // changes with every edit of a rule file
  return {{"record", record.bytes}, {"evidence", evidence}};
}

Json RowsOfWorkbook(const fs::path& folder) {
  const std::string bytes = ReadWhole(folder / "workbook.xlsx");
  const std::string id = ReadWhole(folder / "manifest.txt");
  const auto manifest = ReadManifest((kSourceRoot / "connectors" / (id + ".json")).string());
  REQUIRE(manifest.ok());
  const auto mapper = LoadMapper((kSourceRoot / "mapping/rules" / (manifest->rules + ".json")).string());
  REQUIRE(mapper.ok());
  const ManifestStream& stream = manifest->streams.front();
  Page page;
  const auto split = SplitDocument(SpecOf(*manifest, stream), bytes, ContextOf(*manifest, stream.id, Instant{1}), {}, page);
  REQUIRE(split.ok());
  Json rows = Json::object();
  for (const SourceRecord& record : page.records) {
    CHECK(record.facts.at("xlsx_sha256") == ToHex(Sha256(bytes)));
    rows[PlaceOf(record)] = Mapped(**mapper, record);
  }
  for (const UnreadableRecord& one : page.unreadable) rows[PlaceOf(one.record)] = {{"rejection", ReasonOf(one.reason)}};
  return rows;
}

}  // namespace

TEST_CASE("golden workbooks: each row gives the evidence or the reason that stands beside it") {
  int workbooks = 0;
  for (const auto& entry : fs::directory_iterator(kSourceRoot / "tests/golden/workbooks")) {
    CAPTURE(entry.path().filename().string());
    const Json expected = *ReadJsonFile((entry.path() / "rows.json").string());
    const Json got = RowsOfWorkbook(entry.path());
    CHECK_MESSAGE(got == expected, Json::diff(expected, got).dump());
    ++workbooks;
  }
  CHECK(workbooks >= 1);
}
