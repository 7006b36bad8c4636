// Goal: rows are the exact bytes of the answer, in every wrapping seen; broken answers are
// refused whole. Method: hand-made answers, one per quirk.

#include "connectors/json_page.h"

#include <doctest/doctest.h>

using namespace mc;

namespace {
const JsonLayout kLayout{"PageData", "TotalRows"};
}

TEST_CASE("rows keep their bytes: spacing, escapes, order and number forms") {
  const std::string row = R"({ "b" : 1.50,  "a":"\u00e2\u0301\n", "c":[1, {"MaNV":"no"}] })";
  const std::string body = "{\"PageData\":[ " + row + " , {}],\"TotalRows\":2}";
  const auto page = SplitJson(body, kLayout);
  REQUIRE(page.ok());
  REQUIRE(page->rows.size() == 2);
  CHECK(page->rows[0].bytes == row);
  CHECK(page->rows[0].bytes.data() == body.data() + body.find(row));
  CHECK(page->rows[0].fields.at("b") == "1.50");
  CHECK(page->rows[0].fields.at("c").empty());
  CHECK_FALSE(page->rows[0].fields.contains("MaNV"));
  CHECK(page->rows[1].bytes == "{}");
  CHECK(page->total == 2);
}

TEST_CASE("wrappings, totals and lists that are not there") {
  struct Row {
    const char* body;
    bool has_rows;
    std::size_t rows;
    std::optional<std::int64_t> total;
  };
  const Row rows[] = {
      {R"({"PageData":[{"a":1}],"TotalRows":"7"})", true, 1, 7},
      {R"({"Data":{"PageData":[{"a":1}],"TotalRows":7}})", true, 1, 7},
      {R"({"daTa":{"TotalRows":7,"PageData":[]}})", true, 0, 7},
      {R"({"Data":{"daTa":{"PageData":[{}],"TotalRows":1}}})", true, 1, 1},
      {R"({"Data":[{"a":1},{"a":2}]})", true, 2, std::nullopt},
      {R"([{"a":1},2,"x",[3]])", true, 4, std::nullopt},
      {R"({"PageData":null,"TotalRows":0})", true, 0, 0},
      {R"({"PageData":[],"TotalRows":-1})", true, 0, std::nullopt},
      {R"({"PageData":[],"TotalRows":"many"})", true, 0, std::nullopt},
      {R"({"message":"no"})", false, 0, std::nullopt},
      {"\xEF\xBB\xBF 1212{\"PageData\":[{}]}\n", true, 1, std::nullopt},
  };
  for (const Row& row : rows) {
    INFO(row.body);
    const auto page = SplitJson(row.body, kLayout);
    REQUIRE(page.ok());
    CHECK(page->has_rows == row.has_rows);
    CHECK(page->rows.size() == row.rows);
    CHECK(page->total == row.total);
    CHECK(page->whole.has_value() == !row.has_rows);
  }
}

TEST_CASE("an answer that is cut, or broken around its rows, gives nothing") {
  const std::string body = R"({"PageData":[{"MaNV":"1"},{"MaNV":"2","x":[true,null,1e3]}],"TotalRows":2})";
  REQUIRE(SplitJson(body, kLayout).ok());
  for (std::size_t length = 0; length < body.size(); ++length) {
    INFO(length);
    const auto page = SplitJson(body.substr(0, length), kLayout);
    REQUIRE_FALSE(page.ok());
    CHECK(page.error().code == "bad_json");
  }
  for (const char* broken : {"{\"PageData\":[],\"service_code\":006}", "{\"PageData\":[{}]}}", "{'PageData':[]}"}) {
    CHECK_FALSE(SplitJson(broken, kLayout).ok());
  }
}

