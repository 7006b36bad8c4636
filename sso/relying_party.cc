#include "sso/relying_party.h"

#include "sso/encrypted.h"
#include "sso/token.h"

namespace mc::sso {

void RelyingParty::Write(std::string_view event, std::string_view reason, std::string_view text) {
  parts_.audit.Write(
      {parts_.clock.Now(), std::string(event), provider_->settings.id, std::string(reason), std::string(text)});
}

Result<BegunSignIn> RelyingParty::Begin(SignInWish wish) {
  MC_TRY(BegunSignIn begun, BeginSignIn(provider_, std::move(wish), parts_.random, parts_.clock.Now()));
  MC_CHECK_OK(parts_.pending.Put(begun.state, begun.pending));
  return begun;
}

Checked<Identity> RelyingParty::Identify(const Callback& callback, HttpClient& http) {
  MC_TRY(ValidatedResponse response,
         CheckAuthorizationResponse(provider_, callback, parts_.pending, parts_.clock.Now(), parts_.random));
  if (provider_->encrypted()) return IdentifyEncrypted(std::move(response), http);
  const HttpRequest token_request = TokenRequest(provider_, response);
  MC_TRY(TokenResponse tokens, CheckTokenResponse(provider_, std::move(response), http.Send(token_request)));
  MC_TRY(const VerifiedJwt jwt, keys_.Verify(tokens.id_token(), http));
  MC_TRY(const ValidatedIdToken token, ValidatedIdToken::Check(provider_, std::move(tokens), jwt, parts_.clock.Now()));
  if (!AsksUserinfo(*provider_)) return IdentityFromIdToken(provider_, token, parts_.person_key);
  return CheckUserinfoResponse(provider_, token, http.Send(UserinfoRequest(provider_, token)), parts_.person_key);
}

Checked<Identity> RelyingParty::IdentifyEncrypted(ValidatedResponse response, HttpClient& http) {
  const HttpRequest token_request = TokenRequest(provider_, response);
  MC_TRY(const EncryptedToken token,
         CheckEncryptedToken(provider_, std::move(response), http.Send(token_request), parts_.random));
  return CheckEncryptedUserinfo(provider_, token, http.Send(EncryptedUserinfoRequest(provider_, token)),
                                parts_.person_key, parts_.random);
}

Checked<Identity> RelyingParty::Finish(const Callback& callback, HttpClient& http) {
  auto identity = Identify(callback, http);
  if (!identity.ok()) Write("sign_in_refused", Code(identity.error()), AuditText(identity.error()));
  return identity;
}

Checked<LogoutOrder> RelyingParty::ReadLogout(const LogoutRequest& request, HttpClient& http) {
  if (provider_->encrypted()) return RefusalReason::kLogoutRequest;  // it signs nothing
  MC_TRY(const UnverifiedJws jws, CheckLogoutRequest(provider_, request));
  MC_TRY(const VerifiedJwt jwt, keys_.Verify(jws, http));
  return LogoutOrder::Check(provider_, jwt, logout_tokens_, parts_.clock.Now());
}

Checked<LogoutOrder> RelyingParty::TakeLogout(const LogoutRequest& request, HttpClient& http) {
  auto order = ReadLogout(request, http);
  if (order.ok()) {
    Write("logout_ordered", "", "the provider ended a session or all sessions of a person");
  } else {
    Write("logout_refused", Code(order.error()), AuditText(order.error()));
  }
  return order;
}

}  // namespace mc::sso
