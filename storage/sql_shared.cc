#include "storage/sql_shared.h"

#include <algorithm>

namespace mc {

Result<BatchCounts> SharedWriter::Write(BatchWriter& batch, const StoreSettings& settings) {
  Waiting mine{&batch, std::nullopt};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&mine);
  while (!mine.result) {
    if (busy_) {
      turn_.wait(lock);
    } else {
      WriteNext(lock, settings);
    }
  }
  return *mine.result;
}

void SharedWriter::WriteNext(std::unique_lock<std::mutex>& lock, const StoreSettings& settings) {
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kGroupBatches));
  const Group group(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  busy_ = true;
  lock.unlock();
  std::vector<Result<BatchCounts>> results = WriteGroup(group, settings);
  lock.lock();  // those who wait look at their results under it
  for (std::size_t i = 0; i < group.size(); ++i) group[i]->result = std::move(results[i]);
  busy_ = false;
  turn_.notify_all();
}

std::vector<Result<BatchCounts>> SharedWriter::WriteGroup(const Group& group, const StoreSettings& settings) {
  std::vector<Result<BatchCounts>> results;
  const Status opened = Open(settings);
  if (opened.ok() && group.size() > 1 && WriteTogether(group, results)) return results;
  for (const Waiting* one : group) {
    results.push_back(opened.ok() ? Guarded([&] { return store_->WriteAlone(*one->batch); })
                                  : Result<BatchCounts>(opened.error()));
  }
  return results;
}

bool SharedWriter::WriteTogether(const Group& group, std::vector<Result<BatchCounts>>& results) {
  std::vector<BatchWriter*> writers;
  for (const Waiting* one : group) writers.push_back(one->batch);
  const auto counts = Guarded([&] { return store_->WriteTogether(writers); });
  if (!counts.ok()) return false;
  results.assign(counts->begin(), counts->end());
  return true;
}

Status SharedWriter::Open(const StoreSettings& settings) {
  if (store_) return Ok();
  StoreSettings own = settings;
  own.shared = nullptr;
  MC_TRY(store_, OpenSqlStore(std::move(own)));
  return Ok();
}

std::shared_ptr<SharedWriter> MakeSharedWriter() { return std::make_shared<SharedWriter>(); }

}  // namespace mc
