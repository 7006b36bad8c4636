// Discovery fills and never changes what is pinned.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: discovery contradicts pinned") {
  const auto pin = [](std::string Endpoints::*which, const char* at) {
    return [=](ProviderProfile& profile) { profile.endpoints.*which = std::string(kIssuer) + at; };
  };
  CHECK(DiscoveryFate(pin(&Endpoints::token, "/token"), {}) == "");
  CHECK(DiscoveryFate(pin(&Endpoints::token, "/token2"), {}) == "discovery_pinned");
  CHECK(DiscoveryFate(pin(&Endpoints::authorization, "/authorize2"), {}) == "discovery_pinned");
  CHECK(DiscoveryFate(pin(&Endpoints::userinfo, "/userinfo2"), {}) == "discovery_pinned");
  CHECK(DiscoveryFate(pin(&Endpoints::jwks, "/keys2"), {}) == "discovery_pinned");
  CHECK(DiscoveryFate(pin(&Endpoints::end_session, "/logout2"), {}) == "discovery_pinned");
  // Not said at all: what is pinned stays.
  CHECK(DiscoveryFate(pin(&Endpoints::token, "/token2"), [](Document& said) { said.Drop("token_endpoint"); }) == "");
  // The algorithm is pinned too: a provider that offers others only is not signed in with.
  CHECK(DiscoveryFate([](ProviderProfile& p) { p.algorithm = SignatureAlgorithm::kPs256; }, {}) ==
        "discovery_unsupported");
  Scene scene;
  scene.profile.endpoints = {};
  const auto provider = MakeProvider(scene.profile, scene.settings);
  const auto ready =
      CheckDiscoveryResponse(*provider, HttpResponse{200, {{"content-type", "application/json"}}, DiscoveryText({})});
  REQUIRE(ready.ok());
  CHECK(ready->endpoints().token == "https://op.example/token");
  CHECK((*ready)->profile.issuer == kIssuer);
}

}  // namespace mc::sso::testing
