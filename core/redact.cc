#include "core/redact.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/json.h"
#include "core/text.h"

namespace mc {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsBase64(char c) { return IsAsciiDigit(c) || IsLetter(c) || c == '+' || c == '/'; }
bool IsLineEnd(char c) { return c == '\r' || c == '\n'; }

std::string PercentEncoded(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (IsAsciiDigit(c) || IsLetter(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

// As it stands in a JSON body: a password may hold quotes.
std::string JsonEscaped(const std::string& text) {
  std::string quoted;
  return AppendJsonText(quoted, text) ? quoted.substr(1, quoted.size() - 2) : text;
}

void ReplaceAll(std::string& text, const std::string& secret) {
  std::size_t at = text.find(secret);
  if (at == std::string::npos) return;
  std::string out;
  std::size_t from = 0;
  for (; at != std::string::npos; at = text.find(secret, from)) {
    out.append(text, from, at - from).append(kRedacted);
    from = at + secret.size();
  }
  text = out.append(text, from);
}

bool IsPersonalNumber(std::string_view run, bool behind_plus) {
  if (run.size() == 9) return true;
  if (run.size() == 10 || run.size() == 12) return run[0] == '0';
  return run.size() == 11 && behind_plus && run.starts_with("84");
}

// Other digits for the same number; the first stays 0 or stays none, as JSON numbers and
// telephone numbers need it.
void ReplaceDigits(std::string_view key, std::string& text, std::size_t from, std::size_t length) {
  const std::string run = text.substr(from, length);
  const Digest drawn = HmacSha256(key, run);
  const std::size_t kept = run.size() == 11 ? 2 : run[0] == '0' ? 1 : 0;  // "84", "0"
  for (std::size_t i = kept; i < length; ++i) {
    const auto least = static_cast<std::uint8_t>(i == 0 ? 1 : 0);
    text[from + i] = static_cast<char>('0' + least + drawn[i] % (10 - least));
  }
}

void ReplaceNumbers(std::string_view key, std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    if (!IsAsciiDigit(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && IsAsciiDigit(text[end])) ++end;
    const bool in_word = (at > 0 && IsLetter(text[at - 1])) || (end < text.size() && IsLetter(text[end]));
    const bool behind_plus = at > 0 && text[at - 1] == '+';
    if (!in_word && IsPersonalNumber(std::string_view(text).substr(at, end - at), behind_plus)) {
      ReplaceDigits(key, text, at, end - at);
    }
    at = end;
  }
}

// A run may be broken into lines, as MIME does.
std::size_t EndOfBase64(const std::string& text, std::size_t at) {
  while (at < text.size() && (IsBase64(text[at]) || IsLineEnd(text[at]))) ++at;
  return at;
}

void BlankBase64(std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = EndOfBase64(text, at);
    if (end - at >= kBase64RunBytes) {
      for (std::size_t i = at + kBase64KeptBytes; i < end; ++i) {
        if (!IsLineEnd(text[i])) text[i] = 'A';
      }
    }
    at = end + 1;
  }
}

// Behind the closing quote of the string that begins at `at`; npos: cut.
std::size_t EndOfString(std::string_view body, std::size_t at) {
  for (++at; at < body.size() && body[at] != '"'; ++at) {
    if (body[at] == '\\') ++at;
  }
  return at < body.size() ? at + 1 : std::string_view::npos;
}

// The value of the member whose name ends at `at`, as written: a text with its quotes, or a
// whole number. Empty where there is none.
std::string_view ValueBehind(std::string_view body, std::size_t at) {
  at = body.find_first_not_of(" \t\r\n", at);
  if (at == std::string_view::npos || body[at] != ':') return {};
  at = body.find_first_not_of(" \t\r\n", at + 1);
  if (at == std::string_view::npos) return {};
  if (body[at] != '"') return body.substr(at, std::min(body.find_first_not_of("0123456789", at), body.size()) - at);
  const std::size_t end = EndOfString(body, at);
  return end == std::string_view::npos ? std::string_view() : body.substr(at, end - at);
}

// What it says: "ab\/c" is ab/c.
std::string Unescaped(std::string_view value) {
  const auto json = ParseJson(value);
  return json.ok() && json->is_string() ? json->get<std::string>() : std::string();
}

// As those write JSON who escape "/" too (PHP).
std::string SlashesEscaped(std::string text) {
  for (auto at = text.find('/'); at != std::string::npos; at = text.find('/', at + 2)) text.insert(at, 1, '\\');
  return text;
}

}  // namespace

Redactor::Redactor(std::string key, std::vector<std::string> secrets)
    : key_(std::move(key)), known_{std::string(kRedacted)} {
  for (std::string& secret : secrets) AddSecret(std::move(secret));
  Sort();
}

void Redactor::AddSecret(std::string secret) {
  if (secret.size() < kShortestSecretBytes) return;
  const std::string escaped = JsonEscaped(secret);
  for (std::string form : {PercentEncoded(secret), escaped, SlashesEscaped(escaped), secret}) {
    if (known_.insert(form).second) secrets_.push_back(std::move(form));
  }
}

void Redactor::Sort() {
  std::sort(secrets_.begin(), secrets_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

bool Redactor::LearnFrom(std::string_view body) {
  for (const std::string_view field : kSecretFields) {
    const std::string name = '"' + std::string(field) + '"';
    for (auto at = body.find(name); at != std::string_view::npos; at = body.find(name, at + name.size())) {
      const std::string_view value = ValueBehind(body, at + name.size());
      const bool text = value.starts_with('"');
      const std::string_view secret = text ? value.substr(1, value.size() - 2) : value;
      if (secret.size() < kShortestSecretBytes || known_.contains(secret)) continue;
      if (++learned_ > kLearnedSecretsLimit) return false;
      AddSecret(std::string(secret));
      if (text) AddSecret(Unescaped(value));  // we may write it with other escapes, or none
    }
  }
  Sort();
  return true;
}

std::string Redactor::Clean(std::string_view bytes) const {
  std::string text(bytes);
  for (const std::string& secret : secrets_) ReplaceAll(text, secret);
  BlankBase64(text);
  ReplaceNumbers(key_, text);
  return text;
}

}  // namespace mc
