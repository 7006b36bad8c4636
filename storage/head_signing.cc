#include "storage/head_signing.h"

#include <map>
#include <optional>
#include <set>

namespace mc {
namespace {

// How often a head is made anew because a witness has seen a larger one of another writer's.
constexpr int kRounds = 3;

// Shows heads to the witnesses and remembers what came of it.
class Showing {
 public:
  Showing(HeadStore& store, const Witnesses& witnesses, std::vector<WitnessStatus> known)
      : store_(store), witnesses_(witnesses) {
    for (WitnessStatus& status : known) statuses_[status.witness] = std::move(status);
  }

  // False: a witness has seen a larger head. An error: one holds what this log does not extend.
  Result<bool> Show(const LedgerHead& head, bool last_round) {
    lines_.clear();
    for (const auto& witness : witnesses_) {
      if (IsCosigned(head, witness->key())) continue;
      WitnessStatus& status = statuses_[witness->key()];
      status.witness = witness->key();
      asked_.insert(witness->key());
      const WitnessAnswer answer =
          witness->Show(head, status.size, [this](const TileId& id) { return store_.ReadTile(id); });
      if (answer.kind == WitnessAnswer::Kind::kOtherSize && !last_round) {
        ahead_ = {witness.get(), answer};
        return false;
      }
      if (!Take(*witness, answer, head, status)) return WitnessError(*witness, answer, head.size);
    }
    return true;
  }

  // The error of the witness that has seen more leaves than `ledger_size`, if one has.
  std::optional<Error> RolledBack(std::int64_t ledger_size) {
    if (!ahead_.first || ahead_.second.size <= ledger_size) return std::nullopt;
    const Error error = WitnessError(*ahead_.first, ahead_.second, ledger_size);
    Note(statuses_[ahead_.first->key()], error);
    return error;
  }

  const CosignatureLines& lines() const { return lines_; }
  std::vector<WitnessStatus> Asked() const {
    std::vector<WitnessStatus> asked;
    for (const auto& [key, status] : statuses_) {
      if (asked_.contains(key)) asked.push_back(status);
    }
    return asked;
  }

 private:
  static void Note(WitnessStatus& status, const Error& error) {
    status.error_code = error.code;
    status.error_text = error.message;
  }

  // False when the answer contradicts the head.
  bool Take(const Witness& witness, const WitnessAnswer& answer, const LedgerHead& head, WitnessStatus& status) {
    if (answer.kind == WitnessAnswer::Kind::kCosigned) {
      lines_[witness.key()] = answer.cosignature.line;
      status = {witness.key(), head.size, answer.cosignature.time, "", ""};
      return true;
    }
    Note(status, answer.kind == WitnessAnswer::Kind::kOtherSize
                     ? TransientError("witness_busy", "the witness goes on seeing larger heads of this log")
                     : WitnessError(witness, answer, head.size));
    return answer.kind != WitnessAnswer::Kind::kFork;
  }

  HeadStore& store_;
  const Witnesses& witnesses_;
  std::map<std::string, WitnessStatus> statuses_;
  std::set<std::string> asked_;
  CosignatureLines lines_;
  std::pair<const Witness*, WitnessAnswer> ahead_{nullptr, {}};
};

// What is refused is told to who looks later, too; the refusal stands whether or not that is saved.
Error Refused(HeadStore& store, const Showing& showing, Error error) {
  (void)store.SaveWitnessStatus(showing.Asked());
  return error;
}

}  // namespace

bool IsCosigned(const LedgerHead& head, const std::string& witness_key) {
  const auto note = SplitNote(head.checkpoint);
  return note && FindCosignature(note->signatures, note->text, witness_key).ok();
}

void AddCosignatures(LedgerHead& head, const CosignatureLines& lines) {
  for (const auto& [key, line] : lines) {
    if (!IsCosigned(head, key)) head.checkpoint += line;
  }
}

std::string KeyName(std::string_view verifier_key) {
  return std::string(verifier_key.substr(0, verifier_key.find('+')));
}

Error WitnessError(const Witness& witness, const WitnessAnswer& answer, std::int64_t ledger_size) {
  const std::string who = "the witness " + KeyName(witness.key());
  const std::string ours = std::to_string(ledger_size);
  const std::string theirs = std::to_string(answer.size);
  switch (answer.kind) {
    case WitnessAnswer::Kind::kOtherSize:
      return InternalError("witness_rollback", who + " has cosigned a head of " + theirs +
                                                   " leaves and this store holds " + ours +
                                                   ": it was put back from an old copy. Nothing is signed; put the "
                                                   "newest copy back, the witness's head is in it");
    case WitnessAnswer::Kind::kFork:
      return InternalError("witness_fork",
                           who + " has cosigned another head of " + theirs + " leaves than this store of " + ours +
                               " leaves had: the log has two "
                               "histories. Nothing is signed; find the store that the witness followed");
    case WitnessAnswer::Kind::kFailed:
    case WitnessAnswer::Kind::kCosigned: break;
  }
  return answer.error;
}

Result<LedgerHead> SignWitnessed(HeadStore& store, const Witnesses& witnesses) {
  std::vector<WitnessStatus> known;
  if (!witnesses.empty()) {
    MC_TRY(known, store.ListWitnessStatus());
  }
  Showing showing(store, witnesses, std::move(known));
  for (int round = 1;; ++round) {
    MC_TRY(const HeadStore::Next next, store.NextHead());
    // The tree was read after the witness spoke: what any writer showed it was durable by then.
    if (const auto error = showing.RolledBack(next.head.size)) return Refused(store, showing, *error);
    const auto all_seen = showing.Show(next.head, round == kRounds);
    if (!all_seen.ok()) return Refused(store, showing, all_seen.error());
    if (!*all_seen) continue;
    const std::vector<WitnessStatus> asked = showing.Asked();
    if (next.kept && asked.empty()) return next.head;
    return store.KeepHead(next.head, showing.lines(), asked);
  }
}

}  // namespace mc
