// RFC 9700 section 2.1.1: S256 always, "plain" never; a provider without S256 is not begun with.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: response pkce downgrade") {
  CHECK(DiscoveryFate({}, [](Document& said) { said.Set("code_challenge_methods_supported", R"(["plain"])"); }) ==
        "discovery_unsupported");
  CHECK(DiscoveryFate({}, [](Document& said) { said.Drop("code_challenge_methods_supported"); }) ==
        "discovery_unsupported");
  CHECK(DiscoveryFate({}, [](Document& said) { said.Set("code_challenge_methods_supported", R"("S256")"); }) ==
        "discovery_unsupported");
  CHECK(DiscoveryFate({}, {}) == "");
  Scene scene;
  const auto begun = scene.Party().Begin({});
  REQUIRE(begun.ok());
  CHECK(begun->url.find("code_challenge_method=S256") != std::string::npos);
  CHECK(begun->url.find("plain") == std::string::npos);
  CHECK(begun->url.find(begun->pending.verifier) == std::string::npos);
}

}  // namespace mc::sso::testing
