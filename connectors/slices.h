// A document that is split as a whole and handed on in slices. Pure.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/source_record.h"

namespace mc {

inline std::int64_t RowsOf(const Page& whole) {
  return static_cast<std::int64_t>(whole.records.size() + whole.unreadable.size());
}

// Copies rows [from, from + most) of `whole`, readable ones first, to the end of `page`; returns
// where the next slice begins.
inline std::int64_t TakeSlice(const Page& whole, std::int64_t from, std::int64_t most, Page& page) {
  const auto readable = static_cast<std::int64_t>(whole.records.size());
  const std::int64_t to = std::min(RowsOf(whole), from + most);
  for (std::int64_t i = std::min(from, to); i < to; ++i) {
    if (i < readable) {
      page.records.push_back(whole.records[static_cast<std::size_t>(i)]);
    } else {
      page.unreadable.push_back(whole.unreadable[static_cast<std::size_t>(i - readable)]);
    }
  }
  return to;
}

}  // namespace mc
