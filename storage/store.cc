#include "storage/store.h"

namespace mc {

BatchCounts& BatchCounts::operator+=(const BatchCounts& o) {
  fetched += o.fetched;
  added += o.added;
  revised += o.revised;
  duplicate += o.duplicate;
  quarantined += o.quarantined;
  return *this;
}

}  // namespace mc
