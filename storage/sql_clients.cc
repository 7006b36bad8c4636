// Machines: the rows behind leaves of kind `client`, and their check. A step carries an HMAC beside its leaf, so that a
// row that another hand wrote, moved or changed makes no client: then none is let in until fsck has been asked.
#include "storage/clients.h"
#include "storage/sql_check.h"

namespace mc {

std::string SqlStore::ClientStepCode(std::int64_t leaf, std::int64_t before, const std::string& object) const {
  return RowCode("client_step", {std::to_string(leaf), std::to_string(before), object});
}

// Each code covers the leaf of the step before, so that none in between can be taken out.
Result<StoredClients> SqlStore::FoldClientSteps() {
  StoredClients stored;
  Query row(sql_["SELECT leaf_index, object, check_code FROM client_steps ORDER BY leaf_index"]);
  while (row.Step()) {
    const std::string object = row.GetText(1);
    const auto step = ClientStepFromObject(object);
    const bool ours = step.ok() && row.GetText(2) == ClientStepCode(row.GetInt(0), stored.last_step, object);
    if (!ours || !ApplyClientStep(stored.clients, *step).ok()) {
      return InternalError("client_step_broken", "the step of a client at leaf " + std::to_string(row.GetInt(0)) +
                                                     " is not as it was written: run fsck, no machine is let in");
    }
    stored.last_step = row.GetInt(0);
  }
  return stored;
}

Result<std::int64_t> SqlStore::AppendClientStep(ClientStep step) {
  return Guarded([&]() -> Result<std::int64_t> {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    step.at = settings_.clock.Now();
    MC_TRY(const std::string object, ClientStepObject(step));
    MC_TRY(Ledger ledger, OpenLedger());
    MC_TRY(StoredClients stored, FoldClientSteps());
    MC_CHECK_OK(ApplyClientStep(stored.clients, step));
    MC_TRY(const std::int64_t leaf, AddLeaf(ledger, LeafKind::kClient, step.at, object));
    MC_CHECK_OK(CloseLedger(ledger));
    const std::string code = ClientStepCode(leaf, stored.last_step, object);
    Query(sql_["INSERT INTO client_steps (leaf_index, object, check_code) VALUES (?, ?, ?)"])
        .Int(leaf)
        .Text(object)
        .Blob(code)
        .Run();
    transaction.Commit();
    return leaf;
  });
}

Result<std::int64_t> SqlStore::LastClientStep() {
  return Guarded([&]() -> Result<std::int64_t> {
    Query row(sql_["SELECT max(leaf_index) FROM client_steps"]);
    row.Step();
    return row.GetOptionalInt(0).value_or(-1);
  });
}

Result<StoredClients> SqlStore::LoadClients() {
  return Guarded([&]() -> Result<StoredClients> { return FoldClientSteps(); });
}

std::optional<std::string> SqlStore::ClientStepObjectAt(std::int64_t leaf) {
  Query row(sql_["SELECT object FROM client_steps WHERE leaf_index = ?"]);
  if (!row.Int(leaf).Step()) return std::nullopt;
  return row.GetText(0);
}

void LeafChecker::CheckClientStep(const Opened& opened) {
  const std::string where = "client step of leaf " + std::to_string(opened.index);
  Query row(store_.sql_["SELECT object, check_code FROM client_steps WHERE leaf_index = ?"]);
  if (!row.Int(opened.index).Step()) return faults_.Add("orphan", where, "its row is missing");
  ++seen_.client_steps;
  const std::string object = row.GetText(0);
  CheckCommitment(opened, Result<std::string>(object), "client_commitment", where);
  if (!ClientStepFromObject(object).ok()) faults_.Add("client", where, "its object is no step of a client");
  Query before(store_.sql_["SELECT max(leaf_index) FROM client_steps WHERE leaf_index < ?"]);
  before.Int(opened.index).Step();
  if (row.GetText(1) != store_.ClientStepCode(opened.index, before.GetOptionalInt(0).value_or(-1), object)) {
    faults_.Add("client", where, "its code does not fit, or a step before it is missing");
  }
}

}  // namespace mc
