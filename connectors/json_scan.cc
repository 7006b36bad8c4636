#include "connectors/json_scan.h"

#include "core/text.h"

namespace mc::json_scan {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kTokenEnd = ",]}: \t\r\n\"[{";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AppendUtf8(std::string& out, unsigned code) {
  const auto add = [&](unsigned byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0 | code >> 6);
    add(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    add(0xE0 | code >> 12);
    add(0x80 | (code >> 6 & 0x3F));
    add(0x80 | (code & 0x3F));
  } else {
    add(0xF0 | code >> 18);
    add(0x80 | (code >> 12 & 0x3F));
    add(0x80 | (code >> 6 & 0x3F));
    add(0x80 | (code & 0x3F));
  }
}

// Walks one text; `at` is always the next byte that was not read.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  bool End() const { return at_ >= text_.size(); }
  char Peek() const { return End() ? '\0' : text_[at_]; }
  std::size_t at() const { return at_; }
  std::string_view From(std::size_t start) const { return text_.substr(start, at_ - start); }

  void SkipSpace() {
    while (!End() && kSpace.find(text_[at_]) != std::string_view::npos) ++at_;
  }

  bool Take(char c) {
    SkipSpace();
    if (Peek() != c) return false;
    ++at_;
    return true;
  }

  // Behind the closing quote. REQUIRES Peek() == '"'.
  bool SkipString() {
    for (++at_; !End(); ++at_) {
      at_ = text_.find_first_of("\"\\", at_);
      if (at_ == std::string_view::npos) break;
      if (text_[at_] == '"') {
        ++at_;
        return true;
      }
      ++at_;  // what is escaped
    }
    at_ = text_.size();
    return false;
  }

  // One value by its brackets and strings alone.
  bool SkipValue(std::size_t depth_limit) {
    SkipSpace();
    if (Peek() == '"') return SkipString();
    if (Peek() != '{' && Peek() != '[') return SkipToken();
    std::string open;
    do {
      at_ = text_.find_first_of("\"{}[]", at_);
      if (at_ == std::string_view::npos) {
        at_ = text_.size();
        return false;
      }
      const char c = text_[at_];
      if (c == '"') {
        if (!SkipString()) return false;
        continue;
      }
      ++at_;
      if (c == '{' || c == '[') {
        if (open.size() >= depth_limit) return false;
        open.push_back(c == '{' ? '}' : ']');
      } else {
        if (open.back() != c) return false;
        open.pop_back();
      }
    } while (!open.empty());
    return true;
  }

  // One value with everything in it. Depth was bounded by Whole.
  bool StrictValue(int depth) {
    SkipSpace();
    if (depth > kDepth) return false;
    switch (Peek()) {
      case '{': return StrictList('{', '}', depth);
      case '[': return StrictList('[', ']', depth);
      case '"': return StrictString(nullptr);
      default: return StrictToken();
    }
  }

  // A string as RFC 8259 section 7 writes it; unescaped into `out`, if given.
  bool StrictString(std::string* out) {
    if (Peek() != '"') return false;
    for (++at_; !End(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\') {
        if (!Escape(out)) return false;
      } else if (out) {
        *out += c;
      }
    }
    return false;
  }

 private:
  static constexpr int kDepth = 128;

  bool SkipToken() {
    const std::size_t start = at_;
    at_ = std::min(text_.find_first_of(kTokenEnd, at_), text_.size());
    return at_ > start;
  }

  bool StrictList(char open, char close, int depth) {
    Take(open);
    if (Take(close)) return true;
    do {
      SkipSpace();
      if (open == '{' && (!StrictString(nullptr) || !Take(':'))) return false;
      if (!StrictValue(depth + 1)) return false;
    } while (Take(','));
    return Take(close);
  }

  bool StrictToken() {
    const std::size_t start = at_;
    if (!SkipToken()) return false;
    const std::string_view token = From(start);
    return token == "true" || token == "false" || token == "null" || IsNumber(token);
  }

