// What foreign bytes look like, by a light look at their front; nothing is parsed.
//
// Real platforms send byte order marks, stray bytes before `{` or `<?xml`, HTML error pages
// with status 200, and archives under an XML name. Pure functions; safe from any thread.
// The words for people are in looks.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mc {

// More than this before the first `{`, `[` or `<` is not junk but another format.
inline constexpr std::size_t kJunkLimitBytes = 64;

enum class LooksLike { kEmpty, kJson, kXml, kHtml, kZip, kPdf, kOther };

LooksLike Sniff(std::string_view bytes);

// What the bytes look like, for the message that refuses them: "a PNG picture", "a SOAP message",
// "a table of separated values (CSV)". Nothing of the content is told but the name of an XML
// root element, where it is one of letters alone.
std::string DescribeBytes(std::string_view bytes);

// The name of a file format that is known by its first bytes ("a PDF file", "text in UTF-16");
// empty for text, XML and JSON.
std::string_view BinaryFormat(std::string_view bytes);

// A message of the exchange before edXML (http://www.e-doc.vn/Schema/), alone or in SOAP. It is
// told apart to be refused by its name.
bool IsOldExchange(std::string_view bytes);

// Without the byte order mark, white space and junk at the front; empty when nothing follows. XML behind
// junk begins at its declaration, where it has one: the junk may hold a '<' of its own.
std::string_view JsonPart(std::string_view bytes);
std::string_view XmlPart(std::string_view bytes);

// Views of the bytes.
struct XmlRoot {
  std::string_view qualified_name;  // "edXML:edXML"
  std::string_view local_name;
  std::string_view namespace_uri;  // of its prefix, where the root itself declares it
};

// The root element's start tag; nullopt when the text ends or breaks before it.
std::optional<XmlRoot> RootOf(std::string_view bytes);

// The root's end tag is there: false for a message that was cut.
bool HasEndTag(std::string_view bytes, const XmlRoot& root);

}  // namespace mc
