// read-back [SOURCE...]
#include <nlohmann/json.hpp>

#include "gateway/commands.h"
#include "gateway/installation.h"
#include "gateway/source_run.h"
#include "gateway/texts.h"

namespace mc {

// What the source contradicts is a result; only what stopped the read-back is a failure.
CommandResult RunReadBack(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const std::vector<std::string> sources, installation.ChooseSources(options.sources));
  Json list = Json::array();
  ExitCode exit = ExitCode::kDone;
  for (const std::string& source : sources) {
    const ReadBackResult result = ReadBackOneSource(installation, source, {});
    if (result.error) {
      const bool of_source = result.error->error_class == ErrorClass::kData;
      exit = Highest(exit, of_source ? ExitCode::kFailed : ExitFor(*result.error));
      console.Note(source + ": " + ErrorText(*result.error));
    }
    if (console.json()) {
      list.push_back(ReadBackToJson(result));
    } else {
      console.Line(ReadBackText(result));
    }
  }
  if (console.json()) console.Print({{"sources", std::move(list)}});
  return exit;
}

}  // namespace mc
