// Goal: an honest sign-in ends with a person, whatever lawful form the provider chooses; what it carries is right.
// Method: whole sign-ins, no attack. The attacks are the files named for them.
#include "sso/relying_party.h"

#include <set>

#include "tests/sso/support.h"

namespace mc::sso::testing {
namespace {

TEST_CASE("what must be accepted") {
  Expect({
      {"plain", "", [](Scene&) {}},
      {"PS256", "", [](Scene& s) { s.Algorithm(SignatureAlgorithm::kPs256, TestKey::Rsa()); }},
      {"ES256", "", [](Scene& s) { s.Es256(); }},
      {"aud as a list", "", [](Scene& s) { s.Claim("aud", R"(["our-client"])"); }},
      {"token type in small letters", "",
       [](Scene& s) { s.change = [](Scene& t) { t.answer.Set("token_type", R"("bearer")"); }; }},
      {"without expires_in", "", [](Scene& s) { s.change = [](Scene& t) { t.answer.Drop("expires_in"); }; }},
      {"expires_in as a text", "",
       [](Scene& s) { s.change = [](Scene& t) { t.answer.Set("expires_in", R"("3600")"); }; }},
      {"unknown claims, also aggregated and distributed ones", "",
       [](Scene& s) {
         s.change = [](Scene& t) {
           t.claims.more =
               R"(,"x":{"y":[1.5,null]},"_claim_names":{"a":"s"},"_claim_sources":{"s":{"endpoint":"https://evil.example"}})";
         };
       }},
      {"mtls_endpoint_aliases and other unknown words", "",
       [](Scene& s) {
         s.change = [](Scene& t) {
           t.answer.more = R"(,"mtls_endpoint_aliases":{}})";
           t.answer.more.pop_back();
         };
       }},
      {"no kid and one key", "",
       [](Scene& s) {
         s.key_set = KeySetText({TestKey::Rsa().Jwk()});
         s.change = [](Scene& t) { t.header.Drop("kid"); };
       }},
      {"posted answer", "", [](Scene& s) { s.profile.response_mode = ResponseMode::kFormPost; }},
      {"secret in the form", "", [](Scene& s) { s.profile.client_auth = ClientAuth::kPost; }},
      {"posted userinfo", "", [](Scene& s) { s.profile.userinfo_method = UserinfoMethod::kPost; }},
      {"no iss promised, none sent", "",
       [](Scene& s) {
         s.profile.names_issuer = false;
         s.bring = [](Callback&, Form& f) { f.pop_back(); };
       }},
      {"session_state beside the code", "",
       [](Scene& s) { s.bring = [](Callback&, Form& f) { f.emplace_back("session_state", "a.b"); }; }},
  });
}

TEST_CASE("an identity carries what was proven") {
  Scene scene;
  scene.wish = {"LoA2", 300, "/my-score"};
  CHECK(scene.Play() == "");
  REQUIRE(scene.identity.has_value());
  const Identity& identity = *scene.identity;
  CHECK(identity.provider() == "op");
  CHECK(identity.issuer() == kIssuer);
  CHECK(identity.subject() == kSubject);
  CHECK(identity.session_id() == "provider-session");
  CHECK(identity.level() == "LoA2");
  CHECK(identity.auth_time()->micros == scene.clock.Now().micros - 10 * kMicrosPerSecond);
  CHECK(identity.person_hmac() == ToHex(HmacSha256(kPersonKey, kNumber)));
  CHECK(identity.id_token() == scene.last_id_token);
  CHECK(identity.return_path() == "/my-score");
}

TEST_CASE("a profile that reads nothing from userinfo makes no call") {
  Scene scene;
  scene.profile.person = {ClaimSource::kIdToken, "SoDinhDanh", "", {}};
  scene.Claim("SoDinhDanh", Quoted(kNumber));
  CHECK(scene.Play() == "");
  CHECK(scene.userinfo_calls == 0);
  CHECK(scene.identity->person_hmac() == ToHex(HmacSha256(kPersonKey, kNumber)));
}

TEST_CASE("the request asks for all that will be checked") {
  Scene scene;
  scene.wish = {"LoA3", 0, ""};
  const auto begun = scene.Party().Begin(scene.wish);
  REQUIRE(begun.ok());
  CHECK(begun->url.starts_with("https://op.example/authorize?"));
  const Form asked = ParseForm(begun->url.substr(begun->url.find('?') + 1)).value();
  CHECK_FALSE(HasDuplicate(asked));
  const std::pair<const char*, std::string> expected[] = {
      {"response_type", "code"},
      {"client_id", kClient},
      {"redirect_uri", kRedirect},
      {"scope", "openid profile"},
      {"state", begun->state},
      {"nonce", begun->pending.nonce},
      {"acr_values", "LoA3"},
      {"max_age", "0"},
      {"prompt", "login"},
      {"code_challenge_method", "S256"},
      {"code_challenge", B64(AsBytes(Sha256(begun->pending.verifier)))}};
  CHECK(asked.size() == std::size(expected));
  for (const auto& [name, value] : expected) {
    CAPTURE(name);
    REQUIRE(ValueOf(asked, name) != nullptr);
    CHECK(*ValueOf(asked, name) == value);
  }
}

TEST_CASE("state, nonce, verifier and the browser's secret are 256 bits each, and never the same") {
  Scene scene;
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto begun = scene.Party().Begin({});
    REQUIRE(begun.ok());
    for (const std::string& secret :
         {begun->state, begun->browser_secret, begun->pending.nonce, begun->pending.verifier}) {
      CHECK(Unb64(secret).size() == kSecretBytes);
      CHECK(seen.insert(secret).second);
    }
  }
}

TEST_CASE("a wish out of bounds is a mistake of ours, said at once") {
  Scene scene;
  CHECK(scene.Party().Begin({"LoA9", std::nullopt, ""}).error().code == "bad_wish");
  CHECK(scene.Party().Begin({"", -1, ""}).error().code == "bad_wish");
  CHECK(scene.Party().Begin({"", kMaxAgeMostSecs + 1, ""}).error().code == "bad_wish");
  CHECK(scene.Party().Begin({"", kMaxAgeMostSecs, ""}).ok());
}

TEST_CASE("sign-ins under way are bounded: past the limit the oldest is dropped") {
  SignInsInMemory table;
  const Instant start = ParseInstant(kNow).value();
  const auto put = [&](std::size_t number) {
    PendingSignIn pending;
    pending.browser = Sha256("b");
    pending.begun_at = {start.micros + static_cast<std::int64_t>(number)};
    REQUIRE(table.Put(std::to_string(number), pending).ok());
  };
  for (std::size_t i = 0; i < kPendingMost; ++i) put(i);
  CHECK(table.size() == kPendingMost);
  put(kPendingMost);
  CHECK(table.size() == kPendingMost);
  CHECK_FALSE(table.Take("0", "b", start).ok());
  CHECK(table.Take("1", "b", start).ok());
  CHECK(table.Take(std::to_string(kPendingMost), "b", start).ok());
  CHECK(table.size() == kPendingMost - 2);
}

}  // namespace
}  // namespace mc::sso::testing
