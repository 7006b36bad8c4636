// Reading of docs/formats/provider.md.
#include <algorithm>

#include "core/json_at.h"
#include "sso/jws.h"
#include "sso/provider.h"
#include "sso/url.h"

namespace mc::sso {
namespace {

constexpr std::size_t kNameLimitBytes = 128;
constexpr std::size_t kTitleLimitBytes = 200;

bool IsId(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

// A text of visible ASCII: what travels in a parameter or names a claim.
Result<std::string> NameText(const JsonAt& at) {
  MC_TRY(std::string text, at.Text(kNameLimitBytes));
  const bool visible = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!visible) return at.Fail("bad_name", "must be visible ASCII without spaces");
  return text;
}

Result<std::vector<std::string>> Names(const JsonAt& at) {
  MC_TRY(const auto items, at.Items(kProfileListMost));
  std::vector<std::string> names;
  for (const JsonAt& item : items) {
    MC_TRY(std::string name, NameText(item));
    if (std::find(names.begin(), names.end(), name) != names.end()) return item.Fail("twice", "stands twice");
    names.push_back(std::move(name));
  }
  return names;
}

Result<std::string> Address(const JsonAt& at) {
  MC_TRY(std::string text, at.Text(kUrlLimitBytes));
  if (!ParseUrl(text)) return at.Fail("bad_address", "must be an absolute http or https address");
  return text;
}

// A member that may be left out: `to` stays as it is then.
template <typename T, typename Read>
Status Optional(const JsonAt& object, std::string_view key, T& to, Read read) {
  const auto member = object.Find(key);
  if (!member) return Ok();
  MC_TRY(to, read(*member));
  return Ok();
}

template <typename E>
auto OneOf(std::vector<std::string> names) {
  return [names = std::move(names)](const JsonAt& at) -> Result<E> {
    MC_TRY(const std::size_t index, at.OneOf(names));
    return static_cast<E>(index);
  };
}

Result<Endpoints> ParseEndpoints(const JsonAt& at) {
  MC_CHECK_OK(at.Keys({"authorization", "token", "userinfo", "jwks", "end_session"}));
  Endpoints endpoints;
  MC_CHECK_OK(Optional(at, "authorization", endpoints.authorization, Address));
  MC_CHECK_OK(Optional(at, "token", endpoints.token, Address));
  MC_CHECK_OK(Optional(at, "userinfo", endpoints.userinfo, Address));
  MC_CHECK_OK(Optional(at, "jwks", endpoints.jwks, Address));
  MC_CHECK_OK(Optional(at, "end_session", endpoints.end_session, Address));
  return endpoints;
}

Result<LevelRule> ParseLevel(const JsonAt& at) {
  MC_CHECK_OK(at.Keys({"claim", "from", "order"}));
  LevelRule rule;
  MC_TRY(const JsonAt claim, at.Member("claim"));
  MC_TRY(rule.claim, NameText(claim));
  MC_TRY(const JsonAt order, at.Member("order"));
  MC_TRY(rule.order, Names(order));
  if (rule.order.empty()) return order.Fail("empty", "must name a level; without levels leave \"level\" out");
  MC_CHECK_OK(Optional(at, "from", rule.from, OneOf<ClaimSource>({"id_token", "userinfo"})));
  return rule;
}

Result<PersonRule> ParsePerson(const JsonAt& at) {
  MC_CHECK_OK(at.Keys({"from", "number_claim", "kind_claim", "person_kinds"}));
  PersonRule rule;
  MC_TRY(const JsonAt number, at.Member("number_claim"));
  MC_TRY(rule.number_claim, NameText(number));
  MC_CHECK_OK(Optional(at, "from", rule.from, OneOf<ClaimSource>({"id_token", "userinfo"})));
  MC_CHECK_OK(Optional(at, "kind_claim", rule.kind_claim, NameText));
  MC_CHECK_OK(Optional(at, "person_kinds", rule.person_kinds, Names));
  if (rule.kind_claim.empty() != rule.person_kinds.empty()) {
    return at.Fail("half_a_rule", "kind_claim and person_kinds belong together");
  }
  return rule;
}

Result<SignatureAlgorithm> ParseAlgorithm(const JsonAt& at) {
  MC_TRY(const std::string name, NameText(at));
  const auto algorithm = AlgorithmFrom(name);
  if (!algorithm) return at.Fail("bad_algorithm", "must be RS256, PS256 or ES256");
  return *algorithm;
}

Result<bool> Bool(const JsonAt& at) { return at.Bool(); }
Result<std::int64_t> Skew(const JsonAt& at) { return at.Count(0, kClockSkewMostSecs); }

Status ParseProtocol(const JsonAt& at, ProviderProfile& profile) {
  MC_TRY(const JsonAt flow, at.Member("flow"));
  MC_TRY(profile.flow, OneOf<Flow>({"oidc", "encrypted_oauth2"})(flow));
  MC_TRY(const JsonAt algorithm, at.Member("algorithm"));
  MC_TRY(profile.algorithm, ParseAlgorithm(algorithm));
  MC_CHECK_OK(Optional(at, "client_auth", profile.client_auth,
                       OneOf<ClientAuth>({"client_secret_basic", "client_secret_post"})));
  MC_CHECK_OK(Optional(at, "response_mode", profile.response_mode, OneOf<ResponseMode>({"query", "form_post"})));
  MC_CHECK_OK(Optional(at, "userinfo_method", profile.userinfo_method, OneOf<UserinfoMethod>({"get", "post"})));
  MC_CHECK_OK(Optional(at, "names_issuer", profile.names_issuer, Bool));
  MC_CHECK_OK(Optional(at, "clock_skew_secs", profile.clock_skew_secs, Skew));
  MC_TRY(const JsonAt scopes, at.Member("scopes"));
  MC_TRY(profile.scopes, Names(scopes));
  // OpenID Connect Core section 3.1.2.1: without it the answer holds no id_token.
  if (std::find(profile.scopes.begin(), profile.scopes.end(), "openid") == profile.scopes.end()) {
    return scopes.Fail("no_openid", "must hold \"openid\"");
  }
  return Ok();
}

}  // namespace

Result<ProviderProfile> ParseProviderProfile(const Json& document) {
  const JsonAt at(document);
  MC_CHECK_OK(at.Keys({"schema", "id", "title", "assumptions", "flow", "address", "issuer", "discovery", "endpoints",
                       "algorithm", "client_auth", "response_mode", "userinfo_method", "names_issuer",
                       "clock_skew_secs", "scopes", "level", "person"}));
  MC_TRY(const JsonAt schema, at.Member("schema"));
  MC_CHECK_OK(schema.OneOf({"minhchung/provider@1"}));
  MC_TRY(const JsonAt assumptions, at.Member("assumptions"));
  MC_CHECK_OK(assumptions.Items(kProfileListMost));
  ProviderProfile profile;
  MC_TRY(const JsonAt id, at.Member("id"));
  MC_TRY(profile.id, id.Text(kNameLimitBytes));
  if (!IsId(profile.id)) return id.Fail("bad_id", "must be of a-z, 0-9 and _");
  MC_TRY(const JsonAt title, at.Member("title"));
  MC_TRY(profile.title, title.Text(kTitleLimitBytes));
  MC_CHECK_OK(ParseProtocol(at, profile));
  MC_CHECK_OK(Optional(at, "address", profile.address, Address));
  MC_CHECK_OK(Optional(at, "issuer", profile.issuer, Address));
  MC_CHECK_OK(Optional(at, "discovery", profile.discovery, Bool));
  MC_CHECK_OK(Optional(at, "endpoints", profile.endpoints, ParseEndpoints));
  MC_CHECK_OK(Optional(at, "level", profile.level, ParseLevel));
  MC_TRY(const JsonAt person, at.Member("person"));
  MC_TRY(profile.person, ParsePerson(person));
  return profile;
}

}  // namespace mc::sso
