// RFC 7519 section 7.2: the payload is one object in UTF-8, bounded in depth.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims not an object") {
  const auto raw = [](std::string text) { return [text](Scene& s) { s.raw_payload = text; }; };
  Expect({
      {"a list", "jwt_payload", raw("[]")},
      {"a text", "jwt_payload", raw(R"("sub")")},
      {"a number", "jwt_payload", raw("1")},
      {"no JSON", "jwt_payload", raw("{sub:1}")},
      {"two objects", "jwt_payload", raw("{}{}")},
      {"not UTF-8", "jwt_payload",
       [](Scene& s) { s.change = [](Scene& t) { t.claims.more = ",\"x\":\"\xC3\x28\""; }; }},
      {"UTF-16", "jwt_payload", raw(std::string("\xFF\xFE{\0}\0", 6))},
      {"too deep", "jwt_payload",
       [](Scene& s) {
         s.change = [](Scene& t) { t.claims.more = ",\"x\":" + std::string(16, '[') + std::string(16, ']'); };
       }},
      {"as deep as allowed", "",
       [](Scene& s) {
         s.change = [](Scene& t) { t.claims.more = ",\"x\":" + std::string(15, '[') + std::string(15, ']'); };
       }},
      {"a comment", "jwt_payload", [](Scene& s) { s.change = [](Scene& t) { t.claims.more = "/**/"; }; }},
  });
}

}  // namespace mc::sso::testing
