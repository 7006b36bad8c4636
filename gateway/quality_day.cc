#include "gateway/quality_day.h"

#include <algorithm>
#include <vector>

#include "core/log.h"
#include "gateway/all_evidence.h"
#include "gateway/quality.h"
#include "gateway/quality_units.h"
#include "mapping/items.h"

namespace mc {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookAgain{60'000};  // a machine that slept, or whose clock was set, notices within it
constexpr std::int64_t kTryAgainMicros = 15ll * 60 * kMicrosPerSecond;  // after a failure

}  // namespace

Result<QualityDay> CloseDay(const Installation& installation, Store& store, CivilDate day, Instant now) {
  const Instant end = StartOfDay(CivilDate{day.days + 1});
  if (now < end) return ConfigError("day_open", FormatDate(day) + " is not over: close it after " + FormatInstant(end));
  MC_TRY(const std::optional<QualityDay> last, store.LastQualityDay());
  if (last && last->day == day) return *last;
  MC_TRY(const Policy policy, installation.PolicyOf(""));
  MC_TRY(const WorkCalendar calendar, installation.Calendar());
  MC_TRY(DirectoryData directory, installation.DirectoryOf(store));
  const IdentityIndex identity(std::move(directory));
  MC_TRY(const std::vector<EvidenceRevision> evidence, AllEvidence(store));
  const ItemSettings settings{policy.min_assurance, policy.report_due_working_hours, &calendar};
  const std::vector<WorkItem> items = BuildItems(evidence, identity, settings, end);
  MC_TRY(QualityDay closed,
         store.CloseQualityDay(day, CleanCellsOf(evidence, CleanJudge(items, identity), std::nullopt)));
  MC_TRY([[maybe_unused]] const LedgerHead head, store.SignHead());
  return closed;
}

DayCloser::~DayCloser() {
  Stop();
  Join();
}

void DayCloser::Start() {
  thread_ = std::thread([this] { Work(); });
}

void DayCloser::Stop() { stop_.Set(); }

void DayCloser::Join() {
  if (thread_.joinable()) thread_.join();
}

void DayCloser::Work() {
  std::optional<CivilDate> closed_on;  // the day on which yesterday was closed last
  Instant next_try;
  while (!stop_.IsSet()) {
    const Instant now = clock_.Now();
    if (closed_on != CityDate(now) && now >= next_try) {
      const Status closed = CloseYesterday();
      if (closed.ok()) closed_on = CityDate(now);
      if (!closed.ok()) Log(LogLevel::kWarn, "day_not_closed", {{"error", closed.error().code}});
      next_try = closed.ok() ? Instant{} : Instant{now.micros + kTryAgainMicros};
    }
    stop_.Sleep(kLookAgain);
  }
}

Status DayCloser::CloseYesterday() {
  MC_TRY(const auto store, installation_.OpenStore());
  MC_TRY(const RegisterOf registers, store->RegistersOfSources());
  if (registers.empty()) return Ok();  // nothing was ever asked for
  const Instant now = clock_.Now();
  MC_TRY(const QualityDay day, CloseDay(installation_, *store, CivilDate{CityDate(now).days - 1}, now));
  if (day.added) Log(LogLevel::kInfo, "day_closed", {{"day", FormatDate(day.day)}, {"leaf", std::to_string(day.leaf)}});
  return Ok();
}

}  // namespace mc
