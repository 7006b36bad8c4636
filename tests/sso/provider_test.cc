// Goal: a provider is used only when all that is pinned about it is complete and safe, or relaxed by name.
// Method: profiles and settings with one thing changed; the shipped profiles; each limit and one past it.
#include "sso/provider.h"

#include <nlohmann/json.hpp>

#include "tests/sso/support.h"

namespace mc::sso::testing {
namespace {

// "" when the provider is made and complete, else the code and message.
std::string Made(const std::function<void(ProviderProfile&, ProviderSettings&)>& edit) {
  Scene scene;
  edit(scene.profile, scene.settings);
  const auto provider = MakeProvider(scene.profile, scene.settings);
  if (!provider.ok()) return provider.error().message;
  const auto ready = ReadyProvider::Make(*provider);
  return ready.ok() ? "" : ready.error().code;
}

bool Says(const std::string& message, const char* part) { return message.find(part) != std::string::npos; }

// What another site posts comes without the session (SameSite=Lax) to which a step-up is to be tied.
TEST_CASE("a step-up is asked of no provider that posts its answer") {
  Scene scene;
  CHECK(MakeProvider(scene.profile, scene.settings)->can_step_up());
  scene.profile.response_mode = ResponseMode::kFormPost;
  CHECK_FALSE(MakeProvider(scene.profile, scene.settings)->can_step_up());
  CHECK(scene.Party().Begin({"", 0, ""}).error().code == "bad_wish");
  CHECK(scene.Party().Begin({}).ok());
}

TEST_CASE("what a provider must have") {
  using P = ProviderProfile;
  using S = ProviderSettings;
  CHECK(Made([](P&, S&) {}) == "");
  CHECK(Says(Made([](P&, S& s) { s.client_id = ""; }), "client_id"));
  CHECK(Says(Made([](P&, S& s) { s.client_secret = ""; }), "client_secret"));
  CHECK(Says(Made([](P&, S& s) { s.least_level = "LoA9"; }), "least_level"));
  CHECK(Says(Made([](P&, S& s) { s.redirect_uri = ""; }), "redirect_uri"));
  CHECK(Says(Made([](P&, S& s) { s.redirect_uri = "https://rp.example/#a"; }), "redirect_uri"));
  CHECK(Says(Made([](P&, S& s) { s.logout_redirect_uri = "/out"; }), "logout_redirect_uri"));
  CHECK(Made([](P&, S& s) { s.logout_redirect_uri = ""; }) == "");
  CHECK(Says(Made([](P& p, S&) { p.address = ""; }), "address"));
  CHECK(Says(Made([](P& p, S&) { p.address = "https://op.example/"; }), "slash"));
  CHECK(Says(Made([](P& p, S&) { p.address = "https://op.example?a"; }), "query"));
  CHECK(Says(Made([](P& p, S&) { p.issuer = "https://op.example?a"; }), "issuer"));
  CHECK(Says(Made([](P& p, S&) { p.flow = Flow::kEncryptedOAuth2; }), "needs client_secret_post"));
  CHECK(Says(Made([](P&, S& s) { s.private_key = "x"; }), "private_key is of no use"));
  CHECK(Made([](P& p, S&) { p.endpoints.token = ""; }) == "provider_incomplete");
  CHECK(Made([](P& p, S&) { p.endpoints.jwks = ""; }) == "provider_incomplete");
  CHECK(Made([](P& p, S&) { p.endpoints.authorization = ""; }) == "provider_incomplete");
  CHECK(Made([](P& p, S&) { p.endpoints.userinfo = ""; }) == "provider_incomplete");
  CHECK(Made([](P& p, S&) { p.endpoints.end_session = ""; }) == "");
  CHECK(Made([](P& p, S&) {
          p.endpoints.userinfo = "";
          p.person.from = ClaimSource::kIdToken;
        }) == "");
}

TEST_CASE("plain http: never beyond this machine, and there only relaxed by name") {
  const auto token_at = [](const char* address, bool relaxed) {
    return Made([=](ProviderProfile& p, ProviderSettings& s) {
      p.endpoints.token = address;
      if (relaxed) s.relaxations = {Relaxation::kPlainLoopback};
    });
  };
  CHECK(Says(token_at("http://op.example/token", false), "must be https"));
  CHECK(Says(token_at("http://op.example/token", true), "must be https"));
  CHECK(Says(token_at("http://127.0.0.1:4000/token", false), "plain_loopback"));
  CHECK(token_at("http://127.0.0.1:4000/token", true) == "");
  for (const char* name : {"address", "redirect_uri", "logout_redirect_uri"}) {
    CAPTURE(name);
    CHECK(Says(Made([=](ProviderProfile& p, ProviderSettings& s) {
                 const std::string at = name;
                 (at == "address"        ? p.address
                  : at == "redirect_uri" ? s.redirect_uri
                                         : s.logout_redirect_uri) = "http://far.example";
                 s.relaxations = {Relaxation::kPlainLoopback, Relaxation::kIssuerDiffers};
               }),
               name));
  }
}

TEST_CASE("an issuer of elsewhere is relaxed by name, and still compared exactly") {
  const char* const internal = "http://10.0.0.8:8080/auth/realms/citizen";
  CHECK(Says(Made([=](ProviderProfile& p, ProviderSettings&) { p.issuer = internal; }), "issuer_differs"));
  const auto relaxed = [=](Scene& s) {
    s.profile.issuer = internal;
    s.settings.relaxations = {Relaxation::kIssuerDiffers};
  };
  Expect({
      {"its own", "", relaxed},
      {"the address", "claim_iss",
       [&](Scene& s) {
         relaxed(s);
         s.Claim("iss", R"("https://op.example")");
       }},
  });
}

TEST_CASE("settings fill in where the provider is") {
  Scene scene;
  scene.profile.address = scene.profile.issuer = "";
  scene.settings.address = "https://op.example";
  auto provider = MakeProvider(scene.profile, scene.settings);
  REQUIRE(provider.ok());
  CHECK(provider->profile.issuer == "https://op.example");
  scene.settings.issuer = "https://op.example/realm";
  CHECK(MakeProvider(scene.profile, scene.settings)->profile.issuer == "https://op.example/realm");
}

TEST_CASE("relaxations have names, and doctor gets all of them") {
  Scene scene;
  CHECK(RelaxationsOf({*MakeProvider(scene.profile, scene.settings)}).empty());
  for (const Relaxation relaxation :
       {Relaxation::kNoNonceEcho, Relaxation::kIssuerDiffers, Relaxation::kPlainLoopback}) {
    CHECK(RelaxationFrom(Name(relaxation)) == relaxation);
    scene.settings.relaxations.push_back(relaxation);
  }
  CHECK_FALSE(RelaxationFrom("none").has_value());
  const auto found = RelaxationsOf({*MakeProvider(scene.profile, scene.settings)});
  REQUIRE(found.size() == 3);
  CHECK(found[0].provider == "op");
  CHECK(found[0].relaxation == "no_nonce_echo");
  CHECK(found[2].relaxation == "plain_loopback");
  for (const auto& one : found) CHECK_FALSE(one.meaning.empty());
}

TEST_CASE("the shipped profiles") {
  const ProviderProfile oidc = ShippedProfile("oidc"), vnconnect = ShippedProfile("vnconnect"),
                        vneid = ShippedProfile("vneid");
  CHECK(oidc.discovery);
  CHECK(vnconnect.level.from == ClaimSource::kUserinfo);
  CHECK(vnconnect.userinfo_method == UserinfoMethod::kPost);
  CHECK(vnconnect.client_auth == ClientAuth::kPost);
  Scene scene;
  scene.settings.issuer = vnconnect.address + "/oauth2/token";
  const auto provider = MakeProvider(vnconnect, scene.settings);
  REQUIRE_MESSAGE(provider.ok(), (provider.ok() ? "" : provider.error().message));
  CHECK(ReadyProvider::Make(*provider).ok());
  CHECK_FALSE(MakeProvider(vneid, scene.settings).ok());
}

TEST_CASE("a whole sign-in by the profile vnconnect: posted secret, posted userinfo, level and kind as numbers") {
  Scene scene;
  scene.profile = ShippedProfile("vnconnect");
  scene.settings.issuer = scene.profile.issuer = "https://xacthuc.dichvucong.gov.vn/oauth2/token";
  scene.settings.least_level = "LoA2";
  scene.change = [](Scene& t) {
    t.userinfo.Set("loAs", R"("LoA2")");
    t.userinfo.Set("LoaiTaiKhoan", "1");
    t.answer.Set("expires_in", R"("3600")");  // a text, as one system writes it
  };
  CHECK(scene.Play() == "");
  CHECK(scene.faults == std::vector<std::string>());
  CHECK(scene.identity->level() == "LoA2");
  CHECK(scene.begun.url.find("acr_values=LoA2") != std::string::npos);
}

TEST_CASE("a profile is read strictly") {
  const auto document = ReadJsonFile(std::string(MC_SOURCE_DIR) + "/sso/profiles/vnconnect.json", true);
  REQUIRE(document.ok());
  REQUIRE(ParseProviderProfile(*document).ok());
  struct Change {
    const char* pointer;
    const char* json;
    const char* code;
  };
  const Change changes[] = {
      {"/schema", R"("minhchung/provider@2")", "unknown_name"},
      {"/id", R"("A")", "bad_id"},
      {"/flow", R"("saml")", "unknown_name"},
      {"/algorithm", R"("none")", "bad_algorithm"},
      {"/algorithm", R"("HS256")", "bad_algorithm"},
      {"/client_auth", R"("none")", "unknown_name"},
      {"/scopes", R"(["profile"])", "no_openid"},
      {"/scopes", R"(["openid","openid"])", "twice"},
      {"/scopes", R"(["open id"])", "bad_name"},
      {"/clock_skew_secs", "301", "out_of_range"},
      {"/clock_skew_secs", "-1", "out_of_range"},
      {"/address", R"("xacthuc.dichvucong.gov.vn")", "bad_address"},
      {"/endpoints/token", R"("//evil.example")", "bad_address"},
      {"/level/order", "[]", "empty"},
      {"/person", R"({"number_claim":"a","kind_claim":"b"})", "half_a_rule"},
      {"/person", "{}", "missing_key"},
      {"/nonce", "false", "unknown_key"},
      {"/discovery", R"("yes")", "not_bool"},
  };
  for (const Change& change : changes) {
    CAPTURE(change.pointer);
    Json edited = *document;
    edited[Json::json_pointer(change.pointer)] = Json::parse(change.json);
    const auto profile = ParseProviderProfile(edited);
    REQUIRE_FALSE(profile.ok());
    CHECK(profile.error().code == change.code);
  }
  for (const char* required : {"schema", "id", "title", "assumptions", "flow", "algorithm", "scopes", "person"}) {
    Json edited = *document;
    edited.erase(required);
    CHECK(ParseProviderProfile(edited).error().code == "missing_key");
  }
  Json edited = *document;
  edited["clock_skew_secs"] = kClockSkewMostSecs;
  CHECK(ParseProviderProfile(edited).ok());
}

}  // namespace
}  // namespace mc::sso::testing
