#include "sso/userinfo.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "sso/exchange.h"
#include "sso/strict_json.h"

namespace mc::sso {
namespace {

constexpr std::size_t kNumberDigits = 12;  // Law on Identification 26/2023/QH15, article 12
constexpr std::size_t kClaimLimitBytes = 128;

// A text, or a whole number as one; some providers write either.
TextMember TextOrNumber(const Json& claims, std::string_view name) {
  const auto found = claims.find(name);
  if (found != claims.end() && found->is_number_unsigned()) return {Presence::kThere, found->dump()};
  return TextOf(claims, name, kClaimLimitBytes);
}

// A province stands first, from 001 (Decree 137/2015/ND-CP article 13): "000" is none, so that a shorter number that
// was filled up with zeros is not taken for one.
bool IsPersonalNumber(std::string_view text) {
  return text.size() == kNumberDigits && !text.starts_with("000") &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Checked<std::string> PersonHmac(const Json& claims, std::string_view name, std::string_view person_key) {
  TextMember number = TextOrNumber(claims, name);
  if (number.presence == Presence::kAbsent) return RefusalReason::kIdentityMissing;
  // A JSON number cannot keep the leading zeros that every number of Hà Nội has (001).
  const bool as_number = claims.find(name)->is_number();
  if (as_number && number.text.size() < kNumberDigits) number.text.insert(0, kNumberDigits - number.text.size(), '0');
  if (!IsPersonalNumber(number.text)) return RefusalReason::kIdentityMalformed;
  return ToHex(HmacSha256(person_key, number.text));
}

CheckStatus CheckKind(const PersonRule& rule, const Json& claims) {
  if (rule.kind_claim.empty()) return Unit{};
  const TextMember kind = TextOrNumber(claims, rule.kind_claim);
  const bool person = kind.presence == Presence::kThere && std::find(rule.person_kinds.begin(), rule.person_kinds.end(),
                                                                     kind.text) != rule.person_kinds.end();
  return person ? CheckStatus(Unit{}) : CheckStatus(RefusalReason::kIdentityKind);
}

}  // namespace

class IdentityMaker {
 public:
  // `userinfo`: null without one.
  static Checked<Identity> Make(const ReadyProvider& provider, const ValidatedIdToken& token, const Json* userinfo,
                                std::string_view person_key) {
    const PersonRule& rule = provider->profile.person;
    const Json& claims = rule.from == ClaimSource::kUserinfo && userinfo ? *userinfo : token.claims();
    Identity identity;
    identity.level_ = token.level();
    if (provider->profile.level.from == ClaimSource::kUserinfo && userinfo) {
      MC_TRY(identity.level_, LevelReached(*provider, *userinfo, token.wish().least_level));
    }
    MC_CHECK_OK(CheckKind(rule, claims));
    MC_TRY(identity.person_hmac_, PersonHmac(claims, rule.number_claim, person_key));
    identity.provider_ = provider->settings.id;
    identity.issuer_ = provider->profile.issuer;
    identity.subject_ = token.subject();
    identity.session_id_ = token.session_id();
    identity.auth_time_ = token.auth_time();
    identity.id_token_ = token.text();
    identity.return_path_ = token.wish().return_path;
    identity.begun_at_ = token.begun_at();
    identity.anew_ = token.wish().max_age_secs == 0;
    return identity;
  }

  static Checked<Identity> MakeEncrypted(const ReadyProvider& provider, const PendingSignIn& begun,
                                         const Json& userinfo, std::string_view person_key) {
    const PersonRule& rule = provider->profile.person;
    Identity identity;
    MC_TRY(identity.level_, LevelReached(*provider, userinfo, begun.wish.least_level));
    MC_CHECK_OK(CheckKind(rule, userinfo));
    MC_TRY(identity.person_hmac_, PersonHmac(userinfo, rule.number_claim, person_key));
    identity.provider_ = provider->settings.id;
    identity.issuer_ = provider->profile.issuer;
    identity.subject_ = identity.person_hmac_;
    identity.return_path_ = begun.wish.return_path;
    identity.begun_at_ = begun.begun_at;
    return identity;
  }
};

bool AsksUserinfo(const Provider& provider) {
  const ProviderProfile& profile = provider.profile;
  return profile.person.from == ClaimSource::kUserinfo ||
         (profile.level.from == ClaimSource::kUserinfo && !profile.level.order.empty());
}

HttpRequest UserinfoRequest(const ReadyProvider& provider, const ValidatedIdToken& token) {
  return BearerRequest(provider, token.access_token());
}

HttpRequest BearerRequest(const ReadyProvider& provider, const std::string& access_token) {
  const bool posts = provider->profile.userinfo_method == UserinfoMethod::kPost;
  HttpRequest request = ProviderRequest(posts ? "POST" : "GET", provider.endpoints().userinfo);
  request.headers.emplace_back("Authorization", "Bearer " + access_token);
  return request;
}

Checked<Identity> CheckUserinfoResponse(const ReadyProvider& provider, const ValidatedIdToken& token,
                                        const Result<HttpResponse>& answer, std::string_view person_key) {
  if (!answer.ok()) {
    return WasTooLong(answer.error()) ? RefusalReason::kUserinfoMalformed : RefusalReason::kUserinfoUnreachable;
  }
  if (answer->status != 200) return RefusalReason::kUserinfoStatus;
  const auto userinfo = AnsweredObject(*answer, kAnswerLimitBytes);
  if (!userinfo) return RefusalReason::kUserinfoMalformed;
  if (TextOf(*userinfo, "sub", kSubjectLimitBytes).text != token.subject()) return RefusalReason::kUserinfoSubject;
  return IdentityMaker::Make(provider, token, &*userinfo, person_key);
}

Checked<Identity> IdentityFromEncrypted(const ReadyProvider& provider, const PendingSignIn& begun, const Json& userinfo,
                                        std::string_view person_key) {
  return IdentityMaker::MakeEncrypted(provider, begun, userinfo, person_key);
}

Checked<Identity> IdentityFromIdToken(const ReadyProvider& provider, const ValidatedIdToken& token,
                                      std::string_view person_key) {
  if (AsksUserinfo(*provider)) return RefusalReason::kIdentityMissing;
  return IdentityMaker::Make(provider, token, nullptr, person_key);
}

}  // namespace mc::sso
