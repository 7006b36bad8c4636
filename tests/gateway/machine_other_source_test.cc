// A token replayed at a source that it was not given for.
#include "machine_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("attack: a machine's token at another source") {
  MachineScene s;
  s.Add("c00000000000000aa", "source:other", kMachineSecret);
  const std::string token = s.Token();
  CHECK(s.Pushed(token, "pushed") == 0);
  CHECK(s.Pushed(token, "other") == 403);
  const std::string at_known = s.last->body;
  CHECK(s.Pushed(token, "no_such_source") == 403);
  CHECK(s.last->body == at_known);  // nobody learns which sources there are
  for (const char* near : {"pushe", "pushed2", "PUSHED", "", "pushed source:other"})
    CHECK(s.Pushed(token, near) == 403);
  CHECK(s.Pushed(s.Token("c00000000000000aa"), "other") == 0);
}
