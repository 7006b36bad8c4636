// Subjects and their lines in, explained score cards out (Decree 335/2025, articles 12 to 20
// as press columns give them; every rule's source is in the policy file).
//
// Pure: no clock, no I/O, no float. Functions are safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/directory.h"
#include "core/ratio.h"
#include "core/result.h"
#include "scoring/policy.h"

namespace mc {

// One line of a sheet = one item (or one row of a case file).
struct ScoreInputLine {
  std::string label;    // item key, or "line 1" of a case
  std::string product;  // may be empty in a case
  std::string edition;  // catalogue edition and digest that gave the coefficient, may be empty
  Ratio coefficient;    // > 0
  Ratio assigned;
  Ratio completed;
  std::int64_t quality_failures = 0;
  std::int64_t late = 0;
  std::int64_t excused_quality_failures = 0;
  std::int64_t excused_late = 0;
  Ratio exceeded;  // within completed; adds no points
  bool innovation = false;
  bool carried_over = false;  // stands here again, unfinished from an earlier period
  bool no_deadline = false;   // never late
};

struct BarFact {
  std::string rule, document, date;
};

// Values of d, đ, e for a leader, 0..1 each.
struct LeadershipInput {
  std::optional<Ratio> unit_results;
  std::optional<Ratio> organising;
  std::optional<Ratio> unity;
};

enum class ScoreStatus { kScored, kInsufficientData, kAwaitingData, kAwaitingAssessment, kNotApplicable };

struct Subject {
  std::string id;
  SubjectGroup group = SubjectGroup::kCivilServant;
  bool leading = false;
  std::optional<Ratio> general;
  std::vector<ScoreInputLine> lines;
  LeadershipInput leadership;
  std::vector<BarFact> bars;
  std::string unit, peer_group;               // for the quota
  std::vector<std::string> waiting_for_data;  // reasons; not empty = awaiting_data
  // For a leader whose managed persons wait: the status to take over.
  std::optional<ScoreStatus> waits_for_managed;
  std::string waits_for_managed_reason;
};

struct LostPoints {
  std::string component;  // "a", "b", "c"
  Ratio amount;           // converted quantity lost on this line
  Ratio points;           // what that is in points of K
  std::string why;        // Vietnamese sentence with the numbers in it
};

struct ScoreLine {
  ScoreInputLine input;
  Ratio done;  // min(completed, assigned)
  Ratio b, c;  // line values before conversion
  std::vector<LostPoints> lost;
};

struct Gate {
  std::string rule, source;
  bool passed = true;
  std::string detail;
};

struct ScoreCard {
  std::string subject;
  bool leading = false;  // six terms instead of three
  ScoreStatus status = ScoreStatus::kScored;
  std::string status_reason;  // Vietnamese; empty when scored
  std::optional<Ratio> a, b, c, d, dd, e;
  std::optional<Ratio> results_points;  // K
  std::optional<Ratio> general;         // G
  std::optional<Ratio> total;
  std::optional<std::string> class_by_score, class_after_gates, class_after_quota;
  std::string quota_note;  // how the cap was reached, empty without one
  std::vector<Gate> gates;
  std::vector<ScoreLine> lines;
};

// One subject alone; class_after_quota stays empty.
ScoreCard Score(const Policy& policy, const Subject& subject);

// Fills class_after_quota for every unit and peer group with two or more scored subjects.
// `subjects` and `cards` are parallel.
void ApplyQuota(const Policy& policy, const std::vector<Subject>& subjects, std::vector<ScoreCard>& cards);

// Refuses what would be scored on a guess: a bar that the policy does not know.
// kConfig "unknown_bar".
Status CheckBars(const Policy& policy, const Subject& subject);

std::string_view Name(ScoreStatus status);

}  // namespace mc
