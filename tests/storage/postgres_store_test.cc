// Goal: the PostgreSQL engine keeps the store's contract, opens only what is its own, and survives its server.
// Method: the conformance suite in a schema for each case; what only a server can do, on its own.
#include "storage/postgres_store.h"

#include <set>

#include "tests/storage/postgres_harness.h"
#include "tests/storage/store_conformance.h"

namespace mc::test {
namespace {

std::string PostgresOpenError(StoreSettings settings) {
  const auto opened = OpenPostgresStore(std::move(settings));
  return opened.ok() ? "" : opened.error().code;
}

// A store with something in every table that collecting fills.
void FillOneRun(Store& store) {
  Collecting run(store);
  run.Append({Task("T1", "open"), Task("T2", "open"), Bad("T3", "x")}, "c1");
  run.Append({Task("T1", "done"), Task("T2", "open", "noise")}, "c2");
  run.End();
  Must(store.SignHead());
}

std::set<std::string> FaultsOf(Store& store) {
  std::set<std::string> what;
  for (const Fault& fault : Must(store.Fsck({})).faults) what.insert(fault.what);
  return what;
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

TEST_CASE("postgres store: opens only a store of this version, key and log") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  harness.Open();
  CHECK(PostgresOpenError(harness.Settings()) == "");
  StoreSettings other_key = harness.Settings();
  other_key.sealing_key[0] = 'x';
  CHECK(PostgresOpenError(other_key) == "store_key");
  StoreSettings other_log = harness.Settings();
  other_log.signer.seed[0] = 'x';
  CHECK(PostgresOpenError(other_log) == "store_log");
  AskPostgres(harness.uri(), "UPDATE meta SET value = '1' WHERE name = 'schema_version'");
  CHECK(PostgresOpenError(harness.Settings()) == "store_version");
}

TEST_CASE("postgres store: a foreign schema is left as it is, and a database must speak UTF-8") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  AskPostgres(harness.uri(), "CREATE TABLE things (id INTEGER)");
  CHECK(PostgresOpenError(harness.Settings()) == "store_version");
  CHECK(AskPostgres(harness.uri(), "SELECT to_regclass('meta') IS NULL")[0][0] == "t");
  StoreSettings latin = harness.Settings();
  latin.path = server->NewDatabase("ENCODING 'LATIN1' LOCALE 'C'");
  CHECK(PostgresOpenError(latin) == "store_path");
}

TEST_CASE("postgres store: a database is told apart by how it cannot be reached, and no password stands in a URI") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  StoreSettings settings = harness.Settings();
  settings.path = "postgresql://postgres@127.0.0.1:1/x";
  CHECK(PostgresOpenError(settings) == "store_connection");
  settings.path = harness.uri().substr(0, harness.uri().rfind('/')) + "/nobody";
  CHECK(PostgresOpenError(settings) == "store_login");
  settings.path = "postgresql://a:b@127.0.0.1/x";
  CHECK(PostgresOpenError(settings) == "store_path");
  settings.path = "postgresql://127.0.0.1/x?password=b";
  CHECK(PostgresOpenError(settings) == "store_path");
  settings.path = "postgresql://[";
  CHECK(PostgresOpenError(settings) == "store_path");
}

// An older store: without the tables that came later.
TEST_CASE("postgres store: an older store gets the tables that came later, and its numbers counted") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  FillOneRun(*harness.Open());
  AskPostgres(harness.uri(), "DROP TABLE quality_state; DROP TABLE witnesses; DROP INDEX erased_key");
  const auto store = harness.Open();
  CHECK_FALSE(Must(store->ListQuality(std::nullopt)).empty());
  CHECK(AskPostgres(harness.uri(), "SELECT to_regclass('erased_key') IS NULL")[0][0] == "f");
}

TEST_CASE("postgres store: a server that goes away costs the call under way and nothing else") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Task("T1", "open")}, "c1");
  // Every connection of this schema's store is cut off, as an operator or a failover would.
  AskPostgres(harness.uri(),
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
              "backend_type = 'client backend'");
  run.Append({Task("T2", "open")}, "c2");
  CHECK(Must(store->CursorFor("hanoiwork", "tasks"))->text == "c2");
  CHECK(Written(*store) == "T1#1=open* T2#1=open*");
  run.End();
  CheckClean(*store);
}

