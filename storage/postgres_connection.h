// Inside of the engines: a connection to PostgreSQL.
//
// Rows of plain INSERTs inside a transaction are gathered (postgres_copy.h) and sent before anything else is: what
// they break is thrown by the next statement, or by Commit().
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "storage/postgres_copy.h"
#include "storage/sql.h"
#include "storage/store_settings.h"

namespace mc {

struct PostgresDelete {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* result) const { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, PostgresDelete>;

class PostgresConnection final : public SqlConnection {
 public:
  // Connects; throws SqlFailure. password: empty for none, or one that libpq finds itself (passfile).
  PostgresConnection(std::string uri, std::string password);

  std::unique_ptr<SqlStatement> Prepare(const char* sql) override;
  std::unique_ptr<SqlStatement> Scan(const std::string& sql) override;
  void Execute(const std::string& sql) override;
  void Begin(Access access) override;
  void Commit() override;
  void Rollback() noexcept override;
  void BeginSetup() override;
  std::set<std::string> Tables() override;
  void Create(const std::vector<std::string>& statements) override;
  bool takes_arrays() const override { return true; }
  std::string name() const override;
  SchemaTypes types() const override;
  Instant LeaseNow(const Clock& ours) override;
  std::vector<std::string> FindDamage() override { return {}; }
  Status Wipe() override;
  Status CopyInto(const std::string& file) override;

  // --- for its statements
  // Sends what was gathered, then runs `ask`, which calls libpq; throws unless the result is a good one. Outside of a
  // transaction a lost connection is made anew, and asked once more.
  template <typename Ask>
  PostgresResult Answer(Ask&& ask);
  PostgresResult Ask(const std::string& sql);
  PGconn* handle() const { return connection_.get(); }
  // Of the connection: what was prepared on an earlier one is gone.
  std::int64_t generation() const { return generation_; }
  std::int64_t transaction() const { return in_transaction_ ? transaction_ : 0; }
  std::string NextName(const char* prefix) { return prefix + std::to_string(++names_); }
  // Rows for a table; sent by whatever comes next.
  CopyRows& RowsFor(const CopyTarget& target);
  void RowAdded();
  // Another one to the same database.
  std::unique_ptr<PostgresConnection> Second() const;

 private:
  using Connection = std::unique_ptr<PGconn, PostgresDelete>;

  void Connect();
  bool IsLost() const { return PQstatus(handle()) != CONNECTION_OK; }
  void Start(const std::string& sql);
  void Send();
  void SendRows(const CopyTarget& target, CopyRows& rows);

  const std::string uri_, password_;
  Connection connection_;
  std::int64_t generation_ = 0, transaction_ = 0, names_ = 0;
  bool in_transaction_ = false;
  struct Gathered {
    CopyTarget target;
    CopyRows rows;
  };
  std::vector<Gathered> gathered_;  // in the order of their first rows
  std::size_t gathered_bytes_ = 0;
};

// What a failed result, or a failed call, means.
Error PostgresError(const PGconn* connection, const PGresult* result);
void CheckPostgres(const PGconn* connection, const PGresult* result);  // throws SqlFailure

template <typename Asking>
PostgresResult PostgresConnection::Answer(Asking&& ask) {
  Send();
  if (!in_transaction_ && IsLost()) Connect();
  PostgresResult result(ask());
  if (!in_transaction_ && IsLost()) {
    Connect();
    result.reset(ask());
  }
  CheckPostgres(handle(), result.get());
  return result;
}

Result<std::unique_ptr<SqlConnection>> ConnectPostgres(const StoreSettings& settings);

}  // namespace mc
