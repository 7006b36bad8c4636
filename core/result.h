// Result<T> and Error: every expected failure in this project is a value.
//
// Thread safety: plain values; share them as you would share a std::string.
#pragma once

#include <cstdlib>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace mc {

// The class of an error decides what the caller does, never its text.
enum class ErrorClass {
  kConfig,     // stop; the message says what to change
  kTransient,  // retry with bounded back-off; honours Error::retry_after
  kAuth,       // authenticate once more, then stop
  kData,       // quarantine this record, go on with the next
  kInternal,   // a bug of ours or a broken store: stop this connector
};

struct Error {
  ErrorClass error_class = ErrorClass::kInternal;
  std::string code;     // stable, snake_case: "http_status", "bad_date"
  std::string message;  // one sentence, English, says what to do; never a payload or a secret
  std::optional<std::chrono::seconds> retry_after = std::nullopt;
};

inline Error ConfigError(std::string code, std::string message) {
  return {ErrorClass::kConfig, std::move(code), std::move(message)};
}
inline Error TransientError(std::string code, std::string message) {
  return {ErrorClass::kTransient, std::move(code), std::move(message)};
}
inline Error AuthError(std::string code, std::string message) {
  return {ErrorClass::kAuth, std::move(code), std::move(message)};
}
inline Error DataError(std::string code, std::string message) {
  return {ErrorClass::kData, std::move(code), std::move(message)};
}
inline Error InternalError(std::string code, std::string message) {
  return {ErrorClass::kInternal, std::move(code), std::move(message)};
}

// A value or an error. value() and error() abort when the other one is held:
// that is a programmer's mistake, never reachable from input.
// E is Error everywhere but where the errors are a closed list of their own (sso/refusal.h).
template <typename T, typename E = Error>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit on purpose
  Result(E error) : held_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return Checked<0>(held_); }
  const T& value() const& { return Checked<0>(held_); }
  T&& value() && { return std::move(Checked<0>(held_)); }
  const E& error() const { return Checked<1>(held_); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  template <std::size_t I, typename V>
  static auto& Checked(V& held) {
    if (held.index() != I) std::abort();
    return *std::get_if<I>(&held);
  }
  std::variant<T, E> held_;
};

// Success without a value.
struct Unit {};
using Status = Result<Unit>;
inline Status Ok() { return Unit{}; }

}  // namespace mc

#define MC_CONCAT_INNER(a, b) a##b
#define MC_CONCAT(a, b) MC_CONCAT_INNER(a, b)

// MC_TRY(auto x, Expr()); declares x, or returns Expr's error from this function.
#define MC_TRY(declaration, expression) MC_TRY_INNER(MC_CONCAT(mc_result_, __LINE__), declaration, expression)
#define MC_TRY_INNER(tmp, declaration, expression) \
  auto tmp = (expression);                         \
  if (!tmp.ok()) return tmp.error();               \
  declaration = std::move(tmp).value()

// MC_CHECK_OK(Expr()); returns Expr's error from this function, if any.
#define MC_CHECK_OK(expression)                                      \
  do {                                                               \
    if (auto mc_status = (expression); !mc_status.ok()) return mc_status.error(); \
  } while (false)
