// The parameters stand where they were asked for and nowhere else (OAuth 2.0 Form Post Response Mode section 2).
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: response wrong method") {
  Expect({
      {"posted, asked for in the query", "callback_method",
       [](Scene& s) {
         s.bring = [](Callback& c, Form& form) {
           c.method = "POST";
           c.body = FormText(form);
           c.content_type = "application/x-www-form-urlencoded";
           c.query = "x";
         };
       }},
      {"split over both", "callback_method",
       [](Scene& s) {
         s.bring = [](Callback& c, Form& form) {
           c.body = "code=evil";
           c.query = FormText(form);
         };
       }},
      {"HEAD", "callback_method", [](Scene& s) { s.bring = [](Callback& c, Form&) { c.method = "HEAD"; }; }},
      {"in the query, asked for posted", "callback_method",
       [](Scene& s) {
         s.profile.response_mode = ResponseMode::kFormPost;
         s.bring = [](Callback& c, Form& form) {
           c.method = "GET";
           c.query = FormText(form);
         };
       }},
      {"posted and split", "callback_method",
       [](Scene& s) {
         s.profile.response_mode = ResponseMode::kFormPost;
         s.bring = [](Callback& c, Form&) { c.query = "iss=https://evil.example"; };
       }},
      {"posted as JSON", "callback_method",
       [](Scene& s) {
         s.profile.response_mode = ResponseMode::kFormPost;
         s.bring = [](Callback& c, Form&) { c.content_type = "application/json"; };
       }},
      {"posted without a type", "callback_method",
       [](Scene& s) {
         s.profile.response_mode = ResponseMode::kFormPost;
         s.bring = [](Callback& c, Form&) { c.content_type = ""; };
       }},
      {"posted as asked", "", [](Scene& s) { s.profile.response_mode = ResponseMode::kFormPost; }},
      {"posted as asked, with a charset", "",
       [](Scene& s) {
         s.profile.response_mode = ResponseMode::kFormPost;
         s.bring = [](Callback& c, Form&) { c.content_type += "; charset=utf-8"; };
       }},
  });
}

}  // namespace mc::sso::testing
