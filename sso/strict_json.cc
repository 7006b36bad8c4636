#include "sso/strict_json.h"

#include <nlohmann/json.hpp>

#include "core/shown.h"

namespace mc::sso {
namespace {

bool DeeperThan(const Json& value, int levels) {
  if (!value.is_structured()) return false;
  if (levels == 0) return true;
  for (const Json& child : value) {
    if (DeeperThan(child, levels - 1)) return true;
  }
  return false;
}

}  // namespace

std::optional<Json> StrictObject(std::string_view text, std::size_t limit_bytes) {
  // Our own reader passes over a byte order mark; RFC 8259 section 8.1 forbids a sender to put one.
  if (text.size() > limit_bytes || text.starts_with("\xEF\xBB\xBF")) return std::nullopt;
  auto parsed = ParseJson(text);
  if (!parsed.ok() || !parsed->is_object() || DeeperThan(*parsed, kProviderJsonDepthLimit)) return std::nullopt;
  return std::move(parsed).value();
}

TextMember TextOf(const Json& object, std::string_view name, std::size_t limit_bytes) {
  const auto found = object.find(name);
  if (found == object.end()) return {};
  if (!found->is_string()) return {Presence::kWrong, ""};
  const auto& text = found->get_ref<const std::string&>();
  if (text.empty() || text.size() > limit_bytes || HasControls(text)) return {Presence::kWrong, ""};
  return {Presence::kThere, text};
}

DateMember DateOf(const Json& object, std::string_view name) {
  const auto found = object.find(name);
  if (found == object.end()) return {};
  const DateMember wrong{Presence::kWrong, 0};
  if (!found->is_number()) return wrong;
  if (found->is_number_float()) {
    const double seconds = found->get<double>();
    if (!(seconds >= 0 && seconds <= static_cast<double>(kNumericDateMost))) return wrong;
    return {Presence::kThere, static_cast<std::int64_t>(seconds)};
  }
  if (found->is_number_unsigned() && found->get<std::uint64_t>() > static_cast<std::uint64_t>(kNumericDateMost)) {
    return wrong;
  }
  const auto seconds = found->get<std::int64_t>();
  if (seconds < 0 || seconds > kNumericDateMost) return wrong;
  return {Presence::kThere, seconds};
}

}  // namespace mc::sso
