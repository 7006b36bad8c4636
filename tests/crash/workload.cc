#include "tests/crash/workload.h"

#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "storage/leaf.h"

namespace mc::test {
namespace {

constexpr int kSmallLogPages = 40;  // so that the log is emptied into the file every few steps
constexpr const char* kErased = "Z1";

std::string KeyText(const SourceRecord& record) { return record.key.native_id + " " + ToHex(record.key.digest); }

PeriodLock SmallLock(std::int64_t through) {
  PeriodLock lock;
  lock.key = std::string(kPeriodKeyBytes, 'k');
  lock.rules = "{}";
  LockedEntry entry{{}, std::string(kSaltBytes, 's'), "", "{}", "{}"};
  entry.list = Must(PersonListText({"an", "2026-06", {0}, Sha256("{}"), Sha256("{}")}));
  entry.entry = {PersonPseudonym(lock.key, "an"), Commit(entry.salt, entry.list)};
  lock.entries = {entry};
  lock.index.period = "2026-06";
  lock.index.policy_id = "p";
  lock.index.through = through;
  lock.index.entries = 1;
  lock.index.root = PeriodRoot({entry.entry});
  lock.index.key_digest = Sha256(lock.key);
  return lock;
}

template <typename T>
Status StatusOnly(const Result<T>& result) {
  return result.ok() ? Ok() : Status(result.error());
}

Status LockSmallPeriod(Worker& worker) {
  MC_TRY(const LedgerHead head, worker.store().SignHead());
  return StatusOnly(worker.store().LockPeriod(SmallLock(head.size)));
}

Status SignStep(Worker& worker) {
  MC_TRY(worker.head, worker.store().SignHead());
  return Ok();
}

// What goes, goes from the journal first: gone is what the erasure promises.
Status EraseStep(Worker& worker) {
  const auto erased =
      worker.store().Erase({{IkOf(Task(kErased, "open").record.key)}, ErasureReason::kOrder, "by order", "an", "bao"});
  if (!erased.ok() && erased.error().code != "record_erased") return erased.error();
  worker.Forget(kErased);
  return Ok();
}

Status PutStep(Worker& worker, int n) {
  return StatusOnly(worker.store().PutInbox(
      {"pushed", "key-" + std::to_string(n), "application/json", "body " + std::to_string(n), std::nullopt, 1}));
}

Status ReopenStep(Worker& worker) {
  worker.Close();
  return worker.Open();
}

std::vector<IngestItem> PageOf(std::mt19937_64& random, int page) {
  std::vector<IngestItem> items;
  const std::string mark = std::to_string(page);
  const std::size_t count = 3 + random() % 6;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string id = std::to_string(random() % 12);
    switch (random() % 5) {
      case 0: items.push_back(Bad("B" + id, "bad in page " + mark)); break;
      case 1: items.push_back(Task("T" + id, "open")); break;  // often known already
      default: items.push_back(Task("T" + id, "state of page " + mark, std::string(random() % 700, 'x'))); break;
    }
  }
  return items;
}

Step AppendStep(std::mt19937_64& random, int page) {
  return {"page " + std::to_string(page), [items = PageOf(random, page), page](Worker& worker) {
            return worker.Append(items, "cursor " + std::to_string(page));
          }};
}

std::string Rows(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  REQUIRE_MESSAGE(sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK, sqlite3_errmsg(db));
  std::string text;
  int step = SQLITE_ROW;
  while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      const auto* value = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
      text += (i ? "|" : "") + std::string(value ? value : "-");
    }
    text += "\n";
  }
  REQUIRE_MESSAGE(step == SQLITE_DONE, sqlite3_errmsg(db));
  sqlite3_finalize(statement);
  return text;
}

// Not through the layer under test, and with nothing of the store's own code.
class Onlooker {
 public:
  explicit Onlooker(const std::string& path) {
    REQUIRE(sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READONLY, "unix") == SQLITE_OK);
    sqlite3_busy_timeout(db_, 5'000);
  }
  Onlooker(const Onlooker&) = delete;
  Onlooker& operator=(const Onlooker&) = delete;
  ~Onlooker() { sqlite3_close(db_); }
  std::string operator()(const std::string& sql) { return Rows(db_, sql); }

 private:
  sqlite3* db_ = nullptr;
};

constexpr const char* kContent[] = {
    "SELECT 'record', native_id, hex(digest), outcome, stream FROM records ORDER BY 2, 3",
    "SELECT 'evidence', e.native_id, e.revision, e.latest, hex(r.digest) FROM evidence e "
    "JOIN records r ON r.leaf_index = e.record_leaf ORDER BY 2, 3",
    "SELECT 'rejection', r.native_id, hex(r.digest), x.code FROM rejections x "
    "JOIN records r ON r.leaf_index = x.leaf_index ORDER BY 2, 3",
    "SELECT 'cursor', source, stream, position FROM cursors ORDER BY 2, 3",
    "SELECT 'inbox', idempotency_key, box IS NULL FROM inbox ORDER BY 2",
    "SELECT 'import', kind, hex(digest) FROM imports ORDER BY 2, 3",
    "SELECT 'decision', action, count(*) FROM decisions GROUP BY 2",
    "SELECT 'period', period FROM periods",
    "SELECT 'entries', count(*) FROM period_entries",
    "SELECT 'status', source, failures FROM source_status ORDER BY 2",
    "SELECT 'sums', source, period, measure, num, den FROM quality_state WHERE measure = 'correct' ORDER BY 2, 3",
};

}  // namespace

