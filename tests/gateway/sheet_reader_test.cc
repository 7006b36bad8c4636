// Goal: what is read of kept sheets is of the edition that stands, and is read once for it.
#include "gateway/sheet_reader.h"

#include <doctest/doctest.h>

#include "tests/storage/conformance_sheets.h"
#include "tests/storage/sqlite_harness.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("sheet reader: counts are read once for an edition, and anew for the next one") {
  SqliteHarness harness;
  const auto store = harness.Open();
  SheetReader reader([&]() -> Result<std::unique_ptr<Store>> { return harness.Open(); }, harness.clock);
  const auto counts = [&] { return Must(reader.Counts(*store, "2026-06")); };
  CHECK(counts()->empty());
  Must(KeepAll(*store, ScoringOf("2026-06", 5), {SheetOf("p-1", "u-1"), SheetOf("p-2", "u-1")}));
  Must(reader.Refresh());
  const CountsRef first = counts();
  CHECK(first->at("u-1").at("scored") == 2);
  CHECK(counts() == first);
  Must(KeepAll(*store, ScoringOf("2026-05", 5), {SheetOf("p-1", "u-1")}));
  Must(reader.Refresh());
  CHECK(counts() == first);  // another period's edition is not this one's
  Must(KeepAll(*store, ScoringOf("2026-06", 6), {SheetOf("p-1", "u-2"), SheetOf("p-2", "u-1", "awaiting_data")}));
  CHECK(counts() == first);  // until it is looked at again, as all else that is read
  Must(reader.Refresh());
  CHECK(counts()->at("u-1").at("awaiting_data") == 1);
  CHECK(counts()->at("u-2").at("scored") == 1);
  CHECK_FALSE(counts()->at("u-1").contains("scored"));
}

TEST_CASE("sheet reader: the same look is noted again after a while, and when the clock was set back") {
  SqliteHarness harness;
  const auto store = harness.Open();
  SheetReader reader([&]() -> Result<std::unique_ptr<Store>> { return harness.Open(); }, harness.clock);
  const Instant start = harness.clock.Now();
  const auto noted_at = [&](std::int64_t micros_later, const char* what = "sheet") {
    harness.clock.Set(Instant{start.micros + micros_later});
    Must(reader.Note({"p-1", "head", {}, what, "2026-06", ""}));
    return Must(store->LooksAt("p-1", std::nullopt)).looks.size();
  };
  CHECK(noted_at(0) == 1);
  CHECK(noted_at(0) == 1);
  CHECK(noted_at(0, "item") == 2);
  CHECK(noted_at(kSameLookMicros - 1) == 2);
  CHECK(noted_at(kSameLookMicros) == 3);
  CHECK(noted_at(2 * kSameLookMicros - 1) == 3);
  CHECK(noted_at(2 * kSameLookMicros) == 4);
  CHECK(noted_at(0) == 5);
  CHECK(noted_at(1) == 5);
  CHECK(noted_at(kSameLookMicros) == 6);
}
