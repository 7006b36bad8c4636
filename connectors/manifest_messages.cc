// The "messages" section of a manifest: how one message hub differs from another.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "connectors/manifest_parts.h"

namespace mc::manifest_parts {
namespace {

constexpr std::size_t kFixedLimit = 8;

bool IsPlain(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

Status ReadFixed(const JsonAt& at, MessageSpec& messages) {
  if (!at.value().is_object()) return at.Fail("not_object", "parameter names with their fixed texts");
  if (at.value().size() > kFixedLimit) return at.Fail("too_many", "at most " + std::to_string(kFixedLimit));
  for (const auto& [name, value] : at.value().items()) {
    const Json key(name);
    const std::string pointer = at.pointer() + PointerToken(name);
    MC_TRY(std::string parameter, HeaderAt(JsonAt(key, pointer)));
    MC_TRY(std::string text, JsonAt(value, pointer).Text(kNameLimitBytes));
    if (!IsPlain(text)) return JsonAt(value, pointer).Fail("bad_text", "visible ASCII without blanks");
    messages.fixed.emplace_back(std::move(parameter), std::move(text));
  }
  return Ok();
}

}  // namespace

Status ReadMessages(const JsonAt& at, MessageSpec& messages) {
  MC_CHECK_OK(at.Keys({"parameters", "list", "fixed", "message"}));
  if (const auto parameters = at.Find("parameters")) {
    MC_TRY(const std::size_t chosen, parameters->OneOf({"query", "headers"}));
    messages.in_headers = chosen == 1;
  }
  if (const auto list = at.Find("list")) {
    MC_TRY(const std::size_t chosen, list->OneOf({"days", "whole"}));
    messages.by_days = chosen == 0;
  }
  if (const auto fixed = at.Find("fixed")) MC_CHECK_OK(ReadFixed(*fixed, messages));
  return ReadPath(at, "message", false, messages.message);
}

}  // namespace mc::manifest_parts
