// Two cookies of our name: whose would it be? None is taken. What we set cannot be set by another host or path.
#include "tests/sso/session_support.h"

namespace mc::sso::testing {

TEST_CASE("attack: two session cookies") {
  const std::string one = "__Host-minhchung=" + std::string(43, 'A');
  const auto found = CookieNamed("a=1; " + one + "; b=2", kSessionCookie);
  REQUIRE(found.ok());
  CHECK(**found == std::string(43, 'A'));
  CHECK_FALSE(CookieNamed(one + "; __Host-minhchung=" + std::string(43, 'B'), kSessionCookie).ok());
  CHECK_FALSE(CookieNamed(one + "; " + one, kSessionCookie).ok());
  const auto none = CookieNamed("minhchung=x; __Host-minhchung-sign-in=y", kSessionCookie);
  REQUIRE(none.ok());
  CHECK_FALSE(none->has_value());
}

TEST_CASE("our cookies are for this host, over TLS, and out of a script's reach") {
  CHECK(SetSessionCookie("V") == "__Host-minhchung=V; Path=/; Secure; HttpOnly; SameSite=Lax");
  CHECK(ClearSessionCookie() == "__Host-minhchung=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
  CHECK(SetSignInCookie("V", false) ==
        "__Host-minhchung-sign-in=V; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600");
  CHECK(SetSignInCookie("V", true) ==
        "__Host-minhchung-sign-in=V; Path=/; Secure; HttpOnly; SameSite=None; Max-Age=600");
  CHECK(ClearSignInCookie() == "__Host-minhchung-sign-in=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
}

}  // namespace mc::sso::testing
