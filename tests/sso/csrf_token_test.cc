// A write carries a token that only this session's pages hold.
#include "tests/sso/session_support.h"

namespace mc::sso::testing {

TEST_CASE("attack: csrf token of another session, cut or made up") {
  const std::string cookie(43, 'A'), other(43, 'B');
  const std::string token = CsrfToken(cookie);
  CHECK(token.size() == 43);
  CHECK(IsCsrfToken(cookie, token));
  CHECK_FALSE(IsCsrfToken(other, token));
  CHECK_FALSE(IsCsrfToken(cookie, ""));
  CHECK_FALSE(IsCsrfToken(cookie, token.substr(1)));
  CHECK_FALSE(IsCsrfToken(cookie, token + "A"));
  CHECK_FALSE(IsCsrfToken(cookie, cookie));
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    CHECK_FALSE(IsCsrfToken(cookie, changed));
  }
  CHECK(token.find(cookie) == token.npos);
}

}  // namespace mc::sso::testing
