#include "core/ratio.h"

#include <gmpxx.h>

#include <cstdlib>

namespace mc {
namespace {

static_assert(sizeof(long) == sizeof(std::int64_t), "GMP's long must hold 64 bits");

constexpr std::size_t kMaxWholeDigits = 9;
constexpr std::size_t kMaxDecimalDigits = 6;
// A fraction that we wrote ourselves sums at most some millions of products of such
// decimals; this keeps a hostile text from costing more than it is worth.
constexpr std::size_t kMaxFractionChars = 1 << 20;

bool IsDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

mpz_class PowerOfTen(std::size_t exponent) {
  mpz_class power;
  mpz_ui_pow_ui(power.get_mpz_t(), 10, exponent);
  return power;
}

mpz_class FloorOf(const mpq_class& q) {
  mpz_class floor;
  mpz_fdiv_q(floor.get_mpz_t(), q.get_num_mpz_t(), q.get_den_mpz_t());
  return floor;
}

// The digits of value / 10^places with a point in them; value's sign is kept.
std::string WithPoint(const mpz_class& value, std::size_t places) {
  const bool negative = value < 0;
  std::string digits = mpz_class(abs(value)).get_str();
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  return negative ? "-" + digits : digits;
}

// How often `prime` divides n, dividing it out.
std::size_t DivideOut(mpz_class& n, unsigned long prime) {
  const mpz_class factor = prime;
  return mpz_remove(n.get_mpz_t(), n.get_mpz_t(), factor.get_mpz_t());
}

}  // namespace

struct Ratio::Rep {
  mpq_class q;
};

Ratio::Ratio() : rep_(std::make_unique<Rep>()) {}
Ratio::Ratio(std::int64_t whole) : rep_(std::make_unique<Rep>()) { rep_->q = static_cast<long>(whole); }
Ratio::Ratio(std::int64_t num, std::int64_t den) : rep_(std::make_unique<Rep>()) {
  if (den == 0) std::abort();
  rep_->q = mpq_class(mpz_class(static_cast<long>(num)), mpz_class(static_cast<long>(den)));
  rep_->q.canonicalize();
}
Ratio::Ratio(const Ratio& other) : rep_(std::make_unique<Rep>(*other.rep_)) {}
// A moved-from Ratio stays a valid 0, so that no later use of it can touch a null pointer.
Ratio::Ratio(Ratio&& other) noexcept : rep_(std::make_unique<Rep>()) { rep_.swap(other.rep_); }
Ratio& Ratio::operator=(const Ratio& other) {
  rep_->q = other.rep_->q;
  return *this;
}
Ratio& Ratio::operator=(Ratio&& other) noexcept {
  rep_.swap(other.rep_);
  return *this;
}
Ratio::~Ratio() = default;

Result<Ratio> Ratio::FromDecimal(std::string_view text) {
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view decimals = point == std::string_view::npos ? "" : text.substr(point + 1);
  const bool good = IsDigits(whole) && whole.size() <= kMaxWholeDigits && decimals.size() <= kMaxDecimalDigits &&
                    (point == std::string_view::npos || IsDigits(decimals));
  if (!good) {
    return DataError("bad_decimal", "not a decimal of up to nine digits and up to six after the point, without sign");
  }
  Ratio result;
  result.rep_->q = mpq_class(mpz_class(std::string(whole) + std::string(decimals), 10), PowerOfTen(decimals.size()));
  result.rep_->q.canonicalize();
  return result;
}

Result<Ratio> Ratio::FromFraction(std::string_view text) {
  const Error bad = DataError("bad_ratio", "not a fraction p/q in lowest terms");
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || text.size() > kMaxFractionChars) return bad;
  const std::string_view num = text.substr(0, slash);
  const std::string_view den = text.substr(slash + 1);
  const bool negative = !num.empty() && num.front() == '-';
  if (!IsDigits(num.substr(negative ? 1 : 0)) || !IsDigits(den)) return bad;
  Ratio result;
  mpq_class& q = result.rep_->q;
  q.get_num() = mpz_class(std::string(num), 10);
  q.get_den() = mpz_class(std::string(den), 10);
  if (q.get_den() == 0) return bad;
  q.canonicalize();
  // One value has one text: "2/4", "01/2" and "-0/1" are refused.
  if (result.ToFraction() != text) return bad;
  return result;
}

Ratio& Ratio::operator+=(const Ratio& other) {
  rep_->q += other.rep_->q;
  return *this;
}
Ratio& Ratio::operator-=(const Ratio& other) {
  rep_->q -= other.rep_->q;
  return *this;
}
Ratio& Ratio::operator*=(const Ratio& other) {
  rep_->q *= other.rep_->q;
  return *this;
}
Ratio& Ratio::operator/=(const Ratio& other) {
  if (other.rep_->q == 0) std::abort();
  rep_->q /= other.rep_->q;
  return *this;
}

int Ratio::Compare(const Ratio& other) const { return cmp(rep_->q, other.rep_->q); }

std::string Ratio::ToFraction() const { return rep_->q.get_num().get_str() + "/" + rep_->q.get_den().get_str(); }

std::string Ratio::ToDecimal(int places) const {
  const std::size_t count = places < 0 ? 0 : static_cast<std::size_t>(places);
  // Half up means towards plus infinity: floor(x * 10^places + 1/2).
  const mpq_class scaled = rep_->q * PowerOfTen(count) + mpq_class(1, 2);
  return WithPoint(FloorOf(scaled), count);
}

std::string Ratio::ToShortest() const {
  mpz_class rest = rep_->q.get_den();
  const std::size_t twos = DivideOut(rest, 2);
  const std::size_t fives = DivideOut(rest, 5);
  if (rest != 1) return ToFraction();
  const std::size_t places = twos > fives ? twos : fives;
  return WithPoint(FloorOf(rep_->q * PowerOfTen(places)), places);
}

std::int64_t Ratio::Floor() const {
  const mpz_class floor = FloorOf(rep_->q);
  if (!floor.fits_slong_p()) std::abort();
  return floor.get_si();
}

Ratio Min(const Ratio& a, const Ratio& b) { return b < a ? b : a; }
Ratio Max(const Ratio& a, const Ratio& b) { return a < b ? b : a; }

}  // namespace mc
