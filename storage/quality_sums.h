// The arithmetic of the four numbers as sums, gathered and then written at once. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "storage/store.h"

namespace mc {

class QualitySums {
 public:
  void Add(const QualityCell& cell);
  // One record of kCorrect.
  void AddRecord(const std::string& source, const std::string& unit, const std::string& period, bool read);
  // Instead of what was added before.
  void Set(const QualityCell& cell);
  std::vector<QualityCell> Cells() const;  // by key; those of 0/0 left out
  void Clear() { sums_.clear(); }

 private:
  using Key = std::tuple<std::string, std::string, std::string, std::string>;  // source, unit, period, measure
  using KeyView = std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>;
  struct Sum {
    std::int64_t num = 0, den = 0;
  };
  Sum& At(KeyView key);

  std::map<Key, Sum, std::less<>> sums_;
};

// City months by name. A run of records of one day costs one look.
class PeriodNamer {
 public:
  const std::string& Of(Instant at);

 private:
  std::optional<CivilDate> day_;
  std::string name_;
};

// When a record's event was: as it says, else as the wire says beside it, else when it was first seen.
Instant EventTime(const std::optional<Moment>& event, const std::optional<Instant>& occurred_at, Instant observed_at);

// How a scheduled run ended, in minutes since 1970.
struct RunMinutes {
  std::int64_t ended = 0;
  std::optional<std::int64_t> good;  // the last good end until then, its own included
  std::int64_t lag_limit = 0;
};
std::int64_t MinuteOf(Instant at);

// A row of `run_quality`.
struct RunQuality {
  std::int64_t run = 0;
  std::string source;
  std::string first_period, last_period;  // empty: no row was offered
  std::optional<RunMinutes> minutes;      // of a scheduled run that ended
};

// The minutes after the run before up to this one's, each in its month. The first run of a source is one minute.
void AddLive(const std::string& source, const std::optional<RunMinutes>& before, const RunMinutes& run,
             QualitySums& sums);

// kHeld and kOffered of a complete run with a control total: `first` to `last` are the months of the rows offered.
void AddCounts(const RunReceipt& receipt, const std::string& first, const std::string& last, QualitySums& sums);

}  // namespace mc
