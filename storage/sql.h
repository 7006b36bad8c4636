// Inside of the engines: one connection to a database, in the SQL that SQLite and PostgreSQL share
// (docs/decisions/0019-two-engines.md). `?` stands for a parameter, in order; times and ids are BIGINT, texts UTF-8.
//
// Everything here is used by one thread at a time. What goes wrong is thrown as SqlFailure; Guarded() turns it into
// its Error, and an open SqlTransaction is rolled back when it leaves its scope.
#pragma once

#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "storage/schema.h"

namespace mc {

// kTransient: another writer holds the store, or the connection is lost; kInternal "store_*": disk or database are
// broken; kConfig: it cannot be reached as configured.
class SqlFailure : public std::exception {
 public:
  explicit SqlFailure(Error error) : error_(std::move(error)) {}
  const char* what() const noexcept override { return error_.message.c_str(); }
  const Error& error() const { return error_; }

 private:
  Error error_;
};

// Of a store that has to exist (StoreSettings) and does not. name: for people.
Error NoStore(const std::string& name);

// Runs `work` (which returns a Result) and turns what it throws into its error.
template <typename Work>
auto Guarded(Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const SqlFailure& failure) {
    return failure.error();
  }
}

// A prepared statement. Parameters count from 1, columns from 0; texts and bytes that are bound are not copied: they
// must live until the last Step(). A column that is NULL reads as 0 or "".
class SqlStatement {
 public:
  virtual ~SqlStatement() = default;
  virtual void BindInt(int parameter, std::int64_t value) = 0;
  virtual void BindNull(int parameter) = 0;
  virtual void BindText(int parameter, const std::string& value) = 0;
  virtual void BindBytes(int parameter, std::string_view value) = 0;
  // For "= ANY (?)". REQUIRES: SqlConnection::takes_arrays().
  virtual void BindInts(int parameter, const std::vector<std::int64_t>& values);
  virtual bool Step() = 0;  // to the next row; false: there is none
  virtual void Run() = 0;   // of a statement without rows
  virtual void Reset() noexcept = 0;

  virtual bool IsNull(int column) const = 0;
  virtual std::int64_t GetInt(int column) const = 0;
  virtual std::string GetText(int column) const = 0;
};

class SqlConnection {
 public:
  // kRead: everything is read as of one moment. kWrite: one writer at a time, and it sees what the one before wrote.
  enum class Access { kRead, kWrite };

  virtual ~SqlConnection() = default;
  virtual std::unique_ptr<SqlStatement> Prepare(const char* sql) = 0;
  // A statement of its own, without parameters, for rows too many to be held: other statements and transactions of
  // this connection may run between its steps. As of one moment.
  virtual std::unique_ptr<SqlStatement> Scan(const std::string& sql) = 0;
  virtual void Execute(const std::string& sql) = 0;

  virtual void Begin(Access access) = 0;
  virtual void Commit() = 0;
  virtual void Rollback() noexcept = 0;

  // The transaction in which a store is made or brought up to date: nobody else does either meanwhile.
  virtual void BeginSetup() = 0;
  virtual std::set<std::string> Tables() = 0;  // by name, of whomever they are
  // Runs those CREATE statements whose table or index is missing. In BeginSetup().
  virtual void Create(const std::vector<std::string>& statements) = 0;

  // One statement for many values (SqlStatement::BindInts); otherwise each is asked for by itself.
  virtual bool takes_arrays() const { return false; }
  virtual std::string name() const = 0;  // of the database, for people: no secret
  virtual SchemaTypes types() const = 0;
  // By which leases run out. One clock for all who share the database, where it has one.
  virtual Instant LeaseNow(const Clock& ours) = 0;
  virtual std::vector<std::string> FindDamage() = 0;  // what the database itself finds damaged
  // After an erasure: leaves no copy of deleted rows in the database's files, as far as it can.
  virtual Status Wipe() = 0;
  // As Store::CopyInto.
  virtual Status CopyInto(const std::string& file) = 0;
};

class SqlTransaction {
 public:
  static constexpr auto kRead = SqlConnection::Access::kRead;
  static constexpr auto kWrite = SqlConnection::Access::kWrite;

  SqlTransaction(SqlConnection& db, SqlConnection::Access access) : db_(db) { db.Begin(access); }
  SqlTransaction(const SqlTransaction&) = delete;
  SqlTransaction& operator=(const SqlTransaction&) = delete;
  ~SqlTransaction() {
    if (open_) db_.Rollback();
  }
  void Commit() {
    db_.Commit();
    open_ = false;
  }

 protected:
  explicit SqlTransaction(SqlConnection& db) : db_(db) { db.BeginSetup(); }

 private:
  SqlConnection& db_;
  bool open_ = true;
};

// BeginSetup() with the same end.
class SqlSetup : public SqlTransaction {
 public:
  explicit SqlSetup(SqlConnection& db) : SqlTransaction(db) {}
};

// One use of a statement: parameters in order, then rows; reset at the end.
// Texts and blobs are not copied: they must live until the last Step().
class Query {
 public:
  explicit Query(SqlStatement& statement) : statement_(statement) {}
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() { statement_.Reset(); }

  Query& Int(std::int64_t value) {
    statement_.BindInt(next_++, value);
    return *this;
  }
  Query& OptionalInt(const std::optional<std::int64_t>& value) {
    if (value) return Int(*value);
    statement_.BindNull(next_++);
    return *this;
  }
  Query& Text(const std::string& value) {
    statement_.BindText(next_++, value);
    return *this;
  }
  Query& Text(std::string&&) = delete;
  Query& Blob(std::string_view value) {
    statement_.BindBytes(next_++, value);
    return *this;
  }

  Query& Ints(const std::vector<std::int64_t>& values) {
    statement_.BindInts(next_++, values);
    return *this;
  }

  bool Step() { return statement_.Step(); }
  void Run() { statement_.Run(); }

  bool IsNull(int column) const { return statement_.IsNull(column); }
  std::int64_t GetInt(int column) const { return statement_.GetInt(column); }
  std::optional<std::int64_t> GetOptionalInt(int column) const {
    if (IsNull(column)) return std::nullopt;
    return GetInt(column);
  }
  std::string GetText(int column) const { return statement_.GetText(column); }

 private:
  SqlStatement& statement_;
  int next_ = 1;
};

// The statements of one connection, each compiled once.
class Statements {
 public:
  explicit Statements(SqlConnection& db) : db_(db) {}
  // `sql` is a literal: it is looked up by its address.
  SqlStatement& operator[](const char* sql) {
    auto& statement = compiled_[sql];
    if (!statement) statement = db_.Prepare(sql);
    return *statement;
  }

 private:
  SqlConnection& db_;
  std::map<const char*, std::unique_ptr<SqlStatement>> compiled_;
};

}  // namespace mc
