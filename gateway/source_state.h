// What an operator asks about a source, put together from settings, manifest, schedule and
// receipts: `sources list`, /metrics and `doctor` all show this.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "gateway/installation.h"
#include "storage/store.h"

namespace mc {

enum class SourceHealth {
  kGood,     // the last pull was complete, within the lag limit
  kLate,     // over the lag limit
  kFailing,  // the last runs failed; still within the lag limit
  kStopped,  // waits for an operator
  kNever,    // no complete pull yet
  kUnknown,  // its manifest cannot be read
};

struct SourceState {
  std::string id;
  std::string register_id;
  std::string base_url;
  SourceHealth health = SourceHealth::kNever;
  SourceStatus status;
  bool scheduled = false;               // `serve` or `sync` has left a status
  std::optional<Instant> last_success;  // of any pull on record
  std::optional<std::int64_t> lag_minutes;
  std::int64_t lag_limit_minutes = 0;
  std::int64_t quarantined = 0;
  std::optional<Error> manifest_error;
};

// Every source of the settings, in their order. Errors: those of the store.
Result<std::vector<SourceState>> ReadSourceStates(const Installation& installation, Store& store, Instant now);

std::string_view Name(SourceHealth health);  // "good", "late", ...

}  // namespace mc
