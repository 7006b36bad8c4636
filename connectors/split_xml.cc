// XML documents, element by element.

#include <algorithm>

#include "connectors/sniff.h"
#include "connectors/split.h"
#include "connectors/xml_scan.h"
#include "core/text.h"

namespace mc {
namespace {

using xml_scan::LocalName;
using xml_scan::Tag;

constexpr const char* kXmlType = "application/xml";
constexpr std::size_t kDeclarationBytes = 256;  // where a declaration stands

struct Binding {
  std::string prefix;
  std::string uri;
  std::size_t depth = 0;  // of the element that declares it
};

Error ErrorOf(xml_scan::Fault fault) {
  if (fault == xml_scan::Fault::kDoctype) {
    return DataError("dtd_refused", "the answer carries a document type declaration; none is read");
  }
  return DataError("bad_xml", "the answer is not well-formed XML, or cut");
}

bool DeclaresOtherEncoding(std::string_view text) {
  const std::string front = ToLowerAscii(text.substr(0, kDeclarationBytes));
  const auto at = front.find("encoding=");
  if (!front.starts_with("<?xml") || at == std::string::npos || at > front.find("?>")) return false;
  const std::string_view value = std::string_view(front).substr(std::min(at + 10, front.size()));  // it may be cut here
  return !value.starts_with("utf-8") && !value.starts_with("utf8") && !value.starts_with("us-ascii");
}

class XmlSplitter {
 public:
  XmlSplitter(const RecordSpec& spec, std::string_view text, RowTaker& taker, SplitAnswer& answer)
      : spec_(spec), text_(text), taker_(taker), answer_(answer) {}

  // The end of the document must be reached with every element closed.
  Status Run() {
    xml_scan::Scanner scanner(text_);
    Tag tag;
    while (scanner.Next(tag)) {
      MC_CHECK_OK(tag.closes ? Close(tag) : Open(tag));
    }
    if (scanner.fault() != xml_scan::Fault::kNone || !open_.empty() || !rooted_) return ErrorOf(scanner.fault());
    return Ok();
  }

 private:
  Status Open(const Tag& tag) {
    if (open_.empty() && rooted_) return ErrorOf(xml_scan::Fault::kNotWellFormed);
    rooted_ = true;
    if (open_.size() >= kSplitDepthLimit) return DataError("too_deep", "the answer nests deeper than the limit");
    const bool in_record = record_depth_ > 0;
    if (!in_record) MC_CHECK_OK(Bind(tag));
    open_.push_back(tag.name);
    if (!in_record) Compare(tag);
    return tag.empty ? CloseOne(tag) : Ok();
  }

  Status Close(const Tag& tag) {
    if (open_.empty() || open_.back() != tag.name) return ErrorOf(xml_scan::Fault::kNotWellFormed);
    return CloseOne(tag);
  }

  Status CloseOne(const Tag& tag) {
    if (record_depth_ == open_.size() && record_depth_ > 0) {
      if (taker_.Full()) return TooManyRows();
      Take(text_.substr(record_begin_, tag.end - record_begin_));
      record_depth_ = 0;
    }
    std::erase_if(bindings_, [&](const Binding& one) { return one.depth == open_.size(); });
    matched_ = std::min(matched_, open_.size() - 1);
    open_.pop_back();
    return Ok();
  }

  Status Bind(const Tag& tag) {
    const auto attributes = xml_scan::Attributes(tag.attributes);
    if (!attributes) return ErrorOf(xml_scan::Fault::kNotWellFormed);
    for (const auto& [name, value] : *attributes) {
      const bool plain = name == "xmlns";
      if (!plain && xml_scan::Prefix(name) != "xmlns") continue;
      const auto uri = xml_scan::Decode(value);
      const bool plain_text = uri && (uri->empty() || IsNativeId(*uri)) && IsNativeId(name);  // it is kept and shown
      if (!plain_text) return ErrorOf(xml_scan::Fault::kNotWellFormed);
      bindings_.push_back({plain ? "" : std::string(LocalName(name)), *uri, open_.size() + 1});
    }
    return CheckInherited();
  }

