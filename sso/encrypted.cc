#include "sso/encrypted.h"

#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/private_key.h"
#include "sso/exchange.h"
#include "sso/strict_json.h"
#include "sso/token.h"

namespace mc::sso {
namespace {

std::optional<std::string> OpenText(const ReadyProvider& provider, std::string_view key, std::string_view box,
                                    RandomSource& random) {
  if (key.size() > kWrappedKeyLimitBytes) return std::nullopt;
  const auto wrapped = FromBase64(key);
  const auto sealed = FromBase64(box);
  if (!wrapped || !sealed) return std::nullopt;
  return provider->private_key->OpenEnvelope(*wrapped, *sealed, random);
}

struct Envelope {
  std::string data, key;  // base64
};

// {"data", "key"}.
std::optional<Envelope> EnvelopeOf(const HttpResponse& answer) {
  const auto envelope = AnsweredObject(answer, kAnswerLimitBytes);
  if (!envelope) return std::nullopt;
  TextMember data = TextOf(*envelope, "data", static_cast<std::size_t>(kAnswerLimitBytes));
  TextMember key = TextOf(*envelope, "key", kWrappedKeyLimitBytes);
  if (data.presence != Presence::kThere || key.presence != Presence::kThere) return std::nullopt;
  return Envelope{std::move(data.text), std::move(key.text)};
}

std::optional<Json> OpenObject(const ReadyProvider& provider, const Envelope& envelope, RandomSource& random) {
  const auto text = OpenText(provider, envelope.key, envelope.data, random);
  return text ? StrictObject(*text, static_cast<std::size_t>(kAnswerLimitBytes)) : std::nullopt;
}

}  // namespace

Checked<std::string> OpenedCode(const ReadyProvider& provider, const std::string& code, const std::string& key,
                                RandomSource& random) {
  if (key.empty()) return code;
  const auto opened = OpenText(provider, key, code, random);
  const bool usable = opened && !opened->empty() && IsVisibleText(*opened);
  if (!usable) return RefusalReason::kCallbackMalformed;
  return *opened;
}

Checked<EncryptedToken> CheckEncryptedToken(const ReadyProvider& provider, ValidatedResponse response,
                                            const Result<HttpResponse>& answer, RandomSource& random) {
  if (!answer.ok()) {
    return WasTooLong(answer.error()) ? RefusalReason::kTokenMalformed : RefusalReason::kTokenUnreachable;
  }
  if (answer->status != 200) return RefusalReason::kTokenStatus;
  const auto envelope = EnvelopeOf(*answer);
  if (!envelope) return RefusalReason::kTokenMalformed;
  const auto object = OpenObject(provider, *envelope, random);
  if (!object) return RefusalReason::kTokenNotOpened;
  MC_TRY(std::string access_token, BearerTokenOf(*object));
  return EncryptedToken(std::move(access_token), std::move(response));
}

HttpRequest EncryptedUserinfoRequest(const ReadyProvider& provider, const EncryptedToken& token) {
  return BearerRequest(provider, token.access_token());
}

Checked<Identity> CheckEncryptedUserinfo(const ReadyProvider& provider, const EncryptedToken& token,
                                         const Result<HttpResponse>& answer, std::string_view person_key,
                                         RandomSource& random) {
  if (!answer.ok()) {
    return WasTooLong(answer.error()) ? RefusalReason::kUserinfoMalformed : RefusalReason::kUserinfoUnreachable;
  }
  if (answer->status != 200) return RefusalReason::kUserinfoStatus;
  const auto envelope = EnvelopeOf(*answer);
  const auto userinfo = envelope ? OpenObject(provider, *envelope, random) : std::nullopt;
  if (!userinfo) return RefusalReason::kUserinfoMalformed;
  return IdentityFromEncrypted(provider, token.pending(), *userinfo, person_key);
}

}  // namespace mc::sso
