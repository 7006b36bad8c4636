// Back-Channel Logout section 2.7: by sid that session, by sub alone all of that person, unknown ones have no effect;
// an order that comes before the sign-in ends is remembered.
#include "tests/sso/session_support.h"

namespace mc::sso::testing {
namespace {

// Orders a logout with claims edited, by way of a whole logout token.
void Order(SessionScene& s, const std::function<void(LogoutScene&)>& edit) {
  LogoutScene l;
  l.scene.clock.Set(s.harness.clock.Now());
  const std::int64_t now = s.harness.clock.Now().micros / kMicrosPerSecond;
  l.claims.Set("iat", std::to_string(now));
  l.claims.Set("exp", std::to_string(now + 60));
  edit(l);
  REQUIRE(l.Send() == "");
  test::Must(s.gateway.sessions.EndOrdered(*l.order));
}

}  // namespace

TEST_CASE("attack: a session goes on after its provider ended it") {
  SessionScene s;
  s.scene.Claim("sid", R"("first")");
  const std::string first = s.SignIn();
  s.scene.Claim("sid", R"("second")");
  const std::string second = s.SignIn(), third = s.SignIn("p-2");
  Order(s, [](LogoutScene& l) { l.claims.Set("sid", R"("unknown")"); });
  CHECK(s.Admits(first));
  Order(s, [](LogoutScene& l) { l.claims.Set("sid", R"("first")"); });
  CHECK_FALSE(s.Admits(first));
  CHECK(s.Admits(second));
  Order(s, [](LogoutScene& l) {
    l.claims.Drop("sid");
    l.claims.Set("sub", R"("somebody else")");
  });
  CHECK(s.Admits(second));
  Order(s, [](LogoutScene& l) { l.claims.Drop("sid"); });
  CHECK_FALSE(s.Admits(second));
  CHECK_FALSE(s.Admits(third));
}

TEST_CASE("attack: a sign-in that ends after its logout came") {
  for (const bool by_subject : {false, true}) {
    CAPTURE(by_subject);
    SessionScene s;
    const std::string old = s.SignIn();
    CHECK(s.scene.Play() == "");
    s.Later(119);
    Order(s, [&](LogoutScene& l) {
      if (by_subject) l.claims.Drop("sid");
    });
    CHECK(s.BeginAfterPlay("p-1", old) == "");
    CHECK_FALSE(s.Admits(old));
    // Later the person signs in anew: another session of the provider's.
    s.Later(1);
    s.scene.Claim("sid", R"("the next one")");
    CHECK(s.SignIn() != "");
  }
}

}  // namespace mc::sso::testing
