// prove, verify.
#include <nlohmann/json.hpp>
#include <set>

#include "core/digest.h"
#include "core/signature.h"
#include "gateway/bundle_check.h"
#include "gateway/bundle_texts.h"
#include "gateway/commands.h"
#include "gateway/installation.h"
#include "gateway/prove.h"
#include "gateway/whole_file.h"

namespace mc {
namespace {

Status WriteBundle(const std::string& archive, const Options& options, Console& console) {
  MC_CHECK_OK(WriteWhole(options.out_file, archive, FileReaders::kOwner));
  if (console.json()) {
    console.Print({{"file", options.out_file}, {"bytes", archive.size()}, {"sha256", ToHex(Sha256(archive))}});
  } else {
    console.Line("Đã ghi " + options.out_file + " (" + std::to_string(archive.size()) + " byte, SHA-256 " +
                 ToHex(Sha256(archive)) + ").");
    console.Line("Gói chứa dữ liệu gốc: chỉ giao cho người có quyền xem.");
  }
  return Ok();
}

// A leaf alone may be a receipt or an edition: such a thing is no evidence.
Status CheckOwnWork(const std::string& archive, const std::string& key) {
  MC_TRY(const OpenedBundle bundle, OpenBundle(archive));
  const auto report = CheckBundle(bundle, key);
  if (report.ok()) return Ok();
  if (report.error().code == "wrong_kind") return ConfigError("bad_id", "this leaf is neither evidence nor a record");
  return InternalError("bad_bundle", "the bundle that was made does not verify: " + report.error().message);
}

void PrintVerdict(const Options& options, const Result<BundleReport>& report, Console& console) {
  if (console.json()) return console.Print(VerdictJson(options.file, !options.keys.empty(), report));
  for (const std::string& line : VerdictText(options.file, !options.keys.empty(), report)) console.Line(line);
}

Status CheckWitnessKeys(const std::vector<std::string>& keys) {
  const std::set<std::string> once(keys.begin(), keys.end());
  if (once.size() != keys.size()) return ConfigError("usage", "--witness: the same key stands twice");
  for (const std::string& key : keys) {
    if (!IsCosignerKey(key))
      return ConfigError("bad_key", "--witness needs a witness's verifier key, name+id+key of type 04");
  }
  return Ok();
}

Result<BundleReport> CheckArchive(const std::string& archive, const Options& options) {
  MC_TRY(const OpenedBundle bundle, OpenBundle(archive));
  MC_TRY(const std::string key, KeyFor(bundle, options.keys));
  return CheckBundle(bundle, key, options.witnesses);
}

}  // namespace

CommandResult RunProveEvidence(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const std::string key, installation.LogVerifierKey());
  MC_TRY(const std::string archive, ProveEvidence(*store, options.id, key));
  MC_CHECK_OK(CheckOwnWork(archive, key));
  MC_CHECK_OK(WriteBundle(archive, options, console));
  return ExitCode::kDone;
}

CommandResult RunProveScore(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const std::string key, installation.LogVerifierKey());
  MC_TRY(const std::string archive, ProveScore(*store, options.period, options.person, key));
  MC_CHECK_OK(CheckOwnWork(archive, key));
  MC_CHECK_OK(WriteBundle(archive, options, console));
  return ExitCode::kDone;
}

CommandResult RunVerify(const Options& options, Console& console) {
  MC_CHECK_OK(CheckWitnessKeys(options.witnesses));
  MC_TRY(const std::string archive, ReadWhole(options.file, kBundleByteLimit));
  const Result<BundleReport> report = CheckArchive(archive, options);
  PrintVerdict(options, report, console);
  return report.ok() ? ExitCode::kDone : ExitCode::kFault;
}

}  // namespace mc
