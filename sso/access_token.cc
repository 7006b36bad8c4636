#include "sso/access_token.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/digest.h"
#include "sso/base64url.h"
#include "sso/strict_json.h"

namespace mc::sso {
namespace {

std::int64_t WholeSeconds(Instant at) { return at.micros / kMicrosPerSecond; }

// RFC 7638 section 3: the required members, in this order and without blanks.
std::string ThumbprintOf(const Es256Key& key) {
  return ToBase64Url(AsBytes(Sha256(R"({"crv":"P-256","kty":"EC","x":")" + ToBase64Url(key.x()) + R"(","y":")" +
                                    ToBase64Url(key.y()) + R"("})")));
}

Json PublicJwk(const Es256Key& key, const std::string& kid) {
  return {{"kty", "EC"},  {"crv", "P-256"}, {"x", ToBase64Url(key.x())}, {"y", ToBase64Url(key.y())}, {"kid", kid},
          {"use", "sig"}, {"alg", "ES256"}};
}

Checked<std::string> ClaimText(const Json& claims, std::string_view name, RefusalReason otherwise) {
  TextMember text = TextOf(claims, name, kAccessClaimLimitBytes);
  if (text.presence != Presence::kThere) return otherwise;
  return std::move(text.text);
}

CheckStatus CheckText(const Json& claims, std::string_view name, const std::string& expected, RefusalReason reason) {
  const TextMember text = TextOf(claims, name, expected.size());
  if (text.presence != Presence::kThere || text.text != expected) return reason;
  return Unit{};
}

// RFC 7519 sections 4.1.4 to 4.1.6. All are ours: a token that lives longer than we give was not made here.
Checked<Instant> CheckAccessTimes(const Json& claims, Instant at) {
  const std::int64_t now = WholeSeconds(at);
  const DateMember exp = DateOf(claims, "exp"), iat = DateOf(claims, "iat"), nbf = DateOf(claims, "nbf");
  if (iat.presence != Presence::kThere || iat.seconds > now + kAccessTokenSkewSecs) return RefusalReason::kClaimIat;
  if (exp.presence != Presence::kThere || now >= exp.seconds + kAccessTokenSkewSecs) return RefusalReason::kClaimExp;
  if (exp.seconds - iat.seconds > kAccessTokenSecs) return RefusalReason::kClaimExp;
  const bool begun = nbf.presence == Presence::kThere && nbf.seconds <= now + kAccessTokenSkewSecs;
  if (nbf.presence != Presence::kAbsent && !begun) return RefusalReason::kClaimNbf;
  return Instant{iat.seconds * kMicrosPerSecond};
}

}  // namespace

TokenKeys::TokenKeys(Es256Key signer, std::string kid, KeySet keys, std::string key_set, std::string issuer,
                     std::string audience)
    : signer_(std::move(signer)),
      kid_(std::move(kid)),
      keys_(std::move(keys)),
      key_set_(std::move(key_set)),
      issuer_(std::move(issuer)),
      audience_(std::move(audience)) {}

Result<TokenKeys> TokenKeys::Make(std::vector<Es256Key> keys, std::string issuer, std::string audience) {
  Json list = Json::array();
  for (const Es256Key& key : keys) list.push_back(PublicJwk(key, ThumbprintOf(key)));
  std::string text = Json{{"keys", std::move(list)}}.dump();
  // As everybody else reads it: what we check against is what we publish.
  auto set = KeySet::Parse(text, SignatureAlgorithm::kEs256);
  if (!set.ok() || set->usable() != keys.size() || keys.empty()) {
    return ConfigError("token_key_twice", "keys.token_signing and keys.token_signing_other must be two keys");
  }
  std::string kid = ThumbprintOf(keys.front());
  return TokenKeys(std::move(keys.front()), std::move(kid), std::move(set).value(), std::move(text), std::move(issuer),
                   std::move(audience));
}

std::string TokenKeys::Sign(const AccessGrant& grant) const {
  const std::int64_t at = WholeSeconds(grant.at);
  const Json header = {{"typ", "at+jwt"}, {"alg", "ES256"}, {"kid", kid_}};
  const Json claims = {
      {"iss", issuer_},       {"aud", audience_}, {"sub", grant.client}, {"client_id", grant.client},
      {"scope", grant.scope}, {"jti", grant.id},  {"iat", at},           {"exp", at + kAccessTokenSecs}};
  const std::string input = ToBase64Url(header.dump()) + "." + ToBase64Url(claims.dump());
  const std::string signature = signer_.Sign(input);
  return signature.empty() ? "" : input + "." + ToBase64Url(signature);
}

Checked<AccessGrant> TokenKeys::Check(std::string_view token, Instant now) const {
  MC_TRY(const UnverifiedJws jws, ParseJws(token, SignatureAlgorithm::kEs256, JwtUse::kAccessToken));
  if (!jws.kid()) return RefusalReason::kKeyUnknown;  // ours always name their key
  MC_TRY(const VerifiedJwt jwt, VerifiedJwt::Verify(jws, keys_));
  const Json& claims = jwt.claims();
  AccessGrant grant;
  MC_CHECK_OK(CheckText(claims, "iss", issuer_, RefusalReason::kClaimIss));
  MC_CHECK_OK(CheckText(claims, "aud", audience_, RefusalReason::kClaimAud));
  MC_TRY(grant.at, CheckAccessTimes(claims, now));
  MC_TRY(grant.client, ClaimText(claims, "client_id", RefusalReason::kClaimSub));
  MC_CHECK_OK(CheckText(claims, "sub", grant.client, RefusalReason::kClaimSub));
  MC_TRY(grant.scope, ClaimText(claims, "scope", RefusalReason::kClaimScope));
  MC_TRY(grant.id, ClaimText(claims, "jti", RefusalReason::kClaimTokenId));
  return grant;
}

}  // namespace mc::sso
