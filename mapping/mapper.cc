#include "mapping/mapper.h"

#include <nlohmann/json.hpp>

#include "core/json_repair.h"
#include "mapping/csv_record.h"
#include "mapping/edxml.h"
#include "mapping/evidence_reader.h"
#include "mapping/json_record.h"
#include "mapping/rule_set.h"
#include "mapping/xml_record.h"

namespace mc {
namespace {

class RuleMapper final : public Mapper {
 public:
  explicit RuleMapper(RuleSet rules) : rules_(std::move(rules)) {}

  std::variant<Evidence, RejectionReason> Map(const SourceRecord& record) const override {
    thread_local RecordTree tree;  // keeps its memory from record to record
    std::vector<std::string> marks;
    if (auto refused = ReadTree(record, tree, marks)) return Shown(std::move(*refused));
    if (rules_.fold_names) tree.FoldNames();
    auto read = ReadEvidence(rules_, tree, record, marks);
    if (auto* refused = std::get_if<RejectionReason>(&read)) return Shown(std::move(*refused));
    return read;
  }

  RecordPlace Place(const SourceRecord& record) const override {
    RecordTree tree;
    std::vector<std::string> marks;
    if (ReadTree(record, tree, marks)) return {};
    if (rules_.fold_names) tree.FoldNames();
    return ReadPlace(rules_, tree, record);
  }

  const std::string& version() const override { return rules_.version; }

 private:
  static RejectionReason Shown(RejectionReason reason) {
    reason.field = ShownPlace(std::move(reason.field));
    return reason;
  }

  std::optional<RejectionReason> ReadTree(const SourceRecord& record, RecordTree& tree,
                                          std::vector<std::string>& marks) const {
    switch (rules_.format) {
      case WireFormat::kJson: return ReadJson(record.bytes, tree, marks);
      case WireFormat::kEdxml: return ReadEdxml(record.bytes, rules_.namespaces, tree, marks);
      case WireFormat::kXml: return ReadXmlRecord(record.bytes, tree, marks);
      case WireFormat::kCsv: return ReadCsvRecord(record.bytes, DelimiterOf(record), rules_.cells, tree);
    }
    return RejectionReason{"bad_format", "", "", "The rules name a format that is not read."};
  }

  std::optional<RejectionReason> ReadJson(const std::string& bytes, RecordTree& tree,
                                          std::vector<std::string>& marks) const {
    const auto repaired = rules_.quote_leading_zeros ? QuoteLeadingZeros(bytes) : std::nullopt;
    if (!repaired) return ReadJsonRecord(bytes, tree, marks);
    marks.emplace_back("leading_zeros");
    return ReadJsonRecord(*repaired, tree, marks);
  }

  // The source's manifest says it; the record carries it as a fact.
  static char DelimiterOf(const SourceRecord& record) {
    const auto fact = record.facts.find("csv_delimiter");
    return fact == record.facts.end() || fact->second.size() != 1 ? ',' : fact->second[0];
  }

  const RuleSet rules_;
};

}  // namespace

Result<std::unique_ptr<Mapper>> LoadMapper(const std::string& rule_file) {
  MC_TRY(const Json document, ReadJsonFile(rule_file));
  auto rules = ParseRuleSet(document);
  if (!rules) return ConfigError(rules.error().code, rule_file + ": " + rules.error().message);
  return std::unique_ptr<Mapper>(std::make_unique<RuleMapper>(std::move(*rules)));
}

}  // namespace mc
