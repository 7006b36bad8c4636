// Leases, runs with their receipts, cursors.
#include "storage/sql_store.h"

namespace mc {
namespace {

Error FencedOff(const std::string& source) {
  return TransientError("fenced_off", "another collector has taken over source " + source + "; this one must stop");
}

Status CheckReceipt(const RunReceipt& receipt, const RunRow& row) {
  const RunReceipt& begun = row.receipt;
  if (row.state == "abandoned") return FencedOff(receipt.source);
  if (row.state != "open") return InternalError("run_ended", "this run has its receipt already");
  if (receipt.source != begun.source || receipt.register_id != begun.register_id) {
    return InternalError("bad_receipt", "the receipt names another source or register than its run");
  }
  if (receipt.counts != begun.counts) {
    return InternalError("bad_receipt", "the receipt's counts are not the sum of the run's batches");
  }
  const BatchCounts& counts = receipt.counts;
  if (counts.fetched != counts.added + counts.revised + counts.duplicate + counts.quarantined) {
    return InternalError("bad_receipt", "what the run fetched is not new + revised + duplicate + quarantined");
  }
  if (receipt.complete_through && receipt.outcome != RunOutcome::kComplete) {
    return InternalError("bad_receipt", "only a complete run says up to when it is complete");
  }
  return Ok();
}

}  // namespace

RunRow RunFrom(const Query& row) {
  RunRow run;
  RunReceipt& receipt = run.receipt;
  receipt.run = row.GetInt(0);
  receipt.source = row.GetText(1);
  receipt.register_id = row.GetText(2);
  run.state = row.GetText(3);
  receipt.started_at = Instant{row.GetInt(4)};
  receipt.ended_at = Instant{row.GetInt(5)};
  receipt.counts = {row.GetInt(6), row.GetInt(7), row.GetInt(8), row.GetInt(9), row.GetInt(10)};
  receipt.control_total = row.GetOptionalInt(11);
  receipt.offered = row.GetOptionalInt(12);
  receipt.unread = row.GetInt(13);
  receipt.complete_through = InstantOf(row.GetOptionalInt(14));
  receipt.error_code = row.GetText(15);
  run.leaf = row.GetOptionalInt(16);
  if (auto outcome = RunOutcomeFrom(run.state); outcome.ok()) receipt.outcome = *outcome;
  return run;
}

// A fence outlives its lease: it only goes out of force when somebody else takes the lease. Who waits for another's
// lease to run out asks often: only who may have it takes a writer's turn, and looks again in it.
Result<Lease> SqlStore::AcquireLease(const std::string& source, const std::string& holder, std::int64_t ttl_secs) {
  const auto next_fence = [&](Instant now) -> Result<std::int64_t> {
    Query row(sql_["SELECT holder, fence, until FROM leases WHERE source = ?"]);
    row.Text(source);
    if (!row.Step()) return std::int64_t{1};
    if (row.GetText(0) != holder && row.GetInt(2) > now.micros) {
      return TransientError("lease_held", "source " + source + " is being collected by another process");
    }
    return row.GetInt(1) + 1;
  };
  return Guarded([&]() -> Result<Lease> {
    {
      const SqlTransaction look(*db_, SqlTransaction::kRead);
      if (const auto fence = next_fence(db_->LeaseNow(settings_.clock)); !fence.ok()) return fence.error();
    }
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    const Instant now = db_->LeaseNow(settings_.clock);
    MC_TRY(const std::int64_t fence, next_fence(now));
    const Lease lease{source, holder, fence, Instant{now.micros + ttl_secs * kMicrosPerSecond}};
    Query(sql_["INSERT INTO leases (source, holder, fence, until) VALUES (?, ?, ?, ?) ON CONFLICT (source) "
               "DO UPDATE SET holder = excluded.holder, fence = excluded.fence, until = excluded.until"])
        .Text(source)
        .Text(holder)
        .Int(lease.fence)
        .Int(lease.until.micros)
        .Run();
    transaction.Commit();
    return lease;
  });
}

Status SqlStore::RenewLease(const Lease& lease, std::int64_t ttl_secs) {
  return Guarded([&]() -> Status {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    MC_CHECK_OK(CheckFence(lease.source, lease.fence));
    Query(sql_["UPDATE leases SET until = ? WHERE source = ?"])
        .Int(db_->LeaseNow(settings_.clock).micros + ttl_secs * kMicrosPerSecond)
        .Text(lease.source)
        .Run();
    transaction.Commit();
    return Ok();
  });
}

Status SqlStore::ReleaseLease(const Lease& lease) {
  return Guarded([&]() -> Status {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    MC_CHECK_OK(CheckFence(lease.source, lease.fence));
    Query(sql_["UPDATE leases SET until = 0 WHERE source = ?"]).Text(lease.source).Run();
    transaction.Commit();
    return Ok();
  });
}

Status SqlStore::CheckFence(const std::string& source, std::int64_t fence) {
  Query row(sql_["SELECT fence FROM leases WHERE source = ?"]);
  row.Text(source);
  if (fence < 1 || !row.Step() || row.GetInt(0) != fence) return FencedOff(source);
  return Ok();
}

Result<std::optional<RunRow>> SqlStore::ReadRun(std::int64_t run) {
  Query row(sql_["SELECT " MC_RUN_COLUMNS " FROM runs WHERE run = ?"]);
  row.Int(run);
  if (!row.Step()) return std::optional<RunRow>();
  return std::optional<RunRow>(RunFrom(row));
}

Result<std::int64_t> SqlStore::BeginRun(const std::string& source, const std::string& register_id) {
  return Guarded([&]() -> Result<std::int64_t> {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    // A run that is still open was killed: what it stored stays, its receipt never comes.
    Query(sql_["UPDATE runs SET state = 'abandoned' WHERE source = ? AND state = 'open'"]).Text(source).Run();
    std::int64_t run = 1;
    {
      Query row(sql_["SELECT max(run) FROM runs"]);
      row.Step();
      run = row.GetOptionalInt(0).value_or(0) + 1;
    }
    Query(sql_["INSERT INTO runs (run, source, register_id, state, started_at, fetched, added, revised, duplicate, "
               "quarantined, unread, error_code) VALUES (?, ?, ?, 'open', ?, 0, 0, 0, 0, 0, 0, '')"])
        .Int(run)
        .Text(source)
        .Text(register_id)
        .Int(settings_.clock.Now().micros)
        .Run();
    SaveRunQuality({run, source, "", "", std::nullopt});
    transaction.Commit();
    return run;
  });
}

Status SqlStore::EndRun(const RunReceipt& given) {
  return Guarded([&]() -> Status {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    MC_TRY(const std::optional<RunRow> row, ReadRun(given.run));
    if (!row) return InternalError("bad_receipt", "the receipt's run was never begun");
    MC_CHECK_OK(CheckReceipt(given, *row));
    RunReceipt receipt = given;
    receipt.started_at = row->receipt.started_at;  // the store's own, from BeginRun
    MC_TRY(const std::string object, ReceiptObject(receipt));
    MC_TRY(Ledger ledger, OpenLedger());
    MC_TRY(const std::int64_t leaf, AddLeaf(ledger, LeafKind::kReceipt, settings_.clock.Now(), object));
    MC_CHECK_OK(CloseLedger(ledger));
    const std::string state(Name(receipt.outcome));
    Query(sql_["UPDATE runs SET state = ?, ended_at = ?, control_total = ?, offered = ?, unread = ?, "
               "complete_through = ?, error_code = ?, leaf_index = ? WHERE run = ?"])
        .Text(state)
        .Int(receipt.ended_at.micros)
        .OptionalInt(receipt.control_total)
        .OptionalInt(receipt.offered)
        .Int(receipt.unread)
        .OptionalInt(MicrosOf(receipt.complete_through))
        .Text(receipt.error_code)
        .Int(leaf)
        .Int(receipt.run)
        .Run();
    EndRunQuality(receipt);
    transaction.Commit();
    return Ok();
  });
}

Result<std::optional<RunReceipt>> SqlStore::LastRun(const std::string& source, bool complete_only) {
  Query row(complete_only ? sql_["SELECT " MC_RUN_COLUMNS " FROM runs WHERE source = ? AND state = 'complete' "
                                 "ORDER BY run DESC LIMIT 1"]
                          : sql_["SELECT " MC_RUN_COLUMNS " FROM runs WHERE source = ? AND "
                                 "state IN ('complete', 'failed', 'saved') ORDER BY run DESC LIMIT 1"]);
  row.Text(source);
  if (!row.Step()) return std::optional<RunReceipt>();
  return std::optional<RunReceipt>(RunFrom(row).receipt);
}

Result<std::map<std::string, Instant>> SqlStore::CompleteThrough(const std::string& register_id) {
  return Guarded([&]() -> Result<std::map<std::string, Instant>> {
    Query row(
        sql_["SELECT source, max(complete_through) FROM runs WHERE register_id = ? AND state = 'complete' AND "
             "complete_through IS NOT NULL GROUP BY source"]);
    row.Text(register_id);
    std::map<std::string, Instant> through;
    while (row.Step()) through.emplace(row.GetText(0), Instant{row.GetInt(1)});
    return through;
  });
}

Result<std::vector<RunReceipt>> SqlStore::ReceiptsOf(Instant from, Instant to) {
  return Guarded([&]() -> Result<std::vector<RunReceipt>> {
    std::vector<RunReceipt> receipts;
    Query row(sql_["SELECT " MC_RUN_COLUMNS " FROM runs WHERE leaf_index IS NOT NULL AND ended_at >= ? AND "
                   "ended_at < ? ORDER BY run"]);
    row.Int(from.micros).Int(to.micros);
    while (row.Step()) receipts.push_back(RunFrom(row).receipt);
    return receipts;
  });
}

std::string SqlStore::CursorCheck(const std::string& source, const std::string& stream,
                                  const std::string& position) const {
  return RowCode("cursor", {source, stream, position});
}

std::string SqlStore::RowCode(const std::string& table, const std::vector<std::string>& parts) const {
  std::string row = table;
  for (const std::string& part : parts) row += "|" + std::to_string(part.size()) + "|" + part;
  return std::string(AsBytes(HmacSha256(settings_.sealing_key, row)));
}

void SqlStore::SaveCursor(const std::string& source, const std::string& stream, const Cursor& cursor) {
  const std::string check = CursorCheck(source, stream, cursor.text);
  Query(sql_["INSERT INTO cursors (source, stream, position, check_code) VALUES (?, ?, ?, ?) ON CONFLICT "
             "(source, stream) DO UPDATE SET position = excluded.position, check_code = excluded.check_code"])
      .Text(source)
      .Text(stream)
      .Text(cursor.text)
      .Blob(check)
      .Run();
}

Result<std::optional<Cursor>> SqlStore::CursorFor(const std::string& source, const std::string& stream) {
  return Guarded([&]() -> Result<std::optional<Cursor>> {
    Query row(sql_["SELECT position, check_code FROM cursors WHERE source = ? AND stream = ?"]);
    row.Text(source).Text(stream);
    if (!row.Step()) return std::optional<Cursor>();
    Cursor cursor{row.GetText(0)};
    if (row.GetText(1) != CursorCheck(source, stream, cursor.text)) {
      return InternalError("store_cursor",
                           "the stored position of " + source + "/" + stream + " was changed; run fsck");
    }
    return std::optional<Cursor>(std::move(cursor));
  });
}

}  // namespace mc
