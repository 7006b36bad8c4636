#include "gateway/route_table.h"

#include <algorithm>
#include <optional>
#include <regex>
#include <string_view>

namespace mc {

struct RouteTable::Pattern {
  std::string text;
  std::regex regex;
  ByMethod methods = {};
};

namespace {

// The path that a pattern without a sign of regular expressions stands for.
std::optional<std::string> PlainPathOf(std::string_view pattern) {
  std::string path;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool dot = pattern.substr(i, 2) == "\\.";
    if (!dot && std::string_view("^$\\.*+?()[]{}|").find(pattern[i]) != std::string_view::npos) return std::nullopt;
    path += dot ? '.' : pattern[i];
    if (dot) ++i;
  }
  return path;
}

}  // namespace

RouteTable::RouteTable() = default;
RouteTable::~RouteTable() = default;

std::vector<std::pair<std::string, std::string>> RouteTable::All() const {
  auto all = added_;
  std::sort(all.begin(), all.end());
  return all;
}

void RouteTable::Add(const std::string& method, const std::string& pattern, RouteEntry entry) {
  added_.emplace_back(method, pattern);
  if (const auto path = PlainPathOf(pattern)) {
    plain_[*path].try_emplace(method, std::move(entry));
    return;
  }
  auto at = std::find_if(patterns_.begin(), patterns_.end(), [&](const auto& one) { return one->text == pattern; });
  if (at == patterns_.end()) {
    patterns_.push_back(std::make_unique<Pattern>(Pattern{pattern, std::regex(pattern, std::regex::optimize)}));
    at = std::prev(patterns_.end());
  }
  (*at)->methods.try_emplace(method, std::move(entry));
}

void RouteTable::Look(const ByMethod& methods, const std::string& method, Found& found) {
  const auto entry = methods.find(method == "HEAD" ? "GET" : method);
  if (entry != methods.end()) {
    found.entry = &entry->second;
    return;
  }
  for (const auto& [known, ignored] : methods) {
    if (!found.allow.empty()) found.allow += ", ";
    found.allow += known == "GET" ? "GET, HEAD" : known;
  }
}

RouteTable::Found RouteTable::Find(const std::string& method, const std::string& path,
                                   std::vector<std::string>& captures) const {
  Found found;
  if (const auto plain = plain_.find(path); plain != plain_.end()) Look(plain->second, method, found);
  std::smatch match;
  for (auto at = patterns_.begin(); at != patterns_.end() && found.entry == nullptr; ++at) {
    if (!std::regex_match(path, match, (*at)->regex)) continue;
    Look((*at)->methods, method, found);
    if (found.entry == nullptr) continue;
    for (std::size_t i = 1; i < match.size(); ++i) captures.push_back(match[i].str());
  }
  return found;
}

}  // namespace mc
