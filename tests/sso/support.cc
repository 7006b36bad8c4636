#include "tests/sso/support.h"

#include <nlohmann/json.hpp>

#include "core/json.h"
#include "sso/base64url.h"
#include "sso/token.h"

namespace mc::sso::testing {
namespace {

std::string HeaderOf(const HttpRequest& request, std::string_view name) {
  std::string value;
  for (const auto& [key, text] : request.headers) {
    if (key == name) value += (value.empty() ? "" : " | ") + text;
  }
  return value;
}

std::string QueryPart(const std::string& url) { return url.substr(url.find('?') + 1); }

std::int64_t Seconds(const Clock& clock) { return clock.Now().micros / kMicrosPerSecond; }

std::string HalfHash(std::string_view text) { return Quoted(B64(AsBytes(Sha256(text)).substr(0, 16))); }

HttpResponse JsonAnswer(std::string body) { return {200, {{"content-type", "application/json"}}, std::move(body)}; }

class SceneHttp final : public HttpClient {
 public:
  explicit SceneHttp(Scene& scene) : scene_(scene) {}
  Result<HttpResponse> Send(const HttpRequest& request) override { return scene_.Answer(request); }

 private:
  Scene& scene_;
};

// Nothing that a stranger or a person gave, and none of our secrets, stands in an audit line.
void CheckNothingPersonal(const Scene& scene, const AuditEvent& line) {
  const std::string all = line.event + " " + line.provider + " " + line.reason + " " + line.text;
  for (const std::string& secret :
       {std::string(kSubject), std::string(kNumber), std::string(kSecret), scene.begun.state,
        scene.begun.browser_secret, scene.begun.pending.nonce, scene.begun.pending.verifier, std::string("the-code"),
        std::string("the-access-token"), scene.last_id_token}) {
    if (!secret.empty()) CHECK(all.find(secret) == std::string::npos);
  }
}

// A state that came back once, alone and in its place, serves no second time, even in an answer that is right.
void CheckStateIsSpent(Scene& scene) {
  const Callback& came = scene.callback();
  const bool posted = scene.profile.response_mode == ResponseMode::kFormPost;
  const auto form = ParseForm(posted ? came.body : came.query);
  if (!form || CountOf(*form, "state") != 1 || *ValueOf(*form, "state") != scene.begun.state) return;
  const int calls = scene.token_calls;
  scene.BringHonestly();
  const auto again = scene.Finish();
  REQUIRE_FALSE(again.ok());
  CHECK(std::string(Code(again.error())) == "state_unknown");
  CHECK(scene.token_calls == calls);
}

}  // namespace

std::string Quoted(std::string_view text) { return Json(text).dump(); }

std::string Document::Text() const {
  std::string text = "{";
  for (const auto& [name, json] : members) text += (text.size() > 1 ? "," : "") + Quoted(name) + ":" + json;
  return text + more + "}";
}

Scene::Scene() : clock(ParseInstant(kNow).value()) {
  profile.id = "oidc";
  profile.address = kIssuer;
  profile.endpoints = {std::string(kIssuer) + "/authorize", std::string(kIssuer) + "/token",
                       std::string(kIssuer) + "/userinfo", std::string(kIssuer) + "/keys",
                       std::string(kIssuer) + "/logout"};
  profile.names_issuer = true;
  profile.scopes = {"openid", "profile"};
  profile.level = {"acr", ClaimSource::kIdToken, {"LoA1", "LoA2", "LoA3"}};
  profile.person.number_claim = "SoDinhDanh";
  settings.id = "op";
  settings.client_id = kClient;
  settings.client_secret = kSecret;
  settings.redirect_uri = kRedirect;
  settings.logout_redirect_uri = "https://rp.example/signed-out";
  key_set = KeySetText({TestKey::Rsa().Jwk(), TestKey::Ec().Jwk()});
}

RelyingParty& Scene::Party() {
  if (!party_) {
    auto provider = MakeProvider(profile, settings);
    REQUIRE_MESSAGE(provider.ok(), (provider.ok() ? "" : provider.error().message));
    auto ready = ReadyProvider::Make(*provider);
    REQUIRE_MESSAGE(ready.ok(), (ready.ok() ? "" : ready.error().message));
    parts_.emplace(SharedParts{clock, random_, audit, table ? *table : pending_, kPersonKey});
    party_.emplace(std::move(ready).value(), *parts_);
  }
  return *party_;
}

void Scene::Claim(std::string name, std::string json) {
  edits_.push_back([=](Scene& scene) { scene.claims.Set(name, json); });
}
void Scene::DropClaim(std::string name) {
  edits_.push_back([=](Scene& scene) { scene.claims.Drop(name); });
}
void Scene::Header(std::string name, std::string json) {
  edits_.push_back([=](Scene& scene) { scene.header.Set(name, json); });
}
void Scene::Algorithm(SignatureAlgorithm algorithm, const TestKey& with) {
  profile.algorithm = algorithm;
  alg = AlgorithmName(algorithm);
  key = with;
}

std::string Scene::Play() {
  auto started = Party().Begin(wish);
  REQUIRE_MESSAGE(started.ok(), (started.ok() ? "" : started.error().message));
  begun = std::move(started).value();
  if (meanwhile) meanwhile(*this);
  BringHonestly();
  auto result = Finish();
  if (!result.ok()) return std::string(Code(result.error()));
  identity = std::move(result).value();
  return "";
}

void Scene::BringHonestly() {
  Form form = {
      {"code", "the-code"}, {"state", begun.state}, {"iss", profile.issuer.empty() ? kIssuer : profile.issuer}};
  const bool posted = profile.response_mode == ResponseMode::kFormPost;
  const std::string type = posted ? "application/x-www-form-urlencoded" : "";
  callback_ = {posted ? "POST" : "GET", "", "", type, begun.browser_secret};
  if (const auto edit = std::exchange(bring, nullptr)) edit(callback_, form);
  // A case that wrote query or body itself keeps them.
  std::string& place = posted ? callback_.body : callback_.query;
  if (place.empty()) place = FormText(form);
}

Checked<Identity> Scene::Finish() {
  SceneHttp http(*this);
  return Party().Finish(callback_, http);
}

void Scene::CheckTokenRequest(const HttpRequest& request) {
  const auto must = [this](bool holds, const char* what) {
    if (!holds) faults.emplace_back(what);
  };
  const Form form = ParseForm(request.body).value();
  const Form asked = ParseForm(QueryPart(begun.url)).value();
  const auto is = [](const Form& in, const char* name, const std::string& value) {
    return CountOf(in, name) == 1 && *ValueOf(in, name) == value;
  };
  must(request.method == "POST", "the token request is no POST");
  must(HeaderOf(request, "Content-Type") == "application/x-www-form-urlencoded", "the token request is no form");
  must(is(form, "grant_type", "authorization_code"), "grant_type");
  must(is(form, "redirect_uri", kRedirect) && is(asked, "redirect_uri", kRedirect), "redirect_uri");
  must(is(asked, "code_challenge_method", "S256"), "code_challenge_method");
  const std::string verifier = CountOf(form, "code_verifier") == 1 ? *ValueOf(form, "code_verifier") : "";
  must(verifier.size() >= 43 && is(asked, "code_challenge", B64(AsBytes(Sha256(verifier)))), "PKCE");
  const bool basic = profile.client_auth == ClientAuth::kBasic;
  const std::string credentials = std::string(kClient) + ":s3cret%2Fof%20us";
  must(HeaderOf(request, "Authorization") == (basic ? "Basic " + ToBase64(credentials) : ""), "Authorization");
  must(CountOf(form, "client_secret") == (basic ? 0u : 1u) && (basic || is(form, "client_secret", kSecret)),
       "client_secret");
}

std::string Scene::IdToken() {
  const std::string payload = raw_payload.empty() ? claims.Text() : raw_payload;
  std::string token = Token(header.Text(), payload, key, alg);
  return edit_token ? edit_token(token) : token;
}

Result<HttpResponse> Scene::AnswerToken(const HttpRequest& request) {
  ++token_calls;
  CheckTokenRequest(request);
  const std::int64_t now = Seconds(clock);
  header = {{{"alg", Quoted(alg)}, {"kid", Quoted(key.kid)}}, ""};
  claims = {{{"iss", Quoted(profile.issuer.empty() ? kIssuer : profile.issuer)},
             {"aud", Quoted(kClient)},
             {"sub", Quoted(kSubject)},
             {"iat", std::to_string(now)},
             {"exp", std::to_string(now + 300)},
             {"auth_time", std::to_string(now - 10)},
             {"acr", Quoted("LoA2")},
             {"sid", Quoted("provider-session")},
             {"nonce", Quoted(begun.pending.nonce)},
             {"at_hash", HalfHash("the-access-token")}},
            ""};
  answer = {{{"access_token", Quoted("the-access-token")}, {"token_type", Quoted("Bearer")}, {"expires_in", "300"}},
            ""};
  userinfo = {{{"sub", Quoted(kSubject)}, {"SoDinhDanh", Quoted(kNumber)}, {"HoVaTen", Quoted("Nguyễn Văn Thử")}}, ""};
  for (const auto& edit : edits_) edit(*this);
  if (change) change(*this);
  last_id_token = IdToken();
  if (!answer.members.contains("id_token")) answer.Set("id_token", Quoted(last_id_token));
  if (answer.members["id_token"] == "absent") answer.Drop("id_token");
  Result<HttpResponse> response = JsonAnswer(answer.Text());
  if (edit_token_answer) edit_token_answer(response);
  return response;
}

Result<HttpResponse> Scene::Answer(const HttpRequest& request) {
  if (request.total_timeout.count() > 5'000 || request.body_limit_bytes > 512 * 1024) faults.emplace_back("no bound");
  if (request.url == profile.endpoints.token) return AnswerToken(request);
  if (request.url == profile.endpoints.jwks) {
    ++key_calls;
    if (before_keys) before_keys(*this, key_calls);
    return HttpResponse{key_set_status, {}, key_set};
  }
  if (request.url == profile.endpoints.userinfo) {
    ++userinfo_calls;
    if (HeaderOf(request, "Authorization") != "Bearer the-access-token") faults.emplace_back("userinfo bearer");
    if (request.url.find('?') != std::string::npos || !request.body.empty()) faults.emplace_back("token outside head");
    Result<HttpResponse> response = JsonAnswer(userinfo.Text());
    if (edit_userinfo_answer) edit_userinfo_answer(response);
    return response;
  }
  faults.push_back("an address that the provider does not have: " + request.url);
  return TransientError("connect_refused", "nobody listens there");
}

void Expect(const std::vector<Case>& cases, Userinfo userinfo) {
  CHECK_FALSE(cases.empty());
  for (const Case& one : cases) {
    const std::string name = one.name, reason = one.reason;
    CAPTURE(name);
    Scene scene;
    one.arrange(scene);
    CHECK(scene.Play() == reason);
    CHECK(scene.faults == std::vector<std::string>());
    if (reason.empty()) {
      CHECK(scene.audit.lines.empty());
      CHECK(scene.identity.has_value());
      CHECK(scene.userinfo_calls == 1);
      continue;
    }
    CHECK_FALSE(scene.identity.has_value());
    CHECK(scene.userinfo_calls == (userinfo == Userinfo::kCalled ? 1 : 0));
    REQUIRE(scene.audit.lines.size() == 1);
    const AuditEvent& line = scene.audit.lines.front();
    CHECK(line.event == "sign_in_refused");
    CHECK(line.provider == "op");
    CHECK(line.reason == reason);
    CHECK(line.at == scene.clock.Now());
    CheckNothingPersonal(scene, line);
    if (reason != "callback_method") CheckStateIsSpent(scene);  // there nothing was read
  }
}

std::string DiscoveryText(const std::function<void(Document&)>& edit) {
  const std::string base = kIssuer;
  Document said{{{"issuer", Quoted(base)},
                 {"authorization_endpoint", Quoted(base + "/authorize")},
                 {"token_endpoint", Quoted(base + "/token")},
                 {"userinfo_endpoint", Quoted(base + "/userinfo")},
                 {"jwks_uri", Quoted(base + "/keys")},
                 {"end_session_endpoint", Quoted(base + "/logout")},
                 {"response_types_supported", R"(["code","code id_token"])"},
                 {"code_challenge_methods_supported", R"(["plain","S256"])"},
                 {"id_token_signing_alg_values_supported", R"(["RS256","ES256"])"}},
                ""};
  if (edit) edit(said);
  return said.Text();
}

std::string DiscoveryFate(const std::function<void(ProviderProfile&)>& profile,
                          const std::function<void(Document&)>& edit,
                          const std::function<void(HttpResponse&)>& answer) {
  Scene scene;
  scene.profile.endpoints = {};
  scene.profile.discovery = true;
  if (profile) profile(scene.profile);
  const auto provider = MakeProvider(scene.profile, scene.settings);
  REQUIRE_MESSAGE(provider.ok(), (provider.ok() ? "" : provider.error().message));
  CHECK(DiscoveryRequest(*provider).url == std::string(kIssuer) + "/.well-known/openid-configuration");
  HttpResponse response = JsonAnswer(DiscoveryText(edit));
  if (answer) answer(response);
  const auto ready = CheckDiscoveryResponse(*provider, response);
  return ready.ok() ? "" : std::string(Code(ready.error()));
}

LogoutScene::LogoutScene() {
  const std::int64_t now = Seconds(scene.clock);
  header = {{{"alg", Quoted(alg)}, {"kid", Quoted(key.kid)}, {"typ", Quoted("logout+jwt")}}, ""};
  claims = {{{"iss", Quoted(kIssuer)},
             {"aud", Quoted(kClient)},
             {"sub", Quoted(kSubject)},
             {"sid", Quoted("provider-session")},
             {"iat", std::to_string(now)},
             {"exp", std::to_string(now + 120)},
             {"jti", Quoted("logout-1")},
             {"events", R"({"http://schemas.openid.net/event/backchannel-logout":{}})"}},
            ""};
}

std::string LogoutScene::Send() {
  std::string token = Token(header.Text(), claims.Text(), key, alg);
  if (edit_token) token = edit_token(token);
  LogoutRequest request{"POST", "application/x-www-form-urlencoded", "", "logout_token=" + token};
  if (edit_request) edit_request(request);
  SceneHttp http(scene);
  auto taken = scene.Party().TakeLogout(request, http);
  status = LogoutStatus(taken);
  if (!taken.ok()) return std::string(Code(taken.error()));
  order = std::move(taken).value();
  return "";
}

void ExpectLogout(const std::vector<LogoutCase>& cases) {
  CHECK_FALSE(cases.empty());
  for (const LogoutCase& one : cases) {
    const std::string name = one.name, reason = one.reason;
    CAPTURE(name);
    LogoutScene logout;
    one.arrange(logout);
    CHECK(logout.Send() == reason);
    CHECK(logout.status == (reason.empty() ? 200 : 400));
    CHECK(logout.order.has_value() == reason.empty());
    REQUIRE(logout.scene.audit.lines.size() == 1);
    const AuditEvent& line = logout.scene.audit.lines.front();
    CHECK(line.event == (reason.empty() ? "logout_ordered" : "logout_refused"));
    CHECK(line.reason == reason);
    CheckNothingPersonal(logout.scene, line);
    CHECK(logout.scene.faults == std::vector<std::string>());
  }
}

ProviderProfile ShippedProfile(const std::string& id) {
  const auto document = ReadJsonFile(std::string(MC_SOURCE_DIR) + "/sso/profiles/" + id + ".json", true);
  REQUIRE_MESSAGE(document.ok(), (document.ok() ? "" : document.error().message));
  auto profile = ParseProviderProfile(*document);
  REQUIRE_MESSAGE(profile.ok(), (profile.ok() ? "" : profile.error().message));
  return std::move(profile).value();
}

}  // namespace mc::sso::testing
