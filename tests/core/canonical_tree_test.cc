// Goal: the one form is read as it was written, and every other form of the same document is refused.
#include "core/canonical_tree.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "core/json.h"

using namespace mc;

namespace {

// The tree as a document again.
Json Again(const CanonicalTree& tree, const CanonicalNode& node) {
  using Kind = CanonicalNode::Kind;
  switch (node.kind) {
    case Kind::kNull: return nullptr;
    case Kind::kTrue: return true;
    case Kind::kFalse: return false;
    case Kind::kInteger: return node.Integer();
    case Kind::kText: return node.Text();
    case Kind::kList:
    case Kind::kObject: break;
  }
  Json json = node.kind == Kind::kList ? Json::array() : Json::object();
  const CanonicalNode* one = tree.First(node);
  for (std::uint32_t i = 0; i < node.size; ++i, one = tree.Next(*one)) {
    (node.kind == Kind::kList ? json.emplace_back() : json[std::string(one->name)]) = Again(tree, *one);
  }
  return json;
}

bool Reads(std::string_view text) { return CanonicalTree::Parse(text).ok(); }

}  // namespace

TEST_CASE("what is written canonically is read as it is") {
  std::string controls;
  for (char c = 0; c < 0x20; ++c) controls += c;
  const Json documents[] = {
      nullptr,
      true,
      "",
      "\"\\/ \x7F Ủy ban €😀",
      controls,
      INT64_MIN,
      INT64_MAX,
      0,
      Json::array(),
      Json::object(),
      Json::parse(R"({"a":[],"b":{},"c":[1,[2,{"d":false}],"x"],"ca":null,"é":-7})"),
  };
  for (const Json& document : documents) {
    const std::string text = *CanonicalJson(document);
    CAPTURE(text);
    const auto tree = CanonicalTree::Parse(text);
    REQUIRE(tree.ok());
    CHECK(Again(*tree, tree->root()) == document);
  }
}

TEST_CASE("a member is found by its name, in its own object only") {
  const std::string text = R"({"a":{"x":1,"y":2},"b":[{"x":3}],"y":4})";
  const auto tree = CanonicalTree::Parse(text);
  REQUIRE(tree.ok());
  const CanonicalNode* a = tree->Find(tree->root(), "a");
  REQUIRE(a != nullptr);
  CHECK(tree->Find(*a, "y")->Integer() == 2);
  CHECK(tree->Find(tree->root(), "y")->Integer() == 4);
  CHECK(tree->Find(tree->root(), "x") == nullptr);
  CHECK(tree->Find(*tree->Find(tree->root(), "b"), "x") == nullptr);
  CHECK(tree->Find(CanonicalTree::Parse("{}")->root(), "x") == nullptr);
}

TEST_CASE("every other form is refused") {
  for (const std::string text : {"",
                                 " 1",
                                 "1 ",
                                 "{\"a\": 1}",
                                 "{ }",
                                 "[1, 2]",
                                 "[1,]",
                                 "[,1]",
                                 "{\"a\":1,}",
                                 "{,}",
                                 "[",
                                 "{",
                                 "[1",
                                 "{\"a\"",
                                 "{\"a\":",
                                 "{\"a\":1",
                                 "]",
                                 "1]",
                                 "[]]",
                                 "{}{}",
                                 "{\"b\":1,\"a\":2}",
                                 "{\"a\":1,\"a\":2}",
                                 "{a:1}",
                                 "{1:2}",
                                 "01",
                                 "-0",
                                 "+1",
                                 "1.0",
                                 "1e3",
                                 "-",
                                 "--1",
                                 "9223372036854775808",
                                 "-9223372036854775809",
                                 "tru",
                                 "truex",
                                 "True",
                                 "nul",
                                 "falsey",
                                 "'x'",
                                 "\"",
                                 "\"x",
                                 "\"\\",
                                 "\"\\\"",
                                 "\"\\x\"",
                                 "\"\\/\"",
                                 "\"\\u0041\"",
                                 "\"\\u001F\"",
                                 "\"\\u000a\"",
                                 "\"\\u00e9\"",
                                 "\"\\u00\"",
                                 "\"\\u0020\"",
                                 "\"\\ud83d\\ude00\"",
                                 "\"\t\"",
                                 "\"\n\"",
                                 "\"\xC3(\"",
                                 "\"\xED\xA0\x80\"",
                                 "{\"\\n\":1}",
                                 "\xEF\xBB\xBF{}",
                                 "//x\n1"}) {
    CAPTURE(text);
    CHECK_FALSE(Reads(text));
  }
  CHECK_FALSE(Reads(std::string_view("\"\0\"", 3)));
  CHECK_FALSE(Reads(std::string_view("1\0", 2)));
}

TEST_CASE("levels: at the limit and one past it") {
  const auto nested = [](int levels) {
    return std::string(static_cast<std::size_t>(levels), '[') + std::string(static_cast<std::size_t>(levels), ']');
  };
  CHECK(Reads(nested(kJsonDepthLimit)));
  CHECK_FALSE(Reads(nested(kJsonDepthLimit + 1)));
  CHECK(CanonicalJson(Json::parse(nested(kJsonDepthLimit))).ok());
  CHECK_FALSE(CanonicalJson(Json::parse(nested(kJsonDepthLimit + 1))).ok());
}
