// The PostgreSQL engine under test, in a schema of its own.
#pragma once

#include "storage/postgres_store.h"
#include "tests/storage/postgres_server.h"
#include "tests/storage/store_harness.h"

namespace mc::test {

class PostgresHarness final : public StoreHarness {
 public:
  explicit PostgresHarness(PostgresServer& server) : uri_(server.NewSchema()) {}

  const std::string& uri() const { return uri_; }
  StoreSettings Settings() {
    return {.path = uri_,
            .sealing_key = sealing_key,
            .signer = signer,
            .former_signer = former_signer,
            .random = random,
            .clock = clock,
            .payload_limit_bytes = payload_limit_bytes,
            .actor = "tester",
            .shared = writer,
            .witnesses = witnesses,
            .ik_of = ik_of};
  }
  Result<std::unique_ptr<Store>> TryOpen() override { return OpenPostgresStore(Settings()); }
  std::shared_ptr<SharedWriter> writer;  // of stores opened from now on

  // The server's clock cannot be set: what it is compared with is moved instead.
  void SetLeaseClock(Instant at) override {
    const std::string now = "(extract(epoch FROM clock_timestamp()) * 1000000)::BIGINT";
    const std::int64_t ahead = at.micros - std::stoll(AskPostgres(uri_, "SELECT " + now)[0][0]) - moved_;
    AskPostgres(uri_, "UPDATE leases SET until = until - " + std::to_string(ahead));
    moved_ += ahead;
  }
  std::int64_t LeaseClockStep() const override { return 30 * kMicrosPerSecond; }

 private:
  const std::string uri_;
  std::int64_t moved_ = 0;
};

}  // namespace mc::test
