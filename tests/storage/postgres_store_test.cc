// Goal: the PostgreSQL engine keeps the store's contract, and opens only what is its own.
// Method: the conformance suite in a schema for each case; what only a server can do, on its own.
#include "storage/postgres_store.h"

#include "tests/storage/postgres_harness.h"
#include "tests/storage/store_conformance.h"

namespace mc::test {
namespace {

std::string OpenedAs(StoreSettings settings) {
  const auto opened = OpenPostgresStore(std::move(settings));
  return opened.ok() ? "" : opened.error().code;
}

}  // namespace

TEST_CASE("postgres store: conformance") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  for (const ConformanceCase& conformance : ConformanceCases()) {
    SUBCASE(conformance.name) {
      PostgresHarness harness(*server);
      conformance.run(harness);
    }
  }
}

}  // namespace mc::test
