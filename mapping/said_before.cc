#include "mapping/said_before.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/evidence_text.h"

namespace mc {
namespace {

using RecordName = std::pair<std::string_view, std::string_view>;  // register, native id

RecordName NameOf(const EvidenceRevision& r) { return {r.evidence.register_id, r.evidence.native_id}; }

// What it states, without how it was read; nothing that is equal to anything where it cannot be written.
std::string StatementOf(const EvidenceRevision& r) {
  const auto bytes = WriteEvidence(r.evidence);
  if (!bytes.ok()) return "leaf " + std::to_string(r.leaf_index);
  return bytes->canonical.substr(0, bytes->provenance_at) + bytes->canonical.substr(bytes->provenance_end);
}

struct Said {
  std::string statement;
  std::int64_t leaf = 0;
};

}  // namespace

void MarkSaidBefore(std::vector<EvidenceRevision>& evidence) {
  std::map<RecordName, Said> last;  // of the few that were revised
  for (const EvidenceRevision& r : evidence) {
    if (r.revision > 1) last[NameOf(r)];
  }
  if (last.empty()) return;
  for (EvidenceRevision& r : evidence) {
    if (r.revision == 1 && r.latest) continue;  // the only one: nearly all
    const auto found = last.find(NameOf(r));
    if (found == last.end()) continue;
    Said& before = found->second;
    std::string statement = StatementOf(r);
    if (r.revision > 1 && statement == before.statement) {
      r.said_leaf = before.leaf;
    } else {
      before = {std::move(statement), r.leaf_index};
    }
  }
}

}  // namespace mc
