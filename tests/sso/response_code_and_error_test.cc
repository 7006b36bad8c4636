// An answer is a success or a failure; RFC 6749 sections 4.1.2 and 4.1.2.1.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: response code and error") {
  Expect({
      {"both", "response_mixed",
       [](Scene& s) { s.bring = [](Callback&, Form& form) { form.emplace_back("error", "access_denied"); }; }},
      {"both, the error empty", "response_mixed",
       [](Scene& s) { s.bring = [](Callback&, Form& form) { form.emplace_back("error", ""); }; }},
      {"none of both", "response_mixed",
       [](Scene& s) { s.bring = [](Callback&, Form& form) { form.erase(form.begin()); }; }},
      {"an empty code", "callback_malformed",
       [](Scene& s) { s.bring = [](Callback&, Form& form) { form[0].second = ""; }; }},
  });
}

}  // namespace mc::sso::testing
