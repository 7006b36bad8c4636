// Goal: a Result carries a value or an error, and the macros pass errors on unchanged.
// Method: one function through each macro, both ways.
#include "core/result.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

namespace mc {
namespace {

Result<int> Half(int n) {
  if (n % 2 != 0) return DataError("odd", "the number is odd");
  return n / 2;
}

Result<int> Quarter(int n) {
  MC_TRY(const int half, Half(n));
  MC_TRY(const int quarter, Half(half));
  return quarter;
}

Status IsEven(int n) {
  MC_CHECK_OK(Half(n));
  return Ok();
}

TEST_CASE("values and errors travel through both macros") {
  CHECK(*Quarter(8) == 2);
  CHECK(Quarter(6).error().code == "odd");
  CHECK(Quarter(7).error().error_class == ErrorClass::kData);
  CHECK(IsEven(2).ok());
  CHECK_FALSE(IsEven(3));
}

TEST_CASE("a value can be moved out") {
  Result<std::unique_ptr<int>> held(std::make_unique<int>(5));
  const std::unique_ptr<int> taken = std::move(held).value();
  CHECK(*taken == 5);
}

TEST_CASE("each maker sets its class") {
  CHECK(ConfigError("a", "b").error_class == ErrorClass::kConfig);
  CHECK(TransientError("a", "b").error_class == ErrorClass::kTransient);
  CHECK(AuthError("a", "b").error_class == ErrorClass::kAuth);
  CHECK(DataError("a", "b").error_class == ErrorClass::kData);
  CHECK(InternalError("a", "b").error_class == ErrorClass::kInternal);
  CHECK_FALSE(ConfigError("a", "b").retry_after.has_value());
}

}  // namespace
}  // namespace mc
