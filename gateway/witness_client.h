// A witness over HTTP: C2SP tlog-witness add-checkpoint (docs/formats/witness.md).
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/http.h"
#include "storage/witness.h"

namespace mc {

// A head waits for its witnesses one after the other; nobody else waits for it longer than this.
inline constexpr std::chrono::milliseconds kWitnessConnectTimeout{3'000};
inline constexpr std::chrono::milliseconds kWitnessTimeout{10'000};

class HttpWitness final : public Witness {
 public:
  // `url` is the submission prefix, without "/" at its end. REQUIRES: IsCosignerKey(key).
  HttpWitness(std::string key, std::string url, std::unique_ptr<HttpClient> http)
      : key_(std::move(key)), url_(std::move(url)), http_(std::move(http)) {}

  const std::string& key() const override { return key_; }
  // Asks once, and once more from the size that the witness names. kFailed also with the errors of
  // HttpClient and of the tiles, and "witness_busy" when it names another size each time; logged.
  WitnessAnswer Show(const LedgerHead& head, std::int64_t known_size, const TileReader& tiles) override;

 private:
  WitnessAnswer Ask(const LedgerHead& head, std::int64_t old_size, const TileReader& tiles);

  const std::string key_;
  const std::string url_;
  const std::unique_ptr<HttpClient> http_;
};

}  // namespace mc
