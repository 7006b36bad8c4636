#include "mapping/mapper.h"

#include <nlohmann/json.hpp>

#include "mapping/edxml.h"
#include "mapping/evidence_reader.h"
#include "mapping/json_record.h"
#include "mapping/rule_set.h"

namespace mc {
namespace {

class RuleMapper final : public Mapper {
 public:
  explicit RuleMapper(RuleSet rules) : rules_(std::move(rules)) {}

  std::variant<Evidence, RejectionReason> Map(const SourceRecord& record) const override {
    thread_local RecordTree tree;  // keeps its memory from record to record
    std::vector<std::string> marks;
    const auto refused = rules_.format == WireFormat::kEdxml
                             ? ReadEdxml(record.bytes, rules_.namespaces, tree, marks)
                             : ReadJsonRecord(record.bytes, tree, marks);
    if (refused) return *refused;
    return ReadEvidence(rules_, tree, record, marks);
  }

  const std::string& version() const override { return rules_.version; }

 private:
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
