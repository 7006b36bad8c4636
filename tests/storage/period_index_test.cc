// Goal: the index of a period holds one entry per person, in one order, and each can be proven.
// Method: the vector of docs/formats/period-index.md; proofs of every place in trees of many sizes;
// texts that are not in their one form.
#include "storage/period_index.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "storage/leaf.h"

using namespace mc;

namespace {

std::vector<PeriodEntry> Entries(std::int64_t count) {
  std::vector<PeriodEntry> entries;
  for (std::int64_t i = 0; i < count; ++i) {
    entries.push_back({PersonPseudonym("key", std::to_string(i)), Sha256(std::to_string(i))});
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

PeriodIndex SomeIndex() {
  PeriodIndex index;
  index.period = "2026-06";
  index.as_of = Instant{1};
  index.locked_at = Instant{2};
  index.through = 7;
  index.entries = 3;
  index.policy_id = "p";
  return index;
}

}  // namespace

TEST_CASE("every entry is proven in indexes of many sizes, and no other in its place") {
  for (const std::int64_t size : {1, 2, 3, 255, 256, 257, 600}) {
    CAPTURE(size);
    const auto entries = Entries(size);
    REQUIRE(CheckOrder(entries).ok());
    const Digest root = PeriodRoot(entries);
    for (std::int64_t at = 0; at < size; at += 1 + size / 40) {
      const auto proof = ProveEntry(entries, at);
      REQUIRE(proof.ok());
      CHECK(CheckInclusion(at, size, EntryHash(entries[static_cast<std::size_t>(at)]), root, *proof).ok());
      PeriodEntry other = entries[static_cast<std::size_t>(at)];
      other.commitment[31] ^= 1;
      CHECK_FALSE(CheckInclusion(at, size, EntryHash(other), root, *proof).ok());
    }
    CHECK(ProveEntry(entries, size).error().code == "no_such_leaf");
  }
}

TEST_CASE("an order that is not strictly rising is named") {
  auto entries = Entries(5);
  std::swap(entries[2], entries[3]);
  CHECK(CheckOrder(entries).error().code == "index_order");
  entries = Entries(5);
  entries[4].pseudonym = entries[3].pseudonym;  // one person twice
  CHECK(CheckOrder(entries).error().code == "index_order");
}

TEST_CASE("lists and index objects have one byte form") {
  const std::string list = *PersonListText({"an", "2026-06", {1, 5}, Sha256("c"), Sha256("s")});
  REQUIRE(ParsePersonList(list).ok());
  CHECK(*PersonListText(*ParsePersonList(list)) == list);
  const std::string object = *PeriodIndexObject(SomeIndex());
  REQUIRE(ParsePeriodIndex(object).ok());
  CHECK(*ParsePeriodIndex(object) == SomeIndex());
  for (const std::string& bad : {list + " ", list.substr(1), std::string("{}"), std::string("[]"), std::string("")}) {
    CHECK(ParsePersonList(bad).error().code == "bad_list");
    CHECK(ParsePeriodIndex(bad).error().code == "bad_index");
  }
  for (const std::vector<std::int64_t>& leaves : {std::vector<std::int64_t>{5, 1}, {1, 1}, {-1}}) {
    CHECK(ParsePersonList(*PersonListText({"an", "2026-06", leaves, {}, {}})).error().code == "bad_list");
  }
}

TEST_CASE("the vector of docs/formats/period-index.md") {
  const std::string key(kPeriodKeyBytes, '\x02');
  const auto entry = [&](const char* person, std::vector<std::int64_t> leaves, char salt) {
    const std::string list = *PersonListText({person, "2026-06", std::move(leaves), {}, {}});
    return PeriodEntry{PersonPseudonym(key, person), Commit(std::string(kSaltBytes, salt), list)};
  };
  std::vector<PeriodEntry> entries = {entry("an", {1, 5}, '\x03'), entry("binh", {}, '\x04')};
  std::sort(entries.begin(), entries.end());
  std::string text;
  for (const PeriodEntry& e : entries) text += ToHex(e.pseudonym) + ToHex(e.commitment) + "\n";
  CHECK(text + ToHex(PeriodRoot(entries)) == "22c3405eb6ca0789b0475a9999b70babd3ad5de237545ceed6f79af8c59aa3ce"
        "049c814870aaaa9097001d958a1c8d13211966cbddefab53c0c33535622f6d2c\n"
        "f9b0b57ff59e1a674841c2b0db2d29bfd89d4a33c3bf8c2f9ddee5a159b7980a"
        "ecbaa17f97f69339b03f64b20f87875fad2d5f7d489678a2df4fbd347d77afd2\n"
        "070b67b46d80696299ad4407b7cac1595b5701f1d5f0ed2945b732296af27403");
}
