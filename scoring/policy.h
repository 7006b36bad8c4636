// A scoring policy: versioned rules as data (docs/formats/policy.md), each rule with its
// legal source, confidence and whether a lawyer must still look (`legal_review`).
// Immutable after reading; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/directory.h"
#include "core/evidence.h"
#include "core/json.h"
#include "core/ratio.h"
#include "core/result.h"
#include "core/time.h"

namespace mc {

// Limits of a policy, tested at them and one past.
inline constexpr std::int64_t kCutoffDaysLimit = 60;
inline constexpr std::int64_t kReportDueHoursLimit = 2'000;  // about one working year
inline constexpr std::size_t kPolicyListLimit = 100;         // elements of any list
inline constexpr std::size_t kPolicyTextLimitBytes = 2'000;

enum class CarryOver { kNext, kNone };
enum class QuotaBase { kGoodOnly, kGoodOrBetter };

struct Band {
  std::string name;  // "excellent", "good", "completed", "not_completed"
  Ratio from;        // lowest total of the band
};

struct BarRule {  // forces "not_completed" by an authority's document, never by inference
  std::string id;
  std::string text;    // Vietnamese
  std::string source;  // article and document number: "Điều 20 (điểm c), 335/2025/NĐ-CP"
  bool leaders_only = false;
};

struct GeneralGroup {  // one of the groups into which the general points are split
  std::string id, name;
  Ratio max;
};

// Below its threshold (exactly it is enough) a number on the data stops the scores that it touches; absent: no gate.
struct QualityGates {
  std::optional<Ratio> correct, complete, clean, live;
};

// Where one rule of the file comes from.
struct RuleSource {
  std::string rule;     // key under "rules", or "bars/<id>"
  std::string pointer;  // JSON Pointer of the rule in the file
  std::string article;
  std::string known_from;
  std::string confidence;  // "H", "M", "L", "NF" (not found: our own default)
  bool legal_review = false;
  std::string note;  // may be empty
};

struct Policy {
  std::string id;
  std::string digest;  // hex SHA-256 of the canonical JSON
  std::string title;
  std::string issuer;
  std::string document_number;
  CivilDate document_date;
  bool draft = true;  // status "draft" or "signed"
  CivilDate effective_from;
  std::optional<CivilDate> effective_to;
  std::vector<SubjectGroup> subject_groups;
  std::vector<RuleSource> sources;  // in the order of the file format

  Ratio general_points = 30;
  Ratio results_points = 70;
  std::vector<GeneralGroup> general_groups;
  Ratio deduction_rate = Ratio(1, 4);  // per quality failure and per late
  Assurance min_assurance = Assurance::kRecorded;
  CarryOver carry_over = CarryOver::kNext;
  std::int64_t cutoff_days = 0;
  std::int64_t report_due_working_hours = 0;  // deadline of a report whose source states none
  Ratio d_all_completed = 1;                  // every managed person reached "completed"
  Ratio d_any_not_completed = Ratio(1, 2);
  std::vector<Band> bands;  // highest first
  std::vector<BarRule> bars;
  Ratio quota_rate = Ratio(1, 5);
  QuotaBase quota_base = QuotaBase::kGoodOnly;
  QualityGates quality_gates;  // of a policy without the rule: none
};

// Strict. kConfig with JSON Pointer and rule.
Result<Policy> ParsePolicy(const Json& document);
// `<policies_dir>/<id>.json`; the id inside must be the same. kConfig.
Result<Policy> LoadPolicy(const std::string& policies_dir, const std::string& id);

struct PolicyFinding {
  bool fault = true;    // false: a note for the reviewer, not a fault
  std::string pointer;  // JSON Pointer of the rule or value
  std::string message;  // names the rule that was broken, or what a lawyer must settle
};

// Every fault of the file (one per rule), then what still needs review. `policy check`
// fails when any finding is a fault.
std::vector<PolicyFinding> CheckPolicy(const Json& document);

const BarRule* FindBar(const Policy& policy, std::string_view id);  // nullptr: unknown

Instant CutOff(const Policy& policy, Period period);

}  // namespace mc
