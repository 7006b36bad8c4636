#include "tests/sso/encrypted_support.h"

#include "core/text.h"

namespace mc::sso::testing {
namespace {

class EncryptedProvider final : public HttpClient {
 public:
  explicit EncryptedProvider(EncryptedScene& scene) : scene_(scene) {}
  Result<HttpResponse> Send(const HttpRequest& request) override { return scene_.Answer(request); }

 private:
  EncryptedScene& scene_;
};

std::string BearerOf(const HttpRequest& request) {
  for (const auto& [name, value] : request.headers) {
    if (name == "Authorization") return value;
  }
  return "";
}

}  // namespace

EncryptedScene::EncryptedScene() : profile(ShippedProfile("vneid")), clock(ParseInstant(kNow).value()) {
  profile.address = "https://vneid.example";
  profile.issuer.clear();
  profile.endpoints = {"https://vneid.example/auth", "https://vneid.example/token", "https://vneid.example/userinfo",
                       "", ""};
  settings.id = "vneid";
  settings.client_id = kClient;
  settings.client_secret = kSecret;
  settings.private_key = TestKey::Rsa().PrivatePem();
  settings.redirect_uri = "https://rp.example/sign-in/vneid/callback";
  token.Set("access_token", R"("the-access-token")");
  token.Set("token_type", R"("Bearer")");
  userinfo.Set("citizenPid", Quoted(kNumber));
  userinfo.Set("fullName", Quoted("Nguyễn Thị Mẫu"));
  userinfo.Set("accountType", "1");
  userinfo.Set("accountLevel", "2");
}

RelyingParty& EncryptedScene::Party() {
  if (!party_) {
    parts_.emplace(SharedParts{clock, random_, audit, pending_, kPersonKey});
    auto provider = MakeProvider(profile, settings);
    REQUIRE_MESSAGE(provider.ok(), (provider.ok() ? "" : provider.error().message));
    party_.emplace(ReadyProvider::Make(std::move(provider).value()).value(), *parts_);
  }
  return *party_;
}

HttpResponse EncryptedScene::Sealed(const std::string& text) {
  std::string data = AesEcb(aes_key, text), key = TestKey::Rsa().Wrap(aes_key);
  if (edit_envelope) edit_envelope(data, key);
  return {200,
          {{"content-type", "application/json"}},
          R"({"data":")" + ToBase64(data) + R"(","key":")" + ToBase64(key) + R"("})"};
}

Result<HttpResponse> EncryptedScene::Answer(const HttpRequest& request) {
  if (request.url == profile.endpoints.token) {
    ++token_calls;
    const Form form = ParseForm(request.body).value_or(Form{});
    const auto is = [&](const char* name, const std::string& value) {
      if (CountOf(form, name) != 1 || *ValueOf(form, name) != value) faults.emplace_back(name);
    };
    is("grant_type", "authorization_code");
    is("code", code);
    is("client_id", kClient);
    is("client_secret", kSecret);
    is("redirect_uri", settings.redirect_uri);
    if (!BearerOf(request).empty()) faults.emplace_back("authenticated twice");
    Result<HttpResponse> answer = Sealed(token.Text());
    if (edit_token_answer) edit_token_answer(answer);
    return answer;
  }
  if (request.url != profile.endpoints.userinfo) faults.push_back("asked for " + request.url);
  ++userinfo_calls;
  if (request.method != "GET" || BearerOf(request) != "Bearer the-access-token") faults.emplace_back("userinfo");
  Result<HttpResponse> answer = Sealed(userinfo.Text());
  if (edit_userinfo_answer) edit_userinfo_answer(answer);
  return answer;
}

std::string EncryptedScene::Play() {
  const auto begun = Party().Begin(wish);
  REQUIRE(begun.ok());
  std::string query = "code=" + code + "&state=" + begun->state;
  if (seals_code) {
    query = "code=" + ToBase64(AesEcb(aes_key, code)) + "&state=" + begun->state +
            "&encrypt_key=" + ToBase64(TestKey::Rsa().Wrap(aes_key));
  }
  if (edit_query) query = edit_query(query);
  callback_ = {"GET", query, "", "", browser_secret.empty() ? begun->browser_secret : browser_secret};
  auto found = Again();
  if (!found.ok()) return std::string(Code(found.error()));
  identity = *found;
  return "";
}

Checked<Identity> EncryptedScene::Again() {
  EncryptedProvider http(*this);
  return Party().Finish(callback_, http);
}

void ExpectEncrypted(const std::vector<EncryptedCase>& cases, Userinfo userinfo) {
  for (const EncryptedCase& one : cases) {
    const std::string name = one.name, reason = one.reason;
    CAPTURE(name);
    EncryptedScene scene;
    one.arrange(scene);
    CHECK(scene.Play() == reason);
    CHECK(scene.faults == std::vector<std::string>());
    if (reason.empty()) {
      CHECK(scene.audit.lines.empty());
      CHECK(scene.userinfo_calls == 1);
      continue;
    }
    CHECK_FALSE(scene.identity.has_value());
    CHECK(scene.userinfo_calls == (userinfo == Userinfo::kCalled ? 1 : 0));
    REQUIRE(scene.audit.lines.size() == 1);
    CHECK(scene.audit.lines[0].reason == reason);
    for (const std::string secret : {kNumber, "the-access-token", kSecret, "Mẫu"}) {
      CHECK(scene.audit.lines[0].text.find(secret) == std::string::npos);
    }
    const auto again = scene.Again();
    REQUIRE_FALSE(again.ok());
    const std::string code = std::string(Code(again.error()));
    CHECK((code == "state_unknown" || code == reason));
  }
}

}  // namespace mc::sso::testing
