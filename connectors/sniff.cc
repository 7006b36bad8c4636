#include "connectors/sniff.h"

#include <algorithm>

#include "core/text.h"

namespace mc {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::string_view SkipSpace(std::string_view text) {
  const std::size_t start = text.find_first_not_of(kSpace);
  return start == std::string_view::npos ? std::string_view{} : text.substr(start);
}

bool StartsWithIgnoringCase(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && std::equal(lower.begin(), lower.end(), text.begin(), [](char want, char c) {
           return want == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
         });
}

bool LooksHtml(std::string_view text) {
  for (const std::string_view mark : {"<!doctype html", "<html", "<head", "<body"}) {
    if (StartsWithIgnoringCase(text, mark)) return true;
  }
  return false;
}

// From the first of `marks` when it comes within the junk limit.
std::string_view FromFirst(std::string_view bytes, std::string_view marks) {
  const std::string_view text = SkipSpace(StripBom(bytes));
  const std::size_t at = text.substr(0, kJunkLimitBytes + 1).find_first_of(marks);
  return at == std::string_view::npos ? std::string_view{} : text.substr(at);
}

// "<a", "<?" or "<!" at the front: there is no junk.
bool BeginsXml(std::string_view text) {
  if (text.size() < 2 || text[0] != '<') return false;
  const char c = text[1];
  return c == '?' || c == '!' || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

// Where "<?xml " stands within the junk limit; npos: nowhere.
std::size_t DeclarationIn(std::string_view text) {
  constexpr std::string_view kDeclaration = "<?xml";
  const std::size_t at = text.substr(0, kJunkLimitBytes + kDeclaration.size()).find(kDeclaration);
  const std::size_t end = at + kDeclaration.size();
  const bool found = at != std::string_view::npos && end < text.size() && kSpace.find(text[end]) != kSpace.npos;
  return found ? at : std::string_view::npos;
}

// Behind declaration, comments and document type, at the '<' of the root.
std::string_view SkipProlog(std::string_view text) {
  while (true) {
    text = SkipSpace(text);
    std::string_view end;
    if (text.starts_with("<?")) {
      end = "?>";
    } else if (text.starts_with("<!--")) {
      end = "-->";
    } else if (text.starts_with("<!")) {
      end = ">";
    } else {
      return text;
    }
    const std::size_t at = text.find(end);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + end.size());
  }
}

bool IsNameByte(char c) {
  return kSpace.find(c) == std::string_view::npos && c != '>' && c != '/' && c != '=' && c != '<';
}

// Value of `name="..."` (either quote) in a start tag.
std::string_view AttributeOf(std::string_view tag, std::string_view name) {
  for (std::size_t at = tag.find(name); at != std::string_view::npos; at = tag.find(name, at + 1)) {
    if (at == 0 || kSpace.find(tag[at - 1]) == std::string_view::npos) continue;
    std::string_view rest = SkipSpace(tag.substr(at + name.size()));
    if (!rest.starts_with('=')) continue;
    rest = SkipSpace(rest.substr(1));
    if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) continue;
    return rest.substr(1, rest.find(rest[0], 1) - 1);
  }
  return {};
}

}  // namespace

std::string_view JsonPart(std::string_view bytes) { return FromFirst(bytes, "{["); }
std::string_view XmlPart(std::string_view bytes) {
  const std::string_view text = SkipSpace(StripBom(bytes));
  const std::size_t declared = BeginsXml(text) ? std::string_view::npos : DeclarationIn(text);
  return declared == std::string_view::npos ? FromFirst(bytes, "<") : text.substr(declared);
}

LooksLike Sniff(std::string_view bytes) {
  const std::string_view text = SkipSpace(StripBom(bytes));
  if (text.empty()) return LooksLike::kEmpty;
  if (text.starts_with("PK\x03\x04")) return LooksLike::kZip;
  if (text.starts_with("%PDF-")) return LooksLike::kPdf;
  // Among their bytes a bracket stands by chance.
  if (!BinaryFormat(bytes).empty()) return LooksLike::kOther;
  const std::size_t at = text.substr(0, kJunkLimitBytes + 1).find_first_of("{[<");
  if (at == std::string_view::npos) return LooksLike::kOther;
  if (text[at] != '<') return LooksLike::kJson;
  const std::string_view xml = XmlPart(bytes);
  return LooksHtml(xml) || LooksHtml(SkipProlog(xml)) ? LooksLike::kHtml : LooksLike::kXml;
}

std::optional<XmlRoot> RootOf(std::string_view bytes) {
  const std::string_view text = SkipProlog(XmlPart(bytes));
  if (!text.starts_with('<')) return std::nullopt;
  const std::size_t close = text.find('>');
  if (close == std::string_view::npos) return std::nullopt;
  const std::string_view tag = text.substr(1, close - 1);
  std::size_t length = 0;
  while (length < tag.size() && IsNameByte(tag[length])) ++length;
  if (length == 0) return std::nullopt;
  XmlRoot root;
  root.qualified_name = tag.substr(0, length);
  const std::size_t colon = root.qualified_name.find(':');
  const bool prefixed = colon != std::string_view::npos;
  root.local_name = prefixed ? root.qualified_name.substr(colon + 1) : root.qualified_name;
  std::string binds = "xmlns";
  if (prefixed) binds.append(":").append(root.qualified_name.substr(0, colon));
  root.namespace_uri = AttributeOf(tag, binds);
  return root;
}

bool HasEndTag(std::string_view bytes, const XmlRoot& root) {
  const std::size_t at = bytes.rfind("</" + std::string(root.qualified_name));
  return at != std::string_view::npos && bytes.find('>', at) != std::string_view::npos;
}

}  // namespace mc
