// One connection that several stores of a process write their batches through (group commit).
//
// A connection's cache holds only until another one has written, and each commit waits for the
// disk: collectors that take turns with connections of their own are slower together than one of
// them alone. Here the batches that wait while one is written go into the next transaction
// together, first come, first written. Each stands for itself: when one of a group is refused, or
// the group cannot be committed, each is written in a transaction of its own.
// Safe from any thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "storage/sql_batch.h"

namespace mc {

inline constexpr std::size_t kGroupBatches = 8;  // in one transaction

class SharedWriter {
 public:
  // Blocks until the batch is durable or refused. `settings` are those of the batch's store; the
  // first caller's open the connection, and all must name the same file and keys.
  Result<BatchCounts> Write(BatchWriter& batch, const StoreSettings& settings);

 private:
  struct Waiting {
    BatchWriter* batch;
    std::optional<Result<BatchCounts>> result;
  };
  using Group = std::vector<Waiting*>;

  // REQUIRES: held by `lock`, which it gives up while it writes.
  void WriteNext(std::unique_lock<std::mutex>& lock, const StoreSettings& settings);
  std::vector<Result<BatchCounts>> WriteGroup(const Group& group, const StoreSettings& settings);
  bool WriteTogether(const Group& group, std::vector<Result<BatchCounts>>& results);
  Status Open(const StoreSettings& settings);

  std::mutex mutex_;
  std::condition_variable turn_;
  std::deque<Waiting*> waiting_;
  bool busy_ = false;                   // somebody writes, and alone uses store_
  std::unique_ptr<SqlStore> store_;  // opened by the first batch
};

}  // namespace mc
