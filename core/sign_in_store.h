// Sign-ins under way, as a store keeps them for several gateways: somebody who left from one may come back to another.
//
// Rows are sealed and hold secrets of ten minutes; no leaf commits to them. A store is used by one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/digest.h"
#include "core/result.h"
#include "core/time.h"

namespace mc {

struct KeptSignIn {
  Digest state{};    // SHA-256 of the state
  Instant begun_at;  // by this clock's reading older ones go first
  std::string text;  // what has to be remembered
};

// Of all rows: those begun before it are deleted, and the oldest of more than so many.
struct SignInBounds {
  Instant kept_from;
  std::int64_t most = 1;
};

class SignInStore {
 public:
  virtual ~SignInStore() = default;
  virtual Status KeepSignIn(const KeptSignIn& begun, const SignInBounds& bounds) = 0;
  // Takes it out: only one of those who ask gets it. Nothing where there is none. kInternal "seal_broken" where
  // another hand changed it; it is out then too.
  virtual Result<std::optional<std::string>> TakeSignIn(const Digest& state) = 0;
};

}  // namespace mc
