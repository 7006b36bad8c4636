// sync [SOURCE...] and sync --from DIR SOURCE.
#include <unistd.h>

#include <array>
#include <filesystem>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "core/http.h"
#include "core/http_record.h"
#include "core/random.h"
#include "core/time.h"
#include "gateway/collector.h"
#include "gateway/commands.h"
#include "gateway/host_lock.h"
#include "gateway/installation.h"
#include "gateway/texts.h"

namespace mc {
namespace {

constexpr std::size_t kParallelSources = 4;
constexpr std::size_t kRefusedFilesShown = 20;

// Who holds a lease: this machine. HostLock keeps its processes apart, so whoever has the
// lock may take over the lease of a process of ours that died.
std::string Holder() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return std::string(host.data());
}

std::string CountsText(const BatchCounts& counts) {
  return "nhận " + std::to_string(counts.fetched) + ", mới " + std::to_string(counts.added) + ", sửa đổi " +
         std::to_string(counts.revised) + ", trùng " + std::to_string(counts.duplicate) + ", cách ly " +
         std::to_string(counts.quarantined);
}

// Progress of several sources on one line.
class Board {
 public:
  explicit Board(Console& console) : console_(console) {}

  void Show(const std::string& source, const BatchCounts& counts) {
    const std::lock_guard lock(mutex_);
    shown_[source] = counts.fetched;
    std::string text = "Đang thu thập";
    for (const auto& [name, fetched] : shown_) text += " · " + name + " " + std::to_string(fetched);
    console_.Progress(text);
  }

 private:
  Console& console_;
  std::mutex mutex_;
  std::map<std::string, std::int64_t> shown_;
};

using Collect = std::function<SourceResult(const RunContext&, Store&)>;

// Everything one run needs, opened for it alone.
Result<SourceResult> CollectWith(const Installation& installation, const std::string& source, Board& board,
                                 const Collect& collect) {
  MC_TRY(const Manifest manifest, installation.ManifestOf(source));
  MC_TRY(const auto mapper, installation.MapperOf(source));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const HostLock lock, HostLock::Take(installation.settings().store_path + ".lock-" + source));
  const SystemClock clock;
  const RunContext context{*store,
                           clock,
                           manifest,
                           *mapper,
                           Holder(),
                           installation.settings().lease_ttl_secs,
                           [&](const BatchCounts& counts) { board.Show(source, counts); }};
  return collect(context, *store);
}

// The client a connector uses: as it is, or one that also keeps what is exchanged.
struct Client {
  std::unique_ptr<HttpClient> curl = MakeCurlClient();
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

Result<SourceResult> PullOne(const Installation& installation, const std::string& source, const std::string& record_dir,
                             Board& board) {
  return CollectWith(installation, source, board, [&](const RunContext& context, Store& store) {
    const auto failed = [&](const Error& error) {
      SourceResult result;
      result.source = source;
      result.register_id = context.manifest.register_id;
      result.error = error;
      return result;
    };
    auto settings = installation.SourceSettingsOf(source, store);
    if (!settings.ok()) return failed(settings.error());
    Client client;
    if (!record_dir.empty()) {
      const Status recording = client.RecordTo(record_dir, *settings, source, context.clock);
      if (!recording.ok()) return failed(recording.error());
    }
    auto connector = MakeConnector(context.manifest, std::move(settings).value(), {client.http(), context.clock});
    if (!connector.ok()) return failed(connector.error());
    return PullSource(context, **connector);
  });
}

SourceResult ResultOf(Result<SourceResult> result, const std::string& source) {
  if (result.ok()) return std::move(result).value();
  SourceResult failed;
  failed.source = source;
  failed.error = result.error();
  return failed;
}

// A source that fails does not stop the others.
std::vector<SourceResult> PullAll(const Installation& installation, const std::vector<std::string>& sources,
                                  const std::string& record_dir, Board& board) {
  std::vector<SourceResult> results(sources.size());
  std::mutex mutex;
  std::size_t next = 0;
  const auto work = [&] {
    while (true) {
      std::size_t mine;
      {
        const std::lock_guard lock(mutex);
        if (next == sources.size()) return;
        mine = next++;
      }
      results[mine] = ResultOf(PullOne(installation, sources[mine], record_dir, board), sources[mine]);
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < std::min(kParallelSources, sources.size()); ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  return results;
}

// What a source sent is not a file that the operator gave: its data errors are its failure.
ExitCode ExitForSource(const Error& error) {
  return error.error_class == ErrorClass::kData ? ExitCode::kFailed : ExitFor(error);
}

Json ResultJson(const SourceResult& result) {
  Json out = {{"source", result.source},
              {"register", result.register_id},
              {"fetched", result.counts.fetched},
              {"new", result.counts.added},
              {"revised", result.counts.revised},
              {"duplicate", result.counts.duplicate},
              {"quarantined", result.counts.quarantined},
              {"notes", result.notes},
              {"error", nullptr}};
  if (result.error) out["error"] = {{"code", result.error->code}, {"message", result.error->message}};
  return out;
}

ExitCode ExitOf(const std::vector<SourceResult>& results) {
  ExitCode exit = ExitCode::kDone;
  for (const SourceResult& result : results) {
    if (result.error) exit = Highest(exit, ExitForSource(*result.error));
  }
  return exit;
}

void Print(const std::vector<SourceResult>& results, Console& console) {
  Json list = Json::array();
  for (const SourceResult& result : results) {
    if (console.json()) {
      list.push_back(ResultJson(result));
    } else {
      console.Line(result.source + ": " + CountsText(result.counts) + (result.error ? " (chưa xong)" : ""));
    }
    for (const auto& [note, pages] : result.notes) {
      console.Note("Lưu ý, " + result.source + ": " + ViReason(note) + " (" + std::to_string(pages) + " trang).");
    }
    if (result.error) console.Note(result.source + ": " + ErrorText(*result.error));
  }
  if (console.json()) console.Print({{"sources", std::move(list)}});
}

CommandResult SyncSaved(const Options& options, const Installation& installation, Console& console) {
  if (options.sources.size() != 1) {
    return ConfigError("usage", "sync --from DIR needs exactly one SOURCE");
  }
  Board board(console);
  MC_TRY(const SourceResult result,
         CollectWith(installation, options.sources.front(), board,
                     [&](const RunContext& context, Store&) { return TakeSaved(context, options.from_dir); }));
  Print({result}, console);
  for (std::size_t i = 0; i < std::min(kRefusedFilesShown, result.files_refused.size()); ++i) {
    console.Note("Không lấy được " + result.files_refused[i]);
  }
  if (result.files_refused.size() > kRefusedFilesShown) {
    console.Note("… và " + std::to_string(result.files_refused.size() - kRefusedFilesShown) + " tệp khác.");
  }
  if (!result.files_skipped.empty()) {
    console.Note("Bỏ qua " + std::to_string(result.files_skipped.size()) + " tệp không phải .edxml, .xml hay .json.");
  }
  if (!console.json()) console.Line("Đã đọc " + std::to_string(result.files_taken) + " tệp.");
  const bool wrong_input = result.files_taken == 0 || !result.files_refused.empty();
  return Highest(ExitOf({result}), wrong_input ? ExitCode::kWrongInput : ExitCode::kDone);
}

}  // namespace

CommandResult RunSync(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  if (!options.from_dir.empty()) return SyncSaved(options, installation, console);
  MC_TRY(const std::vector<std::string> sources, installation.ChooseSources(options.sources));
  Board board(console);
  const auto results = PullAll(installation, sources, options.record_dir, board);
  Print(results, console);
  return ExitOf(results);
}

}  // namespace mc
