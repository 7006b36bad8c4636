// What `doctor` reads in the store: head and clock.
#include "gateway/doctor.h"

namespace mc {
namespace {

Finding Head(FindingState state, const std::string& code, const std::string& detail) {
  return {"log_head", "", state, code, detail};
}

}  // namespace

// Signing compares the last head with the tree and with our key before it adds one; what it finds behind, it brings up.
std::vector<Finding> CheckLedger(Store& store) {
  const auto before = store.Head();
  if (!before.ok()) return {Head(FindingState::kFault, before.error().code, before.error().message)};
  const auto after = store.SignHead();
  if (!after.ok()) return {Head(FindingState::kFault, after.error().code, after.error().message)};
  const std::string size = std::to_string(after->size) + " leaves";
  if (before->size == after->size) return {Head(FindingState::kOk, "", size)};
  return {Head(FindingState::kWarning, "head_behind", std::to_string(before->size) + " of " + size + " were signed")};
}

std::vector<Finding> CheckClockAgainst(const std::vector<SourceTotals>& totals, Instant now) {
  const RunReceipt* last = nullptr;
  for (const SourceTotals& total : totals) {
    if (total.last_run && (!last || total.last_run->ended_at > last->ended_at)) last = &*total.last_run;
  }
  if (!last) return {{"clock", "", FindingState::kOk, "", "no receipt yet"}};
  const std::string detail = "now " + FormatInstant(now) + ", last receipt " + FormatInstant(last->ended_at);
  if (now < last->ended_at) return {{"clock", "", FindingState::kFault, "clock_behind", detail}};
  return {{"clock", "", FindingState::kOk, "", detail}};
}

}  // namespace mc
