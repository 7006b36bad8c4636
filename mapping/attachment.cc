#include "mapping/attachment.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "core/digest.h"
#include "core/text.h"
#include "core/zip.h"
#include "mapping/base64_text.h"

namespace mc {
namespace {

constexpr std::size_t kFrontBytes = 768;               // a multiple of 3: decodes to whole groups
constexpr std::int64_t kEntryFrontBytes = 4096;
constexpr std::string_view kReplaced = "\xEF\xBF\xBD\xEF\xBF\xBD";  // two U+FFFD in a row
constexpr std::size_t kArchiveEndBytes = 22 + 65'535;  // end record and its longest comment (APPNOTE 4.3.16)

enum class Kind { kUnknown, kPdf, kZip, kOle, kPng, kJpeg, kXml };

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// The first letters that are no white space, at most `count`.
std::string Letters(std::string_view text, std::size_t count) {
  std::string letters;
  for (const char c : text) {
    if (letters.size() == count) break;
    if (!IsSpace(c)) letters += c;
  }
  return letters;
}

std::string Front(std::string_view text) { return FromBase64(Letters(text, kFrontBytes / 3 * 4)).value_or(""); }

// What a letter of base64 stands for, or one of these.
constexpr std::uint8_t kPad = 64, kSpace = 65, kNoLetter = 66;

using Alphabet = std::array<std::uint8_t, 256>;

constexpr Alphabet MakeValues() {
  Alphabet values{};
  for (auto& value : values) value = kNoLetter;
  std::uint8_t next = 0;
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")) {
    values[static_cast<std::uint8_t>(c)] = next++;
  }
  for (const char c : std::string_view(" \r\n\t")) values[static_cast<std::uint8_t>(c)] = kSpace;
  return values;
}

// All of it, in one pass: archives are long. nullopt: a letter that is none, or text behind the padding.
std::optional<std::string> Whole(std::string_view text) {
  static constexpr Alphabet kValues = MakeValues();
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  int count = 0;
  bool padded = false;
  for (const char c : text) {
    const std::uint8_t value = kValues[static_cast<std::uint8_t>(c)];
    if (value == kSpace) continue;
    if (value == kNoLetter || (padded && value != kPad)) return std::nullopt;
    padded = value == kPad;
    if (padded) continue;
    bits = (bits << 6) | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count);
  }
  return bytes;
}

// The last bytes of the content, at least `wanted` where there are as many.
std::string End(std::string_view text, std::size_t wanted) {
  std::string letters;
  const std::size_t most = wanted / 3 * 4 + 8;
  for (auto c = text.rbegin(); c != text.rend() && letters.size() < most; ++c) {
    if (!IsSpace(*c)) letters += *c;
  }
  std::reverse(letters.begin(), letters.end());
  return FromBase64(std::string_view(letters).substr(letters.size() % 4)).value_or("");
}

Kind KindOfBytes(std::string_view front) {
  if (front.starts_with("%PDF-")) return Kind::kPdf;
  if (front.starts_with("PK\x03\x04") || front.starts_with("PK\x05\x06")) return Kind::kZip;
  if (front.starts_with("\xD0\xCF\x11\xE0")) return Kind::kOle;
  if (front.starts_with("\x89PNG")) return Kind::kPng;
  if (front.starts_with("\xFF\xD8\xFF")) return Kind::kJpeg;
  return Trim(StripBom(front)).starts_with('<') ? Kind::kXml : Kind::kUnknown;
}

struct Label {
  std::string_view part;  // of the stated type, in lower case
  Kind kind;
};

// The office formats after 2007 are archives by themselves.
constexpr Label kLabels[] = {{"pdf", Kind::kPdf},    {"openxmlformats", Kind::kZip}, {"docx", Kind::kZip},
                             {"xlsx", Kind::kZip},   {"opendocument", Kind::kZip},   {"zip", Kind::kZip},
                             {"msword", Kind::kOle}, {"ms-excel", Kind::kOle},       {"png", Kind::kPng},
                             {"jpeg", Kind::kJpeg},  {"jpg", Kind::kJpeg},           {"xml", Kind::kXml}};

Kind KindOfLabel(const std::string& label) {
  for (const Label& row : kLabels) {
    if (label.find(row.part) != std::string::npos) return row.kind;
  }
  return Kind::kUnknown;
}

bool IsMislabelled(const std::string& label, Kind bytes) {
  if (bytes == Kind::kUnknown) return false;
  const Kind stated = KindOfLabel(label);
  if (stated == Kind::kUnknown) return label.find("text/plain") != std::string::npos || label.ends_with("txt");
  return stated != bytes;
}

bool IsOfficeArchive(const std::string& label) {
  return KindOfLabel(label) == Kind::kZip && label.find("zip") == std::string::npos;
}

bool LooksLikeEdxml(std::string_view front) {
  return front.find("edXMLEnvelope") != std::string_view::npos || front.find("<edXML") != std::string_view::npos ||
         front.find("EdXMLEnvelope") != std::string_view::npos;
}

