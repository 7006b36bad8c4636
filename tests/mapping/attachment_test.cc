// Goal: what an attachment is worth is told from its bytes, whatever its label says.
// Method: one row per kind of fault that senders and the hub are known for, and per honest file.
#include "mapping/attachment.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/digest.h"
#include "tests/support/zip_maker.h"

namespace mc {
namespace {

const std::string kPdf = "%PDF-1.7\nsynthetic";
const std::string kEnd = "PK\x05\x06" + std::string(18, '\0');
const std::string kZip = test::Zip({{"0f1e2d3c-0000-4000-8000-000000000000", kPdf}});
const std::string kLost = "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD";
const std::string kMessage = "<?xml version=\"1.0\"?><edXML xmlns=\"urn:x\"><edXML:edXMLEnvelope/></edXML>";

using Marks = std::vector<std::string>;

Marks MarksOf(std::string_view type, std::string_view content) {
  Marks marks;
  NestedMessages nested;
  MarkAttachment({type, content}, marks, nested);
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
  const std::string longest = kZip.substr(0, kZip.size() - 2) + "\xFF\xFF" + std::string(65'535, 'c');
  CHECK(MarksOf("application/zip", ToBase64(longest)) == Marks{"attachment_zipped"});
  CHECK(MarksOf("application/zip", ToBase64(longest + std::string(16, 'c'))) ==
        Marks{"attachment_damaged", "attachment_zipped"});
}


struct Found {
  Marks marks;
  std::vector<std::string> messages;
};

Found FoundIn(const std::string& archive, std::int64_t room = kNestedLimitBytes) {
  Found found;
  NestedMessages nested;
  nested.room_bytes = room;
  const std::string content = ToBase64(archive);
  MarkAttachment({"application/zip", content}, found.marks, nested);
  found.messages = nested.messages;
  return found;
}

TEST_CASE("an archive is opened one level, and what is in it is told from its bytes") {
  using test::Zip;
  const std::string zipped = Zip({{"x", kPdf}});
  const std::string sheet = Zip({{"[Content_Types].xml", "<Types/>"}, {"xl/workbook.xml", "<w/>"}});
  struct Row {
    std::string name;
    std::vector<test::ZipPart> parts;
    Marks marks;  // beside "attachment_zipped"
  };
  const Row rows[] = {
      {"a document", {{"x", kPdf}}, {}},
      {"a document that is an archive by itself", {{"x", sheet}}, {}},
      {"a message", {{"x.pdf", kMessage, true}}, {"nested_edxml"}},
      {"a message behind others", {{"a", kPdf}, {"b", "<a/>"}, {"c", kMessage, true}}, {"nested_edxml"}},
      {"destroyed", {{"x", kPdf + kLost, true}}, {"attachment_damaged"}},
      {"one replaced letter", {{"x", kPdf + "\xEF\xBF\xBD!", true}}, {}},
      {"an archive in it", {{"x.pdf", zipped}}, {"attachment_not_opened"}},
      {"encrypted", {{"x", kPdf, false, 1}}, {"attachment_not_opened"}},
      {"empty", {}, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Marks marks = row.marks;
    marks.insert(marks.begin(), "attachment_zipped");
    CHECK(FoundIn(Zip(row.parts)).marks == marks);
  }
  CHECK(FoundIn(Zip({{"x", kMessage, true}})).messages == std::vector<std::string>{kMessage});
  CHECK(FoundIn(sheet).marks == Marks{});
}

TEST_CASE("limits of archives, at them and one past") {
  std::vector<test::ZipPart> parts;
  for (std::int64_t i = 0; i < kArchiveEntryLimit; ++i) parts.push_back({std::to_string(i), kPdf});
  CHECK(FoundIn(test::Zip(parts)).marks == Marks{"attachment_zipped"});
  parts.push_back({"y", kPdf});
  CHECK(FoundIn(test::Zip(parts)).marks == Marks{"attachment_zipped", "attachment_not_opened"});

  const auto room = static_cast<std::int64_t>(kMessage.size());
  const std::string message = test::Zip({{"x", kMessage, true}});
  CHECK(FoundIn(message, room).messages.size() == 1);
  const Found over = FoundIn(message, room - 1);
  CHECK(over.messages.empty());
  CHECK(over.marks == Marks{"attachment_zipped", "nested_edxml", "nested_edxml_not_read"});

  const std::string frame = test::Zip({{"x", ""}});
  const std::string filled = test::Zip({{"x", std::string(kArchiveLimitBytes - frame.size(), 'x')}});
  CHECK(FoundIn(filled).marks == Marks{"attachment_zipped"});
  CHECK(FoundIn(filled + std::string(3, ' ')).marks == Marks{"attachment_zipped", "attachment_not_opened"});
}

TEST_CASE("a message that cannot be unfolded ends the unfolding, however many are like it") {
  Marks marks;
  NestedMessages nested;
  const std::string bomb = ToBase64(test::Zip({{"x", kMessage + std::string(8u << 20, ' '), true}}));
  const std::string good = ToBase64(test::Zip({{"x", kMessage, true}}));
  MarkAttachment({"application/zip", bomb}, marks, nested);  // over 200 times its packed size
  MarkAttachment({"application/zip", good}, marks, nested);
  CHECK(nested.messages.empty());
  CHECK(std::count(marks.begin(), marks.end(), "nested_edxml_not_read") == 2);
}

TEST_CASE("archives in lines of base64, and what is no base64") {
  const std::string archive = test::Zip({{"x", kMessage, true}});
  std::string lines;
  for (const char c : ToBase64(archive)) lines += std::string(lines.size() % 79 == 76 ? "\r\n" : "") + c;
  Marks marks;
  NestedMessages nested;
  MarkAttachment({"application/zip", lines}, marks, nested);
  CHECK(nested.messages == std::vector<std::string>{kMessage});
  for (const std::size_t size : {4000u, 4001u, 4002u}) {  // each padding
    const std::string message = kMessage + std::string(size, ' ');
    NestedMessages plain;
    const std::string content = ToBase64(message);
    MarkAttachment({"application/xml", content}, marks, plain);
    CHECK(plain.messages == std::vector<std::string>{message});
  }
}

TEST_CASE("an archive whose parts do not fit stays closed") {
  std::string archive = test::Zip({{"x", kPdf}});
  archive[archive.find("PK\x01\x02")] = 'Q';
  CHECK(FoundIn(archive).marks == Marks{"attachment_zipped", "attachment_not_opened"});
}

TEST_CASE("a message in an attachment as it is, is handed on whole") {
  Marks marks;
  NestedMessages nested;
  const std::string content = ToBase64(kMessage);
  MarkAttachment({"application/xml", content}, marks, nested);
  CHECK(marks == Marks{"nested_edxml"});
  CHECK(nested.messages == std::vector<std::string>{kMessage});
  CHECK(nested.room_bytes == kNestedLimitBytes - static_cast<std::int64_t>(kMessage.size()));
}

}  // namespace
}  // namespace mc
