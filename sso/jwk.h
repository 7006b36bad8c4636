// A provider's key set (RFC 7517), read for one pinned algorithm.
//
// What we cannot use is left out, as RFC 7517 section 5 advises, and remembered by name, so that a token signed
// with it is refused with the reason. What makes the whole set doubtful refuses it whole. Values; safe from
// any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/public_key.h"
#include "sso/refusal.h"

namespace mc::sso {

inline constexpr std::size_t kKeySetLimitBytes = 512 * 1024;
inline constexpr std::size_t kKeySetMostKeys = 64;
inline constexpr std::size_t kKeyIdLimitBytes = 256;

class KeySet {
 public:
  // kKeySetMalformed: not an object with an array "keys" of at most kKeySetMostKeys objects, or too long.
  // kKeySetDuplicate: one kid twice, whatever the keys are. kKeySetPrivate: a private member of an RSA or EC key.
  static Checked<KeySet> Parse(std::string_view text, SignatureAlgorithm algorithm);

  // The key that a token names; the only usable one where it names none. kKeyUnknown; kKeyUnfit: it is there and
  // not for this use or algorithm, weak or malformed; kKeyAmbiguous: none named and several there.
  Checked<PublicKey> Find(const std::optional<std::string>& kid) const;

  SignatureAlgorithm algorithm() const { return algorithm_; }
  std::size_t usable() const { return keys_.size(); }

 private:
  struct NamedKey {
    std::optional<std::string> kid;
    PublicKey key;
  };
  explicit KeySet(SignatureAlgorithm algorithm) : algorithm_(algorithm) {}

  SignatureAlgorithm algorithm_;
  std::vector<NamedKey> keys_;
  std::vector<std::string> unfit_;  // names of those left out
};

}  // namespace mc::sso
