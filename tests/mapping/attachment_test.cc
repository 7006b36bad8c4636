// Goal: what an attachment is worth is told from its bytes, whatever its label says.
// Method: one row per kind of fault that senders and the hub are known for, and per honest file.
#include "mapping/attachment.h"

#include <doctest/doctest.h>

#include "core/digest.h"

namespace mc {
namespace {

const std::string kPdf = "%PDF-1.7\nsynthetic";
const std::string kEnd = "PK\x05\x06" + std::string(18, '\0');
const std::string kZip = "PK\x03\x04" + std::string(40, 'z') + kEnd;
const std::string kLost = "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD";
const std::string kMessage = "<?xml version=\"1.0\"?><edXML xmlns=\"urn:x\"><edXML:edXMLEnvelope/></edXML>";

using Marks = std::vector<std::string>;

Marks MarksOf(std::string_view type, std::string_view content) {
  Marks marks;
  MarkAttachment({type, content}, marks);
  return marks;
}

TEST_CASE("bytes speak, not labels") {
  struct Row {
    const char* name;
    std::string type, bytes;
    Marks marks;
  };
  const Row rows[] = {
      {"pdf", "application/pdf", kPdf, {}},
      {"type not stated", "", kPdf, {}},
      {"unknown type", "application/octet-stream", kPdf, {}},
      {"unknown bytes", "application/pdf", "plain words", {}},
      {"zip under the name of a pdf", "application/pdf", kZip, {"attachment_mislabelled", "attachment_zipped"}},
      {"zip under the name of a text", "text/plain", kZip, {"attachment_mislabelled", "attachment_zipped"}},
      {"zip that says so", "application/zip", kZip, {"attachment_zipped"}},
      {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", kZip, {}},
      {"pdf under the name of a docx", "DOCX", kPdf, {"attachment_mislabelled"}},
      {"cut zip", "application/zip", kZip.substr(0, 40), {"attachment_damaged", "attachment_zipped"}},
      {"empty zip", "application/zip", kEnd, {"attachment_zipped"}},
      {"nested message", "application/xml", kMessage, {"nested_edxml"}},
      {"other xml", "application/xml", "<a/>", {}},
      {"text conversion at 0", "application/pdf", kPdf + "__" + kLost, {"attachment_damaged"}},
      {"text conversion at 1", "application/pdf", kPdf + "___" + kLost, {"attachment_damaged"}},
      {"text conversion at 2", "application/pdf", kPdf + "____" + kLost, {"attachment_damaged"}},
      {"one replaced letter is no conversion", "application/pdf", kPdf + "\xEF\xBF\xBD!", {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(MarksOf(row.type, ToBase64(row.bytes)) == row.marks);
  }
}

TEST_CASE("content that holds no bytes") {
  CHECK(MarksOf("application/pdf", "") == Marks{"attachment_empty"});
  CHECK(MarksOf("application/pdf", " \r\n ") == Marks{"attachment_empty"});
  CHECK(MarksOf("application/pdf", "${__StringFromFile(a.b64)}") == Marks{"attachment_placeholder"});
  CHECK(MarksOf("application/pdf", kLost) == Marks{"attachment_damaged"});
  CHECK(MarksOf("application/pdf", ToBase64(kPdf + std::string(4000, 'x')) + "!") == Marks{"attachment_damaged"});
}

TEST_CASE("lines of base64 and an archive's long comment change nothing") {
  std::string lines;
  for (const char c : ToBase64(std::string(2, ' ') + std::string(3000, 'x'))) {
    lines += c;
    if (lines.size() % 77 == 76) lines += "\r\n";
  }
  CHECK(MarksOf("application/pdf", lines).empty());
  const std::string longest = kZip + std::string(65'535, 'c');
  CHECK(MarksOf("application/zip", ToBase64(longest)) == Marks{"attachment_zipped"});
  CHECK(MarksOf("application/zip", ToBase64(longest + std::string(16, 'c'))) ==
        Marks{"attachment_damaged", "attachment_zipped"});
}

}  // namespace
}  // namespace mc
