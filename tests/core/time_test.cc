// Goal: calendar arithmetic, city days and the texts of times are exact.
// Method: tables with hand-computed values at the borders (leap days, city midnight, year
// ends), each text also read back; every day of 400 years walked once.
#include "core/time.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace mc {
namespace {

CivilDate Day(int year, int month, int day) { return *MakeDate(year, month, day); }

TEST_CASE("MakeDate takes the days that exist and no others") {
  struct Row {
    int year, month, day;
    bool exists;
  };
  const std::vector<Row> rows = {
      {2024, 2, 29, true},  {2025, 2, 29, false}, {2000, 2, 29, true},   {1900, 2, 29, false}, {2100, 2, 29, false},
      {2026, 4, 30, true},  {2026, 4, 31, false}, {2026, 12, 31, true},  {2026, 12, 32, false}, {2026, 13, 1, false},
      {2026, 0, 1, false},  {2026, 1, 0, false},  {2026, 1, -1, false},  {1, 1, 1, true},       {0, 12, 31, false},
      {9999, 12, 31, true}, {10000, 1, 1, false}, {2026, 2, 28, true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.year);
    CAPTURE(row.month);
    CAPTURE(row.day);
    CHECK(MakeDate(row.year, row.month, row.day).has_value() == row.exists);
  }
  CHECK(Day(1970, 1, 1).days == 0);
  CHECK(Day(1969, 12, 31).days == -1);
  CHECK(Day(2000, 3, 1).days == 11017);
  CHECK(Day(2026, 6, 30).days == 20634);
}

TEST_CASE("four hundred years of days split, follow each other and cycle through the week") {
  int year = 1970, month = 1, day = 1;
  for (std::int32_t n = 0; n < 146'097; ++n) {
    int y = 0, m = 0, d = 0;
    SplitDate(CivilDate{n}, y, m, d);
    REQUIRE(y == year);
    REQUIRE(m == month);
    REQUIRE(d == day);
    REQUIRE(MakeDate(y, m, d)->days == n);
    REQUIRE(Weekday(CivilDate{n}) == (n + 3) % 7);
    if (MakeDate(year, month, day + 1)) {
      ++day;
    } else {
      day = 1;
      month = month == 12 ? 1 : month + 1;
      if (month == 1) ++year;
    }
  }
  CHECK(year == 2370);
}

TEST_CASE("weekdays, Monday first, on both sides of 1970") {
  CHECK(Weekday(Day(2026, 6, 29)) == 0);
  CHECK(Weekday(Day(2026, 6, 28)) == 6);
  CHECK(Weekday(Day(1970, 1, 1)) == 3);
  CHECK(Weekday(Day(1969, 12, 31)) == 2);
  CHECK(Weekday(Day(1969, 12, 28)) == 6);
}

TEST_CASE("a city day begins at 17:00 UTC of the day before") {
  struct Row {
    const char* instant;
    const char* date;
  };
  const std::vector<Row> rows = {
      {"2026-06-30T16:59:59.999999Z", "2026-06-30"}, {"2026-06-30T17:00:00Z", "2026-07-01"},
      {"2026-06-30T00:00:00+07:00", "2026-06-30"},   {"2026-06-29T23:59:59.999999+07:00", "2026-06-29"},
      {"1969-12-31T16:59:59Z", "1969-12-31"},        {"1969-12-31T17:00:00Z", "1970-01-01"},
      {"2024-02-28T17:00:00Z", "2024-02-29"},        {"1900-02-28T17:00:00Z", "1900-03-01"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.instant);
    CHECK(FormatDate(CityDate(*ParseInstant(row.instant))) == row.date);
  }
  const CivilDate day = Day(2026, 6, 30);
  CHECK(FormatInstant(StartOfDay(day)) == "2026-06-29T17:00:00.000000Z");
  CHECK(CityDate(Instant{StartOfDay(day).micros - 1}) == Day(2026, 6, 29));
}

TEST_CASE("a bare date lasts to 24:00 of its day, an exact moment ends where it is") {
  const Moment bare = BareDate(Day(2026, 6, 30));
  CHECK(bare.bare_date);
  CHECK(EndOf(bare) == StartOfDay(Day(2026, 7, 1)));
  const Moment exact{StartOfDay(Day(2026, 6, 30)), false};
  CHECK(EndOf(exact) == exact.at);
  CHECK_FALSE(bare == exact);
}

TEST_CASE("periods: neighbours, borders and the instant of their end") {
  struct Row {
    Period period, next;
    const char* first;
    const char* last;
  };
  const std::vector<Row> rows = {
      {{2026, 6}, {2026, 7}, "2026-06-01", "2026-06-30"},
      {{2026, 12}, {2027, 1}, "2026-12-01", "2026-12-31"},
      {{2024, 2}, {2024, 3}, "2024-02-01", "2024-02-29"},
      {{2025, 2}, {2025, 3}, "2025-02-01", "2025-02-28"},
  };
  for (const Row& row : rows) {
    CHECK(NextPeriod(row.period) == row.next);
    CHECK(PreviousPeriod(row.next) == row.period);
    CHECK(FormatDate(FirstDay(row.period)) == row.first);
    CHECK(FormatDate(LastDay(row.period)) == row.last);
    CHECK(PeriodOf(FirstDay(row.period)) == row.period);
    CHECK(PeriodOf(LastDay(row.period)) == row.period);
    CHECK(EndOfPeriod(row.period) == StartOfDay(FirstDay(row.next)));
  }
  CHECK(FormatInstant(EndOfPeriod({2026, 6})) == "2026-06-30T17:00:00.000000Z");
  CHECK(Period{2025, 12} < Period{2026, 1});
}

TEST_CASE("instants: every offset and precision means the same microsecond") {
  struct Row {
    const char* text;
    const char* utc;
  };
  const std::vector<Row> rows = {
      {"2026-06-30T17:00:00Z", "2026-06-30T17:00:00.000000Z"},
      {"2026-07-01T00:00:00+07:00", "2026-06-30T17:00:00.000000Z"},
      {"2026-06-30T12:00:00-05:00", "2026-06-30T17:00:00.000000Z"},
      {"2026-06-30T17:00:00.5Z", "2026-06-30T17:00:00.500000Z"},
      {"2026-06-30T17:00:00.000001Z", "2026-06-30T17:00:00.000001Z"},
      {"2026-01-01T00:30:00+05:45", "2025-12-31T18:45:00.000000Z"},
      {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"},
      {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = ParseInstant(row.text);
    REQUIRE(parsed.ok());
    CHECK(FormatInstant(*parsed) == row.utc);
    CHECK(*ParseInstant(row.utc) == *parsed);
  }
  CHECK(ParseInstant("1970-01-01T00:00:00Z")->micros == 0);
  CHECK(ParseInstant("1969-12-31T23:59:59.999999Z")->micros == -1);
}

TEST_CASE("anything that is not exactly an instant is refused") {
  const std::vector<const char*> bad = {
      "", "2026-06-30", "2026-06-30T17:00:00", "2026-06-30 17:00:00Z", "2026-06-30T17:00Z",
      "2026-06-30T24:00:00Z", "2026-06-30T17:60:00Z", "2026-06-30T23:59:60Z", "2026-06-31T00:00:00Z",
      "2026-06-30T17:00:00.Z", "2026-06-30T17:00:00.1234567Z", "2026-06-30T17:00:00+0700",
      "2026-06-30T17:00:00+24:00", "2026-06-30T17:00:00+07:60", "2026-06-30T17:00:00z",
      "2026-06-30T17:00:00ZZ", " 2026-06-30T17:00:00Z", "2026-06-30T17:00:00Z ", "2026-06-30T1:00:00Z",
      "+026-06-30T17:00:00Z", "2026-06--30T17:00:00Z",
  };
  for (const char* text : bad) {
    CAPTURE(text);
    const auto parsed = ParseInstant(text);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().code == "bad_time");
    CHECK(parsed.error().error_class == ErrorClass::kData);
  }
}

TEST_CASE("dates, periods and moments read back as they were written") {
  CHECK(FormatDate(*ParseDate("2024-02-29")) == "2024-02-29");
  CHECK(FormatPeriod(*ParsePeriod("2026-06")) == "2026-06");
  CHECK(FormatMoment(*ParseMoment("2026-06-30")) == "2026-06-30");
  CHECK(FormatMoment(*ParseMoment("2026-06-30T17:05:00+07:00")) == "2026-06-30T10:05:00.000000Z");
  for (const char* text : {"2025-02-29", "2026-6-30", "2026/06/30", "20260630", "2026-06-30x", "0000-01-01"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseDate(text).ok());
    CHECK_FALSE(ParseMoment(text).ok());
  }
  for (const char* text : {"2026-00", "2026-13", "2026-6", "2026-06-01", "202606", "", "0000-01"}) {
    CAPTURE(text);
    CHECK_FALSE(ParsePeriod(text).ok());
  }
}

TEST_CASE("people read city time") {
  CHECK(FormatCity(*ParseMoment("2026-06-30")) == "30/06/2026");
  CHECK(FormatCity(*ParseMoment("2026-06-30T10:05:59.999999Z")) == "30/06/2026 17:05");
  CHECK(FormatCity(*ParseMoment("2026-06-30T17:00:00Z")) == "01/07/2026 00:00");
}

TEST_CASE("clocks: the manual one stands still, the system's is in this century") {
  ManualClock clock(Instant{5});
  CHECK(clock.Now() == Instant{5});
  clock.Set(Instant{7});
  CHECK(clock.Now() == Instant{7});
  const Instant now = SystemClock().Now();
  CHECK(now > StartOfDay(Day(2024, 1, 1)));
  CHECK(now < StartOfDay(Day(2100, 1, 1)));
}

}  // namespace
}  // namespace mc
