// mc_bench pages DIR COUNT            writes pages for nginx
// mc_bench run PAGES_DIR URL WORK_DIR WHAT ROUNDS PAGES MEMORY_PAGES REVISIONS RECORDS
//          WHAT: speed (parse and pull) | parse | pull | memory | proof | upkeep | ingest | ledger | session
//          MC_BENCH_POSTGRES: URI of a durable server, for ingest
// mc_bench http-server PORT            answers /plain (tests/bench/http/)
// mc_bench session-server PORT         answers /plain and /signed-in (tests/bench/http/session.mjs)
// scripts/bench calls it; ends with 1 when a target is missed.
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/bench/bench.h"
#include "tests/bench/corpus.h"
#include "tests/bench/growth.h"
#include "tests/bench/limits.h"

namespace mc::bench {
namespace {

std::string ProcessorName() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

std::string Load() {
  std::ifstream load("/proc/loadavg");
  std::string one;
  load >> one;
  return one;
}

bool Wants(const Options& options, const std::string& what) {
  return options.only == what || (options.only == "speed" && (what == "parse" || what == "pull"));
}

int Run(const Options& options) {
  Report report;
  if (Wants(options, "parse")) BenchParse(options, report);
  if (Wants(options, "pull")) BenchPull(options, report);
  if (Wants(options, "memory")) BenchMemory(options, report);
  if (Wants(options, "proof")) BenchProof(options, report);
  if (Wants(options, "upkeep")) BenchUpkeep(options, report);
  if (Wants(options, "ingest")) BenchIngest(options, report);
  if (Wants(options, "session")) BenchSessions(options, report);
  if (Wants(options, "ledger")) BenchLedger(options, report);
  MachineReference(options, report);
  return report.Print() ? 0 : 1;
}

int Usage() {
  std::fprintf(stderr, "use scripts/bench\n");
  return 2;
}

}  // namespace

void MachineReference(const Options& options, Report& report) {
  Samples sha, copy, commit;
  for (int round = 0; round < options.rounds; ++round) {
    sha.push_back(Sha256BytesPerSecond() / 1e9);
    copy.push_back(MemcpyBytesPerSecond() / 1e9);
    commit.push_back(CommitSeconds(options.place.work_dir) * 1e6);
  }
  report.Add(Figure{"this machine: SHA-256 of 1 MiB", "GB/s", sha});
  report.Add(Figure{"this machine: memcpy of 64 MiB", "GB/s", copy});
  report.Add(Figure{"this machine: durable SQLite commit of one row", "us", commit});
  report.Note(ProcessorName() + ", " + std::to_string(std::thread::hardware_concurrency()) + " cores, load " + Load());
}

}  // namespace mc::bench

int main(int argc, char** argv) {
  using namespace mc::bench;
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() == 3 && args[0] == "pages") {
    WritePages(args[1], std::stoll(args[2]));
    return 0;
  }
  if (args.size() == 4 && args[0] == "memory-child") return PullAndTellMemory({args[1], args[2], args[3]});
  if (args.size() == 2 && args[0] == "fsck-child") return FsckAndTellRates({"", "", args[1]});
  if (args.size() == 2 && args[0] == "start-child") return StartAndTell({"", "", args[1]});
  if (args.size() == 2 && args[0] == "http-server") return ServePlainText(std::stoi(args[1]));
  if (args.size() == 2 && args[0] == "session-server") return ServeSessionPage(std::stoi(args[1]));
  if (args.size() != 10 || args[0] != "run") return Usage();
  Options options{{args[1], args[2], args[3]}, args[4]};
  options.rounds = std::stoi(args[5]);
  options.pages = std::stoll(args[6]);
  options.memory_pages = std::stoll(args[7]);
  options.revisions = std::stoll(args[8]);
  options.records = std::stoll(args[9]);
  return Run(options);
}
