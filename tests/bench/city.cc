#include "tests/bench/city.h"

#include <filesystem>

#include "connectors/connector.h"
#include "core/seal.h"
#include "gateway/collector.h"
#include "storage/sqlite_store.h"
#include "tests/bench/corpus.h"

namespace mc::bench {

StoreFile::StoreFile(const Place& place, bool keep) : path_(place.work_dir + "/store.db"), keep_(keep) {
  if (!keep_) Remove();
}
StoreFile::~StoreFile() {
  writer_.reset();
  if (!keep_) Remove();
}

void StoreFile::Remove() const {
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + suffix);
}

std::unique_ptr<Store> StoreFile::Open() {
  StoreSettings settings{.path = path_,
                         .sealing_key = std::string(kSealKeyBytes, 's'),
                         .signer = signer_,
                         .random = random_,
                         .clock = clock_,
                         .shared = writer_};
  return Must(OpenSqliteStore(std::move(settings)));
}

std::int64_t StoreFile::Bytes() const { return static_cast<std::int64_t>(std::filesystem::file_size(path_)); }

Manifest DossierManifest(int number) {
  Manifest manifest = Must(ReadManifest(SourcePath("connectors/public_service.json")));
  manifest.id += std::to_string(number);
  manifest.register_id += std::to_string(number);
  manifest.streams.resize(1);
  manifest.limits.records_per_page = kPageRecords;
  manifest.limits.window_days = 3660;
  return manifest;
}

BatchCounts PullAll(const Place& place, Store& store, const Manifest& manifest,
                    std::function<void(const BatchCounts&)> progress) {
  const SystemClock clock;
  const auto mapper = Must(LoadMapper(SourcePath("mapping/rules/public_service.json")));
  const auto http = MakeCurlClient();
  SourceSettings settings;
  settings.base_url = place.base_url;
  settings.secrets[manifest.auth.secret] = "bench";
  const auto connector = Must(MakeConnector(manifest, settings, {*http, clock}));
  const RunContext context{store, clock, manifest, *mapper, "bench", 60, std::move(progress)};
  const SourceResult result = PullSource(context, *connector);
  Need(!result.error, result.error ? result.error->code + ": " + result.error->message : "");
  return result.counts;
}

}  // namespace mc::bench
