#include "connectors/json_page.h"

#include <simdjson.h>

#include <algorithm>
#include <map>

#include "core/text.h"

namespace mc {
namespace {

// --- a scan over strings and brackets; it validates nothing else

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::size_t at() const { return at_; }
  void Seek(std::size_t at) { at_ = at; }
  bool Done() const { return at_ >= text_.size(); }
  char Peek() const { return Done() ? '\0' : text_[at_]; }
  std::string_view Slice(std::size_t from) const { return text_.substr(from, at_ - from); }

  void SkipSpace() {
    while (!Done() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  }
  bool Take(char c) {
    SkipSpace();
    if (Peek() != c || Done()) return false;
    ++at_;
    return true;
  }
  // The raw inside of a string, escapes kept; nullopt when it does not end.
  std::optional<std::string_view> String() {
    if (!Take('"')) return std::nullopt;
    const std::size_t from = at_;
    for (; !Done(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '"') {
        return text_.substr(from, at_++ - from);
      }
    }
    return std::nullopt;
  }
  // Any value; false when the text ends inside it.
  bool Skip() {
    SkipSpace();
    if (Peek() == '"') return String().has_value();
    if (Peek() == '{' || Peek() == '[') return SkipBrackets();
    const std::size_t from = at_;
    while (!Done() && std::string_view(",]} \t\r\n").find(text_[at_]) == std::string_view::npos) ++at_;
    return at_ > from;
  }

 private:
  bool SkipBrackets() {
    std::size_t depth = 0;
    while (!Done()) {
      const char c = text_[at_];
      if (c == '"') {
        if (!String()) return false;
        continue;
      }
      ++at_;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return true;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

struct Span {
  std::size_t from = 0, to = 0;
};

// The member of the object at the scanner whose key is in `names`, as [from, to) of its
// value; one level of wrapping object is looked through.
std::optional<Span> FindArray(std::string_view text, std::size_t object_at, const std::vector<std::string>& names, int levels) {
  Scanner scan(text);
  scan.Seek(object_at);
  if (!scan.Take('{')) return std::nullopt;
  std::vector<std::size_t> wrapped;
  while (true) {
    scan.SkipSpace();
    const auto key = scan.String();
    if (!key || !scan.Take(':')) break;
    scan.SkipSpace();
    const Span value{scan.at(), 0};
    const char first = scan.Peek();
    if (!scan.Skip()) return std::nullopt;
    const bool named = std::find(names.begin(), names.end(), *key) != names.end();
    if (named && first == '[') return Span{value.from, scan.at()};
    if (first == '{') wrapped.push_back(value.from);
    if (!scan.Take(',')) break;
  }
  for (const std::size_t at : wrapped) {
    if (levels == 0) break;
    if (const auto found = FindArray(text, at, names, levels - 1)) return found;
  }
  return std::nullopt;
}

// Elements of the array at `span`; false when it does not end as one.
bool CutElements(std::string_view text, Span span, std::vector<std::string_view>& elements) {
  Scanner scan(text);
  scan.Seek(span.from);
  if (!scan.Take('[')) return false;
  if (scan.Take(']')) return true;
  while (true) {
    scan.SkipSpace();
    const std::size_t from = scan.at();
    if (!scan.Skip()) return false;
    elements.push_back(scan.Slice(from));
    if (scan.Take(']')) return true;
    if (!scan.Take(',')) return false;
  }
}

std::optional<std::string> AsText(const simdjson::dom::element& value) {
  std::string text;
  if (value.is_string()) {
    text = std::string(std::string_view(value));
  } else if (value.is_int64() || value.is_uint64()) {
    text = simdjson::minify(value);
  } else {
    return std::nullopt;
  }
  const std::string_view trimmed = Trim(text);
  return trimmed.empty() ? std::nullopt : std::optional<std::string>(trimmed);
}

Error CutPage() {
  return TransientError("bad_json", "the answer is no whole JSON document; it was cut, or the source failed while writing it");
}

std::optional<std::int64_t> FindTotal(const simdjson::dom::element& envelope, const std::vector<std::string>& names, int levels) {
  simdjson::dom::object object;
  if (envelope.get(object)) return std::nullopt;
  for (const auto [key, value] : object) {
    if (std::find(names.begin(), names.end(), key) == names.end()) continue;
    const auto text = AsText(value);
    if (text && text->size() <= 15 && std::all_of(text->begin(), text->end(), [](char c) { return c >= '0' && c <= '9'; })) {
      return std::stoll(*text);
    }
  }
  for (const auto [key, value] : object) {
    if (levels == 0 || !value.is_object()) continue;
    if (const auto total = FindTotal(value, names, levels - 1)) return total;
  }
  return std::nullopt;
}

// First bracket after a BOM and junk.
std::string_view FromFirstBracket(std::string_view bytes) {
  bytes = StripBom(bytes);
  const auto first = bytes.find_first_of("{[");
  return first == std::string_view::npos ? std::string_view{} : bytes.substr(first);
}

simdjson::dom::parser& Parser() {
  thread_local simdjson::dom::parser parser;
  return parser;
}

}  // namespace

Result<JsonPage> SplitJsonPage(const Manifest& manifest, std::string_view bytes) {
  const std::string_view text = FromFirstBracket(bytes);
  if (text.empty()) return CutPage();
  Scanner whole(text);
  if (!whole.Skip()) return CutPage();
  const std::string_view document = whole.Slice(0);
  whole.SkipSpace();
  if (!whole.Done()) return CutPage();

  JsonPage page;
  std::optional<Span> array;
  if (document.front() == '[') array = Span{0, document.size()};
  if (!array) array = FindArray(document, 0, manifest.record_arrays, 1);
  if (!array) return DataError("no_records", "the JSON holds no list under \"" + manifest.record_arrays.front() + "\"; it is not of this source");
  if (!CutElements(document, *array, page.records)) return CutPage();
  page.envelope = std::string(document.substr(0, array->from)) + "[]" + std::string(document.substr(array->to));
  simdjson::dom::element envelope;
  if (Parser().parse(page.envelope).get(envelope)) return CutPage();
  page.total = FindTotal(envelope, manifest.total_fields, 1);
  return page;
}

std::optional<RecordFields> RecordFields::Read(std::string_view record, const std::vector<std::string>& wanted) {
  simdjson::dom::element element;
  simdjson::dom::object object;
  if (Parser().parse(record.data(), record.size()).get(element) || element.get(object)) return std::nullopt;
  RecordFields fields;
  for (const auto [key, value] : object) {
    if (std::find(wanted.begin(), wanted.end(), key) == wanted.end()) continue;
    if (auto text = AsText(value)) fields.fields_.emplace_back(key, std::move(*text));
  }
  return fields;
}

std::optional<std::string> RecordFields::Get(std::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

bool EnvelopeSaysOk(const std::string& envelope) {
  simdjson::dom::element element;
  simdjson::dom::object object;
  if (Parser().parse(envelope).get(element)) return false;
  if (element.get(object)) return true;  // a bare array has no flags
  for (const auto [key, value] : object) {
    const auto text = AsText(value);
    if (key == "success" && value.is_bool() && !bool(value)) return false;
    if (key == "error_code" && text && *text != "0" && *text != "00") return false;
    if (key == "code" && text && *text != "0" && *text != "200") return false;
  }
  return true;
}

UnreadableRecord MakeUnreadable(std::string_view bytes, const std::string& stream, const RecordContext& context,
                                std::string media_type, RejectionReason reason) {
  UnreadableRecord bad;
  SourceRecord& record = bad.record;
  record.bytes = std::string(bytes);
  const Digest digest = Sha256(record.bytes);
  record.key = {context.register_id, "sha256:" + ToHex(digest), digest};
  record.source = context.source;
  record.stream = stream;
  record.media_type = std::move(media_type);
  record.observed_at = context.observed_at;
  record.facts = context.facts;
  bad.reason = std::move(reason);
  return bad;
}

void TakeJsonRecords(const Manifest& manifest, const StreamSpec& stream, const std::vector<std::string_view>& records,
                     const RecordContext& context, Page& page) {
  const auto refuse = [&](std::string_view bytes, RejectionReason reason) {
    page.unreadable.push_back(MakeUnreadable(bytes, stream.id, context, "application/json", std::move(reason)));
  };
  for (const std::string_view bytes : records) {
    if (static_cast<std::int64_t>(bytes.size()) > manifest.limits.record_limit_bytes) {
      refuse(bytes, {"record_too_large", "", "record_limit_bytes", "the record is larger than the manifest's record_limit_bytes"});
      continue;
    }
    const auto fields = RecordFields::Read(bytes, stream.id_fields);
    if (!fields) {
      refuse(bytes, {"bad_json", "", "", "the record is no JSON object, or its text is not UTF-8"});
      continue;
    }
    std::string native_id = stream.id_prefix;
    std::string missing;
    for (const std::string& name : stream.id_fields) {
      const auto value = fields->Get(name);
      if (!value) missing = name;
      native_id += (native_id.empty() ? "" : "|") + value.value_or("");
    }
    if (!missing.empty()) {
      refuse(bytes, {"missing_id", missing, "id_fields", "the record has no " + missing + ", so it cannot be told from others"});
      continue;
    }
    SourceRecord record;
    record.bytes = std::string(bytes);
    record.key = {context.register_id, std::move(native_id), Sha256(record.bytes)};
    record.source = context.source;
    record.stream = stream.id;
    record.media_type = "application/json";
    record.observed_at = context.observed_at;
    record.facts = context.facts;
    page.records.push_back(std::move(record));
  }
}

}  // namespace mc
