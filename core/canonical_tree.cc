#include "core/canonical_tree.h"

#include <charconv>

#include "core/json.h"
#include "core/text.h"

namespace mc {
namespace {

using Kind = CanonicalNode::Kind;
using Nodes = std::vector<CanonicalNode>;

constexpr std::string_view kShortEscapes = "\"\\bfnrt";
constexpr std::string_view kShortMeanings = "\"\\\b\f\n\r\t";

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20; }

// The control that the four digits of \uXXXX stand for: only those that have no shorter form; -1 else.
int ControlOf(std::string_view digits) {
  if (digits.size() < 4 || !digits.starts_with("00") || digits[2] > '1' || digits[2] < '0') return -1;
  const auto low = std::string_view("0123456789abcdef").find(digits[3]);
  if (low == std::string_view::npos) return -1;
  const int value = (digits[2] - '0') * 16 + static_cast<int>(low);
  return kShortMeanings.find(static_cast<char>(value)) == std::string_view::npos ? value : -1;
}

class Reader {
 public:
  Reader(std::string_view text, Nodes& nodes) : rest_(text), nodes_(nodes) {}

  bool Document() { return Value({}, 0) && rest_.empty(); }

 private:
  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool Word(std::string_view name, Kind kind, std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    Add(name, kind);
    rest_.remove_prefix(word.size());
    return true;
  }

  CanonicalNode& Add(std::string_view name, Kind kind) {
    CanonicalNode& node = nodes_.emplace_back();
    node.kind = kind;
    node.name = name;
    node.after = static_cast<std::uint32_t>(nodes_.size());
    return node;
  }

  bool Value(std::string_view name, int depth) {
    if (rest_.empty()) return false;
    switch (rest_.front()) {
      case '{': return Object(name, depth);
      case '[': return List(name, depth);
      case '"': {
        CanonicalNode& node = Add(name, Kind::kText);
        return Quoted(node.raw, node.escaped);
      }
      case 't': return Word(name, Kind::kTrue, "true");
      case 'f': return Word(name, Kind::kFalse, "false");
      case 'n': return Word(name, Kind::kNull, "null");
      default: return Integer(Add(name, Kind::kInteger));
    }
  }

  bool Object(std::string_view name, int depth) {
    const std::size_t at = Open(name, Kind::kObject, depth);
    if (at == kTooDeep) return false;
    if (Take('}')) return true;
    std::string_view before;
    do {
      std::string_view member;
      bool escaped = false;
      if (!Quoted(member, escaped) || escaped || !Take(':')) return false;
      if (nodes_[at].size > 0 && member <= before) return false;  // sorted by byte, each once
      before = member;
      ++nodes_[at].size;
      if (!Value(member, depth + 1)) return false;
    } while (Take(','));
    return Close(at, '}');
  }

  bool List(std::string_view name, int depth) {
    const std::size_t at = Open(name, Kind::kList, depth);
    if (at == kTooDeep) return false;
    if (Take(']')) return true;
    do {
      ++nodes_[at].size;
      if (!Value({}, depth + 1)) return false;
    } while (Take(','));
    return Close(at, ']');
  }

  std::size_t Open(std::string_view name, Kind kind, int depth) {
    if (depth >= kJsonDepthLimit) return kTooDeep;
    rest_.remove_prefix(1);
    Add(name, kind);
    return nodes_.size() - 1;
  }

  bool Close(std::size_t at, char bracket) {
    nodes_[at].after = static_cast<std::uint32_t>(nodes_.size());
    return Take(bracket);
  }

  bool Quoted(std::string_view& raw, bool& escaped) {
    if (!Take('"')) return false;
    std::size_t at = 0;
    for (; at < rest_.size() && rest_[at] != '"'; ++at) {
      if (IsControl(rest_[at])) return false;
      if (rest_[at] != '\\') continue;
      const std::size_t skip = EscapeBytes(rest_.substr(at + 1));
      if (skip == 0) return false;
      escaped = true;
      at += skip;
    }
    if (at == rest_.size()) return false;
    raw = rest_.substr(0, at);
    rest_.remove_prefix(at + 1);
    return true;
  }

  // Behind the backslash; 0: not the escape that the one form uses.
  static std::size_t EscapeBytes(std::string_view after) {
    if (after.empty()) return 0;
    if (kShortEscapes.find(after.front()) != std::string_view::npos) return 1;
    return after.front() == 'u' && ControlOf(after.substr(1)) >= 0 ? 5 : 0;
  }

  bool Integer(CanonicalNode& node) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) return false;
    node.raw = rest_.substr(0, static_cast<std::size_t>(end - rest_.data()));
    rest_.remove_prefix(node.raw.size());
    return std::to_string(value) == node.raw;  // no "-0", no zero in front
  }

  static constexpr std::size_t kTooDeep = SIZE_MAX;

  std::string_view rest_;
  Nodes& nodes_;
};

}  // namespace

std::string CanonicalNode::Text() const {
  if (!escaped) return std::string(raw);
  std::string text;
  for (std::size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] != '\\') {
      text += raw[at];
    } else if (raw[++at] == 'u') {
      text += static_cast<char>(ControlOf(raw.substr(at + 1)));
      at += 4;
    } else {
      text += kShortMeanings[kShortEscapes.find(raw[at])];
    }
  }
  return text;
}

std::int64_t CanonicalNode::Integer() const {
  std::int64_t value = 0;
  std::from_chars(raw.data(), raw.data() + raw.size(), value);
  return value;
}

Result<CanonicalTree> CanonicalTree::Parse(std::string_view text) {
  constexpr std::size_t kUsualNodes = 64;
  CanonicalTree tree;
  tree.nodes_.reserve(kUsualNodes);
  const bool fits = text.size() <= kJsonDocumentLimitBytes && IsValidUtf8(text);
  if (fits && Reader(text, tree.nodes_).Document()) return tree;
  return DataError("not_canonical", "the text is not in the one form of a document of ours");
}

const CanonicalNode* CanonicalTree::Find(const CanonicalNode& object, std::string_view name) const {
  if (object.kind != Kind::kObject || object.size == 0) return nullptr;
  const CanonicalNode* member = First(object);
  for (std::uint32_t i = 1; i < object.size && member->name != name; ++i) member = Next(*member);
  return member->name == name ? member : nullptr;
}

}  // namespace mc
