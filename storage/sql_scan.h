// Inside of the engines: fsck's way through the tables that grow with the log. Each is read
// once, in the order of its leaves and in step with them, which costs a fraction of a look-up for
// every row; of each table one row is held.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "storage/sql_store.h"

namespace mc {

// What stands at one leaf in these tables; null: nothing. Borrowed from whoever read it.
struct LeafRows {
  const std::string* salt = nullptr;
  const RecordRow* record = nullptr;
  const EvidenceRow* evidence = nullptr;
  const SealedPayload* payload = nullptr;
};

// One table, whose first column is the leaf. Leaves are asked for in rising order; rows of leaves
// that were not asked for are handed to `passed`.
template <typename Row>
class TableScan {
 public:
  using Reader = Row (*)(const Query&);
  using Taker = std::function<void(std::int64_t leaf, const Row&)>;

  // `every` sees each row once. May throw SqlFailure, as all of this.
  TableScan(SqlConnection& db, const char* sql, Reader read, Taker passed, Taker every = {})
      : statement_(db.Scan(sql)),
        query_(*statement_),
        read_(read),
        passed_(std::move(passed)),
        every_(std::move(every)) {}

  const Row* At(std::int64_t leaf) {
    PassUntil(leaf);
    if (!row_ || leaf_ != leaf) return nullptr;
    taken_ = true;
    return &*row_;
  }
  // To the end of the table.
  void PassRest() {
    while (!ended_) Next();
  }
  std::int64_t rows() const { return rows_; }

 private:
  void PassUntil(std::int64_t leaf) {
    while (!ended_ && (!row_ || leaf_ < leaf)) Next();
  }
  void Next() {
    if (row_ && !taken_) passed_(leaf_, *row_);
    row_.reset();
    taken_ = false;
    ended_ = !query_.Step();
    if (ended_) return;
    ++rows_;
    leaf_ = query_.GetInt(0);
    row_ = read_(query_);
    if (every_) every_(leaf_, *row_);
  }

  const std::unique_ptr<SqlStatement> statement_;
  Query query_;
  const Reader read_;
  const Taker passed_, every_;
  std::optional<Row> row_;
  std::int64_t leaf_ = 0, rows_ = 0;
  bool taken_ = false, ended_ = false;
};

}  // namespace mc
