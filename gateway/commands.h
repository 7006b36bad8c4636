// One function per command. Each prints its result on the console and returns the exit
// code, or an error that the caller prints and turns into one (gateway/exit_code.h).
// Called once per process, from the main thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "gateway/console.h"
#include "gateway/exit_code.h"

namespace mc {

struct Options {
  std::string config = "gateway.jsonc";
  bool json = false;
  std::vector<std::string> sources;                 // sync, sources check
  std::string from_dir;                             // sync --from, restore
  std::string record_dir;                           // sync --record
  std::string period, person, unit, policy, as_of;  // score, explain, quality, summary
  bool publish = false;                             // score
  bool with_waiting = false;                        // lock
  std::string case_file, policies_dir;              // score --case
  std::string item;                                 // explain --item
  std::vector<std::string> records;                 // quarantine show, replay, drop; erase --record
  std::string source;                               // quarantine list, replay
  bool all = false;                                 // quarantine list
  std::string reason, by;                           // quarantine drop; erase --reason
  std::string category;                             // erase
  std::string requested_by, approved_by;            // erase
  bool confirm = false;                             // erase, link approve, upkeep
  bool older = false;                               // restore
  bool list = false;                                // quality --list
  std::string day;                                  // daily, quality --day, log access
  bool findings = false;                            // quality --findings
  std::string file;                                 // import, policy check, manifest check
  std::string out_file;                             // summary --out, prove --out
  std::string out_dir;                              // log export, backup
  std::string id;                                   // prove
  bool index = false;                               // fsck --index
  bool rollups = false;                             // fsck --rollups
  bool units = false, close_day = false;            // quality --units, --close-day
  std::string key_ref;                              // log rotate
  std::vector<std::string> keys;                    // verify --key
  std::vector<std::string> witnesses;               // verify --witness
  std::string register_id, label, account;          // link propose
  std::string from, to;                             // link propose, link end
  std::int64_t overlap_hours = 24;                  // client rotate
};

using CommandResult = Result<ExitCode>;
using Command = CommandResult (*)(const Options&, Console&);

CommandResult RunSync(const Options& options, Console& console);
CommandResult RunReadBack(const Options& options, Console& console);
CommandResult RunScore(const Options& options, Console& console);  // a period, or --case
CommandResult RunExplain(const Options& options, Console& console);
CommandResult RunFsck(const Options& options, Console& console);
CommandResult RunQuality(const Options& options, Console& console);
CommandResult RunDaily(const Options& options, Console& console);
CommandResult RunFindings(const Options& options, Console& console);  // quality --findings
CommandResult RunQuarantineList(const Options& options, Console& console);
CommandResult RunQuarantineShow(const Options& options, Console& console);
CommandResult RunQuarantineReplay(const Options& options, Console& console);
CommandResult RunQuarantineDrop(const Options& options, Console& console);
CommandResult RunSourcesList(const Options& options, Console& console);
CommandResult RunSourcesCheck(const Options& options, Console& console);
CommandResult RunPolicyCheck(const Options& options, Console& console);
CommandResult RunManifestCheck(const Options& options, Console& console);
CommandResult RunImportDirectory(const Options& options, Console& console);
CommandResult RunImportCatalogue(const Options& options, Console& console);
CommandResult RunImportAssessments(const Options& options, Console& console);
CommandResult RunSummary(const Options& options, Console& console);
CommandResult RunClientCreate(const Options& options, Console& console);
CommandResult RunClientRotate(const Options& options, Console& console);
CommandResult RunClientRevoke(const Options& options, Console& console);
CommandResult RunClientList(const Options& options, Console& console);
CommandResult RunDoctor(const Options& options, Console& console);
CommandResult RunLogExport(const Options& options, Console& console);
CommandResult RunLogSign(const Options& options, Console& console);
CommandResult RunLogAccess(const Options& options, Console& console);
CommandResult RunLogKeys(const Options& options, Console& console);
CommandResult RunLogRotate(const Options& options, Console& console);
CommandResult RunLogKey(const Options& options, Console& console);
CommandResult RunProveEvidence(const Options& options, Console& console);
CommandResult RunProveScore(const Options& options, Console& console);
CommandResult RunLinkList(const Options& options, Console& console);
CommandResult RunLinkPropose(const Options& options, Console& console);
CommandResult RunLinkEnd(const Options& options, Console& console);
CommandResult RunLinkApprove(const Options& options, Console& console);
CommandResult RunLinkReject(const Options& options, Console& console);
CommandResult RunLock(const Options& options, Console& console);
CommandResult RunErase(const Options& options, Console& console);
CommandResult RunBackup(const Options& options, Console& console);
CommandResult RunRestore(const Options& options, Console& console);
CommandResult RunUpkeep(const Options& options, Console& console);
CommandResult RunVerify(const Options& options, Console& console);
CommandResult RunServe(const Options& options, Console& console);

}  // namespace mc
