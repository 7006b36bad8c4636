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
      {"{\\rtf1\\ansi}", LooksLike::kOther},
      {"\xFF\xFE<", LooksLike::kOther},
      {"\x89PNG\r\n\x1A\n <{[", LooksLike::kOther},
  };
  for (const Row& row : rows) {
    INFO(row.bytes);
    CHECK(Sniff(row.bytes) == row.looks);
  }
}

TEST_CASE("a file that is not ours is named for what it is") {
  using namespace std::string_literals;
  struct Row {
    std::string bytes;
    const char* words;
  };
  const std::string base64 = "JVBERi0xLjcKc3ludGhldGljIHN5bnRoZXRpYyBzeW50aGV0aWMgc3ludGhldGljIHN5";
  const std::string soap = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>";
  const Row rows[] = {
      {" \n", "an empty file"},
      {"%PDF-1.7\n{", "a PDF file"},
      {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0<"s, "an Office file of before 2007 (.doc, .xls, .ppt, .msg)"},
      {"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"s, "a PNG picture"},
      {"\xFF\xD8\xFF\xE0\0\x10JFIF"s, "a JPEG picture"},
      {"GIF89a", "a GIF picture"},
      {"II*\0\x08"s, "a TIFF picture (a scan)"},
      {"MM\0*\0"s, "a TIFF picture (a scan)"},
      {"\x1F\x8B\x08", "a gzip archive"},
      {"7z\xBC\xAF\x27\x1C", "a 7z archive"},
      {"Rar!\x1A\x07\x01", "a RAR archive"},
      {"{\\rtf1\\ansi }", "an RTF document"},
      {"SQLite format 3\0"s, "an SQLite database"},
      {"\x7F" "ELF\x02", "a program"},
      {"MZ\x90\0"s, "a Windows program"},
      {"\x30\x82\x05\x10\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02", "a signed message (CMS, .p7m)"},
      {"PK\x03\x04..data.bin", "a ZIP archive"},
      {"PK\x05\x06", "a ZIP archive"},
      {"PK\x03\x04..[Content_Types].xml..xl/workbook.xml", "an Excel workbook (.xlsx)"},
      {"PK\x03\x04..[Content_Types].xml..word/document.xml", "a Word document (.docx)"},
      {"PK\x03\x04..[Content_Types].xml..ppt/p.xml", "a PowerPoint file (.pptx)"},
      {"PK\x03\x04..[Content_Types].xml..", "an Office file"},
      {"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.text", "an OpenDocument text (.odt)"},
      {"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "an OpenDocument sheet (.ods)"},
      {"\xFF\xFE<\0?\0"s, "text in UTF-16 (save it as UTF-8)"},
      {"\xFE\xFF\0<"s, "text in UTF-16 (save it as UTF-8)"},
      {"<\0?\0x\0"s, "text in UTF-16 (save it as UTF-8)"},
      {"\0{\0\"\0"s, "text in UTF-16 (save it as UTF-8)"},
      {"<!DOCTYPE html><html>", "an HTML page"},
      {soap + "<a/>", "a SOAP message"},
      {"<Envelope xmlns='http://www.w3.org/2003/05/soap-envelope'/>", "a SOAP message"},
      {soap + "<GetDocument xmlns=\"http://www.e-doc.vn/Schema/\"/>",
       "a message of the exchange before edXML (e-doc.vn), which is not read"},
      {"<e:Doc xmlns:e=\"http://www.e-doc.vn/Schema/\"/>",
       "a message of the exchange before edXML (e-doc.vn), which is not read"},
      {"<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">", "an edXML message (QCVN 102)"},
      {"<e:EdXMLEnvelope xmlns:e=\"http://www.go.vn/eDoc\">", "an edXML message (go.vn)"},
      {"<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\">", "a service description (WSDL)"},
      {"<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">", "an XML schema"},
      {"<svg xmlns=\"http://www.w3.org/2000/svg\">", "an SVG picture"},
      {"<feed xmlns=\"http://www.w3.org/2005/Atom\">", "a news feed"},
      {"<rss version=\"2.0\">", "a news feed"},
      {"<service_requests>", "Open311 reports in XML"},
      {"<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">", "an Excel sheet saved as XML"},
      {"<Catalogue xmlns=\"urn:x\">", "XML of another vocabulary (its root element is Catalogue)"},
      {"<P001099012345/>", "XML of another vocabulary"},
      {"<?xml version=\"1.0\"?>", "XML without a root element"},
      {R"({"access_token":"x"})", "a token answer: it holds a secret, delete it"},
      {R"({"header":{"messageheader":{}}})", "a JSON rendering of an edXML message"},
      {R"({"header_messageheader_from_organid":"x"})", "a JSON rendering of an edXML message"},
      {R"({"documentId":"x","codeNotation":"y"})", "a JSON rendering of an edXML message"},
      {R"({"MaHoSo":"x","VanBanDi":{}})", "JSON of signed results (LTQLVB)"},
      {R"([{"MaHoSo":"x"}])", "JSON of dossiers"},
      {R"({"data":[{"IdHoSo":"x"}]})", "JSON of dossiers (interface after 2025)"},
      {R"({"error_code":0,"result":[{"HOIDAPID":7}]})", "JSON of questions and answers (DVCQG)"},
      {R"([{"PhanAnhID":7}])", "JSON of citizens' reports"},
      {R"([{"guid":"x","noiDungPhanAnh":"y"}])", "JSON of citizens' reports (guid form)"},
      {R"([{"service_request_id":7}])", "Open311 reports in JSON"},
      {R"([{"TieuDe":"x","NoiDung":"<p>x</p>","NgayGui":"2026-06-01","TrangThai":"1","NguoiTraLoi":"x","CongKhai":"1"}])",
       "JSON of citizens' reports (a portal's own table), which is not read"},
      {R"({"PageData":[{"MaNV":"x"}]})", "JSON of tasks"},
      {R"({"data":[{"docId":"1"}]})", "a list of messages without the messages"},
      {R"({"type":"FeatureCollection"})", "GeoJSON"},
      {R"({"code":500,"errorDetail":[]})", "an error answer"},
      {R"({"ErrorCode":"22"})", "an answer without records"},
      {R"({"message":"no"})", "JSON of another source"},
      {"HTTP/1.1 200 OK\r\n", "an HTTP answer saved with its headers"},
      {"-----BEGIN PRIVATE KEY-----", "a certificate or key in PEM"},
      {"MIME-Version: 1.0\n", "an e-mail"},
      {base64, "base64 text (decode it first)"},
      {"ma;ten;ngay\n1;a;2026\n", "a table of separated values (CSV)"},
      {"ma\tten\n1\ta\n", "a table of separated values (CSV)"},
      {"Kính gửi đơn vị", "plain text, neither XML nor JSON"},
      {"K\xEDnh g\x8Di", "text in another encoding than UTF-8 (neither XML nor JSON)"},
      {"ab\x01\x02", "binary data of no known format (neither XML nor JSON)"},
  };
  for (const Row& row : rows) {
    INFO(row.bytes);
    CHECK(DescribeBytes(row.bytes) == row.words);
  }
}

TEST_CASE("no more than the front is looked at, and a letter cut there spoils nothing") {
  const std::string front(4095, 'a');
  CHECK(DescribeBytes("{" + front + "\"MaHoSo\"") == "JSON of another source");
  CHECK(DescribeBytes(std::string(4095, ' ') + "." + front + "ế") == "plain text, neither XML nor JSON");
  CHECK(DescribeBytes("." + std::string(4094, 'a') + "ế") == "plain text, neither XML nor JSON");
}

TEST_CASE("a message that speaks of the old exchange is not of it") {
  CHECK_FALSE(IsOldExchange("<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"><Subject>"
                            "http://www.e-doc.vn/Schema/</Subject></edXML>"));
  CHECK_FALSE(IsOldExchange("http://www.e-doc.vn/Schema/"));
}

TEST_CASE("junk at the front: at the limit it is stepped over, one past it is another format") {
  const std::string at(kJunkLimitBytes, '1');
  CHECK(JsonPart(at + "{}") == "{}");
  CHECK(JsonPart(at + "1{}").empty());
  CHECK(Sniff(at + "<a/>") == LooksLike::kXml);
  CHECK(Sniff(at + "1<a/>") == LooksLike::kOther);
}

TEST_CASE("XML behind junk begins at its declaration, which the junk does not hide") {
  const std::string declared = "<?xml version=\"1.0\"?><a/>";
  CHECK(XmlPart("1212" + declared) == declared);
  CHECK(XmlPart("12<12" + declared) == declared);
  CHECK(XmlPart("<<" + declared) == declared);
  CHECK(RootOf("12<b>12" + declared)->local_name == "a");
  CHECK(XmlPart(std::string(kJunkLimitBytes, '<') + declared) == declared);
  CHECK(XmlPart("1" + std::string(kJunkLimitBytes, '<') + declared) != declared);
  // Where XML stands at the front there is no junk, whatever it holds.
  for (const std::string xml : {"<r><![CDATA[<?xml version='1.0'?>]]></r>", "<!-- <?xml v ?> --><r/>",
                                "<?xml-stylesheet href='x'?><r/>", "<r/>"}) {
    CHECK(XmlPart(xml) == xml);
  }
  CHECK(XmlPart("12<?xml-model x?><r/>") == "<?xml-model x?><r/>");
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
