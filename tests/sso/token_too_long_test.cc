// An answer has at most 256 KB: at the limit it is read, one past it is not.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: token too long") {
  const auto padded = [](std::size_t beyond) {
    return [beyond](Scene& s) {
      s.edit_token_answer = [beyond](Result<HttpResponse>& r) { r->body.resize(kAnswerLimitBytes + beyond, ' '); };
    };
  };
  Expect({{"at the limit", "", padded(0)}, {"one past it", "token_malformed", padded(1)}});
}

}  // namespace mc::sso::testing
