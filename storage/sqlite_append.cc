// AppendBatch: one page in one transaction, alone or with those of other stores.
#include "storage/sqlite_batch.h"
#include "storage/sqlite_shared.h"

namespace mc {

Result<BatchCounts> SqliteStore::AppendBatch(const IngestBatch& batch) {
  return Guarded([&]() -> Result<BatchCounts> {
    BatchWriter writer(*this, batch);
    MC_CHECK_OK(writer.Prepare(mostly_new_));
    auto counts = settings_.shared ? settings_.shared->Write(writer, settings_) : WriteAlone(writer);
    if (counts.ok()) mostly_new_ = counts->duplicate * 2 <= counts->fetched;
    return counts;
  });
}

// REQUIRES: inside a transaction of this store.
Result<BatchCounts> SqliteStore::WriteOne(BatchWriter& writer) {
  MC_TRY(const std::int64_t first, LedgerSize());
  MC_TRY(const BatchCounts counts, writer.Write(*this));
  MC_TRY(const std::int64_t end, LedgerSize());
  KeepPage(writer.batch(), first, end - 1);
  return counts;
}

Result<BatchCounts> SqliteStore::WriteAlone(BatchWriter& writer) {
  SQLite::Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
  MC_TRY(const BatchCounts counts, WriteOne(writer));
  transaction.commit();
  return counts;
}

Result<std::vector<BatchCounts>> SqliteStore::WriteTogether(const std::vector<BatchWriter*>& writers) {
  SQLite::Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
  std::vector<BatchCounts> counts;
  for (BatchWriter* writer : writers) {
    MC_TRY(const BatchCounts one, WriteOne(*writer));
    counts.push_back(one);
  }
  transaction.commit();
  return counts;
}

}  // namespace mc
