// Goal: an XML answer is cut into the exact bytes of its elements, each readable alone, and
// what could be read in two ways is refused.
// Method: tables of documents and the records, marks or errors expected.
#include <doctest/doctest.h>

#include "connectors/split.h"
#include "connectors/xml_scan.h"

using namespace mc;

namespace {

RecordSpec XmlSpec(ValuePath path = {"list", "item"}, std::string space = "") {
  RecordSpec spec;
  spec.format = RecordFormat::kXml;
  spec.path = std::move(path);
  spec.namespace_uri = std::move(space);
  spec.key = {{"id"}};
  return spec;
}

struct SplitXmlRead {
  std::string all;  // "id=bytes ..." of records, "!code" of unreadable ones; or the error's code
  Page page;
  SplitAnswer answer;
};

SplitXmlRead SplitXml(const RecordSpec& spec, const std::string& text, const std::vector<std::string>& wanted = {}) {
  SplitXmlRead read;
  const RecordContext context{"s", "r", "all", 1 << 20, Instant{0}, {}};
  auto answer = SplitDocument(spec, text, context, wanted, read.page);
  if (!answer.ok()) {
    read.all = answer.error().code;
    CHECK(read.page.records.empty());
    CHECK(read.page.unreadable.empty());
    return read;
  }
  read.answer = *answer;
  for (const auto& record : read.page.records) read.all += record.key.native_id + "=" + record.bytes + " ";
  for (const auto& bad : read.page.unreadable) read.all += "!" + bad.reason.code + " ";
  return read;
}

}  // namespace

TEST_CASE("split xml: exact elements, in order") {
  CHECK(SplitXml(XmlSpec(), "<list><item><id>1</id></item>\n <item a='>'><id> 2 </id></item ></list>").all ==
        "1=<item><id>1</id></item> 2=<item a='>'><id> 2 </id></item > ");
  CHECK(SplitXml(XmlSpec(), "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?><!-- <item/> --><list/>").all == "");
  CHECK(SplitXml(XmlSpec(), "<list><!-- <item><id>9</id></item> --><item><id><![CDATA[<1>]]></id></item></list>").all ==
        "<1>=<item><id><![CDATA[<1>]]></id></item> ");
  CHECK(SplitXml(XmlSpec({"item"}), "<item><id>1</id></item>").all == "1=<item><id>1</id></item> ");
  CHECK(SplitXml(XmlSpec({"a", "b", "c"}),
                 "<a><c><id>0</id></c><b><c><id>1</id></c><b><c/></b></b><b><c><id>2</id></c></b></a>")
            .all == "1=<c><id>1</id></c> 2=<c><id>2</id></c> ");
  // An element of the same name inside a record is part of it.
  CHECK(SplitXml(XmlSpec(), "<list><item><id>1</id><item><id>2</id></item></item></list>").all ==
        "1=<item><id>1</id><item><id>2</id></item></item> ");
}

TEST_CASE("split xml: an empty list is a list, another document is none") {
  CHECK(SplitXml(XmlSpec(), "<list></list>").answer.has_rows);
  CHECK(SplitXml(XmlSpec(), "<list/>").answer.has_rows);
  CHECK_FALSE(SplitXml(XmlSpec(), "<other/>").answer.has_rows);
}

TEST_CASE("split xml: what a record inherits goes along") {
  const SplitXmlRead read =
      SplitXml(XmlSpec({"list", "item"}, "urn:x"),
               R"(<p:list xmlns:p="urn:x" xmlns="urn:d"><p:item><id>1</id></p:item><item><id>2</id></item></p:list>)");
  REQUIRE(read.page.records.size() == 1);
  CHECK(read.page.records[0].bytes == "<p:item><id>1</id></p:item>");
  CHECK(read.page.records[0].facts == std::map<std::string, std::string>{{"xmlns", "urn:d"}, {"xmlns:p", "urn:x"}});
  // A declaration on the record itself is in its bytes.
  const SplitXmlRead own = SplitXml(XmlSpec({"list", "item"}, "urn:x"),
                                    R"(<q:list xmlns:q="urn:x"><item xmlns="urn:x"><id>1</id></item></q:list>)");
  REQUIRE(own.page.records.size() == 1);
  CHECK(own.page.records[0].facts == std::map<std::string, std::string>{{"xmlns:q", "urn:x"}});
}

TEST_CASE("split xml: totals and fields outside the records") {
  RecordSpec spec = XmlSpec();
  spec.total = {"list", "@total"};
  const SplitXmlRead read =
      SplitXml(spec, "<list total=' 7 '><next>a&amp;b</next><item><id>1</id></item></list>", {"list/next", "list/no"});
  CHECK(read.answer.total == 7);
  CHECK(read.answer.fields == std::map<std::string, std::string>{{"list/next", "a&b"}});
}

TEST_CASE("split xml: a bad record costs itself only") {
  CHECK(SplitXml(XmlSpec(),
                 "<list><item><id>1</id></item><item><id>&bomb;</id></item><item><x/></item><item><id/></item></list>")
            .all == "1=<item><id>1</id></item> !bad_xml !missing_id !missing_id ");
  CHECK(SplitXml(XmlSpec(), "<list><item><id>\xff</id></item><item><id>2</id></item></list>").all ==
        "2=<item><id>2</id></item> !bad_utf8 ");
}

