// daily: the operator's text of one day.
#include <nlohmann/json.hpp>

#include "gateway/commands.h"
#include "gateway/daily.h"

namespace mc {
namespace {

// Yesterday, unless asked otherwise: today is not over.
Result<CivilDate> DayOf(const Options& options, Instant now) {
  if (options.day.empty()) return CivilDate{CityDate(now).days - 1};
  MC_TRY(const CivilDate day, ParseDate(options.day));
  if (day > CityDate(now)) return ConfigError("bad_day", "--day " + options.day + " is still to come");
  return day;
}

}  // namespace

CommandResult RunDaily(const Options& options, Console& console) {
  const Instant now = SystemClock().Now();
  MC_TRY(const CivilDate day, DayOf(options, now));
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const DailyReading reading, ReadDaily(installation, *store, day, now));
  if (console.json()) {
    console.Print(DailyToJson(reading));
  } else {
    console.Line(DailyText(reading));
  }
  return ExitCode::kDone;
}

}  // namespace mc
