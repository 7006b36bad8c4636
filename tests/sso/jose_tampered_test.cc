// A signature is of these very bytes.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: jose tampered") {
  Expect({
      {"a flipped bit", "signature_bad",
       [](Scene& s) {
         s.edit_token = [](std::string t) {
           const auto at = t.rfind('.') + 7;
           t[at] = t[at] == 'A' ? 'B' : 'A';
           return t;
         };
       }},
      {"empty", "signature_bad",
       [](Scene& s) { s.edit_token = [](std::string t) { return t.substr(0, t.rfind('.') + 1); }; }},
      {"other claims", "signature_bad",
       [](Scene& s) {
         s.edit_token = [](std::string t) {
           const auto first = t.find('.'), last = t.rfind('.');
           std::string claims = Unb64(t.substr(first + 1, last - first - 1));
           claims.replace(claims.find("subject-7f3a"), 12, "subject-evil");
           return t.substr(0, first + 1) + B64(claims) + t.substr(last);
         };
       }},
      {"another header", "signature_bad",
       [](Scene& s) {
         s.edit_token = [](std::string t) { return B64(R"({"kid":"rsa-1","alg":"RS256"})") + t.substr(t.find('.')); };
       }},
      {"all zeros", "signature_bad",
       [](Scene& s) {
         s.edit_token = [](std::string t) { return t.substr(0, t.rfind('.') + 1) + B64(std::string(256, '\0')); };
       }},
  });
}

}  // namespace mc::sso::testing
