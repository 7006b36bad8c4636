// What cannot be read one way is not read (RFC 3986 section 2.1, no control characters).
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: response malformed query") {
  const auto query = [](const char* tail) {
    return [tail](Scene& s) { s.bring = [tail](Callback& c, Form& form) { c.query = FormText(form) + tail; }; };
  };
  Expect({
      {"half an escape", "callback_malformed", query("&x=%4")},
      {"no escape", "callback_malformed", query("&x=%zz")},
      {"NUL", "callback_malformed", query("&x=%00")},
      {"CR LF", "callback_malformed", query("&x=%0d%0aSet-Cookie:a=b")},
      {"not UTF-8", "callback_malformed", query("&x=%ff")},
      {"too long", "callback_malformed",
       [](Scene& s) {
         s.bring = [](Callback& c, Form& form) {
           c.query = FormText(form) + "&x=" + std::string(kFormLimitBytes, 'x');
         };
       }},
      {"unknown parameters are passed over", "", query("&session_state=a.b&x=")},
  });
}

}  // namespace mc::sso::testing
