// Goal: the limits of one edXML message hold at them and not one past them, before a tree is built
// where it would cost the memory.
// Method: made messages; what a message says otherwise is in the golden files.
#include "mapping/edxml.h"

#include <doctest/doctest.h>

using namespace mc;

namespace {

// The message with `more` inside its body; the reason's code, empty when it is read.
std::string ReadEdxmlText(const std::string& more, const std::string& root_attributes = "") {
  const std::string text = "<edXML xmlns=\"urn:x\"" + root_attributes +
                           "><edXMLEnvelope><edXMLHeader><MessageHeader><a>1</a></MessageHeader></edXMLHeader><b>" +
                           more + "</b></edXMLEnvelope></edXML>";
  RecordTree tree;
  std::vector<std::string> marks;
  const auto reason = ReadEdxml(text, {"urn:x"}, tree, marks);
  return reason ? reason->code + "/" + reason->rule : "";
}

std::string Attributes(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += " a" + std::to_string(i) + "='1'";
  return text;
}

}  // namespace

TEST_CASE("a place in a record is shown in one bounded line") {
  CHECK(ShownPlace("/Số hiệu/0") == "/Số hiệu/0");
  CHECK(ShownPlace("/a\x1B[31m\n\x7F") == "/a?[31m??");
  CHECK(ShownPlace("/a\xC2\x9B\xC2\xA0") == "/a?\xC2\xA0");
  CHECK(ShownPlace(std::string(kPlaceLimitBytes, 'x')) == std::string(kPlaceLimitBytes, 'x'));
  CHECK(ShownPlace(std::string(kPlaceLimitBytes, 'x') + "y") == std::string(kPlaceLimitBytes, 'x') + "...");
  CHECK(ShownPlace(std::string(kPlaceLimitBytes - 1, 'x') + "ế") == std::string(kPlaceLimitBytes - 1, 'x') + "...");
}

TEST_CASE("edxml: attributes of one element, and prefixes bound along one path") {
  const std::string own = std::to_string(kEdxmlAttributeLimit), path = std::to_string(kEdxmlPathBindingLimit);
  CHECK(ReadEdxmlText("<c" + Attributes(kEdxmlAttributeLimit) + "/>") == "");
  CHECK(ReadEdxmlText("<c" + Attributes(kEdxmlAttributeLimit + 1) + "/>") == "too_many_attributes/" + own);
  const auto bound = [](const std::string& name, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += " xmlns:" + name + std::to_string(i) + "='u'";
    return text;
  };
  const std::string root = bound("r", kEdxmlAttributeLimit - 1);  // and the default one
  const int rest = static_cast<int>(kEdxmlPathBindingLimit) - kEdxmlAttributeLimit - 1;
  CHECK(ReadEdxmlText("<c" + bound("c", rest) + "><d" + bound("d", 1) + "/></c>", root) == "");
  CHECK(ReadEdxmlText("<c" + bound("c", rest) + "><d" + bound("d", 2) + "/></c>", root) ==
        "too_many_attributes/" + path);
  // Those of a neighbour are not on the path.
  const std::string half = "<c" + bound("c", rest) + "/>";
  CHECK(ReadEdxmlText(half + half + half, root) == "");
}

TEST_CASE("edxml: elements and attributes of one message") {
  constexpr std::size_t kOfTheFrame = 13;  // '<' and '=' around
  const std::string limit = std::to_string(kEdxmlMarkupLimit);
  std::string elements;
  for (std::size_t i = 0; i < kEdxmlMarkupLimit - kOfTheFrame; ++i) elements += "<a/>";
  CHECK(ReadEdxmlText(elements) == "");
  CHECK(ReadEdxmlText(elements + "=") == "too_many/" + limit);
  CHECK(ReadEdxmlText(elements + "<a/>") == "too_many/" + limit);
}

TEST_CASE("edxml: what another namespace holds is none of the header's, wherever it is bound") {
  const auto header = [](const std::string& inside) {
    const std::string text = "<edXML xmlns='urn:x' xmlns:y='urn:y'><edXMLEnvelope><edXMLHeader><MessageHeader>" +
                             inside + "</MessageHeader></edXMLHeader></edXMLEnvelope></edXML>";
    RecordTree tree;
    std::vector<std::string> marks;
    REQUIRE_FALSE(ReadEdxml(text, {"urn:x"}, tree, marks));
    std::string names;
    for (RecordTree::Id id = 2; id < tree.size(); ++id)
      names += tree.PointerTo(id).substr(14) + "=" + std::string(tree[id].text) + " ";
    return names;
  };
  CHECK(header("<a>1</a><y:b>2</y:b><c>3</c>") == "/a=1 /c=3 ");
  CHECK(header("<a>1</a><b xmlns='urn:y'>2<i/></b><c>3</c>") == "/a=1 /c=3 ");
  CHECK(header("<b xmlns='urn:y'><c xmlns='urn:x'>3</c></b>") == "");
  CHECK(header("<y:a xmlns:y='urn:x'>1</y:a><y:b>2</y:b>") == "/a=1 ");
  CHECK(header("<a xmlns:y='urn:x'><y:b>2</y:b></a><y:c>3</y:c>") == "/a= /a/b=2 ");
  CHECK(header("<a xmlns:p='urn:x' xmlns:pq='urn:y'><p:b>1</p:b><pq:c>2</pq:c></a>") == "/a= /a/b=1 ");
  CHECK(header("<xy:a xmlns:xy='urn:x'>1</xy:a><a:b xmlns:a='urn:x' xmlns:xy='urn:y'><xy:c/><a:d>4</a:d></a:b>") ==
        "/a=1 /b= /b/d=4 ");
}

TEST_CASE("edxml: one header, in one envelope") {
  const auto read = [](const std::string& inside) {
    RecordTree tree;
    std::vector<std::string> marks;
    const auto reason = ReadEdxml("<edXML xmlns='urn:x'>" + inside + "</edXML>", {"urn:x"}, tree, marks);
    return reason ? reason->code + "/" + reason->rule : "";
  };
  const std::string message = "<MessageHeader><a>1</a></MessageHeader>",
                    header = "<edXMLHeader>" + message + "</edXMLHeader>";
  const auto in = [](const std::string& inside) { return "<edXMLEnvelope>" + inside + "</edXMLEnvelope>"; };
  CHECK(read(in(header)) == "");
  CHECK(read(in(message)) == "");
  CHECK(read(header) == "not_edxml/header");
  CHECK(read(in("<edXMLHeader/>")) == "not_edxml/header");
  CHECK(read(in("<edXMLHeader/>" + message)) == "not_edxml/header");
  CHECK(read(in(header + message)) == "not_edxml/one_header");
  CHECK(read(in(header + header)) == "not_edxml/one_header");
  CHECK(read(in(message + message)) == "not_edxml/one_header");
  CHECK(read(in("<edXMLHeader>" + message + message + "</edXMLHeader>")) == "not_edxml/one_header");
  CHECK(read(in(header) + in(header)) == "not_edxml/one_header");
  CHECK(read(in(header) + in("")) == "not_edxml/one_header");
  CHECK(read(in(header + "<EdXMLHeader/>")) == "not_edxml/one_header");
}
