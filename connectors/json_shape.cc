#include "connectors/json_shape.h"

#include <algorithm>

namespace mc {

std::unique_ptr<JsonShape> ShapeOf(ConnectorKind kind) {
  switch (kind) {
    case ConnectorKind::kDossierRead: return MakeDossierRead();
    case ConnectorKind::kFieldReports: return MakeFieldReports();
    case ConnectorKind::kQlnvTasks: return MakeQlnvTasks();
    default: return nullptr;
  }
}

std::string DayText(CivilDate day, char separator) {
  std::string text = FormatDate(day);
  std::replace(text.begin(), text.end(), '-', separator);
  return text;
}

const ManifestStream& StreamWith(const Manifest& manifest, std::string_view argument) {
  const auto found = std::find_if(manifest.streams.begin(), manifest.streams.end(),
                                  [&](const ManifestStream& stream) { return stream.argument == argument; });
  return found == manifest.streams.end() ? manifest.streams.front() : *found;
}

}  // namespace mc
