// One whole sign-in against a provider of the tests that can be made hostile in every word it says.
//
// A Scene is honest until a case changes it. Play() runs Begin, the browser and Finish; Expect() runs a table of cases
// and holds each refusal to the same promises: no identity, no userinfo call, one audit line with the reason and
// nothing personal in it, and a state that serves no second time. Used from one thread.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/audit.h"
#include "sso/discovery.h"
#include "sso/exchange.h"
#include "sso/form.h"
#include "sso/relying_party.h"
#include "sso/token.h"
#include "tests/sso/keys.h"

namespace mc::sso::testing {

inline const char* const kIssuer = "https://op.example";
inline const char* const kClient = "our-client";
inline const char* const kSecret = "s3cret/of us";
inline const char* const kRedirect = "https://rp.example/signin/op";
inline const char* const kSubject = "subject-7f3a";
inline const char* const kNumber = "001085012345";  // synthetic
inline const char* const kPersonKey = "0123456789abcdef0123456789abcdef";
inline const char* const kNow = "2026-06-10T03:00:00Z";

std::string Quoted(std::string_view text);  // as JSON

class AuditLines final : public AuditSink {
 public:
  void Write(const AuditEvent& event) override { lines.push_back(event); }
  std::vector<AuditEvent> lines;
};

// What the provider says, as texts of JSON by name, so that a case can also say what no writer would.
using Members = std::map<std::string, std::string>;
struct Document {
  Members members;
  std::string more;  // written behind them as it is: ,"sub":"twice"
  std::string Text() const;
  void Set(const std::string& name, std::string json) { members[name] = std::move(json); }
  void Drop(const std::string& name) { members.erase(name); }
};

// Everything that one sign-in depends on. `header`, `claims`, `answer` and `userinfo` are filled in with what is
// honest when the token call comes; `change` may then edit them.
struct Scene {
  Scene();

  ProviderProfile profile;
  ProviderSettings settings;
  SignInWish wish;
  ManualClock clock;
  PendingSignIns* table = nullptr;  // instead of one of its own, of which nobody else knows

  // The browser's way back: honest parameters, edited by `bring`, which serves once.
  std::function<void(Callback&, Form&)> bring;
  // Runs between the start and the browser's way back.
  std::function<void(Scene&)> meanwhile;

  TestKey key = TestKey::Rsa();
  std::string alg = "RS256";
  Document header, claims, answer, userinfo;
  std::function<void(Scene&)> change;
  std::function<std::string(std::string)> edit_token;  // the finished id_token
  std::string raw_payload;                             // instead of the claims, when not empty
  std::string key_set;
  int key_set_status = 200;
  std::function<void(Scene&, int)> before_keys;  // number of the call, from 1
  // The whole HTTP answer, edited.
  std::function<void(Result<HttpResponse>&)> edit_token_answer, edit_userinfo_answer;

  // What happened.
  BegunSignIn begun;
  int token_calls = 0, key_calls = 0, userinfo_calls = 0;
  std::vector<std::string> faults;  // what an honest provider would not accept of our requests
  AuditLines audit;
  std::string last_id_token;

  // Shorthand for cases.
  void Claim(std::string name, std::string json);
  void DropClaim(std::string name);
  void Header(std::string name, std::string json);
  void Es256() { Algorithm(SignatureAlgorithm::kEs256, TestKey::Ec()); }
  void Algorithm(SignatureAlgorithm algorithm, const TestKey& with);

  // "" with an identity, else the reason's code. May be called again: a second sign-in, with the same parties.
  std::string Play();
  Checked<Identity> Finish();  // of the last Begin, with the same callback as before
  void BringHonestly();        // the browser's answer to the last Begin
  const Callback& callback() const { return callback_; }
  RelyingParty& Party();
  Result<HttpResponse> Answer(const HttpRequest& request);

  std::optional<Identity> identity;

 private:
  Result<HttpResponse> AnswerToken(const HttpRequest& request);
  std::string IdToken();
  void CheckTokenRequest(const HttpRequest& request);

  std::vector<std::function<void(Scene&)>> edits_;  // of claims and header
  SeededRandom random_{7};
  SignInsInMemory pending_;
  std::optional<SharedParts> parts_;
  std::optional<RelyingParty> party_;
  Callback callback_;
};

struct Case {
  const char* name;
  const char* reason;  // "": accepted
  std::function<void(Scene&)> arrange;
};
// Where userinfo is what is wrong, it is called, once.
enum class Userinfo { kNotCalled, kCalled };
void Expect(const std::vector<Case>& cases, Userinfo userinfo = Userinfo::kNotCalled);

// --- the provider's own description and logouts

std::string DiscoveryText(const std::function<void(Document&)>& edit = {});
// "" when the description is taken.
std::string DiscoveryFate(const std::function<void(ProviderProfile&)>& profile,
                          const std::function<void(Document&)>& edit,
                          const std::function<void(HttpResponse&)>& answer = {});

// A logout token and the request that brings it; honest until changed.
struct LogoutScene {
  LogoutScene();
  Scene scene;
  Document header, claims;
  std::string alg = "RS256";
  TestKey key = TestKey::Rsa();
  std::function<std::string(std::string)> edit_token;
  std::function<void(LogoutRequest&)> edit_request;
  std::optional<LogoutOrder> order;
  int status = 0;
  std::string Send();  // "" when taken, else the code
};
struct LogoutCase {
  const char* name;
  const char* reason;
  std::function<void(LogoutScene&)> arrange;
};
// Each refusal: exactly 400, no order, one audit line with the reason.
void ExpectLogout(const std::vector<LogoutCase>& cases);

// Reads a provider profile of the repository.
ProviderProfile ShippedProfile(const std::string& id);

}  // namespace mc::sso::testing
