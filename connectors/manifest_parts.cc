#include "connectors/manifest_parts.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "connectors/registry.h"
#include "connectors/time_text.h"
#include "core/text.h"

namespace mc {

std::string_view Name(RecordFormat format) {
  static constexpr std::string_view kNames[] = {"json", "ndjson", "csv", "xml", "edxml", "xlsx"};
  return kNames[static_cast<std::size_t>(format)];
}

std::string PathText(const ValuePath& path) {
  std::string text;
  for (const std::string& segment : path) text += (text.empty() ? "" : "/") + segment;
  return text;
}

namespace manifest_parts {
namespace {

const std::vector<std::string> kFormats = {"json", "ndjson", "csv", "xml", "edxml", "xlsx"};
const std::vector<std::string> kOrders = {"none", "ascending", "descending"};

bool IsName(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool IsHeaderName(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

Status ReadName(const JsonAt& object, std::string_view key, std::string& name) {
  MC_TRY(const JsonAt at, object.Member(key));
  MC_TRY(name, at.Text(kNameLimitBytes));
  return Ok();
}

Status ReadTimeFormat(const JsonAt& object, std::string_view key, std::string& format) {
  MC_TRY(const JsonAt at, object.Member(key));
  MC_TRY(format, at.Text(kNameLimitBytes));
  if (IsTimeFormat(format)) return Ok();
  return at.Fail("bad_format", "iso, iso_city, epoch_seconds, epoch_millis or a pattern of yyyy MM dd HH mm ss");
}

Status ReadWindow(const JsonAt& at, WindowSpec& window) {
  MC_CHECK_OK(at.Keys({"from", "to", "format", "end", "selects"}));
  MC_CHECK_OK(ReadName(at, "from", window.from));
  MC_CHECK_OK(ReadName(at, "to", window.to));
  MC_CHECK_OK(ReadTimeFormat(at, "format", window.format));
  MC_TRY(const JsonAt end, at.Member("end"));
  MC_TRY(const std::size_t ends, end.OneOf({"included", "excluded"}));
  window.end_included = ends == 0;
  MC_TRY(const JsonAt selects, at.Member("selects"));
  MC_TRY(const std::size_t by, selects.OneOf({"created", "changed"}));
  window.selects = static_cast<WindowSelects>(by);
  return Ok();
}

Status ReadParameters(const JsonAt& at, RequestSpec& request) {
  if (!at.value().is_object()) return at.Fail("not_object", "names with fixed texts");
  if (at.value().size() > kListLimit) return at.Fail("too_many", "at most " + std::to_string(kListLimit));
  for (const auto& [name, value] : at.value().items()) {
    MC_TRY(std::string text, JsonAt(value, at.pointer() + PointerToken(name)).Text(kTextLimitBytes));
    request.parameters.emplace_back(name, std::move(text));
  }
  return Ok();
}

Status ReadBody(const JsonAt& at, RequestSpec& request) {
  if (const auto body = at.Find("body")) {
    MC_TRY(const std::size_t chosen, body->OneOf({"query", "json", "form"}));
    request.body = static_cast<BodyKind>(chosen);
  }
  const auto numbers = at.Find("numbers");
  if (!numbers) return Ok();
  if (request.body != BodyKind::kJson) return numbers->Fail("bad_request", "only with \"body\": \"json\"");
  MC_TRY(const std::size_t chosen, numbers->OneOf({"number", "text"}));
  request.numbers_as_text = chosen == 1;
  return Ok();
}

Status ReadCursorPaging(const JsonAt& at, PagingSpec& paging) {
  MC_CHECK_OK(ReadName(at, "send", paging.parameter));
  const auto read = at.Find("read");
  const auto header = at.Find("read_header");
  if (read.has_value() == header.has_value()) return at.Fail("bad_paging", "give \"read\" or \"read_header\"");
  if (read) {
    MC_CHECK_OK(PathAt(*read, false));
    MC_TRY(paging.read, read->Text(kPathLimitBytes));
  } else {
    MC_TRY(const std::string name, HeaderAt(*header));
    paging.read_header = ToLowerAscii(name);
  }
  if (const auto more = at.Find("more")) {
    MC_CHECK_OK(PathAt(*more, false));
    MC_TRY(paging.more, more->Text(kPathLimitBytes));
  }
  return Ok();
}

Status ReadDelimiter(const JsonAt& at, RecordSpec& spec) {
  const auto delimiter = at.Find("delimiter");
  if (!delimiter) return Ok();
  if (spec.format != RecordFormat::kCsv) return delimiter->Fail("bad_records", "only for csv");
  MC_TRY(const std::size_t chosen, delimiter->OneOf({",", ";", "\t"}));
  spec.delimiter = ",;\t"[chosen];
  return Ok();
}

Status ReadSheet(const JsonAt& at, RecordSpec& spec) {
  const auto sheet = at.Find("sheet");
  if (!sheet) return Ok();
  if (spec.format != RecordFormat::kXlsx) return sheet->Fail("bad_records", "only for xlsx");
  MC_TRY(spec.sheet, sheet->Text(kNameLimitBytes));
  return Ok();
}

Status ReadKey(const JsonAt& at, RecordSpec& spec) {
  const auto key = at.Find("key");
  if (spec.format == RecordFormat::kEdxml) {
    return key ? Status(key->Fail("bad_key", "an edXML message is known by its hash, leave \"key\" away")) : Ok();
  }
  MC_TRY(const JsonAt paths, at.Member("key"));
  MC_TRY(const std::vector<JsonAt> items, paths.Items(kPathSegments));
  if (items.empty()) return paths.Fail("empty_list", "name the fields that identify a record");
  for (const JsonAt& item : items) {
    MC_TRY(ValuePath path, PathAt(item, spec.format == RecordFormat::kXml));
    spec.key.push_back(std::move(path));
  }
  return Ok();
}

Status ReadOrder(const JsonAt& at, RecordSpec& spec) {
  MC_CHECK_OK(ReadPath(at, "time", spec.format == RecordFormat::kXml, spec.time));
  if (!spec.time.empty()) {
    MC_CHECK_OK(ReadTimeFormat(at, "time_format", spec.time_format));
  } else if (const auto format = at.Find("time_format")) {
    return format->Fail("bad_records", "only with \"time\"");
  }
  const auto order = at.Find("order");
  if (!order) return Ok();
  MC_TRY(const std::size_t chosen, order->OneOf(kOrders));
  spec.order = static_cast<RecordOrder>(chosen + 1);
  if (spec.order == RecordOrder::kNone || !spec.time.empty()) return Ok();
  return order->Fail("bad_records", "an order is one of \"time\": give its path");
}

}  // namespace

Result<std::string> NameAt(const JsonAt& at) {
  MC_TRY(std::string text, at.Text(kNameLimitBytes));
  if (!IsName(text)) return at.Fail("bad_name", "a name is of a-z, 0-9 and _");
  return text;
}

Result<std::string> HeaderAt(const JsonAt& at) {
  MC_TRY(std::string text, at.Text(kNameLimitBytes));
  if (!IsHeaderName(text)) return at.Fail("bad_header", "a header name is of letters, digits and -");
  return text;
}

Result<std::string> TextMember(const JsonAt& object, std::string_view key) {
  MC_TRY(const JsonAt at, object.Member(key));
  return at.Text(kTextLimitBytes);
}

Status ReadText(const JsonAt& object, std::string_view key, std::string& text) {
  if (const auto at = object.Find(key)) {
    MC_TRY(text, at->Text(kNameLimitBytes));
  }
  return Ok();
}

Status ReadBool(const JsonAt& object, std::string_view key, bool& flag) {
  if (const auto at = object.Find(key)) {
    MC_TRY(flag, at->Bool());
  }
  return Ok();
}

Result<std::vector<std::string>> Texts(const JsonAt& at) {
  MC_TRY(const std::vector<JsonAt> items, at.Items(kListLimit));
  std::vector<std::string> texts;
  for (const JsonAt& item : items) {
    MC_TRY(std::string text, item.Text(kTextLimitBytes));
    texts.push_back(std::move(text));
  }
  return texts;
}

Result<ValuePath> PathAt(const JsonAt& at, bool attributes) {
  MC_TRY(const std::string text, at.Text(kPathLimitBytes));
  ValuePath path;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('/', start), text.size());
    path.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  const auto bad = [&](const std::string& segment) {
    const bool last = &segment == &path.back();
    return segment.empty() || segment == "@" || (attributes && segment[0] == '@' && !last);
  };
  if (std::any_of(path.begin(), path.end(), bad)) {
    return at.Fail("bad_path",
                   attributes ? "names with / between, the last one may be @attribute" : "names with / between");
  }
  if (path.size() > kPathSegments) return at.Fail("bad_path", "at most " + std::to_string(kPathSegments) + " names");
  return path;
}

Status ReadPath(const JsonAt& object, std::string_view key, bool attributes, ValuePath& path) {
  if (const auto at = object.Find(key)) {
    MC_TRY(path, PathAt(*at, attributes));
  }
  return Ok();
}

Status ReadRequest(const JsonAt& at, RequestSpec& request) {
  MC_CHECK_OK(at.Keys({"parameters", "argument", "unit", "window", "body", "numbers"}));
  if (const auto parameters = at.Find("parameters")) MC_CHECK_OK(ReadParameters(*parameters, request));
  MC_CHECK_OK(ReadText(at, "argument", request.argument));
  MC_CHECK_OK(ReadText(at, "unit", request.unit));
  if (const auto window = at.Find("window")) {
    MC_CHECK_OK(ReadWindow(*window, request.window.emplace()));
  }
  return ReadBody(at, request);
}

Status ReadPaging(const JsonAt& at, PagingSpec& paging) {
  static const std::vector<std::string> kKinds = {"none", "page", "offset", "cursor", "link_header"};
  static const std::vector<std::vector<std::string>> kKeys = {{"kind"},
                                                              {"kind", "page", "first", "size"},
                                                              {"kind", "offset", "size"},
                                                              {"kind", "send", "read", "read_header", "more", "size"},
                                                              {"kind", "size"}};
  const auto kind = at.Find("kind");
  if (!kind) return at.Keys(kKinds).ok() ? Status(at.Fail("missing_key", "give \"kind\"")) : at.Keys({"kind"});
  MC_TRY(const std::size_t chosen, kind->OneOf(kKinds));
  MC_CHECK_OK(at.Keys(kKeys[chosen]));
  paging.kind = static_cast<PagingKind>(chosen);
  MC_CHECK_OK(ReadText(at, "size", paging.size));
  if (paging.kind == PagingKind::kCursor) return ReadCursorPaging(at, paging);
  if (paging.kind == PagingKind::kOffset) return ReadName(at, "offset", paging.parameter);
  if (paging.kind != PagingKind::kPage) return Ok();
  if (const auto first = at.Find("first")) {
    MC_TRY(paging.first, first->Count(0, 1));
  }
  return ReadName(at, "page", paging.parameter);
}

Result<RecordSpec> ReadRecords(const JsonAt& at, ConnectorKind kind) {
  MC_CHECK_OK(at.Keys({"format", "path", "namespace", "key", "prefix", "time", "time_format", "order", "total",
                       "delimiter", "sheet"}));
  RecordSpec spec;
  MC_TRY(const JsonAt format, at.Member("format"));
  MC_TRY(const std::size_t chosen, format.OneOf(kFormats));
  spec.format = static_cast<RecordFormat>(chosen);
  const KindRow& row = RowOf(kind);
  if (!row.formats.empty() && std::find(row.formats.begin(), row.formats.end(), spec.format) == row.formats.end()) {
    return format.Fail("bad_format", "kind \"" + std::string(row.name) + "\" does not read this format");
  }
  const bool xml = spec.format == RecordFormat::kXml;
  MC_CHECK_OK(ReadPath(at, "path", false, spec.path));
  if (xml && spec.path.empty()) return at.Fail("missing_key", "give \"path\" of the record element");
  if (const auto space = at.Find("namespace")) {
    if (!xml) return space->Fail("bad_records", "only for xml");
    MC_TRY(spec.namespace_uri, space->Text(kPathLimitBytes));
  }
  MC_CHECK_OK(ReadDelimiter(at, spec));
  MC_CHECK_OK(ReadSheet(at, spec));
  MC_CHECK_OK(ReadKey(at, spec));
  MC_CHECK_OK(ReadText(at, "prefix", spec.prefix));
  MC_CHECK_OK(ReadOrder(at, spec));
  MC_CHECK_OK(ReadPath(at, "total", xml, spec.total));
  return spec;
}

Status CheckGuarantee(const JsonAt& root, const Manifest& manifest) {
  if (!manifest.request.window) return Ok();
  MC_TRY(const JsonAt limits, root.Member("limits"));
  for (const ManifestStream& stream : manifest.streams) {
    const RecordSpec& spec = SpecOf(manifest, stream);
    if (spec.order == RecordOrder::kUnstated) {
      return root.Fail("no_order_guarantee",
                       "stream " + stream.id + " is read by time: say in records.order what the source promises");
    }
    if (spec.order == RecordOrder::kNone && (!limits.Find("overlap_days") || manifest.limits.overlap_days < 1)) {
      return limits.Fail("no_order_guarantee",
                         "stream " + stream.id + " has no order: state overlap_days of at least 1");
    }
  }
  if (manifest.request.window->selects == WindowSelects::kCreated && !limits.Find("lookback_days")) {
    return limits.Fail("no_order_guarantee",
                       "the window selects by creation: state lookback_days (0: records never change)");
  }
  return Ok();
}

}  // namespace manifest_parts
}  // namespace mc
