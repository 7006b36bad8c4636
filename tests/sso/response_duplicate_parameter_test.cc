// RFC 6749 section 3.1: no parameter twice, in either order.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: response duplicate parameter") {
  const auto twice = [](const char* name, const char* value, bool first) {
    return [=](Scene& s) {
      s.bring = [=](Callback&, Form& form) { form.emplace(first ? form.begin() : form.end(), name, value); };
    };
  };
  Expect({
      {"code before", "callback_duplicate", twice("code", "evil", true)},
      {"code behind", "callback_duplicate", twice("code", "evil", false)},
      {"the same code", "callback_duplicate", twice("code", "the-code", false)},
      {"iss before", "callback_duplicate", twice("iss", "https://evil.example", true)},
      {"iss behind", "callback_duplicate", twice("iss", "https://evil.example", false)},
      {"state before", "callback_duplicate", twice("state", "evil", true)},
      {"state behind", "callback_duplicate", twice("state", "evil", false)},
      {"error twice", "callback_duplicate",
       [](Scene& s) {
         s.bring = [](Callback&, Form& form) {
           form[0].first = "error";
           form.emplace_back("error", "x");
         };
       }},
      {"an unknown one", "callback_duplicate",
       [](Scene& s) {
         s.bring = [](Callback&, Form& form) {
           form.emplace_back("x", "1");
           form.emplace_back("x", "1");
         };
       }},
      {"escaped", "callback_duplicate",
       [](Scene& s) { s.bring = [](Callback& c, Form& form) { c.query = FormText(form) + "&c%6Fde=evil"; }; }},
  });
}

}  // namespace mc::sso::testing
