// The provider's words never reach a page or a log: the refusal has a text of its own. (form-post-error.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: response error with markup") {
  const auto failed = [](Scene& s) {
    s.bring = [](Callback&, Form& form) {
      form[0] = {"error", "<script>"};
      form.emplace_back("error_description", "<script>alert(1)</script>");
    };
  };
  Expect({
      {"in the query", "provider_error", failed},
      {"posted", "provider_error",
       [&](Scene& s) {
         failed(s);
         s.profile.response_mode = ResponseMode::kFormPost;
       }},
  });
  Scene scene;
  failed(scene);
  CHECK(scene.Play() == "provider_error");
  CHECK(scene.audit.lines.front().text == AuditText(RefusalReason::kProviderError));
  CHECK(scene.audit.lines.front().text.find("script") == std::string::npos);
}

}  // namespace mc::sso::testing
