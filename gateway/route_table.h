// Which route answers which method at which path. A plain path is looked up, a pattern is matched; a plain path that is
// known wins. Not changed once requests come, then safe from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateway/route.h"

namespace mc {

struct RouteEntry {
  Route route;
  Refusal refuse = nullptr;           // asked before the body is read; may be absent
  std::int64_t body_limit_bytes = 0;  // 0: takes no body
  bool seated = true;                 // takes one of the reception's seats (kBusyRoutesLimit)
};

class RouteTable {
 public:
  RouteTable();
  ~RouteTable();

  // `pattern`: a regular expression (ECMAScript) over the whole path. One without a sign of such is a plain path;
  // "\\." in it is a dot. The first one of a method and pattern stays. HEAD comes with GET.
  void Add(const std::string& method, const std::string& pattern, RouteEntry entry);

  // Method and pattern of all, sorted; HEAD apart.
  std::vector<std::pair<std::string, std::string>> All() const;

  struct Found {
    const RouteEntry* entry = nullptr;  // owned by the table
    std::string allow = "";             // without an entry: the methods that the path knows, for Allow; empty: no path
  };
  // Puts what the pattern's groups matched into `captures`.
  Found Find(const std::string& method, const std::string& path, std::vector<std::string>& captures) const;

 private:
  using ByMethod = std::map<std::string, RouteEntry, std::less<>>;
  struct Pattern;
  static void Look(const ByMethod& methods, const std::string& method, Found& found);

  std::vector<std::pair<std::string, std::string>> added_;
  std::unordered_map<std::string, ByMethod> plain_;
  std::vector<std::unique_ptr<Pattern>> patterns_;
};

}  // namespace mc
