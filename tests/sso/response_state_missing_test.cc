// RFC 6749 section 10.12: an answer without our state is somebody else's.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: response state missing") {
  Expect({
      {"none", "state_missing",
       [](Scene& s) {
         s.bring = [](Callback&, Form& form) { std::erase_if(form, [](auto& p) { return p.first == "state"; }); };
       }},
      {"empty", "state_missing", [](Scene& s) { s.bring = [](Callback&, Form& form) { form[1].second = ""; }; }},
      {"under another name", "state_missing",
       [](Scene& s) { s.bring = [](Callback&, Form& form) { form[1].first = "State"; }; }},
  });
}

}  // namespace mc::sso::testing
