// The answer in the browser: ours, once, of this browser, with a code that opens.
#include "tests/sso/encrypted_support.h"

namespace mc::sso::testing {

TEST_CASE("attack: encrypted callback") {
  const auto with = [](const char* more) {
    return [=](EncryptedScene& s) { s.edit_query = [=](std::string q) { return q + more; }; };
  };
  ExpectEncrypted({
      {"encrypt_key that opens nothing", "callback_malformed", with("&encrypt_key=AAAA")},
      {"encrypt_key empty", "callback_malformed", with("&encrypt_key=")},
      {"encrypt_key not base64", "callback_malformed", with("&encrypt_key=***")},
      {"encrypt_key twice", "callback_duplicate", with("&encrypt_key=AAAA&encrypt_key=AAAA")},
      {"code twice", "callback_duplicate", with("&code=other")},
      {"error beside the code", "response_mixed", with("&error=access_denied")},
      {"a sealed code under another's key", "callback_malformed",
       [](EncryptedScene& s) {
         s.seals_code = true;
         s.edit_query = [](std::string q) {
           q.resize(q.find("&encrypt_key="));
           return q + "&encrypt_key=" + ToBase64(TestKey::OtherRsa().Wrap(std::string(32, 'k')));
         };
       }},
      {"a sealed code that is empty", "callback_malformed",
       [](EncryptedScene& s) {
         s.code = "";
         s.seals_code = true;
       }},
      {"a sealed code with a line break", "callback_malformed",
       [](EncryptedScene& s) {
         s.code = "a\r\nb";
         s.seals_code = true;
       }},
      {"a sealed code of 4,097 bytes", "callback_malformed",
       [](EncryptedScene& s) {
         s.code = std::string(4'097, 'c');
         s.seals_code = true;
       }},
      {"another browser", "state_other_browser", [](EncryptedScene& s) { s.browser_secret = std::string(43, 'A'); }},
      {"no state", "state_missing",
       [](EncryptedScene& s) { s.edit_query = [](std::string q) { return q.substr(0, q.find("&state=")); }; }},
      {"unknown state", "state_unknown",
       [](EncryptedScene& s) {
         s.edit_query = [](std::string q) { return q.replace(q.find("state=") + 6, 3, "AAA"); };
       }},
  });
}

TEST_CASE("attack: encrypted callback replayed") {
  EncryptedScene s;
  CHECK(s.Play() == "");
  const auto again = s.Again();
  REQUIRE_FALSE(again.ok());
  CHECK(again.error() == RefusalReason::kStateUnknown);
  CHECK(s.token_calls == 1);
}

}  // namespace mc::sso::testing
