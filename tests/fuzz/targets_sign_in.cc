// Sign-in: what browsers, providers and whoever plays either of them send.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "sso/authorization.h"
#include "sso/cookie.h"
#include "sso/discovery.h"
#include "sso/form.h"
#include "sso/jws.h"
#include "sso/url.h"
#include "tests/fuzz/target.h"

namespace mc::fuzz {
namespace {

using namespace mc::sso;

constexpr SignatureAlgorithm kAlgorithms[] = {SignatureAlgorithm::kRs256, SignatureAlgorithm::kPs256,
                                              SignatureAlgorithm::kEs256};

// The keys of RFC 7515 appendices A.2 and A.3.
constexpr const char* kKeys = R"({"keys":[
  {"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"},
  {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})";
// What those keys signed there, behind the header: the one payload that may verify.
constexpr std::string_view kSigned =
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";

void RunJwt(std::string_view input) {
  for (const SignatureAlgorithm algorithm : kAlgorithms) {
    const KeySet keys = KeySet::Parse(kKeys, algorithm).value();
    Require(keys.usable() == 1, "the key of this algorithm is there");
    for (const JwtUse use : {JwtUse::kIdToken, JwtUse::kLogoutToken}) {
      const auto jws = ParseJws(input, algorithm, use);
      if (!jws.ok()) continue;
      Require(input.size() <= kJwtLimitBytes && std::count(input.begin(), input.end(), '.') == 2,
              "three parts, bounded");
      Require(input.find_first_of("=+/ \n") == input.npos, "one encoding");
      const auto jwt = VerifiedJwt::Verify(*jws, keys);
      if (!jwt.ok()) continue;
      Require(input.find(kSigned) != input.npos, "nothing verifies but what was signed");
      Require(jwt->claims().is_object() && jwt->IsOf(*jws), "claims are an object, of this token");
    }
  }
}

void RunKeySet(std::string_view input) {
  for (const SignatureAlgorithm algorithm : kAlgorithms) {
    const auto keys = KeySet::Parse(input, algorithm);
    if (!keys.ok()) {
      Require(!Code(keys.error()).empty(), "a refusal has a code");
      continue;
    }
    Require(keys->usable() <= kKeySetMostKeys, "a set keeps its limit");
    const auto only = keys->Find(std::nullopt);
    Require(only.ok() == (keys->usable() == 1), "a token without a name needs the one key");
    if (only.ok()) Require(only->Serves(algorithm), "a usable key serves the algorithm");
  }
}

void RunForm(std::string_view input) {
  const auto form = ParseForm(input);
  if (!form) return;
  Require(form->size() <= kFormMostParameters, "a form keeps its limit");
  const std::string text = FormText(*form);
  if (text.size() <= kFormLimitBytes) Require(ParseForm(text) == form, "what was written is read as the same");
  bool twice = false;
  for (const auto& [name, value] : *form) {
    twice = twice || CountOf(*form, name) > 1;
    Require(ValueOf(*form, name) != nullptr, "what is there is found");
  }
  Require(HasDuplicate(*form) == twice, "a name that stands twice is seen");
}

void RunCookie(std::string_view input) {
  constexpr std::string_view kName = "__Host-mc";
  const auto found = CookieNamed(input, kName);
  if (!found.ok() || !*found) return;
  const std::string& value = **found;
  Require(input.find(value) != input.npos, "a value is of the header");
  Require(value.find_first_of(" ;,=\"\\\r\n") == value.npos, "a value of ours has no separators");
  const auto again = CookieNamed(std::string(kName) + "=" + value, kName);
  Require(again.ok() && *again == value, "a cookie alone says the same");
  const auto twice = CookieNamed(std::string(kName) + "=x; " + std::string(input), kName);
  Require(!twice.ok(), "a second cookie of the name is refused");
}

const Provider& Pinned() {
  static const Provider provider = [] {
    ProviderProfile profile;
    profile.address = "https://op.example";
    profile.discovery = true;
    profile.endpoints.token = "https://op.example/token";
    profile.person.number_claim = "n";
    ProviderSettings settings;
    settings.id = "op";
    settings.client_id = settings.client_secret = "x";
    settings.redirect_uri = "https://rp.example/";
    return MakeProvider(profile, settings).value();
  }();
  return provider;
}

void RunDiscovery(std::string_view input) {
  const HttpResponse answer{200, {{"content-type", "application/json"}}, std::string(input)};
  const auto ready = CheckDiscoveryResponse(Pinned(), answer);
  if (!ready.ok()) return;
  Require((*ready)->profile.issuer == "https://op.example", "the issuer is the pinned one");
  const Endpoints& all = ready->endpoints();
  Require(all.token == "https://op.example/token", "what is pinned stays");
  for (const std::string* address : {&all.authorization, &all.userinfo, &all.jwks, &all.end_session}) {
    if (address->empty()) continue;
    const auto url = ParseUrl(*address);
    Require(url && url->https && url->origin == "https://op.example", "what is filled in is of the provider's origin");
  }
}

void RunProvider(std::string_view input) {
  const auto document = ParseJson(input, true);
  if (!document.ok()) return;
  const auto profile = ParseProviderProfile(*document);
  if (!profile.ok()) return RequireError(profile.error(), ErrorClass::kConfig);
  const auto provider = MakeProvider(*profile, Pinned().settings);
  if (!provider.ok()) return RequireError(provider.error(), ErrorClass::kConfig);
  const auto url = ParseUrl(provider->profile.address);
  Require(url && url->https, "a provider without a relaxation is asked over https");
}

}  // namespace

std::vector<Target> SignInTargets() {
  return {{"jwt", RunJwt, {}},       {"key_set", RunKeySet, {}},      {"form", RunForm, {}},
          {"cookie", RunCookie, {}}, {"discovery", RunDiscovery, {}}, {"provider", RunProvider, {"sso/profiles"}}};
}

}  // namespace mc::fuzz
