// Sign-in: what browsers, providers and whoever plays either of them send.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/json.h"
#include "sso/authorization.h"
#include "sso/cookie.h"
#include "sso/discovery.h"
#include "sso/encrypted.h"
#include "sso/exchange.h"
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

// A key of this file, for which the seeds of encrypted_* are sealed; it guards nothing.
constexpr const char* kSealedForKey = R"(-----BEGIN PRIVATE KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDgZIBEmjO0t3K7
0+UfsvadKsfuk69yAUej7UcfD96Gvu2ZDo1VKFmWPszkkhGvJRJy08usUcpRkK8f
c4svTLFOO/jE7c5vFm/uSRyXgd0nzieBkoqy24Xu2LEtVyLpLnzaISwtuCt/mM9Z
MGqtGr9N+VtNFTxVrPSfOYQrlhzOr2zkah4ARgJq0f4k/JoBCNc6d+BqAjeieJct
n2+jxD4wD8F3hzEyCy1WtUYBrPatSV3FS/5OD+x6BbAtjNcW0qfbpO3VIVq4hzw6
plT7P9RGarjW7ngxXEOkcoPa7QMV2RAzoN61h6bH/2eih+OBKMRngnI9m2bhuw8i
d+/KH6HRAgMBAAECggEAD29aU124CMpFnh3pOND6nbz/m62U9+aWovQDXGOfDu27
MjgKCL2JzAft2BskFEQcjMF81RGbNRkasrMj89D2sUb2ybUB6ipE8MMesF1CdSZ9
GTCXUc4/3DoTlebUg+2qsOZvP4XXmCNOv/fQnq+kURzB5v968vm+qeUu7kCZIq5V
ehh6qKn7/EClD87FPbkYot9BZRVuo77AGzEzDI790jk8it4Nf5DmoAp1s/yJL4gm
VFDNFmuYMmmAyaGir09RxNOI0/mjcsxZ5tXn57sRMsuLzhOE5mFGPTOTCOLeHoEA
ZzUJ98DegJvGm4b3r1d+pY7egh4096jS7IMdrdSsQQKBgQDwFBNiqMoeLZwQDzoH
G3NcOnZoWTbuG6JJVy0dGsP4oPQ6flYYG6MXt8hWQfFqijWCVKqhhOntkn8T+B+G
atFL5Pl0iqPW5kMxXViCdtJUsPBnhu++nC0ZWNsY39i6hhS7UYY0fHS0ssa1Dr56
tFOAiM7nd/ZPtGEEaWw0V03p/QKBgQDvRh6VHYYTljfmVg2zlCF/xaJG+0gCXIIK
CUEhXtyzbnOBSekR9DKUUWe6AJIjpLSTLeWnyj7VcuaDf5FqDygkE3Gu7TfP5HMF
6c7qgJ/fkDYGQqGmnw4xbGztVve4A+Qx49boMLxF0WagcdoJQ+g7ofc6wjJuTCSD
uAV5hU/lZQKBgQCdUmqJolYghH7aP0AlXCWycFUbeCr4yX8FVG0pv1pgWQjyM8uz
LJkpd7N+YuQSjtMVvum5wmGQ3wkLSvNNoD3a4AdgCWHn9yhc9vCDPd4CxZgkH1aH
r8wV6hZZLIbXY/m97mRljJDlwKlaCHll6zk053G+WOw9utRAkdzoR7W0+QKBgAxv
ant5c1RlRDZ2VnP0yODpFov110I4KJH49SeU1IeGv/4CJ1jFhjNrH6btDKtJjhDw
G7Vir21McWp4IMiQTRfC4u+iaHond0rhYd2SHbzys7wTjm8oaQZsiiSzlmA744os
OykKD17ZiSnhgOFmZBVlT4IAQbq1vlgSIka0hPh5AoGBAJchnKV4QdcF3rr3TPVb
d5dQHrB1frmOEwOBOoM8kNtSZ3U3JzpvMIuPKGxAcIBEOiQSK9lMUnNGMiXjqpq/
uJnGBJhSiWqicKStHBQWL41slLEj9ToBndPP0Z8FjW/VrY7nSzA3ZUID3d15jQ6A
BUIsJeG7Qmp+15A+IiMW6cSj
-----END PRIVATE KEY-----)";
// The AES key of those seeds under it: the one wrapped key that opens anything.
constexpr std::string_view kWrappedForUs =
    "xkbu75Fn1s6RaYlM7EEeOagmtRmi6WZZsi1KJ6cRq/"
    "mjwHFRmT87eIIBs05uPHYLgMI+Xjt8hh7tU7pNbDqb1LyUCqS4ZePrWeAUx1iZp32W33R5lyP7v5bDEh89SQOelYSjzRSgS+"
    "fmUQdiidjCHTsQF0gB+tHsCuVin36o9hS3CiQyOWAuougFN/I0oOlNtJcHsmtTB1eKcQcZgF0ZsfhjQkwIf8wdp+6I+T4pNT/mm2OSWhmkx5/"
    "2x+JL6VQ6ZUB1ek1p2BTNIG1GI/DHEWBTblrJ++zwl+ywnqVMqd03A8FBTZrDlEDaXlW9/z3KQrIfkbRgf4ZcOvfm/5YtoQ==";

