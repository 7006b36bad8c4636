// Goal: an honest sign-in by VNeID's exchange ends with a person, in every form that public clients show.
#include "tests/sso/encrypted_support.h"

namespace mc::sso::testing {

TEST_CASE("vneid: what must be accepted") {
  ExpectEncrypted({
      {"plain code with a plus", "", [](EncryptedScene&) {}},
      {"sealed code", "", [](EncryptedScene& s) { s.seals_code = true; }},
      {"AES of 128 bits", "", [](EncryptedScene& s) { s.aes_key = std::string(16, 'k'); }},
      {"AES of 192 bits", "", [](EncryptedScene& s) { s.aes_key = std::string(24, 'k'); }},
      {"escaped code", "",
       [](EncryptedScene& s) {
         s.edit_query = [](std::string q) {
           return q.replace(q.find("a+code/with=marks"), 17, "a%2Bcode%2Fwith%3Dmarks");
         };
       }},
      {"level as a text", "", [](EncryptedScene& s) { s.userinfo.Set("accountLevel", R"("2")"); }},
      {"level asked for and reached", "", [](EncryptedScene& s) { s.settings.least_level = "2"; }},
      {"small letters", "", [](EncryptedScene& s) { s.token.Set("token_type", R"("bearer")"); }},
      {"more members", "", [](EncryptedScene& s) { s.userinfo.Set("birthDate", R"("19850101")"); }},
  });
}

TEST_CASE("vneid: an identity carries what was proven") {
  EncryptedScene s;
  s.wish.return_path = "/my-score";
  CHECK(s.Play() == "");
  CHECK(s.identity->provider() == "vneid");
  CHECK(s.identity->issuer() == "https://vneid.example");
  CHECK(s.identity->person_hmac() == ToHex(HmacSha256(kPersonKey, kNumber)));
  CHECK(s.identity->subject() == s.identity->person_hmac());
  CHECK(s.identity->level() == "2");
  CHECK(s.identity->id_token() == "");
  CHECK(s.identity->session_id() == "");
  CHECK(s.identity->return_path() == "/my-score");
  CHECK(s.identity->sign_in_begun_at() == s.clock.Now());
}

TEST_CASE("vneid: what the exchange cannot give is not asked for, and said aloud") {
  EncryptedScene s;
  CHECK(s.Party().Begin({"", 0, ""}).error().code == "bad_wish");
  LogoutRequest order{"POST", "application/x-www-form-urlencoded", "", "logout_token=a.b.c"};
  struct NoCalls final : HttpClient {
    Result<HttpResponse> Send(const HttpRequest&) override { return TransientError("connect_refused", "nobody"); }
  } http;
  const auto refused = s.Party().TakeLogout(order, http);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error() == RefusalReason::kLogoutRequest);
  const auto found = RelaxationsOf({*s.Party().provider()});
  REQUIRE(found.size() == 1);
  CHECK(found[0].relaxation == "encrypted_oauth2");
}

TEST_CASE("vneid: profiles and keys that do not fit") {
  const auto said = [](const std::function<void(EncryptedScene&)>& edit) {
    EncryptedScene s;
    edit(s);
    const auto made = MakeProvider(s.profile, s.settings);
    return made.ok() ? std::string() : made.error().message;
  };
  CHECK(said([](EncryptedScene&) {}) == "");
  const std::function<void(EncryptedScene&)> unfit[] = {
      [](EncryptedScene& s) { s.profile.discovery = true; },
      [](EncryptedScene& s) { s.profile.client_auth = ClientAuth::kBasic; },
      [](EncryptedScene& s) { s.profile.response_mode = ResponseMode::kFormPost; },
      [](EncryptedScene& s) { s.profile.names_issuer = true; },
      [](EncryptedScene& s) { s.profile.person.from = ClaimSource::kIdToken; },
      [](EncryptedScene& s) { s.profile.level.from = ClaimSource::kIdToken; }};
  for (const auto& edit : unfit) CHECK(said(edit).find("client_secret_post") != std::string::npos);
  for (const std::string& key : {std::string(), std::string("no key"), TestKey::Rsa().Pem(), TestKey::Ec().PrivatePem(),
                                 TestKey::RsaOf(1024).PrivatePem(), TestKey::RsaOf(2047).PrivatePem()}) {
    const std::string message = said([&](EncryptedScene& s) { s.settings.private_key = key; });
    CHECK(message.find(key.empty() ? "private_key is missing" : "private_key must be an RSA key") != std::string::npos);
    CHECK((key.empty() || message.find(key) == std::string::npos));
  }
}

}  // namespace mc::sso::testing
