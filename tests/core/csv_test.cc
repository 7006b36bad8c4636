// Goal: rows of real sheets, and one bad row costs itself only.
// Method: tables of text and the rows expected, fields joined by '|', broken rows as "!".
#include "core/csv.h"

#include <doctest/doctest.h>

using namespace mc;

namespace {

std::string Rows(const std::string& text, char delimiter = ',') {
  CsvReader reader(text, delimiter);
  std::string all;
  CsvRow row;
  while (reader.Next(row)) {
    if (!all.empty()) all += " / ";
    all += std::to_string(row.line) + ":";
    if (row.broken) all += "!";
    for (std::size_t i = 0; i < row.fields.size(); ++i) all += (i ? "|" : "") + row.fields[i];
  }
  return all;
}

}  // namespace

TEST_CASE("csv: rows as people's programs write them") {
  struct Case {
    const char* text;
    const char* rows;
  };
  const Case cases[] = {
      {"", ""},
      {"a,b\n1,2\n", "1:a|b / 2:1|2"},
      {"a,b\r\n1,2", "1:a|b / 2:1|2"},
      {"\xEF\xBB\xBFmã,tên\n", "1:mã|tên"},
      {"a,\n,b\n", "1:a| / 2:|b"},
      {"\n\n a \n  \nb", "3: a  / 5:b"},
      {"\"x, \"\"y\"\"\",2\n", "1:x, \"y\"|2"},
      {"\"two\nlines\",2\r\nb,3\n", "1:two\nlines|2 / 3:b|3"},
      {"a,\"b\"\r\n", "1:a|b"},
      {"\"\",\"\"\n", "1:|"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    CHECK(Rows(one.text) == one.rows);
  }
  CHECK(Rows("a;b,c\n", ';') == "1:a|b,c");
  CHECK(Rows("a\tb\n", '\t') == "1:a|b");
}

TEST_CASE("csv: a broken quote costs its own line") {
  CHECK(Rows("a,b\n1,\"open\n2,3\n") == "1:a|b / 2:! / 3:2|3");
  CHECK(Rows("1,x\"y\n2,3\n") == "1:! / 2:2|3");
  CHECK(Rows("\"a\"b,1\n2,3\n") == "1:! / 2:2|3");
  CHECK(Rows("\"open") == "1:!");
}

TEST_CASE("csv: a quoted field may hold so many lines, and no more") {
  const auto field = [](std::int64_t lines) {
    std::string text = "\"";
    for (std::int64_t i = 1; i < lines; ++i) text += "x\n";
    return text + "x\"\nnext\n";
  };
  const auto broken = [](const std::string& text) {
    CsvReader reader(text, ',');
    CsvRow row;
    REQUIRE(reader.Next(row));
    return row.broken;
  };
  CHECK_FALSE(broken(field(kCsvRowLineLimit)));
  CHECK(broken(field(kCsvRowLineLimit + 1)));
  CHECK_FALSE(broken(std::string(kCsvColumnLimit - 1, ',')));
  CHECK(broken(std::string(kCsvColumnLimit, ',')));
}

TEST_CASE("csv: a column's name, however the head cell is typed") {
  CHECK(ColumnName(" Mã \n nhiệm\u00A0\u00A0vụ\t") == "Mã nhiệm vụ");
  CHECK(ColumnName("Ma\u0303") == "Mã");
  CHECK(ColumnName("\u00A0 \r\n") == "");
  CHECK(ColumnName("a/b") == "a/b");
}
