// A sign-in has ten minutes: at the limit it passes, one microsecond past it does not.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: response state expired") {
  const auto after = [](std::int64_t micros) {
    return [micros](Scene& s) {
      s.meanwhile = [micros](Scene& scene) { scene.clock.Set({scene.clock.Now().micros + micros}); };
    };
  };
  Expect({
      {"at the limit", "", after(kPendingMicros)},
      {"one past it", "state_expired", after(kPendingMicros + 1)},
      {"past twice the limit it is forgotten", "state_unknown", after(2 * kPendingMicros + 1)},
  });
}

}  // namespace mc::sso::testing
