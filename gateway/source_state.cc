#include "gateway/source_state.h"

#include <algorithm>
#include <map>

#include "gateway/schedule.h"

namespace mc {
namespace {

SourceHealth HealthOf(const SourceState& state) {
  if (state.manifest_error) return SourceHealth::kUnknown;
  if (state.status.failures > 0 && IsStopped(state.status)) return SourceHealth::kStopped;
  if (!state.last_success) return state.status.error_code.empty() ? SourceHealth::kNever : SourceHealth::kFailing;
  if (*state.lag_minutes > state.lag_limit_minutes) return SourceHealth::kLate;
  return state.status.error_code.empty() ? SourceHealth::kGood : SourceHealth::kFailing;
}

void TakeManifest(const Installation& installation, SourceState& state) {
  const auto manifest = installation.ManifestOf(state.id);
  if (!manifest.ok()) {
    state.manifest_error = manifest.error();
    return;
  }
  state.register_id = manifest.value().register_id;
  state.lag_limit_minutes = manifest.value().lag_limit_minutes;
}

void TakeTotals(const SourceTotals& totals, SourceState& state) {
  state.quarantined = totals.quarantined;
  const auto& complete = totals.last_complete_run;
  if (complete) state.last_success = std::max(state.last_success.value_or(Instant{0}), complete->ended_at);
  // A failed run of a program that left no status.
  const auto& last = totals.last_run;
  if (!state.scheduled && last && last->outcome == RunOutcome::kFailed) state.status.error_code = last->error_code;
}

}  // namespace

Result<std::vector<SourceState>> ReadSourceStates(const Installation& installation, Store& store, Instant now) {
  MC_TRY(const std::vector<SourceStatus> statuses, store.ListSourceStatus());
  MC_TRY(const std::vector<SourceTotals> totals, store.Totals());
  std::vector<SourceState> states;
  for (const auto& [id, source] : installation.settings().sources) {
    SourceState state;
    state.id = state.status.source = id;
    state.base_url = source.base_url;
    TakeManifest(installation, state);
    for (const SourceStatus& status : statuses) {
      if (status.source != id) continue;
      state.status = status;
      state.scheduled = true;
      state.last_success = status.last_success;
    }
    for (const SourceTotals& total : totals) {
      if (total.source == id) TakeTotals(total, state);
    }
    if (state.last_success) {
      state.lag_minutes = std::max<std::int64_t>(0, now.micros - state.last_success->micros) / kMicrosPerMinute;
    }
    state.health = HealthOf(state);
    states.push_back(std::move(state));
  }
  return states;
}

std::string_view Name(SourceHealth health) {
  switch (health) {
    case SourceHealth::kGood: return "good";
    case SourceHealth::kLate: return "late";
    case SourceHealth::kFailing: return "failing";
    case SourceHealth::kStopped: return "stopped";
    case SourceHealth::kNever: return "never";
    case SourceHealth::kUnknown: return "unknown";
  }
  return "";
}

}  // namespace mc
