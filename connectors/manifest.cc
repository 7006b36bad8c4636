#include "connectors/manifest.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/json_at.h"

namespace mc {
namespace {

constexpr std::size_t kNameLimitBytes = 64;
constexpr std::size_t kTextLimitBytes = 2000;
constexpr std::size_t kListLimit = 32;

const std::vector<std::string> kKinds = {"edxml_list", "dossier_read", "field_reports", "qlnv_tasks"};

// Endpoints that a kind calls; a manifest gives exactly these.
std::vector<std::string> EndpointsOf(ConnectorKind kind) {
  if (kind == ConnectorKind::kEdxmlList) return {"list", "fetch"};
  return {"read"};
}

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

Result<std::string> NameAt(const JsonAt& at) {
  MC_TRY(std::string text, at.Text(kNameLimitBytes));
  if (!IsName(text)) return at.Fail("bad_name", "a name is of a-z, 0-9 and _");
  return text;
}

Result<std::string> TextMember(const JsonAt& object, std::string_view key) {
  MC_TRY(const JsonAt at, object.Member(key));
  return at.Text(kTextLimitBytes);
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

Result<SuccessTest> ReadSuccess(const JsonAt& at) {
  MC_CHECK_OK(at.Keys({"field", "equals"}));
  SuccessTest test;
  MC_TRY(test.field, TextMember(at, "field"));
  MC_TRY(const JsonAt equals, at.Member("equals"));
  MC_TRY(test.equals, Texts(equals));
  if (test.equals.empty()) return equals.Fail("empty_list", "give at least one value that means success");
  return test;
}

Result<Endpoint> ReadEndpoint(const JsonAt& at) {
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
    MC_TRY(endpoint.success, ReadSuccess(*success));
  }
  return endpoint;
}

Status ReadEndpoints(const JsonAt& at, Manifest& manifest) {
  const std::vector<std::string> needed = EndpointsOf(manifest.kind);
  MC_CHECK_OK(at.Keys(needed));
  for (const std::string& name : needed) {
    MC_TRY(const JsonAt member, at.Member(name));
    MC_TRY(Endpoint endpoint, ReadEndpoint(member));
    manifest.endpoints.emplace(name, std::move(endpoint));
  }
  return Ok();
}

Status ReadStreams(const JsonAt& at, Manifest& manifest) {
  MC_TRY(const std::vector<JsonAt> items, at.Items(kListLimit));
  if (items.empty()) return at.Fail("empty_list", "a source has at least one stream");
  std::set<std::string> seen;
  for (const JsonAt& item : items) {
    MC_CHECK_OK(item.Keys({"id", "argument"}));
    ManifestStream stream;
    MC_TRY(const JsonAt id, item.Member("id"));
    MC_TRY(stream.id, NameAt(id));
    if (!seen.insert(stream.id).second) return id.Fail("duplicate_id", "stream ids are unique");
    if (const auto argument = item.Find("argument")) {
      MC_TRY(stream.argument, argument->Text(kNameLimitBytes));
    }
    manifest.streams.push_back(std::move(stream));
  }
  return Ok();
}

Status ReadAuth(const JsonAt& at, ManifestAuth& auth) {
  static const std::vector<std::string> kAuthKinds = {"none", "header", "bearer"};
  MC_CHECK_OK(at.Keys({"kind", "header", "secret"}));
  MC_TRY(const JsonAt kind, at.Member("kind"));
  MC_TRY(const std::size_t chosen, kind.OneOf(kAuthKinds));
  auth.kind = static_cast<AuthKind>(chosen);
  const auto header = at.Find("header");
  if (header.has_value() != (auth.kind == AuthKind::kHeader)) {
    return at.Fail("bad_auth", "\"header\" is given exactly when kind is \"header\"");
  }
  if (header) {
    MC_TRY(auth.header, header->Text(kNameLimitBytes));
    if (!IsHeaderName(auth.header)) return header->Fail("bad_header", "a header name is of letters, digits and -");
  }
  if (auth.kind == AuthKind::kNone) {
    return at.Find("secret") ? Status(at.Fail("bad_auth", "kind \"none\" takes no secret")) : Ok();
  }
  MC_TRY(const JsonAt secret, at.Member("secret"));
  MC_TRY(auth.secret, NameAt(secret));
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
  MC_TRY(manifest.title, TextMember(at, "title"));
  MC_TRY(manifest.owner, TextMember(at, "owner"));
  MC_TRY(manifest.legal_basis, TextMember(at, "legal_basis"));
  MC_TRY(const JsonAt assumptions, at.Member("assumptions"));
  MC_TRY(manifest.assumptions, Texts(assumptions));
  MC_TRY(const JsonAt kind, at.Member("kind"));
  MC_TRY(const std::size_t chosen, kind.OneOf(kKinds));
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

}  // namespace

Result<Manifest> ParseManifest(const Json& document) {
  const JsonAt root(document);
  MC_CHECK_OK(
      root.Keys({"schema", "id", "register", "title", "owner", "legal_basis", "assumptions", "kind", "endpoints",
                 "streams", "auth", "limits", "lag_limit_minutes", "expected_interval_minutes", "subscription"}));
  MC_TRY(const JsonAt schema, root.Member("schema"));
  MC_CHECK_OK(schema.OneOf({"minhchung/manifest@1"}));
  Manifest manifest;
  MC_CHECK_OK(ReadIdentity(root, manifest));
  MC_TRY(const JsonAt endpoints, root.Member("endpoints"));
  MC_CHECK_OK(ReadEndpoints(endpoints, manifest));
  MC_TRY(const JsonAt streams, root.Member("streams"));
  MC_CHECK_OK(ReadStreams(streams, manifest));
  MC_TRY(const JsonAt auth, root.Member("auth"));
  MC_CHECK_OK(ReadAuth(auth, manifest.auth));
  MC_TRY(const JsonAt limits, root.Member("limits"));
  MC_CHECK_OK(ReadLimits(limits, manifest.limits));
  MC_CHECK_OK(ReadSchedule(root, manifest));
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

std::string_view Name(ConnectorKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

}  // namespace mc
