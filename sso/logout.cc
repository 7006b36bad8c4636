#include "sso/logout.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "sso/authorization.h"
#include "sso/base64url.h"
#include "sso/form.h"
#include "sso/id_token.h"
#include "sso/strict_json.h"
#include "sso/url.h"

namespace mc::sso {
namespace {

constexpr std::string_view kLogoutEvent = "http://schemas.openid.net/event/backchannel-logout";  // section 2.4

// Section 2.4: "events" is an object, in it the event, whose value is an object too.
bool SpeaksOfLogout(const Json& claims) {
  const auto events = claims.find("events");
  if (events == claims.end() || !events->is_object()) return false;
  const auto event = events->find(kLogoutEvent);
  return event != events->end() && event->is_object();
}

CheckStatus CheckLogoutTimes(const Provider& provider, const Json& claims, Instant at) {
  const std::int64_t now = at.micros / kMicrosPerSecond, skew = provider.profile.clock_skew_secs;
  const DateMember iat = DateOf(claims, "iat"), exp = DateOf(claims, "exp");
  if (iat.presence != Presence::kThere || iat.seconds > now + skew || now - iat.seconds > kLogoutAgeMostSecs) {
    return RefusalReason::kClaimIat;
  }
  // Drafts of the standard had no exp, and providers follow them; `iat` bounds the life in any case.
  if (exp.presence == Presence::kWrong) return RefusalReason::kClaimExp;
  if (exp.presence == Presence::kThere && now >= exp.seconds + skew) return RefusalReason::kClaimExp;
  return Unit{};
}

}  // namespace

std::optional<BegunLogout> BeginLogout(const ReadyProvider& provider, std::string_view id_token, RandomSource& random) {
  if (provider.endpoints().end_session.empty()) return std::nullopt;
  BegunLogout begun;
  begun.url = provider.endpoints().end_session;
  AppendParameter(begun.url, "id_token_hint", id_token);
  AppendParameter(begun.url, "client_id", provider->settings.client_id);
  if (!provider->settings.logout_redirect_uri.empty()) {
    begun.state = ToBase64Url(random.Bytes(kSecretBytes));
    AppendParameter(begun.url, "post_logout_redirect_uri", provider->settings.logout_redirect_uri);
    AppendParameter(begun.url, "state", begun.state);
  }
  return begun;
}

CheckStatus CheckLogoutReturn(std::string_view query, std::string_view state) {
  const auto form = ParseForm(query);
  if (!form) return RefusalReason::kCallbackMalformed;
  if (HasDuplicate(*form)) return RefusalReason::kCallbackDuplicate;
  const std::string* returned = ValueOf(*form, "state");
  if (state.empty() || !returned || *returned != state) return RefusalReason::kLogoutReturn;
  return Unit{};
}

Checked<UnverifiedJws> CheckLogoutRequest(const ReadyProvider& provider, const LogoutRequest& request) {
  const std::string_view type = std::string_view(request.content_type).substr(0, request.content_type.find(';'));
  const bool posts_form = request.method == "POST" && request.query.empty() &&
                          ToLowerAscii(Trim(type)) == "application/x-www-form-urlencoded";
  const auto form = posts_form ? ParseForm(request.body) : std::nullopt;
  // Section 2.5: other parameters may stand beside it.
  if (!form || CountOf(*form, "logout_token") != 1) return RefusalReason::kLogoutRequest;
  return ParseJws(*ValueOf(*form, "logout_token"), provider->profile.algorithm, JwtUse::kLogoutToken);
}

bool LogoutTokens::Take(std::string_view issuer, std::string_view token_id, Instant now) {
  const std::lock_guard lock(lock_);
  const std::int64_t forget = (kLogoutAgeMostSecs + 2 * kClockSkewMostSecs) * kMicrosPerSecond;
  while (!by_age_.empty() &&
         (taken_.size() >= kLogoutTokensMost || now.micros - by_age_.begin()->first.micros > forget)) {
    taken_.erase(by_age_.begin()->second);
    by_age_.erase(by_age_.begin());
  }
  const Digest key = Sha256({issuer, std::string_view("\0", 1), token_id});
  if (!taken_.emplace(key, now).second) return false;
  by_age_.emplace(now, key);
  return true;
}

Checked<LogoutOrder> LogoutOrder::Check(const ReadyProvider& provider, const VerifiedJwt& jwt, LogoutTokens& taken,
                                        Instant now) {
  const Json& claims = jwt.claims();
  // An id_token that verified must not end sessions: RFC 8725 section 3.12.
  if (jwt.use() != JwtUse::kLogoutToken) return RefusalReason::kJwtType;
  MC_CHECK_OK(CheckParties(*provider, claims));
  MC_CHECK_OK(CheckLogoutTimes(*provider, claims, now));
  if (!SpeaksOfLogout(claims)) return RefusalReason::kLogoutEvents;
  if (claims.contains("nonce")) return RefusalReason::kLogoutNonce;
  LogoutOrder order;
  MC_TRY(order.session_id_, SessionIdOf(claims));
  TextMember sub = TextOf(claims, "sub", kSubjectLimitBytes);
  if (sub.presence == Presence::kWrong) return RefusalReason::kClaimSub;
  if (sub.text.empty() && order.session_id_.empty()) return RefusalReason::kLogoutTarget;
  const TextMember token_id = TextOf(claims, "jti", kTokenIdLimitBytes);
  if (token_id.presence != Presence::kThere) return RefusalReason::kLogoutTokenId;
  // Last, so that a token that was refused does not use up its name.
  if (!taken.Take(provider->profile.issuer, token_id.text, now)) return RefusalReason::kLogoutReplayed;
  order.issuer_ = provider->profile.issuer;
  order.subject_ = std::move(sub.text);
  return order;
}

}  // namespace mc::sso
