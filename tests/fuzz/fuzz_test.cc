// Goal: no parser of foreign bytes breaks its promises on what is near to real input.
// Method: every target over its seeds and over mutations of them that are drawn from a fixed number, so that a
// run is the same every time and everywhere. What libFuzzer finds (scripts/fuzz) becomes a seed here.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include "core/digest.h"
#include "tests/fuzz/mutate.h"
#include "tests/fuzz/target.h"

using namespace mc;
using namespace mc::fuzz;

namespace {

constexpr std::size_t kRunsPerTarget = 1'500;
constexpr std::size_t kRunsPerSeed = 4;               // at least
constexpr std::size_t kBytesPerTarget = 3'000'000;    // handed to one target in all

std::uint64_t NumberOf(const std::string& name) {
  std::uint64_t number = 0;
  for (const std::uint8_t byte : Sha256(name)) number = number * 31 + byte;
  return number;
}

void RunOne(const Target& target, const std::string& input) {
  try {
    target.run(input);
  } catch (const std::exception& broken) {
    FAIL_CHECK(target.name << ": " << std::string(broken.what()) << "; input in base64: " << ToBase64(input));
  }
}

void RunAll(const Target& target) {
  const std::vector<std::string> seeds = SeedsOf(target);
  REQUIRE_MESSAGE(!seeds.empty(), target.name << " has no seed");
  Dice dice(NumberOf(target.name));
  RunOne(target, "");
  std::size_t bytes = 0;
  for (const std::string& seed : seeds) {
    RunOne(target, seed);
    bytes += seed.size();
  }
  const std::size_t rounds = std::max(kRunsPerSeed, kRunsPerTarget / seeds.size());
  for (std::size_t round = 0; round < rounds; ++round) {
    for (const std::string& seed : seeds) {
      const std::string input = Mutated(seed, seeds[dice.Below(seeds.size())], dice);
      bytes += input.size();
      if (bytes > kBytesPerTarget) return;
      RunOne(target, input);
    }
  }
}

}  // namespace

TEST_CASE("every target over its seeds and fixed mutations of them") {
  for (const Target& target : Targets()) {
    INFO(target.name);
    RunAll(target);
  }
}

TEST_CASE("every target has a name of its own, and every folder of the corpus a target") {
  std::set<std::string> names;
  for (const Target& target : Targets()) CHECK_MESSAGE(names.insert(target.name).second, target.name);
  for (const auto& entry : std::filesystem::directory_iterator(std::string(MC_SOURCE_DIR) + "/tests/fuzz/corpus")) {
    CHECK_MESSAGE(names.contains(entry.path().filename().string()), entry.path().string());
  }
}

TEST_CASE("mutations are the same every time") {
  Dice one(7), two(7);
  std::string all;
  for (int i = 0; i < 200; ++i) {
    const std::string input = Mutated("{\"id\":\"1\"}", "<a/>", one);
    CHECK(input == Mutated("{\"id\":\"1\"}", "<a/>", two));
    all += input;
  }
  CHECK(ToHex(Sha256(all)).substr(0, 16) == "4e624c21669b5bfc");
}

TEST_CASE("a broken promise is seen") {
  const Target bad{"bad", [](std::string_view) { Require(false, "this cannot hold"); }, {}};
  CHECK_THROWS_AS(bad.run("x"), Broken);
}