// tests/fuzz/corpus/encrypted_token/whole.
constexpr std::string_view kTokenForUs =
    R"({"data":"9ADfMlGlfvYh4FGjKj3CT3kYlLtL2rFeUttEAytLKQwk5HapolBuQkL9HDWklm1uNBtl2YjHwoxQWaQnAaXBaqlyZcastNy/WiZxXOcEHog=","key":"xkbu75Fn1s6RaYlM7EEeOagmtRmi6WZZsi1KJ6cRq/mjwHFRmT87eIIBs05uPHYLgMI+Xjt8hh7tU7pNbDqb1LyUCqS4ZePrWeAUx1iZp32W33R5lyP7v5bDEh89SQOelYSjzRSgS+fmUQdiidjCHTsQF0gB+tHsCuVin36o9hS3CiQyOWAuougFN/I0oOlNtJcHsmtTB1eKcQcZgF0ZsfhjQkwIf8wdp+6I+T4pNT/mm2OSWhmkx5/2x+JL6VQ6ZUB1ek1p2BTNIG1GI/DHEWBTblrJ++zwl+ywnqVMqd03A8FBTZrDlEDaXlW9/z3KQrIfkbRgf4ZcOvfm/5YtoQ=="})";

const ReadyProvider& Sealing() {
  static const ReadyProvider provider = [] {
    ProviderProfile profile;
    profile.flow = Flow::kEncryptedOAuth2;
    profile.address = "https://op.example";
    profile.endpoints = {"https://op.example/auth", "https://op.example/token", "https://op.example/who", "", ""};
    profile.client_auth = sso::ClientAuth::kPost;
    profile.person.number_claim = "citizenPid";
    ProviderSettings settings;
    settings.id = "op";
    settings.client_id = settings.client_secret = "x";
    settings.private_key = kSealedForKey;
    settings.redirect_uri = "https://rp.example/";
    return ReadyProvider::Make(MakeProvider(profile, settings).value()).value();
  }();
  return provider;
}

ValidatedResponse OurResponse(RandomSource& random) {
  SignInsInMemory pending;
  const BegunSignIn begun = BeginSignIn(Sealing(), {}, random, Instant{0}).value();
  Require(pending.Put(begun.state, begun.pending).ok(), "a sign-in can be kept in memory");
  const Callback callback{"GET", "code=c&state=" + begun.state, "", "", begun.browser_secret};
  return CheckAuthorizationResponse(Sealing(), callback, pending, Instant{0}, random).value();
}

bool IsSealedForUs(std::string_view answer) {
  const auto envelope = ParseJson(answer, true);
  if (!envelope.ok() || !envelope->is_object() || !envelope->contains("key")) return false;
  const Json& key = envelope->at("key");
  return key.is_string() && FromBase64(key.get<std::string>()) == FromBase64(kWrappedForUs);
}

HttpResponse AnsweredWith(std::string_view body) {
  return {200, {{"content-type", "application/json"}}, std::string(body)};
}

Checked<EncryptedToken> TokenFrom(std::string_view answer) {
  SeededRandom random(1);
  return CheckEncryptedToken(Sealing(), OurResponse(random), AnsweredWith(answer), random);
}

void RunEncryptedToken(std::string_view input) {
  const auto token = TokenFrom(input);
  if (token.ok()) {
    Require(!token->access_token().empty() && IsVisibleText(token->access_token()), "a token fits into a header");
  }
  if (IsSealedForUs(input)) return;
  // Which of the two only the provider learns, who sent it (decision 0025).
  Require(!token.ok() &&
              (token.error() == RefusalReason::kTokenMalformed || token.error() == RefusalReason::kTokenNotOpened),
          "not sealed for us: no token");
}

void RunEncryptedPerson(std::string_view input) {
  static const EncryptedToken token = TokenFrom(kTokenForUs).value();
  SeededRandom random(1);
  const auto person = CheckEncryptedUserinfo(Sealing(), token, AnsweredWith(input), "a person key", random);
  if (person.ok()) {
    Require(person->person_hmac().size() == 64 && person->subject() == person->person_hmac(), "nobody but a number");
  }
  if (IsSealedForUs(input)) return;
  Require(!person.ok() && person.error() == RefusalReason::kUserinfoMalformed, "not sealed for us: nobody");
}

// The parameters code and encrypt_key, parted by a line's end.
void RunEncryptedCode(std::string_view input) {
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string code(input.substr(0, end)), key(input.substr(std::min(end + 1, input.size())));
  SeededRandom random(1);
  const auto opened = OpenedCode(Sealing(), code, key, random);
  if (!opened.ok()) return Require(opened.error() == RefusalReason::kCallbackMalformed, "one way to be wrong");
  if (key.empty()) return Require(*opened == code, "a plain code stays as it is");
  Require(FromBase64(key) == FromBase64(kWrappedForUs), "nothing opens but what was sealed for us");
  Require(!opened->empty() && opened->size() <= kCodeLimitBytes && IsVisibleText(*opened), "a code can be sent on");
}

}  // namespace

std::vector<Target> SignInTargets() {
  return {{"jwt", RunJwt, {}},
          {"key_set", RunKeySet, {}},
          {"form", RunForm, {}},
          {"cookie", RunCookie, {}},
          {"discovery", RunDiscovery, {}},
          {"provider", RunProvider, {"sso/profiles"}},
          {"encrypted_token", RunEncryptedToken, {}},
          {"encrypted_person", RunEncryptedPerson, {}},
          {"encrypted_code", RunEncryptedCode, {}}};
}

}  // namespace mc::fuzz
