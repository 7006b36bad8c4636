// sync [SOURCE...] and sync --from DIR SOURCE.
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "gateway/collector.h"
#include "gateway/commands.h"
#include "gateway/installation.h"
#include "gateway/manual_pull.h"
#include "gateway/source_run.h"
#include "gateway/texts.h"

namespace mc {
namespace {

constexpr std::size_t kParallelSources = 4;
constexpr std::size_t kRefusedFilesShown = 20;
constexpr std::size_t kNewFieldsShown = 20;

std::string CountsText(const BatchCounts& counts) {
  return "nhận " + std::to_string(counts.fetched) + ", mới " + std::to_string(counts.added) + ", sửa đổi " +
         std::to_string(counts.revised) + ", trùng " + std::to_string(counts.duplicate) + ", cách ly " +
         std::to_string(counts.quarantined);
}

// Progress of several sources on one line.
class SyncBoard {
 public:
  explicit SyncBoard(Console& console) : console_(console) {}

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

// A source that fails does not stop the others.
std::vector<SourceResult> PullAll(const Installation& installation, const std::vector<std::string>& sources,
                                  const std::string& record_dir, SyncBoard& board) {
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
      const std::string& source = sources[mine];
      const auto show = [&board, &source](const BatchCounts& counts) { board.Show(source, counts); };
      results[mine] = PullOneSource(installation, source, {.record_dir = record_dir, .progress = show});
      NoteManualPull(installation, results[mine]);
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
              {"control_total", result.control_total ? Json(*result.control_total) : Json(nullptr)},
              {"offered", result.offered ? Json(*result.offered) : Json(nullptr)},
              {"notes", result.notes},
              {"new_fields", result.new_fields},
              {"error", nullptr}};
  if (result.error) out["error"] = {{"code", result.error->code}, {"message", result.error->message}};
  return out;
}

// The first few, and how many more.
std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(kNewFieldsShown, names.size()); ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() <= kNewFieldsShown) return text;
  return text + " … và " + std::to_string(names.size() - kNewFieldsShown) + " trường khác";
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
    if (!result.new_fields.empty()) {
      console.Note("Lưu ý, " + result.source + ": nguồn bắt đầu gửi trường chưa từng có: " + Listed(result.new_fields) +
                   ". Bản ghi vẫn được giữ nguyên; xem quy tắc đọc có cần bổ sung không.");
    }
    if (result.control_total && result.offered != result.control_total) {
      console.Note("Lưu ý, " + result.source + ": nguồn nêu " + std::to_string(*result.control_total) +
                   " bản ghi nhưng chỉ trả " + std::to_string(result.offered.value_or(0)) + ".");
    }
    if (result.error) console.Note(result.source + ": " + ErrorText(*result.error));
  }
  if (console.json()) console.Print({{"sources", std::move(list)}});
}

CommandResult SyncSaved(const Options& options, const Installation& installation, Console& console) {
  if (options.sources.size() != 1) {
    return ConfigError("usage", "sync --from DIR needs exactly one SOURCE");
  }
  const std::string& source = options.sources.front();
  SyncBoard board(console);
  SourceResult result;
  MC_CHECK_OK(WithRun(
      installation, source, [&](const BatchCounts& counts) { board.Show(source, counts); },
      [&](const RunContext& context, Store&) { result = TakeSaved(context, options.from_dir); }));
  Print({result}, console);
  for (std::size_t i = 0; i < std::min(kRefusedFilesShown, result.files_refused.size()); ++i) {
    console.Note("Không lấy được " + result.files_refused[i]);
  }
  if (result.files_refused.size() > kRefusedFilesShown) {
    console.Note("… và " + std::to_string(result.files_refused.size() - kRefusedFilesShown) + " tệp khác.");
  }
  for (std::size_t i = 0; i < std::min(kRefusedFilesShown, result.files_skipped.size()); ++i) {
    console.Note("Bỏ qua " + result.files_skipped[i]);
  }
  if (!result.files_skipped.empty()) {
    console.Note("Bỏ qua " + std::to_string(result.files_skipped.size()) +
                 " tệp không phải .edxml, .xml, .json, .ndjson, .csv hay .xlsx.");
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
  SyncBoard board(console);
  const auto results = PullAll(installation, sources, options.record_dir, board);
  Print(results, console);
  return ExitOf(results);
}

}  // namespace mc
