// Goal: a witness is asked over HTTP as C2SP tlog-witness says, within its limits, and asked again from the
// size that it names.
// Method: a log of 300 leaves in memory; a fake client that answers what each case writes.
#include "gateway/witness_client.h"

#include <doctest/doctest.h>

#include <deque>

#include "tests/storage/memory_ledger.h"
#include "tests/support/fake_http.h"

using namespace mc;

namespace {

using Kind = WitnessAnswer::Kind;
using mc::testing::FakeHttpClient;

const NoteSigner kWitness{"witness.example/w1", std::string(32, '\x09')};

struct Asked {
  explicit Asked(std::deque<Result<HttpResponse>> replies) : ledger(300), answers(std::move(replies)) {
    ledger.Sign(300);
    auto client = std::make_unique<FakeHttpClient>([this](const HttpRequest&) {
      REQUIRE_FALSE(answers.empty());
      auto next = std::move(answers.front());
      answers.pop_front();
      return next;
    });
    http = client.get();
    witness = std::make_unique<HttpWitness>(CosignerKey(kWitness), "https://witness.example/submit", std::move(client));
  }
  WitnessAnswer Show(std::int64_t known_size) { return witness->Show(ledger.head, known_size, ReadFrom(ledger.tiles)); }
  std::string Body(std::int64_t old_size) {
    return AddCheckpointBody(old_size, *MakeConsistencyProof(old_size, 300, ReadFrom(ledger.tiles)),
                             ledger.head.checkpoint);
  }

  MemoryLedger ledger;
  std::deque<Result<HttpResponse>> answers;
  FakeHttpClient* http = nullptr;
  std::unique_ptr<HttpWitness> witness;
};

HttpResponse Size(std::int64_t size) {
  return {409, {{"content-type", "text/x.tlog.size"}}, std::to_string(size) + "\n"};
}

HttpResponse Cosigned() {
  MemoryLedger ledger(300);
  ledger.Sign(300);
  return {200, {}, CosignNote(kWitness, SplitNote(ledger.head.checkpoint)->text, 1).line};
}

}  // namespace

TEST_CASE("witness_client: one request, bounded, with the proof from the size that is known") {
  Asked asked({Cosigned()});
  CHECK(asked.Show(257).kind == Kind::kCosigned);
  REQUIRE(asked.http->requests.size() == 1);
  const HttpRequest& request = asked.http->requests[0];
  CHECK(request.method == "POST");
  CHECK(request.url == "https://witness.example/submit/add-checkpoint");
  CHECK(request.body == asked.Body(257));
  CHECK(request.body_limit_bytes == kWitnessAnswerLimitBytes);
  CHECK(request.connect_timeout == kWitnessConnectTimeout);
  CHECK(request.total_timeout == kWitnessTimeout);
}

TEST_CASE("witness_client: asked once more from the size that it names, not a third time") {
  for (const std::int64_t size : {0, 1, 256, 299, 300}) {
    CAPTURE(size);
    Asked asked({Size(size), Cosigned()});
    CHECK(asked.Show(257).kind == Kind::kCosigned);
    REQUIRE(asked.http->requests.size() == 2);
    CHECK(asked.http->requests[1].body == asked.Body(size));
  }
  Asked forked({Size(256), HttpResponse{422, {}, ""}});
  const WitnessAnswer fork = forked.Show(0);
  CHECK(fork.kind == Kind::kFork);
  CHECK(fork.size == 256);
  Asked same({Size(300), Size(300)});
  CHECK(same.Show(0).kind == Kind::kFork);
  Asked busy({Size(5), Size(6)});
  CHECK(busy.Show(0).error.code == "witness_busy");
}

TEST_CASE("witness_client: a size above the head's is said at once") {
  Asked asked({Size(301)});
  const WitnessAnswer answer = asked.Show(0);
  CHECK(answer.kind == Kind::kOtherSize);
  CHECK(answer.size == 301);
  Asked then({Size(5), Size(301)});
  CHECK(then.Show(0).kind == Kind::kOtherSize);
}

TEST_CASE("witness_client: a size that we believe wrongly is never above the head's") {
  Asked asked({Cosigned()});
  CHECK(asked.Show(400).kind == Kind::kCosigned);
  CHECK(asked.http->requests[0].body == asked.Body(300));
}

TEST_CASE("witness_client: what goes wrong on the way is no word against the head") {
  Asked down({TransientError("connect_refused", "nobody listens")});
  CHECK(down.Show(0).error.code == "connect_refused");
  Asked huge({DataError("body_too_large", "too large")});
  CHECK(huge.Show(0).error.code == "body_too_large");
  Asked broken({});
  broken.ledger.tiles.clear();
  CHECK(broken.Show(5).kind == Kind::kFailed);
  CHECK(broken.http->requests.empty());
}
