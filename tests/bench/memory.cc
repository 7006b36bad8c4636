// Resident size of one pull as it grows. The pull runs in a program of its own, which has
// held nothing else.
#include <array>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/json.h"
#include "tests/bench/city.h"
#include "tests/bench/corpus.h"

namespace mc::bench {
namespace {

constexpr double kMemoryLimitMb = 200;
// From the first mark on, caches are full: more records may not need more memory.
constexpr double kGrowthAllowed = 1.25;

// "records megabytes" lines of the child.
std::map<std::int64_t, double> RunChild(const Options& options) {
  const std::string out = options.place.work_dir + "/memory.txt";
  const std::string command = "'" + std::string(MC_BENCH_BINARY) + "' memory-child '" + options.place.pages_dir +
                              "' '" + options.place.base_url + "' '" + options.place.work_dir + "' > '" + out + "'";
  Need(std::system(command.c_str()) == 0, "the pull of the memory test failed");
  std::istringstream lines(ReadBytes(out));
  std::map<std::int64_t, double> marks;
  std::int64_t records = 0;
  for (double mb = 0; lines >> records >> mb;) marks[records] = mb;
  Need(marks.size() == 4, "the memory test does not tell all its marks");
  return marks;
}

}  // namespace

double ResidentMb(const char* field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind(field, 0) == 0) return std::strtod(line.c_str() + std::strlen(field) + 1, nullptr) / 1024;
  }
  GiveUp("the system does not tell the resident size");
}

int PullAndTellMemory(const Place& place) {
  const std::int64_t records =
      Must(ParseJson(ReadBytes(place.pages_dir + "/1.json"))).at("totalrow").get<std::int64_t>();
  const std::array<std::int64_t, 3> marks = {records / 10, records / 2, records};
  std::size_t next = 0;
  StoreFile file(place);
  const auto store = file.Open();
  const BatchCounts counts = PullAll(place, *store, DossierManifest(0), [&](const BatchCounts& so_far) {
    while (next < marks.size() && so_far.fetched >= marks[next]) {
      std::printf("%lld %.1f\n", static_cast<long long>(marks[next++]), ResidentMb("VmRSS:"));
    }
  });
  Need(counts.added == records, "not all records were stored");
  std::printf("%lld %.1f\n", static_cast<long long>(records + 1), ResidentMb("VmHWM:"));
  return 0;
}

void BenchMemory(const Options& options, Report& report) {
  std::fprintf(stderr, "memory: one pull of %lld records\n",
               static_cast<long long>(options.memory_pages * kPageRecords));
  const auto marks = RunChild(options);
  const double first = marks.begin()->second, peak = marks.rbegin()->second;
  const double last = std::next(marks.begin(), 2)->second;
  for (const auto& [records, mb] : marks) {
    const bool is_peak = records == marks.rbegin()->first;
    report.Add(Figure{
        is_peak ? "resident size, highest" : "resident size at " + std::to_string(records) + " records", "MiB", {mb}});
  }
  const std::int64_t total = std::next(marks.begin(), 2)->first;
  report.Promise("memory: a pull of " + std::to_string(total) + " records stays under 200 MB", peak < kMemoryLimitMb);
  report.Promise("memory: ten times the records, not more than 1.25 times the memory", last <= first * kGrowthAllowed);
}

}  // namespace mc::bench
