#include "connectors/auth.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "connectors/http_pull.h"
#include "connectors/json_scan.h"
#include "connectors/split.h"
#include "connectors/time_text.h"
#include "core/digest.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr std::int64_t kTokenBodyLimitBytes = 1024 * 1024;
constexpr std::int64_t kTokenLifeSeconds = 300;   // where the answer does not say (RFC 6749 5.1 lets it)
constexpr std::int64_t kLoginLifeSeconds = 1800;  // of an LGSP token, whose answer does not say
constexpr std::int64_t kLongestLifeSeconds = 24 * 3600;
constexpr std::size_t kTokenLimitBytes = 16 * 1024;
constexpr const char* kJsonType = "application/json; charset=utf-8";
constexpr const char* kSessionMember = "session";  // of the login's answer and of every call (core/redact.h knows it)

using OrderedJson = nlohmann::ordered_json;

std::string Dumped(const OrderedJson& json) { return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace); }

// ddMMyyyy'T'HHmmss+SSSS: the end is milliseconds, not an offset.
std::string VxpTime(Instant at) {
  char millis[16];
  std::snprintf(millis, sizeof millis, "+%04d", static_cast<int>(at.micros / 1000 % 1000));
  return FormatTime("ddMMyyyyTHHmmss", at) + millis;
}

std::string FieldOf(std::string_view body, const ValuePath& path) {
  const auto document = json_scan::Whole(body, kSplitDepthLimit);
  const auto value = document ? json_scan::At(*document, path) : std::nullopt;
  return value ? json_scan::Scalar(*value).value_or("") : "";
}

// Words parted by blanks, or a list of them; empty where there are none.
std::vector<std::string> WordsAt(std::string_view body, const ValuePath& path) {
  const auto document = json_scan::Whole(body, kSplitDepthLimit);
  const auto value = document ? json_scan::At(*document, path) : std::nullopt;
  std::vector<std::string> words;
  if (!value) return words;
  const auto list = json_scan::Elements(*value, kScopesLimit);
  for (const std::string_view part : list ? *list : std::vector{*value}) {
    std::istringstream text(json_scan::Scalar(part).value_or(""));
    for (std::string word; text >> word;) words.push_back(word);
  }
  return words;
}

// The scope that a JWT says of itself. Nothing is verified: it is only told to people.
std::vector<std::string> ScopeClaimed(const std::string& token) {
  const auto first = token.find('.'), second = token.find('.', first + 1);
  if (first == std::string::npos || second == std::string::npos) return {};
  std::string payload = token.substr(first + 1, second - first - 1);
  std::replace(payload.begin(), payload.end(), '-', '+');
  std::replace(payload.begin(), payload.end(), '_', '/');
  payload.append((4 - payload.size() % 4) % 4, '=');
  const auto claims = FromBase64(payload);
  if (!claims) return {};
  const auto scope = WordsAt(*claims, {"scope"});
  return scope.empty() ? WordsAt(*claims, {"scp"}) : scope;
}

// RFC 6749 section 5.1 has these at the top; some wrap them in "data".
std::string TokenField(std::string_view body, const std::string& name) {
  const std::string plain = FieldOf(body, {name});
  return plain.empty() ? FieldOf(body, {"data", name}) : plain;
}

// RFC 6750 section 2.1: what may stand behind "Bearer".
bool IsTokenText(const std::string& text) {
  return !text.empty() && text.size() <= kTokenLimitBytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

Error RefusalOf(const HttpResponse& response, Instant now) {
  const std::string status = "HTTP status " + std::to_string(response.status);
  if (response.status == 429 || response.status >= 500) {
    Error error = TransientError("token_endpoint", "the token endpoint answers with " + status);
    error.retry_after = RetryAfterOf(response, now);
    return error;
  }
  const std::string code = FieldOf(response.body, {"error"});
  for (const char* known : {"invalid_request", "invalid_scope", "unsupported_grant_type"}) {
    if (code != known) continue;
    return ConfigError("token_request", "the token endpoint answers " + code + ": check scope and client_auth");
  }
  if (response.status == 400 || response.status == 401 || response.status == 403) {
    return AuthError("token_refused", "the token endpoint answers with " + status +
                                          ": check client id and secret, and that the client may read");
  }
  return ConfigError("token_request", "the token endpoint answers with " + status + ": check its path");
}

// What a session's login says where it gives none. A wrong password comes with status 200.
Error LoginRefusal(const std::string& field, const std::string& value) {
  return AuthError("login_refused", "the login answers " + field + ShownCode(value) +
                                        ": check user name, password and the headers that go with them");
}

}  // namespace

