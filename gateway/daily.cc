// What stands in the store, read once for a day's text.
#include "gateway/daily.h"

#include <algorithm>

#include "gateway/all_evidence.h"
#include "gateway/quality_now.h"
#include "mapping/items.h"

namespace mc {
namespace {

// The gates of the day's month, as a score of this moment would meet them.
Status ReadGates(Store& store, const Policy& policy, const std::vector<EvidenceRevision>& evidence,
                 const std::vector<WorkItem>& items, const IdentityIndex& identity, DailyReading& reading) {
  MC_TRY(const auto numbers, NumbersNow(store, evidence, items, identity, PeriodOf(reading.day), reading.day));
  reading.gates = ClosedGates(policy.quality_gates, numbers);
  for (const ClosedGate& gate : reading.gates) {
    if (const OrgUnit* unit = identity.FindUnit(gate.unit)) reading.unit_names[gate.unit] = unit->name;
  }
  return Ok();
}

// What read-back found stands until somebody acts, whatever month the record is of; the rest is of its month.
bool ConcernsDay(const SuppressionFinding& finding, const std::string& month) {
  const bool read_back = finding.kind == "gone" || finding.kind == "changed_untold";
  return read_back || finding.period.empty() || finding.period == month;
}

Status ReadFindings(Store& store, const std::vector<EvidenceRevision>& evidence, DailyReading& reading) {
  MC_TRY(const std::vector<LoggedReceipt> receipts, ReadReceipts(store));
  MC_TRY(const auto marks, store.ReadBackMarks());
  reading.findings = FindSuppression({evidence, receipts, marks});
  const std::string month = FormatPeriod(PeriodOf(reading.day));
  std::erase_if(reading.findings, [&](const SuppressionFinding& f) { return !ConcernsDay(f, month); });
  return Ok();
}

Status ReadItems(const Installation& installation, Store& store, const std::vector<SourceTotals>& totals,
                 DailyReading& reading) {
  MC_TRY(const Policy policy, installation.PolicyOf(""));
  MC_TRY(const WorkCalendar calendar, installation.Calendar());
  MC_TRY(DirectoryData directory, installation.DirectoryOf(store));
  const IdentityIndex identity(std::move(directory));
  MC_TRY(const std::vector<EvidenceRevision> evidence, AllEvidence(store));
  const ItemSettings settings{policy.min_assurance, policy.report_due_working_hours, &calendar};
  const std::vector<WorkItem> items = BuildItems(evidence, identity, settings, reading.now);
  reading.waiting = WaitingKeys(items, identity);
  reading.quality = MeasureQuality(totals, evidence, items, identity);
  for (const WorkItem& item : items) {
    if (item.left || item.held.empty()) continue;
    ++reading.held_items;
    for (const std::string& reason : item.held) ++reading.held[reason.substr(0, reason.find(':'))];
  }
  MC_CHECK_OK(ReadFindings(store, evidence, reading));
  return ReadGates(store, policy, evidence, items, identity, reading);
}

Status ReadLog(const Installation& installation, Store& store, DailyReading& reading) {
  MC_TRY(const LedgerHead head, store.Head());
  reading.ledger_size = head.size;
  MC_TRY(reading.witnesses, ReadWitnessStates(installation, store, head));
  MC_TRY(reading.unsigned_leaves, store.UnsignedLeaves());
  MC_TRY(const std::optional<QualityDay> closed, store.LastQualityDay());
  if (closed) reading.closed_day = closed->day;
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
  MC_TRY(reading.read_backs, store.LastReadBacks());
  return reading;
}

}  // namespace mc
