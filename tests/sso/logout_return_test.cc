// RP-Initiated Logout section 3: the browser comes back with the state of this logout. (no-state, other-state.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: logout return") {
  Scene scene;
  CHECK(scene.Play() == "");
  SeededRandom random(1);
  const auto begun = BeginLogout(scene.Party().provider(), scene.identity->id_token(), random);
  REQUIRE(begun.has_value());
  const Form asked = ParseForm(begun->url.substr(begun->url.find('?') + 1)).value();
  CHECK(*ValueOf(asked, "id_token_hint") == scene.last_id_token);
  CHECK(*ValueOf(asked, "post_logout_redirect_uri") == "https://rp.example/signed-out");
  CHECK(*ValueOf(asked, "state") == begun->state);
  CHECK(begun->state.size() == 43);
  const auto fate = [&](const std::string& query) {
    const auto checked = CheckLogoutReturn(query, begun->state);
    return checked.ok() ? std::string() : std::string(Code(checked.error()));
  };
  CHECK(fate("state=" + begun->state) == "");
  CHECK(fate("state=" + begun->state + "&x=1") == "");
  CHECK(fate("") == "logout_return");
  CHECK(fate("state=") == "logout_return");
  CHECK(fate("state=invented") == "logout_return");
  CHECK(fate("state=" + begun->state + "x") == "logout_return");
  CHECK(fate("state=" + begun->state + "&state=" + begun->state) == "callback_duplicate");
  CHECK(fate("state=%") == "callback_malformed");
  CHECK_FALSE(CheckLogoutReturn("state=", "").ok());
  // A provider without an address for it: the session ends here alone.
  Scene silent;
  silent.profile.endpoints.end_session = "";
  CHECK_FALSE(BeginLogout(silent.Party().provider(), "x", random).has_value());
}

}  // namespace mc::sso::testing
