#include "mapping/xml_references.h"

namespace mc {

std::optional<RejectionReason> CheckReferences(std::string_view bytes, const RecordTree& tree) {
  if (bytes.find("&#") == std::string_view::npos) return std::nullopt;
  const RecordTree::Id bad = tree.FirstNotUtf8();
  if (bad == RecordTree::kNone) return std::nullopt;
  return RejectionReason{"bad_utf8", tree.PointerTo(bad), "utf-8", "A character reference names no character."};
}

}  // namespace mc
