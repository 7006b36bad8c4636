// Section 2.6 step 8: a logout token serves once.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: logout replayed") {
  ExpectLogout({
      {"no jti", "logout_token_id", [](LogoutScene& l) { l.claims.Drop("jti"); }},
      {"jti a number", "logout_token_id", [](LogoutScene& l) { l.claims.Set("jti", "1"); }},
      {"jti empty", "logout_token_id", [](LogoutScene& l) { l.claims.Set("jti", R"("")"); }},
      {"one past its limit", "logout_token_id",
       [](LogoutScene& l) { l.claims.Set("jti", Quoted(std::string(kTokenIdLimitBytes + 1, 'j'))); }},
      {"at its limit", "", [](LogoutScene& l) { l.claims.Set("jti", Quoted(std::string(kTokenIdLimitBytes, 'j'))); }},
  });
  LogoutScene logout;
  CHECK(logout.Send() == "");
  CHECK(logout.Send() == "logout_replayed");
  CHECK(logout.status == 400);
  // One that was refused has not used up its name.
  LogoutScene other;
  other.claims.Set("jti", R"("logout-2")");
  other.claims.Set("aud", R"("x")");
  CHECK(other.Send() == "claim_aud");
  other.claims.Set("aud", R"("our-client")");
  CHECK(other.Send() == "");
  // Remembered for as long as it could pass, whatever the skew.
  LogoutTokens tokens;
  const Instant start = ParseInstant(kNow).value();
  CHECK(tokens.Take("i", "j", start));
  CHECK(tokens.Take("other", "j", start));
  CHECK_FALSE(tokens.Take("i", "j", {start.micros + (kLogoutAgeMostSecs + 2 * kClockSkewMostSecs) * kMicrosPerSecond}));
  CHECK(tokens.Take("i", "j", {start.micros + (kLogoutAgeMostSecs + 2 * kClockSkewMostSecs) * kMicrosPerSecond + 1}));
}

}  // namespace mc::sso::testing
