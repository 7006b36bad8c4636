// What one check of one piece of evidence found. Kept beside the evidence and shown by `explain`; a check
// that was not made is a row of its own and never reads as passed. Plain values.
#pragma once

#include <string>
#include <string_view>

namespace mc {

enum class CheckState {
  kPassed,
  kFailed,
  kNotMade,        // could have been, and was not: `reason` says why
  kNotApplicable,  // there is nothing to check: `reason` says why
};

struct CheckResult {
  // "integrity", "origin", "person", "unit", "uniqueness", "backing", "read_back"
  std::string check;
  CheckState state = CheckState::kNotMade;
  std::string reason;  // code, as in gateway/texts.cc; empty only where it passed and nothing is to be said
  std::string detail;  // what the reason is about: a key, a level, a leaf; no personal data
  bool operator==(const CheckResult&) const = default;
};

constexpr std::string_view Name(CheckState state) {
  switch (state) {
    case CheckState::kPassed: return "passed";
    case CheckState::kFailed: return "failed";
    case CheckState::kNotMade: return "not_made";
    case CheckState::kNotApplicable: return "not_applicable";
  }
  return "";
}

}  // namespace mc
