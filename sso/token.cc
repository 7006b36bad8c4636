#include "sso/token.h"

#include <nlohmann/json.hpp>

#include "core/text.h"
#include "sso/exchange.h"
#include "sso/form.h"
#include "sso/strict_json.h"

namespace mc::sso {
namespace {

// RFC 6749 section 2.3.1: both are form-encoded before they are joined.
std::string BasicCredentials(const ProviderSettings& settings) {
  return "Basic " + ToBase64(FormEncoded(settings.client_id) + ":" + FormEncoded(settings.client_secret));
}

}  // namespace

HttpRequest TokenRequest(const ReadyProvider& provider, const ValidatedResponse& response) {
  HttpRequest request = ProviderRequest("POST", provider.endpoints().token);
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  Form form = {{"grant_type", "authorization_code"},
               {"code", response.code()},
               {"redirect_uri", provider->settings.redirect_uri},
               {"code_verifier", response.pending().verifier}};
  if (provider->profile.client_auth == ClientAuth::kBasic) {
    request.headers.emplace_back("Authorization", BasicCredentials(provider->settings));
  } else {
    form.emplace_back("client_id", provider->settings.client_id);
    form.emplace_back("client_secret", provider->settings.client_secret);
  }
  request.body = FormText(form);
  return request;
}

Checked<std::string> BearerTokenOf(const Json& answer) {
  if (answer.contains("error")) return RefusalReason::kTokenError;
  const TextMember type = TextOf(answer, "token_type", 32);
  if (type.presence != Presence::kThere || ToLowerAscii(type.text) != "bearer") return RefusalReason::kTokenType;
  TextMember access = TextOf(answer, "access_token", kAccessTokenLimitBytes);
  if (access.presence != Presence::kThere || !IsVisibleText(access.text)) return RefusalReason::kTokenMalformed;
  return std::move(access.text);
}

Checked<TokenResponse> CheckTokenResponse(const ReadyProvider& provider, ValidatedResponse response,
                                          const Result<HttpResponse>& answer) {
  if (!answer.ok()) {
    return WasTooLong(answer.error()) ? RefusalReason::kTokenMalformed : RefusalReason::kTokenUnreachable;
  }
  const auto object = AnsweredObject(*answer, kAnswerLimitBytes);
  // RFC 6749 section 5.2; a good body under another status is none.
  if (answer->status == 400 && object && object->contains("error")) return RefusalReason::kTokenError;
  if (answer->status != 200) return RefusalReason::kTokenStatus;
  if (!object) return RefusalReason::kTokenMalformed;
  MC_TRY(std::string access_token, BearerTokenOf(*object));
  const auto id_token = object->find("id_token");
  if (id_token == object->end()) return RefusalReason::kIdTokenMissing;
  if (!id_token->is_string()) return RefusalReason::kTokenMalformed;
  const auto& text = id_token->get_ref<const std::string&>();
  MC_TRY(UnverifiedJws jws, ParseJws(text, provider->profile.algorithm, JwtUse::kIdToken));
  return TokenResponse(std::move(access_token), text, std::move(jws), std::move(response));
}

}  // namespace mc::sso
