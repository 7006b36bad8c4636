#include "tests/conformance/platform.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "connectors/registry.h"

namespace mc::conformance {
namespace {

constexpr std::int64_t kRowsPerPage = 2;

Manifest Small(Manifest manifest) {
  ManifestLimits& limits = manifest.limits;
  limits.records_per_page = kRowsPerPage;
  limits.records_per_commit = 0;  // a checkpoint after each answer
  limits.pages_per_pull = 1;
  limits.window_days = 1;
  limits.max_attempts = 3;
  limits.record_limit_bytes = 4'096;
  return manifest;
}

// Fields of "yyyy MM dd HH mm ss" as numbers, in that order.
using Fields = std::array<int, 6>;
constexpr std::array<const char*, 6> kFieldNames = {"yyyy", "MM", "dd", "HH", "mm", "ss"};

Fields FieldsOf(Instant at) {
  const CivilDate day = CityDate(at);
  Fields fields{};
  SplitDate(day, fields[0], fields[1], fields[2]);
  const auto second = static_cast<int>((at.micros - StartOfDay(day).micros) / kMicrosPerSecond);
  fields[3] = second / 3600;
  fields[4] = second / 60 % 60;
  fields[5] = second % 60;
  return fields;
}

std::vector<Item> Matching(const World& world, const Asked& asked) {
  std::vector<Item> rows;
  for (const Item& item : world.items) {
    const bool unit = asked.unit.empty() || item.unit == asked.unit;
    if (unit && item.stream == asked.stream && item.at >= asked.from && item.at < asked.to) rows.push_back(item);
  }
  std::sort(rows.begin(), rows.end(),
            [](const Item& a, const Item& b) { return std::tie(a.at, a.id) < std::tie(b.at, b.id); });
  return rows;
}

// Whether the source showed the beginning of this list before.
bool ShownBefore(World& world, const Asked& asked) {
  if (asked.size > 0) return asked.page > 1;
  const std::string list = asked.stream + asked.unit + std::to_string(asked.from.micros);
  const bool shown = std::find(world.lists_read.begin(), world.lists_read.end(), list) != world.lists_read.end();
  if (!shown) world.lists_read.push_back(list);
  return shown;
}

void Remove(World& world, const Item& gone) {
  std::erase_if(world.items, [&](const Item& item) { return item.id == gone.id && item.stream == gone.stream; });
}

void SpoilWhole(PagingFault fault, std::vector<Item>& rows) {
  if (fault == PagingFault::kRepeated) {
    const std::vector<Item> again = rows;
    rows.insert(rows.end(), again.begin(), again.end());
  }
  if (fault == PagingFault::kSkipped && rows.size() > 1) rows.erase(rows.begin() + 1);
}

int PageGiven(PagingFault fault, int page) {
  if (page < 2) return page;
  if (fault == PagingFault::kRepeated) return page - 1;
  return fault == PagingFault::kSkipped ? page + 1 : page;
}

}  // namespace

Listed ListFor(World& world, const Asked& asked) {
  std::vector<Item> rows = Matching(world, asked);
  if (ShownBefore(world, asked)) {
    if (world.paging == PagingFault::kReversed) std::reverse(rows.begin(), rows.end());
    if (world.paging == PagingFault::kShrinks && !world.shrunk && !rows.empty()) {
      world.shrunk = true;
      Remove(world, rows.front());
      rows.erase(rows.begin());
    }
  }
  Listed out;
  out.total = static_cast<int>(rows.size());
  if (asked.size == 0) {
    SpoilWhole(world.paging, rows);
    out.rows = std::move(rows);
    return out;
  }
  const auto size = static_cast<std::size_t>(asked.size);
  const std::size_t first = static_cast<std::size_t>(PageGiven(world.paging, asked.page) - 1) * size;
  for (std::size_t i = first; i < first + size && i < rows.size(); ++i) out.rows.push_back(rows[i]);
  out.more = static_cast<std::size_t>(asked.page) * size < rows.size();
  return out;
}

Platform::Platform(Manifest manifest) : manifest_(Small(std::move(manifest))) {}

std::unique_ptr<Mapper> Platform::MakeMapper() const {
  auto mapper = LoadMapper(std::string(MC_SOURCE_DIR) + "/mapping/rules/" + manifest_.rules + ".json");
  REQUIRE_MESSAGE(mapper.ok(), (mapper.ok() ? "" : mapper.error().message));
  return std::move(mapper).value();
}

bool Platform::Admits(const WireRequest& request, const std::map<std::string, std::string>& secrets) {
  return std::all_of(secrets.begin(), secrets.end(), [&](const auto& secret) {
    return std::any_of(request.headers.begin(), request.headers.end(),
                       [&](const auto& header) { return header.second.find(secret.second) != std::string::npos; });
  });
}

std::vector<std::string> Platform::HandOver(World&, const Outlet&, HandFault) { return {}; }

void Platform::Edit(World& world, std::size_t index, Instant) const { ++world.items.at(index).version; }

const ManifestStream& Platform::StreamWith(const std::string& argument) const {
  const auto& streams = manifest_.streams;
  const auto found =
      std::find_if(streams.begin(), streams.end(), [&](const auto& s) { return s.argument == argument; });
  REQUIRE_MESSAGE(found != streams.end(), "no stream has the argument " << argument);
  return *found;
}

const std::vector<PlatformRow>& Platforms() {
  static const std::vector<PlatformRow> all = {
      {"documents", ConnectorKind::kEdxmlList, &MakeDocumentPlatform},
      {"documents_vxp", ConnectorKind::kEdxmlList, &MakeSignedHub},
      {"documents_lgsp", ConnectorKind::kEdxmlList, &MakeLoginHub},
      {"public_service", ConnectorKind::kDossierRead, &MakeDossierPlatform},
      {"citizen_reports", ConnectorKind::kFieldReports, &MakeReportPlatform},
      {"hanoiwork", ConnectorKind::kQlnvTasks, &MakeTaskPlatform},
      {"dossiers_2025", ConnectorKind::kHttpJson, &MakeDossiers2025},
      {"dossiers_adapter", ConnectorKind::kHttpJson, &MakeDossierAdapter},
      {"reports_p1", ConnectorKind::kHttpJson, &MakeQuestions},
      {"reports_open311", ConnectorKind::kHttpJson, &MakeOpen311},
      {"reports_open311_xml", ConnectorKind::kHttpXml, &MakeOpen311Xml},
      {"reports_p3", ConnectorKind::kHttpJson, &MakeGuidReports},
      {"http_json in one answer", ConnectorKind::kHttpJson, &MakeWindowList},
      {"http_json by page", ConnectorKind::kHttpJson, &MakePageList},
      {"http_json by offset", ConnectorKind::kHttpJson, &MakeOffsetList},
      {"http_json by cursor", ConnectorKind::kHttpJson, &MakeCursorList},
      {"http_json by link", ConnectorKind::kHttpJson, &MakeLinkList},
      {"http_json signed", ConnectorKind::kHttpJson, &MakeSignedList},
      {"http_xml", ConnectorKind::kHttpXml, &MakeXmlList},
      {"file_drop", ConnectorKind::kFileDrop, &MakeFolder},
      {"file_drop of archives", ConnectorKind::kFileDrop, &MakeArchiveFolder},
      {"inbox", ConnectorKind::kInbox, &MakePusher},
  };
  return all;
}

bool IsAsked(const PlatformRow& row) { return RowOf(row.kind).sections.endpoints; }

const char* Name(HandFault fault) {
  static constexpr const char* kNames[] = {"whole",      "cut",   "cut archive", "cut on its way",
                                           "unfinished", "short", "html",        "empty"};
  return kNames[static_cast<std::size_t>(fault)];
}

std::string CityText(Instant at, const std::string& pattern) {
  const Fields fields = FieldsOf(at);
  std::string text = pattern;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string name = kFieldNames[i];
    const auto place = text.find(name);
    if (place == std::string::npos) continue;
    char digits[16];
    std::snprintf(digits, sizeof digits, "%0*d", static_cast<int>(name.size()), fields[i]);
    text.replace(place, name.size(), digits);
  }
  return text;
}

Instant CityInstant(const std::string& text, const std::string& pattern) {
  REQUIRE_MESSAGE(text.size() == pattern.size(), text << " is not " << pattern);
  Fields fields{};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string name = kFieldNames[i];
    const auto place = pattern.find(name);
    if (place != std::string::npos) fields[i] = std::stoi(text.substr(place, name.size()));
  }
  const auto day = MakeDate(fields[0], fields[1], fields[2]);
  REQUIRE_MESSAGE(day.has_value(), text << " is no day");
  return {StartOfDay(*day).micros + ((fields[3] * 60ll + fields[4]) * 60 + fields[5]) * kMicrosPerSecond};
}

}  // namespace mc::conformance
