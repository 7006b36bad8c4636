#include "mapping/base64_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace mc {
namespace {

// A loop of this fixed length, of minima and maxima alone, is compiled to vectors. Comparisons would become
// branches.
constexpr std::size_t kBlock = 64;

using Alphabet = std::array<std::uint8_t, 256>;

constexpr Alphabet MakeAlphabet() {
  Alphabet known{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \r\n\t")) {
    known[static_cast<std::uint8_t>(c)] = 1;
  }
  return known;
}

bool IsBase64ByByte(std::string_view text) {
  static constexpr Alphabet kKnown = MakeAlphabet();
  std::uint8_t all = 1;
  for (const char c : text) all &= kKnown[static_cast<std::uint8_t>(c)];
  return all == 1;
}

// How far `c` is above `last`; 0: it is not.
std::uint8_t Above(std::uint8_t c, std::uint8_t last) { return static_cast<std::uint8_t>(std::max(c, last) - last); }

// Letters alone, as most blocks are.
bool IsLettersAlone(const char* block) {
  std::uint8_t worst = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const auto c = static_cast<std::uint8_t>(block[i]);
    const std::uint8_t letter = Above(static_cast<std::uint8_t>((c | 0x20) - 'a'), 'z' - 'a');
    const std::uint8_t digit = Above(static_cast<std::uint8_t>(c - '/'), '9' - '/');  // '/' stands before '0'
    const std::uint8_t plus = static_cast<std::uint8_t>(c ^ '+');
    worst = std::max(worst, std::min(std::min(letter, digit), plus));
  }
  return worst == 0;
}

bool IsKnown(const char* block) {
  std::uint8_t worst = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const auto c = static_cast<std::uint8_t>(block[i]);
    const std::uint8_t letter = Above(static_cast<std::uint8_t>((c | 0x20) - 'a'), 'z' - 'a');
    const std::uint8_t digit = Above(static_cast<std::uint8_t>(c - '/'), '9' - '/');
    const std::uint8_t tab = Above(static_cast<std::uint8_t>(c - '\t'), '\n' - '\t');
    const std::uint8_t plus = static_cast<std::uint8_t>(c ^ '+');
    const std::uint8_t pad = static_cast<std::uint8_t>(c ^ '=');
    const std::uint8_t space = static_cast<std::uint8_t>(c ^ ' ');
    const std::uint8_t line = static_cast<std::uint8_t>(c ^ '\r');
    const std::uint8_t base64 = std::min(std::min(letter, digit), std::min(plus, pad));
    worst = std::max(worst, std::min(base64, std::min(tab, std::min(space, line))));
  }
  return worst == 0;
}

constexpr std::array<std::string_view, 3> kPairs = {"77+977+9", "ve+/ve+/", "v73vv73v"};
constexpr std::size_t kPairSize = 8;

bool HoldsPairExactly(std::string_view text) {
  return std::any_of(kPairs.begin(), kPairs.end(),
                     [&](std::string_view pair) { return text.find(pair) != std::string_view::npos; });
}

// All pairs repeat their first four letters. Asked for three of them, a block in some thousands looks like one.
// REQUIRES kBlock + kPairSize - 1 bytes.
bool MayHoldPair(const char* block) {
  std::uint8_t best = 0xFF;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const auto differ = static_cast<std::uint8_t>((block[i] ^ block[i + 4]) | (block[i + 1] ^ block[i + 5]) |
                                                  (block[i + 2] ^ block[i + 6]));
    best = std::min(best, differ);
  }
  return best == 0;
}

}  // namespace

bool IsBase64Text(std::string_view text) {
  for (; text.size() >= kBlock; text.remove_prefix(kBlock)) {
    if (!IsLettersAlone(text.data()) && !IsKnown(text.data())) return false;
  }
  return IsBase64ByByte(text);
}

bool HoldsReplacedPair(std::string_view text) {
  constexpr std::size_t kSeen = kBlock + kPairSize - 1;
  for (; text.size() >= kSeen; text.remove_prefix(kBlock)) {
    if (MayHoldPair(text.data()) && HoldsPairExactly(text.substr(0, kSeen))) return true;
  }
  return HoldsPairExactly(text);
}

}  // namespace mc
