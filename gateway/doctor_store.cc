// What `doctor` reads in the store: head and clock.
#include "gateway/doctor.h"

namespace mc {
namespace {

Finding Head(FindingState state, const std::string& code, const std::string& detail) {
  return {"log_head", "", state, code, detail};
}

}  // namespace

std::vector<Finding> CheckLedger(Store& store) {
  const auto head = store.Head();
  if (!head.ok()) return {Head(FindingState::kFault, head.error().code, head.error().message)};
  const auto behind = store.UnsignedLeaves();
  if (!behind.ok()) return {Head(FindingState::kFault, behind.error().code, behind.error().message)};
  const std::string size = std::to_string(head->size) + " leaves are signed";
  if (*behind == 0) return {Head(FindingState::kOk, "", size)};
  return {Head(FindingState::kWarning, "head_behind", size + ", " + std::to_string(*behind) + " are not yet")};
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
