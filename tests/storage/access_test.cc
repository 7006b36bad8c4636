// Goal: what happened at the gate has one byte form, frozen by a vector, and no room for anything personal.
// Method: the vector of docs/formats/access.md, then each rule broken once.
#include "storage/access.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <utility>

#include "core/digest.h"
#include "storage/leaf.h"

using namespace mc;

namespace {

AccessCounts VectorAccess() {
  return {"00112233445566ff",
          Instant{1'000'000},
          Instant{61'000'000},
          {{"sign_in_refused", "oidc", "state_unknown", 40}, {"signed_in", "oidc", "", 2}}};
}

constexpr const char* kAccessVector =
    R"({"from":1000000,"process":"00112233445566ff","rows":[)"
    R"({"count":40,"event":"sign_in_refused","provider":"oidc","reason":"state_unknown"},)"
    R"({"count":2,"event":"signed_in","provider":"oidc","reason":""}],"to":61000000,"v":1})";

}  // namespace

TEST_CASE("access: the vector of the format") {
  REQUIRE(AccessObject(VectorAccess()).ok());
  CHECK(*AccessObject(VectorAccess()) == kAccessVector);
  const auto read = AccessFromObject(kAccessVector);
  REQUIRE(read.ok());
  CHECK(*read == VectorAccess());
  const Leaf leaf{LeafKind::kAccess, Instant{62'000'000}, Commit(std::string(kSaltBytes, '\x01'), kAccessVector)};
  CHECK(
      LeafBytes(leaf) ==
      R"({"commitment":"c25371ecfc4201120870a9bb85f86c6735445ccafc5484bbf3341bf0cd614c14","kind":"access","time":62000000,"v":1})");
}

TEST_CASE("access: what breaks a rule is not written") {
  const std::vector<std::pair<const char*, std::function<void(AccessCounts&)>>> cases = {
      {"a number as reason", [](AccessCounts& c) { c.rows[0].reason = "001200000001"; }},
      {"a name as event", [](AccessCounts& c) { c.rows[0].event = "Nguyen"; }},
      {"a sentence as provider", [](AccessCounts& c) { c.rows[0].provider = "a b"; }},
      {"no event", [](AccessCounts& c) { c.rows[0].event = ""; }},
      {"a word too long", [](AccessCounts& c) { c.rows[0].reason = std::string(kAccessWordLimit + 1, 'a'); }},
      {"nothing counted", [](AccessCounts& c) { c.rows[0].count = 0; }},
      {"a row twice", [](AccessCounts& c) { c.rows[1] = c.rows[0]; }},
      {"rows out of order", [](AccessCounts& c) { std::swap(c.rows[0], c.rows[1]); }},
      {"no rows", [](AccessCounts& c) { c.rows.clear(); }},
      {"an end before its begin", [](AccessCounts& c) { c.to = Instant{999'999}; }},
      {"a short process", [](AccessCounts& c) { c.process = "00"; }},
      {"a process in capitals", [](AccessCounts& c) { c.process = "00112233445566FF"; }},
  };
  for (const auto& [what, damage] : cases) {
    CAPTURE(what);
    AccessCounts counts = VectorAccess();
    damage(counts);
    const auto object = AccessObject(counts);
    REQUIRE_FALSE(object.ok());
    CHECK(object.error().code == "bad_access");
  }
  AccessCounts longest = VectorAccess();
  longest.rows[0].reason = std::string(kAccessWordLimit, 'a');
  CHECK(AccessObject(longest).ok());
}

TEST_CASE("access: rows at the limit and one past it") {
  AccessCounts counts = VectorAccess();
  counts.rows.clear();
  for (std::size_t i = 0; i < kAccessRowsLimit; ++i) {
    counts.rows.push_back({"e", std::string(1, 'p'), "r" + std::to_string(1'000'000 + i), 1});
  }
  CHECK(AccessFromObject(*AccessObject(counts)).ok());
  counts.rows.push_back({"f", "p", "r", 1});
  CHECK_FALSE(AccessObject(counts).ok());
}

TEST_CASE("access: no other bytes are read") {
  const std::string good = kAccessVector;
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& bad :
       {std::string(), std::string("[]"), with("\"v\":1", "\"v\":2"), with(",\"v\":1", ""), with("40", "40.0"),
        with("\"count\":40", "\"count\": 40"), with("\"v\":1", "\"v\":1,\"w\":1"), with("state_unknown", "State"),
        with("\"count\":40", "\"count\":\"40\""), good + "\n"}) {
    CAPTURE(bad);
    CHECK_FALSE(AccessFromObject(bad).ok());
  }
}
