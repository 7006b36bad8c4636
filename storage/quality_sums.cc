#include "storage/quality_sums.h"

#include <algorithm>

#include "storage/quality_numbers.h"

namespace mc {
namespace {

std::int64_t FirstMinuteOf(Period period) { return MinuteOf(StartOfDay(FirstDay(period))); }

// Minutes of (from, to] within the limit of the last good end before them.
std::int64_t GoodMinutes(const std::optional<std::int64_t>& good, std::int64_t lag_limit, std::int64_t from,
                         std::int64_t to) {
  if (!good) return 0;
  return std::clamp<std::int64_t>(*good + lag_limit - from, 0, to - from);
}

bool IsGood(const RunMinutes& run) { return run.good && run.ended <= *run.good + run.lag_limit; }

// A run says which month its control total is of when all that it was offered is of one.
QualityCell RunCell(const RunReceipt& receipt, const std::string& first, const std::string& last,
                    std::string_view measure, std::int64_t num) {
  return {receipt.source, "", first == last ? first : "", std::string(measure), num, *receipt.control_total};
}

}  // namespace

QualitySums::Sum& QualitySums::At(KeyView key) {
  const auto found = sums_.find(key);
  if (found != sums_.end()) return found->second;
  return sums_[Key(key)];
}

void QualitySums::Add(const QualityCell& cell) {
  Sum& sum = At({cell.source, cell.unit, cell.period, cell.measure});
  sum.num += cell.num;
  sum.den += cell.den;
}

void QualitySums::AddRecord(const std::string& source, const std::string& unit, const std::string& period, bool read) {
  Sum& sum = At({source, unit, period, measure::kCorrect});
  sum.num += read ? 1 : 0;
  ++sum.den;
}

void QualitySums::Set(const QualityCell& cell) {
  At({cell.source, cell.unit, cell.period, cell.measure}) = {cell.num, cell.den};
}

std::vector<QualityCell> QualitySums::Cells() const {
  std::vector<QualityCell> cells;
  for (const auto& [key, sum] : sums_) {
    if (sum.num == 0 && sum.den == 0) continue;
    const auto& [source, unit, period, measure] = key;
    cells.push_back({source, unit, period, measure, sum.num, sum.den});
  }
  return cells;
}

const std::string& PeriodNamer::Of(Instant at) {
  const CivilDate day = CityDate(at);
  if (day_ != day) {
    day_ = day;
    name_ = FormatPeriod(PeriodOf(day));
  }
  return name_;
}

Instant EventTime(const std::optional<Moment>& event, const std::optional<Instant>& occurred_at, Instant observed_at) {
  if (event) return event->at;
  return occurred_at.value_or(observed_at);
}

std::int64_t MinuteOf(Instant at) { return at.micros / kMicrosPerMinute; }

void AddLive(const std::string& source, const std::optional<RunMinutes>& before, const RunMinutes& run,
             QualitySums& sums) {
  const auto add = [&](std::int64_t minute, std::int64_t num, std::int64_t den) {
    const Period period = PeriodOf(CityDate(Instant{minute * kMicrosPerMinute}));
    sums.Add({source, "", FormatPeriod(period), std::string(measure::kLive), num, den});
  };
  if (before && run.ended <= before->ended) {
    // In a minute that counts already: a good end may still make it one within the limit.
    if (run.ended == before->ended && IsGood(run) && !IsGood(*before)) add(run.ended, 1, 0);
    return;
  }
  add(run.ended, IsGood(run) ? 1 : 0, 1);
  if (!before) return;
  for (std::int64_t from = before->ended; from < run.ended - 1;) {
    const Period period = PeriodOf(CityDate(Instant{(from + 1) * kMicrosPerMinute}));
    const std::int64_t to = std::min(run.ended, FirstMinuteOf(NextPeriod(period))) - 1;
    add(to, GoodMinutes(before->good, run.lag_limit, from, to), to - from);
    from = to;
  }
}

// kHeld and kOffered are of the last complete run: what it missed, the next one asks for again.
void AddCounts(const RunReceipt& receipt, const std::string& first, const std::string& last, QualitySums& sums) {
  const bool counted = receipt.outcome == RunOutcome::kComplete && receipt.control_total.value_or(0) > 0 &&
                       receipt.offered && !first.empty();
  if (!counted) return;
  const std::int64_t total = *receipt.control_total;
  sums.Set(RunCell(receipt, first, last, measure::kOffered, std::min(*receipt.offered, total)));
  sums.Set(RunCell(receipt, first, last, measure::kHeld,
                   std::clamp<std::int64_t>(*receipt.offered - receipt.unread, 0, total)));
}

}  // namespace mc
