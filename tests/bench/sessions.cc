// What a session costs: the check of one among ten thousand and the memory of them, in this process; and the server
// that tests/bench/http/session.mjs asks, with one answer for everybody and for a session.
#include "sso/sessions.h"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <thread>

#include "gateway/people.h"
#include "gateway/serve.h"
#include "gateway/web_gate.h"
#include "sso/base64url.h"
#include "sso/cookie.h"
#include "tests/bench/bench.h"

namespace mc::bench {
namespace {

constexpr std::int64_t kSessions = 10'000;
constexpr std::int64_t kHourMicros = 3'600 * kMicrosPerSecond;

std::string CookieOfNumber(std::int64_t n) { return sso::ToBase64Url(AsBytes(Sha256("session " + std::to_string(n)))); }

std::string PersonOfNumber(std::int64_t n) { return "p" + std::to_string(100'000 + n); }

// Ten thousand sessions as the engines give them back; it keeps none of them.
class ManySessions final : public SessionStore {
 public:
  explicit ManySessions(const Clock& clock) : now_(clock.Now()) {}

  Result<SessionChanges> SessionsSince(std::int64_t version) override {
    SessionChanges changes{1, {}};
    for (std::int64_t n = 0; version == 0 && n < kSessions; ++n) changes.sessions.push_back(Row(n));
    return changes;
  }
  Result<bool> BeginSession(const NewSession&) override { return true; }
  Status EndSession(const Digest&) override { return Ok(); }
  Status EndSessionsOf(const std::string&) override { return Ok(); }
  Status EndSessionsFor(const std::string&, const std::string&, const std::string&) override { return Ok(); }
  Status TouchSessions(const std::vector<std::pair<Digest, Instant>>&) override { return Ok(); }
  Result<std::string> SessionIdToken(const Digest&) override { return std::string(); }
  Status ForgetSessions() override { return Ok(); }

 private:
  StoredSession Row(std::int64_t n) const {
    const Instant until{now_.micros + 100 * kHourMicros};
    return {Sha256(CookieOfNumber(n)), PersonOfNumber(n), "vnconnect", "LoA2", now_, now_, now_, until};
  }

  const Instant now_;
};

// Idle for a day at most: a long run of the server lets none of them end.
constexpr sso::SessionSettings kBenchSessions{86'400, 604'800, 5};

std::size_t HeapInUse() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

class NoAudit final : public AuditSink {
 public:
  void Write(const AuditEvent&) override {}
};

DirectoryData TenThousandPeople() {
  DirectoryData directory;
  for (std::int64_t n = 0; n < kSessions; ++n) {
    directory.people.push_back({PersonOfNumber(n), "Nguyễn Văn " + std::to_string(n), SubjectGroup::kCivilServant,
                                ToHex(AsBytes(Sha256(PersonOfNumber(n))))});
  }
  return directory;
}

double CpuNanos() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return 1e9 * static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec);
}

// CPU time of one call, over every cookie ten times: whoever else is on the machine takes caches, but no time of it.
template <typename Work>
double CpuNanosEach(const std::vector<std::string>& cookies, Work&& work) {
  constexpr int kTimes = 10;
  const double before = CpuNanos();
  for (int i = 0; i < kTimes; ++i) {
    for (const std::string& cookie : cookies) work(cookie);
  }
  return (CpuNanos() - before) / static_cast<double>(kTimes * cookies.size());
}

// In an order that no cache foresees.
std::vector<std::string> ShuffledCookies() {
  std::vector<std::string> cookies;
  for (std::int64_t n = 0; n < kSessions; ++n) cookies.push_back(CookieOfNumber(n));
  std::sort(cookies.begin(), cookies.end());
  return cookies;
}

}  // namespace

void BenchSessions(const Options& options, Report& report) {
  const SystemClock clock;
  SystemRandom random;
  ManySessions store(clock);
  const std::vector<std::string> cookies = ShuffledCookies();
  const std::size_t before = HeapInUse();
  sso::Sessions sessions(store, clock, random, kBenchSessions);
  Need(sessions.Refresh().ok() && sessions.size() == kSessions, "the sessions were not loaded");
  const double bytes = static_cast<double>(HeapInUse() - before) / static_cast<double>(kSessions);
  Samples check, hash, unknown;
  const std::vector<std::string> strangers(cookies.size(), std::string(43, 'A'));
  for (int round = 0; round < options.rounds; ++round) {
    hash.push_back(CpuNanosEach(cookies, [](const std::string& cookie) { Keep(Sha256(cookie)); }));
    check.push_back(CpuNanosEach(cookies, [&](const std::string& cookie) {
      const auto found = sessions.Check(cookie);
      Need(found.ok() && *found, "a live session was not found");
    }));
    unknown.push_back(CpuNanosEach(strangers, [&](const std::string& cookie) { Keep(sessions.Check(cookie)); }));
  }
  report.Add(Ratio{"one SHA-256 of a cookie / a session check", Over(hash, check)});
  report.Add(Ratio{"a session check / a check of a cookie that means nothing", Over(check, unknown)});
  report.Add(Figure{"CPU of a session check among 10,000", "ns", check});
  report.Add(Figure{"CPU of SHA-256 of a cookie", "ns", hash});
  report.Add(Figure{"CPU of a check of a cookie that means nothing", "ns", unknown});
  report.Add(Figure{"memory of 10,000 sessions, each", "bytes", {bytes}});
}

int ServeSessionPage(int port) {
  const SystemClock clock;
  SystemRandom random;
  ManySessions store(clock);
  sso::Sessions sessions(store, clock, random, kBenchSessions);
  Need(sessions.Refresh().ok(), "the sessions were not loaded");
  People people([]() -> Result<std::optional<std::int64_t>> { return std::optional<std::int64_t>(1); },
                []() -> Result<DirectoryData> { return TenThousandPeople(); }, clock);
  Need(people.Refresh().ok(), "the people were not loaded");
  NoAudit audit;
  WebGate gate(sessions, people, audit, clock, "http://127.0.0.1");
  std::thread fresh([&] {
    for (;;) {
      std::this_thread::sleep_for(std::chrono::seconds(1));
      Need(sessions.Refresh().ok() && people.Refresh().ok(), "the sessions or the people are stale");
    }
  });
  fresh.detach();
  const RouteAnswer page{200, "text/plain; charset=utf-8", std::string(kPlainPageBytes, 'a'), {}};
  HttpServer server([] { return Ok(); });
  server.Get("/plain", [&](const RouteRequest&) { return page; });
  server.Get("/signed-in", [&](const RouteRequest& request) {
    const Entered entered = gate.Enter(request);
    return entered.ok() ? page : entered.error();
  });
  std::printf("%d %s=%s\n", Must(server.Bind("127.0.0.1", port)), std::string(sso::kSessionCookie).c_str(),
              CookieOfNumber(0).c_str());
  std::fflush(stdout);
  server.Listen();
  return 0;
}

}  // namespace mc::bench
