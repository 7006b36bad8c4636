#include "mapping/attachment.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/digest.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr std::size_t kFrontBytes = 768;               // a multiple of 3: decodes to whole groups
constexpr std::size_t kArchiveEndBytes = 22 + 65'535;  // end record and its longest comment (APPNOTE 4.3.16)

enum class Kind { kUnknown, kPdf, kZip, kOle, kPng, kJpeg, kXml };

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

using Alphabet = std::array<std::uint8_t, 256>;

constexpr Alphabet MakeAlphabet() {
  Alphabet known{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \r\n\t")) {
    known[static_cast<std::uint8_t>(c)] = 1;
  }
  return known;
}

bool IsBase64Text(std::string_view text) {
  static constexpr Alphabet kKnown = MakeAlphabet();
  std::uint8_t all = 1;
  for (const char c : text) all &= kKnown[static_cast<std::uint8_t>(c)];
  return all == 1;
}

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

// Two replacement characters in a row, wherever the groups of base64 begin.
bool WentThroughText(std::string_view text) {
  static constexpr std::array<std::string_view, 3> kRuns = {"77+977+9", "ve+/ve+/", "v73vv73v"};
  return std::any_of(kRuns.begin(), kRuns.end(),
                     [&](std::string_view run) { return text.find(run) != std::string_view::npos; });
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

}  // namespace

void MarkAttachment(const AttachmentText& attachment, std::vector<std::string>& marks) {
  const std::string_view text = Trim(attachment.content);
  const std::string front = Front(text);
  if (const std::string_view nothing = WithoutContent(text, front); !nothing.empty()) {
    marks.emplace_back(nothing);
    return;
  }
  const std::string label = ToLowerAscii(Trim(attachment.content_type));
  const Kind kind = KindOfBytes(front);
  if (IsCutArchive(text, kind) || WentThroughText(text)) marks.emplace_back("attachment_damaged");
  if (IsMislabelled(label, kind)) marks.emplace_back("attachment_mislabelled");
  if (kind == Kind::kZip && !IsOfficeArchive(label)) marks.emplace_back("attachment_zipped");
  if (kind == Kind::kXml && LooksLikeEdxml(front)) marks.emplace_back("nested_edxml");
}

}  // namespace mc
