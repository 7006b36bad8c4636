// Goal: storage/citus.sql can be run on a store as it is, and the store works the same behind it (decision 0023).
// Method: Citus itself cannot be had here. Its list is run with a create_distributed_table that makes PostgreSQL's own
// hash partitions, which demand the same of unique keys, and the conformance suite runs on them. That statements carry
// the distribution column is read from their text. Which joins a true Citus plans is not tried.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include "tests/storage/postgres_harness.h"
#include "tests/storage/store_conformance.h"

namespace mc::test {
namespace {

std::string SourceText(const std::filesystem::path& file) {
  std::ifstream in(file);
  REQUIRE_MESSAGE(in.good(), file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

const std::filesystem::path kStorageFolder = std::filesystem::path(MC_SOURCE_DIR) / "storage";

constexpr const char* kPartitionInstead = R"(
CREATE FUNCTION create_distributed_table(relation REGCLASS, part TEXT, colocate_with TEXT, shard_count INTEGER = 64)
RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE name TEXT := relation::TEXT;
BEGIN
  EXECUTE format('CREATE TABLE parted_%s (LIKE %s INCLUDING ALL) PARTITION BY HASH (%I)', name, name, part);
  FOR i IN 0..3 LOOP
    EXECUTE format('CREATE TABLE %s_%s PARTITION OF parted_%s FOR VALUES WITH (MODULUS 4, REMAINDER %s)',
                   name, i, name, i);
  END LOOP;
  EXECUTE format('INSERT INTO parted_%s TABLE %s', name, name);
  EXECUTE format('DROP TABLE %s', name);
  EXECUTE format('ALTER TABLE parted_%s RENAME TO %s', name, name);
END $$;
)";

// A store whose tables are distributed before anything is written.
class DistributedHarness final : public PostgresHarness {
 public:
  using PostgresHarness::PostgresHarness;
  Result<std::unique_ptr<Store>> TryOpenWith(StoreSettings settings) override {
    if (!distributed_ && !settings.must_exist) {
      StoreSettings alone = Settings();
      alone.shared = nullptr;
      MC_TRY(const auto made, OpenPostgresStore(std::move(alone)));
      Distribute();
    }
    return PostgresHarness::TryOpenWith(std::move(settings));
  }
  void Distribute() {
    AskPostgres(uri(), kPartitionInstead);
    AskPostgres(uri(), SourceText(kStorageFolder / "citus.sql"));
    distributed_ = true;
  }

 private:
  bool distributed_ = false;
};

// Table -> its distribution column.
std::map<std::string, std::string> DistributedTables() {
  std::map<std::string, std::string> tables;
  const std::string list = SourceText(kStorageFolder / "citus.sql");
  const std::regex call(R"(create_distributed_table\('(\w+)', '(\w+)')");
  for (std::sregex_iterator at(list.begin(), list.end(), call), end; at != end; ++at) tables[(*at)[1]] = (*at)[2];
  return tables;
}

// The string literals of a C++ source, those that stand together (macros and their parameters between them too) as one.
std::vector<std::string> LiteralsOf(const std::string& source) {
  static const std::regex part(
      R"rx(\s*(?:\\\n\s*)*(?:"((?:[^"\\]|\\.)*)"|(\w+)(?:\("[^)]*"\))?(?=[\s\\]*"|\s*[\]),])))rx");
  std::vector<std::string> literals;
  for (auto at = source.begin(); (at = std::find(at, source.end(), '"')) != source.end();) {
    std::string joined;
    std::smatch match;
    while (std::regex_search(at, source.end(), match, part, std::regex_constants::match_continuous)) {
      joined += match[1].matched ? match[1].str() : match[2].str();
      at = match[0].second;
    }
    if (joined.empty()) ++at;
    literals.push_back(std::move(joined));
  }
  return literals;
}

// Whether a statement asks for rows of a distributed table without saying on which shard they lie.
bool AsksEveryShard(const std::string& sql, const std::string& table, const std::string& column) {
  if (!std::regex_search(sql, std::regex("(FROM|JOIN|UPDATE) " + table + "\\b"))) return false;
  const std::string others = column + "\\b|\\w+\\." + column + "\\b";
  return !std::regex_search(sql, std::regex("\\b" + column + " = (\\?|ANY \\(\\?\\)|" + others + ")"));
}

// Statements that ask every shard, each with its reason.
const std::map<std::string, std::string>& AskEveryShardFor() {
  const std::string scan = "one pass over the whole table: fsck, quality, an erasure's order";
  const std::string total = "a sum over the whole table, for status and doctor";
  const std::string leaf = "a leaf that a person, a proof or a rejected record names: no key is known beside it";
  const std::string erase = "an order to erase, by an operator";
  const std::string chain = "the newest revision: by chain, not by record; on PostgreSQL one statement per batch";
  const std::string open = "the open list, from the few rejected records on";
  static const std::map<std::string, std::string> all = {
      {"SELECT MC_RECORD_COLUMNS FROM records ORDER BY leaf_index", scan},
      {"SELECT MC_EVIDENCE_COLUMNS FROM evidence ORDER BY leaf_index", scan},
      {"SELECT leaf_index, wrapped_key, box FROM payloads ORDER BY leaf_index", scan},
      {"SELECT ik, leaf_index FROM records ORDER BY ik, leaf_index", scan},
      {"SELECT chain, revision, leaf_index FROM evidence ORDER BY chain, revision, leaf_index", scan},
      {"SELECT r.leaf_index, r.register_id, r.native_id, c.chain FROM rejection_chains c JOIN records r "
       "ON r.leaf_index = c.leaf_index",
       scan},
      {"SELECT source, count(*) FROM records GROUP BY source", total},
      {"SELECT source, count(*) FROM evidence WHERE latest = 1 GROUP BY source", total},
      {"SELECT assurance, count(*) FROM evidence WHERE latest = 1 GROUP BY assurance", total},
      {"SELECT MC_RECORD_COLUMNS FROM records WHERE leaf_index = ?", leaf},
      {"SELECT MC_EVIDENCE_COLUMNS FROM evidence WHERE leaf_index = ?", leaf},
      {"SELECT 1 FROM evidence WHERE leaf_index = ?", erase},
      {"SELECT 1 FROM records WHERE leaf_index = ?", erase},
      {"DELETE FROM evidence WHERE leaf_index = ?", erase},
      {"DELETE FROM records WHERE leaf_index = ?", erase},
      {"SELECT DISTINCT ON (chain, register_id, native_id) chain, register_id, native_id, MC_REVISION_COLUMNS "
       "FROM evidence WHERE chain = ANY (?) ORDER BY chain, register_id, native_id, revision DESC",
       chain},
      {"SELECT MC_REVISION_COLUMNS FROM evidence WHERE chain = ? AND register_id = ? AND native_id = ? "
       "ORDER BY revision DESC LIMIT 1",
       chain},
      {"SELECT leaf_index, record_leaf, statement FROM evidence WHERE chain = ? AND register_id = ? AND native_id = ? "
       "AND source = ? AND stream = ? ORDER BY revision DESC LIMIT 1",
       chain},
      {"SELECT r.leaf_index, r.register_id, r.native_id FROM rejections j JOIN records r ON r.leaf_index = "
       "j.leaf_index "
       "WHERE j.leaf_index NOT IN (SELECT leaf_index FROM rejection_chains)",
       "rejections that a program of before wrote, when a store is opened"},
      {"SELECT 1 FROM rejection_chains c JOIN records r ON r.leaf_index = c.leaf_index LEFT JOIN decisions d "
       "ON d.action = 'drop' AND d.subject = c.leaf_index WHERE c.chain = ? AND c.leaf_index > ? AND r.register_id = ? "
       "AND r.native_id = ? AND r.source = ? AND r.stream = ? AND r.run < ? AND d.leaf_index IS NULL "
       "AND NOT EXISTS (MC_READ_SINCE) LIMIT 1",
       open},
      {"SELECT r.register_id, r.native_id, max(r.leaf_index) FROM rejections j JOIN records r "
       "ON r.leaf_index = j.leaf_index LEFT JOIN decisions d ON d.action = 'drop' AND d.subject = r.leaf_index AND "
       "d.leaf_index < ? WHERE r.leaf_index < ? AND d.leaf_index IS NULL AND "
       "NOT EXISTS (MC_READ_SINCE AND e.leaf_index < ?) GROUP BY r.register_id, r.native_id",
       open},
      {"FROM rejections j JOIN records r ON r.leaf_index = j.leaf_index LEFT JOIN decisions d ON d.action = 'drop' AND "
       "d.subject = r.leaf_index LEFT JOIN rejection_places p ON p.leaf_index = r.leaf_index "
       "WHERE NOT EXISTS (MC_READ_SINCE) ",
       open},
      {"SELECT r.source, count(*) FROM rejections j JOIN records r ON r.leaf_index = j.leaf_index LEFT JOIN decisions "
       "d ON d.action = 'drop' AND d.subject = r.leaf_index WHERE d.leaf_index IS NULL AND NOT EXISTS (MC_READ_SINCE) "
       "GROUP BY r.source",
       open},
      {"SELECT r.ik, m.verdict, m.leaf_index FROM read_back_marks m JOIN records r ON r.leaf_index = m.record_leaf "
       "WHERE m.verdict <> 'returned' AND MC_LAST_MARK ORDER BY m.leaf_index",
       "the few records that a read-back marked"}};
  return all;
}

}  // namespace

TEST_CASE("citus: conformance on a store whose tables were distributed by the list") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  for (const ConformanceCase& conformance : ConformanceCases()) {
    SUBCASE(conformance.name) {
      DistributedHarness harness(*server);
      conformance.run(harness);
    }
  }
}

TEST_CASE("citus: a store that holds records is distributed with them") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  DistributedHarness harness(*server);
  const auto fill = [](Store& store, const std::string& status) {
    Collecting run(store);
    run.Append({Task("T1", status), Task("T2", "open"), Bad("T3", "x")});
    run.End();
    Must(store.SignHead());
  };
  fill(*Must(OpenPostgresStore(harness.Settings())), "open");
  harness.Distribute();
  const auto store = harness.Open();
  CHECK(Written(*store) == "T1#1=open* T2#1=open*");
  fill(*store, "done");
  CHECK(Written(*store) == "T1#1=open T2#1=open* T1#2=done*");
  CheckClean(*store);
  for (const auto& [table, column] : DistributedTables()) {
    const std::string kind = "SELECT relkind FROM pg_class WHERE oid = '" + table + "'::REGCLASS";
    CHECK_MESSAGE(AskPostgres(harness.uri(), kind)[0][0] == "p", table);
  }
  // What the narrower key refused before, fsck has to find.
  for (const char* table : {"records", "evidence"}) {
    const std::string name = table;
    AskPostgres(harness.uri(), "CREATE TABLE twin AS SELECT * FROM " + name +
                                   " WHERE leaf_index = 1; "
                                   "UPDATE twin SET ik = ik + 1; INSERT INTO " +
                                   name + " TABLE twin");
    CHECK_MESSAGE(!Must(store->Fsck({})).faults.empty(), name);
    AskPostgres(harness.uri(), "DELETE FROM " + name +
                                   " WHERE (leaf_index, ik) IN (SELECT leaf_index, ik FROM twin); "
                                   "DROP TABLE twin");
    CheckClean(*store);
  }
}

TEST_CASE("citus: each statement names the shard that it asks, or stands here with its reason") {
  const auto& allowed = AskEveryShardFor();
  std::set<std::string> used;
  const auto tables = DistributedTables();
  REQUIRE(tables.size() >= 3);
  int asked = 0;
  for (const auto& file : std::filesystem::directory_iterator(kStorageFolder)) {
    if (file.path().extension() != ".cc" && file.path().extension() != ".h") continue;
    if (file.path().filename() == "schema.cc") continue;
    for (const std::string& sql : LiteralsOf(SourceText(file.path()))) {
      for (const auto& [table, column] : tables) {
        asked += std::regex_search(sql, std::regex("(FROM|JOIN|UPDATE) " + table + "\\b")) ? 1 : 0;
        if (!AsksEveryShard(sql, table, column)) continue;
        used.insert(sql);
        CHECK_MESSAGE(allowed.contains(sql), (file.path().filename().string() + ": " + sql));
      }
      if (sql.find("FOR UPDATE") != std::string::npos) CHECK(sql.find("FROM ledger ") != std::string::npos);
    }
  }
  CHECK(asked > 25);
  for (const auto& [sql, why] : allowed) CHECK_MESSAGE(used.contains(sql), ("no such statement any more: " + sql));
}

}  // namespace mc::test
