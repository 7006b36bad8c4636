// A connection to PostgreSQL: session, transactions, gathered rows; the server's errors as ours.
#include "storage/postgres_connection.h"

#include <algorithm>
#include <string_view>

#include "storage/postgres_statement.h"
#include "storage/postgres_store.h"
#include "storage/sql_store.h"

namespace mc {
namespace {

// One writer at a time, whoever it is: it holds the ledger's row. Within, rows are looked up by their keys alone, and
// a table that was never analysed must not be read from end to end for them.
constexpr const char* kBeginWrite =
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL enable_seqscan = off; "
    "SELECT size FROM ledger WHERE id = 1 FOR UPDATE";
constexpr const char* kBeginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
// Any number that nobody else is likely to take: "minhchun" in ASCII.
constexpr const char* kBeginSetup =
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock(7883396219428533614)";

constexpr std::size_t kGatheredBytes = 8 * 1024 * 1024;  // then they are sent early

// A server that does not wait for its disk is made to; one that waits for more is left so. A writer that stalls, or
// whose machine is cut off, must not hold the others for ever.
std::string SessionSql() {
  return "SET lock_timeout = " + std::to_string(kBusyWaitMillis) +
         "; SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = warning; SET jit = off; "
         "SET statement_timeout = 0; SET standard_conforming_strings = on; "
         "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";
}

std::string OneLine(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

bool Mentions(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

// libpq 15 tells no SQLSTATE of a connection that was refused.
Error ConnectError(const PGconn* connection, const std::string& uri) {
  const std::string text = "the store's database: " + OneLine(PQerrorMessage(connection));
  const bool refused = Mentions(text, "FATAL") || PQconnectionNeedsPassword(connection) != 0;
  const bool full = Mentions(text, "too many") || Mentions(text, "connection slots");
  const bool starting = PQping(uri.c_str()) == PQPING_REJECT;
  if (refused && !full && !starting) return ConfigError("store_login", text);
  return TransientError("store_connection", text);
}

// A password in the settings' text would be printed and logged with it.
Status CheckUri(const std::string& uri) {
  char* message = nullptr;
  PQconninfoOption* const options = PQconninfoParse(uri.c_str(), &message);
  if (options == nullptr) {
    const std::string text = message == nullptr ? "out of memory" : "not a URI that libpq reads";
    PQfreemem(message);
    return ConfigError("store_path", "the URI of the store's database: " + text);
  }
  bool secret = false;
  for (const PQconninfoOption* each = options; each->keyword != nullptr; ++each) {
    const std::string_view name = each->keyword;
    secret = secret || ((name == "password" || name == "sslpassword") && each->val != nullptr);
  }
  PQconninfoFree(options);
  if (!secret) return Ok();
  return ConfigError("store_path",
                     "the URI of the store's database holds a password: take it out and set store_password "
                     "(env: or file:), or name a passfile in the URI");
}

}  // namespace

bool IsPostgresUri(std::string_view path) {
  return path.substr(0, 13) == "postgresql://" || path.substr(0, 11) == "postgres://";
}

Error PostgresError(const PGconn* connection, const PGresult* result) {
  const char* const field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string state = field == nullptr ? "" : field;
  const char* const primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  // A refused value would stand in the message.
  const bool telling = state.substr(0, 2) != "22" && state.substr(0, 2) != "23" && primary != nullptr;
  const std::string text = "the store's database: " + (telling ? OneLine(primary) : "") + " (SQLSTATE " + state + ")";
  const auto is = [&](std::string_view prefix) { return state.substr(0, prefix.size()) == prefix; };
  if (state.empty() || is("08") || is("57P")) {
    return TransientError("store_connection",
                          state.empty() ? "the store's database: " + OneLine(PQerrorMessage(connection)) : text);
  }
  if (is("25P03")) return TransientError("store_connection", text);
  if (is("40") || is("55P03") || is("53300") || is("57014")) return TransientError("store_busy", text);
  if (is("53100")) return InternalError("store_full", text);
  if (is("53")) return TransientError("store_busy", text);
  if (is("58")) return InternalError("store_io", text);
  if (is("XX001") || is("XX002")) return InternalError("store_corrupt", text);
  if (is("25006")) return InternalError("store_readonly", text);
  if (is("42501") || is("28")) return ConfigError("store_login", text);
  if (is("3F000")) return ConfigError("store_path", text);
  return InternalError("store_sql", text);
}

void CheckPostgres(const PGconn* connection, const PGresult* result) {
  switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_COPY_IN:
    case PGRES_EMPTY_QUERY: return;
    default: throw SqlFailure(PostgresError(connection, result));
  }
}

PostgresConnection::PostgresConnection(std::string uri, std::string password)
    : uri_(std::move(uri)), password_(std::move(password)) {
  Connect();
}

// What stands before dbname is a default that the URI may override.
void PostgresConnection::Connect() {
  std::vector<const char*> names = {"client_encoding", "application_name",   "connect_timeout", "keepalives_idle",
                                    "keepalives_interval", "keepalives_count", "dbname"};
  std::vector<const char*> values = {"UTF8", "minhchung", "10", "30", "10", "3", uri_.c_str()};
  if (!password_.empty()) {
    names.push_back("password");
    values.push_back(password_.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  connection_.reset(PQconnectdbParams(names.data(), values.data(), 1));
  ++generation_;
  in_transaction_ = false;
  gathered_.clear();
  gathered_bytes_ = 0;
  if (IsLost()) throw SqlFailure(ConnectError(handle(), uri_));
  const char* const encoding = PQparameterStatus(handle(), "server_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8") {
    throw SqlFailure(ConfigError("store_path", "the store's database must be made with ENCODING 'UTF8'"));
  }
  PQsetNoticeProcessor(
      handle(), [](void*, const char*) {}, nullptr);
  const PostgresResult result(PQexec(handle(), SessionSql().c_str()));
  CheckPostgres(handle(), result.get());
}

std::unique_ptr<PostgresConnection> PostgresConnection::Second() const {
  return std::make_unique<PostgresConnection>(uri_, password_);
}

std::unique_ptr<SqlStatement> PostgresConnection::Prepare(const char* sql) {
  return std::make_unique<PostgresStatement>(*this, sql);
}

std::unique_ptr<SqlStatement> PostgresConnection::Scan(const std::string& sql) {
  return std::make_unique<PostgresScan>(*this, sql);
}

PostgresResult PostgresConnection::Ask(const std::string& sql) {
  return Answer([&] { return PQexec(handle(), sql.c_str()); });
}

void PostgresConnection::Execute(const std::string& sql) { Ask(sql); }

// What fails here has left a transaction that does nothing any more.
void PostgresConnection::Start(const std::string& sql) {
  try {
    Ask(sql);
  } catch (const SqlFailure&) {
    Rollback();
    throw;
  }
  in_transaction_ = true;
  ++transaction_;
}

void PostgresConnection::Begin(Access access) { Start(access == Access::kWrite ? kBeginWrite : kBeginRead); }

void PostgresConnection::BeginSetup() { Start(kBeginSetup); }

// Of a transaction that failed, COMMIT is a ROLLBACK that reports success: its tag tells.
void PostgresConnection::Commit() {
  const PostgresResult result = Ask("COMMIT");
  in_transaction_ = false;
  if (std::string_view(PQcmdStatus(result.get())) != "COMMIT") {
    throw SqlFailure(InternalError("store_sql", "the store's database: the transaction had failed before its end"));
  }
}

void PostgresConnection::Rollback() noexcept {
  gathered_.clear();
  gathered_bytes_ = 0;
  in_transaction_ = false;
  if (!IsLost() && PQtransactionStatus(handle()) != PQTRANS_IDLE) {
    const PostgresResult result(PQexec(handle(), "ROLLBACK"));
  }
}

// --- gathered rows

CopyRows& PostgresConnection::RowsFor(const CopyTarget& target) {
  const auto found = std::find_if(gathered_.begin(), gathered_.end(), [&](const Gathered& each) {
    return each.target.table == target.table && each.target.columns == target.columns;
  });
  if (found != gathered_.end()) return found->rows;
  return gathered_.emplace_back(Gathered{target, {}}).rows;
}

void PostgresConnection::RowAdded() {
  gathered_bytes_ = 0;
  for (const Gathered& each : gathered_) gathered_bytes_ += each.rows.size();
  if (!in_transaction_ || gathered_bytes_ > kGatheredBytes) Send();
}

void PostgresConnection::Send() {
  if (gathered_bytes_ == 0) return;
  gathered_bytes_ = 0;
  for (Gathered& each : gathered_) {
    if (!each.rows.empty()) SendRows(each.target, each.rows);
  }
}

void PostgresConnection::SendRows(const CopyTarget& target, CopyRows& rows) {
  const std::string bytes = rows.Take();
  const std::string sql = "COPY " + target.table + " (" + target.columns + ") FROM STDIN (FORMAT binary)";
  PostgresResult result(PQexec(handle(), sql.c_str()));
  CheckPostgres(handle(), result.get());
  const bool sent = PQputCopyData(handle(), bytes.data(), static_cast<int>(bytes.size())) == 1 &&
                    PQputCopyEnd(handle(), nullptr) == 1;
  if (!sent) throw SqlFailure(PostgresError(handle(), nullptr));
  result.reset(PQgetResult(handle()));
  // To the end, so that the connection is free for what comes next.
  while (const PostgresResult more{PQgetResult(handle())}) {
  }
  CheckPostgres(handle(), result.get());
}

// --- the schema

std::set<std::string> PostgresConnection::Tables() {
  const PostgresResult result = Ask(
      "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
      "WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'i', 'I', 'f', 'v', 'm') "
      "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')");
  std::set<std::string> names;
  for (int i = 0; i < PQntuples(result.get()); ++i) names.insert(PQgetvalue(result.get(), i, 0));
  return names;
}

// CREATE INDEX IF NOT EXISTS locks its table before it looks: a store that is opened would wait for writers, and they
// for it.
void PostgresConnection::Create(const std::vector<std::string>& statements) {
  constexpr std::string_view kBefore = "IF NOT EXISTS ";
  const std::set<std::string> present = Tables();
  for (const std::string& statement : statements) {
    const auto at = statement.find(kBefore) + kBefore.size();
    if (!present.contains(statement.substr(at, statement.find(' ', at) - at))) Execute(statement);
  }
}

std::string PostgresConnection::name() const { return uri_.substr(0, uri_.find('?')); }

SchemaTypes PostgresConnection::types() const {
  return {"BIGINT PRIMARY KEY", "BIGINT", "TEXT COLLATE \"C\"", "BYTEA"};
}

Instant PostgresConnection::LeaseNow(const Clock&) {
  const PostgresResult result = Ask("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::BIGINT");
  return Instant{std::stoll(PQgetvalue(result.get(), 0, 0))};
}

// The deleted rows lie in the tables' files until those are written anew. What the server keeps of its log, and copies
// of it elsewhere, are its operator's (docs/operating/postgresql.md).
Status PostgresConnection::CopyInto(const std::string&) {
  return ConfigError("copied_by_server",
                     "a server's database is copied with pg_dump or pg_basebackup (docs/operating/backup.md)");
}

Status PostgresConnection::Wipe() {
  try {
    for (const char* table : {"payloads", "salts", "records", "evidence", "rejections", "rejection_places",
                              "rejection_chains", "audit", "quality_state", "kept_sheets", "looks"}) {
      Execute(std::string("VACUUM (FULL) ") + table);
    }
  } catch (const SqlFailure& failure) {
    if (failure.error().code != "store_busy") throw;
    return TransientError("erased_not_wiped",
                          "the records are erased, but their old rows still lie in the database's files while others "
                          "use its tables: run the same command again, or stop the other gateways first");
  }
  return Ok();
}

Result<std::unique_ptr<SqlConnection>> ConnectPostgres(const StoreSettings& settings) {
  MC_CHECK_OK(CheckUri(settings.path));
  return std::unique_ptr<SqlConnection>(std::make_unique<PostgresConnection>(settings.path, settings.password));
}

Result<std::unique_ptr<Store>> OpenPostgresStore(StoreSettings settings) {
  MC_TRY(auto store, OpenSqlStore(std::move(settings)));
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace mc
