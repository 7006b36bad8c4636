// What a safe sign-in needs, and the way of ours to authenticate.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: discovery unsupported") {
  const auto fate = [](const char* name, const char* json) {
    return DiscoveryFate({}, [=](Document& said) { said.Set(name, json); });
  };
  CHECK(fate("response_types_supported", R"(["id_token"])") == "discovery_unsupported");
  CHECK(fate("response_types_supported", R"("code")") == "discovery_unsupported");
  CHECK(fate("id_token_signing_alg_values_supported", R"(["none","HS256"])") == "discovery_unsupported");
  CHECK(fate("token_endpoint_auth_methods_supported", R"(["private_key_jwt"])") == "discovery_unsupported");
  CHECK(fate("token_endpoint_auth_methods_supported", R"(["client_secret_basic"])") == "");
  CHECK(fate("response_modes_supported", R"(["fragment"])") == "discovery_unsupported");
  CHECK(fate("response_modes_supported", R"(["query"])") == "");
  CHECK(DiscoveryFate([](ProviderProfile& p) { p.client_auth = ClientAuth::kPost; }, {}) == "discovery_unsupported");
  CHECK(DiscoveryFate([](ProviderProfile& p) { p.response_mode = ResponseMode::kFormPost; }, {}) ==
        "discovery_unsupported");
}

}  // namespace mc::sso::testing
