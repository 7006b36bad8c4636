// Goal: a row with its header is read by column names, and what is no such thing is refused.
#include "mapping/csv_record.h"

#include <doctest/doctest.h>

using namespace mc;

namespace {

// "name=text ..." of the root's members; the reason's code where there is one.
std::string Read(const std::string& bytes, char delimiter = ',') {
  RecordTree tree;
  if (const auto reason = ReadCsvRecord(bytes, delimiter, tree)) return reason->code;
  std::string text;
  for (auto id = tree[RecordTree::kRoot].first_child; id != RecordTree::kNone; id = tree[id].next) {
    text += std::string(tree[id].name) + "=" + std::string(tree[id].text) + " ";
  }
  return text;
}

}  // namespace

TEST_CASE("csv record: columns by name") {
  CHECK(Read("a, b \n1,\"x, y\"") == "a=1 b=x, y ");
  CHECK(Read("a;b\r\n1;2", ';') == "a=1 b=2 ");
  CHECK(Read("a,\n1,2") == "a=1 ");  // a column without a name says nothing
  RecordTree tree;
  REQUIRE_FALSE(ReadCsvRecord("Số/Ký hiệu,Số/Ngày\n7/UB,1", ',', tree));
  const auto number = tree.FirstChild(RecordTree::kRoot, "Số");
  REQUIRE(number != RecordTree::kNone);
  CHECK(tree[tree.FirstChild(number, "Ký hiệu")].text == "7/UB");
  CHECK(tree[tree.FirstChild(number, "Ngày")].text == "1");
}

TEST_CASE("csv record: what is not one row of a sheet") {
  CHECK(Read("") == "bad_csv");
  CHECK(Read("a,b") == "bad_csv");
  CHECK(Read("a\n1\n2") == "bad_csv");
  CHECK(Read("a,b\n1") == "bad_csv");
  CHECK(Read("a\n\"1") == "bad_csv");
  CHECK(Read("a,a\n1,2") == "duplicate_key");
  CHECK(Read("a\n\xff") == "bad_utf8");
}
