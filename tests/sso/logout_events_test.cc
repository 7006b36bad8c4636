// Section 2.4: it says that it is about a logout. (no-event, wrong-event.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: logout events") {
  const auto events = [](const char* json) { return [json](LogoutScene& l) { l.claims.Set("events", json); }; };
  ExpectLogout({
      {"absent", "logout_events", [](LogoutScene& l) { l.claims.Drop("events"); }},
      {"another", "logout_events", events(R"({"http://schemas.openid.net/event/other":{}})")},
      {"empty", "logout_events", events("{}")},
      {"a list", "logout_events", events(R"(["http://schemas.openid.net/event/backchannel-logout"])")},
      {"a text", "logout_events", events(R"("http://schemas.openid.net/event/backchannel-logout")")},
      {"its value no object", "logout_events",
       events(R"({"http://schemas.openid.net/event/backchannel-logout":true})")},
      {"others beside it", "", events(R"({"x":1,"http://schemas.openid.net/event/backchannel-logout":{"y":1}})")},
  });
}

}  // namespace mc::sso::testing
