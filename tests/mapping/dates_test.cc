// Goal: dates are read as platforms write them, and never guessed.
// Method: a table of format, text and what it means in UTC; another of texts that no
// format may take; limits of years at and past them.
#include <doctest/doctest.h>

#include "mapping/dates.h"

namespace mc {
namespace {

DateFormat Format(const std::string& pattern) {
  const auto format = DateFormat::Parse(pattern);
  REQUIRE_MESSAGE(format.has_value(), pattern);
  return *format;
}

TEST_CASE("every format of the sources means what it says") {
  struct Row {
    const char* pattern;
    const char* text;
    const char* means;  // a bare date, or an instant in UTC
  };
  const Row rows[] = {
      {"yyyy/MM/dd", "2026/06/30", "2026-06-30"},
      {"yyyy-MM-dd", "2028-02-29", "2028-02-29"},
      {"dd/MM/yyyy", "01/07/2026", "2026-07-01"},
      {"yyyyMMdd", "20260630", "2026-06-30"},
      {"yyyy/MM/dd HH:mm:ss", "2026/06/30 23:59:59", "2026-06-30T16:59:59.000000Z"},
      {"yyyyMMddHHmmss", "20260701000000", "2026-06-30T17:00:00.000000Z"},
      {"dd/MM/yyyy HH:mm", "30/06/2026 06:59", "2026-06-29T23:59:00.000000Z"},
      {"yyyy-MM-dd HH:mm:ss", "2026-06-10 08:30:00", "2026-06-10T01:30:00.000000Z"},
      {"iso", "2026-06-10T08:30:00", "2026-06-10T01:30:00.000000Z"},
      {"iso", "2026-06-10T08:30:00.5", "2026-06-10T01:30:00.500000Z"},
      {"iso", "2026-06-10T08:30:00.1234567", "2026-06-10T01:30:00.123456Z"},
      {"iso", "2026-06-10T08:30:00+07:00", "2026-06-10T01:30:00.000000Z"},
      {"iso", "2026-06-10T08:30:00.000-0530", "2026-06-10T14:00:00.000000Z"},
      {"iso", "2026-06-10T08:30:00Z", "2026-06-10T08:30:00.000000Z"},
      {"yyyy/MM/dd", "1990/01/01", "1990-01-01"},
      {"yyyy/MM/dd", "2100/12/31", "2100-12-31"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    CAPTURE(row.text);
    const auto read = Format(row.pattern).Read(row.text);
    REQUIRE(read.has_value());
    CHECK(FormatMoment(read->moment) == row.means);
    CHECK(read->zulu == std::string_view(row.text).ends_with('Z'));
  }
}

TEST_CASE("a day that is written as a time is its day in the city") {
  struct Row {
    const char* pattern;
    const char* text;
    const char* means;
    bool is_now;  // no midnight
  };
  const Row rows[] = {
      {"day:iso", "2026-06-08T00:00:00", "2026-06-08", false},
      {"day:iso", "2026-06-08T00:00:00+07:00", "2026-06-08", false},
      {"day:iso", "2026-06-08T00:00:00.000Z", "2026-06-08", false},
      {"day:iso", "2026-06-07T17:00:00.000Z", "2026-06-08", false},
      {"day:iso", "2026-06-07T16:59:59.999Z", "2026-06-07", true},
      {"day:iso", "2026-06-08T03:31:07.123Z", "2026-06-08", true},
      {"day:iso", "2026-06-08T00:00:01", "2026-06-08", true},
      {"day:yyyy/MM/dd HH:mm:ss", "2026/06/08 00:00:00", "2026-06-08", false},
      {"day:yyyy/MM/dd HH:mm:ss", "2026/06/08 17:19:16", "2026-06-08", true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto read = Format(row.pattern).Read(row.text);
    REQUIRE(read.has_value());
    CHECK(FormatMoment(read->moment) == row.means);
    CHECK(read->time_in_day == row.is_now);
    CHECK_FALSE(read->zulu);
    CHECK(read->precision == DatePrecision::kDay);
  }
  CHECK_FALSE(Format("day:iso").Read("2026-06-08").has_value());
  CHECK_FALSE(Format("day:iso").Read("2026-02-30T00:00:00Z").has_value());
}

TEST_CASE("days and times that do not exist, and other forms, are not read") {
  struct Row {
    const char* pattern;
    const char* text;
  };
  const Row rows[] = {
      {"yyyy/MM/dd", "2014/02/30"},  {"yyyy/MM/dd", "2026/02/29"},  {"yyyy/MM/dd", "2026/13/01"},
      {"yyyy/MM/dd", "2026/00/10"},  {"yyyy/MM/dd", "2026/6/30"},   {"yyyy/MM/dd", "2026-06-30"},
      {"yyyy/MM/dd", "2026/06/30 "}, {"yyyy/MM/dd", ""},            {"yyyy/MM/dd", "yyyy/MM/dd"},
      {"yyyy/MM/dd", "1989/12/31"},  {"yyyy/MM/dd", "2101/01/01"},  {"dd/MM/yyyy", "06/30/2026"},
      {"yyyyMMddHHmmss", "20260630"}, {"yyyyMMddHHmmss", "20260630240000"}, {"yyyyMMddHHmmss", "20260630236000"},
      {"yyyyMMddHHmmss", "20260630235960"}, {"yyyyMMddHHmmss", "2026063023595９"},
      {"iso", "2026-06-10"}, {"iso", "2026-06-10T08:30:00."}, {"iso", "2026-06-10T08:30:00.1234567890"},
      {"iso", "2026-06-10T08:30:00+7"}, {"iso", "2026-06-10T08:30:00+15:00"}, {"iso", "2026-06-10T08:30:00+07:60"},
      {"iso", "2026-06-10T08:30:00ZZ"}, {"iso", "2026-06-10T08:30:00z"}, {"iso", "2026-06-10 08:30:00"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    CAPTURE(row.text);
    CHECK_FALSE(Format(row.pattern).Read(row.text).has_value());
  }
}

TEST_CASE("a pattern is whole or none") {
  for (const char* pattern : {"", "yyyy", "yyyy/MM", "yy/MM/dd", "yyyy/MM/dd yyyy", "yyyy/MM/dd HH", "yyyy/MM/dd ss",
                              "yyyy/MM/dd HH:mm:s", "yyyy/M/d", "yyyy_MM_dd", "ISO", "yyyy/MM/dd HH:ss", "yyyy MMM dd", "day:", "day:yyyy/MM/dd", "day:day:iso", "day: iso"}) {
    CAPTURE(pattern);
    CHECK_FALSE(DateFormat::Parse(pattern).has_value());
  }
}

TEST_CASE("two forms of one time agree as far as the coarser goes") {
  const auto read = [](const char* pattern, const char* text) { return *Format(pattern).Read(text); };
  const ReadDate second = read("yyyy/MM/dd HH:mm:ss", "2026/06/01 00:15:30");
  struct Row {
    ReadDate other;
    bool same;
  };
  const Row rows[] = {{read("dd/MM/yyyy", "01/06/2026"), true},
                      {read("dd/MM/yyyy", "31/05/2026"), false},
                      {read("dd/MM/yyyy HH:mm", "01/06/2026 00:15"), true},
                      {read("dd/MM/yyyy HH:mm", "01/06/2026 00:16"), false},
                      {read("yyyyMMddHHmmss", "20260601001530"), true},
                      {read("yyyyMMddHHmmss", "20260601001531"), false}};
  for (const Row& row : rows) {
    CHECK(SameTime(second, row.other) == row.same);
    CHECK(SameTime(row.other, second) == row.same);
  }
}

TEST_CASE("the first format of a list that reads the text decides") {
  const std::vector<DateFormat> formats = {Format("yyyy/MM/dd"), Format("dd/MM/yyyy")};
  CHECK(FormatMoment(ReadDateText("01/02/2026", formats)->moment) == "2026-02-01");
  CHECK_FALSE(ReadDateText("2026-02-01", formats).has_value());
  CHECK_FALSE(ReadDateText("2026/02/01", {}).has_value());
}

}  // namespace
}  // namespace mc
