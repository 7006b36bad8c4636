// Goal: windows cover the range without holes, cursors survive the way through text, and
// positions that cannot be trusted are refused. Method: walk plans by hand.

#include "connectors/windows.h"

#include <doctest/doctest.h>

#include "tests/support/fake_http.h"

using namespace mc;
using mc::testing::At;

namespace {

PullPlan Plan(bool whole_days = true, std::vector<std::string> scopes = {""}) {
  PullPlan plan;
  plan.start = MakeDate(2026, 6, 1);
  plan.scopes = std::move(scopes);
  plan.whole_days = whole_days;
  return plan;
}

const Instant kWindowNow = At("2026-06-17T03:00:00.500000Z");

Position At0(const PullPlan& plan, const std::optional<Cursor>& cursor = std::nullopt, Instant now = kWindowNow) {
  auto position = PositionOf(plan, cursor, now);
  REQUIRE(position.ok());
  return *position;
}

std::vector<std::string> RowDigests(int from, int to) {
  std::vector<std::string> rows;
  for (int i = from; i < to; ++i) rows.push_back(std::to_string(1'000'000'000'000'000 + i));
  return rows;
}

}  // namespace

TEST_CASE("whole days: windows touch, today is in the last one, every scope is walked") {
  const PullPlan plan = Plan(true, {"A", "B"});
  Position position = At0(plan);
  std::vector<std::string> seen;
  do {
    seen.push_back(position.scope + " " + FormatDate(FirstDayOf(position)) + " " + FormatDate(LastDayOf(position)));
  } while (NextWindow(plan, position));
  CHECK(seen == std::vector<std::string>{"A 2026-06-01 2026-06-07", "A 2026-06-08 2026-06-14",
                                         "A 2026-06-15 2026-06-17", "B 2026-06-01 2026-06-07",
                                         "B 2026-06-08 2026-06-14", "B 2026-06-15 2026-06-17"});
}

TEST_CASE("by instants: the last window ends where the pull began, to the second") {
  const PullPlan plan = Plan(false);
  Position position = At0(plan);
  CHECK(position.began == At("2026-06-17T03:00:00Z"));
  Instant last{};
  do {
    if (last.micros != 0) CHECK(position.window_from == last);
    last = position.window_to;
  } while (NextWindow(plan, position));
  CHECK(last == At("2026-06-17T03:00:00Z"));
}

TEST_CASE("the next traversal starts an overlap or a look-back earlier, never before the start") {
  struct Row {
    std::int64_t overlap, lookback;
    const char* first_day;
  };
  const Row rows[] = {{0, 0, "2026-06-17"}, {1, 0, "2026-06-16"}, {1, 5, "2026-06-12"}, {1, 90, "2026-06-01"}};
  for (const Row& row : rows) {
    PullPlan plan = Plan();
    plan.limits.overlap_days = row.overlap;
    plan.limits.lookback_days = row.lookback;
    const Cursor done = DoneCursor(plan, At0(plan));
    const Position next = At0(plan, done, At("2026-06-20T03:00:00Z"));
    CHECK(FormatDate(FirstDayOf(next)) == row.first_day);
    CHECK(next.previous == At("2026-06-17T03:00:00Z"));
  }
}

TEST_CASE("without a start the first traversal reaches first_pull_days back") {
  PullPlan plan = Plan();
  plan.start.reset();
  plan.limits.first_pull_days = 10;
  CHECK(FormatDate(FirstDayOf(At0(plan))) == "2026-06-07");
}

TEST_CASE("a changed scope or start begins again; a changed page size reads the window again") {
  const PullPlan plan = Plan(true, {"A"});
  const Cursor done = DoneCursor(plan, At0(plan));
  CHECK(FormatDate(FirstDayOf(At0(Plan(true, {"A", "B"}), done))) == "2026-06-01");
  Position middle = At0(plan);
  REQUIRE(NextWindow(plan, middle));
  middle.pages.page = 4;
  PullPlan other = plan;
  other.limits.records_per_page = 7;
  const Position again = At0(other, CursorOf(plan, middle));
  CHECK(again.window_from == middle.window_from);
  CHECK(again.pages.page == 1);
  CHECK(again.page_size == 7);
}

TEST_CASE("a cursor comes back as it was") {
  const PullPlan plan = Plan(true, {"A", "B"});
  Position position = At0(plan);
  std::vector<std::string> notes;
  TakePage(position, RowDigests(0, 100), 250, notes);
  position.gap = true;
  position.after = "2026/06/01 08:00:00|id \"đ\"";
  const Position back = At0(plan, CursorOf(plan, position));
  CHECK(CursorOf(plan, back) == CursorOf(plan, position));
  CHECK(back.pages.seen == 100);
  CHECK(back.pages.total == 250);
  CHECK(back.after == position.after);
}

TEST_CASE("cursors that cannot be trusted") {
  const PullPlan plan = Plan();
  const Position position = At0(plan);
  const std::string good = CursorOf(plan, position).text;
  for (const std::string& text : {std::string(), std::string("{}"), std::string("7"), std::string("{\"v\":2}"),
                                  good.substr(0, good.size() / 2), "{\"x\":1," + good.substr(1)}) {
    INFO(text);
    const auto refused = PositionOf(plan, Cursor{text}, kWindowNow);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == "bad_cursor");
    CHECK(refused.error().error_class == ErrorClass::kInternal);
  }
}

TEST_CASE("a cursor from the future is refused: at the clock it is taken, one second later not") {
  const PullPlan plan = Plan();
  const Position position = At0(plan);
  for (const Cursor& cursor : {CursorOf(plan, position), DoneCursor(plan, position)}) {
    CHECK(PositionOf(plan, cursor, position.began).ok());
    const auto refused = PositionOf(plan, cursor, Instant{position.began.micros - kMicrosPerSecond});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == "future_cursor");
    CHECK(refused.error().error_class == ErrorClass::kConfig);
  }
}

