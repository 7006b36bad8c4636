#include "sso/id_token.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "sso/base64url.h"
#include "sso/strict_json.h"

namespace mc::sso {
namespace {

constexpr std::size_t kLevelLimitBytes = 128;

CheckStatus Require(bool holds, RefusalReason reason) {
  if (holds) return Unit{};
  return reason;
}

std::int64_t SecondsOf(Instant at) { return at.micros / kMicrosPerSecond; }

// How many audiences there are, us among them; 0 when we are not, or `aud` is of a wrong kind.
std::size_t AudiencesWithUs(const Json& claims, const std::string& us) {
  const auto aud = claims.find("aud");
  if (aud == claims.end()) return 0;
  if (aud->is_string()) return aud->get_ref<const std::string&>() == us ? 1 : 0;
  if (!aud->is_array() || aud->size() > kAudienceMost) return 0;
  const bool texts = std::all_of(aud->begin(), aud->end(), [](const Json& one) { return one.is_string(); });
  return texts && std::find(aud->begin(), aud->end(), Json(us)) != aud->end() ? aud->size() : 0;
}

// exp, iat, nbf: RFC 7519 sections 4.1.4 to 4.1.6, with the profile's clock skew.
CheckStatus CheckTimes(const Provider& provider, const Json& claims, Instant at) {
  const std::int64_t now = SecondsOf(at), skew = provider.profile.clock_skew_secs;
  const DateMember exp = DateOf(claims, "exp"), iat = DateOf(claims, "iat"), nbf = DateOf(claims, "nbf");
  MC_CHECK_OK(Require(exp.presence == Presence::kThere && now < exp.seconds + skew, RefusalReason::kClaimExp));
  MC_CHECK_OK(
      Require(iat.presence == Presence::kThere && iat.seconds <= now + skew && now - iat.seconds <= kIdTokenAgeMostSecs,
              RefusalReason::kClaimIat));
  return Require(nbf.presence == Presence::kAbsent || (nbf.presence == Presence::kThere && nbf.seconds <= now + skew),
                 RefusalReason::kClaimNbf);
}

CheckStatus CheckNonce(const Provider& provider, const Json& claims, const std::string& ours) {
  const TextMember nonce = TextOf(claims, "nonce", 2 * ours.size());
  if (nonce.presence == Presence::kAbsent && provider.Relaxes(Relaxation::kNoNonceEcho)) return Unit{};
  return Require(nonce.presence == Presence::kThere && nonce.text == ours, RefusalReason::kClaimNonce);
}

// Core section 3.1.3.6: the left half of the hash, of the algorithm's own kind (SHA-256 for all of ours). Optional in
// the code flow; one that is there must fit. So must c_hash, which only the hybrid flow asks for.
CheckStatus CheckHash(const Json& claims, std::string_view name, std::string_view of) {
  const TextMember hash = TextOf(claims, name, 128);
  if (hash.presence == Presence::kAbsent) return Unit{};
  const Digest digest = Sha256(of);
  const std::string expected = ToBase64Url(AsBytes(digest).substr(0, digest.size() / 2));
  return Require(hash.presence == Presence::kThere && hash.text == expected, RefusalReason::kClaimAtHash);
}

// Core section 2: required where max_age was asked for.
Checked<std::optional<Instant>> AuthTimeOf(const Provider& provider, const Json& claims,
                                           std::optional<std::int64_t> max_age, Instant at) {
  const std::int64_t now = SecondsOf(at), skew = provider.profile.clock_skew_secs;
  const DateMember said = DateOf(claims, "auth_time");
  if (said.presence == Presence::kAbsent && !max_age) return std::optional<Instant>();
  const bool fits = said.presence == Presence::kThere && said.seconds <= now + skew &&
                    (!max_age || now - said.seconds <= *max_age + skew);
  if (!fits) return RefusalReason::kClaimAuthTime;
  return std::optional(Instant{said.seconds * kMicrosPerSecond});
}

Checked<std::string> SubjectOf(const Json& claims) {
  TextMember sub = TextOf(claims, "sub", kSubjectLimitBytes);
  if (sub.presence != Presence::kThere) return RefusalReason::kClaimSub;
  return std::move(sub.text);
}

}  // namespace

CheckStatus CheckParties(const Provider& provider, const Json& claims) {
  const TextMember iss = TextOf(claims, "iss", provider.profile.issuer.size());
  MC_CHECK_OK(
      Require(iss.presence == Presence::kThere && iss.text == provider.profile.issuer, RefusalReason::kClaimIss));
  const std::string& us = provider.settings.client_id;
  const std::size_t audiences = AudiencesWithUs(claims, us);
  MC_CHECK_OK(Require(audiences > 0, RefusalReason::kClaimAud));
  const TextMember azp = TextOf(claims, "azp", us.size());
  if (azp.presence == Presence::kAbsent) return Require(audiences == 1, RefusalReason::kClaimAzp);
  return Require(azp.presence == Presence::kThere && azp.text == us, RefusalReason::kClaimAzp);
}

Checked<std::string> SessionIdOf(const Json& claims) {
  TextMember sid = TextOf(claims, "sid", kSessionIdLimitBytes);
  if (sid.presence == Presence::kWrong) return RefusalReason::kClaimSid;
  return std::move(sid.text);
}

Checked<std::string> LevelReached(const Provider& provider, const Json& claims, const std::string& least) {
  const auto found = claims.find(provider.profile.level.claim);
  if (provider.profile.level.order.empty() || (found == claims.end() && least.empty())) return std::string();
  if (found == claims.end()) return RefusalReason::kClaimAcr;
  // Some providers write a level as a number.
  const std::string said =
      found->is_number_integer() ? found->dump() : TextOf(claims, provider.profile.level.claim, kLevelLimitBytes).text;
  const auto level = provider.LevelOf(said);
  if (!level && least.empty()) return std::string();
  if (!level || (!least.empty() && *level < *provider.LevelOf(least))) return RefusalReason::kClaimAcr;
  return said;
}

Checked<ValidatedIdToken> ValidatedIdToken::Check(const ReadyProvider& provider, TokenResponse tokens,
                                                  const VerifiedJwt& jwt, Instant now) {
  if (!jwt.IsOf(tokens.id_token())) return RefusalReason::kSignatureBad;
  const Json& claims = jwt.claims();
  const PendingSignIn& begun = tokens.response_.pending();
  MC_CHECK_OK(CheckParties(*provider, claims));
  MC_CHECK_OK(CheckTimes(*provider, claims, now));
  MC_CHECK_OK(CheckNonce(*provider, claims, begun.nonce));
  MC_CHECK_OK(CheckHash(claims, "at_hash", tokens.access_token_));
  MC_CHECK_OK(CheckHash(claims, "c_hash", tokens.response_.code()));
  ValidatedIdToken token(jwt);
  MC_TRY(token.subject_, SubjectOf(claims));
  MC_TRY(token.session_id_, SessionIdOf(claims));
  MC_TRY(token.auth_time_, AuthTimeOf(*provider, claims, begun.wish.max_age_secs, now));
  if (provider->profile.level.from == ClaimSource::kIdToken) {
    MC_TRY(token.level_, LevelReached(*provider, claims, begun.wish.least_level));
  }
  token.access_token_ = std::move(tokens.access_token_);
  token.text_ = std::move(tokens.id_token_text_);
  token.wish_ = begun.wish;
  token.begun_at_ = begun.begun_at;
  return token;
}

}  // namespace mc::sso
