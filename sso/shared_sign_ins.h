// Sign-ins under way in a store, for several gateways behind one name (docs/decisions/0018-relying-party.md).
#pragma once

#include <mutex>

#include "core/sign_in_store.h"
#include "sso/authorization.h"

namespace mc::sso {

class SharedSignIns final : public PendingSignIns {
 public:
  // `store` is used by nobody else and outlives it; every call to it is made under a lock.
  explicit SharedSignIns(SignInStore& store) : store_(store) {}

 private:
  Status Keep(const Digest& state, const PendingSignIn& pending) override;
  Checked<PendingSignIn> TakeOut(const Digest& state, Instant now) override;

  SignInStore& store_;
  std::mutex lock_;  // guards store_
};

}  // namespace mc::sso
