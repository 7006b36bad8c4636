// Randomness behind a port, so that a test can replay salts and keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace mc {

// Implementations are used from one thread at a time.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual std::string Bytes(std::size_t count) = 0;
};

// The operating system's generator, through OpenSSL. This one is safe from any thread.
class SystemRandom final : public RandomSource {
 public:
  std::string Bytes(std::size_t count) override;
};

// Deterministic (SHA-256 in counter mode over a seed). For tests and replays only.
class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) : seed_(seed) {}
  std::string Bytes(std::size_t count) override;

 private:
  std::uint64_t seed_;
  std::uint64_t counter_ = 0;
};

}  // namespace mc
