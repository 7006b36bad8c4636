// Mutations that are the same on every machine and in every year: no clock, no library's distribution.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mc::fuzz {

// SplitMix64 (Steele, Lea, Flood 2014).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next();
  std::size_t Below(std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(Next() % limit); }

 private:
  std::uint64_t state_;
};

// Fragments of the grammars at hand and of what breaks readers of them.
const std::vector<std::string>& Tokens();

// A few edits of `seed`; `other` lends a span now and then.
std::string Mutated(std::string_view seed, std::string_view other, Dice& dice);

}  // namespace mc::fuzz
