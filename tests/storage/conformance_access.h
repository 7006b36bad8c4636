// What every engine must do with what happened at the gate.
#pragma once

#include "storage/access.h"
#include "storage/leaf.h"
#include "tests/storage/store_harness.h"

namespace mc::test {

inline AccessCounts AccessAt(std::int64_t from, std::int64_t count) {
  return {"00112233445566ff", Instant{from}, Instant{from + 9}, {{"signed_in", "vneid", "", count}}};
}

inline void WhatHappenedAtTheGateIsALeaf(StoreHarness& harness) {
  const auto store = harness.Open();
  CHECK(Must(store->ListAccess(Instant{0}, Instant{INT64_MAX})).empty());
  CHECK(Must(store->AppendAccess(AccessAt(10, 1))) == 0);
  CHECK(Must(store->AppendAccess(AccessAt(20, 2))) == 1);
  const OpenedLeaf leaf = Must(store->OpenLeaf(1));
  CHECK(Must(ParseLeaf(leaf.bytes)).kind == LeafKind::kAccess);
  CHECK(leaf.object == *AccessObject(AccessAt(20, 2)));
  const auto second = Must(store->ListAccess(Instant{11}, Instant{21}));
  REQUIRE(second.size() == 1);
  CHECK(second[0].leaf == 1);
  CHECK(second[0].counts == AccessAt(20, 2));
  CHECK(Must(store->ListAccess(Instant{10}, Instant{20})).size() == 1);
  CHECK(store->AppendAccess({"00112233445566ff", Instant{1}, Instant{2}, {}}).error().code == "bad_access");
  CHECK(LedgerSizeOf(*store) == 2);
  CHECK(Must(store->CountAccess(0, 2)) == 2);
  CHECK(Must(store->CountAccess(1, 2)) == 1);
  CHECK(Must(store->CountAccess(0, 1)) == 1);
  CHECK(Must(store->CountAccess(2, 9)) == 0);
  Must(store->SignHead());
  CheckClean(*store);
}

inline std::vector<ConformanceCase> AccessCases() {
  return {{"what happened at the gate is a leaf", WhatHappenedAtTheGateIsALeaf}};
}

}  // namespace mc::test
