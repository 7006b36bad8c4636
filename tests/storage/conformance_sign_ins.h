// What every engine must do with sign-ins under way (core/sign_in_store.h).
#pragma once

#include <thread>

#include "tests/storage/store_harness.h"

namespace mc::test {

inline void ASignInServesOnceWhereverItIsTaken(StoreHarness& harness) {
  const auto here = harness.Open(), there = harness.Open();
  const SignInBounds bounds{Instant{0}, 10};
  Must(here->KeepSignIn({Sha256("a"), Instant{5}, "what a needs"}, bounds));
  Must(here->KeepSignIn({Sha256("b"), Instant{6}, "what b needs"}, bounds));
  CHECK_FALSE(Must(there->TakeSignIn(Sha256("nobody's"))));
  CHECK(Must(there->TakeSignIn(Sha256("a"))) == "what a needs");
  CHECK_FALSE(Must(there->TakeSignIn(Sha256("a"))));
  CHECK_FALSE(Must(here->TakeSignIn(Sha256("a"))));
  CHECK(Must(harness.Open()->TakeSignIn(Sha256("b"))) == "what b needs");
}

inline void OfTwoWhoTakeASignInOneGetsIt(StoreHarness& harness) {
  const auto here = harness.Open(), there = harness.Open();
  constexpr int kRounds = 20;
  std::vector<Digest> states;
  for (int i = 0; i < kRounds; ++i) {
    states.push_back(Sha256(std::to_string(i)));
    Must(here->KeepSignIn({states.back(), Instant{i}, "x"}, {Instant{0}, kRounds}));
  }
  std::vector<int> got(2, 0);
  const auto take = [&](Store& store, int& count) {
    for (const Digest& state : states) {
      const auto taken = store.TakeSignIn(state);
      count += taken.ok() && *taken ? 1 : 0;
    }
  };
  std::thread other([&] { take(*there, got[1]); });
  take(*here, got[0]);
  other.join();
  CHECK(got[0] + got[1] == kRounds);
}

inline void SignInsAreBoundedAndTheOldestGoes(StoreHarness& harness) {
  const auto store = harness.Open();
  const auto keep = [&](const char* name, std::int64_t at, std::int64_t from) {
    Must(store->KeepSignIn({Sha256(name), Instant{at}, name}, {Instant{from}, 2}));
  };
  const auto left = [&](const char* name) { return Must(store->TakeSignIn(Sha256(name))).has_value(); };
  keep("a", 10, 0);
  keep("b", 11, 0);  // at the limit
  keep("c", 12, 0);  // one past it
  CHECK_FALSE(left("a"));
  CHECK(left("b"));
  CHECK(left("c"));
  keep("d", 20, 0);
  keep("e", 30, 20);  // d was begun just then
  CHECK(left("d"));
  keep("f", 40, 31);  // e before it
  CHECK_FALSE(left("e"));
  CHECK(left("f"));
}

inline std::vector<ConformanceCase> SignInCases() {
  return {
      {"a sign-in serves once, wherever it is taken", ASignInServesOnceWhereverItIsTaken},
      {"of two who take a sign-in one gets it", OfTwoWhoTakeASignInOneGetsIt},
      {"sign-ins are bounded, and the oldest goes", SignInsAreBoundedAndTheOldestGoes},
  };
}

}  // namespace mc::test