Status Worker::Open() {
  StoreSettings settings = harness_.Settings();
  settings.log_pages = kSmallLogPages;
  MC_TRY(store_, OpenSqliteStore(std::move(settings)));
  return Ok();
}

void Worker::Close() {
  store_.reset();
  lease_.reset();
}

Status Worker::Begin() {
  if (lease_) return Ok();
  MC_TRY(const Lease lease, store_->AcquireLease("hanoiwork", "test", 60));
  receipt_ = {};
  MC_TRY(receipt_.run, store_->BeginRun("hanoiwork", "hanoiwork"));
  receipt_.source = receipt_.register_id = "hanoiwork";
  receipt_.ended_at = Instant{1'790'000'000 * kMicrosPerSecond};
  lease_ = lease;
  return Ok();
}

Status Worker::Append(const std::vector<IngestItem>& items, const std::string& cursor) {
  MC_CHECK_OK(Begin());
  MC_CHECK_OK(store_->RenewLease(*lease_, 60));
  MC_TRY(const BatchCounts counts,
         store_->AppendBatch({"hanoiwork", "tasks", receipt_.run, lease_->fence, items, Cursor{cursor}}));
  receipt_.counts += counts;
  for (const IngestItem& item : items) acknowledged.insert(KeyText(item.record));
  return Ok();
}

Status Worker::EndRun() {
  MC_CHECK_OK(Begin());
  MC_CHECK_OK(store_->EndRun(receipt_));
  const Lease lease = *lease_;
  lease_.reset();
  return store_->ReleaseLease(lease);
}

std::vector<Step> StepsOf(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  int page = 0;
  std::vector<Step> steps = {
      {"open", [](Worker& worker) { return worker.is_open() ? Ok() : worker.Open(); }},
      {"first page", [](Worker& worker) {
         return worker.Append({Task(kErased, "open"), Bad(kErased, "?"), Task("T1", "open"), Bad("B0", "dropped")},
                              "0");
       }}};
  std::vector<Step> rest = {
      {"end of run", [](Worker& worker) { return worker.EndRun(); }, {"run_ended"}},
      {"end of run", [](Worker& worker) { return worker.EndRun(); }, {"run_ended"}},
      {"head", SignStep},
      {"head", SignStep},
      {"reopen", ReopenStep},
      {"reopen", ReopenStep},
      {"directory", [](Worker& w) { return StatusOnly(w.store().ImportDirectory(Json{{"name", "a"}})); }},
      {"assessments", [](Worker& w) { return StatusOnly(w.store().ImportAssessments(Json{{"name", "b"}})); }},
      {"link", [](Worker& w) { return StatusOnly(w.store().AppendLink(Json{{"name", "d"}}, -1)); }, {"links_changed"}},
      {"drop",
       [](Worker& w) {
         return w.store().DropQuarantined(IkOf(Bad("B0", "dropped").record.key), "an", "sent by mistake");
       },
       {"dropped_already", "not_in_quarantine"}},
      {"lock", LockSmallPeriod, {"period_locked"}},
      {"erase", EraseStep, {}, kErased},
      {"wipe", [](Worker& w) { return w.store().WipeErased(); }},
      {"push 1", [](Worker& w) { return PutStep(w, 1); }},
      {"push 2", [](Worker& w) { return PutStep(w, 2); }},
      {"status",
       [](Worker& w) {
         SourceStatus status;
         status.source = "hanoiwork";
         status.failures = 3;
         return w.store().SaveSourceStatus(status);
       }},
  };
  for (int i = 0; i < 5; ++i) rest.push_back(AppendStep(random, ++page));
  std::shuffle(rest.begin(), rest.end(), random);
  steps.insert(steps.end(), rest.begin(), rest.end());
  return steps;
}

std::string ContentOf(const std::string& path) {
  Onlooker look(path);
  std::string text;
  for (const char* sql : kContent) text += look(sql);
  return text;
}

void Worker::Forget(const std::string& native_id) {
  std::erase_if(acknowledged, [&](const std::string& key) { return key.starts_with(native_id + " "); });
}

std::string LostOrDoubled(const Worker& worker) {
  Onlooker look(const_cast<Worker&>(worker).harness().path());
  std::map<std::string, int> held;
  const std::string rows = look("SELECT native_id || ' ' || lower(hex(digest)) FROM records");
  for (std::size_t at = 0; at < rows.size();) {
    const std::size_t end = rows.find('\n', at);
    ++held[rows.substr(at, end - at)];
    at = end + 1;
  }
  std::string wrong;
  for (const std::string& key : worker.acknowledged) {
    if (held[key] != 1) wrong += key + " stands " + std::to_string(held[key]) + " times\n";
  }
  for (const auto& [key, count] : held) {
    if (count > 1) wrong += key + " stands " + std::to_string(count) + " times\n";
  }
  if (!worker.head.checkpoint.empty()) {
    const std::string known = look("SELECT count(*) FROM heads WHERE size = " + std::to_string(worker.head.size) +
                                   " AND note = '" + worker.head.checkpoint + "'");
    if (known != "1\n") wrong += "the head of " + std::to_string(worker.head.size) + " leaves is gone\n";
  }
  return wrong;
}

}  // namespace mc::test
