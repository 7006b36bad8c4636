// Goal: every refusal names where and which rule. Method: one table per reader of values.
#include "core/json_at.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

namespace mc {
namespace {

template <typename T>
std::string CodeOf(const Result<T>& result) {
  return result.ok() ? "ok" : result.error().code;
}

TEST_CASE("pointers escape ~ and / (RFC 6901)") {
  CHECK(PointerToken("a") == "/a");
  CHECK(PointerToken("a/b~c") == "/a~1b~0c");
  const Json document = Json::parse(R"({"a/b":{"c":[1,{"d":2}]}})");
  const auto list = JsonAt(document).Member("a/b")->Member("c");
  const auto items = list->Items(2);
  REQUIRE(items.ok());
  CHECK(items->at(1).Member("d")->pointer() == "/a~1b/c/1/d");
  CHECK(items->at(1).Member("e").error().message.find("\"/a~1b/c/1/e\"") == 0);
}

TEST_CASE("a name of the document cannot forge a line of a message") {
  const Json document = Json::parse(R"({"a\nERROR: b":{"c\u001b[31m":1}})");
  const auto inner = JsonAt(document).Member("a\nERROR: b")->Member("c\x1B[31m")->Text(5);
  REQUIRE_FALSE(inner.ok());
  CHECK(inner.error().message == R"("/a\nERROR: b/c\u001b[31m": must be a string)");
  const Json other = Json::parse("{\"a\x7F\xC2\x9B\":1}");
  CHECK(JsonAt(other).Member("a\x7F\xC2\x9B")->Text(5).error().message == "\"/a??\": must be a string");
  CHECK(JsonAt(other).Keys({"b"}).error().message == "\"/a??\": unknown key");
}

TEST_CASE("values by type and limit") {
  const Json document = Json::parse(
      R"({"s":"abc","e":"","n":5,"neg":-5,"f":5.0,"big":18446744073709551615,"t":true,"o":{},"l":[1,2,3],"x":null,
          "d":"1.5","r":"3/4","day":"2026-06-30","noday":"2026-06-31"})");
  const JsonAt root(document);
  const auto at = [&](const char* key) { return *root.Member(key); };
  CHECK(CodeOf(at("s").Text(3)) == "ok");
  CHECK(CodeOf(at("s").Text(2)) == "text_too_long");
  CHECK(CodeOf(at("e").Text(3)) == "empty_text");
  CHECK(CodeOf(at("n").Text(3)) == "not_text");
  CHECK(CodeOf(at("n").Count(5, 5)) == "ok");
  CHECK(CodeOf(at("n").Count(6, 9)) == "out_of_range");
  CHECK(CodeOf(at("n").Count(0, 4)) == "out_of_range");
  CHECK(*at("neg").Count(-5, 0) == -5);
  CHECK(CodeOf(at("f").Count(0, 9)) == "not_integer");
  CHECK(CodeOf(at("big").Count(0, INT64_MAX)) == "out_of_range");
  CHECK(CodeOf(at("t").Bool()) == "ok");
  CHECK(CodeOf(at("n").Bool()) == "not_bool");
  CHECK(CodeOf(at("l").Items(3)) == "ok");
  CHECK(CodeOf(at("l").Items(2)) == "too_many");
  CHECK(CodeOf(at("o").Items(2)) == "not_array");
  CHECK(CodeOf(at("l").Keys({})) == "not_object");
  CHECK(CodeOf(at("d").Decimal()) == "ok");
  CHECK(CodeOf(at("f").Decimal()) == "not_decimal_text");
  CHECK(CodeOf(at("r").Decimal()) == "bad_decimal");
  CHECK(*at("r").DecimalOrFraction() == Ratio(3, 4));
  CHECK(*at("d").DecimalOrFraction() == Ratio(3, 2));
  CHECK(CodeOf(at("s").DecimalOrFraction()) == "bad_decimal");
  CHECK(CodeOf(at("day").Date()) == "ok");
  CHECK(CodeOf(at("noday").Date()) == "bad_date");
  CHECK(CodeOf(at("n").Date()) == "bad_date");
  CHECK(root.Find("x").has_value());
  CHECK_FALSE(root.Find("y").has_value());
  CHECK(CodeOf(root.Member("y")) == "missing_key");
}

TEST_CASE("names of a closed list") {
  const Json document = Json::parse(R"({"a":"good","b":"godo","c":1})");
  const JsonAt root(document);
  const std::vector<std::string> names = {"excellent", "good"};
  CHECK(*root.Member("a")->OneOf(names) == 1);
  const auto wrong = root.Member("b")->OneOf(names);
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().code == "unknown_name");
  CHECK(wrong.error().message.find("did you mean \"good\"?") != std::string::npos);
  CHECK(CodeOf(root.Member("c")->OneOf(names)) == "not_text");
  CHECK(root.Keys({"a", "b"}).error().code == "unknown_key");
}

}  // namespace
}  // namespace mc