std::string PercentEncoded(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  static constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

std::string UrlOf(const SourceSettings& settings, const std::string& path) {
  std::string base = settings.base_url;
  while (base.ends_with('/')) base.pop_back();
  return base + path;
}

std::string SignedText(const Headers& headers) {
  OrderedJson object = OrderedJson::object();
  for (const auto& [name, value] : headers) object[name] = value;
  return Dumped(object);
}

Headers Authorizer::Fixed() const {
  Headers headers;
  for (const auto& [name, secret] : manifest_.auth.headers) headers.emplace_back(name, Secret(secret));
  return headers;
}

Headers Authorizer::Signed(const Headers& parameters) const {
  const ManifestAuth& auth = manifest_.auth;
  Headers all = Fixed();
  if (auth.timestamp) {
    const bool vxp = auth.timestamp->format == "vxp";
    all.emplace_back(auth.timestamp->header,
                     vxp ? VxpTime(clock_.Now()) : FormatTime(auth.timestamp->format, clock_.Now()));
  }
  Headers chosen;
  std::string names;
  for (const std::string& name : auth.signed_headers) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& header) { return header.first == name; });
    chosen.push_back(*found);  // the manifest's parser saw to it that it is there
  }
  chosen.insert(chosen.end(), parameters.begin(), parameters.end());
  for (const auto& [name, value] : chosen) names += (names.empty() ? "" : ";") + name;
  if (!auth.copy_prefix.empty()) {
    for (const auto& [name, value] : chosen) all.emplace_back(auth.copy_prefix + name, value);
  }
  if (!auth.names.empty()) all.emplace_back(auth.names, names);
  all.emplace_back(auth.signature, ToHex(HmacSha256(Secret(auth.secret), SignedText(chosen))));
  return all;
}

HttpRequest Authorizer::Post(const std::string& path, const std::string& content_type, std::string body) const {
  HttpRequest request;
  request.method = "POST";
  request.url = UrlOf(settings_, path);
  request.headers.emplace_back("Accept", "application/json");
  request.headers.emplace_back("Content-Type", content_type);
  request.body = std::move(body);
  request.body_limit_bytes = kTokenBodyLimitBytes;
  request.connect_timeout = std::chrono::milliseconds(manifest_.limits.connect_timeout_ms);
  request.total_timeout = std::chrono::milliseconds(manifest_.limits.request_timeout_ms);
  return request;
}

HttpRequest Authorizer::TokenRequest() const {
  const ManifestAuth& auth = manifest_.auth;
  const std::string id = PercentEncoded(Secret(auth.client_id)), secret = PercentEncoded(Secret(auth.secret));
  std::string body = "grant_type=client_credentials";
  if (!auth.scope.empty()) body += "&scope=" + PercentEncoded(auth.scope);
  const bool form = auth.client_auth == ClientAuth::kForm;
  if (form) body += "&client_id=" + id + "&client_secret=" + secret;
  HttpRequest request =
      Post(manifest_.endpoints.at(auth.endpoint).path, "application/x-www-form-urlencoded", std::move(body));
  if (!form) request.headers.emplace_back("Authorization", "Basic " + ToBase64(id + ":" + secret));
  return request;
}

Result<Authorizer::Token> Authorizer::AskForToken() {
  MC_TRY(const HttpResponse response, http_.Send(TokenRequest()));
  if (response.status != 200) return RefusalOf(response, clock_.Now());
  Token token;
  token.text = TokenField(response.body, "access_token");
  if (!IsTokenText(token.text)) {
    return TransientError("token_endpoint", "the token endpoint answers without a usable access_token");
  }
  const std::string type = ToLowerAscii(TokenField(response.body, "token_type"));
  if (!type.empty() && type != "bearer") {
    return ConfigError("token_request", "the token endpoint gives tokens of another type than bearer");
  }
  const std::int64_t life = WholeNumber(TokenField(response.body, "expires_in")).value_or(kTokenLifeSeconds);
  const std::int64_t kept = std::min(life, kLongestLifeSeconds) - manifest_.auth.leeway_seconds;
  token.until = {clock_.Now().micros + kept * kMicrosPerSecond};
  token.scope = WordsAt(response.body, {"scope"});
  if (token.scope.empty()) token.scope = ScopeClaimed(token.text);
  return token;
}

// The body of one known hub; what it does not use it wants to see as null.
HttpRequest Authorizer::LoginRequest() const {
  const ManifestAuth& auth = manifest_.auth;
  const OrderedJson body = {{"username", Secret(auth.user)},       {"password", Secret(auth.secret)},
                            {"applicationCode", auth.application}, {"otp", nullptr},
                            {"twoFactorProvider", nullptr},        {"typeObjs", {0, 1}}};
  return Post(auth.login_path + "?allow_anonymous=true", kJsonType, Dumped(body));
}

