// What is handed over (a file, a message): split as a whole, handed on in slices, and believed
// no further than our own clock. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/source_record.h"
#include "core/time.h"

namespace mc {

inline std::int64_t RowsOf(const Page& whole) {
  return static_cast<std::int64_t>(whole.records.size() + whole.unreadable.size());
}

// Copies rows [from, from + most) of `whole`, readable ones first, to the end of `page`; returns
// where the next slice begins.
inline std::int64_t TakeSlice(const Page& whole, std::int64_t from, std::int64_t most, Page& page) {
  const auto readable = static_cast<std::int64_t>(whole.records.size());
  const std::int64_t rows = RowsOf(whole);
  from = std::min(from, rows);
  const std::int64_t to = from + std::min(rows - from, most);
  for (std::int64_t i = from; i < to; ++i) {
    if (i < readable) {
      page.records.push_back(whole.records[static_cast<std::size_t>(i)]);
    } else {
      page.unreadable.push_back(whole.unreadable[static_cast<std::size_t>(i - readable)]);
    }
  }
  return to;
}

// `said`, the time up to which a sender says that everything was sent, but no later than `now`:
// nobody can have sent what is still to happen. Noted ("sender_clock_ahead").
inline Instant NoLaterThan(Instant now, Instant said, std::vector<std::string>& notes) {
  if (said <= now) return said;
  notes.push_back("sender_clock_ahead");
  return now;
}

// kConfig "future_cursor": the position was saved by a clock that stood later than ours does.
inline Status NotLaterThan(Instant now, std::int64_t through_micros) {
  if (through_micros <= now.micros) return Ok();
  return ConfigError("future_cursor",
                     "the saved position is later than this machine's clock: set the clock right");
}

}  // namespace mc
