#include "gateway/witness_state.h"

#include <algorithm>

#include "gateway/exit_code.h"
#include "storage/head_signing.h"

namespace mc {
namespace {

WitnessState StateOf(const WitnessSetting& setting, const std::vector<WitnessStatus>& statuses,
                     const LedgerHead& head) {
  WitnessState state;
  state.id = setting.id;
  state.name = KeyName(setting.key);
  state.url = setting.url;
  state.cosigned = IsCosigned(head, setting.key);
  for (const WitnessStatus& status : statuses) {
    if (status.witness != setting.key) continue;
    state.size = status.size;
    state.error_code = status.error_code;
    state.error_text = status.error_text;
    if (status.cosigned_at) state.cosigned_at = Instant{*status.cosigned_at * kMicrosPerSecond};
  }
  state.backlog = state.cosigned ? 0 : head.size - std::min(state.size, head.size);
  state.contradicts = IsContradicted(InternalError(state.error_code, ""));
  return state;
}

}  // namespace

Result<std::vector<WitnessState>> ReadWitnessStates(const Installation& installation, Store& store,
                                                    const LedgerHead& head) {
  MC_TRY(const std::vector<WitnessStatus> statuses, store.ListWitnessStatus());
  std::vector<WitnessState> states;
  for (const auto& [id, setting] : installation.settings().witnesses)
    states.push_back(StateOf(setting, statuses, head));
  return states;
}

}  // namespace mc