TEST_CASE("split xml: a document that cannot be told apart gives nothing") {
  struct Case {
    const char* text;
    const char* code;
  };
  for (const Case& one : {Case{"", "bad_xml"},
                          {"<list><item><id>1</id></item>", "bad_xml"},
                          {"<list></lost>", "bad_xml"},
                          {"<list/><list/>", "bad_xml"},
                          {"<list><item></list></item>", "bad_xml"},
                          {"<list", "bad_xml"},
                          {"<!DOCTYPE list [<!ENTITY a 'b'>]><list/>", "dtd_refused"},
                          {"<?xml version='1.0' encoding='windows-1258'?><list/>", "bad_encoding"},
                          {"{\"a\":1}", "bad_xml"}}) {
    CAPTURE(std::string(one.text));
    CHECK(SplitXml(XmlSpec(), one.text).all == one.code);
  }
  const auto nested = [](std::size_t depth) {
    std::string open, close;
    for (std::size_t i = 0; i < depth; ++i) open += "<a>", close += "</a>";
    return open + close;
  };
  CHECK(SplitXml(XmlSpec(), nested(kSplitDepthLimit)).all == "");
  CHECK(SplitXml(XmlSpec(), nested(kSplitDepthLimit + 1)).all == "too_deep");
}

TEST_CASE("split xml: slices behind junk are the bytes of the answer") {
  const std::string front = "12<12<?xml version=\"1.0\"?><list>", record = "<item><id>1</id></item>";
  const SplitXmlRead read = SplitXml(XmlSpec(), front + record + "</list>");
  CHECK(read.all == "1=" + record + " ");
}

TEST_CASE("split xml: what records inherit is bounded along one path, and no text outside UTF-8") {
  const auto nested = [](std::size_t declared, std::size_t bytes) {
    std::string outer;
    for (std::size_t i = 1; i < declared; ++i) outer += " xmlns:p" + std::to_string(i) + "='u'";
    return "<list" + outer + "><other xmlns:z='u'/><item xmlns='" + std::string(bytes, 'u') +
           "'><id>1</id></item></list>";
  };
  CHECK(SplitXml(XmlSpec(), nested(kInheritedLimit, 1)).page.records.size() == 1);
  CHECK(SplitXml(XmlSpec(), nested(kInheritedLimit + 1, 1)).all == "too_many_namespaces");
  const std::string long_uri(kNativeIdLimitBytes, 'u');
  const auto four = [&](const std::string& more) {
    std::string outer;
    for (const char* name : {"aa", "bb", "cc"}) outer += " xmlns:" + std::string(name) + "='" + long_uri + "'";
    const std::string last(kInheritedLimitBytes - 3 * (long_uri.size() + 2), 'u');
    return "<list" + outer + "><item xmlns='" + last + more + "'><id>1</id></item></list>";
  };
  CHECK(SplitXml(XmlSpec(), four("")).page.records.size() == 1);
  CHECK(SplitXml(XmlSpec(), four("u")).all == "too_many_namespaces");
  CHECK(SplitXml(XmlSpec(), nested(1, kNativeIdLimitBytes)).page.records.size() == 1);
  CHECK(SplitXml(XmlSpec(), nested(1, kNativeIdLimitBytes + 1)).all == "bad_xml");
  CHECK(SplitXml(XmlSpec(), "<list xmlns:p='&#27;[31m'><item><id>1</id></item></list>").all == "bad_xml");
  CHECK(SplitXml(XmlSpec(), "<list xmlns:p='\xFF'><item><id>1</id></item></list>").all == "bad_xml");
  CHECK(SplitXml(XmlSpec(), "<list xmlns:\xFF='u'><item><id>1</id></item></list>").all == "bad_xml");
}

// One that ended behind "encoding=" once ended the program.
TEST_CASE("split xml: a document cut anywhere is refused") {
  const std::string whole =
      R"(<?xml version="1.0" encoding="UTF-8"?><list a="1"><!-- c --><item><id>1</id><![CDATA[x]]></item></list>)";
  CHECK(SplitXml(XmlSpec(), whole).page.records.size() == 1);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO(length);
    // A declaration, comment or section that is cut may be taken for another fault.
    const std::string code = SplitXml(XmlSpec(), whole.substr(0, length)).all;
    CHECK((code == "bad_xml" || code == "bad_encoding" || code == "dtd_refused"));
  }
}

TEST_CASE("xml scan: values by path") {
  CHECK(xml_scan::ValueAt("<next>5</next>", {}) == "5");
  CHECK_FALSE(xml_scan::ValueAt("<next/>", {}));
  const std::string text =
      "<r id='7'><a><b x=\"1&#233;\">t&lt;<!-- c --><![CDATA[&amp;]]></b></a><a><b>second</b></a><p:c "
      "xmlns:p='u'>q</p:c><e/></r>";
  const auto at = [&](ValuePath path) { return xml_scan::ValueAt(text, path).value_or("-"); };
  CHECK(at({"a", "b"}) == "t<&amp;");
  CHECK(at({"a", "b", "@x"}) == "1é");
  CHECK(at({"@id"}) == "7");
  CHECK(at({"c"}) == "q");
  CHECK(at({"e"}) == "");
  CHECK(at({"b"}) == "-");
  CHECK(at({"a", "c"}) == "-");
  CHECK(xml_scan::Decode("&#x1F600;&#65;").value() ==
        "\xF0\x9F\x98\x80"
        "A");
  for (const char* bad : {"&nbsp;", "&", "&#0;", "&#xD800;", "&#x110000;", "&#;", "&#x;"}) {
    CAPTURE(std::string(bad));
    CHECK_FALSE(xml_scan::Decode(bad));
  }
  std::string attributes;
  for (std::size_t i = 0; i < xml_scan::kAttributeLimit; ++i) attributes += " a" + std::to_string(i) + "='1'";
  CHECK(xml_scan::IsWellFormed("<a" + attributes + "/>", 8));
  CHECK_FALSE(xml_scan::IsWellFormed("<a" + attributes + " z='1'/>", 8));
}
