#include "gateway/return_path.h"

#include <algorithm>

#include "core/text.h"

namespace mc {
namespace {

bool MayStandInPath(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || IsAsciiDigit(c) || std::string_view("-._~/?=&").find(c) != std::string_view::npos;
}

bool HasDotSegment(std::string_view path) {
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, end - at);
    if (segment == "." || segment == "..") return true;
    at = end + 1;
  }
  return false;
}

bool IsOfSignIn(std::string_view path) {
  for (const std::string_view page : {"/sign-in", "/sign-out", "/step-up"}) {
    if (path == page || path.starts_with(std::string(page) + "/")) return true;
  }
  return false;
}

}  // namespace

std::string ReturnPath(std::string_view asked) {
  const std::string_view path = asked.substr(0, asked.find('?'));
  const bool good = asked.size() <= kReturnPathLimitBytes && asked.starts_with('/') &&
                    std::all_of(asked.begin(), asked.end(), MayStandInPath) &&
                    asked.find("//") == std::string_view::npos && !HasDotSegment(path) && !IsOfSignIn(path);
  return good ? std::string(asked) : "/";
}

}  // namespace mc