  Status CheckInherited() const {
    std::size_t bytes = 0;
    for (const Binding& one : bindings_) bytes += one.prefix.size() + one.uri.size();
    if (bindings_.size() <= kInheritedLimit && bytes <= kInheritedLimitBytes) return Ok();
    return DataError("too_many_namespaces", "the answer declares more than " + std::to_string(kInheritedLimit) +
                                                " namespaces or " + std::to_string(kInheritedLimitBytes) +
                                                " bytes of them along one path");
  }

  std::string UriOf(std::string_view prefix) const {
    const auto found =
        std::find_if(bindings_.rbegin(), bindings_.rend(), [&](const Binding& one) { return one.prefix == prefix; });
    return found == bindings_.rend() ? "" : found->uri;
  }

  // Does the element just opened go on with the path; is it the record itself, or the list?
  void Compare(const Tag& tag) {
    const bool fits = matched_ == open_.size() - 1 && matched_ < spec_.path.size() &&
                      LocalName(tag.name) == spec_.path[matched_] &&
                      (spec_.namespace_uri.empty() || UriOf(xml_scan::Prefix(tag.name)) == spec_.namespace_uri);
    if (!fits) return;
    ++matched_;
    // The list is there, even an empty one, once the element around the records is.
    if (matched_ + 1 >= spec_.path.size()) answer_.has_rows = true;
    if (matched_ != spec_.path.size()) return;
    record_depth_ = open_.size();
    record_begin_ = tag.begin;
  }

  void Take(std::string_view element) {
    SplitRow row;
    row.bytes = element;
    if (!xml_scan::IsWellFormed(element, kSplitDepthLimit)) {
      row.reject =
          RejectionReason{"bad_xml", "", "XML 1.0", "the record is not well-formed, or uses an unknown entity"};
    }
    std::vector<std::string> parts;
    for (const ValuePath& path : spec_.key) parts.push_back(xml_scan::ValueAt(element, path).value_or(""));
    row.native_id = JoinKey(spec_, parts, row.missing);
    if (!spec_.time.empty()) row.time = xml_scan::ValueAt(element, spec_.time);
    // What the element inherits and its own bytes do not say.
    for (const Binding& one : bindings_) {
      if (one.depth < open_.size()) row.facts["xmlns" + (one.prefix.empty() ? "" : ":" + one.prefix)] = one.uri;
    }
    taker_.Take(std::move(row));
  }

  const RecordSpec& spec_;
  std::string_view text_;
  RowTaker& taker_;
  SplitAnswer& answer_;
  std::vector<std::string_view> open_;
  std::vector<Binding> bindings_;
  bool rooted_ = false;
  std::size_t matched_ = 0;       // names of the path that the open elements follow
  std::size_t record_depth_ = 0;  // 0: outside a record
  std::size_t record_begin_ = 0;
};

// "root/a/b" of the document; the root's name must fit.
std::optional<std::string> FieldAt(std::string_view text, const ValuePath& path) {
  const auto root = RootOf(text);
  if (!root || path.empty() || root->local_name != path[0]) return std::nullopt;
  return xml_scan::ValueAt(text, ValuePath(path.begin() + 1, path.end()));
}

}  // namespace

Result<SplitAnswer> SplitXmlRecords(const RecordSpec& spec, std::string_view bytes, const RecordContext& context,
                                    const std::vector<std::string>& wanted, Page& page) {
  const std::string_view text = XmlPart(bytes);
  if (text.empty()) return DataError("bad_xml", "the answer is no XML");
  if (DeclaresOtherEncoding(text)) return DataError("bad_encoding", "the answer declares another encoding than UTF-8");
  SplitAnswer answer;
  RowTaker taker(spec, context, kXmlType, page, answer);
  MC_CHECK_OK(XmlSplitter(spec, text, taker, answer).Run());
  for (const std::string& path : wanted) {
    if (auto value = FieldAt(text, PathOf(path))) answer.fields.emplace(path, std::move(*value));
  }
  if (!spec.total.empty()) answer.total = WholeNumber(FieldAt(text, spec.total).value_or(""));
  return answer;
}

}  // namespace mc
