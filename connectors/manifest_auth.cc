// The "auth" section of a manifest.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "connectors/manifest_parts.h"
#include "connectors/registry.h"
#include "connectors/time_text.h"

namespace mc {

std::vector<std::string> ManifestAuth::Secrets() const {
  std::vector<std::string> all = {secret, user, client_id};
  for (const auto& [header_name, name] : headers) all.push_back(name);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  if (!all.empty() && all.front().empty()) all.erase(all.begin());
  return all;
}

namespace manifest_parts {
namespace {

constexpr std::size_t kHeadersLimit = 8;
constexpr std::int64_t kLeewayLimitSeconds = 600;

const std::vector<std::string> kAuthKinds = {"none",   "header", "headers", "bearer", "basic",
                                             "oauth2", "hmac",   "login",   "session"};

struct AuthKeys {
  std::vector<std::string> needed;
  std::vector<std::string> optional;
};

// In the order of AuthKind.
const AuthKeys kAuthKeys[] = {
    {{}, {}},
    {{"header", "secret"}, {}},
    {{"headers"}, {}},
    {{"secret"}, {"scope"}},
    {{"user", "secret"}, {}},
    {{"endpoint", "client_id", "secret"}, {"client_auth", "scope", "leeway_seconds"}},
    {{"secret", "signature", "signed"}, {"headers", "timestamp", "copy_prefix", "names"}},
    {{"path", "user", "secret"}, {"headers", "application", "scope", "leeway_seconds"}},
    {{"endpoint", "user", "secret"}, {"headers", "ended"}},
};

// A key that another kind knows is told apart from one that no kind knows.
Status CheckKeys(const JsonAt& at, std::size_t chosen) {
  std::vector<std::string> all = {"kind"};
  for (const AuthKeys& keys : kAuthKeys) {
    all.insert(all.end(), keys.needed.begin(), keys.needed.end());
    all.insert(all.end(), keys.optional.begin(), keys.optional.end());
  }
  MC_CHECK_OK(at.Keys(all));
  const AuthKeys& mine = kAuthKeys[chosen];
  for (const auto& [key, value] : at.value().items()) {
    const auto holds = [&, name = key](const std::vector<std::string>& list) {
      return std::find(list.begin(), list.end(), name) != list.end();
    };
    if (key == "kind" || holds(mine.needed) || holds(mine.optional)) continue;
    return at.Fail("bad_auth", "kind \"" + kAuthKinds[chosen] + "\" takes no \"" + key + "\"");
  }
  for (const std::string& key : mine.needed) {
    if (key == "header" && !at.Find(key)) return at.Fail("bad_auth", "kind \"header\" needs the name of the header");
    MC_CHECK_OK(at.Member(key));
  }
  return Ok();
}

Status ReadSecretName(const JsonAt& at, std::string_view key, std::string& name) {
  if (const auto member = at.Find(key)) {
    MC_TRY(name, NameAt(*member));
  }
  return Ok();
}

Status ReadHeader(const JsonAt& at, std::string_view key, std::string& name) {
  if (const auto member = at.Find(key)) {
    MC_TRY(name, HeaderAt(*member));
  }
  return Ok();
}

Status ReadHeaders(const JsonAt& at, ManifestAuth& auth) {
  if (!at.value().is_object()) return at.Fail("not_object", "header names with the names of their secrets");
  if (at.value().empty() || at.value().size() > kHeadersLimit) {
    return at.Fail("too_many", "1 to " + std::to_string(kHeadersLimit) + " headers");
  }
  for (const auto& [name, value] : at.value().items()) {
    const Json text(name);
    const std::string pointer = at.pointer() + PointerToken(name);
    MC_TRY(std::string header, HeaderAt(JsonAt(text, pointer)));
    MC_TRY(std::string secret, NameAt(JsonAt(value, pointer)));
    auth.headers.emplace_back(std::move(header), std::move(secret));
  }
  return Ok();
}

Status ReadLeeway(const JsonAt& at, ManifestAuth& auth) {
  if (const auto leeway = at.Find("leeway_seconds")) {
    MC_TRY(auth.leeway_seconds, leeway->Count(0, kLeewayLimitSeconds));
  }
  return Ok();
}

Status ReadLogin(const JsonAt& at, ManifestAuth& auth) {
  MC_TRY(const JsonAt path, at.Member("path"));
  MC_TRY(auth.login_path, path.Text(kTextLimitBytes));
  const bool plain = auth.login_path.find_first_of(" ?#\r\n\t") == std::string::npos;
  if (auth.login_path[0] != '/' || !plain) {
    return path.Fail("bad_path", "starts with / and holds no ?, # or white space");
  }
  MC_CHECK_OK(ReadText(at, "application", auth.application));
  return ReadLeeway(at, auth);
}

Status ReadEndpointName(const JsonAt& at, const Manifest& manifest, ManifestAuth& auth) {
  MC_CHECK_OK(ReadText(at, "endpoint", auth.endpoint));
  const auto found = manifest.endpoints.find(auth.endpoint);
  if (found != manifest.endpoints.end() && found->second.method == "POST") return Ok();
  return at.Fail("bad_auth", "\"endpoint\" names an endpoint of this manifest with method POST");
}

Status ReadSession(const JsonAt& at, const Manifest& manifest, ManifestAuth& auth) {
  MC_CHECK_OK(ReadEndpointName(at, manifest, auth));
  const auto ended = at.Find("ended");
  if (!ended) return Ok();
  MC_TRY(auth.ended, Texts(*ended));
  return auth.ended.empty() ? Status(ended->Fail("empty_list", "give at least one text, or leave it away")) : Ok();
}

Status ReadOAuth2(const JsonAt& at, const Manifest& manifest, ManifestAuth& auth) {
  MC_CHECK_OK(ReadEndpointName(at, manifest, auth));
  if (const auto client = at.Find("client_auth")) {
    MC_TRY(const std::size_t chosen, client->OneOf({"basic", "form"}));
    auth.client_auth = static_cast<ClientAuth>(chosen);
  }
  return ReadLeeway(at, auth);
}

Status ReadTimestamp(const JsonAt& at, ManifestAuth& auth) {
  MC_CHECK_OK(at.Keys({"header", "format"}));
  HmacTimestamp timestamp;
  MC_TRY(const JsonAt header, at.Member("header"));
  MC_TRY(timestamp.header, HeaderAt(header));
  MC_TRY(const JsonAt format, at.Member("format"));
  MC_TRY(timestamp.format, format.Text(kNameLimitBytes));
  if (timestamp.format != "vxp" && !IsTimeFormat(timestamp.format)) {
    return format.Fail("bad_format", "vxp, iso, iso_city, epoch_seconds, epoch_millis or a pattern");
  }
  auth.timestamp = std::move(timestamp);
  return Ok();
}

// What is signed must be something that we send.
Status CheckSigned(const JsonAt& at, const ManifestAuth& auth) {
  if (auth.signed_headers.empty()) return at.Fail("empty_list", "name the headers that are signed");
  for (const std::string& name : auth.signed_headers) {
    const bool given =
        std::any_of(auth.headers.begin(), auth.headers.end(), [&](const auto& header) { return header.first == name; });
    if (given || (auth.timestamp && auth.timestamp->header == name)) continue;
    return at.Fail("bad_auth", "\"" + name + "\" is neither in headers nor the timestamp");
  }
  return Ok();
}

Status ReadHmac(const JsonAt& at, ManifestAuth& auth) {
  MC_CHECK_OK(ReadHeader(at, "signature", auth.signature));
  MC_CHECK_OK(ReadHeader(at, "copy_prefix", auth.copy_prefix));
  MC_CHECK_OK(ReadHeader(at, "names", auth.names));
  if (const auto timestamp = at.Find("timestamp")) MC_CHECK_OK(ReadTimestamp(*timestamp, auth));
  MC_TRY(const JsonAt list, at.Member("signed"));
  MC_TRY(auth.signed_headers, Texts(list));
  return CheckSigned(list, auth);
}

}  // namespace

Status ReadAuth(const JsonAt& at, Manifest& manifest) {
  ManifestAuth& auth = manifest.auth;
  if (!at.value().is_object()) return at.Fail("not_object", "must be an object");
  MC_TRY(const JsonAt kind, at.Member("kind"));
  MC_TRY(const std::size_t chosen, kind.OneOf(kAuthKinds));
  MC_CHECK_OK(CheckKeys(at, chosen));
  auth.kind = static_cast<AuthKind>(chosen);
  MC_CHECK_OK(ReadHeader(at, "header", auth.header));
  MC_CHECK_OK(ReadSecretName(at, "secret", auth.secret));
  MC_CHECK_OK(ReadSecretName(at, "user", auth.user));
  MC_CHECK_OK(ReadSecretName(at, "client_id", auth.client_id));
  if (const auto headers = at.Find("headers")) MC_CHECK_OK(ReadHeaders(*headers, auth));
  if (const auto scope = at.Find("scope")) {
    MC_TRY(auth.scope, scope->Text(kTextLimitBytes));
  }
  if (auth.kind == AuthKind::kLogin) return ReadLogin(at, auth);
  if (auth.kind == AuthKind::kOAuth2) return ReadOAuth2(at, manifest, auth);
  if (auth.kind == AuthKind::kSession) return ReadSession(at, manifest, auth);
  return auth.kind == AuthKind::kHmac ? ReadHmac(at, auth) : Ok();
}

// A session stands in the body of a call, and its end in a field of the answer.
Status CheckSession(const JsonAt& root, const Manifest& manifest) {
  if (manifest.auth.kind != AuthKind::kSession) return Ok();
  MC_TRY(const JsonAt auth, root.Member("auth"));
  if (manifest.request.body != BodyKind::kJson) {
    return auth.Fail("bad_auth", "kind \"session\" needs \"request\" with \"body\": \"json\"");
  }
  for (const auto& [name, endpoint] : manifest.endpoints) {
    if (endpoint.method == "POST" && endpoint.success && !endpoint.success->field.empty()) continue;
    return auth.Fail("bad_auth", "kind \"session\" needs method POST and success.field at endpoint \"" + name + "\"");
  }
  return Ok();
}

}  // namespace manifest_parts
}  // namespace mc
