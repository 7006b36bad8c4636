// What all benchmarks share: rounds, ratios, and giving up when the set-up fails.
//
// The sides of a ratio are measured in turns within every round, so that a neighbour on
// the machine meets all of them; a ratio is taken per round, and its median decides.
// On demand (scripts/bench); ctest runs it once over a tiny corpus and judges no figure.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace mc::bench {

// One figure, once per round.
using Samples = std::vector<double>;

double Median(Samples samples);
double Percentile(Samples samples, double share);  // nearest rank; 0.95: 95 of 100 are not higher
double Lowest(const Samples& samples);
double Highest(const Samples& samples);
Samples Over(const Samples& above, const Samples& below);  // round by round

struct Ratio {
  std::string name;
  Samples samples;
  double target = 0;  // at least; 0: for information
};

struct Figure {
  std::string name;
  std::string unit;
  Samples samples;
};

class Report {
 public:
  void Add(Ratio ratio) { ratios_.push_back(std::move(ratio)); }
  void Add(Figure figure) { figures_.push_back(std::move(figure)); }
  void Note(std::string line) { notes_.push_back(std::move(line)); }
  void Promise(std::string what, bool held) { promises_.emplace_back(std::move(what), held); }

  // Ratios, then what else was promised, then absolute figures. True when all targets hold.
  bool Print() const;

 private:
  std::vector<Ratio> ratios_;
  std::vector<std::pair<std::string, bool>> promises_;
  std::vector<Figure> figures_;
  std::vector<std::string> notes_;
};

// Seconds that `work` takes.
template <typename Work>
double Seconds(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Seconds of one call, repeated until `at_least` seconds have passed.
template <typename Work>
double SecondsEach(Work&& work, double at_least = 0.1) {
  std::int64_t calls = 0;
  const auto start = std::chrono::steady_clock::now();
  double passed = 0;
  while (passed < at_least) {
    work();
    ++calls;
    passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  return passed / static_cast<double>(calls);
}

[[noreturn]] inline void GiveUp(const std::string& why) {
  std::fprintf(stderr, "bench: %s\n", why.c_str());
  std::exit(3);
}

inline void Need(bool held, const std::string& why) {
  if (!held) GiveUp(why);
}

// The value of a Result, or the end of the program with its message.
template <typename R>
auto Must(R result) {
  if (!result.ok()) GiveUp(result.error().code + ": " + result.error().message);
  return std::move(result).value();
}

// Keeps the optimiser from leaving out what only a benchmark asks for.
template <typename T>
void Keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

// Where nginx serves the pages, and where databases may be made.
struct Place {
  std::string pages_dir;  // holds <n>.json
  std::string base_url;
  std::string work_dir;
};

struct Options {
  Place place;
  std::string only;  // "parse", "pull", "speed" for both, "memory", "proof", "upkeep", "ingest", "ledger" or "session"
  int rounds = 5;
  std::int64_t pages = 100;
  std::int64_t memory_pages = 2000;
  std::int64_t revisions = 200'000;  // of evidence, in the store of "ledger"
  std::int64_t records = 1'000'000;  // offered in "ingest"
};

void BenchParse(const Options& options, Report& report);
void BenchPull(const Options& options, Report& report);
void BenchMemory(const Options& options, Report& report);
void BenchProof(const Options& options, Report& report);
void BenchUpkeep(const Options& options, Report& report);
void BenchLedger(const Options& options, Report& report);
void BenchIngest(const Options& options, Report& report);
void BenchSessions(const Options& options, Report& report);
void MachineReference(const Options& options, Report& report);

// The child that BenchMemory watches: one pull of all pages, its resident size as it grows.
int PullAndTellMemory(const Place& place);
// The child that BenchLedger watches: fsck of the store that lies there, its rate and resident size.
int FsckAndTellRates(const Place& place);

// Prints its port and answers /plain until it is killed.
int ServePlainText(int port);
// Prints its port and the cookie of one of its ten thousand sessions; answers /plain, and /signed-in with the same
// bytes where there is a session, until it is killed.
int ServeSessionPage(int port);
inline constexpr std::size_t kPlainPageBytes = 956;

double ResidentMb(const char* field);  // of /proc/self/status: "VmRSS:", "VmHWM:"

}  // namespace mc::bench
