// How far a pull got: scopes x windows x pages, and the cursor text that says it.
//
// A traversal reads [from, end) once and then stands still until the next run begins
// another one, some overlap earlier. The cursor holds all that a restart needs, the sizes
// under which pages were counted included. Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connectors/manifest.h"
#include "core/result.h"
#include "core/source_record.h"
#include "core/time.h"

namespace mc {

// Of a cursor or next link of the source: it travels in the address of the next request and stands in our cursor.
inline constexpr std::size_t kNextLimitBytes = 8 * 1024;

// What one installation wants to be read.
struct PullPlan {
  ManifestLimits limits;
  std::optional<CivilDate> start;
  std::vector<std::string> scopes = {""};  // organisation codes; sorted, unique, never empty
  bool whole_days = true;                  // windows of city days; else [from, to) to the second
};

// Where the pages of one window stand.
struct PageState {
  std::int64_t page = 1;
  std::int64_t seen = 0;              // rows that no page before held
  std::int64_t offered = 0;           // the same, and rows that equal the one right before them
  std::int64_t repeated = 0;          // pages in a row that brought nothing new
  std::int64_t most_rows = 0;         // the fullest page, if the source caps our size
  std::optional<std::int64_t> total;  // as the last page stated it
  bool shrunk = false;
  bool reread = false;             // this is the second reading of the window
  std::string last_rows;           // 16 hex digits per row of the page before
  std::string all_rows;            // the same of all pages before, as long as they are few enough
  bool many_rows = false;          // they were too many: only last_rows and pages tell rows apart
  std::vector<std::string> pages;  // 16 hex digits per page read, the newest kMostPageMarks
};

inline constexpr std::size_t kMostPageMarks = 64;
// Rows of one window that are told apart however the pages mix them. Past it, a source that
// changes its order while it is paged may go unnoticed: make the window narrower.
inline constexpr std::size_t kMostRowMarks = 2'000;

struct Position {
  Instant began;                    // when the traversal began, to the second
  std::optional<Instant> previous;  // the position reached before it
  Instant from;                     // where it starts
  std::string scope;
  Instant window_from;
  Instant window_to;
  std::int64_t page_size = 0;
  bool gap = false;  // something in some window was not traversed
  PageState pages;
  std::string after;          // of a list that is not paged: the last entry taken; else the next offset, cursor or link
  std::string anchor;         // mark of an earlier cursor of this window, to know a loop by
  std::int64_t restarts = 0;  // of this window, because the source forgot its cursor
};

inline constexpr std::int64_t kMostRestarts = 3;
inline constexpr std::int64_t kMostEmptyPages = 100;  // in a row, that still name a next one

// The position of a cursor, or of the traversal that begins now. kConfig "future_cursor",
// kInternal "bad_cursor".
Result<Position> PositionOf(const PullPlan& plan, const std::optional<Cursor>& cursor, Instant now);

Cursor CursorOf(const PullPlan& plan, const Position& position);

// The cursor behind the last window: the position reached, or the old one after a gap.
Cursor DoneCursor(const PullPlan& plan, const Position& position);

// A stream without windows of time has this width, and is read whole each time.
inline constexpr std::int64_t kWholeReachDays = 366 * 100;

// The window of a position in words (Page::windows), equal for equal windows; and the position at its beginning.
// kData "window_moved": this plan does not ask for it any more.
std::string WindowText(const PullPlan& plan, const Position& position);
Result<Position> PositionIn(const PullPlan& plan, const std::string& window, Instant now);

// On to the next window or scope; false when that was the last one.
bool NextWindow(const PullPlan& plan, Position& position);

// Calendar days of a whole-day window, both included.
CivilDate FirstDayOf(const Position& position);
CivilDate LastDayOf(const Position& position);

enum class PageVerdict { kGoOn, kReadAgain, kWindowDone };

// Rows of the window, each once as far as the source lets tell them apart.
std::int64_t OfferedIn(const PageState& pages);

// Takes one answer of a paged window into account: `rows` are the row marks (16 hex digits
// each). What it noticed goes to `notes` ("page_repeated", "total_shrank", "rows_missing").
PageVerdict TakePage(Position& position, const std::vector<std::string>& rows, std::optional<std::int64_t> total,
                     std::vector<std::string>& notes);

// The same where the answer itself names the next page (`next`: cursor or link; empty: the
// last one). A way that leads back is noted ("cursor_loop") and leaves a gap.
PageVerdict TakeLinkedPage(Position& position, const std::vector<std::string>& rows, std::optional<std::int64_t> total,
                           const std::string& next, std::vector<std::string>& notes);

// The same where pages are asked for by offset; it moves on by the rows that came.
PageVerdict TakeOffsetPage(Position& position, const std::vector<std::string>& rows, std::optional<std::int64_t> total,
                           std::vector<std::string>& notes);

// The window begins again, since the source no longer knows its cursor; false: too often.
bool RestartWindow(Position& position, std::vector<std::string>& notes);

}  // namespace mc
