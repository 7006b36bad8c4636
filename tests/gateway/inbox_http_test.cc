// Goal: only the source's own sender puts a message, each once, and nothing refused costs the
// store anything.
// Method: the route over a real server, socket and store; then keys and limits one by one.
#include "gateway/inbox_http.h"

#include <httplib.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/digest.h"
#include "gateway_support.h"

using namespace mc;
using namespace mc::test;

namespace {

constexpr const char* kToken = "a-token-of-the-sender";
constexpr const char* kPath = "/api/v1/inbox/pushed";

// Stands for gateway/machine_gate.h, whose own tests are machine_*_test.cc.
std::optional<RouteAnswer> CheckSender(const RouteRequest& request, const std::string& source) {
  const auto given = request.headers.find("authorization");
  const bool known = given != request.headers.end() && given->second == std::string("Bearer ") + kToken;
  if (!known) return ProblemAnswer(401, "Unauthorized", "who are you");
  if (source != "pushed" && source != "gone") return ProblemAnswer(403, "Forbidden", "not here");
  return std::nullopt;
}

struct Running {
  Running() : api({{"pushed", {RecordFormat::kJson}}}, *store, CheckSender, CheckSender), server([] { return Ok(); }) {
    server.Post(
        kInboxPattern, [this](const RouteRequest& request) { return ++asked, api.Refuse(request); },
        [this](const RouteRequest& request) { return Take(request); }, kInboxBodyLimitBytes);
    MustStaySecret("access token", kToken);
    port = server.Bind("127.0.0.1", 0).value();
    thread = std::thread([this] { server.Listen(); });
    while (!httplib::Client("127.0.0.1", port).Get("/healthz")) std::this_thread::yield();
  }
  ~Running() {
    server.Stop();
    thread.join();
  }

  httplib::Headers Good(const std::string& key) const {
    return {{"Authorization", std::string("Bearer ") + kToken}, {"Idempotency-Key", key}};
  }
  httplib::Result Post(const httplib::Headers& headers, const std::string& body, const std::string& path = kPath,
                       const char* type = "application/json") const {
    httplib::Client client("127.0.0.1", port);
    return client.Post(path.c_str(), headers, body, type);
  }
  RouteAnswer Take(const RouteRequest& request) {
    ++taken, ++turns;
    RouteAnswer answer = api.Take(request);
    ++turns;
    return answer;
  }
  // The answer came through a socket, which orders the server's thread and ours, but not in the
  // eyes of a tool that cannot look into the server's library.
  Store& TheStore() {
    ++turns;
    return *store;
  }
  void SetClock(Instant now) {
    ++turns;
    clock.Set(now);
    ++turns;
  }
  std::size_t Stored() { return TheStore().ReadInbox("pushed", 0, 1'000'000).value().size(); }

