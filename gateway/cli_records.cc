#include "gateway/cli_records.h"

#include <pwd.h>
#include <unistd.h>

#include <charconv>

namespace mc {
namespace {

constexpr std::size_t kIkDigits = 16;

}  // namespace

Result<std::int64_t> RecordNamed(const std::string& text) {
  std::uint64_t ik = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ik, 16);
  if (text.size() != kIkDigits || error != std::errc() || end != text.data() + text.size()) {
    return ConfigError("bad_record", "\"" + text + "\" is no record: give its 16 hex digits, as quarantine list shows");
  }
  return static_cast<std::int64_t>(ik);
}

Error AsWrongUse(Error error) {
  if (error.error_class == ErrorClass::kData) error.error_class = ErrorClass::kConfig;
  return error;
}

std::string OsUser() {
  const passwd* user = getpwuid(geteuid());
  return user ? user->pw_name : "uid " + std::to_string(geteuid());
}

}  // namespace mc
