// log export, log key.
#include <nlohmann/json.hpp>
#include <string>

#include "core/signature.h"
#include "gateway/commands.h"
#include "gateway/installation.h"
#include "storage/log_files.h"

namespace mc {

CommandResult RunLogExport(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const LedgerHead head, ExportLog(*store, options.out_dir, [&](std::int64_t done, std::int64_t total) {
           console.Progress("Đang ghi " + std::to_string(done) + "/" + std::to_string(total) + " tệp");
         }));
  console.EndProgress();
  if (console.json()) {
    console.Print({{"folder", options.out_dir}, {"size", head.size}, {"checkpoint", head.checkpoint}});
  } else {
    console.Line("Đã ghi nhật ký " + std::to_string(head.size) + " lá vào " + options.out_dir +
                 " (C2SP tlog-tiles): checkpoint, tile/.");
  }
  return ExitCode::kDone;
}

CommandResult RunLogKey(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  const Settings& settings = installation.settings();
  MC_TRY(const std::string seed, settings.log_key.ResolveKey());
  const std::string key = VerifierKey({settings.log_origin, seed});
  if (console.json()) {
    console.Print({{"origin", settings.log_origin}, {"verifier_key", key}});
  } else {
    console.Line(key);
  }
  return ExitCode::kDone;
}

}  // namespace mc
