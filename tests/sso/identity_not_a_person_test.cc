// VNConnect also signs in businesses and organisations (LoaiTaiKhoan 2 and 3, text or number).
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: identity not a person") {
  const auto kind = [](const char* json) {
    return [json](Scene& s) {
      s.profile.person.kind_claim = "LoaiTaiKhoan";
      s.profile.person.person_kinds = {"1"};
      s.change = [json](Scene& t) {
        if (json) t.userinfo.Set("LoaiTaiKhoan", json);
      };
    };
  };
  Expect(
      {
          {"a business", "identity_kind", kind(R"("2")")},
          {"an organisation, as a number", "identity_kind", kind("3")},
          {"a list", "identity_kind", kind(R"(["1"])")},
          {"01", "identity_kind", kind(R"("01")")},
          {"absent", "identity_kind", kind(nullptr)},
      },
      Userinfo::kCalled);
  Expect({{"a person", "", kind(R"("1")")}, {"a person, as a number", "", kind("1")}});
}

}  // namespace mc::sso::testing
