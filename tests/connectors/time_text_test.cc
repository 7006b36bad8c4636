// Goal: times are written and read as the manifest says, and nothing else is read.

#include "connectors/time_text.h"

#include <doctest/doctest.h>

using namespace mc;

TEST_CASE("each format writes and reads the same moment") {
  const Instant at = ParseInstant("2026-06-09T20:04:05Z").value();
  struct Row {
    const char* format;
    const char* text;
    bool whole_days;
  };
  const Row rows[] = {
      {"iso", "2026-06-09T20:04:05Z", false},      {"iso_city", "2026-06-10T03:04:05+07:00", false},
      {"epoch_seconds", "1781035445", false},      {"epoch_millis", "1781035445000", false},
      {"yyyyMMddHHmmss", "20260610030405", false}, {"dd/MM/yyyy HH:mm:ss", "10/06/2026 03:04:05", false},
      {"yyyy/MM/dd", "2026/06/10", true},          {"dd.MM.yyyy", "10.06.2026", true}};
  for (const Row& row : rows) {
    INFO(row.format);
    CHECK(IsTimeFormat(row.format));
    CHECK(IsWholeDays(row.format) == row.whole_days);
    CHECK(FormatTime(row.format, at) == row.text);
    const auto read = ReadTime(row.format, row.text);
    REQUIRE(read.has_value());
    CHECK(*read == (row.whole_days ? StartOfDay(CityDate(at)) : at));
  }
}

TEST_CASE("what is no format, and what is not written in one") {
  for (const char* format : {"", "isoo", "yyyy-MM", "yyyy-MM-dd-dd", "yyyy-MM-ddZ", "yyyyMMdd'T'"}) {
    INFO(format);
    CHECK_FALSE(IsTimeFormat(format));
  }
  struct Row {
    const char* format;
    const char* text;
  };
  const Row rows[] = {{"yyyyMMdd", "20260230"},
                      {"yyyyMMdd", "2026061"},
                      {"yyyyMMdd", "202606100"},
                      {"yyyy-MM-dd", "2026/06/10"},
                      {"epoch_seconds", "-1"},
                      {"epoch_seconds", "1e9"},
                      {"epoch_millis", "99999999999999999"},
                      {"yyyyMMddHHmmss", "20260610240000"},
                      {"iso", "2026-06-10"},
                      {"yyyyMMdd", "2026 610"}};
  for (const Row& row : rows) {
    INFO(row.format, " ", row.text);
    CHECK_FALSE(ReadTime(row.format, row.text).has_value());
  }
}
