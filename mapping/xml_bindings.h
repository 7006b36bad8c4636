// The prefixes that are bound at one place of an XML message (Namespaces in XML 1.0, section 6).
// Elements are entered in document order; almost always the root declares all that there is.
// Holds views of the message. One thread at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace mc {

class XmlBindings {
 public:
  // An element at `depth`, the root's being 0, begins: those of its neighbours are left. Whether any was.
  bool Enter(int depth) {
    const std::size_t before = bound_.size();
    while (!bound_.empty() && bound_.back().depth >= depth) bound_.pop_back();
    return bound_.size() != before;
  }

  // The first of two equal attributes of an element counts.
  void Bind(std::string_view prefix, const char* uri, int depth) {
    for (auto one = bound_.rbegin(); one != bound_.rend() && one->depth == depth; ++one) {
      if (one->prefix == prefix) return;
    }
    bound_.push_back({prefix, uri, depth});
  }

  // nullptr when none is bound; "" for no prefix and no default namespace.
  const char* UriOf(std::string_view prefix) const {
    if (prefix == "xml") return "http://www.w3.org/XML/1998/namespace";
    for (auto one = bound_.rbegin(); one != bound_.rend(); ++one) {
      if (one->prefix == prefix) return one->uri;
    }
    return prefix.empty() ? "" : nullptr;
  }

  std::size_t size() const { return bound_.size(); }

  // The prefix that an attribute of this name binds, "" for the default one; nullopt: it binds none.
  static std::optional<std::string_view> PrefixBoundBy(std::string_view attribute) {
    if (!attribute.starts_with("xmlns")) return std::nullopt;
    if (attribute.size() == 5) return std::string_view();
    return attribute.size() > 6 && attribute[5] == ':' ? std::optional(attribute.substr(6)) : std::nullopt;
  }

 private:
  struct Binding {
    std::string_view prefix;
    const char* uri;
    int depth;
  };
  std::vector<Binding> bound_;
};

}  // namespace mc
