#include "sso/jwk.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "sso/base64url.h"
#include "sso/jws.h"
#include "sso/strict_json.h"

namespace mc::sso {
namespace {

// Where a text of this name stands, it must be one of these.
bool AbsentOr(const Json& jwk, std::string_view name, std::string_view expected) {
  const auto found = jwk.find(name);
  return found == jwk.end() || (found->is_string() && found->get_ref<const std::string&>() == expected);
}

// RFC 7517 section 4.3: an array of texts; it must hold "verify".
bool AllowsVerifying(const Json& jwk) {
  const auto found = jwk.find("key_ops");
  if (found == jwk.end()) return true;
  return found->is_array() && std::find(found->begin(), found->end(), Json("verify")) != found->end();
}

std::string NumberOf(const Json& jwk, std::string_view name) {
  const auto found = jwk.find(name);
  if (found == jwk.end() || !found->is_string()) return "";
  return FromBase64Url(found->get_ref<const std::string&>()).value_or("");
}

// RFC 7518 sections 6.2.2, 6.3.2.
bool ShowsPrivate(const Json& jwk) {
  constexpr std::array<std::string_view, 7> kPrivate = {"d", "p", "q", "dp", "dq", "qi", "oth"};
  if (AbsentOr(jwk, "kty", "oct")) return false;  // symmetric: never used here, and "k" is all of it
  return std::any_of(kPrivate.begin(), kPrivate.end(), [&](std::string_view name) { return jwk.contains(name); });
}

std::optional<PublicKey> Usable(const Json& jwk, SignatureAlgorithm algorithm) {
  const bool elliptic = algorithm == SignatureAlgorithm::kEs256;
  if (!jwk.contains("kty") || !AbsentOr(jwk, "kty", elliptic ? "EC" : "RSA")) return std::nullopt;
  // RFC 7517 sections 4.2 to 4.4.
  if (!AbsentOr(jwk, "use", "sig") || !AllowsVerifying(jwk) || !AbsentOr(jwk, "alg", AlgorithmName(algorithm))) {
    return std::nullopt;
  }
  if (elliptic && (!jwk.contains("crv") || !AbsentOr(jwk, "crv", "P-256"))) return std::nullopt;
  auto key = elliptic ? PublicKey::P256(NumberOf(jwk, "x"), NumberOf(jwk, "y"))
                      : PublicKey::Rsa(NumberOf(jwk, "n"), NumberOf(jwk, "e"));
  if (!key.ok()) return std::nullopt;
  return std::move(key).value();
}

}  // namespace

Checked<KeySet> KeySet::Parse(std::string_view text, SignatureAlgorithm algorithm) {
  const auto document = StrictObject(text, kKeySetLimitBytes);
  if (!document) return RefusalReason::kKeySetMalformed;
  const auto list = document->find("keys");
  if (list == document->end() || !list->is_array() || list->size() > kKeySetMostKeys) {
    return RefusalReason::kKeySetMalformed;
  }
  KeySet set(algorithm);
  std::set<std::string> names;
  for (const Json& jwk : *list) {
    if (!jwk.is_object()) return RefusalReason::kKeySetMalformed;
    if (ShowsPrivate(jwk)) return RefusalReason::kKeySetPrivate;
    const TextMember kid = TextOf(jwk, "kid", kKeyIdLimitBytes);
    if (kid.presence == Presence::kWrong) continue;  // no token can name it
    if (kid.presence == Presence::kThere && !names.insert(kid.text).second) return RefusalReason::kKeySetDuplicate;
    const bool named = kid.presence == Presence::kThere;
    if (auto key = Usable(jwk, algorithm)) {
      set.keys_.push_back({named ? std::optional(kid.text) : std::nullopt, std::move(*key)});
    } else if (named) {
      set.unfit_.push_back(kid.text);
    }
  }
  return set;
}

Checked<PublicKey> KeySet::Find(const std::optional<std::string>& kid) const {
  if (!kid) {
    if (keys_.empty()) return RefusalReason::kKeyUnknown;
    return keys_.size() == 1 ? Checked<PublicKey>(keys_.front().key) : RefusalReason::kKeyAmbiguous;
  }
  for (const NamedKey& named : keys_) {
    if (named.kid == kid) return named.key;
  }
  const bool unfit = std::find(unfit_.begin(), unfit_.end(), *kid) != unfit_.end();
  return unfit ? RefusalReason::kKeyUnfit : RefusalReason::kKeyUnknown;
}

}  // namespace mc::sso
