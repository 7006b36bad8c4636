#include "gateway/manual_pull.h"

#include <utility>

#include "core/log.h"
#include "core/time.h"
#include "gateway/schedule.h"
#include "gateway/scheduler.h"

namespace mc {
namespace {

Status Save(const Installation& installation, const SourceResult& result) {
  const RunEnd end = EndOf(result.error);
  if (end == RunEnd::kElsewhere || end == RunEnd::kInterrupted || end == RunEnd::kStoreAway) return Ok();
  const Instant now = SystemClock().Now();
  MC_TRY(const auto interval, installation.IntervalOf(result.source));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(SourceStatus status, StatusOf(*store, result.source, now));
  if (!result.error) return store->SaveSourceStatus(AfterRun(std::move(status), {}, now, interval, DrawJitter()));
  status.last_try = now;
  status.error_class = result.error->error_class;
  status.error_code = result.error->code;
  status.error_text = result.error->message;
  return store->SaveSourceStatus(status);
}

}  // namespace

void NoteManualPull(const Installation& installation, const SourceResult& result) {
  const Status saved = Save(installation, result);
  if (!saved.ok()) Log(LogLevel::kWarn, "status_not_saved", {{"source", result.source}, {"error", saved.error().code}});
}

}  // namespace mc
