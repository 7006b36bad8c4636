#include "connectors/windows.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "core/digest.h"
#include "core/json.h"
#include "core/json_at.h"

namespace mc {
namespace {

constexpr std::size_t kMarkDigits = 16;
constexpr std::int64_t kMostRepeats = 3;
constexpr std::int64_t kWindowCursorVersion = 1;
constexpr std::int64_t kLongestSpanMicros = 366 * 200 * kMicrosPerDay;

Instant Minus(Instant at, std::int64_t days) { return {at.micros - days * kMicrosPerDay}; }
Instant FloorSecond(Instant at) { return {at.micros / kMicrosPerSecond * kMicrosPerSecond}; }
Instant DayStart(Instant at) { return StartOfDay(CityDate(at)); }

// What the installation asked for when the position was reached. A change of it (another
// unit, an earlier start) makes the next traversal begin at the start again.
std::string ScopeDigest(const PullPlan& plan) {
  std::string text = plan.start ? FormatDate(*plan.start) : "";
  for (const std::string& scope : plan.scopes) text += "\n" + scope;
  return ToHex(Sha256(text)).substr(0, 16);
}

Instant End(const PullPlan& plan, const Position& position) {
  if (!plan.whole_days) return position.began;
  return {DayStart(position.began).micros + kMicrosPerDay};
}

void SetWindowEnd(const PullPlan& plan, Position& position) {
  const Instant wide{position.window_from.micros + plan.limits.window_days * kMicrosPerDay};
  position.window_to = std::min(wide, End(plan, position));
}

Instant FirstFrom(const PullPlan& plan, Instant now) {
  return plan.start ? StartOfDay(*plan.start) : Minus(DayStart(now), plan.limits.first_pull_days);
}

// A traversal of [from, now], with `previous` reached before.
Position Begin(const PullPlan& plan, std::optional<Instant> previous, Instant now) {
  Position position;
  position.began = FloorSecond(now);
  position.previous = previous;
  position.from = FirstFrom(plan, now);
  if (previous) {
    const Instant back = Minus(*previous, std::max(plan.limits.overlap_days, plan.limits.lookback_days));
    position.from = std::max(plan.start ? position.from : back, plan.whole_days ? DayStart(back) : back);
  }
  position.from = std::min(position.from, position.began);
  if (plan.whole_days) position.from = DayStart(position.from);
  position.scope = plan.scopes.front();
  position.window_from = position.from;
  position.page_size = plan.limits.records_per_page;
  SetWindowEnd(plan, position);
  return position;
}

Error BadCursor() {
  return InternalError("bad_cursor",
                       "the saved position of this stream cannot be read: it was not written by this program");
}

Result<Instant> InstantAt(const JsonAt& object, std::string_view key) {
  MC_TRY(const JsonAt at, object.Member(key));
  MC_TRY(const std::int64_t micros, at.Count(-kLongestSpanMicros, kLongestSpanMicros));
  return Instant{micros};
}

Result<std::int64_t> CountAt(const JsonAt& object, std::string_view key, std::int64_t lowest) {
  MC_TRY(const JsonAt at, object.Member(key));
  return at.Count(lowest, INT64_MAX);
}

Result<std::string> PlainText(const JsonAt& object, std::string_view key) {
  MC_TRY(const JsonAt at, object.Member(key));
  if (!at.value().is_string()) return at.Fail("not_text", "must be a string");
  return at.value().get<std::string>();
}

Result<bool> FlagAt(const JsonAt& object, std::string_view key) {
  MC_TRY(const JsonAt at, object.Member(key));
  return at.Bool();
}

Status ReadPages(const JsonAt& at, PageState& pages) {
  MC_CHECK_OK(at.Keys(
      {"page", "seen", "offered", "repeated", "most", "total", "shrunk", "reread", "rows", "marks", "all", "many"}));
  MC_TRY(pages.page, CountAt(at, "page", 1));
  MC_TRY(pages.seen, CountAt(at, "seen", 0));
  MC_TRY(pages.offered, CountAt(at, "offered", 0));
  MC_TRY(pages.repeated, CountAt(at, "repeated", 0));
  MC_TRY(pages.most_rows, CountAt(at, "most", 0));
  if (at.Find("total")) {
    MC_TRY(pages.total, CountAt(at, "total", 0));
  }
  MC_TRY(pages.shrunk, FlagAt(at, "shrunk"));
  MC_TRY(pages.reread, FlagAt(at, "reread"));
  MC_TRY(pages.last_rows, PlainText(at, "rows"));
  MC_TRY(pages.all_rows, PlainText(at, "all"));
  MC_TRY(pages.many_rows, FlagAt(at, "many"));
  MC_TRY(const JsonAt marks, at.Member("marks"));
  MC_TRY(const std::vector<JsonAt> items, marks.Items(kMostPageMarks));
  for (const JsonAt& item : items) {
    MC_TRY(std::string mark, item.Text(kMarkDigits));
    pages.pages.push_back(std::move(mark));
  }
  return Ok();
}

Result<Position> ReadMid(const JsonAt& root) {
  MC_CHECK_OK(root.Keys({"v", "of", "began", "previous", "from", "scope", "window", "size", "gap", "pages", "after",
                         "anchor", "restarts"}));
  Position position;
  MC_TRY(position.began, InstantAt(root, "began"));
  if (root.Find("previous")) {
    MC_TRY(position.previous, InstantAt(root, "previous"));
  }
  MC_TRY(position.from, InstantAt(root, "from"));
  MC_TRY(position.scope, PlainText(root, "scope"));
  MC_TRY(const JsonAt window, root.Member("window"));
  MC_TRY(const std::vector<JsonAt> ends, window.Items(2));
  if (ends.size() != 2) return window.Fail("bad_window", "has two ends");
  MC_TRY(position.window_from.micros, ends[0].Count(-kLongestSpanMicros, kLongestSpanMicros));
  MC_TRY(position.window_to.micros, ends[1].Count(position.window_from.micros, kLongestSpanMicros));
  MC_TRY(position.page_size, CountAt(root, "size", 1));
  MC_TRY(position.gap, FlagAt(root, "gap"));
  MC_TRY(const JsonAt pages, root.Member("pages"));
  MC_CHECK_OK(ReadPages(pages, position.pages));
  MC_TRY(position.after, PlainText(root, "after"));
  if (root.Find("anchor")) {
    MC_TRY(position.anchor, PlainText(root, "anchor"));
  }
  if (root.Find("restarts")) {
    MC_TRY(position.restarts, CountAt(root, "restarts", 0));
  }
  return position;
}

// A mid-way position continues only where its pages and scope still mean the same.
Result<Position> Continue(const PullPlan& plan, Position position) {
  if (!std::binary_search(plan.scopes.begin(), plan.scopes.end(), position.scope)) return BadCursor();
  if (position.page_size != plan.limits.records_per_page) {
    position.page_size = plan.limits.records_per_page;
    position.pages = {};
  }
  return position;
}

Result<Position> ReadCursor(const PullPlan& plan, const Json& document, Instant now) {
  const JsonAt root(document);
  if (!document.is_object()) return BadCursor();
  MC_TRY(const JsonAt version, root.Member("v"));
  MC_CHECK_OK(version.Count(kWindowCursorVersion, kWindowCursorVersion));
  MC_TRY(const std::string of, PlainText(root, "of"));
  const bool same_plan = of == ScopeDigest(plan);
  if (root.Find("began")) {
    MC_TRY(Position position, ReadMid(root));
    // Units or start changed in the middle: begin again, nothing is kept back by it.
    if (!same_plan && position.began <= now) return Begin(plan, std::nullopt, now);
    return position.began > now ? Result<Position>(position) : Continue(plan, std::move(position));
  }
  MC_CHECK_OK(root.Keys({"v", "of", "done"}));
  if (!root.Find("done")) return Begin(plan, std::nullopt, now);
  MC_TRY(const Instant done, InstantAt(root, "done"));
  Position position = Begin(plan, same_plan || done > now ? std::optional(done) : std::nullopt, now);
  if (done > now) position.began = done;
  return position;
}

Json PagesJson(const PageState& pages) {
  Json json = {{"page", pages.page},         {"seen", pages.seen},      {"offered", pages.offered},
               {"repeated", pages.repeated}, {"most", pages.most_rows}, {"shrunk", pages.shrunk},
               {"reread", pages.reread},     {"rows", pages.last_rows}, {"marks", pages.pages},
               {"all", pages.all_rows},      {"many", pages.many_rows}};
  if (pages.total) json["total"] = *pages.total;
  return json;
}

}  // namespace

Result<Position> PositionOf(const PullPlan& plan, const std::optional<Cursor>& cursor, Instant now) {
  if (!cursor) return Begin(plan, std::nullopt, now);
  const auto document = ParseJson(cursor->text);
  if (!document.ok()) return BadCursor();
  auto position = ReadCursor(plan, *document, now);
  if (!position.ok()) return BadCursor();
  if (position->began > now) {
    return ConfigError("future_cursor", "the saved position is later than this machine's clock: set the clock right");
  }
  return position;
}

Cursor CursorOf(const PullPlan& plan, const Position& position) {
  Json json = {{"v", kWindowCursorVersion},
               {"of", ScopeDigest(plan)},
               {"began", position.began.micros},
               {"from", position.from.micros},
               {"scope", position.scope},
               {"window", {position.window_from.micros, position.window_to.micros}},
               {"size", position.page_size},
               {"gap", position.gap},
               {"pages", PagesJson(position.pages)},
               {"after", position.after}};
  if (!position.anchor.empty()) json["anchor"] = position.anchor;
  if (position.restarts != 0) json["restarts"] = position.restarts;
  if (position.previous) json["previous"] = position.previous->micros;
  return {json.dump()};
}

Cursor DoneCursor(const PullPlan& plan, const Position& position) {
  Json json = {{"v", kWindowCursorVersion}, {"of", ScopeDigest(plan)}};
  const std::optional<Instant> reached = position.gap ? position.previous : std::optional(position.began);
  if (reached) json["done"] = reached->micros;
  return {json.dump()};
}

std::string WindowText(const PullPlan& plan, const Position& position) {
  Json json = {{"v", kWindowCursorVersion}, {"scope", position.scope}};
  if (plan.limits.window_days < kWholeReachDays) {
    json["window"] = {position.window_from.micros, position.window_to.micros};
  }
  return json.dump();
}

namespace {

Result<Position> ReadWindow(const PullPlan& plan, const JsonAt& root, Instant now) {
  MC_CHECK_OK(root.Keys({"v", "scope", "window"}));
  MC_TRY(const JsonAt version, root.Member("v"));
  MC_CHECK_OK(version.Count(kWindowCursorVersion, kWindowCursorVersion));
  Position position = Begin(plan, std::nullopt, now);
  MC_TRY(position.scope, PlainText(root, "scope"));
  const bool whole = plan.limits.window_days >= kWholeReachDays;
  const auto window = root.Find("window");
  if (whole != !window) return root.Fail("bad_window", "has windows of another kind");
  if (!window) return position;
  MC_TRY(const std::vector<JsonAt> ends, window->Items(2));
  if (ends.size() != 2) return window->Fail("bad_window", "has two ends");
  MC_TRY(position.window_from.micros, ends[0].Count(-kLongestSpanMicros, kLongestSpanMicros));
  MC_TRY(position.window_to.micros, ends[1].Count(position.window_from.micros, kLongestSpanMicros));
  return position;
}

}  // namespace

Result<Position> PositionIn(const PullPlan& plan, const std::string& window, Instant now) {
  const Error moved = DataError("window_moved", "this source is no longer asked for this window");
  const auto document = ParseJson(window);
  if (!document.ok() || !document->is_object()) return moved;
  auto position = ReadWindow(plan, JsonAt(*document), now);
  if (!position.ok() || !std::binary_search(plan.scopes.begin(), plan.scopes.end(), position->scope)) return moved;
  return position;
}

bool NextWindow(const PullPlan& plan, Position& position) {
  position.pages = {};
  position.after.clear();
  position.anchor.clear();
  position.restarts = 0;
  position.window_from = position.window_to;
  if (position.window_from >= End(plan, position)) {
    const auto next = std::upper_bound(plan.scopes.begin(), plan.scopes.end(), position.scope);
    if (next == plan.scopes.end()) return false;
    position.scope = *next;
    position.window_from = position.from;
  }
  SetWindowEnd(plan, position);
  return true;
}

CivilDate FirstDayOf(const Position& position) { return CityDate(position.window_from); }
CivilDate LastDayOf(const Position& position) { return CityDate(Instant{position.window_to.micros - 1}); }

namespace {

std::string Joined(const std::vector<std::string>& rows) {
  std::string joined;
  for (const std::string& row : rows) joined += row;
  return joined;
}

// Rows that no page before held, as far as they are known.
std::int64_t CountNew(PageState& pages, const std::vector<std::string>& rows, const std::string& joined) {
  const std::string mark = ToHex(Sha256(joined)).substr(0, kMarkDigits);
  const bool known_page = std::find(pages.pages.begin(), pages.pages.end(), mark) != pages.pages.end();
  if (known_page) return 0;
  pages.pages.push_back(mark);
  if (pages.pages.size() > kMostPageMarks) pages.pages.erase(pages.pages.begin());
  std::set<std::string> known;
  const std::string& before = pages.many_rows ? pages.last_rows : pages.all_rows;
  for (std::size_t at = 0; at + kMarkDigits <= before.size(); at += kMarkDigits) {
    known.insert(before.substr(at, kMarkDigits));
  }
  return std::count_if(rows.begin(), rows.end(), [&](const std::string& row) { return !known.contains(row); });
}

// What is known to be on more pages, as far as the source's total and page sizes say.
bool MoreExpected(const PageState& pages, std::int64_t page_size) {
  if (!pages.total) return true;
  if (pages.seen >= *pages.total) return false;
  // A source that caps our size needs more pages than asked for; one that repeats pages, too.
  const std::int64_t size = std::max<std::int64_t>(1, std::min(page_size, pages.most_rows));
  return pages.page <= (*pages.total + size - 1) / size + kMostRepeats;
}

PageVerdict EndWindow(Position& position, std::vector<std::string>& notes) {
  PageState& pages = position.pages;
  const bool missing = pages.total && OfferedIn(pages) < *pages.total;
  if (!missing && !pages.shrunk) return PageVerdict::kWindowDone;
  if (!pages.reread) {
    pages = {};
    pages.reread = true;
    return PageVerdict::kReadAgain;
  }
  notes.push_back("rows_missing");
  position.gap = true;
  return PageVerdict::kWindowDone;
}

void TakeTotal(PageState& pages, std::optional<std::int64_t> total, std::vector<std::string>& notes) {
  if (pages.total && total && *total < *pages.total) {
    pages.shrunk = true;
    notes.push_back("total_shrank");
  }
  if (total) pages.total = total;
}

// Rows at the beginning of a page that equal the last one before it: two records that look
// alike stand side by side in any order, rows that moved between two answers do not.
std::int64_t AlikeAtBorder(const PageState& pages, const std::vector<std::string>& rows) {
  if (pages.last_rows.size() < kMarkDigits) return 0;
  const std::string last = pages.last_rows.substr(pages.last_rows.size() - kMarkDigits);
  const auto other = std::find_if(rows.begin(), rows.end(), [&](const std::string& row) { return row != last; });
  return other - rows.begin();
}

void KeepRows(PageState& pages, const std::string& joined) {
  pages.last_rows = joined;
  pages.many_rows = pages.many_rows || pages.all_rows.size() + joined.size() > kMostRowMarks * kMarkDigits;
  pages.all_rows = pages.many_rows ? "" : pages.all_rows + joined;
}

void TakeRows(PageState& pages, const std::vector<std::string>& rows, std::vector<std::string>& notes) {
  const std::string joined = Joined(rows);
  const std::int64_t fresh = CountNew(pages, rows, joined);
  if (fresh == 0) notes.push_back("page_repeated");
  pages.repeated = fresh == 0 ? pages.repeated + 1 : 0;
  pages.seen += fresh;
  if (fresh != 0) pages.offered += fresh + AlikeAtBorder(pages, rows);
  pages.most_rows = std::max<std::int64_t>(pages.most_rows, static_cast<std::int64_t>(rows.size()));
  if (fresh != 0) KeepRows(pages, joined);
  ++pages.page;
}

// Brent: one earlier mark, moved at each power of two, meets any loop.
bool LeadsBack(Position& position, const std::string& next) {
  const std::string mark = ToHex(Sha256(next)).substr(0, kMarkDigits);
  if (next == position.after || mark == position.anchor) return true;
  const std::int64_t page = position.pages.page;
  if ((page & (page - 1)) == 0) position.anchor = mark;
  return false;
}

void FromTheStart(Position& position) {
  position.after.clear();
  position.anchor.clear();
}

}  // namespace

// At the second reading equal rows on both sides of a page border are taken for what they
// are: two records that look alike.
std::int64_t OfferedIn(const PageState& pages) { return pages.reread ? pages.offered : pages.seen; }

PageVerdict TakePage(Position& position, const std::vector<std::string>& rows, std::optional<std::int64_t> total,
                     std::vector<std::string>& notes) {
  PageState& pages = position.pages;
  TakeTotal(pages, total, notes);
  if (rows.empty()) return EndWindow(position, notes);
  TakeRows(pages, rows, notes);
  if (pages.repeated >= kMostRepeats || !MoreExpected(pages, position.page_size)) return EndWindow(position, notes);
  return PageVerdict::kGoOn;
}

PageVerdict TakeLinkedPage(Position& position, const std::vector<std::string>& rows, std::optional<std::int64_t> total,
                           const std::string& next, std::vector<std::string>& notes) {
  PageState& pages = position.pages;
  TakeTotal(pages, total, notes);
  if (rows.empty()) {
    ++pages.repeated;
    ++pages.page;
  } else {
    TakeRows(pages, rows, notes);
  }
  if (next.empty()) {
    const PageVerdict verdict = EndWindow(position, notes);
    if (verdict == PageVerdict::kReadAgain) FromTheStart(position);
    return verdict;
  }
  const bool stuck = pages.repeated >= (rows.empty() ? kMostEmptyPages : kMostRepeats);
  if (stuck || LeadsBack(position, next)) {
    notes.push_back("cursor_loop");
    position.gap = true;
    return PageVerdict::kWindowDone;
  }
  position.after = next;
  return PageVerdict::kGoOn;
}

PageVerdict TakeOffsetPage(Position& position, const std::vector<std::string>& rows, std::optional<std::int64_t> total,
                           std::vector<std::string>& notes) {
  std::int64_t offset = static_cast<std::int64_t>(rows.size());
  if (!position.after.empty()) offset += std::strtoll(position.after.c_str(), nullptr, 10);
  const PageVerdict verdict = TakePage(position, rows, total, notes);
  position.after = verdict == PageVerdict::kReadAgain ? "" : std::to_string(offset);
  return verdict;
}

bool RestartWindow(Position& position, std::vector<std::string>& notes) {
  if (position.after.empty() || position.restarts >= kMostRestarts) return false;
  ++position.restarts;
  const bool reread = position.pages.reread;
  position.pages = {};
  position.pages.reread = reread;
  FromTheStart(position);
  notes.push_back("cursor_expired");
  return true;
}

}  // namespace mc
