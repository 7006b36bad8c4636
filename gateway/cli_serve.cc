// serve: the scheduler and the HTTP server until a signal ends both.
#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "core/log.h"
#include "gateway/access_table.h"
#include "gateway/commands.h"
#include "gateway/daily.h"
#include "gateway/inbox_http.h"
#include "gateway/installation.h"
#include "gateway/log_http.h"
#include "gateway/machines.h"
#include "gateway/metrics.h"
#include "gateway/quality_day.h"
#include "gateway/scheduler.h"
#include "gateway/serve.h"
#include "gateway/sheet_keeper.h"
#include "gateway/sign_in.h"
#include "gateway/signals.h"
#include "gateway/source_run.h"
#include "gateway/start_guard.h"
#include "gateway/version.h"

namespace mc {
namespace {

// A source whose manifest cannot be read is tried once and stops with that error.
constexpr std::chrono::minutes kIntervalWithoutManifest{15};
// Counting the store is not done for every scrape.
constexpr std::chrono::seconds kReadingAge{15};
constexpr int kDamagedRetrySecs = 600;

std::optional<Error> PullScheduled(const Installation& installation, Metrics& metrics, const std::string& source,
                                   const StopFlag& stop) {
  const auto begun = std::chrono::steady_clock::now();
  const PullOptions options{.record_dir = "",
                            .sleep = [&stop](std::chrono::milliseconds wait) { return stop.Sleep(wait); },
                            .progress = {},
                            .stopped = [&stop] { return stop.IsSet(); }};
  const SourceResult result = PullOneSource(installation, source, options);
  const auto took = std::chrono::steady_clock::now() - begun;
  metrics.RunEnded(result, std::chrono::duration_cast<std::chrono::milliseconds>(took));
  Log(LogLevel::kInfo, "pulled",
      {{"source", source},
       {"fetched", std::to_string(result.counts.fetched)},
       {"new", std::to_string(result.counts.added)},
       {"revised", std::to_string(result.counts.revised)},
       {"quarantined", std::to_string(result.counts.quarantined)},
       {"error", result.error ? result.error->code : "none"}});
  if (!result.error && IsReadBackDue(installation, source, SystemClock().Now())) {
    (void)ReadBackOneSource(installation, source, options);  // its own result says what became of it
  }
  return result.error;
}

SchedulerSettings ScheduleOf(const Installation& installation, Metrics& metrics, const Clock& clock) {
  SchedulerSettings settings{{},
                             [&](const std::string& source, const StopFlag& stop) {
                               return PullScheduled(installation, metrics, source, stop);
                             },
                             [&] { return installation.OpenStore(); },
                             clock};
  for (const auto& [id, ignored] : installation.settings().sources) {
    const auto interval = installation.IntervalOf(id);
    settings.sources.push_back({id, interval.ok() ? interval.value() : kIntervalWithoutManifest});
  }
  return settings;
}

// The answer to /metrics, with a store of its own.
class MetricsRoute {
 public:
  MetricsRoute(const Installation& installation, Metrics& metrics, std::unique_ptr<Store> store, const Clock& clock)
      : installation_(installation), metrics_(metrics), store_(std::move(store)), clock_(clock) {}

  RouteAnswer Answer() {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (!reading_ || now - read_at_ > kReadingAge) {
      reading_ = Read();
      read_at_ = now;
    }
    return {200, kMetricsContentType, metrics_.Text(reading_ ? &*reading_ : nullptr), {}};
  }

 private:
  std::optional<Metrics::Reading> Read() {
    auto states = ReadSourceStates(installation_, *store_, clock_.Now());
    const auto head = store_->Head();
    if (!states.ok() || !head.ok()) return std::nullopt;
    auto witnesses = ReadWitnessStates(installation_, *store_, *head);
    if (!witnesses.ok()) return std::nullopt;
    Metrics::Reading reading{std::move(states).value(), head->size, std::move(witnesses).value()};
    if (!ReadQuality(reading).ok()) return std::nullopt;
    reading.room = DiskRoomAt(installation_.StateFolder());
    return reading;
  }

  // Whole sources need no directory, which would be read anew for every answer.
  Status ReadQuality(Metrics::Reading& reading) {
    const CivilDate today = CityDate(clock_.Now());
    MC_TRY(const std::vector<QualityCell> cells, store_->ListQuality(PeriodOf(today)));
    MC_TRY(const RegisterOf registers, store_->RegistersOfSources());
    reading.quality = NumbersByUnit(cells, registers, IdentityIndex(DirectoryData{}), today);
    MC_TRY(const Policy policy, installation_.PolicyOf(""));
    reading.gates = policy.quality_gates;
    MC_TRY(const std::optional<QualityDay> closed, store_->LastQualityDay());
    if (closed) reading.quality_day = closed->day;
    MC_TRY(reading.read_backs, store_->LastReadBacks());
    return Ok();
  }

