// Goal: whatever mark the documentation or a rule file names, a person reads a sentence, not a code.
// Method: every `code` in the two paragraphs on marks of docs/formats/evidence.md, and every mark that a rule file may give.
#include "gateway/mark_texts.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "mapping/rule_set.h"

using namespace mc;

namespace {

std::set<std::string> DocumentedMarks() {
  std::ifstream in(std::string(MC_SOURCE_DIR) + "/docs/formats/evidence.md");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto from = text.find("**Marks**"), to = text.find("## Test vectors");
  REQUIRE(from != std::string::npos);
  const std::string part = text.substr(from, to - from);
  const std::regex code("`([a-z_0-9]+)(:<field>)?`");
  std::set<std::string> marks;
  for (std::sregex_iterator at(part.begin(), part.end(), code), end; at != end; ++at) marks.insert((*at)[1]);
  return marks;
}

}  // namespace

TEST_CASE("every mark has its sentence") {
  std::set<std::string> marks = DocumentedMarks();
  CHECK(marks.size() >= 25);
  for (const std::string& mark : RuleMarks()) CHECK_MESSAGE(marks.contains(mark), mark);
  for (const char* name : {"explain", "000000001", "bad_date"}) marks.erase(name);
  for (const std::string& mark : marks) CHECK_MESSAGE(ViMark(mark) != mark, mark);
  CHECK(ViMark("bad_date:due") == "không đọc được ngày ở trường due");
  CHECK(ViMark("odd") == "odd");
}
