// What tells one paged JSON source from another. Each implementation is one .cc, without
// state and without I/O; paging, windows, retries and splitting are elsewhere.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connectors/http_pull.h"
#include "connectors/json_page.h"
#include "connectors/manifest.h"
#include "connectors/records.h"
#include "connectors/windows.h"

namespace mc {

class JsonShape {
 public:
  virtual ~JsonShape() = default;

  virtual JsonLayout Layout() const = 0;
  virtual bool WholeDays() const { return true; }
  virtual bool ByUnit() const { return false; }  // asked once per organisation code

  // The request for page `position.pages.page` of the position's window.
  virtual FetchRequest RequestFor(const ManifestStream& stream, const Position& position) const = 0;
  virtual RecordId IdOf(const ManifestStream& stream) const = 0;
  // What the request said that the record does not.
  virtual std::map<std::string, std::string> FactsOf(const Position&) const { return {}; }

  // Saved files: top-level fields by which a record is known to be of this shape, the
  // stream that it belongs to, and facts from the file's name or the page around it.
  virtual std::vector<std::string> Marks() const = 0;
  virtual const ManifestStream& StreamOf(const Manifest& manifest, const JsonRow& row) const = 0;
  virtual std::map<std::string, std::string> SavedFacts(std::string_view /*name*/, const JsonPage&) const { return {}; }
};

std::unique_ptr<JsonShape> MakeDossierRead();
std::unique_ptr<JsonShape> MakeFieldReports();
std::unique_ptr<JsonShape> MakeQlnvTasks();

// nullptr for kinds that are not paged JSON.
std::unique_ptr<JsonShape> ShapeOf(ConnectorKind kind);

std::string DayText(CivilDate day, char separator);  // "2026/06/30"
// The stream with this argument, else the first one.
const ManifestStream& StreamWith(const Manifest& manifest, std::string_view argument);

}  // namespace mc
