// An address that is filled in is of the provider's own origin, and https.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: discovery other host") {
  for (const char* name :
       {"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint"}) {
    const auto fate = [name](const char* json) {
      return DiscoveryFate({}, [=](Document& said) { said.Set(name, json); });
    };
    CAPTURE(name);
    CHECK(fate(R"("https://evil.example/x")") == "discovery_endpoint");
    CHECK(fate(R"("http://op.example/x")") == "discovery_endpoint");
    CHECK(fate(R"("https://op.example:8443/x")") == "discovery_endpoint");
    CHECK(fate(R"("https://op.example@evil.example/x")") == "discovery_endpoint");
    CHECK(fate(R"("https://op.example.evil.example/x")") == "discovery_endpoint");
    CHECK(fate(R"("https://op.example\\@evil.example/x")") == "discovery_endpoint");
    CHECK(fate(R"("file:///etc/passwd")") == "discovery_endpoint");
    CHECK(fate(R"("/x")") == "discovery_endpoint");
    CHECK(fate("1") == "discovery_malformed");
    CHECK(fate(R"("")") == "discovery_malformed");
    CHECK(fate(R"("https://op.example/x")") == "");
  }
}

}  // namespace mc::sso::testing
