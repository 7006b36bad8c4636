#include "connectors/manifest.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "connectors/manifest_parts.h"
#include "connectors/registry.h"
#include "core/json_at.h"

namespace mc {
namespace {

using manifest_parts::CheckGuarantee;
using manifest_parts::CheckSession;
using manifest_parts::kListLimit;
using manifest_parts::kPathLimitBytes;
using manifest_parts::kTextLimitBytes;
using manifest_parts::NameAt;
using manifest_parts::PathAt;
using manifest_parts::ReadAuth;
using manifest_parts::ReadMessages;
using manifest_parts::ReadPaging;
using manifest_parts::ReadRecords;
using manifest_parts::ReadRequest;
using manifest_parts::ReadText;
using manifest_parts::TextMember;
using manifest_parts::Texts;

struct LimitRow {
  const char* name;
  std::int64_t ManifestLimits::*member;
  std::int64_t lowest;
  std::int64_t highest;
};

constexpr std::int64_t kMiB = 1024 * 1024;
constexpr LimitRow kLimits[] = {
    {"page_body_limit_bytes", &ManifestLimits::page_body_limit_bytes, 1024, 512 * kMiB},
    {"record_limit_bytes", &ManifestLimits::record_limit_bytes, 256, 128 * kMiB},
    {"records_per_page", &ManifestLimits::records_per_page, 1, 1000},
    {"records_per_commit", &ManifestLimits::records_per_commit, 1, 10'000},
    {"pages_per_pull", &ManifestLimits::pages_per_pull, 1, 1000},
    {"max_attempts", &ManifestLimits::max_attempts, 1, 10},
    {"request_timeout_ms", &ManifestLimits::request_timeout_ms, 100, 600'000},
    {"connect_timeout_ms", &ManifestLimits::connect_timeout_ms, 100, 60'000},
    {"retry_after_limit_seconds", &ManifestLimits::retry_after_limit_seconds, 0, 3600},
    {"window_days", &ManifestLimits::window_days, 1, 366},
    {"overlap_days", &ManifestLimits::overlap_days, 0, 31},
    {"lookback_days", &ManifestLimits::lookback_days, 0, 1000},
    {"first_pull_days", &ManifestLimits::first_pull_days, 1, 3660},
};

// Kinds of their own know top-level fields and every 2xx status; the generic ones more.
Status ReadSuccessMore(const JsonAt& at, SuccessTest& test) {
  if (const auto empty = at.Find("empty")) {
    MC_CHECK_OK(PathAt(*empty, false));
    MC_TRY(test.empty, empty->Text(kPathLimitBytes));
  }
  const auto status = at.Find("status");
  if (!status) return Ok();
  MC_TRY(const std::vector<JsonAt> items, status->Items(kListLimit));
  for (const JsonAt& item : items) {
    MC_TRY(const std::int64_t value, item.Count(200, 499));
    test.status.push_back(value);
  }
  return test.status.empty() ? Status(status->Fail("empty_list", "give at least one status")) : Ok();
}

Result<SuccessTest> ReadSuccess(const JsonAt& at, bool generic) {
  MC_CHECK_OK(generic ? at.Keys({"field", "equals", "status", "empty"}) : at.Keys({"field", "equals"}));
  SuccessTest test;
  if (generic) MC_CHECK_OK(ReadSuccessMore(at, test));
  if (generic && !at.Find("field") && !at.Find("equals")) {
    if (test.status.empty() && test.empty.empty()) return at.Fail("no_test", "give field and equals, status or empty");
    return test;
  }
  MC_TRY(test.field, TextMember(at, "field"));
  MC_TRY(const JsonAt equals, at.Member("equals"));
  MC_TRY(test.equals, Texts(equals));
  if (test.equals.empty()) return equals.Fail("empty_list", "give at least one value that means success");
  return test;
}

Result<Endpoint> ReadEndpoint(const JsonAt& at, bool generic) {
  static const std::vector<std::string> kMethods = {"GET", "POST"};
  MC_CHECK_OK(at.Keys({"method", "path", "success"}));
  Endpoint endpoint;
  MC_TRY(const JsonAt method, at.Member("method"));
  MC_TRY(const std::size_t chosen, method.OneOf(kMethods));
  endpoint.method = kMethods[chosen];
  MC_TRY(const JsonAt path, at.Member("path"));
  MC_TRY(endpoint.path, path.Text(kTextLimitBytes));
  const bool plain = endpoint.path.find_first_of(" ?#\r\n\t") == std::string::npos;
  if (endpoint.path[0] != '/' || !plain) return path.Fail("bad_path", "starts with / and holds no ?, # or white space");
  if (const auto success = at.Find("success")) {
    MC_TRY(endpoint.success, ReadSuccess(*success, generic));
  }
  return endpoint;
}

// The names that the kind calls, or those that the manifest chooses.
Result<std::vector<std::string>> EndpointNames(const JsonAt& at, const KindRow& row) {
  if (!row.endpoints.empty()) {
    MC_CHECK_OK(at.Keys(row.endpoints));
    return row.endpoints;
  }
  std::vector<std::string> names;
  if (!at.value().is_object()) return at.Fail("not_object", "must be an object");
  for (const auto& [name, value] : at.value().items()) {
    const Json text(name);
    MC_CHECK_OK(NameAt(JsonAt(text, at.pointer() + PointerToken(name))));
    names.push_back(name);
  }
  if (names.empty()) return at.Fail("missing_key", "name at least one endpoint");
  return names;
}

Status ReadEndpoints(const JsonAt& root, Manifest& manifest) {
  const KindRow& row = RowOf(manifest.kind);
  if (!row.sections.endpoints) return Ok();
  MC_TRY(const JsonAt at, root.Member("endpoints"));
  MC_TRY(const std::vector<std::string> needed, EndpointNames(at, row));
  for (const std::string& name : needed) {
    MC_TRY(const JsonAt member, at.Member(name));
    MC_TRY(Endpoint endpoint, ReadEndpoint(member, row.sections.request));
    manifest.endpoints.emplace(name, std::move(endpoint));
  }
  return Ok();
}

Status ReadStreamEndpoint(const JsonAt& item, const Manifest& manifest, ManifestStream& stream) {
  stream.endpoint = "read";
  MC_CHECK_OK(ReadText(item, "endpoint", stream.endpoint));
  if (manifest.endpoints.contains(stream.endpoint)) return Ok();
  return item.Fail("unknown_name", "the stream reads endpoint \"" + stream.endpoint + "\", which is not in endpoints");
}

Result<ManifestStream> ReadStream(const JsonAt& item, const Manifest& manifest) {
  const KindSections& sections = RowOf(manifest.kind).sections;
  std::vector<std::string> known = {"id", "argument"};
  if (sections.request) known.push_back("endpoint");
  if (sections.records) known.push_back("records");
  MC_CHECK_OK(item.Keys(known));
  ManifestStream stream;
  MC_TRY(const JsonAt id, item.Member("id"));
  MC_TRY(stream.id, NameAt(id));
  MC_CHECK_OK(ReadText(item, "argument", stream.argument));
  if (sections.request) MC_CHECK_OK(ReadStreamEndpoint(item, manifest, stream));
  if (const auto records = item.Find("records")) {
    MC_TRY(stream.records, ReadRecords(*records, manifest.kind));
  }
  return stream;
}

Status ReadStreams(const JsonAt& at, Manifest& manifest) {
  MC_TRY(const std::vector<JsonAt> items, at.Items(kListLimit));
  if (items.empty()) return at.Fail("empty_list", "a source has at least one stream");
  std::set<std::string> seen;
  for (const JsonAt& item : items) {
    MC_TRY(ManifestStream stream, ReadStream(item, manifest));
    if (!seen.insert(stream.id).second) {
      MC_TRY(const JsonAt id, item.Member("id"));
      return id.Fail("duplicate_id", "stream ids are unique");
    }
    manifest.streams.push_back(std::move(stream));
  }
  return Ok();
}

Status ReadLimits(const JsonAt& at, ManifestLimits& limits) {
  std::vector<std::string> names;
  for (const LimitRow& row : kLimits) names.push_back(row.name);
  MC_CHECK_OK(at.Keys(names));
  for (const LimitRow& row : kLimits) {
    if (const auto member = at.Find(row.name)) {
      MC_TRY(limits.*row.member, member->Count(row.lowest, row.highest));
    }
  }
  if (limits.record_limit_bytes > limits.page_body_limit_bytes) {
    return at.Fail("bad_limits", "record_limit_bytes is at most page_body_limit_bytes");
  }
  return Ok();
}

Status ReadIdentity(const JsonAt& at, Manifest& manifest) {
  MC_TRY(const JsonAt id, at.Member("id"));
  MC_TRY(manifest.id, NameAt(id));
  MC_TRY(const JsonAt register_id, at.Member("register"));
  MC_TRY(manifest.register_id, NameAt(register_id));
  manifest.rules = manifest.id;
  if (const auto rules = at.Find("rules")) {
    MC_TRY(manifest.rules, NameAt(*rules));
  }
  MC_TRY(manifest.title, TextMember(at, "title"));
  MC_TRY(manifest.owner, TextMember(at, "owner"));
  MC_TRY(manifest.legal_basis, TextMember(at, "legal_basis"));
  MC_TRY(const JsonAt assumptions, at.Member("assumptions"));
  MC_TRY(manifest.assumptions, Texts(assumptions));
  MC_TRY(const JsonAt kind, at.Member("kind"));
  std::vector<std::string> kinds;
  for (const KindRow& row : KindTable()) kinds.emplace_back(row.name);
  MC_TRY(const std::size_t chosen, kind.OneOf(kinds));
  manifest.kind = static_cast<ConnectorKind>(chosen);
  return Ok();
}

Status ReadSchedule(const JsonAt& at, Manifest& manifest) {
  constexpr std::int64_t kMinutesInMonth = 31 * 24 * 60;
  MC_TRY(const JsonAt lag, at.Member("lag_limit_minutes"));
  MC_TRY(manifest.lag_limit_minutes, lag.Count(1, kMinutesInMonth));
  MC_TRY(const JsonAt interval, at.Member("expected_interval_minutes"));
  MC_TRY(manifest.expected_interval_minutes, interval.Count(1, kMinutesInMonth));
  if (const auto subscription = at.Find("subscription")) {
    MC_CHECK_OK(subscription->OneOf({"own"}));
    manifest.own_subscription = true;
  }
  return Ok();
}

// A section that the kind does not take is a mistake, not something to skip.
Status CheckSections(const JsonAt& root, const KindRow& row) {
  const std::pair<const char*, bool> sections[] = {
      {"endpoints", row.sections.endpoints}, {"auth", row.sections.auth},       {"request", row.sections.request},
      {"paging", row.sections.paging},       {"records", row.sections.records}, {"messages", row.sections.messages}};
  for (const auto& [name, taken] : sections) {
    const auto member = root.Find(name);
    if (!member || taken) continue;
    return member->Fail("unknown_key", "kind \"" + std::string(row.name) + "\" takes no \"" + name + "\"");
  }
  return Ok();
}

// Where the kind takes them, all of these must be there, but "messages".
Status ReadSections(const JsonAt& root, Manifest& manifest) {
  if (const auto messages = root.Find("messages")) MC_CHECK_OK(ReadMessages(*messages, manifest.messages));
  const KindSections& sections = RowOf(manifest.kind).sections;
  if (sections.auth) {
    MC_TRY(const JsonAt auth, root.Member("auth"));
    MC_CHECK_OK(ReadAuth(auth, manifest));
  }
  if (sections.request) {
    MC_TRY(const JsonAt request, root.Member("request"));
    MC_CHECK_OK(ReadRequest(request, manifest.request));
  }
  if (sections.paging) {
    MC_TRY(const JsonAt paging, root.Member("paging"));
    MC_CHECK_OK(ReadPaging(paging, manifest.paging));
  }
  if (sections.records) {
    MC_TRY(const JsonAt records, root.Member("records"));
    MC_TRY(manifest.records, ReadRecords(records, manifest.kind));
  }
  return Ok();
}

}  // namespace

Result<Manifest> ParseManifest(const Json& document) {
  const JsonAt root(document);
  MC_CHECK_OK(root.Keys({"schema",
                         "id",
                         "register",
                         "rules",
                         "title",
                         "owner",
                         "legal_basis",
                         "assumptions",
                         "kind",
                         "endpoints",
                         "streams",
                         "auth",
                         "request",
                         "paging",
                         "records",
                         "messages",
                         "limits",
                         "lag_limit_minutes",
                         "expected_interval_minutes",
                         "subscription"}));
  MC_TRY(const JsonAt schema, root.Member("schema"));
  MC_CHECK_OK(schema.OneOf({"minhchung/manifest@1"}));
  Manifest manifest;
  MC_CHECK_OK(ReadIdentity(root, manifest));
  MC_CHECK_OK(CheckSections(root, RowOf(manifest.kind)));
  MC_CHECK_OK(ReadEndpoints(root, manifest));
  MC_CHECK_OK(ReadSections(root, manifest));
  MC_TRY(const JsonAt streams, root.Member("streams"));
  MC_CHECK_OK(ReadStreams(streams, manifest));
  MC_TRY(const JsonAt limits, root.Member("limits"));
  MC_CHECK_OK(ReadLimits(limits, manifest.limits));
  MC_CHECK_OK(ReadSchedule(root, manifest));
  MC_CHECK_OK(CheckSession(root, manifest));
  MC_CHECK_OK(CheckGuarantee(root, manifest));
  return manifest;
}

Result<Manifest> ReadManifest(const std::string& path) {
  MC_TRY(const Json document, ReadJsonFile(path, true));
  auto manifest = ParseManifest(document);
  if (!manifest.ok()) {
    Error error = manifest.error();
    error.message = path + ": " + error.message;
    return error;
  }
  return manifest;
}

std::string_view Name(ConnectorKind kind) { return RowOf(kind).name; }

const RecordSpec& SpecOf(const Manifest& manifest, const ManifestStream& stream) {
  return stream.records ? *stream.records : manifest.records.value();
}

}  // namespace mc
