// Discovery section 4.3: of the configured issuer, exactly. (discovery-issuer-mismatch, also FAPI2's.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: discovery issuer mismatch") {
  const auto fate = [](const char* json) {
    return DiscoveryFate({}, [json](Document& said) { said.Set("issuer", json); });
  };
  CHECK(fate(R"("https://evil.example")") == "discovery_issuer");
  CHECK(fate(R"("https://op.example/")") == "discovery_issuer");
  CHECK(fate(R"("https://OP.example")") == "discovery_issuer");
  CHECK(fate(R"(["https://op.example"])") == "discovery_issuer");
  CHECK(fate("null") == "discovery_issuer");
  CHECK(DiscoveryFate({}, [](Document& said) { said.Drop("issuer"); }) == "discovery_issuer");
  CHECK(fate(R"("https://op.example")") == "");
}

}  // namespace mc::sso::testing
