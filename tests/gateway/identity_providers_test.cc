// Goal: whoever comes while a provider's discovery is being read waits for it instead of being told that the provider is
// away; a provider that does not answer holds few.
// Method: a client that answers when it is told to, threads that ask at once.
#include "gateway/identity_providers.h"

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/audit.h"
#include "core/random.h"
#include "core/time.h"
#include "sso/relying_party.h"

using namespace mc;

namespace {

constexpr const char* kDescription = R"({"issuer":"https://op.example",
  "authorization_endpoint":"https://op.example/authorize","token_endpoint":"https://op.example/token",
  "userinfo_endpoint":"https://op.example/userinfo","jwks_uri":"https://op.example/keys",
  "end_session_endpoint":"https://op.example/logout","response_types_supported":["code"],
  "code_challenge_methods_supported":["S256"],"id_token_signing_alg_values_supported":["RS256"]})";

class SlowOp {
 public:
  std::unique_ptr<HttpClient> Client() { return std::make_unique<Line>(*this); }
  void Answer(bool well) {
    {
      const std::lock_guard lock(mutex_);
      answers_ = true;
      well_ = well;
    }
    changed_.notify_all();
  }
  int calls() const { return calls_; }

 private:
  struct Line final : HttpClient {
    explicit Line(SlowOp& whose) : op(whose) {}
    Result<HttpResponse> Send(const HttpRequest&) override { return op.Take(); }
    SlowOp& op;
  };
  Result<HttpResponse> Take() {
    ++calls_;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return answers_; });
    if (!well_) return TransientError("timeout", "too slow");
    return HttpResponse{200, {{"content-type", "application/json"}}, kDescription};
  }
  std::atomic<int> calls_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool answers_ = false, well_ = false;
};

struct NoAudit final : AuditSink {
  void Write(const AuditEvent&) override {}
};

class Parties {
 public:
  Parties() {
    sso::ProviderProfile profile;
    profile.id = "oidc";
    profile.discovery = true;
    profile.address = "https://op.example";
    profile.names_issuer = true;
    profile.scopes = {"openid"};
    profile.level = {"acr", sso::ClaimSource::kIdToken, {"LoA1"}};
    profile.person.number_claim = "SoDinhDanh";
    sso::ProviderSettings settings;
    settings.id = "op";
    settings.client_id = "us";
    settings.client_secret = "s3cret";
    settings.redirect_uri = "https://rp.example/sign-in/op/callback";
    settings.logout_redirect_uri = "https://rp.example/sign-out/done";
    auto made = sso::MakeProvider(profile, settings);
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message));
    provider.emplace(std::move(made).value(), SignInProvider{}, shared, [this] { return op.Client(); });
  }

  // `count` ask at once, each heard when the answer is there.
  void Ask(int count) {
    for (int i = 0; i < count; ++i) {
      threads.emplace_back([this] { (provider->Ready().ok() ? ready : refused)++; });
    }
  }
  void Join() {
    for (std::thread& thread : threads) thread.join();
    threads.clear();
  }

  SlowOp op;
  ManualClock clock{ParseInstant("2026-06-10T03:00:00Z").value()};
  SystemRandom random;
  NoAudit audit;
  sso::SignInsInMemory pending;
  sso::SharedParts shared{clock, random, audit, pending, "0123456789abcdef0123456789abcdef"};
  std::optional<IdentityProvider> provider;
  std::atomic<int> ready{0}, refused{0};
  std::vector<std::thread> threads;
};

void WaitFor(const std::function<bool()>& condition) {
  for (int i = 0; i < 10'000 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  REQUIRE(condition());
}

}  // namespace

TEST_CASE("identity providers: whoever comes while discovery is read waits for it") {
  Parties parties;
  parties.Ask(1 + kDiscoveryWaitersMost);
  WaitFor([&] { return parties.op.calls() == 1; });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(parties.refused == 0);
  parties.op.Answer(true);
  parties.Join();
  CHECK(parties.ready == 1 + kDiscoveryWaitersMost);
  CHECK(parties.op.calls() == 1);
}

TEST_CASE("identity providers: one more than may wait hears at once, and so does everybody for a while afterwards") {
  Parties parties;
  parties.Ask(1 + kDiscoveryWaitersMost + 1);
  WaitFor([&] { return parties.refused == 1; });  // before the provider has said anything
  parties.op.Answer(false);
  parties.Join();
  CHECK(parties.ready == 0);
  CHECK(parties.op.calls() == 1);
  parties.op.Answer(true);
  parties.Ask(1);
  parties.Join();
  CHECK(parties.ready == 0);  // not tried again yet
  parties.clock.Set(Instant{parties.clock.Now().micros + kDiscoveryRetryMicros});
  parties.Ask(1);
  parties.Join();
  CHECK(parties.ready == 1);
}
