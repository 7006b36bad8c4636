// Who it is stands in userinfo alone: a person's number, of the level that is asked for.
#include "tests/sso/encrypted_support.h"

namespace mc::sso::testing {

TEST_CASE("attack: encrypted userinfo") {
  const auto number = [](const char* json) { return [=](EncryptedScene& s) { s.userinfo.Set("citizenPid", json); }; };
  const auto level = [](const char* json) {
    return [=](EncryptedScene& s) {
      s.settings.least_level = "2";
      json ? s.userinfo.Set("accountLevel", json) : s.userinfo.Drop("accountLevel");
    };
  };
  ExpectEncrypted(
      {
          {"no number", "identity_missing", [](EncryptedScene& s) { s.userinfo.Drop("citizenPid"); }},
          {"11 digits", "identity_malformed", number(R"("00108501234")")},
          {"letters", "identity_malformed", number(R"("00108501234x")")},
          {"null", "identity_malformed", number("null")},
          {"a list", "identity_malformed", number(R"(["001085012345"])")},
          {"number twice", "userinfo_malformed",
           [](EncryptedScene& s) { s.userinfo.more = R"(,"citizenPid":"001085099999")"; }},
          {"level too low", "claim_acr", level("1")},
          {"level unknown", "claim_acr", level("3")},
          {"level missing", "claim_acr", level(nullptr)},
          {"level a list", "claim_acr", level("[2]")},
          {"500 with a good body", "userinfo_status",
           [](EncryptedScene& s) {
             s.edit_userinfo_answer = [](Result<HttpResponse>& a) { a = HttpResponse{500, a->headers, a->body}; };
           }},
          {"not sealed", "userinfo_malformed",
           [](EncryptedScene& s) {
             s.edit_userinfo_answer = [](Result<HttpResponse>& a) {
               a = HttpResponse{200, a->headers, R"({"citizenPid":"001085012345","accountLevel":2})"};
             };
           }},
          {"nobody there", "userinfo_unreachable",
           [](EncryptedScene& s) {
             s.edit_userinfo_answer = [](Result<HttpResponse>& a) { a = TransientError("timeout", "nobody"); };
           }},
      },
      Userinfo::kCalled);
}

}  // namespace mc::sso::testing