  TempDir dir;
  ManualClock clock{Instant{1'780'000'000'000'000}};
  std::unique_ptr<Store> store = OpenTestStore(dir, clock);
  InboxApi api;
  std::atomic<int> asked = 0, taken = 0, turns = 0;
  HttpServer server;
  int port = 0;
  std::thread thread;
};

}  // namespace

TEST_CASE("inbox: taken once, answered with the same bytes again") {
  Running run;
  const auto first = run.Post(run.Good("k-1"), "[1]");
  REQUIRE(first);
  CHECK(first->status == 202);
  run.SetClock(Instant{1'790'000'000'000'000});
  const auto again = run.Post(run.Good("k-1"), "[1]");
  CHECK(again->status == 202);
  CHECK(again->body == first->body);
  CHECK(first->body.find(ToHex(Sha256("[1]"))) != std::string::npos);
  CHECK(run.Post(run.Good("k-1"), "[2]")->status == 422);
  httplib::Headers promises = run.Good("k-1");
  promises.emplace("Minhchung-Record-Count", "1");
  CHECK(run.Post(promises, "[1]")->status == 422);
  CHECK(run.Stored() == 1);
  // Also when it was read and forgotten.
  REQUIRE(run.TheStore().ForgetInbox("pushed", 1).ok());
  CHECK(run.Post(run.Good("k-1"), "[1]")->body == first->body);
  CHECK(run.Stored() == 0);
}

TEST_CASE("inbox: who may not, and what may not, is refused before the body is read") {
  Running run;
  struct Case {
    const char* what;
    httplib::Headers headers;
    std::string path;
    const char* type;
    int status;
  };
  const std::string other = "/api/v1/inbox/unknown";
  const std::vector<Case> cases = {
      {"no token", {{"Idempotency-Key", "k"}}, kPath, "application/json", 401},
      {"wrong token", {{"Authorization", "Bearer x"}, {"Idempotency-Key", "k"}}, kPath, "application/json", 401},
      {"a source of others", run.Good("k"), other, "application/json", 403},
      {"a source that was taken away", run.Good("k"), "/api/v1/inbox/gone", "application/json", 404},
      {"no key", {{"Authorization", std::string("Bearer ") + kToken}}, kPath, "application/json", 400},
      {"blank in the key", run.Good("a b"), kPath, "application/json", 400},
      {"long key", run.Good(std::string(kIdempotencyKeyLimitBytes + 1, 'k')), kPath, "application/json", 400},
      {"type", run.Good("k"), kPath, "text/csv", 415}};
  for (const Case& one : cases) {
    CAPTURE(std::string(one.what));
    const auto answer = run.Post(one.headers, "[1]", one.path, one.type);
    REQUIRE(answer);
    CHECK(answer->status == one.status);
    CHECK(answer->get_header_value("Content-Type") == "application/problem+json");
    CHECK(answer->get_header_value("Connection") == "close");
  }
  CHECK(run.taken == 0);
  CHECK(run.Stored() == 0);
  CHECK(run.Post(run.Good(std::string(kIdempotencyKeyLimitBytes, 'k')), "[1]")->status == 202);
}

TEST_CASE("inbox: bodies and promises, at the limit and past it") {
  Running run;
  CHECK(run.Post(run.Good("empty"), "")->status == 400);
  const std::string at_limit(static_cast<std::size_t>(kInboxBodyLimitBytes), ' ');
  CHECK(run.Post(run.Good("at"), at_limit)->status == 202);
  const auto over = run.Post(run.Good("over"), at_limit + " ");
  CHECK((!over || over->status == 413));
  CHECK(run.Stored() == 1);
  const auto with = [&](const char* name, const char* value) {
    httplib::Headers headers = run.Good(std::string(name) + value);
    headers.emplace(name, value);
    return run.Post(headers, "[]")->status;
  };
  CHECK(with("Minhchung-Record-Count", "0") == 202);
  CHECK(with("Minhchung-Record-Count", "-1") == 400);
  CHECK(with("Minhchung-Record-Count", "1x") == 400);
  CHECK(with("Minhchung-Complete-Through", "2026-06-10T00:00:00Z") == 202);
  CHECK(with("Minhchung-Complete-Through", "yesterday") == 400);
}

TEST_CASE("inbox: two senders with one key at once put one message") {
  Running run;
  std::vector<std::thread> senders;
  std::vector<std::string> bodies(6);
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    senders.emplace_back([&, i] {
      const auto answer = run.Post(run.Good("same"), "[7]");
      if (answer && answer->status == 202) bodies[i] = answer->body;
    });
  }
  for (std::thread& sender : senders) sender.join();
  for (const std::string& body : bodies) CHECK(body == bodies[0]);
  CHECK_FALSE(bodies[0].empty());
  CHECK(run.Stored() == 1);
}

TEST_CASE("inbox: full is told with a time to come again") {
  class Full final : public InboxWriter {
    Result<InboxReceipt> PutInbox(const InboxPut&) override { return TransientError("inbox_full", "send again later"); }
  } full;
  InboxApi api({{"pushed", {RecordFormat::kJson}}}, full, CheckSender, CheckSender);
  const RouteRequest request{{"pushed"},
                             {{"authorization", std::string("Bearer ") + kToken},
                              {"idempotency-key", "k"},
                              {"content-type", "application/json; charset=utf-8"}},
                             "[]"};
  const RouteAnswer answer = api.Take(request);
  CHECK(answer.status == 429);
  CHECK(answer.headers == std::vector<std::pair<std::string, std::string>>{{"Retry-After", "60"}});
}

TEST_CASE("inbox: nothing is taken of a sender that was turned away while its body came") {
  class Counted final : public InboxWriter {
   public:
    Result<InboxReceipt> PutInbox(const InboxPut&) override { return ++puts, InboxReceipt{}; }
    int puts = 0;
  } writer;
  bool revoked = false;
  InboxApi api({{"pushed", {RecordFormat::kJson}}}, writer, CheckSender,
               [&](const RouteRequest&, const std::string& source) -> std::optional<RouteAnswer> {
                 CHECK(source == "pushed");
                 return revoked ? std::optional(ProblemAnswer(401, "Unauthorized", "not any more")) : std::nullopt;
               });
  RouteRequest request{{"pushed"},
                       {{"authorization", std::string("Bearer ") + kToken},
                        {"idempotency-key", "k"},
                        {"content-type", "application/json"}},
                       ""};
  REQUIRE_FALSE(api.Refuse(request));
  revoked = true;
  request.body = "[1]";
  CHECK(api.Take(request).status == 401);
  CHECK(writer.puts == 0);
  revoked = false;
  CHECK(api.Take(request).status == 202);
  CHECK(writer.puts == 1);
}