TEST_CASE("nesting is bounded: what is deeper than the limit is set aside, or costs the page") {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(SplitJson(nested(60), kLayout).value().rows.at(0).well_formed);
  CHECK_FALSE(SplitJson(nested(70), kLayout).value().rows.at(0).well_formed);
  CHECK(SplitJson(nested(1'024), kLayout).ok());
  CHECK_FALSE(SplitJson(nested(1'025), kLayout).ok());
}

TEST_CASE("bytes that are not UTF-8 spoil only their own record") {
  const std::string bad = "{\"MaNV\":\"2\",\"x\":\"\xC3(\xFF\"}";
  const std::string body = "{\"PageData\":[{\"MaNV\":\"1\"}," + bad + ",{\"MaNV\":\"\xC3\xA2\"}]}";
  const auto page = SplitJson(body, kLayout);
  REQUIRE(page.ok());
  REQUIRE(page->rows.size() == 3);
  CHECK(page->rows[0].valid_utf8);
  CHECK_FALSE(page->rows[1].valid_utf8);
  CHECK(page->rows[1].bytes == bad);
  CHECK(page->rows[1].fields.at("MaNV") == "2");
  CHECK(page->rows[2].fields.at("MaNV") == "\xC3\xA2");
}

TEST_CASE("only the fields asked for are kept; of equal names the last") {
  const std::string body =
      R"({"PageData":[{"a":"1","MaNV":"x","b":{"MaNV":"no"},"M\u0061NV":"y"},{"a":2}, {} ],"TotalRows":3})";
  JsonLayout layout = kLayout;
  layout.fields = {"MaNV"};
  const auto page = SplitJson(body, layout);
  REQUIRE(page.ok());
  REQUIRE(page->rows.size() == 3);
  CHECK(page->rows[0].fields == std::map<std::string, std::string>{{"MaNV", "y"}});
  CHECK(page->rows[1].fields.empty());
  CHECK(page->rows[1].bytes == R"({"a":2})");
  CHECK(page->rows[2].bytes == "{}");
  CHECK(page->total == 3);
}

// Parsers are kept from page to page; a large page has its own. Neither may show in the next.
TEST_CASE("a small page after a large one, and after a broken one") {
  const std::string large = R"({"PageData":[{"MaNV":")" + std::string(5'000'000, 'x') + R"("}]})";
  const std::string small = R"({"PageData":[{"MaNV":"1"}]})";
  for (const std::string& before : {large, small.substr(0, 20), std::string("\xFF{\"PageData\":[\xFF]}")}) {
    (void)SplitJson(before, kLayout);
    const auto page = SplitJson(small, kLayout);
    REQUIRE(page.ok());
    REQUIRE(page->rows.size() == 1);
    CHECK(page->rows[0].Text("MaNV") == "1");
  }
  CHECK(SplitJson(large, kLayout)->rows.at(0).Text("MaNV").size() == 5'000'000);
}

// Goal: one bad record in a good page costs itself only, whatever is wrong with it.
TEST_CASE("a mistake inside one row does not cost the page") {
  const std::string deep = std::string(70, '[') + std::string(70, ']');
  const std::vector<std::string> spoilt = {
      R"({"id":"b","x":1e999})",     R"({"id":"b","x":-1e999})",  R"({"id":"b","x":12345678901234567890123})",
      R"({"id":"b","x":01})",        R"({"id":"b","x":1.})",      R"({"id":"b","x":NaN})",
      R"({"id":"b","x":"\ud800"})",  R"({"id":"b","x":"\q"})",    "{\"id\":\"b\",\"x\":\"a\nb\"}",
      R"({"id":"b" "x":1})",         R"({"id":"b","x":1,})",      R"({"id":"b","x":tru})",
      "{\"id\":\"b\",\"x\":\"\xFF\",\"y\":1e999}", R"({"id":"b","x":)" + deep + "}"};
  for (const std::string& bad : spoilt) {
    CAPTURE(bad);
    const std::string list = R"([{"id":"a"},)" + bad + R"(,{"id":"c"}])";
    for (const std::string& text : {R"({"total":"3","data":)" + list + "}", list, R"({"Data":{"total":3,"data":)" + list + "}}"}) {
      const auto page = SplitJson(text, {"data", "total", {"id"}});
      REQUIRE_MESSAGE(page.ok(), text);
      REQUIRE(page->rows.size() == 3);
      CHECK(page->rows[0].well_formed);
      CHECK(page->rows[0].Text("id") == "a");
      CHECK(page->rows[1].bytes == bad);
      CHECK_FALSE(page->rows[1].well_formed);
      CHECK(page->rows[2].Text("id") == "c");
      if (text != list) CHECK(page->total == 3);
    }
  }
}

TEST_CASE("a mistake around the rows, or a missing end, costs the page") {
  for (const std::string text :
       {R"({"data":[{"id":"a"})", R"({"data":[{"id":"a"}],"x":01})", R"({"data":[{"id":"a"} {"id":"b"}]})",
        R"({"data":[{"id":"a"},{"id":"b]})", R"({"x":01})"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(SplitJson(text, {"data", "total", {"id"}}).ok());
  }
}

TEST_CASE("a good row beside a bad one may have a member called like the list") {
  const std::string bad = R"({"id":"b","x":01})";
  for (const std::string good :
       {R"({"id":"a","data":[{"id":"inner"}]})", R"({"id":"a","data":null})", R"({"data":{"data":[]},"id":"a"})"}) {
    CAPTURE(good);
    const std::string text = R"({"data":[)" + good + "," + bad + R"(,{"id":"c"}]})";
    const auto page = SplitJson(text, {"data", "total", {"id"}});
    REQUIRE(page.ok());
    REQUIRE(page->rows.size() == 3);
    CHECK(page->rows[0].well_formed);
    CHECK(page->rows[0].Text("id") == "a");
    CHECK(page->rows[0].bytes == good);
    CHECK(page->rows[0].bytes.data() == text.data() + 9);
    CHECK_FALSE(page->rows[1].well_formed);
    CHECK(page->rows[2].Text("id") == "c");
  }
}

TEST_CASE("the rows of one answer are counted: at the limit and one past it, whole or with a mistake") {
  std::string rows = "1";
  for (std::size_t i = 1; i < kRowsLimit; ++i) rows += ",1";
  for (const std::string text : {"[", R"({"data":[)", R"({"Data":{"data":[)"}) {
    const std::string end = text == "[" ? "]" : text == R"({"data":[)" ? "]}" : "]}}";
    const auto at = SplitJson(text + rows + end, {"data", "total"});
    REQUIRE(at.ok());
    CHECK(at->rows.size() == kRowsLimit);
    const auto over = SplitJson(text + rows + ",1" + end, {"data", "total"});
    REQUIRE_FALSE(over.ok());
    CHECK(over.error().code == "too_many_rows");
  }
  CHECK(SplitJson("[01," + rows.substr(2) + "]", {"data", "total"}).ok());
  CHECK(SplitJson("[01," + rows + "]", {"data", "total"}).error().code == "too_many_rows");
}
