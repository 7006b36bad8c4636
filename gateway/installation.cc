#include "gateway/installation.h"

#include <filesystem>
#include <set>

#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/json.h"
#include "core/log.h"
#include "core/signature.h"
#include "gateway/stored_links.h"
#include "gateway/witness_client.h"

namespace mc {
namespace {

std::string FileOf(const std::string& dir, const std::string& id) {
  return (std::filesystem::path(dir) / (id + ".json")).string();
}

std::vector<std::string> AllUnitCodes(const DirectoryData& directory) {
  std::set<std::string> codes;
  for (const OrgUnit& unit : directory.units) {
    for (const UnitCode& code : unit.codes) codes.insert(code.code);
  }
  return {codes.begin(), codes.end()};
}

}  // namespace

Result<Installation> Installation::Load(const std::string& settings_file) {
  MC_TRY(Settings settings, LoadSettings(settings_file));
  SetLogLevel(settings.log_level);
  return Installation(std::move(settings));
}

Result<std::unique_ptr<Store>> Installation::OpenStore() const { return OpenStoreAt(settings_.store_path); }

Result<std::unique_ptr<Store>> Installation::OpenExistingStore() const {
  return OpenStoreAt(settings_.store_path, true);
}

Result<std::unique_ptr<Store>> Installation::OpenStoreAt(const std::string& path) const {
  return OpenStoreAt(path, false);
}

Result<std::unique_ptr<Store>> Installation::OpenStoreAt(const std::string& path, bool must_exist) const {
  // Without state of their own, so that every store may share them.
  static SystemRandom random;
  static const SystemClock clock;
  if (!IsNoteName(settings_.log_origin)) {
    return ConfigError("bad_log_origin", settings_.file + ": /log_origin: must have no space and no \"+\"");
  }
  MC_TRY(std::string sealing_key, settings_.sealing_key.ResolveKey());
  MC_TRY(std::string seed, settings_.log_key.ResolveKey());
  std::optional<NoteSigner> former;
  if (!settings_.former_log_key.text.empty()) {
    MC_TRY(std::string former_seed, settings_.former_log_key.ResolveKey());
    former = {settings_.log_origin, std::move(former_seed)};
  }
  std::string password;
  if (!settings_.store_password.text.empty()) {
    MC_TRY(password, settings_.store_password.Resolve());
  }
  StoreSettings store{.path = path,
                      .password = std::move(password),
                      .sealing_key = std::move(sealing_key),
                      .signer = {settings_.log_origin, std::move(seed)},
                      .former_signer = std::move(former),
                      .random = random,
                      .clock = clock,
                      .shared = writer_,
                      .must_exist = must_exist};
  for (auto& [id, witness] : MakeWitnesses()) store.witnesses.push_back(std::move(witness));
  return mc::OpenStore(std::move(store));
}

std::string Installation::StateFolder() const {
  const std::string& beside = settings_.StoresInFile() ? settings_.store_path : settings_.file;
  const auto folder = std::filesystem::path(beside).parent_path();
  return folder.empty() ? "." : folder.string();
}

std::string Installation::LockFileOf(const std::string& source) const {
  if (settings_.StoresInFile()) return settings_.store_path + ".lock-" + source;
  return StateFolder() + "/.minhchung-lock-" + source;
}

std::map<std::string, std::shared_ptr<Witness>> Installation::MakeWitnesses() const {
  std::map<std::string, std::shared_ptr<Witness>> witnesses;
  for (const auto& [id, setting] : settings_.witnesses) {
    witnesses[id] = std::make_shared<HttpWitness>(setting.key, setting.url, MakePeerClient({}, setting.ca_file));
  }
  return witnesses;
}

Result<std::string> Installation::LogVerifierKey() const {
  MC_TRY(std::string seed, settings_.log_key.ResolveKey());
  return VerifierKey({settings_.log_origin, std::move(seed)});
}

Result<std::vector<std::string>> Installation::ChooseSources(const std::vector<std::string>& asked) const {
  std::vector<std::string> all;
  for (const auto& [id, source] : settings_.sources) all.push_back(id);
  if (asked.empty()) {
    if (all.empty()) return ConfigError("no_source", settings_.file + ": /sources: no source is configured");
    return all;
  }
  for (const std::string& id : asked) {
    if (settings_.sources.contains(id)) continue;
    const std::string near = NearestName(id, all);
    return ConfigError("unknown_source", "source \"" + id + "\" is not in " + settings_.file +
                                             (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
  }
  const std::set<std::string> once(asked.begin(), asked.end());
  return std::vector<std::string>(once.begin(), once.end());
}

Result<Manifest> Installation::ManifestOf(const std::string& source) const {
  return ReadManifest(FileOf(settings_.manifests_dir, source));
}

Result<SourcesByRegister> Installation::SourcesOfRegisters() const {
  SourcesByRegister sources;
  for (const auto& [id, source] : settings_.sources) {
    MC_TRY(const Manifest manifest, ManifestOf(id));
    sources[manifest.register_id].push_back(id);
  }
  return sources;
}

Result<std::unique_ptr<Mapper>> Installation::MapperOf(const std::string& source) const {
  MC_TRY(const Manifest manifest, ManifestOf(source));
  return LoadMapper(FileOf(settings_.rules_dir, manifest.rules));
}

Result<SourceSettings> Installation::SourceSettingsOf(const std::string& source, Store& store) const {
  const auto found = settings_.sources.find(source);
  if (found == settings_.sources.end()) {
    return ConfigError("unknown_source", "source \"" + source + "\" is not in " + settings_.file);
  }
  SourceSettings out;
  out.base_url = found->second.base_url;
  out.folder = found->second.folder;
  out.start = found->second.start;
  out.unit_codes = found->second.unit_codes;
  for (const auto& [name, ref] : found->second.secrets) {
    MC_TRY(out.secrets[name], ref.Resolve());
  }
  if (found->second.unit_codes_from_directory) {
    MC_TRY(const DirectoryData directory, DirectoryOf(store));
    out.unit_codes = AllUnitCodes(directory);
  }
  return out;
}

std::unique_ptr<PeerClient> Installation::HttpClientOf(const std::string& source, std::function<bool()> stopped) const {
  const auto found = settings_.sources.find(source);
  return MakePeerClient(std::move(stopped), found == settings_.sources.end() ? "" : found->second.ca_file);
}

Result<std::chrono::minutes> Installation::IntervalOf(const std::string& source) const {
  const auto found = settings_.sources.find(source);
  if (found != settings_.sources.end() && found->second.interval_minutes) {
    return std::chrono::minutes(*found->second.interval_minutes);
  }
  MC_TRY(const Manifest manifest, ManifestOf(source));
  return std::chrono::minutes(manifest.expected_interval_minutes);
}

std::map<std::string, InboxSource> Installation::InboxSources() const {
  std::map<std::string, InboxSource> pushed;
  for (const auto& [id, source] : settings_.sources) {
    const auto manifest = ManifestOf(id);
    if (manifest.ok() && manifest->kind == ConnectorKind::kInbox)
      pushed.emplace(id, InboxSource{manifest->records->format});
  }
  return pushed;
}

Result<Policy> Installation::PolicyOf(const std::string& id) const {
  return LoadPolicy(settings_.policies_dir, id.empty() ? settings_.policy : id);
}

Result<WorkCalendar> Installation::Calendar() const {
  if (settings_.calendar_file.empty()) return WorkCalendar::Plain();
  MC_TRY(const Json document, ReadJsonFile(settings_.calendar_file));
  return WorkCalendar::Parse(document);
}

Result<Json> Installation::CatalogueDocument(Store& store) const {
  MC_TRY(std::vector<Json> imported, store.LoadCatalogues());
  if (!imported.empty()) return std::move(imported.back());
  if (settings_.catalogue_file.empty()) {
    return ConfigError("no_catalogue",
                       "no catalogue of standard products yet: run `minhchung import catalogue FILE`, "
                       "or set \"catalogue\"");
  }
  return ReadJsonFile(settings_.catalogue_file);
}

Result<Catalogue> Installation::CatalogueOf(Store& store) const {
  MC_TRY(const Json document, CatalogueDocument(store));
  return Catalogue::Parse(document);
}

Result<std::string> Installation::RuleDocuments(const std::string& policy_id, Store& store) const {
  MC_TRY(const Policy policy, PolicyOf(policy_id));
  Json documents = {{"calendar", nullptr}};
  MC_TRY(documents["policy"], ReadJsonFile(FileOf(settings_.policies_dir, policy.id)));
  MC_TRY(documents["catalogue"], CatalogueDocument(store));
  if (!settings_.calendar_file.empty()) {
    MC_TRY(documents["calendar"], ReadJsonFile(settings_.calendar_file));
  }
  return CanonicalJson(documents);
}

Result<DirectoryData> Installation::DirectoryOf(Store& store) const {
  MC_TRY(DirectoryData directory, ImportedDirectory(store));
  MC_TRY(const StoredLinks stored, LoadLinks(store));
  stored.links.AddTo(directory);
  return directory;
}

Result<DirectoryData> Installation::ImportedDirectory(Store& store) const {
  MC_TRY(const std::optional<Json> document, store.LoadDirectory());
  if (!document) {
    return ConfigError("no_directory", "no directory yet: run `minhchung import directory FILE` first");
  }
  MC_TRY(const std::string key, PersonKey());
  MC_CHECK_OK(CheckPersonKey(*document, key));
  return ParseDirectory(*document, key);
}

}  // namespace mc
