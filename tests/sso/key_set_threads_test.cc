// Goal: all who find that keys are missing wait for one fetch, and none reads a half-made set.
// Method: eight threads on one cache over a slow provider; under ThreadSanitizer with the preset tsan.
#include <atomic>
#include <thread>

#include "sso/key_set.h"
#include "tests/sso/support.h"

namespace mc::sso::testing {
namespace {

// Counts its calls and takes its time over them.
class SlowKeys final : public HttpClient {
 public:
  SlowKeys(std::atomic<int>& calls, std::string set) : calls_(calls), set_(std::move(set)) {}
  Result<HttpResponse> Send(const HttpRequest&) override {
    ++calls_;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return HttpResponse{200, {}, set_};
  }

 private:
  std::atomic<int>& calls_;
  std::string set_;
};

TEST_CASE("single flight: all who find no keys wait for one fetch") {
  Scene scene;
  KeySetCache cache(scene.Party().provider(), scene.clock);
  const auto jws = ParseJws(Token(R"({"alg":"RS256","kid":"rsa-1"})", "{}", TestKey::Rsa(), "RS256"),
                            SignatureAlgorithm::kRs256, JwtUse::kIdToken);
  REQUIRE(jws.ok());
  std::atomic<int> calls = 0, verified = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      SlowKeys http(calls, scene.key_set);
      if (cache.Verify(*jws, http).ok()) ++verified;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(verified == 8);
  CHECK(calls == 1);
}

}  // namespace
}  // namespace mc::sso::testing
