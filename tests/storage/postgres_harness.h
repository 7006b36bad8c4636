// The PostgreSQL engine under test, in a schema of its own.
#pragma once

#include "storage/postgres_store.h"
#include "tests/storage/postgres_server.h"
#include "tests/storage/store_harness.h"

namespace mc::test {

class PostgresHarness : public StoreHarness {
 public:
  explicit PostgresHarness(PostgresServer& server) : uri_(server.NewSchema()) {}

  const std::string& uri() const { return uri_; }
  std::string path() const override { return uri_; }
  Result<std::unique_ptr<Store>> TryOpenWith(StoreSettings settings) override {
    return OpenPostgresStore(std::move(settings));
  }

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