// The hub answers a wrong password with status 200 and a code of its own.
Result<Authorizer::Token> Authorizer::LogIn() {
  MC_TRY(const HttpResponse response, http_.Send(LoginRequest()));
  if (response.status != 200) return RefusalOf(response, clock_.Now());
  const std::string code = FieldOf(response.body, {"code"});
  if (code == "400" || code == "401" || code == "403") {
    return AuthError("token_refused", "the login answers with code " + code + ": check user name and password");
  }
  Token token;
  token.text = FieldOf(response.body, {"data", "token"});
  if (!IsTokenText(token.text)) {
    return TransientError("token_endpoint", "the login answers without a usable data/token");
  }
  const std::int64_t kept = kLoginLifeSeconds - manifest_.auth.leeway_seconds;
  token.until = {clock_.Now().micros + kept * kMicrosPerSecond};
  token.scope = ScopeClaimed(token.text);
  return token;
}

HttpRequest Authorizer::SessionRequest() const {
  const ManifestAuth& auth = manifest_.auth;
  const OrderedJson body = {{"username", Secret(auth.user)}, {"password", Secret(auth.secret)}};
  HttpRequest request = Post(manifest_.endpoints.at(auth.endpoint).path, kJsonType, Dumped(body));
  for (auto& header : SessionHeaders()) request.headers.push_back(std::move(header));
  return request;
}

// As every client of the adapter sends them, with the login and with each call.
Headers Authorizer::SessionHeaders() const {
  Headers headers = Fixed();
  headers.emplace_back("Charset", "utf-8");
  return headers;
}

// {"session": ..., "error_code": ...}. Nothing says how long a session lasts: it is kept until
// an answer fails.
Result<Authorizer::Token> Authorizer::LogInForSession() {
  MC_TRY(const HttpResponse response, http_.Send(SessionRequest()));
  const SuccessTest& test = *manifest_.endpoints.at(manifest_.auth.endpoint).success;
  if (response.status == 401 || response.status == 403) {
    return LoginRefusal("HTTP status", std::to_string(response.status));
  }
  if (response.status != 200) return RefusalOf(response, clock_.Now());
  const std::string code = FieldOf(response.body, PathOf(test.field));
  if (code.empty()) return TransientError("token_endpoint", "the login answers without " + test.field);
  if (std::find(test.equals.begin(), test.equals.end(), code) == test.equals.end()) {
    return LoginRefusal(test.field, code);
  }
  Token token;
  token.text = FieldOf(response.body, {kSessionMember});
  if (!IsTokenText(token.text)) {
    return TransientError("token_endpoint", "the login answers without a usable session");
  }
  token.until = {clock_.Now().micros + kLongestLifeSeconds * kMicrosPerSecond};
  return token;
}

Result<Authorizer::Token> Authorizer::NewToken() {
  switch (manifest_.auth.kind) {
    case AuthKind::kLogin: return LogIn();
    case AuthKind::kSession: return LogInForSession();
    default: return AskForToken();
  }
}

Status Authorizer::Renew() {
  if (token_ && token_->until > clock_.Now()) return Ok();
  token_.reset();
  MC_TRY(token_, NewToken());
  return Ok();
}

std::string Authorizer::BodyOf(const std::string& body) const {
  if (manifest_.auth.kind != AuthKind::kSession) return body;
  OrderedJson object = OrderedJson::parse(body);
  object[kSessionMember] = token_->text;
  return Dumped(object);
}

void Authorizer::AnswerFailed() {
  if (manifest_.auth.kind == AuthKind::kSession) token_.reset();
}

std::vector<std::string> Authorizer::Surplus() const {
  const ManifestAuth& auth = manifest_.auth;
  if (auth.scope.empty()) return {};
  std::vector<std::string> given = token_ ? token_->scope : std::vector<std::string>();
  if (auth.kind == AuthKind::kBearer) given = ScopeClaimed(Secret(auth.secret));
  std::istringstream text(auth.scope);
  for (std::string word; text >> word;) std::erase(given, word);
  std::sort(given.begin(), given.end());
  given.erase(std::unique(given.begin(), given.end()), given.end());
  return given;
}

Result<Headers> Authorizer::ForRequest(const Headers& parameters) {
  const ManifestAuth& auth = manifest_.auth;
  switch (auth.kind) {
    case AuthKind::kNone: return Headers{};
    case AuthKind::kHeader: return Headers{{auth.header, Secret(auth.secret)}};
    case AuthKind::kBearer: return Headers{{"Authorization", "Bearer " + Secret(auth.secret)}};
    case AuthKind::kBasic:
      return Headers{{"Authorization", "Basic " + ToBase64(Secret(auth.user) + ":" + Secret(auth.secret))}};
    case AuthKind::kHmac: return Signed(parameters);
    case AuthKind::kHeaders: return Fixed();
    case AuthKind::kOAuth2:
    case AuthKind::kLogin:
    case AuthKind::kSession: break;
  }
  MC_CHECK_OK(Renew());
  if (auth.kind == AuthKind::kSession) return SessionHeaders();
  Headers headers = Fixed();
  headers.emplace_back("Authorization", "Bearer " + token_->text);
  return headers;
}

}  // namespace mc
