// RFC 7515 section 2: base64url without padding, in its one form.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: jose encoding") {
  const auto edit = [](std::function<std::string(std::string)> how) { return [how](Scene& s) { s.edit_token = how; }; };
  const auto other_last = [](std::string t) {
    // 256 bytes end in a character with four unused bits.
    const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    t.back() = alphabet[alphabet.find(t.back()) | 1];
    return t;
  };
  Expect({
      {"padding", "jwt_malformed", edit([](std::string t) { return t + "=="; })},
      {"padding of the header", "jwt_malformed", edit([](std::string t) { return t.insert(t.find('.'), "="); })},
      {"the standard alphabet", "jwt_malformed", edit([](std::string t) {
         t[t.rfind('.') + 3] = '+';
         return t;
       })},
      {"a slash", "jwt_malformed", edit([](std::string t) {
         t[t.rfind('.') + 3] = '/';
         return t;
       })},
      {"a space before", "jwt_malformed", edit([](std::string t) { return " " + t; })},
      {"a space inside", "jwt_malformed", edit([](std::string t) { return t.insert(t.rfind('.') + 4, " "); })},
      {"other unused bits", "jwt_malformed", edit(other_last)},
      {"one past its limit of length", "jwt_malformed",
       edit([](std::string t) { return t + std::string(kJwtLimitBytes + 1 - t.size(), 'A'); })},
      {"at its limit of length, signed otherwise", "signature_bad", edit([](std::string t) {
         return t + std::string(kJwtLimitBytes - t.size() - (kJwtLimitBytes - t.rfind('.') - 1) % 4, 'A');
       })},
  });
}

}  // namespace mc::sso::testing
