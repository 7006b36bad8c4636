// /metrics in the Prometheus text format (prometheus-cpp inside metrics.cc). The names and
// labels are listed in docs/operating/scheduling.md.
//
// Labels take only ids of sources from the settings and words of fixed lists: no person, no
// address, no text of a source. Safe from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gateway/collector.h"
#include "gateway/source_state.h"
#include "gateway/witness_state.h"

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
  };
  // Without a reading (the store could not be read): store_up 0, the gauges of the last one.
  std::string Text(const Reading* reading);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mc
