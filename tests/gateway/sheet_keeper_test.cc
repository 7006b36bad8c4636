// Goal: sheets are made anew when something that scores may have changed, and not when people only signed in and looked.
#include "gateway/sheet_keeper.h"

#include <doctest/doctest.h>

#include "tests/gateway/locked_support.h"
#include "tests/storage/store_harness.h"

using namespace mc;
using namespace mc::test;

namespace {

void SomebodySignsIn(Store& store, std::int64_t at) {
  Must(store.AppendAccess({"00112233445566ff", Instant{at}, Instant{at + 9}, {{"signed_in", "vneid", "", 1}}}));
}

}  // namespace

TEST_CASE("sheet keeper: a log that grew by what happened at the gate alone is not scored again") {
  Collected at;
  const auto installation = Installation::Load(at.dir / "gateway.jsonc");
  REQUIRE_MESSAGE(installation.ok(), (installation.ok() ? "" : installation.error().message));
  const auto store = Must(installation->OpenStore());
  const ManualClock clock(ParseInstant("2026-06-20T03:00:00Z").value());
  SheetKeeper keeper(*installation, clock);
  CHECK(Must(keeper.LookOnce()) == 2);  // this month and the last
  CHECK(Must(keeper.LookOnce()) == 0);
  SomebodySignsIn(*store, 10);
  SomebodySignsIn(*store, 20);
  Must(store->SignHead());
  CHECK(Must(keeper.LookOnce()) == 0);
  // A receipt between two of them, the second not under a head yet.
  at.Must("sync --from dvc public_service");
  SomebodySignsIn(*store, 30);
  CHECK(Must(keeper.LookOnce()) == 2);
  CHECK(Must(keeper.LookOnce()) == 0);
}
