// One installation, put together by hand from its settings: store, keys, manifests,
// mappers, directory, catalogue and policy. The composition root of every command that
// needs a configuration.
//
// Objects handed out are independent of each other, but that the stores write their batches through one
// connection (SharedWriter); each Store is for one thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.h"
#include "connectors/manifest.h"
#include "core/directory.h"
#include "core/http_peer.h"
#include "core/result.h"
#include "core/settings.h"
#include "core/work_calendar.h"
#include "gateway/inbox_http.h"
#include "gateway/register_waits.h"
#include "mapping/catalogue.h"
#include "mapping/mapper.h"
#include "scoring/policy.h"
#include "storage/open_store.h"

namespace mc {

class Installation {
 public:
  // Reads the settings and sets the log level; opens nothing else.
  static Result<Installation> Load(const std::string& settings_file);

  const Settings& settings() const { return settings_; }

  Result<std::unique_ptr<Store>> OpenStore() const;
  // For commands that only look: an empty store that they made would have no fault. kConfig "no_store".
  Result<std::unique_ptr<Store>> OpenExistingStore() const;
  Result<std::unique_ptr<Store>> OpenStoreAt(const std::string& path) const;  // a copy, with the same keys
  // What this machine keeps for itself beside the store: the store file's folder, else the settings'.
  std::string StateFolder() const;
  std::string LockFileOf(const std::string& source) const;  // HostLock
  // One each, by id in the settings; the stores that are opened have witnesses of their own.
  std::map<std::string, std::shared_ptr<Witness>> MakeWitnesses() const;
  // The public key of the log, as text of c2sp.org/signed-note.
  Result<std::string> LogVerifierKey() const;
  Result<std::string> PersonKey() const { return settings_.person_key.ResolveKey(); }

  // Ids as given, or every source of the settings; kConfig for a name that is not there.
  Result<std::vector<std::string>> ChooseSources(const std::vector<std::string>& asked) const;
  Result<Manifest> ManifestOf(const std::string& source) const;
  // Sources of the settings by the register that they deliver. kConfig for one whose manifest cannot be read: left out,
  // it would be missed by nobody.
  Result<SourcesByRegister> SourcesOfRegisters() const;
  Result<std::unique_ptr<Mapper>> MapperOf(const std::string& source) const;
  // Secrets resolved; unit codes taken from the directory where the settings say so.
  Result<SourceSettings> SourceSettingsOf(const std::string& source, Store& store) const;

  // A client that trusts what the source's settings say; `stopped` as in MakeCurlClient.
  std::unique_ptr<PeerClient> HttpClientOf(const std::string& source, std::function<bool()> stopped = {}) const;

  // Between two pulls of `serve`: the settings', else the manifest's.
  Result<std::chrono::minutes> IntervalOf(const std::string& source) const;

  // Sources of the settings whose manifest is of kind inbox. One whose manifest cannot be read is none.
  std::map<std::string, InboxSource> InboxSources() const;

  // The documents behind the three below, as canonical JSON {"calendar","catalogue","policy"}; the
  // calendar is null where none is configured.
  Result<std::string> RuleDocuments(const std::string& policy_id, Store& store) const;
  Result<Policy> PolicyOf(const std::string& id) const;  // empty: the configured one
  Result<WorkCalendar> Calendar() const;
  // The catalogue imported last, else the configured file.
  Result<Catalogue> CatalogueOf(Store& store) const;
  // With the manual links that count. kConfig "no_directory" when none was imported yet.
  Result<DirectoryData> DirectoryOf(Store& store) const;
  // As it was imported.
  Result<DirectoryData> ImportedDirectory(Store& store) const;

 private:
  Result<std::unique_ptr<Store>> OpenStoreAt(const std::string& path, bool must_exist) const;
  Result<Json> CatalogueDocument(Store& store) const;
  explicit Installation(Settings settings) : settings_(std::move(settings)), writer_(MakeSharedWriter()) {}
  Settings settings_;
  std::shared_ptr<SharedWriter> writer_;  // of all stores that it opens
};

}  // namespace mc
