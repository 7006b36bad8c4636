// Goal: a document of ours is read strictly, and has one byte form.
// Method: tables of good and bad texts with the place that the message must name; limits
// at them and one past them; canonical bytes against vectors written by hand.
#include "core/json.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace mc {
namespace {

std::string MessageOf(const std::string& text, bool with_comments = false) {
  const auto parsed = ParseJson(text, with_comments);
  REQUIRE_FALSE(parsed.ok());
  CHECK(parsed.error().code == "bad_json");
  CHECK(parsed.error().error_class == ErrorClass::kConfig);
  return parsed.error().message;
}

std::string Nested(int levels) {
  return std::string(static_cast<std::size_t>(levels), '[') + std::string(static_cast<std::size_t>(levels), ']');
}

class TemporaryFolder {
 public:
  TemporaryFolder()
      : path_(std::filesystem::temp_directory_path() / ("mc_json_test_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string File(const std::string& name, const std::string& content) const {
    const auto file = path_ / name;
    std::ofstream(file, std::ios::binary) << content;
    return file.string();
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

TEST_CASE("values of every kind are read as they are") {
  const auto parsed = ParseJson(R"( {"a":[1,-2,18446744073709551615,1.5,true,false,null,"ế\n\u00e9"],"b":{},"c":[[],{}]} )");
  REQUIRE(parsed.ok());
  CHECK((*parsed)["a"].size() == 8);
  CHECK((*parsed)["a"][2] == 18446744073709551615ull);
  CHECK((*parsed)["a"][3].is_number_float());
  CHECK((*parsed)["a"][7] == "ế\né");
  CHECK((*parsed)["b"].is_object());
  CHECK((*parsed)["c"][1].is_object());
  CHECK(*ParseJson("7") == 7);
  CHECK(*ParseJson("\xEF\xBB\xBF[]") == Json::array());
}

TEST_CASE("a bad text is refused with line and column") {
  struct Row {
    const char* text;
    const char* place;
  };
  const std::vector<Row> rows = {
      {"{\"a\":1,\n \"b\" 2}", "line 2, column 6"}, {"[1,]", "line 1, column 4"},
      {"[1\n,2\n,x]", "line 3, column 2"},          {"{\"ế\":x}", "line 1, column 6"},
      {"", "line 1, column 1"},                     {"[1", "line 1, column 3"},
      {"1 2", "line 1, column 3"},                  {"[\"a\tb\"]", "line 1, column 4"},
      {"[01]", "line 1, column 3"},                 {"{\"a\":1} // c", "line 1, column 9"},
      {"{\"a\":1,\"b\":2,\n\"a\":3}", "line 2, column 3"},
      {"[\"\\ud800\"]", "line 1, column 9"},        {"{a:1}", "line 1, column 2"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const std::string message = MessageOf(row.text);
    CAPTURE(message);
    CHECK(message.rfind(std::string(row.place) + ":", 0) == 0);
  }
}

TEST_CASE("a message repeats nothing of the document") {
  for (const char* text : {"{\"key\": secret-token}", "{\"secret-token\":1,\"secret-token\":2}", "[\"secret-token]",
                           "[1e99999]", "{\"a\":\"secret-token\" \"b\"}"}) {
    CAPTURE(text);
    CHECK(MessageOf(text).find("secret") == std::string::npos);
  }
}

TEST_CASE("duplicate keys are refused at every level, but may stand in different objects") {
  CHECK(MessageOf(R"({"a":1,"a":1})").find("twice") != std::string::npos);
  CHECK(MessageOf(R"([{"x":{"a":1,"b":{},"a":1}}])").find("twice") != std::string::npos);
  CHECK(MessageOf(R"({"a":1,"\u0061":2})").find("twice") != std::string::npos);
  CHECK(ParseJson(R"({"a":{"a":1},"b":{"a":[{"a":1},{"a":2}]}})").ok());
}

TEST_CASE("depth: at the limit, and one past it") {
  CHECK(ParseJson(Nested(kJsonDepthLimit)).ok());
  CHECK(MessageOf(Nested(kJsonDepthLimit + 1)).find("deeper than 64") != std::string::npos);
  CHECK(MessageOf(std::string(1'000'000, '[')).find("deeper than 64") != std::string::npos);
  CHECK(ParseJson("[" + Nested(kJsonDepthLimit - 1) + "," + Nested(kJsonDepthLimit - 1) + "]").ok());
}

TEST_CASE("text that is not UTF-8 is refused, inside strings and comments") {
  CHECK(MessageOf("[\"\xC3\x28\"]").rfind("line 1, column 3: not valid UTF-8", 0) == 0);
  CHECK(MessageOf("[]\n// \xFF", true).rfind("line 2, column 4: not valid UTF-8", 0) == 0);
  CHECK(MessageOf("[\"\xED\xA0\x80\"]").find("UTF-8") != std::string::npos);
  CHECK(MessageOf("[\"\xE1\xBA").find("UTF-8") != std::string::npos);
}

// The library under the parser takes it for the end of the text.
TEST_CASE("a zero byte ends no document") {
  for (const std::string& text : {std::string("{}\0", 3), std::string("{}\0garbage", 10), std::string("\0", 1)}) {
    const auto parsed = ParseJson(text);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().message.find("zero byte") != std::string::npos);
  }
  CHECK(ParseJson(R"("\u0000")").value() == Json(std::string(1, '\0')));
}

TEST_CASE("comments only where they are allowed") {
  const char* text = "// one\n{\"a\": 1 /* two\n lines */}";
  CHECK(ParseJson(text, true).ok());
  CHECK(MessageOf(text).rfind("line 1, column 1:", 0) == 0);
  CHECK(*ParseJson("[\"// not a comment\"]", true) == Json::array({"// not a comment"}));
  MessageOf("[] /* open", true);
}

TEST_CASE("files: read, missing, a folder, broken") {
  const TemporaryFolder folder;
  const std::string good = folder.File("good.json", "{\"a\": 1}");
  CHECK((*ReadJsonFile(good))["a"] == 1);
  const std::string bad = folder.File("bad.json", "{\n\"a\" 1}");
  CHECK(ReadJsonFile(bad).error().message.rfind(bad + ": line 2, column 5:", 0) == 0);
  for (const std::string& path : {folder.path(), folder.path() + "/missing.json"}) {
    const auto read = ReadJsonFile(path);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().code == "cannot_read");
    CHECK(read.error().message.find(path) != std::string::npos);
  }
  CHECK(ReadJsonFile(folder.File("empty.json", "")).error().code == "bad_json");
  const std::string long_text = "[\"" + std::string(200'000, 'x') + "\"]";
  CHECK(ReadJsonFile(folder.File("long.json", long_text))->at(0).get<std::string>().size() == 200'000);
}

TEST_CASE("canonical form: one byte form for one value") {
  struct Row {
    const char* text;
    const char* canonical;
  };
  const std::vector<Row> rows = {
      {R"({"b":1,"a":[ 2 , -3 ]})", R"({"a":[2,-3],"b":1})"},
      {R"({"é":1,"z":2,"Z":3,"":4})", R"({"":4,"Z":3,"z":2,"é":1})"},
      {R"({"k10":1,"k2":1,"k":1})", R"({"k":1,"k10":1,"k2":1})"},
      {R"("\u0000\u001f\b\t\n\f\r\"\\\/\u007f")", "\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\x7f\""},
      {R"("\u1ebf\ud83d\ude00")", "\"\xE1\xBA\xBF\xF0\x9F\x98\x80\""},
      {"-0", "0"},
      {"18446744073709551615", "18446744073709551615"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"null", "null"},
      {"{}", "{}"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto canonical = CanonicalJson(*ParseJson(row.text));
    REQUIRE(canonical.ok());
    CHECK(*canonical == row.canonical);
    CHECK(*CanonicalJson(*ParseJson(*canonical)) == *canonical);
  }
}

TEST_CASE("what has no canonical form is an internal error") {
  Json deep = Json::array();
  for (int i = 1; i < kJsonDepthLimit; ++i) deep = Json::array({deep});
  CHECK(CanonicalJson(deep).ok());
  const std::vector<Json> bad = {*ParseJson("[1.0]"), *ParseJson("{\"a\":{\"b\":1e2}}"), Json::array({deep}),
                                 Json::array({"\xFF"}), Json::binary({1, 2}), *ParseJson("18446744073709551616")};
  for (const Json& value : bad) {
    const auto canonical = CanonicalJson(value);
    REQUIRE_FALSE(canonical.ok());
    CHECK(canonical.error().error_class == ErrorClass::kInternal);
    CHECK(canonical.error().code == "not_canonical");
  }
}

TEST_CASE("the nearest known name, or none") {
  const std::vector<std::string> known = {"store_path", "sources", "policy", "log_key", "log_level"};
  CHECK(NearestName("store_pth", known) == "store_path");
  CHECK(NearestName("source", known) == "sources");
  CHECK(NearestName("polcy", known) == "policy");
  CHECK(NearestName("log_levle", known) == "log_level");
  CHECK(NearestName("completely_different", known).empty());
  CHECK(NearestName("", {"a", "b"}).empty());
  CHECK(NearestName("xy", {"ab"}).empty());
  CHECK(NearestName(std::string(64, 'a'), {std::string(63, 'a')}) == std::string(63, 'a'));
  CHECK(NearestName(std::string(65, 'a'), {std::string(64, 'a')}).empty());
}

TEST_CASE("unknown keys are refused by pointer and cannot forge a line") {
  const std::vector<std::string> known = {"name", "from"};
  CHECK(RefuseUnknownKeys(*ParseJson(R"({"name":1})"), known, "").ok());
  CHECK(RefuseUnknownKeys(Json::object(), known, "").ok());
  const auto near = RefuseUnknownKeys(*ParseJson(R"({"nmae":1})"), known, "/people/3");
  REQUIRE_FALSE(near.ok());
  CHECK(near.error().code == "unknown_key");
  CHECK(near.error().message == R"("/people/3/nmae": unknown key; did you mean "name"?)");
  CHECK(RefuseUnknownKeys(*ParseJson(R"({"a/b~c":1})"), known, "").error().message == R"("/a~1b~0c": unknown key)");
  const auto forged = RefuseUnknownKeys(*ParseJson(R"({"x\nERROR":1})"), known, "");
  CHECK(forged.error().message.find('\n') == std::string::npos);
  const auto long_key = RefuseUnknownKeys(Json{{std::string(5'000, 'k'), 1}}, known, "");
  CHECK(long_key.error().message.size() < 200);
  CHECK(RefuseUnknownKeys(Json::array(), known, "/x").error().code == "not_object");
}

}  // namespace
}  // namespace mc
