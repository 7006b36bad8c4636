#include "sso/shared_sign_ins.h"

#include <nlohmann/json.hpp>

#include "core/json.h"
#include "sso/base64url.h"

namespace mc::sso {
namespace {

std::string TextOfSignIn(const PendingSignIn& pending) {
  Json text = {{"provider", pending.provider},       {"nonce", pending.nonce},
               {"verifier", pending.verifier},       {"browser", ToBase64Url(AsBytes(pending.browser))},
               {"level", pending.wish.least_level},  {"to", pending.wish.return_path},
               {"begun_at", pending.begun_at.micros}};
  if (pending.wish.max_age_secs) text["max_age"] = *pending.wish.max_age_secs;
  return text.dump();
}

// What the store opened was sealed by a gateway of ours, perhaps an older one: a field may be missing.
std::optional<PendingSignIn> SignInOfText(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  try {
    PendingSignIn pending;
    json.at("provider").get_to(pending.provider);
    json.at("nonce").get_to(pending.nonce);
    json.at("verifier").get_to(pending.verifier);
    json.at("level").get_to(pending.wish.least_level);
    json.at("to").get_to(pending.wish.return_path);
    json.at("begun_at").get_to(pending.begun_at.micros);
    if (json.contains("max_age")) pending.wish.max_age_secs = json.at("max_age").get<std::int64_t>();
    const auto bytes = FromBase64Url(json.at("browser").get<std::string>());
    const auto browser = bytes ? DigestFromBytes(*bytes) : std::nullopt;
    if (!browser) return std::nullopt;
    pending.browser = *browser;
    return pending;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

Status SharedSignIns::Keep(const Digest& state, const PendingSignIn& pending) {
  const SignInBounds bounds{{pending.begun_at.micros - kPendingKeptMicros}, static_cast<std::int64_t>(kPendingMost)};
  const KeptSignIn kept{state, pending.begun_at, TextOfSignIn(pending)};
  const std::lock_guard lock(lock_);
  return store_.KeepSignIn(kept, bounds);
}

Checked<PendingSignIn> SharedSignIns::TakeOut(const Digest& state, Instant now) {
  const auto text = [&] {
    const std::lock_guard lock(lock_);
    return store_.TakeSignIn(state);
  }();
  if (!text.ok()) {
    return text.error().error_class == ErrorClass::kTransient ? RefusalReason::kStateNotRead
                                                              : RefusalReason::kStateUnknown;
  }
  const std::optional<PendingSignIn> pending = *text ? SignInOfText(**text) : std::nullopt;
  if (!pending || now.micros - pending->begun_at.micros > kPendingKeptMicros) return RefusalReason::kStateUnknown;
  return *pending;
}

}  // namespace mc::sso
