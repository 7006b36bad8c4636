// A code has at most 4 KB: at the limit it is sent, one past it is not.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: response code too long") {
  Expect({
      {"at the limit", "",
       [](Scene& s) { s.bring = [](Callback&, Form& form) { form[0].second = std::string(kCodeLimitBytes, 'c'); }; }},
      {"one past it", "callback_malformed",
       [](Scene& s) {
         s.bring = [](Callback&, Form& form) { form[0].second = std::string(kCodeLimitBytes + 1, 'c'); };
       }},
  });
}

}  // namespace mc::sso::testing