TEST_CASE("after a gap the old position stays") {
  const PullPlan plan = Plan();
  Position position = At0(plan, DoneCursor(plan, At0(plan)), At("2026-06-18T00:00:00Z"));
  position.gap = true;
  const Position next = At0(plan, DoneCursor(plan, position), At("2026-06-19T00:00:00Z"));
  CHECK(next.previous == At("2026-06-17T03:00:00Z"));
  Position first = At0(plan);
  first.gap = true;
  CHECK_FALSE(At0(plan, DoneCursor(plan, first)).previous.has_value());
}

TEST_CASE("paging ends, whatever a source does") {
  struct Page {
    std::vector<std::string> rows;
    std::optional<std::int64_t> total;
  };
  struct Case {
    const char* name;
    std::vector<Page> pages;  // the last one for ever
    std::int64_t answers;     // until the window is done
    bool gap;
  };
  const Case cases[] = {
      {"empty", {{{}, 0}}, 1, false},
      {"one full page", {{RowDigests(0, 100), 100}}, 1, false},
      {"one row more", {{RowDigests(0, 100), 101}, {RowDigests(100, 101), 101}}, 2, false},
      {"no total: until an empty page", {{RowDigests(0, 100), {}}, {RowDigests(100, 120), {}}, {{}, {}}}, 3, false},
      {"no total: past the end the last page comes again", {{RowDigests(0, 50), {}}}, 4, false},
      {"a page begins with rows of the one before", {{RowDigests(0, 100), 150}, {RowDigests(98, 150), 150}}, 2, false},
      {"a page comes twice, the others follow",
       {{RowDigests(0, 100), 250}, {RowDigests(0, 100), 250}, {RowDigests(100, 200), 250}, {RowDigests(200, 250), 250}},
       4,
       false},
      {"the source caps our size",
       {{RowDigests(0, 50), 120}, {RowDigests(50, 100), 120}, {RowDigests(100, 120), 120}},
       3,
       false},
      {"always the first page: read twice, then a gap", {{RowDigests(0, 100), 250}}, 8, true},
      {"fewer rows than stated: read twice, then a gap",
       {{RowDigests(0, 99), 120}, {{}, 120}, {RowDigests(0, 99), 120}, {{}, 120}},
       4,
       true},
      {"total shrinks: read again, then good",
       {{RowDigests(0, 100), 150}, {RowDigests(101, 150), 149}, {RowDigests(0, 100), 149}, {RowDigests(100, 149), 149}},
       4,
       false},
      {"total shrinks in both readings",
       {{RowDigests(0, 100), 150}, {RowDigests(101, 150), 149}, {RowDigests(0, 100), 149}, {RowDigests(101, 149), 148}},
       4,
       true},
      {"the order turns after the first page, and no neighbours are equal: read twice, then a gap",
       {{RowDigests(0, 3), 9},
        {RowDigests(3, 6), 9},
        {{RowDigests(2, 3)[0], RowDigests(1, 2)[0], RowDigests(0, 1)[0]}, 9},
        {{}, 9},
        {RowDigests(0, 3), 9},
        {RowDigests(3, 6), 9},
        {{RowDigests(2, 3)[0], RowDigests(1, 2)[0], RowDigests(0, 1)[0]}, 9},
        {{}, 9}},
       8,
       true},
      {"the order turns in the middle of a page: read twice, then a gap",
       {{RowDigests(0, 4), 10},
        {RowDigests(3, 7), 10},
        {{}, 10},
        {RowDigests(0, 4), 10},
        {RowDigests(2, 6), 10},
        {{}, 10}},
       6,
       true},
      {"total grows", {{RowDigests(0, 100), 150}, {RowDigests(99, 151), 151}}, 2, false},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    Position position = At0(Plan());
    std::vector<std::string> notes;
    std::int64_t answers = 0;
    PageVerdict verdict = PageVerdict::kGoOn;
    while (verdict != PageVerdict::kWindowDone && answers < 50) {
      const Page& page = c.pages[std::min(static_cast<std::size_t>(answers), c.pages.size() - 1)];
      verdict = TakePage(position, page.rows, page.total, notes);
      ++answers;
    }
    CHECK(answers == c.answers);
    CHECK(position.gap == c.gap);
  }
}