  static bool IsNumber(std::string_view token) {
    std::size_t i = token.starts_with('-') ? 1 : 0;
    const auto digits = [&] {
      const std::size_t first = i;
      while (i < token.size() && IsDigit(token[i])) ++i;
      return i - first;
    };
    const bool zero = i < token.size() && token[i] == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (zero && whole > 1)) return false;
    if (i < token.size() && token[i] == '.') {
      ++i;
      if (digits() == 0) return false;
    }
    if (i < token.size() && (token[i] == 'e' || token[i] == 'E')) {
      ++i;
      if (i < token.size() && (token[i] == '+' || token[i] == '-')) ++i;
      if (digits() == 0) return false;
    }
    return i == token.size();
  }

  // At the backslash; leaves `at_` on the last byte of the escape.
  bool Escape(std::string* out) {
    static constexpr std::string_view kNames = "\"\\/bfnrt", kMeans = "\"\\/\b\f\n\r\t";
    ++at_;
    if (const std::size_t name = kNames.find(Peek()); name != std::string_view::npos && !End()) {
      if (out) *out += kMeans[name];
      return true;
    }
    if (Peek() != 'u') return false;
    auto code = Hex4();
    if (!code) return false;
    if (*code >= 0xD800 && *code < 0xDC00 && text_.substr(at_ + 1, 2) == "\\u") {
      at_ += 2;
      const auto low = Hex4();
      if (!low || *low < 0xDC00 || *low > 0xDFFF) return false;
      code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
    } else if (*code >= 0xD800 && *code <= 0xDFFF) {
      return false;  // half of a pair is no character
    }
    if (out) AppendUtf8(*out, *code);
    return true;
  }

  // The four digits behind `at_`; leaves `at_` on the last one.
  std::optional<unsigned> Hex4() {
    static constexpr std::string_view kHex = "0123456789abcdef";
    const std::string digits = ToLowerAscii(text_.substr(std::min(at_ + 1, text_.size()), 4));
    unsigned code = 0;
    for (const char c : digits) {
      const std::size_t digit = kHex.find(c);
      if (digit == std::string_view::npos) return std::nullopt;
      code = code * 16 + static_cast<unsigned>(digit);
    }
    at_ += 4;
    return digits.size() == 4 ? std::optional(code) : std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

constexpr std::size_t kAnyDepth = std::string_view::npos;

// The value of the first member called `name`.
std::optional<std::string_view> Member(std::string_view object, std::string_view name) {
  Walker walker(object);
  if (!walker.Take('{') || walker.Take('}')) return std::nullopt;
  do {
    walker.SkipSpace();
    std::string key;
    if (!walker.StrictString(&key) || !walker.Take(':')) return std::nullopt;
    walker.SkipSpace();
    const std::size_t start = walker.at();
    if (!walker.SkipValue(kAnyDepth)) return std::nullopt;
    if (key == name) return walker.From(start);
  } while (walker.Take(','));
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> Whole(std::string_view text, std::size_t depth_limit) {
  Walker walker(text);
  walker.SkipSpace();
  const std::size_t start = walker.at();
  if (!walker.SkipValue(depth_limit)) return std::nullopt;
  const std::string_view value = walker.From(start);
  walker.SkipSpace();
  return walker.End() ? std::optional(value) : std::nullopt;
}

std::optional<std::string_view> At(std::string_view value, const ValuePath& path) {
  for (const std::string& name : path) {
    const auto member = Member(value, name);
    if (!member) return std::nullopt;
    value = *member;
  }
  return value;
}

std::optional<std::vector<std::string_view>> Elements(std::string_view array, std::size_t most) {
  std::vector<std::string_view> elements;
  Walker walker(array);
  if (!walker.Take('[')) return std::nullopt;
  if (walker.Take(']')) return elements;
  do {
    walker.SkipSpace();
    const std::size_t start = walker.at();
    if (!walker.SkipValue(kAnyDepth)) return std::nullopt;
    elements.push_back(walker.From(start));
    if (elements.size() >= most) return elements;
  } while (walker.Take(','));
  return walker.Take(']') ? std::optional(std::move(elements)) : std::nullopt;
}

bool IsStrict(std::string_view value) {
  Walker walker(value);
  if (!walker.StrictValue(0)) return false;
  walker.SkipSpace();
  return walker.End();
}

std::optional<std::string> Scalar(std::string_view value) {
  if (value.empty() || value == "null" || value[0] == '{' || value[0] == '[') return std::nullopt;
  if (value[0] != '"') return std::string(value);
  std::string text;
  Walker walker(value);
  return walker.StrictString(&text) ? std::optional(std::move(text)) : std::nullopt;
}

}  // namespace mc::json_scan
