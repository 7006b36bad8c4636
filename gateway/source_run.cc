#include "gateway/source_run.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>

#include "core/http.h"
#include "core/http_record.h"
#include "core/random.h"
#include "core/time.h"
#include "gateway/host_lock.h"

namespace mc {
namespace {

// Who holds a lease: this machine. HostLock keeps its processes apart, so whoever has the
// lock may take over the lease of a process of ours that died. Installations that share a database
// may run on one machine, or on machines of one name: each has locks of its own.
std::string Holder(const Installation& installation) {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  const std::string name(host.data());
  if (installation.settings().StoresInFile()) return name;
  std::string boot;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
  std::error_code none;
  return name + " " + boot + " " + std::filesystem::weakly_canonical(installation.StateFolder(), none).string();
}

// The client a connector uses: as it is, or one that also keeps what is exchanged.
struct Client {
  explicit Client(std::unique_ptr<HttpClient> plain) : curl(std::move(plain)) {}

  std::unique_ptr<HttpClient> curl;
  std::unique_ptr<HttpClient> recorder;
  SystemRandom random;
  HttpClient& http() { return recorder ? *recorder : *curl; }

  Status RecordTo(const std::string& dir, const SourceSettings& settings, const std::string& source,
                  const Clock& clock) {
    RecordingOf what{source, settings.base_url, {}, settings.unit_codes, settings.start};
    for (const auto& [name, value] : settings.secrets) what.secrets.push_back(value);
    MC_TRY(recorder, mc::RecordTo(std::filesystem::path(dir) / source, std::move(what), *curl, clock, random));
    return Ok();
  }
};

// A connector and the client that it works with.
struct Made {
  std::unique_ptr<Client> client;
  std::unique_ptr<Connector> connector;
};

Result<Made> Make(const Installation& installation, const RunContext& context, Store& store,
                  const PullOptions& options) {
  auto plain = installation.HttpClientOf(context.manifest.id, options.stopped);
  Made made{std::make_unique<Client>(std::move(plain)), nullptr};
  MC_TRY(SourceSettings settings, installation.SourceSettingsOf(context.manifest.id, store));
  if (!options.record_dir.empty()) {
    MC_CHECK_OK(made.client->RecordTo(options.record_dir, settings, context.manifest.id, context.clock));
  }
  const ConnectorContext around{made.client->http(), context.clock, options.sleep, &store};
  MC_TRY(made.connector, MakeConnector(context.manifest, std::move(settings), around));
  return made;
}

// With a heartbeat wherever a connector waits; `beat` outlives what is made with them.
PullOptions Beating(const PullOptions& options, const Heartbeat& beat) {
  PullOptions beating = options;
  beating.stopped = [stopped = options.stopped, &beat] {
    if (beat) beat();
    return stopped && stopped();
  };
  beating.sleep = [sleep = options.sleep, &beat](std::chrono::milliseconds wait) {
    for (constexpr std::chrono::milliseconds kStep{1'000}; wait.count() > 0; wait -= kStep) {
      if (beat) beat();
      if (!sleep(std::min(wait, kStep))) return false;
    }
    return true;
  };
  return beating;
}

}  // namespace

Status WithRun(const Installation& installation, const std::string& source, RunProgress progress,
               const std::function<void(const RunContext&, Store&)>& use) {
  MC_TRY(const Manifest manifest, installation.ManifestOf(source));
  MC_TRY(const auto mapper, installation.MapperOf(source));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const HostLock lock, HostLock::Take(installation.LockFileOf(source)));
  const SystemClock clock;
  const std::int64_t ttl = installation.settings().lease_ttl_secs;
  use({*store, clock, manifest, *mapper, Holder(installation), ttl, std::move(progress)}, *store);
  return Ok();
}

SourceResult PullOneSource(const Installation& installation, const std::string& source, const PullOptions& options) {
  SourceResult result;
  result.source = source;
  const Status opened = WithRun(installation, source, options.progress, [&](const RunContext& context, Store& store) {
    Heartbeat beat;
    auto made = Make(installation, context, store, Beating(options, beat));
    RunContext run = context;
    run.stopped = options.stopped;
    run.heartbeat = &beat;
    result = made.ok() ? PullSource(run, *made->connector) : FailPull(run, made.error());
  });
  if (!opened.ok()) result.error = opened.error();
  return result;
}

ReadBackResult ReadBackOneSource(const Installation& installation, const std::string& source,
                                 const PullOptions& options) {
  ReadBackResult result;
  result.source = source;
  const Settings& settings = installation.settings();
  const ReadBackLimits limits{settings.read_back_records, settings.read_back_age_days};
  const Status opened = WithRun(installation, source, options.progress, [&](const RunContext& context, Store& store) {
    Heartbeat beat;  // of the pull that settles what the first look did not
    auto made = Make(installation, context, store, Beating(options, beat));
    if (!made.ok()) {
      result.error = made.error();
      return;
    }
    RunContext run = context;
    run.stopped = options.stopped;
    run.heartbeat = &beat;
    result = ReadBackSource(run, *made->connector, limits);
  });
  if (!opened.ok()) result.error = opened.error();
  return result;
}

bool IsReadBackDue(const Installation& installation, const std::string& source, Instant now) {
  if (installation.settings().read_back_records == 0) return false;
  const auto store = installation.OpenStore();
  if (!store.ok()) return false;
  const auto since = (*store)->ReadBackSince(source);
  const std::int64_t interval = installation.settings().read_back_interval_hours * 3600 * kMicrosPerSecond;
  return since.ok() && *since && (*since)->micros + interval <= now.micros;
}

}  // namespace mc
