// Gates: which numbers on the data are below the policy's thresholds, and whom that stops
// (docs/decisions/0016-four-numbers.md). A gap can neither lower nor raise a score: whoever it may touch waits.
// Pure; any thread.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "gateway/quality_units.h"
#include "scoring/policy.h"

namespace mc {

struct ClosedGate {
  std::string number;  // "correct", "complete", "clean", "live"
  std::string source, register_id;
  std::string unit;  // id; empty: of the whole source
  Share share;       // what was compared
  Ratio threshold;
  bool operator==(const ClosedGate&) const = default;
};

// By source, whole source first, then by unit. What is known of no unit is measured against the whole source, what is
// known of one against that unit alone. `complete` compares what the source handed over: a record in quarantine is
// judged by `correct`, where it lies; `correct` compares what could be read. An unknown number closes nothing.
std::vector<ClosedGate> ClosedGates(const QualityGates& gates, const std::vector<SourceNumbers>& numbers);

// Whether it stops somebody with a post in `unit` that `registers` feed.
bool Touches(const ClosedGate& gate, const std::string& unit, const std::vector<std::string>& registers);

// `unit_name`: of the directory, for a gate of a unit.
std::string GateAsText(const ClosedGate& gate, Period period, const std::string& unit_name);
std::string GateForOperator(const ClosedGate& gate);  // in an error's message
Json GateToJson(const ClosedGate& gate);
std::string_view ViNumberName(std::string_view number);  // "Đúng"

}  // namespace mc
