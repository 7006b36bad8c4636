// /metrics in the Prometheus text format (prometheus-cpp inside metrics.cc). The names and
// labels are listed in docs/operating/scheduling.md.
//
// Labels take only ids of sources from the settings and words of fixed lists: no person, no
// address, no text of a source. Safe from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/collector.h"
#include "gateway/disk_room.h"
#include "gateway/quality_units.h"
#include "gateway/source_state.h"
#include "gateway/witness_state.h"
#include "scoring/policy.h"
#include "storage/read_back.h"

namespace mc {

inline constexpr const char* kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

class Metrics {
 public:
  explicit Metrics(const std::string& version);
  ~Metrics();

  void RunEnded(const SourceResult& result, std::chrono::milliseconds took);

  // What stands in the store, read for this answer.
  struct Reading {
    std::vector<SourceState> sources;
    std::int64_t ledger_size = 0;
    std::vector<WitnessState> witnesses = {};
    std::vector<SourceNumbers> quality = {};    // whole sources, of this city month
    QualityGates gates = {};                    // of the configured policy
    std::vector<ReadBack> read_backs = {};      // the last one of each source that was ever read back
    std::optional<DiskRoom> room = {};          // where the store, or what is kept beside it, lies
    std::optional<CivilDate> quality_day = {};  // whose numbers were committed to the log last
  };
  // Without a reading (the store could not be read): store_up 0, the gauges of the last one.
  std::string Text(const Reading* reading);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mc
