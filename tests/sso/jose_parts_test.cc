// RFC 7515 section 7.1: three parts. Five would be encryption, which may hide an unsigned token (pac4j 2026-29000).
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: jose parts") {
  const auto edit = [](std::function<std::string(std::string)> how) { return [how](Scene& s) { s.edit_token = how; }; };
  Expect({
      {"one", "jwt_malformed", edit([](std::string t) { return t.substr(0, t.find('.')); })},
      {"two", "jwt_malformed", edit([](std::string t) { return t.substr(0, t.rfind('.')); })},
      {"four", "jwt_malformed", edit([](std::string t) { return t + ".AAAA"; })},
      {"five", "jwt_malformed", edit([](std::string t) { return t + ".AAAA.AAAA"; })},
      {"an empty header", "jwt_malformed", edit([](std::string t) { return t.substr(t.find('.')); })},
      {"an empty payload", "jwt_malformed",
       edit([](std::string t) { return t.substr(0, t.find('.') + 1) + t.substr(t.rfind('.')); })},
      {"a point more", "jwt_malformed", edit([](std::string t) { return t + "."; })},
  });
}

}  // namespace mc::sso::testing
