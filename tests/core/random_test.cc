// Goal: salts and keys are of the size asked for; a seed replays, the system does not.
// Method: sizes around a block; two sources side by side.
#include "core/random.h"

#include <doctest/doctest.h>

#include "core/digest.h"

namespace mc {
namespace {

TEST_CASE("sizes, from none to more than one block") {
  SystemRandom system;
  SeededRandom seeded(1);
  for (const std::size_t count : {0u, 1u, 31u, 32u, 33u, 1000u}) {
    CHECK(system.Bytes(count).size() == count);
    CHECK(seeded.Bytes(count).size() == count);
  }
}

TEST_CASE("one seed gives one sequence, another seed another") {
  SeededRandom a(7), b(7), c(8);
  const std::string first = a.Bytes(40);
  CHECK(first == b.Bytes(40));
  CHECK(first != c.Bytes(40));
  CHECK(first != a.Bytes(40));
  CHECK(ToHex(SeededRandom(0).Bytes(32)) == ToHex(Sha256(std::string(16, '\0'))));
}

TEST_CASE("the system's bytes do not repeat") {
  SystemRandom random;
  CHECK(random.Bytes(32) != random.Bytes(32));
}

}  // namespace
}  // namespace mc
