// Goal: arithmetic is exact at any size, and a value is rounded once, half up.
// Method: tables at the borders of the decimal grammar and of rounding; sums of products
// too large for any machine integer against values worked out by algebra.
#include "core/ratio.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace mc {
namespace {

Ratio Dec(const char* text) { return *Ratio::FromDecimal(text); }
Ratio Frac(const char* text) { return *Ratio::FromFraction(text); }

TEST_CASE("decimals: nine digits and six, at the limit and one past it") {
  struct Row {
    const char* text;
    const char* fraction;  // nullptr: refused
  };
  const std::vector<Row> rows = {
      {"0", "0/1"}, {"12", "12/1"}, {"0.25", "1/4"}, {"1.50", "3/2"}, {"007", "7/1"}, {"0.000000", "0/1"},
      {"999999999.999999", "999999999999999/1000000"}, {"0.000001", "1/1000000"},
      {"1000000000", nullptr}, {"0000000001", nullptr}, {"0.0000001", nullptr}, {"1.0000000", nullptr},
      {"", nullptr}, {".", nullptr}, {".5", nullptr}, {"5.", nullptr}, {"-1", nullptr}, {"+1", nullptr},
      {"1e3", nullptr}, {"0x10", nullptr}, {" 1", nullptr}, {"1 ", nullptr}, {"1,5", nullptr}, {"1.2.3", nullptr},
      {"1/2", nullptr}, {"NaN", nullptr}, {"1.-5", nullptr},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = Ratio::FromDecimal(row.text);
    REQUIRE(parsed.ok() == (row.fraction != nullptr));
    if (row.fraction) {
      CHECK(parsed->ToFraction() == row.fraction);
    } else {
      CHECK(parsed.error().code == "bad_decimal");
      CHECK(parsed.error().error_class == ErrorClass::kData);
    }
  }
}

TEST_CASE("fractions: one value has one text") {
  for (const char* text : {"0/1", "1/1", "19/20", "-1/3", "123456789012345678901234567891/7"}) {
    CAPTURE(text);
    REQUIRE(Ratio::FromFraction(text).ok());
    CHECK(Frac(text).ToFraction() == text);
  }
  for (const char* text : {"", "/", "1", "1/", "/2", "1/0", "0/0", "2/4", "01/2", "1/02", "-0/1", "0/2", "1/-2", "+1/2",
                           "1/2/3", " 1/2", "1/2 ", "0x1/2", "--1/2", "1.5/2"}) {
    CAPTURE(text);
    const auto parsed = Ratio::FromFraction(text);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().code == "bad_ratio");
  }
}

TEST_CASE("the four operations stay exact and in lowest terms") {
  CHECK((Frac("1/3") + Frac("1/6")).ToFraction() == "1/2");
  CHECK((Frac("1/3") - Frac("1/2")).ToFraction() == "-1/6");
  CHECK((Frac("2/3") * Frac("3/4")).ToFraction() == "1/2");
  CHECK((Frac("2/3") / Frac("4/9")).ToFraction() == "3/2");
  CHECK((Dec("0.1") + Dec("0.2")) == Dec("0.3"));
  CHECK(Ratio(6, -8).ToFraction() == "-3/4");
  CHECK(Ratio(std::numeric_limits<std::int64_t>::min()).ToFraction() == "-9223372036854775808/1");
  Ratio self = Frac("2/3");
  self += self;
  self *= self;
  CHECK(self.ToFraction() == "16/9");
}

