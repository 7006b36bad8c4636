// Section 2.5: a POST of a form with one logout_token; everything else is exactly 400.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: logout request") {
  const auto edit = [](std::function<void(LogoutRequest&)> how) {
    return [how](LogoutScene& l) { l.edit_request = how; };
  };
  ExpectLogout({
      {"GET", "logout_request", edit([](LogoutRequest& r) { r.method = "GET"; })},
      {"GET with the token in the query", "logout_request", edit([](LogoutRequest& r) {
         r.method = "GET";
         r.query = std::exchange(r.body, "");
       })},
      {"a query beside the form", "logout_request", edit([](LogoutRequest& r) { r.query = "x=1"; })},
      {"the token twice", "logout_request", edit([](LogoutRequest& r) { r.body += "&" + r.body; })},
      {"no token", "logout_request", edit([](LogoutRequest& r) { r.body = "x=1"; })},
      {"an empty form", "logout_request", edit([](LogoutRequest& r) { r.body = ""; })},
      {"an empty token", "jwt_malformed", edit([](LogoutRequest& r) { r.body = "logout_token="; })},
      {"no form", "logout_request", edit([](LogoutRequest& r) { r.body = "%"; })},
      {"JSON", "logout_request", edit([](LogoutRequest& r) { r.content_type = "application/json"; })},
      {"no type (a crash elsewhere: CVE-2025-3891)", "logout_request",
       edit([](LogoutRequest& r) { r.content_type = ""; })},
      {"other parameters are passed over", "", edit([](LogoutRequest& r) {
         r.body += "&x=1";
         r.content_type += ";charset=UTF-8";
       })},
  });
}

}  // namespace mc::sso::testing
