#include "gateway/sheet_keeper.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "core/log.h"
#include "gateway/check_sources.h"
#include "gateway/score_run.h"
#include "gateway/sheet_documents.h"

namespace mc {
namespace {

constexpr std::chrono::seconds kLookForGrowth{60};
// After a scoring that took long there is a rest of so many times as long: a city's takes minutes.
constexpr int kRestTimes = 10;

Result<ScoreRules> SheetRules(const Installation& installation, Store& store, Period period, Instant now) {
  ScoreRules rules;
  rules.period = period;
  rules.as_of = now;
  MC_TRY(rules.policy, installation.PolicyOf(""));
  MC_TRY(rules.catalogue, installation.CatalogueOf(store));
  MC_TRY(rules.directory, installation.DirectoryOf(store));
  MC_TRY(rules.calendar, installation.Calendar());
  MC_TRY(rules.sources, installation.SourcesOfRegisters());
  return rules;
}

// `next`, with the lease renewed now and then.
SheetFeed UnderLease(SheetFeed next, Store& store, const Lease& lease) {
  auto renew_at = std::chrono::steady_clock::now();
  return [next = std::move(next), &store, &lease, renew_at]() mutable -> Result<std::optional<StoredSheet>> {
    if (const auto now = std::chrono::steady_clock::now(); now >= renew_at) {
      MC_CHECK_OK(store.RenewLease(lease, kSheetsLeaseSecs));
      renew_at = now + kSheetsLeaseAgain;
    }
    return next();
  };
}

Result<SheetEdition> ScoreAndKeep(const Installation& installation, Store& store, const Lease& lease, Period period,
                                  Instant now, const std::function<bool()>& stopped) {
  MC_TRY(const LedgerHead head, store.Head());
  MC_TRY(ScoreRules rules, SheetRules(installation, store, period, now));
  rules.stopped = stopped;
  MC_TRY(const ScoreRun run, RunScoring(store, std::move(rules)));
  MC_TRY(CheckSources sources, CheckSourcesOf(installation, store));
  MC_TRY(SheetFeed sheets, MakeSheets(store, run, std::move(sources), stopped));
  return store.KeepSheets(lease, {FormatPeriod(period), 0, now, run.as_of, head.size, run.policy.id},
                          UnderLease(std::move(sheets), store, lease));
}

// From the log's size `then` to `now`. What happened at the gate makes a leaf a minute and no score another one; all
// other leaves may. Negative: there was no scoring.
Result<bool> CanScoreChange(Store& store, std::int64_t then, std::int64_t now) {
  if (then < 0 || then > now) return true;
  MC_TRY(const std::int64_t at_the_gate, store.CountAccess(then, now));
  return now - then > at_the_gate;
}

}  // namespace

Result<SheetEdition> KeepSheetsOf(const Installation& installation, Store& store, Period period, Instant now,
                                  const std::function<bool()>& stopped) {
  std::array<char, 256> host{};
  (void)::gethostname(host.data(), host.size() - 1);
  const std::string holder = std::string(host.data()) + " " + std::to_string(::getpid());
  MC_TRY(const Lease lease, store.AcquireLease("sheets " + FormatPeriod(period), holder, kSheetsLeaseSecs));
  auto kept = ScoreAndKeep(installation, store, lease, period, now, stopped);
  const Status released = store.ReleaseLease(lease);
  if (kept.ok() && !released.ok()) return released.error();
  return kept;
}

SheetKeeper::~SheetKeeper() {
  Stop();
  Join();
}

void SheetKeeper::Start() {
  thread_ = std::thread([this] { Work(); });
}

void SheetKeeper::Stop() { stop_.Set(); }

void SheetKeeper::Join() {
  if (thread_.joinable()) thread_.join();
}

void SheetKeeper::Work() {
  std::chrono::milliseconds rest{};
  do {
    const auto begun = std::chrono::steady_clock::now();
    const Result<int> looked = LookOnce();
    if (!looked.ok() && !stop_.IsSet()) Log(LogLevel::kWarn, "sheets_not_made", {{"error", looked.error().code}});
    const auto took = std::chrono::steady_clock::now() - begun;
    rest = std::max<std::chrono::milliseconds>(
        kLookForGrowth, kRestTimes * std::chrono::duration_cast<std::chrono::milliseconds>(took));
  } while (stop_.Sleep(rest));
}

Result<int> SheetKeeper::LookOnce() {
  MC_TRY(const auto store, installation_.OpenStore());
  const Instant now = clock_.Now();
  const Period current = PeriodOf(CityDate(now));
  MC_TRY(const LedgerHead head, store->Head());
  MC_TRY(const std::optional<std::int64_t> directory, store->DirectoryLeaf());
  if (head.size == 0 || !directory) return 0;  // nothing to score, or nobody
  MC_TRY(const std::vector<SheetEdition> editions, store->SheetEditions());
  std::map<std::string, std::int64_t> made_at = {{FormatPeriod(current), -1},
                                                 {FormatPeriod(PreviousPeriod(current)), -1}};
  for (const SheetEdition& edition : editions) made_at[edition.period] = edition.ledger_size;
  int scorings = 0;
  for (const auto& [text, size] : made_at) {
    if (stop_.IsSet()) break;
    MC_TRY(const bool grown, CanScoreChange(*store, size, head.size));
    if (!grown) continue;
    MC_TRY(const Period period, ParsePeriod(text));
    const auto kept = KeepSheetsOf(installation_, *store, period, now, [this] { return stop_.IsSet(); });
    if (!kept.ok() && kept.error().code != "lease_held") return kept.error();
    if (!kept.ok()) continue;
    ++scorings;
    Log(LogLevel::kInfo, "sheets_kept", {{"period", text}, {"edition", std::to_string(kept->edition)}});
  }
  return scorings;
}

}  // namespace mc