TEST_CASE("ten thousand products of the largest decimals sum without loss") {
  // x = 10^9 - 10^-6, so 10^4 x^2 = 10^22 - 2 * 10^7 + 10^-8.
  const Ratio largest = Dec("999999999.999999");
  Ratio sum;
  for (int i = 0; i < 10'000; ++i) sum += largest * largest;
  CHECK(sum.ToShortest() == "9999999999999980000000.00000001");
  CHECK(sum == largest * largest * 10'000);
  CHECK(sum.ToDecimal(2) == "9999999999999980000000.00");
  CHECK(sum / largest / 10'000 == largest);
}

TEST_CASE("many small thirds come back to a whole") {
  Ratio sum;
  for (int i = 0; i < 3'000; ++i) sum += Frac("1/3000");
  CHECK(sum == 1);
  CHECK(sum.ToFraction() == "1/1");
}

TEST_CASE("rounding is half up, from the exact value") {
  struct Row {
    const char* value;
    int places;
    const char* shown;
  };
  const std::vector<Row> rows = {
      {"1/200", 2, "0.01"},       {"999/200000", 2, "0.00"},   {"1001/200000", 2, "0.01"}, {"2/3", 2, "0.67"},
      {"1/3", 2, "0.33"},         {"89995/1000", 2, "90.00"},  {"89994/1000", 2, "89.99"}, {"1/2", 0, "1"},
      {"49/100", 0, "0"},         {"70/1", 2, "70.00"},        {"0/1", 2, "0.00"},         {"1/3", 6, "0.333333"},
      {"2/3", 6, "0.666667"},     {"1/2000000", 6, "0.000001"}, {"1/2000001", 6, "0.000000"},
      {"-1/200", 2, "0.00"},      {"-3/200", 2, "-0.01"},      {"-1/2", 0, "0"},           {"-3/2", 0, "-1"},
      {"-1/20", 2, "-0.05"},      {"1005/1000", 2, "1.01"},    {"7/1", -1, "7"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.value);
    const auto value = Ratio::FromFraction(row.value);
    // Some rows are easier to read outside lowest terms.
    const std::string text = row.value;
    const auto slash = text.find('/');
    const Ratio exact = value.ok() ? *value : Ratio(std::stoll(text.substr(0, slash)), std::stoll(text.substr(slash + 1)));
    CHECK(exact.ToDecimal(row.places) == row.shown);
  }
}

TEST_CASE("the shortest exact text, or the fraction where no decimal is exact") {
  struct Row {
    Ratio value;
    const char* text;
  };
  const std::vector<Row> rows = {{Ratio(3, 2), "1.5"},   {Ratio(2), "2"},          {Ratio(0), "0"},
                                 {Ratio(1, 3), "1/3"},   {Ratio(1, 8), "0.125"},   {Ratio(1, 5), "0.2"},
                                 {Ratio(1, 40), "0.025"}, {Ratio(-1, 4), "-0.25"}, {Ratio(100), "100"},
                                 {Ratio(7, 6), "7/6"}};
  for (const Row& row : rows) CHECK(row.value.ToShortest() == row.text);
  CHECK(Dec("1.500000").ToShortest() == "1.5");
}

TEST_CASE("comparison, floor, minimum and maximum") {
  CHECK(Frac("1/3") < Dec("0.333334"));
  CHECK(Frac("1/3") > Dec("0.333333"));
  CHECK(Ratio(2, 4) == Ratio(1, 2));
  CHECK(Ratio(1) != Ratio(2));
  CHECK(Ratio(1) <= Ratio(1));
  CHECK(Ratio(1) >= Ratio(1));
  CHECK(Min(Ratio(1), Ratio(2)) == 1);
  CHECK(Max(Ratio(1), Ratio(2)) == 2);
  CHECK(Ratio(7, 2).Floor() == 3);
  CHECK(Ratio(-7, 2).Floor() == -4);
  CHECK(Ratio(4).Floor() == 4);
  CHECK(Ratio(std::numeric_limits<std::int64_t>::max()).Floor() == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("copies are apart; what was moved from can be used again") {
  Ratio a(1, 2);
  Ratio b = a;
  b += 1;
  CHECK(a == Ratio(1, 2));
  Ratio c = std::move(b);
  CHECK(c == Ratio(3, 2));
  b = Ratio(5);
  CHECK(b == 5);
  a = c;
  c *= 2;
  CHECK(a == Ratio(3, 2));
  a = *&a;
  CHECK(a == Ratio(3, 2));
}

}  // namespace
}  // namespace mc
