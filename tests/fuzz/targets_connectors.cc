// Connectors: answers, files and messages of platforms, down to headers and single values.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "connectors/connector.h"
#include "connectors/http_pull.h"
#include "connectors/json_page.h"
#include "connectors/json_scan.h"
#include "connectors/link_header.h"
#include "connectors/registry.h"
#include "connectors/sniff.h"
#include "connectors/split.h"
#include "connectors/time_text.h"
#include "connectors/xml_scan.h"
#include "core/inbox.h"
#include "core/shown.h"
#include "core/text.h"
#include "tests/fuzz/target.h"

namespace mc::fuzz {
namespace {

const Instant kNow{1'780'000'000'000'000};

RecordContext Context() { return {"fuzz", "fuzz", "all", 20'000, kNow, {{"unit", "H26.1"}}}; }

// Records are exact bytes of the input, in its order, under ids that can be kept.
class PageCheck {
 public:
  explicit PageCheck(std::string_view input) : input_(input) {}

  void Take(const Page& page, bool slices = true) {
    for (const SourceRecord& record : page.records) Take(record, nullptr, slices, readable_);
    for (const UnreadableRecord& bad : page.unreadable) Take(bad.record, &bad.reason, slices, unreadable_);
  }

 private:
  void Take(const SourceRecord& record, const RejectionReason* reason, bool slices, std::size_t& from) {
    Require(IsNativeId(record.key.native_id), "an id is bounded text");
    if (reason) RequireReason(*reason);
    RequireStorable(record, reason);
    if (!slices) return;
    const std::size_t at = input_.find(record.bytes, from);
    Require(at != std::string_view::npos, "a record is bytes of the input, in its order");
    from = at + record.bytes.size();
  }

  std::string_view input_;
  std::size_t readable_ = 0, unreadable_ = 0;
};

// A record of a sheet is its header and its row, which stand apart in the file.
bool IsSheet(RecordFormat format) { return format == RecordFormat::kCsv || format == RecordFormat::kXlsx; }

void RunJsonPage(std::string_view input) {
  const JsonLayout layout{"data", "totalrow", {}};
  const auto split = SplitJson(input, layout);
  if (!split.ok()) return RequireError(split.error(), ErrorClass::kData);
  Require(split->has_rows || split->rows.empty(), "rows are in a list");
  Require(!split->whole || !split->has_rows, "a document is rows, or a whole");
  const char* behind = input.data();
  Page page;
  for (const JsonRow& row : split->rows) {
    Require(IsInside(input, row.bytes) && row.bytes.data() >= behind, "rows are slices, one behind the other");
    behind = row.bytes.data() + row.bytes.size();
    Require(row.is_object == row.bytes.starts_with('{'), "an object begins as one");
    TakeRow(Context(), {"x|", {"id"}}, row, page);
  }
  Require(page.records.size() + page.unreadable.size() == split->rows.size(), "every row is a record, or set aside");
  PageCheck(input).Take(page);
}

void RequireSplit(const RecordSpec& spec, std::string_view input) {
  Page page;
  const auto answer = SplitDocument(spec, input, Context(), {"next", "list/next", "meta/more"}, page);
  const std::size_t rows = page.records.size() + page.unreadable.size();
  if (!answer.ok()) {
    RequireError(answer.error(), ErrorClass::kData);
    Require(rows == 0, "a document that is refused gives nothing");
    return;
  }
  Require(answer->marks.size() == rows, "every row is a record, or set aside");
  Require(answer->has_rows || rows == 0, "rows are in a list");
  PageCheck(input).Take(page, !IsSheet(spec.format));
  for (const SourceRecord& record : page.records) {
    if (spec.format != RecordFormat::kCsv) continue;
    const std::size_t cut = record.bytes.rfind('\n', record.bytes.size() - 1);
    Require(cut != std::string::npos && input.find(record.bytes.substr(0, record.bytes.find('\n'))) != input.npos,
            "a row of a sheet has its header in front");
  }
}

RecordSpec SpecFor(RecordFormat format) {
  RecordSpec spec;
  spec.format = format;
  spec.key = {{"id"}};
  spec.prefix = "x|";
  spec.time = {"at"};
  spec.time_format = "iso";
  spec.order = RecordOrder::kAscending;
  return spec;
}

void RunSplitJson(std::string_view input) {
  RecordSpec spec = SpecFor(RecordFormat::kJson);
  RequireSplit(spec, input);
  spec.path = {"data"};
  spec.total = {"meta", "total"};
  RequireSplit(spec, input);
}

void RunSplitNdjson(std::string_view input) { RequireSplit(SpecFor(RecordFormat::kNdjson), input); }

void RunSplitCsv(std::string_view input) {
  RecordSpec spec = SpecFor(RecordFormat::kCsv);
  for (const char delimiter : {',', ';', '\t'}) {
    spec.delimiter = delimiter;
    RequireSplit(spec, input);
  }
}

void RunSplitXlsx(std::string_view input) { RequireSplit(SpecFor(RecordFormat::kXlsx), input); }

void RunSplitXml(std::string_view input) {
  RecordSpec spec = SpecFor(RecordFormat::kXml);
  spec.path = {"list", "item"};
  spec.total = {"list", "@total"};
  RequireSplit(spec, input);
  spec.path = {"service_requests", "request"};
  spec.key = {{"service_request_id"}};
  spec.namespace_uri = "urn:x";
  RequireSplit(spec, input);
}

void RunSplitEdxml(std::string_view input) { RequireSplit(SpecFor(RecordFormat::kEdxml), input); }

void RunJsonScan(std::string_view input) {
  const auto whole = json_scan::Whole(input, kSplitDepthLimit);
  if (!whole) return;
  Require(IsInside(input, *whole), "a value is a slice");
  const auto list = json_scan::At(*whole, {"data"});
  Require(!list || IsInside(*whole, *list), "a member is a slice");
  const auto elements = json_scan::Elements(*whole, 1'000);
  if (!elements) return;
  const char* behind = input.data();
  for (const std::string_view element : *elements) {
    Require(IsInside(*whole, element) && element.data() >= behind, "elements are slices, one behind the other");
    behind = element.data() + element.size();
    (void)json_scan::Scalar(element);
  }
  if (json_scan::IsStrict(*whole)) {
    for (const std::string_view element : *elements) Require(json_scan::IsStrict(element), "strict in all its parts");
  }
}

void RunXmlScan(std::string_view input) {
  xml_scan::Scanner scanner(input);
  xml_scan::Tag tag;
  std::size_t behind = 0;
  while (scanner.Next(tag)) {
    Require(tag.begin >= behind && tag.end > tag.begin && tag.end <= input.size(), "tags stand one behind the other");
    Require(IsInside(input, tag.name) && !tag.name.empty(), "a tag has a name");
    behind = tag.end;
    (void)xml_scan::Attributes(tag.attributes);
  }
  if (const auto text = xml_scan::Decode(input); text && IsValidUtf8(input)) {
    Require(IsValidUtf8(*text), "decoding keeps UTF-8");
  }
  const bool well_formed = xml_scan::IsWellFormed(input, kSplitDepthLimit);
  for (const ValuePath& path : {ValuePath{"id"}, ValuePath{"a", "@b"}, ValuePath{"@total"}}) {
    const auto value = xml_scan::ValueAt(input, path);
    if (value && well_formed && IsValidUtf8(input)) Require(IsValidUtf8(*value), "a value of good XML is text");
  }
}

void RunSniff(std::string_view input) {
  const LooksLike looks = Sniff(input);
  const std::string words = DescribeBytes(input);
  Require(!words.empty() && IsValidUtf8(words) && !HasControls(words), "every look has printable words");
  (void)IsOldExchange(input);
  Require(IsInside(input, JsonPart(input)) && IsInside(input, XmlPart(input)), "the part behind junk is a slice");
  const bool xml = looks == LooksLike::kXml || looks == LooksLike::kHtml;
  if (xml) Require(XmlPart(input).starts_with('<'), "XML begins with a tag");
  if (looks == LooksLike::kJson) Require(!JsonPart(input).empty(), "JSON begins with a bracket");
  const auto root = RootOf(input);
  if (root) Require(!root->local_name.empty() || root->qualified_name.ends_with(':'), "a root has a name");
  if (root) (void)HasEndTag(input, *root);
}

void RunLinkHeader(std::string_view input) {
  const std::string current = "https://city.example:8443/api/list?page=1";
  const auto next = NextLink(input, current);
  if (!next.ok()) {
    RequireError(next.error(), ErrorClass::kConfig);
  } else if (!next->empty()) {
    Require(SameOrigin(*next, current), "a next link stays at its origin");
  }
  Require(SameOrigin(input, current) == SameOrigin(current, input), "an origin is the same both ways");
  HttpResponse response;
  response.headers["retry-after"] = std::string(input);
  const auto wait = RetryAfterOf(response, kNow);
  if (wait) Require(wait->count() >= 0, "nobody waits into the past");
}

// A format, a line end, and the text to read in it.
void RunTimeText(std::string_view input) {
  const std::size_t cut = std::min(input.find('\n'), input.size());
  const std::string_view format = input.substr(0, cut);
  const std::string_view text = cut == input.size() ? "" : input.substr(cut + 1);
  for (const std::string_view one : {format, std::string_view("iso"), std::string_view("epoch_millis")}) {
    if (!IsTimeFormat(one)) continue;
    (void)IsWholeDays(one);
    const auto at = ReadTime(one, text);
    if (!at) continue;
    const auto again = ReadTime(one, FormatTime(one, *at));
    if (one.starts_with("iso") && *at != (again ? *again : *at)) continue;  // fractions of a second are not written
    Require(!again || *again == *at, "a time that was written is read as the same");
  }
}

Manifest PushedManifest(const char* format) {
  const Json json = {{"schema", "minhchung/manifest@1"}, {"id", "pushed"},       {"register", "pushed"},
                     {"title", "t"},                     {"owner", "o"},         {"legal_basis", "l"},
                     {"assumptions", Json::array()},     {"kind", "inbox"},      {"streams", {{{"id", "all"}}}},
                     {"records", {{"format", format}, {"key", {"id"}}}},         {"limits", {{"records_per_page", 3}}},
                     {"lag_limit_minutes", 60},          {"expected_interval_minutes", 60}};
  return ParseManifest(json).value();
}

// One message that stays until it is forgotten.
class OneMessage final : public InboxReader {
 public:
  explicit OneMessage(std::string_view body) : message_{1, "application/json", std::string(body), kNow, kNow, {}} {}
  Result<std::vector<InboxMessage>> ReadInbox(const std::string&, std::int64_t after, std::int64_t) override {
    return after < message_.position ? std::vector<InboxMessage>{message_} : std::vector<InboxMessage>{};
  }
  Status ForgetInbox(const std::string&, std::int64_t) override { return Ok(); }

 private:
  InboxMessage message_;
};

class NoHttp final : public HttpClient {
 public:
  Result<HttpResponse> Send(const HttpRequest&) override { return TransientError("down", "the source is down"); }
};

// Pulled to its end through its cursors, a message gives each of its rows once.
void PullMessage(const Manifest& manifest, std::string_view input) {
  NoHttp http;
  const ManualClock clock(kNow);
  OneMessage inbox(input);
  const auto connector = MakeConnector(manifest, {}, {http, clock, SleepThread, &inbox}).value();
  std::optional<Cursor> cursor;
  std::int64_t rows = 0, offered = 0;
  PageCheck check(input);
  for (std::size_t pages = 0;; ++pages) {
    Require(pages <= input.size() + 1, "a pull ends");
    const auto page = connector->Pull("all", cursor);
    Require(page.ok(), "a message never stops its source");
    rows += static_cast<std::int64_t>(page->records.size() + page->unreadable.size());
    offered += page->offered.value_or(0);
    check.Take(*page, !IsSheet(manifest.records->format));
    if (page->end) break;
    cursor = page->next;
  }
  Require(rows == offered, "a message gives each of its rows once");
  const auto other = connector->Pull("all", Cursor{std::string(input)});
  if (!other.ok()) RequireError(other.error(), other.error().code == "future_cursor" ? ErrorClass::kConfig
                                                                                     : ErrorClass::kInternal);
}

void RunInbox(std::string_view input) {
  static const std::vector<Manifest> manifests = {PushedManifest("json"), PushedManifest("csv")};
  for (const Manifest& manifest : manifests) PullMessage(manifest, input);
}

// Saved files through every manifest that is shipped.
void RunSaved(std::string_view input) {
  static const std::vector<Manifest> manifests = [] {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(std::string(MC_SOURCE_DIR) + "/connectors")) {
      if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<Manifest> all;
    for (const std::string& path : paths) all.push_back(ReadManifest(path).value());
    return all;
  }();
  for (const Manifest& manifest : manifests) {
    for (const char* name : {"H26.1/a.json", "a.xml"}) {
      const auto page = ParseSaved(manifest, name, input, kNow);
      if (page.ok()) {
        Require(page->end, "a file is one page");
        PageCheck(input).Take(*page, !manifest.records || !IsSheet(manifest.records->format));
      } else {
        RequireError(page.error(), ErrorClass::kData);
      }
    }
  }
}

}  // namespace

std::vector<Target> ConnectorTargets() {
  return {{"sniff", RunSniff, {}},
          {"json_scan", RunJsonScan, {}},
          {"json_page", RunJsonPage, {}},
          {"split_json", RunSplitJson, {}},
          {"split_ndjson", RunSplitNdjson, {}},
          {"split_csv", RunSplitCsv, {}},
          {"split_xlsx", RunSplitXlsx, {}},
          {"split_xml", RunSplitXml, {}},
          {"split_edxml", RunSplitEdxml, {"tests/golden/documents/document", "tests/golden/documents/status-06",
                                          "tests/golden/documents/document-junk-before-declaration"}},
          {"xml_scan", RunXmlScan, {"tests/golden/reports_open311_xml"}},
          {"link_header", RunLinkHeader, {}},
          {"time_text", RunTimeText, {}},
          {"inbox", RunInbox, {}},
          {"saved", RunSaved, {"tests/golden/documents/status-06", "tests/golden/citizen_reports/open"}}};
}

}  // namespace mc::fuzz
