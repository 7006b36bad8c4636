// What stands in the store, read once for a day's text.
#include "gateway/daily.h"

#include "mapping/items.h"

namespace mc {
namespace {

Status ReadItems(const Installation& installation, Store& store, const std::vector<SourceTotals>& totals,
                 DailyReading& reading) {
  MC_TRY(const Policy policy, installation.PolicyOf(""));
  MC_TRY(const WorkCalendar calendar, installation.Calendar());
  MC_TRY(DirectoryData directory, installation.DirectoryOf(store));
  const IdentityIndex identity(std::move(directory));
  std::vector<EvidenceRevision> evidence;
  MC_CHECK_OK(store.ScanEvidence([&](const EvidenceRevision& revision) {
    evidence.push_back(revision);
    return Ok();
  }));
  const ItemSettings settings{policy.min_assurance, policy.report_due_working_hours, &calendar};
  const std::vector<WorkItem> items = BuildItems(evidence, identity, settings, reading.now);
  reading.waiting = WaitingKeys(items, identity);
  reading.quality = MeasureQuality(totals, evidence, items, identity);
  for (const WorkItem& item : items) {
    if (item.left || item.held.empty()) continue;
    ++reading.held_items;
    for (const std::string& reason : item.held) ++reading.held[reason.substr(0, reason.find(':'))];
  }
  return Ok();
}

Status ReadLog(const Installation& installation, Store& store, DailyReading& reading) {
  MC_TRY(const LedgerHead head, store.Head());
  reading.ledger_size = head.size;
  MC_TRY(reading.witnesses, ReadWitnessStates(installation, store, head));
  MC_TRY(reading.unsigned_leaves, store.UnsignedLeaves());
  return Ok();
}

}  // namespace

Result<DailyReading> ReadDaily(const Installation& installation, Store& store, CivilDate day, Instant now) {
  DailyReading reading;
  reading.day = day;
  reading.now = now;
  MC_TRY(reading.sources, ReadSourceStates(installation, store, now));
  MC_TRY(reading.receipts, store.ReceiptsOf(StartOfDay(day), StartOfDay(CivilDate{day.days + 1})));
  MC_TRY(reading.quarantine, store.ListQuarantine());
  MC_TRY(const std::vector<SourceTotals> totals, store.Totals());
  MC_CHECK_OK(ReadItems(installation, store, totals, reading));
  MC_CHECK_OK(ReadLog(installation, store, reading));
  return reading;
}

}  // namespace mc
