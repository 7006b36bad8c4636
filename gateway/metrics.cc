#include "gateway/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <mutex>
#include <utility>

#include "gateway/schedule.h"

namespace mc {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

const Histogram::BucketBoundaries kRunSeconds = {0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600};

std::string OutcomeOf(const std::optional<Error>& error) {
  switch (EndOf(error)) {
    case RunEnd::kDone: return "complete";
    case RunEnd::kTransient: return "failed";
    case RunEnd::kAuth: return "refused";
    case RunEnd::kStop: return "stopped";
    case RunEnd::kElsewhere: return "elsewhere";
    case RunEnd::kInterrupted: return "interrupted";
  }
  return "";
}

double Seconds(Instant at) { return static_cast<double>(at.micros) / static_cast<double>(kMicrosPerSecond); }

}  // namespace

struct Metrics::Impl {
  prometheus::Registry registry;
  std::mutex mutex;  // one answer at a time: its gauges belong together

  Family<Counter>& pulls =
      prometheus::BuildCounter().Name("minhchung_pulls_total").Help("Pulls that ended, by outcome").Register(registry);
  Family<Counter>& records = prometheus::BuildCounter()
                                 .Name("minhchung_records_total")
                                 .Help("Records of pulls by this process, by what became of them")
                                 .Register(registry);
  Family<Histogram>& durations = prometheus::BuildHistogram()
                                     .Name("minhchung_pull_duration_seconds")
                                     .Help("Duration of one pull from lease to receipt")
                                     .Register(registry);
  Family<Gauge>& store_up = FamilyOf("minhchung_store_up", "1 when the store could be read for this answer");
  Family<Gauge>& ledger = FamilyOf("minhchung_ledger_leaves", "Leaves under the last signed head");
  Family<Gauge>& backlog =
      FamilyOf("minhchung_witness_backlog_leaves", "Leaves under the last head that the witness has not cosigned");
  Family<Gauge>& contradicts =
      FamilyOf("minhchung_witness_contradicts",
               "1 when the witness holds a head that this log does not extend: nothing is signed");
  Family<Gauge>& build = FamilyOf("minhchung_build_info", "Always 1; the version is a label");
  Family<Gauge>& success =
      FamilyOf("minhchung_source_last_success_timestamp_seconds", "End of the last complete pull; absent before it");
  Family<Gauge>& lag = FamilyOf("minhchung_source_lag_seconds", "Age of the last complete pull");
  Family<Gauge>& lag_limit = FamilyOf("minhchung_source_lag_limit_seconds", "Lag that the manifest allows");
  Family<Gauge>& failures = FamilyOf("minhchung_source_consecutive_failures", "Runs that failed one after another");
  Family<Gauge>& breaker = FamilyOf("minhchung_source_breaker", "1 for the state in which the breaker is");
  Family<Gauge>& stopped = FamilyOf("minhchung_source_stopped", "1 when the source waits for an operator");
  Family<Gauge>& quarantine = FamilyOf("minhchung_quarantine_open", "Records in quarantine");

  Family<Gauge>& FamilyOf(const std::string& name, const std::string& help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
  }

  void SetState(const SourceState& state) {
    const prometheus::Labels labels{{"source", state.id}};
    if (state.last_success) success.Add(labels).Set(Seconds(*state.last_success));
    if (state.lag_minutes) lag.Add(labels).Set(static_cast<double>(*state.lag_minutes * 60));
    lag_limit.Add(labels).Set(static_cast<double>(state.lag_limit_minutes * 60));
    failures.Add(labels).Set(static_cast<double>(state.status.failures));
    stopped.Add(labels).Set(state.health == SourceHealth::kStopped ? 1 : 0);
    quarantine.Add(labels).Set(static_cast<double>(state.quarantined));
    for (const BreakerState each : {BreakerState::kClosed, BreakerState::kOpen, BreakerState::kHalfOpen}) {
      breaker.Add({{"source", state.id}, {"state", std::string(Name(each))}}).Set(state.status.breaker == each ? 1 : 0);
    }
  }
};

Metrics::Metrics(const std::string& version) : impl_(std::make_unique<Impl>()) {
  impl_->build.Add({{"version", version}}).Set(1);
}

Metrics::~Metrics() = default;

void Metrics::RunEnded(const SourceResult& result, std::chrono::milliseconds took) {
  impl_->pulls.Add({{"source", result.source}, {"outcome", OutcomeOf(result.error)}}).Increment();
  const std::array<std::pair<const char*, std::int64_t>, 4> counts = {{{"new", result.counts.added},
                                                                       {"revised", result.counts.revised},
                                                                       {"duplicate", result.counts.duplicate},
                                                                       {"quarantined", result.counts.quarantined}}};
  for (const auto& [what, count] : counts) {
    impl_->records.Add({{"source", result.source}, {"result", what}}).Increment(static_cast<double>(count));
  }
  impl_->durations.Add({{"source", result.source}}, kRunSeconds).Observe(static_cast<double>(took.count()) / 1000.0);
}

std::string Metrics::Text(const Reading* reading) {
  const std::lock_guard lock(impl_->mutex);
  impl_->store_up.Add({}).Set(reading ? 1 : 0);
  if (reading) {
    impl_->ledger.Add({}).Set(static_cast<double>(reading->ledger_size));
    for (const SourceState& state : reading->sources) impl_->SetState(state);
    for (const WitnessState& state : reading->witnesses) {
      impl_->backlog.Add({{"witness", state.id}}).Set(static_cast<double>(state.backlog));
      impl_->contradicts.Add({{"witness", state.id}}).Set(state.contradicts ? 1 : 0);
    }
  }
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace mc
