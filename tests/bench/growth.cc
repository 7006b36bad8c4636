#include "tests/bench/growth.h"

#include <algorithm>
#include <sstream>

#include "storage/start_check.h"
#include "tests/bench/city.h"
#include "tests/bench/corpus.h"
#include "tests/bench/feed.h"

namespace mc::bench {
namespace {

constexpr int kStarts = 10;  // a start takes no time beside the filling
constexpr double kStartLimitSeconds = 1, kStartMemoryLimitMb = 300;
constexpr std::int64_t kOnTopDossiers = 10'000;      // two records each
constexpr std::int64_t kOnTopCommitRecords = 2'000;  // as the shipped manifests

}  // namespace

std::map<std::string, double> RunTelling(const Options& options, const std::string& word, std::size_t figures) {
  const std::string out = options.place.work_dir + "/told.txt";
  const std::string command =
      "'" + std::string(MC_BENCH_BINARY) + "' " + word + " '" + options.place.work_dir + "' > '" + out + "'";
  Need(std::system(command.c_str()) == 0, word + " of the filled store failed");
  std::istringstream lines(ReadBytes(out));
  std::map<std::string, double> told;
  std::string name;
  for (double value = 0; lines >> name >> value;) told[name] = value;
  Need(told.size() == figures, word + " does not tell all its figures");
  return told;
}

int StartAndTell(const Place& place) {
  StoreFile file(place, true);
  const auto store = file.Open();
  Need(Must(CheckAtStart(*store)).empty(), "the filled store is damaged");
  std::printf("memory %.1f\n", ResidentMb("VmHWM:"));
  return 0;
}

void BenchStart(const Options& options, Report& report) {
  Samples seconds, memory;
  for (int round = 0; round < kStarts; ++round) {
    seconds.push_back(Seconds([&] { memory.push_back(RunTelling(options, "start-child", 1).at("memory")); }));
  }
  report.Promise("a start on the filled store takes less than a second", Highest(seconds) < kStartLimitSeconds);
  report.Promise("a start on the filled store stays under 300 MB", Highest(memory) < kStartMemoryLimitMb);
  report.Add(Figure{"a start: program, store opened, right edge checked", "s", seconds});
  report.Add(Figure{"a start: resident size, highest", "MiB", memory});
}

void BenchOnTop(Store& store, std::int64_t first, Report& report) {
  const Manifest manifest = FeedManifest();
  FeedRun run;
  std::vector<SourceRecord> dossiers, steps;
  for (std::int64_t i = 0; i < kOnTopDossiers; ++i) {
    const Dossier dossier{first + i, i % 100, 2026, 7};
    dossiers.push_back(DossierRecord(manifest, dossier, false));
    steps.push_back(StepRecord(manifest, dossier, false));
  }
  AddPages(std::move(dossiers), kOnTopCommitRecords, run.pages["dossiers"]);
  AddPages(std::move(steps), kOnTopCommitRecords, run.pages["steps"]);
  const double seconds = Seconds([&] { PullFeed(store, manifest, std::move(run)); });
  report.Add(Figure{"20,000 new records on top of it, behind the source", "records/s", {2 * kOnTopDossiers / seconds}});
}

}  // namespace mc::bench
