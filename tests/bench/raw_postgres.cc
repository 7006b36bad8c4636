// What PostgreSQL does at best with the rows: COPY into a stage, INSERT .. SELECT .. ON CONFLICT from there.
#include <libpq-fe.h>

#include <algorithm>
#include <array>

#include "storage/postgres_copy.h"
#include "tests/bench/limits.h"

namespace mc::bench {
namespace {

struct EndConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultOwner = std::unique_ptr<PGresult, EndConnection>;

class BenchConnection {
 public:
  explicit BenchConnection(const std::string& uri) : connection_(PQconnectdb(uri.c_str())) {
    Need(PQstatus(connection_.get()) == CONNECTION_OK, PQerrorMessage(connection_.get()));
    PQsetNoticeProcessor(connection_.get(), [](void*, const char*) {}, nullptr);
  }

  ResultOwner Run(const std::string& sql) {
    ResultOwner result(PQexec(connection_.get(), sql.c_str()));
    const ExecStatusType status = PQresultStatus(result.get());
    Need(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN || status == PGRES_COPY_OUT,
         sql + ": " + PQerrorMessage(connection_.get()));
    return result;
  }

  void Copy(const std::string& into, const std::string& bytes) {
    Run("COPY " + into + " FROM STDIN (FORMAT binary)");
    const bool sent = PQputCopyData(connection_.get(), bytes.data(), static_cast<int>(bytes.size())) == 1 &&
                      PQputCopyEnd(connection_.get(), nullptr) == 1;
    Need(sent, PQerrorMessage(connection_.get()));
    while (const ResultOwner result{PQgetResult(connection_.get())}) {
      Need(PQresultStatus(result.get()) == PGRES_COMMAND_OK, PQerrorMessage(connection_.get()));
    }
  }

  // All that a query gives, as COPY takes it.
  std::string CopyOut(const std::string& query) {
    Run("COPY (" + query + ") TO STDOUT (FORMAT binary)");
    std::string bytes;
    char* part = nullptr;
    for (int size = 0; (size = PQgetCopyData(connection_.get(), &part, 0)) > 0; PQfreemem(part)) {
      bytes.append(part, static_cast<std::size_t>(size));
    }
    while (const ResultOwner result{PQgetResult(connection_.get())}) {
      Need(PQresultStatus(result.get()) == PGRES_COMMAND_OK, PQerrorMessage(connection_.get()));
    }
    return bytes;
  }

 private:
  std::unique_ptr<PGconn, EndConnection> connection_;
};

class RawPostgres final : public RawRows {
 public:
  explicit RawPostgres(const std::string& uri) : server_(uri) {
    server_.Run("CREATE TABLE t (key TEXT PRIMARY KEY, payload BYTEA NOT NULL)");
    server_.Run("CREATE TEMP TABLE stage (key TEXT, payload BYTEA) ON COMMIT DELETE ROWS");
  }

  void Insert(const std::vector<PlainRow>& batch) override {
    for (const PlainRow& row : batch) {
      rows_.BeginRow(2);
      rows_.Bytes(row.key);
      rows_.Bytes(row.bytes);
    }
    server_.Run("BEGIN");
    server_.Copy("stage", rows_.Take());
    server_.Run("INSERT INTO t SELECT key, payload FROM stage ON CONFLICT DO NOTHING");
    server_.Run("COMMIT");
  }
  std::int64_t Count() override { return std::stoll(PQgetvalue(server_.Run("SELECT count(*) FROM t").get(), 0, 0)); }

 private:
  BenchConnection server_;
  CopyRows rows_;
};

// What one record of ours becomes.
constexpr std::array<const char*, 5> kStoredTables = {"leaves", "salts", "records", "payloads", "evidence"};

std::string LeavesFrom(const std::string& table, std::int64_t from, std::int64_t count) {
  return "SELECT * FROM " + table + " WHERE leaf_index >= " + std::to_string(from) + " AND leaf_index < " +
         std::to_string(from + count);
}

}  // namespace

double CopyStoredSeconds(const std::string& uri, std::int64_t leaves, std::int64_t fresh, std::int64_t repeated) {
  BenchConnection server(uri);
  for (const std::string table : kStoredTables) {
    server.Run("CREATE TABLE peer_" + table + " (LIKE " + table + " INCLUDING ALL)");
    server.Run("CREATE TEMP TABLE stage_" + table + " (LIKE " + table + ") ON COMMIT DELETE ROWS");
  }
  double seconds = 0;
  for (std::int64_t from = 0; from < leaves; from += fresh) {
    const std::int64_t again = from == 0 ? 0 : from * 7 / 11;
    std::array<std::string, kStoredTables.size()> rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::string query = LeavesFrom(kStoredTables[i], from, fresh);
      if (from > 0) query += " UNION ALL " + LeavesFrom(kStoredTables[i], again, std::min(repeated, from - again));
      rows[i] = server.CopyOut(query);
    }
    seconds += Seconds([&] {
      server.Run("BEGIN");
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string table = kStoredTables[i];
        server.Copy("stage_" + table, rows[i]);
        server.Run("INSERT INTO peer_" + table + " SELECT * FROM stage_" + table + " ON CONFLICT DO NOTHING");
      }
      server.Run("COMMIT");
    });
  }
  for (const std::string table : kStoredTables) {
    const std::string rows = "(SELECT count(*) FROM " + table + ") - (SELECT count(*) FROM peer_" + table + ")";
    Need(std::stoll(PQgetvalue(server.Run("SELECT " + rows).get(), 0, 0)) == 0, "rows of " + table + " are missing");
  }
  return seconds;
}

std::unique_ptr<RawRows> MakeRawPostgres(const std::string& uri) { return std::make_unique<RawPostgres>(uri); }

std::int64_t AskBenchServer(const std::string& uri, const std::string& sql) {
  const ResultOwner result = BenchConnection(uri).Run(sql);
  return PQntuples(result.get()) == 0 ? 0 : std::stoll(PQgetvalue(result.get(), 0, 0));
}

}  // namespace mc::bench
