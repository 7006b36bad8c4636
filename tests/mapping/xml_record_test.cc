// Goal: one XML element is read by local names, attributes included, within its limits.
#include "mapping/xml_record.h"

#include <doctest/doctest.h>

using namespace mc;

namespace {

// "a/b=text" of every text in the tree; the reason's code where there is one.
void Walk(const RecordTree& tree, RecordTree::Id at, std::string& text) {
  for (auto id = tree[at].first_child; id != RecordTree::kNone; id = tree[id].next) {
    if (tree[id].type == RecordTree::Type::kText) text += tree.PointerTo(id) + "=" + std::string(tree[id].text) + " ";
    Walk(tree, id, text);
  }
}

std::string ReadXmlText(const std::string& bytes) {
  RecordTree tree;
  std::vector<std::string> marks;
  if (const auto reason = ReadXmlRecord(bytes, tree, marks)) return reason->code;
  std::string text;
  Walk(tree, RecordTree::kRoot, text);
  for (const std::string& mark : marks) text += "[" + mark + "]";
  return text;
}

}  // namespace

TEST_CASE("xml record: elements and attributes by local name") {
  CHECK(ReadXmlText("<r><a>1</a><p:b><c>2 &amp; 3</c></p:b></r>") == "/a=1 /b/c=2 & 3 ");
  CHECK(ReadXmlText("<r id='7' xmlns='urn:x'><a t='x'>1</a><a>2</a></r>") == "/./@id=7 /a=1 /a/@t=x /a=2 ");
  CHECK(ReadXmlText("\xEF\xBB\xBF<r><a><![CDATA[<x>]]><!-- c -->y</a><e/></r>") == "/a=<x>y /e= [bom]");
}

TEST_CASE("xml record: what is refused") {
  CHECK(ReadXmlText("") == "bad_xml");
  CHECK(ReadXmlText("<r><a></r>") == "bad_xml");
  CHECK(ReadXmlText("<r/><r/>") == "bad_xml");
  CHECK(ReadXmlText("<r/>text") == "bad_xml");
  CHECK(ReadXmlText("<r>\xff</r>") == "bad_utf8");
  CHECK(ReadXmlText("<r><a>&#x110000;</a></r>") == "bad_utf8");
  CHECK(ReadXmlText("<r><a b='&#xD800;'>1</a></r>") == "bad_utf8");
  CHECK(ReadXmlText("<!DOCTYPE r><r/>") == "dtd_refused");
  const auto nested = [](int depth) {
    std::string open, close;
    for (int i = 0; i < depth; ++i) open += "<a>", close += "</a>";
    return "<r>" + open + close + "</r>";
  };
  CHECK(ReadXmlText(nested(kXmlDepthLimit - 1)) != "too_deep");
  CHECK(ReadXmlText(nested(kXmlDepthLimit)) == "too_deep");
  std::string many;
  for (std::size_t i = 0; i < 2 * kXmlNodeLimit - 2; ++i) many += "<a/>";
  CHECK(ReadXmlText("<r>" + many + "</r>") != "too_many");
  CHECK(ReadXmlText("<r>" + many + "<a/></r>") == "too_many");
  const std::string equals(2 * kXmlNodeLimit, '=');
  CHECK(ReadXmlText("<r>" + equals + "</r>") == "");
  CHECK(ReadXmlText("<r>" + equals + "=</r>") == "too_many");
}
