#include "core/shown.h"

namespace mc {
namespace {

// Bytes of the control character at `at`; 0 where there is none.
std::size_t ControlAt(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(at) < 0x20 || byte(at) == 0x7F) return 1;
  return byte(at) == 0xC2 && at + 1 < text.size() && byte(at + 1) >= 0x80 && byte(at + 1) < 0xA0 ? 2 : 0;
}

}  // namespace

bool HasControls(std::string_view utf8) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    if (ControlAt(utf8, i) > 0) return true;
  }
  return false;
}

std::string WithoutControls(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size();) {
    const std::size_t control = ControlAt(utf8, i);
    out += control > 0 ? '?' : utf8[i];
    i += control > 0 ? control : 1;
  }
  return out;
}

}  // namespace mc
