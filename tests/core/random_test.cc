// Goal: salts and keys are of the size asked for; a seed replays, the system does not.
// Method: sizes around a block; two sources side by side.
#include "core/random.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <string>
#include <thread>

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

// Bytes are drawn ahead, some thousand at a time: what is left over may not come twice, be
// it in a row, in another thread or in a child process.
TEST_CASE("the system's bytes do not repeat over many small requests, threads and processes") {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 5000; ++i) CHECK(seen.insert(random.Bytes(16)).second);
  std::string of_thread;
  std::thread([&] { of_thread = random.Bytes(16); }).join();
  CHECK(seen.insert(of_thread).second);
  int ends[2] = {};
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    const std::string bytes = random.Bytes(16);
    _exit(write(ends[1], bytes.data(), bytes.size()) == 16 ? 0 : 1);
  }
  std::string of_child(16, '\0');
  REQUIRE(read(ends[0], of_child.data(), of_child.size()) == 16);
  waitpid(child, nullptr, 0);
  CHECK(random.Bytes(16) != of_child);
}

}  // namespace
}  // namespace mc
