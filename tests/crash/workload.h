// What a store is used for, as a list of steps from a seed, each of which the store answers or refuses; and what is
// seen of it from outside, through a connection of SQLite's own.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/storage/sqlite_harness.h"

namespace mc::test {

// One store file, and who works with it: what a collector keeps in memory is lost with the store object.
class Worker {
 public:
  explicit Worker(SqliteHarness& harness) : harness_(harness) {}

  Status Open();
  void Close();
  Store& store() { return *store_; }
  bool is_open() const { return store_ != nullptr; }
  SqliteHarness& harness() { return harness_; }

  Status Append(const std::vector<IngestItem>& items, const std::string& cursor);
  void Forget(const std::string& native_id);  // its records were taken away, and are no longer waited for
  Status EndRun();

  // Keys of records that were acknowledged, kept apart from the store.
  std::set<std::string> acknowledged;
  LedgerHead head;  // the last one that was handed out

 private:
  Status Begin();

  SqliteHarness& harness_;
  std::unique_ptr<Store> store_;
  std::optional<Lease> lease_;
  RunReceipt receipt_;
};

struct Step {
  std::string name;
  std::function<Status(Worker&)> run;
  std::set<std::string> done_before = {};  // errors that say so to whoever asks again after a crash
  std::string takes_away = {};             // native id whose records are gone when it is done; empty: none
};

// Pages of new, repeated, revised and unreadable records, receipts, heads, imports, links, pushed messages, a
// decision, a locked period, an erasure, closing and opening again; in an order of its own for each seed.
std::vector<Step> StepsOf(std::uint64_t seed);

// Everything that does not depend on when, in which run and how often it was tried. Empty: there are no tables yet.
std::string ContentOf(const std::string& path);
// Of each acknowledged record that is not there exactly once: what is wrong.
std::string LostOrDoubled(const Worker& worker);

}  // namespace mc::test
