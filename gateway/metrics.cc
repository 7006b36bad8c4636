#include "gateway/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <initializer_list>
#include <mutex>
#include <utility>

#include "gateway/quality_gates.h"
#include "gateway/schedule.h"
#include "storage/quality_numbers.h"

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
    case RunEnd::kStoreAway: return "store_away";
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
  Family<Gauge>& quality_num =
      FamilyOf("minhchung_quality_numerator", "Of one of the four numbers, this city month; absent while unknown");
  Family<Gauge>& quality_den = FamilyOf("minhchung_quality_denominator", "Beside minhchung_quality_numerator");
  Family<Gauge>& gate_closed =
      FamilyOf("minhchung_quality_gate_closed",
               "1 when the number is below the policy's threshold: the scores that it touches wait");
  Family<Gauge>& quality_day = FamilyOf("minhchung_quality_day_timestamp_seconds",
                                        "End of the day whose numbers were committed to the log last");
  Family<Gauge>& read_back =
      FamilyOf("minhchung_read_back_records", "Records of the last read-back, by what came of them");
  Family<Gauge>& read_back_at = FamilyOf("minhchung_read_back_timestamp_seconds", "End of the last read-back");
  Family<Gauge>& read_back_failed =
      FamilyOf("minhchung_read_back_failed", "1 when the last read-back did not come to its end");
  Family<Gauge>& free_bytes =
      FamilyOf("minhchung_disk_free_bytes", "Room left where the store, or what is kept beside it, lies");
  Family<Gauge>& free_files =
      FamilyOf("minhchung_disk_free_inodes", "Files that can still be made there; absent where they are not counted");
  Family<Gauge>& quarantine = FamilyOf("minhchung_quarantine_open", "Records in quarantine");

  Family<Gauge>& FamilyOf(const std::string& name, const std::string& help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
  }

  static void SetOrRemove(Family<Gauge>& family, const prometheus::Labels& labels, std::optional<std::int64_t> value) {
    Gauge& gauge = family.Add(labels);
    if (value) {
      gauge.Set(static_cast<double>(*value));
    } else {
      family.Remove(&gauge);
    }
  }

  void SetNumber(const std::string& source, const std::string& number, const std::optional<Share>& share) {
    const prometheus::Labels labels{{"number", number}, {"source", source}};
    SetOrRemove(quality_num, labels, share ? std::optional(share->num) : std::nullopt);
    SetOrRemove(quality_den, labels, share ? std::optional(share->den) : std::nullopt);
  }

  void SetQuality(const Metrics::Reading& reading) {
    for (const SourceNumbers& source : reading.quality) {
      const QualityNumbers numbers = source.all.Numbers();
      SetNumber(source.source, "correct", numbers.correct);
      SetNumber(source.source, "complete", numbers.complete);
      SetNumber(source.source, "clean", numbers.clean);
      SetNumber(source.source, "live", numbers.live);
      for (const std::string_view number : kQualityNumbers) {
        gate_closed.Add({{"number", std::string(number)}, {"source", source.source}}).Set(0);
      }
    }
    for (const ClosedGate& gate : ClosedGates(reading.gates, reading.quality)) {
      gate_closed.Add({{"number", gate.number}, {"source", gate.source}}).Set(1);
    }
    if (reading.quality_day) {
      quality_day.Add({}).Set(Seconds(StartOfDay(CivilDate{reading.quality_day->days + 1})));
    }
  }

  void SetRoom(const std::optional<DiskRoom>& room) {
    SetOrRemove(free_bytes, {}, room ? std::optional(room->free_bytes) : std::nullopt);
    SetOrRemove(free_files, {}, room ? room->free_files : std::nullopt);
  }

  void SetReadBack(const ReadBack& last) {
    const prometheus::Labels labels{{"source", last.source}};
    read_back_at.Add(labels).Set(Seconds(last.ended_at));
    read_back_failed.Add(labels).Set(last.error_code.empty() ? 0 : 1);
    const ReadBackCounts& c = last.counts;
    for (const auto& [verdict, count] :
         std::initializer_list<std::pair<ReadBackVerdict, std::int64_t>>{{ReadBackVerdict::kMatch, c.match},
                                                                         {ReadBackVerdict::kRevised, c.revised},
                                                                         {ReadBackVerdict::kDiffers, c.differs},
                                                                         {ReadBackVerdict::kGone, c.gone},
                                                                         {ReadBackVerdict::kUnknown, c.unknown}}) {
      read_back.Add({{"source", last.source}, {"verdict", std::string(Name(verdict))}}).Set(static_cast<double>(count));
    }
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
    impl_->SetQuality(*reading);
    impl_->SetRoom(reading->room);
    for (const ReadBack& last : reading->read_backs) impl_->SetReadBack(last);
    for (const WitnessState& state : reading->witnesses) {
      impl_->backlog.Add({{"witness", state.id}}).Set(static_cast<double>(state.backlog));
      impl_->contradicts.Add({{"witness", state.id}}).Set(state.contradicts ? 1 : 0);
    }
  }
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace mc
