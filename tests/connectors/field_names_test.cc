// Goal: the names of a record's fields are seen, and nothing of its content is taken for one.
// Method: one record of each format, with what may look like a name.
#include "connectors/field_names.h"

#include <doctest/doctest.h>

using namespace mc;

namespace {

std::string Names(const std::string& media_type, const std::string& bytes, const std::string& delimiter = "") {
  SourceRecord record;
  record.media_type = media_type;
  record.bytes = bytes;
  if (!delimiter.empty()) record.facts["csv_delimiter"] = delimiter;
  std::string names;
  EachFieldName(record, [&](std::string_view name) { names += std::string(name) + "|"; });
  return names;
}

std::string InJson(const std::string& bytes) { return Names("application/json", bytes); }
std::string InXml(const std::string& bytes) { return Names("application/xml", bytes); }

}  // namespace

TEST_CASE("field names: the members of the record itself") {
  CHECK(InJson(R"({"a":1,"b":{"c":2,"d":{"e":3}},"f":["g",{"h":"i"}],"j":"k","":null})") == "a|b|f|j||");
  CHECK(InJson(R"( { "a" : "x,\"y\":{" , "b":true } )") == "a|b|");
  CHECK(InJson(R"({"q\"a":1,"b":"\\","c":2})") == R"(q\"a|b|c|)");
  CHECK(InJson("{}") == "");
  CHECK(InJson("[1,2]") == "");
  CHECK(InJson("\"text\"") == "");
}

TEST_CASE("field names: elements at any depth, by local name") {
  CHECK(InXml("<?xml version=\"1.0\"?><x:a xmlns:x=\"u\"><x:b/><c d=\"e\">f</c ></x:a>") == "a|b|c|");
  CHECK(InXml("<a><!-- <b> --><![CDATA[<c>]]><d>1 &lt; 2</d></a>") == "a|d|");
}

TEST_CASE("field names: the columns of a sheet") {
  CHECK(Names("text/csv", "id;\"Họ tên\";x\r\n1;a;b", ";") == "id|Họ tên|x|");
  CHECK(Names("text/csv", "id", ",") == "id|");
}

TEST_CASE("field names: what is cut gives what it can, and any bytes end") {
  const std::string json = R"({"a":{"b":"\"c"},"d":["e"],"f":"g"})";
  const std::string xml = "<a><!--b--><![CDATA[c]]><d e='f'/></a>";
  for (std::size_t length = 0; length <= json.size(); ++length) InJson(json.substr(0, length));
  for (std::size_t length = 0; length <= xml.size(); ++length) InXml(xml.substr(0, length));
  CHECK(InJson(json.substr(0, 22)) == "a|d|");
  CHECK(InXml(xml.substr(0, 7)) == "a|");
  CHECK(Names("application/pdf", "{\"a\":1}") == "");
}