TEST_CASE("postgres store: a writer that was cut off in its transaction leaves nothing, and is told so") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  const auto store = harness.Open();
  Collecting run(*store);
  // It fails where its rows are sent, in the middle of the batch.
  AskPostgres(harness.uri(),
              "CREATE FUNCTION cut() RETURNS trigger AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); "
              "RETURN NEW; END $$ LANGUAGE plpgsql; "
              "CREATE TRIGGER cut BEFORE INSERT ON evidence FOR EACH ROW EXECUTE FUNCTION cut()");
  const auto lost = store->AppendBatch(run.Batch({Task("T1", "open")}, "c1"));
  REQUIRE_FALSE(lost.ok());
  CHECK(lost.error().code == "store_connection");
  CHECK(lost.error().error_class == ErrorClass::kTransient);
  AskPostgres(harness.uri(), "DROP TRIGGER cut ON evidence");
  for (const char* table : {"leaves", "records", "payloads", "evidence", "cursors"}) {
    CHECK_MESSAGE(AskPostgres(harness.uri(), std::string("SELECT count(*) FROM ") + table)[0][0] == "0", table);
  }
  run.Append({Task("T1", "open")}, "c1");
  run.End();
  CheckClean(*store);
}

TEST_CASE("postgres store: a refused row keeps nothing of its batch, and its value stands in no message") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  const auto store = harness.Open();
  Collecting run(*store);
  AskPostgres(harness.uri(), "ALTER TABLE evidence ADD CONSTRAINT odd CHECK (native_id <> 'T2')");
  const auto refused = store->AppendBatch(run.Batch({Task("T1", "open"), Task("T2", "open")}, "c1"));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "store_sql");
  CHECK(refused.error().message.find("T2") == std::string::npos);
  CHECK(AskPostgres(harness.uri(), "SELECT count(*) FROM leaves")[0][0] == "0");
  AskPostgres(harness.uri(), "ALTER TABLE evidence DROP CONSTRAINT odd");
  run.Append({Task("T1", "open")});
  run.End();
  CheckClean(*store);
}

TEST_CASE("postgres store: leases run out by the server's clock, whatever ours says") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  const auto store = harness.Open();
  Must(store->AcquireLease("s", "a", 60));
  harness.clock.Set(Instant{harness.clock.Now().micros + 365 * kMicrosPerDay});
  CHECK_FALSE(harness.Open()->AcquireLease("s", "b", 60).ok());
}

TEST_CASE("postgres store: commits wait for the disk where the server was told not to") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  AskPostgres(harness.uri(), "ALTER ROLE postgres SET synchronous_commit = off");
  const auto store = harness.Open();
  AskPostgres(harness.uri(), "ALTER ROLE postgres RESET synchronous_commit");
  AskPostgres(harness.uri(),
              "CREATE TABLE seen (value TEXT); CREATE FUNCTION see() RETURNS trigger AS $$ BEGIN "
              "INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$ LANGUAGE plpgsql; "
              "CREATE TRIGGER see BEFORE INSERT ON runs FOR EACH ROW EXECUTE FUNCTION see()");
  Collecting run(*store);
  CHECK(AskPostgres(harness.uri(), "SELECT DISTINCT value FROM seen")[0][0] == "on");
}

TEST_CASE("postgres store: names with a NUL, and with what stands for one, come back as they were") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  const auto store = harness.Open();
  const std::string escape = "\xF4\x8F\xBF\xBE", nul(1, '\0');
  const std::vector<std::string> odd = {"a" + nul + "b", nul, escape, escape + nul + escape, escape + "0"};
  Collecting run(*store);
  std::vector<IngestItem> items;
  for (const std::string& name : odd) items.push_back(Task(name, "open"));
  CHECK(run.Append(items).added == 5);
  CHECK(run.Append(items).duplicate == 5);
  run.End();
  std::vector<std::string> back;
  for (const EvidenceRevision& each : AllEvidence(*store)) back.push_back(each.evidence.native_id);
  CHECK(back == odd);
  CheckClean(*store);
}

TEST_CASE("postgres store: fsck and a proof see one moment, whatever is written meanwhile") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  const auto store = harness.Open();
  FillOneRun(*store);
  const auto other = harness.Open();
  int calls = 0;
  const FsckReport report = Must(store->Fsck([&](std::int64_t, std::int64_t) {
    Collecting run(*other, "source" + std::to_string(++calls));
    IngestItem item = Task("N" + std::to_string(calls), "open");
    item.record.source = run.receipt.source;
    run.Append({item});
    run.End();
    Must(other->SignHead());
  }));
  CHECK(calls > 0);
  CHECK(Describe(report) == "");
  CheckClean(*store);
}

