// Lists that lie in a folder as several files: each a page that states the total of its whole list.
// The pages of one list are known by that total. Plain values; pure; not for several threads at once.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

#include "core/json_at.h"
#include "core/result.h"

namespace mc {

inline constexpr std::size_t kOpenLists = 16;           // at a time; another one has to wait for a whole list
inline constexpr std::size_t kPagesOfAList = 2'000;     // remembered, so that a page put in twice counts once
inline constexpr std::size_t kPageIdentityBytes = 128;  // HashId: a prefix and a hash in hex

class FiledLists {
 public:
  // A page of `rows` records out of a list of `total`. A list that becomes whole, in one file or in
  // several, takes the place of lists that were begun before it: it was exported anew.
  void Add(std::int64_t total, std::int64_t rows, const std::string& page);

  bool Whole() const { return lists_.empty(); }
  std::int64_t Missing() const;  // records that lists state and no file holds

  Json ToJson() const;
  static Result<FiledLists> Read(const JsonAt& lists);

 private:
  struct Open {
    std::int64_t total = 0;
    std::int64_t rows = 0;
    std::set<std::string> pages;
  };
  std::vector<Open> lists_;  // in the order in which they were begun
};

}  // namespace mc
