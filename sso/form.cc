#include "sso/form.h"

#include <algorithm>
#include <set>

#include "core/digest.h"
#include "core/shown.h"
#include "core/text.h"

namespace mc::sso {
namespace {

bool IsUnreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::optional<std::string> Decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const auto byte = i + 2 < text.size() ? FromHex(text.substr(i + 1, 2)) : std::nullopt;
    if (!byte) return std::nullopt;
    out += *byte;
    i += 2;
  }
  if (!IsValidUtf8(out) || HasControls(out)) return std::nullopt;
  return out;
}

}  // namespace

std::optional<Form> ParseForm(std::string_view text) {
  if (text.size() > kFormLimitBytes) return std::nullopt;
  Form form;
  while (!text.empty()) {
    const auto end = text.find('&');
    const std::string_view piece = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (piece.empty()) continue;
    if (form.size() == kFormMostParameters) return std::nullopt;
    const auto equals = piece.find('=');
    auto name = Decoded(piece.substr(0, equals));
    auto value = Decoded(equals == piece.npos ? "" : piece.substr(equals + 1));
    if (!name || !value) return std::nullopt;
    form.emplace_back(std::move(*name), std::move(*value));
  }
  return form;
}

bool HasDuplicate(const Form& form) {
  std::set<std::string_view> names;
  return !std::all_of(form.begin(), form.end(), [&](const auto& pair) { return names.insert(pair.first).second; });
}

std::size_t CountOf(const Form& form, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(form.begin(), form.end(), [&](const auto& pair) { return pair.first == name; }));
}

const std::string* ValueOf(const Form& form, std::string_view name) {
  const auto found = std::find_if(form.begin(), form.end(), [&](const auto& pair) { return pair.first == name; });
  return found == form.end() ? nullptr : &found->second;
}

std::string FormEncoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (IsUnreserved(c)) {
      out += c;
    } else {
      constexpr std::string_view kDigits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  return out;
}

std::string FormText(const Form& form) {
  std::string text;
  for (const auto& [name, value] : form) {
    text += (text.empty() ? "" : "&") + FormEncoded(name) + "=" + FormEncoded(value);
  }
  return text;
}

}  // namespace mc::sso
