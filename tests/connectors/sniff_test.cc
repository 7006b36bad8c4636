// Goal: foreign bytes are named for what they are, and junk at the front is stepped over.
// Method: tables of small inputs.

#include "connectors/sniff.h"

#include <doctest/doctest.h>

using namespace mc;

TEST_CASE("what bytes look like") {
  struct Row {
    const char* bytes;
    LooksLike looks;
  };
  const Row rows[] = {
      {"", LooksLike::kEmpty},
      {" \r\n\t", LooksLike::kEmpty},
      {"\xEF\xBB\xBF", LooksLike::kEmpty},
      {"\xEF\xBB\xBF{\"a\":1}", LooksLike::kJson},
      {"1212[1]", LooksLike::kJson},
      {"1212<?xml version=\"1.0\"?><a/>", LooksLike::kXml},
      {"<!DOCTYPE HTML><html>", LooksLike::kHtml},
      {"  <Html lang=vi>", LooksLike::kHtml},
      {"<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\"><html/>", LooksLike::kHtml},
      {"<body>{}", LooksLike::kHtml},
      {"PK\x03\x04...", LooksLike::kZip},
      {"%PDF-1.7", LooksLike::kPdf},
      {"Service unavailable", LooksLike::kOther},
  };
  for (const Row& row : rows) {
    INFO(row.bytes);
    CHECK(Sniff(row.bytes) == row.looks);
  }
}

TEST_CASE("junk at the front: at the limit it is stepped over, one past it is another format") {
  const std::string at(kJunkLimitBytes, '1');
  CHECK(JsonPart(at + "{}") == "{}");
  CHECK(JsonPart(at + "1{}").empty());
  CHECK(Sniff(at + "<a/>") == LooksLike::kXml);
  CHECK(Sniff(at + "1<a/>") == LooksLike::kOther);
}

TEST_CASE("the root element by a light look") {
  struct Row {
    const char* xml;
    const char* qualified;
    const char* local;
    const char* uri;
  };
  const Row rows[] = {
      {"<?xml version='1.0'?><!-- <x/> --><edXML:edXML xmlns:edXML=\"urn:a\" xmlns=\"urn:b\">", "edXML:edXML", "edXML",
       "urn:a"},
      {"<edXMLEnvelope\n xmlns = 'urn:c'/>", "edXMLEnvelope", "edXMLEnvelope", "urn:c"},
      {"junk<a>", "a", "a", ""},
      {"<a axmlns=\"no\">", "a", "a", ""},
  };
  for (const Row& row : rows) {
    const auto root = RootOf(row.xml);
    REQUIRE(root.has_value());
    CHECK(root->qualified_name == row.qualified);
    CHECK(root->local_name == row.local);
    CHECK(root->namespace_uri == row.uri);
  }
  for (const char* broken : {"", "<?xml version=\"1.0\"", "<!-- open", "<a", "< a>", "<>"}) {
    INFO(broken);
    CHECK_FALSE(RootOf(broken).has_value());
  }
}

TEST_CASE("a cut message has no end tag") {
  const std::string whole = "<e:a xmlns:e='u'><b/></e:a>";
  const auto root = RootOf(whole);
  REQUIRE(root.has_value());
  CHECK(HasEndTag(whole, *root));
  CHECK_FALSE(HasEndTag(whole.substr(0, whole.size() - 1), *root));
  CHECK_FALSE(HasEndTag("<e:a xmlns:e='u'><b>", *root));
}
