// RFC 7515 section 7.2 is another form, which we do not read.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: jose json serialisation") {
  Expect({{"flattened", "jwt_malformed", [](Scene& s) {
             s.edit_token = [](std::string t) {
               const auto first = t.find('.'), last = t.rfind('.');
               return R"({"protected":")" + t.substr(0, first) + R"(","payload":")" +
                      t.substr(first + 1, last - first - 1) + R"(","signature":")" + t.substr(last + 1) + "\"}";
             };
           }}});
}

}  // namespace mc::sso::testing
