#include "core/log.h"

#include <doctest/doctest.h>

using namespace mc;

// Goal: a field can never look like a second field, a second event or a terminal command.
// Method: values that carry white space, quotes, '=' and control bytes.
TEST_CASE("log fields are escaped") {
  CHECK(LogFieldText({"source", "documents"}) == "source=documents");
  CHECK(LogFieldText({"file", ""}) == "file=\"\"");
  CHECK(LogFieldText({"file", "a b"}) == "file=\"a b\"");
  CHECK(LogFieldText({"file", "x=1"}) == "file=\"x=1\"");
  CHECK(LogFieldText({"file", "a\"b\\c"}) == "file=\"a\\\"b\\\\c\"");
  CHECK(LogFieldText({"file", "a\nb\x1b[2J"}) == "file=\"a\\x0ab\\x1b[2J\"");
  CHECK(LogFieldText({"file", "hồ-sơ"}) == "file=hồ-sơ");
}
