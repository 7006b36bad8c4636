// Goal: the number of values in one JSON record is bounded: at the limit it is read, one past it refused.
#include "mapping/json_record.h"

#include <doctest/doctest.h>

using namespace mc;

TEST_CASE("json record: values at their limit and one past it") {
  const auto code = [](std::size_t values) {  // the list, and what is in it
    std::string text = "{\"a\":[0";
    for (std::size_t i = 2; i < values; ++i) text += ",0";
    RecordTree tree;
    std::vector<std::string> marks;
    const auto reason = ReadJsonRecord(text + "]}", tree, marks);
    return reason ? reason->code : "";
  };
  CHECK(code(kRecordNodeLimit) == "");
  CHECK(code(kRecordNodeLimit + 1) == "too_many");
}