TEST_CASE("two records that look alike on neighbouring pages are no gap") {
  Position position = At0(Plan());
  std::vector<std::string> notes;
  const auto read = [&] {
    CHECK(TakePage(position, RowDigests(0, 100), 101, notes) == PageVerdict::kGoOn);
    PageVerdict verdict = TakePage(position, RowDigests(98, 99), 101, notes);
    for (int i = 0; i < 5 && verdict == PageVerdict::kGoOn; ++i) verdict = TakePage(position, {}, 101, notes);
    return verdict;
  };
  CHECK(read() == PageVerdict::kReadAgain);
  CHECK(read() == PageVerdict::kWindowDone);
  CHECK(position.gap);  // a whole page of known rows cannot be told from a repeated page

  position = At0(Plan());
  std::vector<std::string> last = RowDigests(99, 149);  // its first row equals the last one before
  const auto read_mixed = [&] {
    CHECK(TakePage(position, RowDigests(0, 100), 150, notes) == PageVerdict::kGoOn);
    CHECK(TakePage(position, last, 150, notes) == PageVerdict::kGoOn);
    return TakePage(position, {}, 150, notes);
  };
  CHECK(read_mixed() == PageVerdict::kReadAgain);
  CHECK(read_mixed() == PageVerdict::kWindowDone);
  CHECK_FALSE(position.gap);
}

TEST_CASE("rows are told apart across pages up to a limit, and not past it") {
  const auto missed = [](std::size_t rows) {
    Position position = At0(Plan());
    std::vector<std::string> notes;
    const int count = static_cast<int>(rows);
    TakePage(position, RowDigests(0, 1), count + 2, notes);
    TakePage(position, RowDigests(1, count), count + 2, notes);
    const std::int64_t seen = position.pages.seen;
    TakePage(position, {RowDigests(0, 1)[0], RowDigests(count, count + 1)[0]}, count + 2, notes);
    return position.pages.seen - seen == 1;
  };
  CHECK(missed(kMostRowMarks));
  CHECK_FALSE(missed(kMostRowMarks + 1));
}

TEST_CASE("the marks of pages are bounded, so is the cursor") {
  Position position = At0(Plan());
  std::vector<std::string> notes;
  for (int i = 0; i < 200; ++i) TakePage(position, RowDigests(i * 100, i * 100 + 100), 1'000'000, notes);
  CHECK(position.pages.pages.size() == kMostPageMarks);
  CHECK(CursorOf(Plan(), position).text.size() < 4096);
}
