#include "gateway/stored_links.h"

#include <nlohmann/json.hpp>

#include "core/json.h"

namespace mc {

Result<StoredLinks> LoadLinks(Store& store, std::int64_t through) {
  MC_TRY(const std::vector<StoredImport> steps, store.ImportsBefore("link", through));
  StoredLinks stored;
  for (const StoredImport& step : steps) {
    MC_TRY(const Json document, ParseJson(step.document));
    const Status taken = stored.links.Take(document, step.leaf);
    if (!taken.ok()) {
      return InternalError("store_links", "the step of a manual link at leaf " + std::to_string(step.leaf) +
                                              " does not follow from those before: " + taken.error().message +
                                              "; run fsck");
    }
    stored.last_leaf = step.leaf;
  }
  return stored;
}

}  // namespace mc
