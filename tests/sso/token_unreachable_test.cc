// A slow or absent provider ends the sign-in; the code is spent.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: token unreachable") {
  const auto lost = [](Error error) {
    return [error](Scene& s) { s.edit_token_answer = [error](Result<HttpResponse>& r) { r = error; }; };
  };
  Expect({
      {"too slow", "token_unreachable", lost(TransientError("timeout", "too slow"))},
      {"refused", "token_unreachable", lost(TransientError("connect_refused", "nobody"))},
      {"another's certificate", "token_unreachable", lost(ConfigError("tls_name", "another"))},
      {"too long", "token_malformed", lost(DataError("body_too_large", "too long"))},
  });
}

}  // namespace mc::sso::testing
