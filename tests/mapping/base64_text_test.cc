// Goal: looking through base64 a block at a time says what looking at each byte says.
// Method: random texts around the block's size, with foreign bytes and pairs put anywhere, against the plain way.
#include "mapping/base64_text.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

namespace mc {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool PlainIsBase64(std::string_view text) {
  const std::string known = std::string(kLetters) + "= \r\n\t";
  return text.find_first_not_of(known) == std::string_view::npos;
}

bool PlainHoldsPair(std::string_view text) {
  for (const std::string_view pair : {"77+977+9", "ve+/ve+/", "v73vv73v"}) {
    if (text.find(pair) != std::string_view::npos) return true;
  }
  return false;
}

// Few letters make the pairs' repetitions frequent.
std::string RandomText(std::mt19937& random) {
  constexpr std::string_view kOfPairs = "7+9ve/3";
  const std::string_view letters = random() % 2 == 0 ? kLetters : kOfPairs;
  std::string text(random() % 300, 'A');
  for (char& c : text) c = letters[random() % letters.size()];
  return text;
}

void PutIn(std::string_view piece, std::mt19937& random, std::string& text) {
  if (text.size() > piece.size()) text.replace(random() % (text.size() - piece.size() + 1), piece.size(), piece);
}

}  // namespace

TEST_CASE("base64, a block at a time: every byte at every place") {
  for (int c = 0; c < 256; ++c) {
    for (std::size_t at = 0; at < 130; ++at) {
      std::string text(130, 'Q');
      text[at] = static_cast<char>(c);
      CAPTURE(c);
      CAPTURE(at);
      if (IsBase64Text(text) != PlainIsBase64(text)) FAIL("not what the plain way says");
    }
  }
  CHECK(IsBase64Text(""));
}

TEST_CASE("base64, a block at a time: random texts") {
  std::mt19937 random(20261126);
  int base64 = 0, pairs = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string text = RandomText(random);
    for (auto i = random() % 3; i > 0; --i) PutIn(i % 2 == 0 ? "\r\n" : "=", random, text);
    if (random() % 4 == 0) PutIn(std::string(1, static_cast<char>(random() % 256)), random, text);
    constexpr std::string_view kPieces[] = {"77+977+9", "ve+/ve+/", "v73vv73v", "77+977+8", "ve+/ve+", "73vv73v7"};
    if (random() % 2 == 0) PutIn(kPieces[random() % 6], random, text);
    CAPTURE(text);
    if (IsBase64Text(text) != PlainIsBase64(text)) FAIL("another letter than the plain way finds");
    if (HoldsReplacedPair(text) != PlainHoldsPair(text)) FAIL("another pair than the plain way finds");
    base64 += IsBase64Text(text) ? 1 : 0;
    pairs += HoldsReplacedPair(text) ? 1 : 0;
  }
  CHECK(base64 > 10'000);
  CHECK(base64 < 49'000);
  CHECK(pairs > 5'000);
  CHECK(pairs < 45'000);
}

TEST_CASE("base64, a block at a time: a pair at every place") {
  for (const std::string_view pair : {"77+977+9", "ve+/ve+/", "v73vv73v"}) {
    for (std::size_t at = 0; at + pair.size() <= 200; ++at) {
      std::string text(200, 'Q');
      text.replace(at, pair.size(), pair);
      CAPTURE(at);
      CHECK(HoldsReplacedPair(text));
      text[at + 7] = 'x';
      CHECK_FALSE(HoldsReplacedPair(text));
    }
  }
  CHECK_FALSE(HoldsReplacedPair(""));
}

}  // namespace mc
