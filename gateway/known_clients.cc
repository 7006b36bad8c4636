#include "gateway/known_clients.h"

#include <utility>

namespace mc {

Status KnownClients::Refresh() {
  const Instant asked_at = clock_.Now();
  const auto last = store_.LastClientStep();
  if (!last.ok()) return last.error();
  std::shared_ptr<const MachineClients> fresh;
  if (*last != held_step_) {
    auto stored = store_.LoadClients();
    if (!stored.ok()) {
      if (stored.error().error_class == ErrorClass::kInternal && stored.error().code == "client_step_broken") {
        const std::lock_guard lock(lock_);
        clients_ = nullptr;
        held_step_ = -2;
      }
      return stored.error();
    }
    held_step_ = stored->last_step;
    fresh = std::make_shared<const MachineClients>(std::move(stored->clients));
  }
  const std::lock_guard lock(lock_);
  if (fresh) clients_ = std::move(fresh);
  fresh_at_ = asked_at;
  return Ok();
}

Result<std::shared_ptr<const MachineClient>> KnownClients::Find(const std::string& id) const {
  const Instant now = clock_.Now();
  const std::lock_guard lock(lock_);
  if (!clients_ || now.micros - fresh_at_.micros > kClientsStaleMicros) {
    return TransientError("clients_stale", "the store has not answered for a while: try again");
  }
  const auto found = clients_->find(id);
  if (found == clients_->end()) return std::shared_ptr<const MachineClient>();
  return std::shared_ptr<const MachineClient>(clients_, &found->second);
}

}  // namespace mc
