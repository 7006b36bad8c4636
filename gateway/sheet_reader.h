// Sheets as they are kept (storage/sheet_store.h), for the routes: the ones asked for lately stay in memory until their
// period has a newer edition. Also the notes of who looked at whose file. Safe from any thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "storage/store.h"

namespace mc {

// Connections that read at once; a request past it waits for one.
inline constexpr std::size_t kSheetStores = 4;
// Of sheets in memory; past it all are let go.
inline constexpr std::size_t kSheetCacheBytes = 256u * 1024 * 1024;
// Somebody who looks at the same thing again within it is noted once.
inline constexpr std::int64_t kSameLookMicros = 600 * kMicrosPerSecond;
inline constexpr std::size_t kSameLooksMost = 100'000;

struct ReadSheet {
  StoredSheet sheet;  // without its explanation
  std::string etag;   // quoted, of the card
  bool has_lines = false;
};
using SheetRef = std::shared_ptr<const ReadSheet>;

using StatusCounts = std::map<std::string, std::int64_t>;
using UnitCounts = std::map<std::string, StatusCounts>;  // unit -> status -> how many sheets
using CountsRef = std::shared_ptr<const UnitCounts>;

// Stores to borrow, each used by one thread at a time.
class StorePool {
 public:
  using Open = std::function<Result<std::unique_ptr<Store>>()>;
  StorePool(Open open, std::size_t most) : open_(std::move(open)), most_(most) {}

  class Borrowed {
   public:
    Borrowed(StorePool& pool, std::unique_ptr<Store> store) : pool_(&pool), store_(std::move(store)) {}
    Borrowed(Borrowed&& other) noexcept = default;
    Borrowed& operator=(Borrowed&&) = delete;
    ~Borrowed();
    Store& operator*() const { return *store_; }
    Store* operator->() const { return store_.get(); }

   private:
    StorePool* pool_;
    std::unique_ptr<Store> store_;
  };
  Result<Borrowed> Borrow();

 private:
  const Open open_;
  const std::size_t most_;
  std::mutex lock_;  // guards the next three
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Store>> idle_;
  std::size_t made_ = 0;
};

class SheetReader {
 public:
  SheetReader(StorePool::Open open, const Clock& clock) : stores_(std::move(open), kSheetStores), clock_(clock) {}

  // Asks which editions there are; called about once a second by one thread. On an error what is in memory stands.
  Status Refresh();
  std::vector<SheetEdition> Editions() const;  // by period, as of the last Refresh

  // Null where there is none.
  Result<SheetRef> Find(const std::string& period, const std::string& person);
  // The same without card and explanation (FindBrief): to decide who may see it. Whoever may not costs no whole sheet.
  Result<std::optional<StoredSheet>> Brief(const std::string& period, const std::string& person);
  // Of the same person and unit; empty text where there is none.
  Result<std::string> Explanation(const std::string& period, const StoredSheet& sheet);
  // The latest period of which the person has a sheet with work on it, else with nothing on it, among the latest
  // twelve; empty without one.
  Result<std::string> LatestPeriodOf(const std::string& person);

  // Of all units; read once for each edition of a period, because it takes as long as there are sheets. `store`: a
  // borrowed one.
  Result<CountsRef> Counts(Store& store, const std::string& period);

  // Durable when it returns, unless the same was noted within kSameLookMicros.
  Status Note(FileLook look);

  StorePool& stores() { return stores_; }

 private:
  using Key = std::pair<std::string, std::string>;  // period, person
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return std::hash<std::string>()(key.first) * 31 + std::hash<std::string>()(key.second);
    }
  };
  SheetRef Held(const Key& key) const;
  void Hold(const Key& key, std::int64_t edition, SheetRef sheet);
  std::int64_t EditionOf(const std::string& period) const;

  StorePool stores_;
  const Clock& clock_;
  mutable std::mutex lock_;  // guards the next four
  std::map<std::string, SheetEdition> editions_;
  std::map<std::string, CountsRef> counts_;  // by period
  std::unordered_map<Key, SheetRef, KeyHash> held_;
  std::size_t held_bytes_ = 0;
  std::mutex looks_lock_;  // guards the next
  std::map<std::string, Instant> looks_;
};

}  // namespace mc
