#include "gateway/check_sources.h"

#include <string>
#include <utility>

#include "gateway/stored_links.h"

namespace mc {

// Sources that are pulled; of one that was read from saved files last, nobody can say who sent them.
Result<CheckSources> CheckSourcesOf(const Installation& installation, Store& store) {
  CheckSources sources;
  for (const auto& [source, settings] : installation.settings().sources) {
    const auto manifest = installation.ManifestOf(source);
    if (manifest.ok()) sources.channels[source] = {manifest->kind, manifest->auth.kind};
  }
  MC_TRY(const std::vector<SourceTotals> totals, store.Totals());
  for (const SourceTotals& one : totals) {
    if (one.last_run && one.last_run->outcome == RunOutcome::kSaved) sources.channels.erase(one.source);
  }
  MC_TRY(const auto marks, store.ReadBackMarks());
  for (const auto& [ik, mark] : marks) {
    sources.read_back[ik] = {"read_back", CheckState::kFailed, "read_back_" + std::string(Name(mark.verdict)),
                             "leaf " + std::to_string(mark.read_back)};
  }
  MC_TRY(StoredLinks stored, LoadLinks(store));
  sources.links = std::move(stored.links);
  return sources;
}

}  // namespace mc
