// RFC 9700 section 4.4: the answer of one provider to a sign-in that was begun with another.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: response mix up") {
  Scene scene;
  auto party = scene.Party().Begin({});
  REQUIRE(party.ok());
  // A second provider of the same gateway, with an address of its own, and the same table of sign-ins under way.
  ProviderSettings other = scene.settings;
  other.id = "evil";
  other.redirect_uri = "https://rp.example/signin/evil";
  ProviderProfile evil = scene.profile;
  evil.address = "https://evil.example";
  const auto ready = ReadyProvider::Make(*MakeProvider(evil, other));
  SignInsInMemory table;
  SeededRandom random(5);
  REQUIRE(table.Put(party->state, party->pending).ok());
  Form form = {{"code", "the-code"}, {"state", party->state}, {"iss", "https://evil.example"}};
  const Callback at_evil{"GET", FormText(form), "", "", party->browser_secret};
  const auto mixed = CheckAuthorizationResponse(*ready, at_evil, table, scene.clock.Now(), random);
  REQUIRE_FALSE(mixed.ok());
  CHECK(std::string(Code(mixed.error())) == "provider_mismatch");
  CHECK(table.size() == 0);
  // The evil one's answer, brought to the honest address.
  Expect({{"by iss", "issuer_mismatch",
           [](Scene& s) { s.bring = [](Callback&, Form& f) { f[2].second = "https://evil.example"; }; }}});
}

}  // namespace mc::sso::testing
