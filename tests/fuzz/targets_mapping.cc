// Mapping: single records, as the connectors took them and as anybody might push them.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/evidence_text.h"
#include "core/text.h"
#include "mapping/attachment.h"
#include "mapping/csv_record.h"
#include "mapping/dates.h"
#include "mapping/edxml.h"
#include "mapping/json_record.h"
#include "mapping/mapper.h"
#include "mapping/xml_record.h"
#include "tests/fuzz/target.h"

namespace mc::fuzz {
namespace {

const std::vector<std::string> kNamespaces = {"http://www.mic.gov.vn/TBT/QCVN_102_2016", "http://www.go.vn/eDoc"};

// Every name and text of the tree is UTF-8, and its nodes hang together.
void RequireTree(const RecordTree& tree) {
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const auto& node = tree[static_cast<RecordTree::Id>(i)];
    Require(IsValidUtf8(node.name) && IsValidUtf8(node.text), "names and texts are UTF-8");
    Require(node.parent == RecordTree::kNone || node.parent < i, "a node comes behind its parent");
    Require(node.first_child == RecordTree::kNone || node.type == RecordTree::Type::kObject ||
                node.type == RecordTree::Type::kArray || node.type == RecordTree::Type::kText,
            "only what can hold nodes holds some");
  }
}

// `reason` is what a reader said; empty: the tree was filled.
void RequireRead(const std::optional<RejectionReason>& reason, const RecordTree& tree) {
  if (!reason) return RequireTree(tree);
  Require(IsValidUtf8(reason->field), "a place is named in UTF-8");
  RejectionReason shown = *reason;
  shown.field = ShownPlace(shown.field);
  RequireReason(shown);
}

void RunJsonRecord(std::string_view input) {
  RecordTree tree;
  std::vector<std::string> marks;
  RequireRead(ReadJsonRecord(input, tree, marks), tree);
}

void RunXmlRecord(std::string_view input) {
  RecordTree tree;
  std::vector<std::string> marks;
  RequireRead(ReadXmlRecord(input, tree, marks), tree);
}

void RunCsvRecord(std::string_view input) {
  for (const char delimiter : {',', ';'}) {
    RecordTree tree;
    const auto reason = ReadCsvRecord(input, delimiter, {}, tree);
    RequireRead(reason, tree);
    for (std::size_t i = 0; !reason && i < tree.size(); ++i) {
      const auto& node = tree[static_cast<RecordTree::Id>(i)];
      Require(node.type != RecordTree::Type::kText || node.first_child == RecordTree::kNone,
              "a column is a value or a group");
    }
  }
}

void RunEdxml(std::string_view input) {
  RecordTree tree;
  std::vector<std::string> marks;
  RequireRead(ReadEdxml(input, kNamespaces, tree, marks), tree);
}

// A type, a line end, and the content.
void RunAttachment(std::string_view input) {
  const std::size_t cut = std::min(input.find('\n'), input.size());
  const std::string_view content = cut == input.size() ? "" : input.substr(cut + 1);
  std::vector<std::string> marks;
  NestedMessages nested;
  MarkAttachment({input.substr(0, cut), content}, marks, nested);
  Require(nested.room_bytes >= 0, "messages inside keep their room");
  std::sort(marks.begin(), marks.end());
  Require(std::adjacent_find(marks.begin(), marks.end()) == marks.end(), "each mark at most once");
}

// A format, a line end, and the text to read in it.
void RunDates(std::string_view input) {
  const std::size_t cut = std::min(input.find('\n'), input.size());
  const std::string_view text = cut == input.size() ? "" : input.substr(cut + 1);
  for (const std::string_view pattern : {input.substr(0, cut), std::string_view("iso"), std::string_view("dd/MM/yyyy")}) {
    const auto format = DateFormat::Parse(pattern);
    const auto read = format ? format->Read(text) : std::nullopt;
    if (!read) continue;
    int year = 0, month = 0, day = 0;
    SplitDate(CityDate(read->moment), year, month, day);
    Require(year >= kEarliestYear - 1 && year <= kLatestYear + 1, "a year of some event");
    Require(SameTime(*read, *read), "a time is the same as itself");
    Require(read->moment.bare_date == (read->precision == DatePrecision::kDay), "a day is a bare date");
  }
}

struct Rules {
  std::string source;
  std::unique_ptr<Mapper> mapper;
};

const std::vector<Rules>& AllRules() {
  static const std::vector<Rules> all = [] {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(std::string(MC_SOURCE_DIR) + "/mapping/rules")) {
      paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<Rules> rules;
    for (const auto& path : paths) rules.push_back({path.stem().string(), LoadMapper(path.string()).value()});
    return rules;
  }();
  return all;
}

void MapOne(const Rules& rules, std::string_view input) {
  SourceRecord record;
  record.bytes = std::string(input);
  record.source = rules.source;
  record.key = {rules.source, ToHex(Sha256(input)), Sha256(input)};
  record.facts = {{"MaDinhDanh", "H26.1"}};
  const auto result = rules.mapper->Map(record);
  if (const auto* reason = std::get_if<RejectionReason>(&result)) {
    RequireReason(*reason);
    return RequireStorable(record, reason);
  }
  const auto& evidence = std::get<Evidence>(result);
  const auto written = WriteEvidence(evidence);
  Require(written.ok(), "evidence has a canonical form");
  const Json json = EvidenceToJson(evidence);
  Require(written->canonical == CanonicalJson(json).value(), "both writers write the same");
  const auto again = EvidenceFromJson(json);
  Require(again.ok() && EvidenceToJson(*again) == json, "evidence is read as it was written");
}

// Through the rules of every source that is shipped: each takes it, or says why not.
void RunMap(std::string_view input) {
  for (const Rules& rules : AllRules()) MapOne(rules, input);
}

}  // namespace

std::vector<Target> MappingTargets() {
  return {{"json_record", RunJsonRecord, {"tests/golden/public_service"}},
          {"xml_record", RunXmlRecord, {"tests/golden/reports_open311_xml"}},
          {"csv_record", RunCsvRecord, {}},
          {"edxml", RunEdxml, {"tests/golden/documents"}},
          {"attachment", RunAttachment, {}},
          {"dates", RunDates, {}},
          {"map",
           RunMap,
           {"tests/golden/documents/document", "tests/golden/documents/status-06", "tests/golden/hanoiwork",
            "tests/golden/public_service", "tests/golden/citizen_reports/handled", "tests/golden/dossiers_2025/dossier",
            "tests/golden/reports_open311/closed", "tests/golden/reports_open311_xml/closed",
            "tests/golden/reports_p3/handled"}}};
}

}  // namespace mc::fuzz
