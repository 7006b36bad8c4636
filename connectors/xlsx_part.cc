#include "connectors/xlsx_part.h"

#include "connectors/split.h"
#include "connectors/xml_scan.h"

namespace mc::xlsx {
namespace {

constexpr int kDepthLimit = 64;

Status FaultOf(xml_scan::Fault fault) {
  if (fault == xml_scan::Fault::kNone) return Ok();
  if (fault == xml_scan::Fault::kDoctype) {
    return DataError("dtd_refused", "a part of the workbook carries a document type declaration");
  }
  return BadWorkbook("a part of it is not well-formed XML");
}

Status Step(xml_scan::Scanner& scanner, const xml_scan::Tag& tag, PartTaker& taker, int& depth) {
  auto text = scanner.TakeText();
  if (!text) return BadWorkbook("a part of it uses an entity that XML does not know");
  const std::string_view name = xml_scan::LocalName(tag.name);
  if (!tag.closes) {
    const auto attributes = xml_scan::Attributes(tag.attributes);
    if (!attributes) return BadWorkbook("the attributes of a part cannot be read");
    if (++depth > kDepthLimit) return BadWorkbook("a part of it nests too deep");
    MC_CHECK_OK(taker.Open(name, *attributes));
    if (tag.empty) text->clear();
  }
  if (!tag.closes && !tag.empty) return Ok();
  if (--depth < 0) return BadWorkbook("a part of it closes more than it opens");
  return taker.Close(name, std::move(*text));
}

}  // namespace

Error BadWorkbook(const std::string& what) {
  return DataError("bad_xlsx", "the workbook cannot be read: " + what + "; save it anew as .xlsx");
}

Error TooLarge(const std::string& limit, std::int64_t value) {
  return DataError("xlsx_too_large", "the workbook is over the limit of " + std::to_string(value) + " " + limit +
                                         ": split it");
}

Status WalkPart(std::string_view part, PartTaker& taker) {
  xml_scan::Scanner scanner(part);
  scanner.KeepText();
  xml_scan::Tag tag;
  int depth = 0;
  while (scanner.Next(tag)) MC_CHECK_OK(Step(scanner, tag, taker, depth));
  MC_CHECK_OK(FaultOf(scanner.fault()));
  return depth == 0 ? Ok() : Status(BadWorkbook("a part of it is cut"));
}

std::optional<std::string> AttributeOf(const AttributeList& attributes, std::string_view name) {
  for (const auto& [key, value] : attributes) {
    if (xml_scan::LocalName(key) == name) return xml_scan::Decode(value);
  }
  return std::nullopt;
}

std::optional<std::int64_t> NumberOf(const AttributeList& attributes, std::string_view name) {
  const auto text = AttributeOf(attributes, name);
  return text ? WholeNumber(*text) : std::nullopt;
}

bool FlagOf(const AttributeList& attributes, std::string_view name) {
  const auto text = AttributeOf(attributes, name);
  return text == "1" || text == "true";
}

void RichText::Open(std::string_view name) {
  if (name == "rPh") ++phonetic_;
}

void RichText::Close(std::string_view name, const std::string& text) {
  if (name == "t" && phonetic_ == 0) text_ += Unescaped(text);
  if (name == "rPh") --phonetic_;
}

std::string RichText::Take() {
  std::string text;
  text.swap(text_);
  phonetic_ = 0;
  return text;
}

}  // namespace mc::xlsx
