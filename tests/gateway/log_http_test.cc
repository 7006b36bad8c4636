// Goal: /log answers as C2SP tlog-tiles asks: bytes, content types, caching, 404 for all else.
// Method: the routes over a ledger in memory. That foreign clients read it: tests/e2e/proofs_test.mjs.
#include "gateway/log_http.h"

#include <doctest/doctest.h>

#include "tests/storage/memory_ledger.h"

using namespace mc;

namespace {

RouteAnswer Ask(LedgerReader& ledger, const std::string& name) {
  LogApi api(ledger);
  return api.Answer({{name}, {}, ""});
}

std::string Caching(const RouteAnswer& answer) {
  REQUIRE(answer.headers.size() == 1);
  CHECK(answer.headers[0].first == "Cache-Control");
  return answer.headers[0].second;
}

}  // namespace

TEST_CASE("log_http: the checkpoint for seconds, tiles and entries for ever") {
  MemoryLedger ledger(300);
  CHECK(Ask(ledger, "checkpoint").status == 404);
  ledger.Sign(300);
  const RouteAnswer head = Ask(ledger, "checkpoint");
  CHECK(head.status == 200);
  CHECK(head.content_type == "text/plain; charset=utf-8");
  CHECK(head.body == ledger.head.checkpoint);
  CHECK(Caching(head) == "public, max-age=5");
  for (const char* name : {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"}) {
    CAPTURE(name);
    const RouteAnswer tile = Ask(ledger, name);
    CHECK(tile.status == 200);
    CHECK(tile.content_type == "application/octet-stream");
    CHECK(Caching(tile) == "public, max-age=31536000, immutable");
  }
  CHECK(Ask(ledger, "tile/0/000").body == ledger.tiles[{0, 0}]);
}

TEST_CASE("log_http: bad paths and what is not signed are not found, and not kept by a cache") {
  MemoryLedger ledger(300);
  ledger.Sign(299);
  for (const char* name : {"", "checkpoint/", "Checkpoint", "tile", "tile/0/0", "tile/0/001.p/44", "tile/0/001",
                           "tile/entries/001.p/44", "tile/0/../000", "../healthz"}) {
    CAPTURE(name);
    const RouteAnswer answer = Ask(ledger, name);
    CHECK(answer.status == 404);
    CHECK(answer.content_type == "application/problem+json");
    CHECK(answer.headers.empty());
  }
}

TEST_CASE("log_http: a damaged or busy store is told apart from a file that is not there") {
  struct Busy : MemoryLedger {
    Busy() : MemoryLedger(1) {}
    Result<LedgerHead> Head() override { return TransientError("store_busy", "another writer"); }
  } busy;
  CHECK(Ask(busy, "checkpoint").status == 503);
  CHECK(Ask(busy, "tile/0/000").status == 503);
  MemoryLedger ledger(300);
  ledger.Sign(300);
  ledger.tiles.erase({0, 1});
  CHECK(Ask(ledger, "tile/0/001.p/44").status == 500);
}
