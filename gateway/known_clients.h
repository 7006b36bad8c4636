// Machines' clients in memory, as the store has them (storage/clients.h), so that a request costs no question to it.
// Refreshed every kClientsRefreshMicros: what was revoked or rotated anywhere holds here within it. Any thread may ask.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "core/result.h"
#include "core/time.h"
#include "storage/clients.h"

namespace mc {

inline constexpr std::int64_t kClientsRefreshMicros = kMicrosPerSecond;
// Without an answer of the store for so long no machine is let in: one may have been revoked.
inline constexpr std::int64_t kClientsStaleMicros = 30 * kMicrosPerSecond;

class KnownClients {
 public:
  // Both outlive it; the store is used by Refresh alone.
  KnownClients(ClientStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  // One thread at a time. On an error of the store the clients stand until they are stale; where a step is not as
  // it was written, none stands.
  Status Refresh();
  // Null for an unknown one. kTransient "clients_stale".
  Result<std::shared_ptr<const MachineClient>> Find(const std::string& id) const;

 private:
  ClientStore& store_;
  const Clock& clock_;
  std::int64_t held_step_ = -2;  // of Refresh; below every leaf and below "none"
  mutable std::mutex lock_;      // guards the two below
  std::shared_ptr<const MachineClients> clients_;
  Instant fresh_at_;
};

}  // namespace mc