  const Installation& installation_;
  Metrics& metrics_;
  std::unique_ptr<Store> store_;
  const Clock& clock_;
  std::mutex mutex_;
  std::optional<Metrics::Reading> reading_;
  std::chrono::steady_clock::time_point read_at_;
};

// What a damaged store answers to whoever pushes: nothing is taken, and the sender keeps it.
RouteAnswer TakesNothing() {
  RouteAnswer answer =
      ProblemAnswer(503, "Service Unavailable", "the store is damaged: nothing is taken until it is mended");
  answer.headers.emplace_back("Retry-After", std::to_string(kDamagedRetrySecs));
  return answer;
}

// Default no: a route that the access table does not name is not served.
Status CheckRoutes(const HttpServer& server) {
  for (const auto& [method, pattern] : server.Routes()) {
    if (!FindAccessRule(method, pattern)) {
      return InternalError("route_not_in_table", method + " " + pattern + " stands in no row of the access table");
    }
  }
  return Ok();
}

}  // namespace

CommandResult RunServe(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  const Settings& settings = installation.settings();
  MC_CHECK_OK(CheckBind(settings.listen_address, settings.behind_proxy));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const std::vector<Fault> faults, CheckAtStart(*store));
  const Status sound = RefuseDamaged(faults, console);
  MC_TRY(auto metrics_store, installation.OpenStore());
  const SystemClock clock;
  Metrics metrics(kVersion);
  MetricsRoute metrics_route(installation, metrics, std::move(metrics_store), clock);
  std::unique_ptr<SignIn> sign_in;  // of a sound store only: it writes
  if (sound.ok()) {
    MC_TRY(sign_in, SignIn::Make(installation, clock));
  }
  HttpServer server([&]() -> Status {
    MC_CHECK_OK(sound);
    MC_TRY(const LedgerHead head, store->Head());
    (void)head;
    return Ok();
  });
  server.Get("/metrics", [&](const RouteRequest&) { return metrics_route.Answer(); });
  MC_TRY(const auto log_store, installation.OpenStore());
  LogApi log_api(*log_store);
  server.Get(kLogPattern, [&](const RouteRequest& request) { return log_api.Answer(request); });
  MC_TRY(const auto inbox_store, installation.OpenStore());
  MC_TRY(const auto machines, Machines::Make(installation, clock, sign_in ? &sign_in->audit() : nullptr));
  InboxApi inbox(
      installation.InboxSources(), *inbox_store,
      [&](const RouteRequest& request, const std::string& source) {
        return machines->gate().Refuse(request, "source:" + source);
      },
      [&](const RouteRequest& request, const std::string& source) {
        return machines->gate().RefuseWhole(request, "source:" + source);
      });
  if (machines) {
    machines->AddTo(server);
    server.Post(
        kInboxPattern,
        [&](const RouteRequest& request) {
          auto refused = inbox.Refuse(request);
          return refused || sound.ok() ? refused : TakesNothing();
        },
        [&](const RouteRequest& request) { return inbox.Take(request); }, kInboxBodyLimitBytes);
  } else if (!installation.InboxSources().empty()) {
    console.Note("Có nguồn loại inbox nhưng chưa đặt keys.token_signing: không nhận dữ liệu đẩy đến.");
  }
  if (sign_in) sign_in->AddTo(server);
  MC_CHECK_OK(CheckRoutes(server));
  MC_TRY(const int port, server.Bind(settings.listen_address, static_cast<int>(settings.listen_port)));
  Scheduler scheduler(ScheduleOf(installation, metrics, clock));
  DayCloser day_closer(installation, clock);
  SheetKeeper sheet_keeper(installation, clock);
  const SignalWatch signals([&] {
    scheduler.Stop();
    day_closer.Stop();
    sheet_keeper.Stop();
    if (machines) machines->Stop();
    if (sign_in) sign_in->Stop();
    server.Stop();
  });
  // Only now: whoever reads it may send the signal at once.
  console.Line("Đang lắng nghe tại http://" + settings.listen_address + ":" + std::to_string(port) +
               " (/healthz, /readyz, /metrics, /log); thu thập " + std::to_string(settings.sources.size()) +
               " nguồn theo lịch. Nhấn Ctrl-C để dừng, lần nữa để dừng ngay.");
  Log(LogLevel::kInfo, "listening", {{"address", settings.listen_address}, {"port", std::to_string(port)}});
  if (machines) machines->Start(sound.ok());
  if (sound.ok()) {
    scheduler.Start();
    day_closer.Start();
    if (sign_in) {
      sheet_keeper.Start();  // nobody else reads them
      sign_in->Start();
    }
  } else {
    console.PrintError(sound.error());
    console.Line("CHỈ ĐỌC: không thu thập, không nhận dữ liệu đẩy đến, không ký, đến khi phục hồi kho và chạy lại.");
    Log(LogLevel::kError, "store_damaged", {{"faults", std::to_string(faults.size())}});
  }
  server.Listen();
  scheduler.Stop();
  day_closer.Stop();
  sheet_keeper.Stop();
  if (machines) machines->Stop();
  if (sign_in) sign_in->Stop();
  scheduler.Join();
  day_closer.Join();
  sheet_keeper.Join();
  if (machines) machines->Join();
  if (sign_in) sign_in->Join();  // after the last request: its audit is written whole
  Log(LogLevel::kInfo, "stopped");
  return ExitCode::kDone;
}

}  // namespace mc
