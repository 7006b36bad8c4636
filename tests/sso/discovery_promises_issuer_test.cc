// RFC 9207 section 3: a provider that says it names its issuer must do so; saying nothing lets nobody off.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: discovery promises issuer") {
  Scene scene;
  const auto ready_with = [&](bool pinned, const char* json) {
    ProviderProfile profile = scene.profile;
    profile.names_issuer = pinned;
    const auto provider = MakeProvider(profile, scene.settings);
    const std::string text = DiscoveryText([&](Document& said) {
      if (json) said.Set("authorization_response_iss_parameter_supported", json);
    });
    const auto ready =
        CheckDiscoveryResponse(*provider, HttpResponse{200, {{"content-type", "application/json"}}, text});
    REQUIRE(ready.ok());
    return (*ready)->profile.names_issuer;
  };
  CHECK(ready_with(false, "true"));
  CHECK_FALSE(ready_with(false, "false"));
  CHECK_FALSE(ready_with(false, nullptr));
  CHECK(ready_with(true, "false"));
  CHECK(ready_with(true, nullptr));
}

}  // namespace mc::sso::testing
