// Goal: a row with its header is read by column names, and what is no such thing is refused.
#include "mapping/csv_record.h"

#include <doctest/doctest.h>

using namespace mc;

namespace {

// "name=text ..." of the root's members; the reason's code where there is one.
std::string ReadCsvText(const std::string& bytes, char delimiter = ',') {
  RecordTree tree;
  if (const auto reason = ReadCsvRecord(bytes, delimiter, {}, tree)) return reason->code;
  std::string text;
  for (auto id = tree[RecordTree::kRoot].first_child; id != RecordTree::kNone; id = tree[id].next) {
    text += std::string(tree[id].name) + "=" + std::string(tree[id].text) + " ";
  }
  return text;
}

// "/pointer=text ..." of every text below.
std::string Texts(const RecordTree& tree, RecordTree::Id at = RecordTree::kRoot) {
  if (tree[at].type == RecordTree::Type::kText) return tree.PointerTo(at) + "=" + std::string(tree[at].text) + " ";
  std::string all;
  for (auto id = tree[at].first_child; id != RecordTree::kNone; id = tree[id].next) all += Texts(tree, id);
  return all;
}

}  // namespace

TEST_CASE("csv record: columns by name") {
  CHECK(ReadCsvText("a, b \n1,\"x, y\"") == "a=1 b=x, y ");
  CHECK(ReadCsvText("a;b\r\n1;2", ';') == "a=1 b=2 ");
  CHECK(ReadCsvText("a,\n1,2") == "a=1 ");  // a column without a name says nothing
  RecordTree tree;
  REQUIRE_FALSE(ReadCsvRecord("Số/Ký hiệu,Số/Ngày\n7/UB,1", ',', {}, tree));
  const auto number = tree.FirstChild(RecordTree::kRoot, "Số");
  REQUIRE(number != RecordTree::kNone);
  CHECK(tree[tree.FirstChild(number, "Ký hiệu")].text == "7/UB");
  CHECK(tree[tree.FirstChild(number, "Ngày")].text == "1");
}

TEST_CASE("csv record: what is not one row of a sheet") {
  CHECK(ReadCsvText("") == "bad_csv");
  CHECK(ReadCsvText("a,b") == "bad_csv");
  CHECK(ReadCsvText("a\n1\n2") == "bad_csv");
  CHECK(ReadCsvText("a,b\n1") == "bad_csv");
  CHECK(ReadCsvText("a\n\"1") == "bad_csv");
  CHECK(ReadCsvText("a,a\n1,2") == "duplicate_key");
  CHECK(ReadCsvText("a\n\xff") == "bad_utf8");
}

TEST_CASE("csv record: a cell of several entries, each of named parts, and parts of such") {
  const CellRules rules = {{"T", {"##", "|", {"Lúc", "Gì"}}}, {"T/Gì", {";", "~", {"Loại", "Mã"}}}};
  RecordTree tree;
  const auto read = [&](const std::string& cell) {
    const auto reason = ReadCsvRecord("M,T\nx,\"" + cell + "\"", ',', rules, tree);
    return reason ? reason->code + " " + reason->field : Texts(tree);
  };
  CHECK(read("") == "/M=x ");
  CHECK(read(" ## ") == "/M=x ");
  CHECK(read("1|A~7") == "/M=x /T/0/Lúc=1 /T/0/Gì/0/Loại=A /T/0/Gì/0/Mã=7 ");
  CHECK(read("1##2|A~7;B") == "/M=x /T/0/Lúc=1 /T/1/Lúc=2 /T/1/Gì/0/Loại=A /T/1/Gì/0/Mã=7 /T/1/Gì/1/Loại=B ");
  CHECK(read("1|A~7|3") == "bad_cell /T/0");
  CHECK(read("1|A~7~8") == "bad_cell /T/0/Gì/0");
}

TEST_CASE("csv record: column names as people type them") {
  CHECK(ReadCsvText("Mã\u00A0 nhiệm\u00A0vụ,\"Hạn\nxử lý\"\n1,2") == "Mã nhiệm vụ=1 Hạn xử lý=2 ");
  CHECK(ReadCsvText("Ma\u0303\n1") == "Mã=1 ");  // decomposed
  CHECK(ReadCsvText("a b,\"a\nb\"\n1,2") == "duplicate_key");
}

TEST_CASE("csv record: a column beside columns of its name, and names of many parts") {
  CHECK(ReadCsvText("a,a/b\n1,2") == "bad_csv");
  CHECK(ReadCsvText("a/b,a\n1,2") == "bad_csv");
  CHECK(ReadCsvText("a/b/c,a/b\n1,2") == "bad_csv");
  CHECK(ReadCsvText("a/b,a/c,ab\n1,2,3") == "a= ab=3 ");
  std::string name = "a";
  for (std::size_t parts = 1; parts < kColumnDepthLimit; ++parts) name += "/a";
  CHECK(ReadCsvText(name + "\n1") == "a= ");
  CHECK(ReadCsvText(name + "/a\n1") == "too_deep");
}
