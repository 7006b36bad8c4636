#include "gateway/start_guard.h"

#include <algorithm>

#include "gateway/installation.h"

namespace mc {
namespace {

// serve looks for itself: it goes on, for reading.
constexpr Command kReading[] = {RunServe,         RunExplain,    RunFsck,         RunDaily,          RunFindings,
                                RunSourcesList,   RunSummary,    RunSourcesCheck, RunQuarantineList, RunQuarantineShow,
                                RunPolicyCheck,   RunClientList, RunDoctor,       RunLogExport,      RunManifestCheck,
                                RunProveEvidence, RunLogKeys,    RunLogKey,       RunProveScore,     RunLinkList,
                                RunRestore,       RunVerify};

}  // namespace

bool OnlyReads(Command command, const Options& options) {
  if (command == RunQuality) return !options.close_day;
  if (command == RunScore) return !options.publish;
  if (command == RunUpkeep) return !options.confirm;
  return std::find(std::begin(kReading), std::end(kReading), command) != std::end(kReading);
}

Status RefuseDamaged(const std::vector<Fault>& faults, Console& console) {
  if (faults.empty()) return Ok();
  for (const Fault& f : faults) console.Note("SAI LỆCH " + f.what + " tại " + f.where + ": " + f.detail);
  return InternalError("store_damaged", std::to_string(faults.size()) +
                                            " faults where the log ends, named above; nothing is written. Keep the "
                                            "store as it is, run fsck for the whole list, then put a copy back with "
                                            "restore (docs/operating/damaged-store.md)");
}

Status GuardStore(const Options& options, Console& console) {
  const auto installation = Installation::Load(options.config);
  if (!installation.ok()) return Ok();
  const auto store = installation->OpenExistingStore();
  if (!store.ok()) return Ok();
  MC_TRY(const std::vector<Fault> faults, CheckAtStart(**store));
  return RefuseDamaged(faults, console);
}

}  // namespace mc
