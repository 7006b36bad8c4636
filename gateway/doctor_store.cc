// What `doctor` reads in the store: head, what witnesses say of it, clock.
#include "gateway/doctor.h"

#include "gateway/exit_code.h"
#include "storage/head_signing.h"
#include "storage/start_check.h"

namespace mc {
namespace {

Finding Head(FindingState state, const std::string& code, const std::string& detail) {
  return {"log_head", "", state, code, detail};
}

// What a witness that has seen a larger head than the last one kept means: another process that signs
// now, or a store of another history.
Finding AheadFinding(const std::string& id, const WitnessAnswer& answer, Store& store, const Witness& witness,
                     const WitnessStatus& status) {
  // Read after the answer: what another process showed the witness is in the store by now.
  const auto head = store.Head();
  const auto unsigned_leaves = store.UnsignedLeaves();
  if (!head.ok() || !unsigned_leaves.ok()) return {"witness", id, FindingState::kWarning, "witness_behind", ""};
  if (answer.size <= head->size) return {"witness", id, FindingState::kOk, "", KeyName(witness.key())};
  const std::int64_t leaves = head->size + *unsigned_leaves;
  const Error error = WitnessError(witness, answer, leaves);
  if (answer.size > leaves) return {"witness", id, FindingState::kFault, error.code, error.message};
  // Whether this history has that head is found when the next one is signed; it may have been found already.
  if (IsContradicted(InternalError(status.error_code, ""))) {
    return {"witness", id, FindingState::kFault, status.error_code, status.error_text};
  }
  return {"witness", id, FindingState::kWarning, "witness_behind",
          "it has seen " + std::to_string(answer.size) + " leaves"};
}

Finding WitnessFinding(const std::string& id, const LedgerHead& head, Store& store, Witness& witness,
                       const WitnessStatus& status) {
  const WitnessAnswer answer =
      witness.Show(head, status.size, [&](const TileId& tile) { return store.ReadTile(tile); });
  const std::string size = std::to_string(head.size) + " leaves";
  const Error error = WitnessError(witness, answer, head.size);
  switch (answer.kind) {
    case WitnessAnswer::Kind::kCosigned:
      if (IsCosigned(head, witness.key())) return {"witness", id, FindingState::kOk, "", size + " are cosigned"};
      return {"witness", id, FindingState::kWarning, "witness_behind", "the head of " + size + " is not cosigned yet"};
    case WitnessAnswer::Kind::kOtherSize: return AheadFinding(id, answer, store, witness, status);
    case WitnessAnswer::Kind::kFork: return {"witness", id, FindingState::kFault, error.code, error.message};
    case WitnessAnswer::Kind::kFailed: break;
  }
  const bool unknown = error.code == "witness_log_unknown" || error.code == "witness_key_unknown";
  return {"witness", id, FindingState::kWarning, unknown ? error.code : "not_cosigned",
          error.code + ", " + error.message + "; cosigned last: " + std::to_string(status.size) + " of " + size};
}

}  // namespace

std::vector<Finding> CheckWitnesses(Store& store, const std::map<std::string, std::shared_ptr<Witness>>& witnesses) {
  if (witnesses.empty()) return {};
  const auto head = store.Head();
  const auto statuses = store.ListWitnessStatus();
  if (!head.ok() || !statuses.ok() || head->checkpoint.empty()) return {};
  std::vector<Finding> findings;
  for (const auto& [id, witness] : witnesses) {
    WitnessStatus known;
    for (const WitnessStatus& status : *statuses) {
      if (status.witness == witness->key()) known = status;
    }
    findings.push_back(WitnessFinding(id, *head, store, *witness, known));
  }
  return findings;
}

std::vector<Finding> CheckLedger(Store& store) {
  const auto head = store.Head();
  if (!head.ok()) return {Head(FindingState::kFault, head.error().code, head.error().message)};
  const auto behind = store.UnsignedLeaves();
  if (!behind.ok()) return {Head(FindingState::kFault, behind.error().code, behind.error().message)};
  const std::string size = std::to_string(head->size) + " leaves are signed";
  if (*behind == 0) return {Head(FindingState::kOk, "", size)};
  return {Head(FindingState::kWarning, "head_behind", size + ", " + std::to_string(*behind) + " are not yet")};
}

std::vector<Finding> CheckLogEnd(Store& store) {
  const auto faults = CheckAtStart(store);
  if (!faults.ok()) return {{"log_end", "", FindingState::kFault, faults.error().code, faults.error().message}};
  std::vector<Finding> findings;
  for (const Fault& fault : *faults) {
    if (fault.where == kSignedHead) continue;
    findings.push_back(
        {"log_end", fault.where, FindingState::kFault, "store_damaged", fault.what + ", " + fault.detail});
  }
  if (faults->empty()) findings.push_back({"log_end", "", FindingState::kOk, "", "the last leaves fit the tree"});
  return findings;
}

std::vector<Finding> CheckClockAgainst(const std::vector<SourceTotals>& totals, Instant now) {
  const RunReceipt* last = nullptr;
  for (const SourceTotals& total : totals) {
    if (total.last_run && (!last || total.last_run->ended_at > last->ended_at)) last = &*total.last_run;
  }
  if (!last) return {{"clock", "", FindingState::kOk, "", "no receipt yet"}};
  const std::string detail = "now " + FormatInstant(now) + ", last receipt " + FormatInstant(last->ended_at);
  if (now < last->ended_at) return {{"clock", "", FindingState::kFault, "clock_behind", detail}};
  return {{"clock", "", FindingState::kOk, "", detail}};
}

}  // namespace mc
