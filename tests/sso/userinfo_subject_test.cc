// Core section 5.3.2: about the person of the id_token. (userinfo-invalid-sub.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: userinfo subject") {
  const auto sub = [](const char* json) {
    return [json](Scene& s) { s.change = [json](Scene& t) { t.userinfo.Set("sub", json); }; };
  };
  Expect(
      {
          {"another", "userinfo_subject", sub(R"("somebody-else")")},
          {"absent", "userinfo_subject", [](Scene& s) { s.change = [](Scene& t) { t.userinfo.Drop("sub"); }; }},
          {"empty", "userinfo_subject", sub(R"("")")},
          {"a list", "userinfo_subject", sub(R"(["subject-7f3a"])")},
          {"null", "userinfo_subject", sub("null")},
          {"another letter case", "userinfo_subject", sub(R"("Subject-7f3a")")},
      },
      Userinfo::kCalled);
}

}  // namespace mc::sso::testing
