// One JSON object, 200, within its limit; a redirect is not followed.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: discovery malformed") {
  const auto fate = [](std::function<void(HttpResponse&)> edit) { return DiscoveryFate({}, {}, edit); };
  CHECK(fate([](HttpResponse& r) { r.body = "<html>"; }) == "discovery_malformed");
  CHECK(fate([](HttpResponse& r) { r.body = "[]"; }) == "discovery_malformed");
  CHECK(fate([](HttpResponse& r) { r.body.insert(1, R"("issuer":"https://evil.example",)"); }) ==
        "discovery_malformed");
  CHECK(fate([](HttpResponse& r) { r.headers["content-type"] = "text/html"; }) == "discovery_malformed");
  CHECK(fate([](HttpResponse& r) { r.body.resize(kDiscoveryLimitBytes + 1, ' '); }) == "discovery_malformed");
  CHECK(fate([](HttpResponse& r) { r.body.resize(kDiscoveryLimitBytes, ' '); }) == "");
  for (const int status : {201, 301, 302, 307, 404, 500})
    CHECK(fate([=](HttpResponse& r) { r.status = status; }) == "discovery_unreachable");
  for (const char* name : {"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"}) {
    CAPTURE(name);
    CHECK(DiscoveryFate({}, [name](Document& said) { said.Drop(name); }) == "discovery_malformed");
  }
  CHECK(DiscoveryFate({}, [](Document& said) { said.Drop("end_session_endpoint"); }) == "");
  const auto provider = MakeProvider(Scene().profile, Scene().settings);
  for (const auto& [code, reason] :
       {std::pair{"timeout", "discovery_unreachable"}, std::pair{"body_too_large", "discovery_malformed"}}) {
    const auto lost = CheckDiscoveryResponse(*provider, TransientError(code, "no answer"));
    REQUIRE_FALSE(lost.ok());
    CHECK(std::string(Code(lost.error())) == reason);
  }
}

}  // namespace mc::sso::testing
