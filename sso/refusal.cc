#include "sso/refusal.h"

namespace mc::sso {
namespace {

struct Row {
  RefusalReason reason;
  std::string_view code;
  std::string_view text;
};

// In the order of the enumeration.
constexpr std::array<Row, kRefusalReasons> kRows = {{
    {RefusalReason::kCallbackMethod, "callback_method",
     "the answer came by another HTTP method or in another place than asked for"},
    {RefusalReason::kCallbackMalformed, "callback_malformed",
     "the answer's parameters cannot be read, or are too long"},
    {RefusalReason::kCallbackDuplicate, "callback_duplicate", "a parameter of the answer stands twice"},
    {RefusalReason::kCookieMalformed, "cookie_malformed", "the browser's cookies cannot be read, or one stands twice"},
    {RefusalReason::kStateMissing, "state_missing", "the answer carries no state"},
    {RefusalReason::kStateUnknown, "state_unknown",
     "nobody began a sign-in with this state, or its answer came before"},
    {RefusalReason::kStateExpired, "state_expired", "the sign-in took longer than its time"},
    {RefusalReason::kStateOtherBrowser, "state_other_browser", "another browser began this sign-in"},
    {RefusalReason::kStateNotRead, "state_not_read", "the store of the sign-ins under way did not answer"},
    {RefusalReason::kProviderMismatch, "provider_mismatch", "the answer came to the address of another provider"},
    {RefusalReason::kIssuerMissing, "issuer_missing",
     "the answer does not name its issuer, which this provider always does"},
    {RefusalReason::kIssuerMismatch, "issuer_mismatch", "the answer names another issuer"},
    {RefusalReason::kProviderError, "provider_error", "the provider refused or the person gave up"},
    {RefusalReason::kResponseMixed, "response_mixed", "the answer is a success and a failure at once, or none of both"},
    {RefusalReason::kTokenUnreachable, "token_unreachable", "the provider's token address did not answer in time"},
    {RefusalReason::kTokenStatus, "token_status", "the token answer has another HTTP status than 200"},
    {RefusalReason::kTokenMalformed, "token_malformed", "the token answer cannot be read, or lacks what it must hold"},
    {RefusalReason::kTokenNotOpened, "token_not_opened",
     "the token answer is sealed, but not for the private_key of the settings, or what is in it cannot be read"},
    {RefusalReason::kTokenError, "token_error", "the provider refused the code"},
    {RefusalReason::kTokenType, "token_type", "the access token is of another type than Bearer"},
    {RefusalReason::kIdTokenMissing, "id_token_missing", "the token answer holds no id_token"},
    {RefusalReason::kClaimIss, "claim_iss", "the token is of another issuer"},
    {RefusalReason::kClaimAud, "claim_aud", "the token is for somebody else, or for others too"},
    {RefusalReason::kClaimAzp, "claim_azp", "the token was asked for by somebody else"},
    {RefusalReason::kClaimExp, "claim_exp", "the token has expired, or does not say when"},
    {RefusalReason::kClaimIat, "claim_iat", "the token is too old, from the future, or does not say since when"},
    {RefusalReason::kClaimNbf, "claim_nbf", "the token is not valid yet"},
    {RefusalReason::kClaimNonce, "claim_nonce", "the token answers another sign-in"},
    {RefusalReason::kClaimSub, "claim_sub", "the token names nobody, or in no usable way"},
    {RefusalReason::kClaimAtHash, "claim_at_hash",
     "the access token or the code is not the one that the token came with"},
    {RefusalReason::kClaimAcr, "claim_acr", "the level of assurance is below the one asked for, unknown or not said"},
    {RefusalReason::kClaimAuthTime, "claim_auth_time",
     "the person signed in at the provider too long ago, or it does not say when"},
    {RefusalReason::kClaimSid, "claim_sid", "the provider's session is named in no usable way"},
    {RefusalReason::kJwtMalformed, "jwt_malformed", "the token is no signed token in compact form, or is too long"},
    {RefusalReason::kJwtHeader, "jwt_header", "the token's header cannot be read, or holds what it must not"},
    {RefusalReason::kJwtAlgorithm, "jwt_algorithm", "the token is signed by another algorithm than the one pinned"},
    {RefusalReason::kJwtCritical, "jwt_critical", "the token asks for an extension"},
    {RefusalReason::kJwtEmbeddedKey, "jwt_embedded_key", "the token brings or names its own key"},
    {RefusalReason::kJwtType, "jwt_type", "the token is of another type"},
    {RefusalReason::kJwtPayload, "jwt_payload", "the token's claims cannot be read"},
    {RefusalReason::kSignatureBad, "signature_bad", "the token's signature does not verify"},
    {RefusalReason::kKeysUnavailable, "keys_unavailable", "the provider's keys cannot be had"},
    {RefusalReason::kKeySetMalformed, "key_set_malformed", "the provider's key set cannot be read, or is too large"},
    {RefusalReason::kKeySetDuplicate, "key_set_duplicate", "two keys of the provider's key set have one name"},
    {RefusalReason::kKeySetPrivate, "key_set_private", "the provider's key set shows a private key"},
    {RefusalReason::kKeyUnknown, "key_unknown", "the provider's key set has no key of that name"},
    {RefusalReason::kKeyAmbiguous, "key_ambiguous", "the token does not say which of several keys signed it"},
    {RefusalReason::kKeyUnfit, "key_unfit", "the key is not for this use or algorithm, weak or malformed"},
    {RefusalReason::kDiscoveryUnreachable, "discovery_unreachable", "the provider's own description cannot be had"},
    {RefusalReason::kDiscoveryMalformed, "discovery_malformed",
     "the provider's own description cannot be read, or lacks what it must hold"},
    {RefusalReason::kDiscoveryIssuer, "discovery_issuer", "the provider's own description is of another issuer"},
    {RefusalReason::kDiscoveryPinned, "discovery_pinned", "the provider's own description contradicts what is pinned"},
    {RefusalReason::kDiscoveryEndpoint, "discovery_endpoint",
     "an address in the provider's own description is of another host, or not https"},
    {RefusalReason::kDiscoveryUnsupported, "discovery_unsupported",
     "the provider does not offer what a safe sign-in needs"},
    {RefusalReason::kUserinfoUnreachable, "userinfo_unreachable",
     "the provider's userinfo address did not answer in time"},
    {RefusalReason::kUserinfoStatus, "userinfo_status", "the userinfo answer has another HTTP status than 200"},
    {RefusalReason::kUserinfoMalformed, "userinfo_malformed", "the userinfo answer cannot be read"},
    {RefusalReason::kUserinfoSubject, "userinfo_subject", "the userinfo answer is about somebody else than the token"},
    {RefusalReason::kIdentityMissing, "identity_missing", "the provider does not say the personal number"},
    {RefusalReason::kIdentityMalformed, "identity_malformed", "the provider's personal number is none"},
    {RefusalReason::kIdentityKind, "identity_kind", "the account is not one of a person"},
    {RefusalReason::kLogoutRequest, "logout_request", "the logout request has not the form of one"},
    {RefusalReason::kLogoutEvents, "logout_events", "the logout token does not speak of a logout"},
    {RefusalReason::kLogoutNonce, "logout_nonce", "the logout token carries a nonce, as only an id_token may"},
    {RefusalReason::kLogoutTarget, "logout_target", "the logout token names neither a session nor a person"},
    {RefusalReason::kLogoutTokenId, "logout_token_id", "the logout token has no name of its own"},
    {RefusalReason::kLogoutReplayed, "logout_replayed", "the logout token was taken before"},
    {RefusalReason::kLogoutReturn, "logout_return", "the browser comes back from a logout that was not begun here"},
    {RefusalReason::kClaimScope, "claim_scope", "the access token says no scope"},
    {RefusalReason::kClaimTokenId, "claim_token_id", "the access token has no name of its own"},
}};

constexpr bool InOrder() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<std::size_t>(kRows[i].reason) != i || kRows[i].code.empty() || kRows[i].text.empty()) return false;
  }
  return true;
}
static_assert(InOrder(), "every reason has its row, in the order of the enumeration");

const Row& RowOf(RefusalReason reason) { return kRows.at(static_cast<std::size_t>(reason)); }

}  // namespace

std::string_view Code(RefusalReason reason) { return RowOf(reason).code; }
std::string_view AuditText(RefusalReason reason) { return RowOf(reason).text; }

}  // namespace mc::sso
