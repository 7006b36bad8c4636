// RFC 9700 section 4.7.1: the state of another browser's sign-in (login CSRF, code injection).
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: response state other browser") {
  Expect({
      {"no cookie", "state_other_browser",
       [](Scene& s) { s.bring = [](Callback& c, Form&) { c.browser_secret = ""; }; }},
      {"another cookie", "state_other_browser",
       [](Scene& s) { s.bring = [](Callback& c, Form&) { c.browser_secret = "invented"; }; }},
      {"the state as cookie", "state_other_browser",
       [](Scene& s) { s.bring = [](Callback& c, Form& form) { c.browser_secret = form[1].second; }; }},
      {"another sign-in's cookie", "state_other_browser",
       [](Scene& s) {
         s.meanwhile = [](Scene& scene) {
           const std::string other = scene.Party().Begin({})->browser_secret;
           scene.bring = [other](Callback& c, Form&) { c.browser_secret = other; };
         };
       }},
  });
}

}  // namespace mc::sso::testing
