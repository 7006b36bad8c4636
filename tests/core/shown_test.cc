// Goal: nothing that a terminal would obey is left in foreign text, and nothing else is touched.
#include "core/shown.h"

#include <doctest/doctest.h>

using namespace mc;

TEST_CASE("control characters of both kinds, and their neighbours") {
  struct Row {
    std::string text, shown;
  };
  const Row rows[] = {{"", ""},
                      {"Số 7/UBND ~", "Số 7/UBND ~"},
                      {"a\x1B[31m\n\t\x7F", "a?[31m???"},
                      {std::string("\0x", 2), "?x"},
                      {"\xC2\x80\xC2\x9B\xC2\x9F", "???"},
                      {"\xC2\xA0\xC3\x9B\xC4\x80", "\xC2\xA0\xC3\x9B\xC4\x80"},  // no control, though the bytes look alike
                      {"\xC2", "\xC2"}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(WithoutControls(row.text) == row.shown);
    CHECK(HasControls(row.text) == (row.text != row.shown));
  }
}
