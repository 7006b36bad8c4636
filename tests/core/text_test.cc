// Goal: text of many systems compares equal when it reads equal, and broken UTF-8 is seen.
// Method: tables of byte sequences; composed, decomposed and half-decomposed Vietnamese.
#include "core/text.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace mc {
namespace {

// ASCII is passed eight bytes at a time: a bad byte must show at every place of such a run.
TEST_CASE("UTF-8: one bad byte at any place, a good letter at any place") {
  for (std::size_t length = 1; length <= 20; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      std::string text(length, 'a');
      text[at] = '\xFF';
      CHECK_FALSE(IsValidUtf8(text));
      text.replace(at, 1, "\xE1\xBB\xA6");
      CHECK(IsValidUtf8(text));
    }
  }
}

TEST_CASE("UTF-8: shortest forms only, no surrogates, nothing above U+10FFFF") {
  struct Row {
    std::string bytes;
    bool valid;
  };
  const std::vector<Row> rows = {
      {"", true},
      {"abc", true},
      {std::string("a\0b", 3), true},
      {"\x7F", true},
      {"\xC2\x80", true},
      {"\xDF\xBF", true},
      {"\xE0\xA0\x80", true},
      {"\xED\x9F\xBF", true},
      {"\xEE\x80\x80", true},
      {"\xEF\xBF\xBF", true},
      {"\xF0\x90\x80\x80", true},
      {"\xF4\x8F\xBF\xBF", true},
      {"\x80", false},
      {"\xBF", false},
      {"\xC0\x80", false},
      {"\xC1\xBF", false},
      {"\xE0\x9F\xBF", false},
      {"\xED\xA0\x80", false},
      {"\xED\xBF\xBF", false},
      {"\xF0\x8F\xBF\xBF", false},
      {"\xF4\x90\x80\x80", false},
      {"\xF5\x80\x80\x80", false},
      {"\xFE", false},
      {"\xFF", false},
      {"\xC2", false},
      {"\xE1\xBA", false},
      {"\xF0\x90\x80", false},
      {"\xC2\x41", false},
      {"ok\xE1\xBA\x41", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.bytes);
    CHECK(IsValidUtf8(row.bytes) == row.valid);
    CHECK(ToNfc(row.bytes).has_value() == row.valid);
  }
}

TEST_CASE("NFC: the ways of typing one Vietnamese letter become one") {
  struct Row {
    std::string typed, nfc;
  };
  const std::vector<Row> rows = {
      {"\xC3\xA2\xCC\x81", "\xE1\xBA\xA5"},      // a with circumflex + U+0301: half-decomposed
      {"a\xCC\x82\xCC\x81", "\xE1\xBA\xA5"},     // a + U+0302 + U+0301
      {"\xC3\xA1\xCC\x82", "\xC3\xA1\xCC\x82"},  // acute first is another letter and stays
      {"\xE1\xBA\xA1\xCC\x82", "\xE1\xBA\xAD"},  // a with dot below + circumflex
      {"\xC6\xA1\xCC\x80", "\xE1\xBB\x9D"},      // o with horn + grave
      {"o\xCC\x9B\xCC\x80", "\xE1\xBB\x9D"},
      {"o\xCC\x80\xCC\x9B", "\xE1\xBB\x9D"},  // the marks in the other order
      {"D\xC4\x91", "D\xC4\x91"},             // d with stroke has no decomposition
      {"\xE1\xBA\xA5", "\xE1\xBA\xA5"},       // composed already
      {"plain ASCII", "plain ASCII"},
      {"", ""},
      {"\xE2\x84\xAB", "\xC3\x85"},      // Angstrom sign -> A with ring
      {"\xEF\xAC\x81", "\xEF\xAC\x81"},  // the ligature fi is kept: NFC, not NFKC
  };
  for (const Row& row : rows) {
    CAPTURE(row.typed);
    const auto nfc = ToNfc(row.typed);
    REQUIRE(nfc.has_value());
    CHECK(*nfc == row.nfc);
    CHECK(*ToNfc(*nfc) == *nfc);
  }
}

TEST_CASE("a long text with one half-decomposed letter") {
  const std::string before(100'000, 'x');
  CHECK(*ToNfc(before + "\xC3\xAA\xCC\xA3" + before) == before + "\xE1\xBB\x87" + before);
}

TEST_CASE("one byte order mark at the front goes, others stay") {
  CHECK(StripBom("\xEF\xBB\xBFx") == "x");
  CHECK(StripBom("\xEF\xBB\xBF\xEF\xBB\xBFx") == "\xEF\xBB\xBFx");
  CHECK(StripBom("x\xEF\xBB\xBF") == "x\xEF\xBB\xBF");
  CHECK(StripBom("\xEF\xBB") == "\xEF\xBB");
  CHECK(StripBom("").empty());
}

TEST_CASE("white space at both ends goes, no-break spaces too") {
  struct Row {
    std::string text, trimmed;
  };
  const std::vector<Row> rows = {
      {"  H26.101 ", "H26.101"},
      {"\t\r\n\v\f x y \n", "x y"},
      {"\xC2\xA0 x \xC2\xA0\xC2\xA0", "x"},
      {"x\xC2\xA0y", "x\xC2\xA0y"},
      {"   ", ""},
      {"\xC2\xA0", ""},
      {"", ""},
      {"\xC3\xA0", "\xC3\xA0"},            // ends in the byte A0, but is the letter a with grave
      {"\xE2\x80\x83x", "\xE2\x80\x83x"},  // other Unicode spaces are left to the reader of the record
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(Trim(row.text) == row.trimmed);
  }
}

TEST_CASE("lower case touches ASCII letters only") {
  CHECK(ToLowerAscii("AbZ@[`{09") == "abz@[`{09");
  CHECK(ToLowerAscii("\xC3\x82N") == "\xC3\x82n");
}

}  // namespace
}  // namespace mc

TEST_CASE("folded for search: case, marks and đ go, letters stay") {
  CHECK(mc::FoldedForSearch("NGUYỄN Văn Đức") == "nguyen van duc");
  CHECK(mc::FoldedForSearch("Nguye\u0302\u0303n") == mc::FoldedForSearch("Nguyễn"));
  CHECK(mc::FoldedForSearch("CB-01 (VP)") == "cb-01 (vp)");
  CHECK(mc::FoldedForSearch("\xFF") == "");
  CHECK(mc::FoldedForSearch("") == "");
}
