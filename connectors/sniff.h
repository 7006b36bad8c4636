// What foreign bytes look like, by a light look at their front; nothing is parsed.
//
// Real platforms send byte order marks, stray bytes before `{` or `<?xml`, HTML error pages
// with status 200, and archives under an XML name. Pure functions; safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mc {

// More than this before the first `{`, `[` or `<` is not junk but another format.
inline constexpr std::size_t kJunkLimitBytes = 64;

enum class LooksLike { kEmpty, kJson, kXml, kHtml, kZip, kPdf, kOther };

LooksLike Sniff(std::string_view bytes);
std::string_view Describe(LooksLike format);  // "an HTML page", for messages

// Without the byte order mark, white space and junk at the front; empty when nothing follows.
std::string_view JsonPart(std::string_view bytes);
std::string_view XmlPart(std::string_view bytes);

struct XmlRoot {
  std::string qualified_name;  // "edXML:edXML"
  std::string local_name;
  std::string namespace_uri;  // of its prefix, where the root itself declares it
};

// The root element's start tag; nullopt when the text ends or breaks before it.
std::optional<XmlRoot> RootOf(std::string_view bytes);

// The root's end tag is there: false for a message that was cut.
bool HasEndTag(std::string_view bytes, const XmlRoot& root);

}  // namespace mc
