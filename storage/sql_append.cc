// AppendBatch: one page in one transaction, alone or with those of other stores.
#include "storage/sql_batch.h"
#include "storage/sql_shared.h"

namespace mc {

Result<BatchCounts> SqlStore::AppendBatch(const IngestBatch& batch) {
  return Guarded([&]() -> Result<BatchCounts> {
    BatchWriter writer(*this, batch);
    MC_CHECK_OK(writer.Prepare(mostly_new_));
    auto counts = settings_.shared ? settings_.shared->Write(writer, settings_) : WriteAlone(writer);
    if (counts.ok()) mostly_new_ = counts->duplicate * 2 <= counts->fetched;
    return counts;
  });
}

// REQUIRES: inside a transaction of this store.
Result<BatchCounts> SqlStore::WriteOne(BatchWriter& writer) {
  MC_TRY(const std::int64_t first, LedgerSize());
  MC_TRY(const BatchCounts counts, writer.Write(*this));
  MC_TRY(const std::int64_t end, LedgerSize());
  KeepPage(writer.batch(), first, end - 1);
  return counts;
}

Result<BatchCounts> SqlStore::WriteAlone(BatchWriter& writer) {
  SqlTransaction transaction(*db_, SqlTransaction::kWrite);
  MC_TRY(const BatchCounts counts, WriteOne(writer));
  transaction.Commit();
  return counts;
}

Result<std::vector<BatchCounts>> SqlStore::WriteTogether(const std::vector<BatchWriter*>& writers) {
  SqlTransaction transaction(*db_, SqlTransaction::kWrite);
  std::vector<BatchCounts> counts;
  for (BatchWriter* writer : writers) {
    MC_TRY(const BatchCounts one, WriteOne(*writer));
    counts.push_back(one);
  }
  transaction.Commit();
  return counts;
}

}  // namespace mc