// The mark of what holds no bytes at all; empty otherwise.
std::string_view WithoutContent(std::string_view text, std::string_view front) {
  if (text.empty()) return "attachment_empty";
  if (text.starts_with("${")) return "attachment_placeholder";
  return front.empty() || !IsBase64Text(text) ? "attachment_damaged" : "";
}

bool IsCutArchive(std::string_view text, Kind kind) {
  return kind == Kind::kZip && End(text, kArchiveEndBytes).find("PK\x05\x06") == std::string::npos;
}

// An office document is an archive by itself, and no archive inside another. It is told by the
// name of its first entry (OPC, ODF 1.2 part 3; APPNOTE 4.3.7), which no document's own name is.
bool IsOfficeBytes(std::string_view front) {
  constexpr std::size_t kNameLength = 26, kName = 30;
  if (front.size() < kName) return false;
  const std::string_view name = front.substr(kName, static_cast<std::uint8_t>(front[kNameLength]));
  return name == "[Content_Types].xml" || name == "_rels/.rels" || name == "mimetype";
}

bool IsMessage(std::string_view front) { return KindOfBytes(front) == Kind::kXml && LooksLikeEdxml(front); }

void AddOnce(std::string_view mark, std::vector<std::string>& marks) {
  if (std::find(marks.begin(), marks.end(), mark) == marks.end()) marks.emplace_back(mark);
}

void Keep(std::string message, std::vector<std::string>& marks, NestedMessages& nested) {
  const auto size = static_cast<std::int64_t>(message.size());
  if (size > nested.room_bytes) return AddOnce("nested_edxml_not_read", marks);
  nested.room_bytes -= size;
  nested.messages.push_back(std::move(message));
}

std::string_view MarkOf(const ZipEntry& entry) {
  if (entry.fault) return entry.fault->code == "zip_damaged" ? "attachment_damaged" : "attachment_not_opened";
  if (IsMessage(entry.bytes)) return "nested_edxml";
  if (entry.bytes.find(kReplaced) != std::string::npos) return "attachment_damaged";
  return KindOfBytes(entry.bytes) == Kind::kZip && !IsOfficeBytes(entry.bytes) ? "attachment_not_opened" : "";
}

void LookInside(const std::string& archive, std::vector<std::string>& marks, NestedMessages& nested) {
  ZipLimits limits;
  limits.entries = kArchiveEntryLimit;
  limits.front_bytes = kEntryFrontBytes;
  std::vector<std::int64_t> messages;
  const Status read = ReadZip(archive, limits, [&](const ZipEntry& entry) {
    const std::string_view mark = MarkOf(entry);
    if (!mark.empty()) AddOnce(mark, marks);
    if (mark == "nested_edxml") messages.push_back(entry.index);
    return Ok();
  });
  if (!read.ok()) AddOnce("attachment_not_opened", marks);
  limits.front_bytes = 0;
  for (const std::int64_t index : messages) {
    limits.entry_bytes = nested.room_bytes;
    auto message = ReadZipEntry(archive, index, limits);
    // It may have unfolded up to its limit, and there may be many like it.
    if (!message.ok()) nested.room_bytes = 0;
    if (message.ok()) Keep(std::move(message).value(), marks, nested);
    if (!message.ok()) AddOnce("nested_edxml_not_read", marks);
  }
}

void OpenArchive(std::string_view text, std::vector<std::string>& marks, NestedMessages& nested) {
  if (text.size() > (kArchiveLimitBytes + 2) / 3 * 4) return AddOnce("attachment_not_opened", marks);
  if (const auto archive = Whole(text)) LookInside(*archive, marks, nested);
}

}  // namespace

void MarkAttachment(const AttachmentText& attachment, std::vector<std::string>& marks, NestedMessages& nested) {
  const std::string_view text = Trim(attachment.content);
  const std::string front = Front(text);
  if (const std::string_view nothing = WithoutContent(text, front); !nothing.empty()) {
    marks.emplace_back(nothing);
    return;
  }
  const std::string label = ToLowerAscii(Trim(attachment.content_type));
  const Kind kind = KindOfBytes(front);
  std::vector<std::string> found;
  const bool damaged = IsCutArchive(text, kind) || HoldsReplacedPair(text);
  if (damaged) found.emplace_back("attachment_damaged");
  if (IsMislabelled(label, kind)) found.emplace_back("attachment_mislabelled");
  if (kind == Kind::kZip && !IsOfficeArchive(label) && !IsOfficeBytes(front)) {
    found.emplace_back("attachment_zipped");
    if (!damaged) OpenArchive(text, found, nested);
  }
  if (IsMessage(front)) {
    found.emplace_back("nested_edxml");
    Keep(Whole(text).value_or(""), found, nested);
  }
  marks.insert(marks.end(), found.begin(), found.end());
}

}  // namespace mc
