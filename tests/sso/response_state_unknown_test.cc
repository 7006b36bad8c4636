// RFC 9700 section 4.7: a state that was not given out begins nothing. (FAPI2 invalid-state.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: response state unknown") {
  Expect({
      {"invented", "state_unknown",
       [](Scene& s) { s.bring = [](Callback&, Form& form) { form[1].second = "invented"; }; }},
      {"with a suffix", "state_unknown",
       [](Scene& s) { s.bring = [](Callback&, Form& form) { form[1].second += "x"; }; }},
      {"shortened", "state_unknown",
       [](Scene& s) { s.bring = [](Callback&, Form& form) { form[1].second.pop_back(); }; }},
      {"with a space", "state_unknown",
       [](Scene& s) { s.bring = [](Callback&, Form& form) { form[1].second += " "; }; }},
  });
}

}  // namespace mc::sso::testing
