// One real pull: manifest, connector, curl, mapper and the SQLite store as the gateway
// puts them together, against the pages that nginx serves.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "connectors/manifest.h"
#include "core/random.h"
#include "core/time.h"
#include "mapping/mapper.h"
#include "storage/sqlite_store.h"
#include "tests/bench/bench.h"

namespace mc::bench {

// Where one run's store lies; files of an earlier one are removed first.
class StoreFile {
 public:
  explicit StoreFile(const Place& place, bool keep = false);  // keep: what lies there, also afterwards
  StoreFile(const StoreFile&) = delete;
  ~StoreFile();
  std::unique_ptr<Store> Open();
  std::int64_t Bytes() const;
  const NoteSigner& signer() const { return signer_; }

 private:
  void Remove() const;
  const std::string path_;
  const bool keep_;
  const NoteSigner signer_{"bench.example/log", std::string(32, 'l')};
  SystemRandom random_;
  SystemClock clock_;
  std::shared_ptr<SharedWriter> writer_ = MakeSharedWriter();  // of all that Open() gives, as in a process of ours
};

// The public service's manifest with pages of kPageRecords, one stream and one window;
// `number` makes it a register of its own.
Manifest DossierManifest(int number);

// Pulls everything into an opened store; ends the program when anything is missing.
BatchCounts PullAll(const Place& place, Store& store, const Manifest& manifest,
                    std::function<void(const BatchCounts&)> progress = {});

}  // namespace mc::bench
