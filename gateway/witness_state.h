// How the configured witnesses stand, as read from the store. Asks nobody.
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

struct WitnessState {
  std::string id;    // in the settings
  std::string name;  // of its key
  std::string url;
  bool cosigned = false;     // the last head carries its cosignature
  std::int64_t size = 0;     // of the head that it cosigned last; 0: none
  std::int64_t backlog = 0;  // leaves under the last head since then; 0 when cosigned
  std::optional<Instant> cosigned_at;
  std::string error_code, error_text;  // of the last time that it was asked; empty when it cosigned
  bool contradicts = false;            // "witness_rollback", "witness_fork": nothing is signed
};

// By id. `head` is the last one.
Result<std::vector<WitnessState>> ReadWitnessStates(const Installation& installation, Store& store,
                                                    const LedgerHead& head);

}  // namespace mc
