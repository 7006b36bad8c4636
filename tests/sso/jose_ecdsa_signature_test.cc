// RFC 7518 section 3.4: 64 bytes, both numbers within the order (CVE-2022-21449; a long one overflowed a proxy's
// heap).
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: jose ecdsa signature") {
  const auto signature = [](std::function<std::string(std::string raw)> how) {
    return [how](Scene& s) {
      s.Es256();
      s.edit_token = [how](std::string t) {
        return t.substr(0, t.rfind('.') + 1) + B64(how(Unb64(t.substr(t.rfind('.') + 1))));
      };
    };
  };
  const std::string zero(32, '\0'), order = Unb64("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE");
  Expect({
      {"as it is", "", signature([](std::string raw) { return raw; })},
      {"zero, zero", "signature_bad", signature([=](std::string) { return zero + zero; })},
      {"zero r", "signature_bad", signature([=](std::string raw) { return zero + raw.substr(32); })},
      {"zero s", "signature_bad", signature([=](std::string raw) { return raw.substr(0, 32) + zero; })},
      {"r the order", "signature_bad", signature([=](std::string raw) { return order + raw.substr(32); })},
      {"s the order", "signature_bad", signature([=](std::string raw) { return raw.substr(0, 32) + order; })},
      {"63 bytes", "signature_bad", signature([](std::string raw) { return raw.substr(0, 63); })},
      {"65 bytes", "signature_bad", signature([](std::string raw) { return raw + '\0'; })},
      {"11 KB", "signature_bad", signature([](std::string) { return std::string(11'000, 'x'); })},
      {"22 KB", "jwt_malformed", signature([](std::string) { return std::string(22'000, 'x'); })},
      {"DER", "signature_bad",
       [](Scene& s) {
         s.Es256();
         s.edit_token = [](std::string t) {
           const std::string input = t.substr(0, t.rfind('.'));
           return input + "." + B64(TestKey::Ec().Sign("ES256-DER", input));
         };
       }},
  });
}

}  // namespace mc::sso::testing
