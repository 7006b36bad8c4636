// Exact arithmetic for scores: rational numbers without limit (GMP inside).
//
// There is no float anywhere between a source's record and a class; a number is
// rounded once, for display, by the rule that the policy names.
// Thread safety: plain values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

namespace mc {

class Ratio {
 public:
  Ratio();                                    // 0
  Ratio(std::int64_t whole);                  // NOLINT: implicit on purpose
  Ratio(std::int64_t num, std::int64_t den);  // REQUIRES: den != 0
  Ratio(const Ratio& other);
  Ratio(Ratio&& other) noexcept;
  Ratio& operator=(const Ratio& other);
  Ratio& operator=(Ratio&& other) noexcept;
  ~Ratio();

  // "12", "0.25": up to nine digits before and six after the point, no sign.
  // kData "bad_decimal" otherwise.
  static Result<Ratio> FromDecimal(std::string_view text);
  // "p/q" as written by ToFraction. kData "bad_ratio" otherwise.
  static Result<Ratio> FromFraction(std::string_view text);

  Ratio& operator+=(const Ratio& other);
  Ratio& operator-=(const Ratio& other);
  Ratio& operator*=(const Ratio& other);
  Ratio& operator/=(const Ratio& other);  // REQUIRES: other != 0
  friend Ratio operator+(Ratio a, const Ratio& b) { return a += b; }
  friend Ratio operator-(Ratio a, const Ratio& b) { return a -= b; }
  friend Ratio operator*(Ratio a, const Ratio& b) { return a *= b; }
  friend Ratio operator/(Ratio a, const Ratio& b) { return a /= b; }

  int Compare(const Ratio& other) const;  // <0, 0, >0
  friend bool operator==(const Ratio& a, const Ratio& b) { return a.Compare(b) == 0; }
  friend bool operator!=(const Ratio& a, const Ratio& b) { return a.Compare(b) != 0; }
  friend bool operator<(const Ratio& a, const Ratio& b) { return a.Compare(b) < 0; }
  friend bool operator<=(const Ratio& a, const Ratio& b) { return a.Compare(b) <= 0; }
  friend bool operator>(const Ratio& a, const Ratio& b) { return a.Compare(b) > 0; }
  friend bool operator>=(const Ratio& a, const Ratio& b) { return a.Compare(b) >= 0; }

  // Lowest terms, always with a denominator: "19/20", "1/1", "0/1".
  std::string ToFraction() const;
  // Rounded half up to `places` decimals: ToDecimal(2) of 2/3 is "0.67".
  std::string ToDecimal(int places) const;
  // Shortest exact decimal ("1.5", "2"); falls back to ToFraction when there is none.
  std::string ToShortest() const;

  // Largest whole number not above this one. REQUIRES: fits 64 bits.
  std::int64_t Floor() const;

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

Ratio Min(const Ratio& a, const Ratio& b);
Ratio Max(const Ratio& a, const Ratio& b);

}  // namespace mc
