// Saved pages and messages (`sync --from`), through the same splitting as a pull.

#include <algorithm>
#include <array>

#include "connectors/factories.h"
#include "connectors/json_shape.h"
#include "connectors/records.h"
#include "connectors/sniff.h"
#include "core/text.h"

namespace mc {
namespace {

Error NotThis(const Manifest& manifest, std::string_view looks_like, std::string_view advice) {
  return DataError("not_this_format",
                   "not of source " + manifest.id + ": it looks like " + std::string(looks_like) + std::string(advice));
}

std::string ExtensionOf(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? "" : ToLowerAscii(name.substr(dot));
}

Result<Page> EdxmlPage(const Manifest& manifest, std::string_view bytes, Instant now) {
  if (Sniff(bytes) != LooksLike::kXml) return NotThis(manifest, DescribeBytes(bytes), "; give edXML messages");
  const auto root = RootOf(bytes);
  if (root && !IsEdxmlRoot(root->local_name, root->namespace_uri)) {
    return NotThis(manifest, DescribeBytes(bytes), "; give edXML messages of QCVN 102");
  }
  Page page;
  page.end = true;
  const ManifestStream& stream = StreamWith(manifest, IsEdxmlStatus(bytes) ? "status" : "edoc");
  TakeEdxml(ContextOf(manifest, stream.id, now), bytes, page);
  return page;
}

bool HasAny(const JsonRow& row, const std::vector<std::string>& fields) {
  return std::any_of(fields.begin(), fields.end(), [&](const std::string& f) { return row.fields.contains(f); });
}

// What the records of a file look like, when they are not of the source asked for.
std::string OtherSource(const JsonRow& row, std::string_view bytes) {
  struct Known {
    ConnectorKind kind;
    std::string_view words;
  };
  static constexpr std::array<Known, 3> kKnown = {{{ConnectorKind::kDossierRead, "JSON of dossiers"},
                                                   {ConnectorKind::kFieldReports, "JSON of citizens' reports"},
                                                   {ConnectorKind::kQlnvTasks, "JSON of tasks"}}};
  for (const Known& known : kKnown) {
    if (HasAny(row, ShapeOf(known.kind)->Marks())) return std::string(known.words);
  }
  return DescribeBytes(bytes);
}

// The rows of a page, or the file itself as its one record.
std::vector<JsonRow> RowsOf(JsonPage& page) {
  if (page.has_rows) return std::move(page.rows);
  std::vector<JsonRow> rows;
  if (page.whole) rows.push_back(std::move(*page.whole));
  return rows;
}

// A file is refused only when nothing in it is ours: one bad row among good ones is a
// record to quarantine.
Status CheckOurs(const Manifest& manifest, const JsonShape& shape, const std::vector<JsonRow>& rows,
                 std::string_view bytes) {
  const auto ours = [&](const JsonRow& row) { return HasAny(row, shape.Marks()); };
  if (rows.empty() || std::any_of(rows.begin(), rows.end(), ours)) return Ok();
  return NotThis(manifest, OtherSource(rows.front(), bytes), "; check the folder and the source given");
}

Result<Page> JsonRows(const Manifest& manifest, const JsonShape& shape, std::string_view name, std::string_view bytes,
                      Instant now) {
  if (Sniff(bytes) != LooksLike::kJson) return NotThis(manifest, DescribeBytes(bytes), "; give saved JSON answers");
  Page page;
  page.end = true;
  auto split = SplitJson(bytes, shape.Layout());
  if (!split.ok()) {
    TakeUnreadable(ContextOf(manifest, manifest.streams.front().id, now), bytes, "application/json", HashId(bytes),
                   {split.error().code, "", "", split.error().message}, page);
    return page;
  }
  const auto facts = shape.SavedFacts(name, *split);
  const std::vector<JsonRow> rows = RowsOf(*split);
  MC_CHECK_OK(CheckOurs(manifest, shape, rows, bytes));
  for (const JsonRow& row : rows) {
    const ManifestStream& stream = shape.StreamOf(manifest, row);
    RecordContext context = ContextOf(manifest, stream.id, now);
    context.facts = facts;
    TakeRow(context, shape.IdOf(stream), row, page);
  }
  return page;
}

Result<Page> NotJsonSource(const Manifest& manifest, std::string_view bytes) {
  const auto split = SplitJson(bytes, {"data", "count"});
  if (!split.ok() || !split->has_rows || split->rows.empty()) {
    return NotThis(manifest, DescribeBytes(bytes), "; give edXML messages (.edxml, .xml)");
  }
  return NotThis(manifest, OtherSource(split->rows.front(), bytes), "; save each message itself as .edxml");
}

// Whether the name is one of an XML message; an error for a name of neither kind.
Result<bool> IsXmlName(const Manifest& manifest, std::string_view name, std::string_view bytes) {
  const std::string extension = ExtensionOf(name);
  const bool xml = extension == ".edxml" || extension == ".xml";
  if (!xml && extension != ".json") {
    const LooksLike looks = Sniff(bytes);
    const bool misnamed = looks == LooksLike::kXml || looks == LooksLike::kJson;
    return NotThis(manifest, DescribeBytes(bytes),
                   misnamed ? "; name it .edxml, .xml or .json"
                            : "; this source reads messages in XML or answers in JSON");
  }
  return xml;
}

}  // namespace

Result<Page> SavedEdxml(const Manifest& manifest, std::string_view name, std::string_view bytes, Instant now) {
  MC_TRY(const bool xml, IsXmlName(manifest, name, bytes));
  return xml ? EdxmlPage(manifest, bytes, now) : NotJsonSource(manifest, bytes);
}

Result<Page> SavedJson(const Manifest& manifest, std::string_view name, std::string_view bytes, Instant now) {
  MC_TRY(const bool xml, IsXmlName(manifest, name, bytes));
  if (!xml) return JsonRows(manifest, *ShapeOf(manifest.kind), name, bytes, now);
  return NotThis(manifest, DescribeBytes(bytes), "; this source is saved as .json");
}

}  // namespace mc