// What an operator may do to a store that outgrew its disk (docs/operating/scale-out.md) changes nothing for it.
TEST_CASE("postgres store: sealed bytes may lie in partitions by range") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  const std::string& uri = harness.uri();
  harness.Open();
  AskPostgres(uri,
              "ALTER TABLE payloads RENAME TO old_payloads; ALTER INDEX payloads_pkey RENAME TO old_payloads_pkey; "
              "CREATE TABLE payloads (LIKE old_payloads, PRIMARY KEY (leaf_index)) PARTITION BY RANGE (leaf_index); "
              "CREATE TABLE payloads_0 PARTITION OF payloads FOR VALUES FROM (0) TO (3); "
              "CREATE TABLE payloads_1 PARTITION OF payloads DEFAULT; DROP TABLE old_payloads");
  const auto store = harness.Open();
  FillOneRun(*store);
  CheckClean(*store);
  ErasureOrder order;
  order.records = {std::stoll(AskPostgres(uri, "SELECT ik FROM records WHERE leaf_index = 0")[0][0])};
  order.text = "by law";
  order.requested_by = "A";
  order.approved_by = "B";
  Must(store->Erase(order));
  Must(store->WipeErased());
  CheckClean(*store);
}

// Numbers grow, texts and bytes get one more character.
TEST_CASE("postgres store: fsck finds a changed value in every column of every table that sync and score fill") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  const auto store = harness.Open();
  FillOneRun(*store);
  Must(KeepAll(*store, ScoringOf("2026-06", 1), {SheetOf("p-1", "u-1"), SheetOf("p-2", "u-2")}));
  CheckClean(*store);
  const std::string& uri = harness.uri();
  const auto columns = AskPostgres(
      uri,
      "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() "
      "AND table_name NOT IN ('leases', 'audit', 'source_status') ORDER BY 1, 2");
  int changed = 0;
  for (const auto& column : columns) {
    const std::string& table = column[0];
    const std::string& name = column[1];
    const std::string change = column[2] == "bigint"  ? name + " + 1000003" : 
                               column[2] == "bytea" ? name + " || '\\x00'"
                                                    : name + " || 'x'";
    AskPostgres(uri, "CREATE TABLE kept AS TABLE " + table);
    const std::string last = "ctid = (SELECT max(ctid) FROM " + table + " WHERE " + name + " IS NOT NULL)";
    const std::string update = "UPDATE " + table + " SET " + name + " = " + change + " WHERE " + last;
    const auto touched = AskPostgres(uri, update + " RETURNING 1");
    if (!touched.empty()) {
      ++changed;
      CHECK_MESSAGE(!FaultsOf(*store).empty(), (table + "." + name));
    }
    AskPostgres(uri, "TRUNCATE " + table + "; INSERT INTO " + table + " TABLE kept; DROP TABLE kept");
  }
  CHECK(changed > 80);
  CheckClean(*store);
}

TEST_CASE("postgres store: after an erasure nothing of the erased lies in the tables' files") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Task("NATIVE-NAME-TO-GO", "open"), Task("T2", "open")});
  run.End();
  StoredSheet sheet = SheetOf("p-1", "u-1");
  sheet.explanation = R"({"items":{"NATIVE-NAME-TO-GO":{}}})";
  Must(KeepAll(*store, ScoringOf("2026-06", 1), {sheet}));
  const std::string name = IkHex(IkOf(Task("NATIVE-NAME-TO-GO", "open").record.key));
  Must(store->NoteLook({"p-1", "head", Instant{1}, "record", "2026-06", name}));
  AskPostgres(harness.uri(), "CREATE EXTENSION IF NOT EXISTS pageinspect SCHEMA pg_catalog");
  const auto dead = [&](const std::string& table, const std::string& text = "NATIVE-NAME-TO-GO") {
    return AskPostgres(harness.uri(), "SELECT count(*) FROM generate_series(0, pg_relation_size('" + table +
                                          "') / 8192 - 1) AS page, LATERAL heap_page_items(get_raw_page('" + table +
                                          "', page::INTEGER)) AS item WHERE position('" + text +
                                          "'::BYTEA IN item.t_data) > 0")[0][0];
  };
  const std::int64_t ik = std::stoll(
      AskPostgres(harness.uri(), "SELECT ik FROM records WHERE native_id = 'NATIVE-NAME-TO-GO'")[0][0]);
  ErasureOrder order;
  order.records = {ik};
  order.text = "by law";
  order.requested_by = "A";
  order.approved_by = "B";
  Must(store->Erase(order));
  CHECK(dead("records") == "1");
  CHECK(dead("kept_sheets") == "1");
  CHECK(dead("looks", name) == "1");
  Must(store->WipeErased());
  CHECK(dead("records") == "0");
  CHECK(dead("kept_sheets") == "0");
  CHECK(dead("looks", name) == "0");
  CheckClean(*store);
}

}  // namespace mc::test
