// A secret that was replaced, after its overlap, to the microsecond.
#include "machine_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("attack: a machine's secret after its overlap") {
  MachineScene s;
  s.Step(ClientStepKind::kRotated, kMachine, "source:pushed", "the next one", 3'600);
  CHECK(s.Token(kMachine, "the next one") != "");
  s.Wait(3'600 * kMicrosPerSecond - 1);
  CHECK(s.Token() != "");
  s.Wait(1);
  CHECK(s.Token() == "");
  CHECK(s.audit.Last() == "token_refused c0123456789abcdef secret_wrong");
  CHECK(s.Token(kMachine, "the next one") != "");
}

TEST_CASE("attack: a machine's secret that was replaced without an overlap, or twice") {
  MachineScene s;
  s.Step(ClientStepKind::kRotated, kMachine, "source:pushed", "second", 3'600);
  s.Step(ClientStepKind::kRotated, kMachine, "source:pushed", "third", 0);
  CHECK(s.Token() == "");
  CHECK(s.Token(kMachine, "second") == "");
  CHECK(s.Token(kMachine, "third") != "");
}

// A key that tokens are signed with, changed with an overlap and then taken away.
TEST_CASE("attack: a machine's token of a key that was taken away") {
  MachineScene old_key, both(MachineKeys({MachineKey('b'), MachineKey('a')})), new_key(MachineKeys({MachineKey('b')}));
  const std::string before = old_key.Token(), after = both.Token();
  CHECK(both.Pushed(before) == 0);
  CHECK(both.Pushed(after) == 0);
  CHECK(new_key.Pushed(after) == 0);
  new_key.Refuses(before, "key_unknown");
  CHECK_FALSE(sso::TokenKeys::Make({MachineKey('a'), MachineKey('a')}, "i", "a").ok());
}
