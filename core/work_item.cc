#include "core/work_item.h"

namespace mc {

bool operator==(const Standing& a, const Standing& b) {
  return a.assigned == b.assigned && a.completed == b.completed && a.late == b.late &&
         a.quality_failures == b.quality_failures && a.carried_over == b.carried_over &&
         a.no_deadline == b.no_deadline;
}

std::string_view Name(ItemKind kind) {
  switch (kind) {
    case ItemKind::kDocumentHandling: return "document_handling";
    case ItemKind::kDossier: return "dossier";
    case ItemKind::kReport: return "report";
    case ItemKind::kTask: return "task";
  }
  return "";
}

std::string_view Name(LinkState state) {
  switch (state) {
    case LinkState::kResolved: return "resolved";
    case LinkState::kAmbiguous: return "ambiguous";
    case LinkState::kUnresolved: return "unresolved";
    case LinkState::kNotApplicable: return "not_applicable";
  }
  return "";
}

}  // namespace mc
