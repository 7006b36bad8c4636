// Opening a store: schema, version and keys.
#include "storage/postgres_connection.h"
#include "storage/postgres_store.h"
#include "storage/sql_store.h"
#include "storage/sqlite_connection.h"

namespace mc {
namespace {

constexpr std::size_t kSeedBytes = 32;  // Ed25519, RFC 8032

Status CheckSettings(const StoreSettings& settings) {
  if (settings.sealing_key.size() != kSealKeyBytes) {
    return ConfigError("store_key", "the sealing key must have exactly 32 bytes");
  }
  if (settings.signer.name.empty() || settings.signer.seed.size() != kSeedBytes) {
    return ConfigError("store_log", "the log needs a name and a signing seed of exactly 32 bytes");
  }
  if (settings.former_signer && settings.former_signer->seed.size() != kSeedBytes) {
    return ConfigError("store_log", "the log's former signing seed must have exactly 32 bytes");
  }
  if (settings.payload_limit_bytes < 1)
    return ConfigError("payload_limit_bytes", "payload_limit_bytes must be positive");
  return Ok();
}

}  // namespace

Error NoStore(const std::string& name) {
  return ConfigError("no_store", "there is no store at " + name +
                                     "; check /store in the settings, or run sync or import first, which make it");
}

std::map<std::string, std::string> SqlStore::ExpectedMeta() const {
  return {{"schema_version", std::to_string(kSchemaVersion)},
          {"log", VerifierKey(settings_.signer)},
          {"key_check", ToHex(HmacSha256(settings_.sealing_key, "minhchung: key check of the store"))}};
}

void SqlStore::Make() {
  db_->Create(SchemaStatements(db_->types()));
  for (const auto& [name, value] : ExpectedMeta()) {
    Query(sql_["INSERT INTO meta (name, value) VALUES (?, ?)"]).Text(name).Text(value).Run();
  }
  db_->Execute("INSERT INTO ledger (id, size, head_size, heads) VALUES (1, 0, 0, 0)");
}

Status SqlStore::CheckMeta() {
  const auto expected = ExpectedMeta();
  const auto stored = [&](const std::string& name) {
    Query row(sql_["SELECT value FROM meta WHERE name = ?"]);
    row.Text(name);
    return row.Step() ? row.GetText(0) : std::string();
  };
  if (const std::string version = stored("schema_version"); version != expected.at("schema_version")) {
    return ConfigError("store_version", db_->name() + " has schema version \"" + version + "\"; this program reads " +
                                            expected.at("schema_version"));
  }
  if (stored("key_check") != expected.at("key_check")) {
    return ConfigError("store_key", db_->name() + " was sealed with another sealing key");
  }
  return Ok();
}

Status SqlStore::Prepare() {
  SqlSetup setup(*db_);
  const std::set<std::string> tables = db_->Tables();
  if (tables.empty()) {
    if (settings_.must_exist) return NoStore(db_->name());
    Make();
  } else if (!tables.contains("meta")) {
    return ConfigError("store_version", db_->name() + " is a database, but not one of this program");
  }
  MC_CHECK_OK(CheckMeta());
  // Sheets from before they had editions, which no erasure would reach: the next scoring makes them anew.
  for (const char* old : {"sheets", "sheet_editions"}) {
    if (tables.contains(old)) db_->Execute(std::string("DROP TABLE ") + old);
  }
  db_->Create(AddedStatements(db_->types()));
  if (!tables.contains("quality_state")) CountQuality();
  ChainRejections();
  MC_CHECK_OK(CheckSigner());
  setup.Commit();
  return Ok();
}

void SqlStatement::BindInts(int, const std::vector<std::int64_t>&) {
  throw SqlFailure(InternalError("store_sql", "this database takes no arrays"));
}

Result<std::unique_ptr<SqlStore>> OpenSqlStore(StoreSettings settings) {
  MC_CHECK_OK(CheckSettings(settings));
  return Guarded([&]() -> Result<std::unique_ptr<SqlStore>> {
    MC_TRY(auto db, IsPostgresUri(settings.path) ? ConnectPostgres(settings) : ConnectSqlite(settings));
    auto store = std::make_unique<SqlStore>(std::move(settings), std::move(db));
    MC_CHECK_OK(store->Prepare());
    return store;
  });
}

}  // namespace mc
