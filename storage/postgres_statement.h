// Inside of the engines: statements of PostgreSQL. Texts go and come with PostgresText() around them.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/postgres_connection.h"

namespace mc {

// PostgreSQL keeps no NUL in a text: it goes as an escape of two characters that no text of ours is likely to hold, and
// comes back as it was. Both are the text itself where there is nothing to do.
std::string PostgresText(std::string text);
std::string FromPostgresText(std::string text);

// Rows of a result in binary format.
class PostgresRows {
 public:
  void Set(PostgresResult result) {
    result_ = std::move(result);
    row_ = -1;
  }
  void Clear() { result_.reset(); }
  bool loaded() const { return result_ != nullptr; }
  bool Next() { return ++row_ < PQntuples(result_.get()); }
  int count() const { return PQntuples(result_.get()); }

  bool IsNull(int column) const { return PQgetisnull(result_.get(), row_, column) != 0; }
  std::int64_t GetInt(int column) const;
  std::string GetText(int column) const;

 private:
  PostgresResult result_;
  int row_ = -1;
};

// `?` and `?1` become `$1`; compiled on the server when it is first used.
class PostgresStatement final : public SqlStatement {
 public:
  PostgresStatement(PostgresConnection& db, const char* sql);

  void BindInt(int parameter, std::int64_t value) override;
  void BindNull(int parameter) override;
  void BindText(int parameter, const std::string& value) override;
  void BindBytes(int parameter, std::string_view value) override;
  void BindInts(int parameter, const std::vector<std::int64_t>& values) override;
  bool Step() override;
  void Run() override;
  void Reset() noexcept override;
  bool IsNull(int column) const override { return rows_.IsNull(column); }
  std::int64_t GetInt(int column) const override { return rows_.GetInt(column); }
  std::string GetText(int column) const override { return rows_.GetText(column); }

 private:
  struct Parameter {
    enum class Kind { kNull, kInt, kInts, kOwnText, kBytes } kind = Kind::kNull;
    std::int64_t number = 0;
    std::string_view bytes;
    std::string own;  // of what had to be made anew
  };

  Parameter& At(int parameter);
  PGresult* Compile();  // once for each connection; null: it is
  void Send();
  void Gather();

  PostgresConnection& db_;
  const std::string sql_;
  const std::optional<CopyTarget> plain_;
  std::string name_;
  std::int64_t compiled_on_ = 0;  // generation of the connection
  std::vector<Parameter> parameters_;
  PostgresRows rows_;
};

// A cursor: in the transaction that is open, else in one of its own on a connection of its own.
class PostgresScan final : public SqlStatement {
 public:
  PostgresScan(PostgresConnection& db, std::string sql) : db_(db), sql_(std::move(sql)) {}
  ~PostgresScan() override { Reset(); }

  void BindInt(int, std::int64_t) override { Refuse(); }
  void BindNull(int) override { Refuse(); }
  void BindText(int, const std::string&) override { Refuse(); }
  void BindBytes(int, std::string_view) override { Refuse(); }
  bool Step() override;
  void Run() override { Refuse(); }
  void Reset() noexcept override;
  bool IsNull(int column) const override { return rows_.IsNull(column); }
  std::int64_t GetInt(int column) const override { return rows_.GetInt(column); }
  std::string GetText(int column) const override { return rows_.GetText(column); }

 private:
  [[noreturn]] void Refuse() const;
  PostgresConnection& through() { return own_ ? *own_ : db_; }
  void Open();

  PostgresConnection& db_;
  const std::string sql_;
  std::unique_ptr<PostgresConnection> own_;
  std::string cursor_;            // empty: not opened
  std::int64_t transaction_ = 0;  // in which it was
  bool ended_ = false;
  PostgresRows rows_;
};

}  // namespace mc
