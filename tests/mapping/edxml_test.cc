// Goal: the limits of one edXML message hold at them and not one past them, before a tree is built
// where it would cost the memory.
// Method: made messages; what a message says otherwise is in the golden files.
#include "mapping/edxml.h"

#include <doctest/doctest.h>

using namespace mc;

namespace {

// The message with `more` inside its body; the reason's code, empty when it is read.
std::string Read(const std::string& more, const std::string& root_attributes = "") {
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
  CHECK(Read("<c" + Attributes(kEdxmlAttributeLimit) + "/>") == "");
  CHECK(Read("<c" + Attributes(kEdxmlAttributeLimit + 1) + "/>") == "too_many_attributes/" + own);
  const auto bound = [](const std::string& name, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += " xmlns:" + name + std::to_string(i) + "='u'";
    return text;
  };
  const std::string root = bound("r", kEdxmlAttributeLimit - 1);  // and the default one
  const int rest = static_cast<int>(kEdxmlPathBindingLimit) - kEdxmlAttributeLimit - 1;
  CHECK(Read("<c" + bound("c", rest) + "><d" + bound("d", 1) + "/></c>", root) == "");
  CHECK(Read("<c" + bound("c", rest) + "><d" + bound("d", 2) + "/></c>", root) == "too_many_attributes/" + path);
  // Those of a neighbour are not on the path.
  const std::string half = "<c" + bound("c", rest) + "/>";
  CHECK(Read(half + half + half, root) == "");
}

TEST_CASE("edxml: elements and attributes of one message") {
  constexpr std::size_t kOfTheFrame = 13;  // '<' and '=' around
  const std::string limit = std::to_string(kEdxmlMarkupLimit);
  std::string elements;
  for (std::size_t i = 0; i < kEdxmlMarkupLimit - kOfTheFrame; ++i) elements += "<a/>";
  CHECK(Read(elements) == "");
  CHECK(Read(elements + "=") == "too_many/" + limit);
  CHECK(Read(elements + "<a/>") == "too_many/" + limit);
}
