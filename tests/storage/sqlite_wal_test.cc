// Goal: whatever is done to the bytes of the write-ahead log, nothing wrong is believed: SQLite drops what does not fit
// its checksums, so a changed log is an older store, and that is named by whoever saw the newer head.
// Method: a store whose last two heads lie in the log alone; every byte of its header and of three frames' headers,
// and bytes of their pages, changed; the log cut, emptied, its frames exchanged and doubled. Each time the store is
// opened from the files alone, and is: refused or faulty by fsck, whole up to the head that a witness holds, or
// shorter than that head, which the witness then names.
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include "storage/checkpoint.h"
#include "tests/storage/fake_witness.h"
#include "tests/storage/sqlite_harness.h"

using namespace mc;
using namespace mc::test;

namespace {

constexpr std::size_t kLogHeaderBytes = 32, kFrameHeaderBytes = 24, kPageBytes = 8'192;  // sqlite.org/fileformat2.html
constexpr std::size_t kFrameBytes = kFrameHeaderBytes + kPageBytes;

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The files of a store that was never closed: two pages of records, each under a head of its own, in the log.
struct Abandoned {
  std::string file, log;
  LedgerHead first, last;

  Abandoned() {
    SqliteHarness harness;
    harness.Open();
    {
      const auto store = harness.Open();
      Collecting run(*store);
      run.Append({Task("T1", "open"), Bad("T2", "?")});
      run.End();
      first = Must(store->SignHead());
    }
    const auto store = harness.Open();
    for (const char* id : {"T3", "T4"}) {
      Collecting run(*store);
      run.Append({Task(id, "open"), Task("T1", id)});
      run.End();
      last = Must(store->SignHead());
    }
    file = harness.ReadFile();
    log = ReadAll(harness.path() + "-wal");
  }
  std::size_t frames() const { return (log.size() - kLogHeaderBytes) / kFrameBytes; }
};

enum class Fate { kRefused, kWhole, kOlder };

// Opens the files as they are, and finds out what became of the store; fails when nobody would.
Fate FateOf(const Abandoned& abandoned, const std::string& log) {
  SqliteHarness harness;
  harness.WriteFile(abandoned.file);
  std::ofstream(harness.path() + "-wal", std::ios::binary) << log;
  const auto witness = std::make_shared<FakeWitness>("one.example");
  witness->size = abandoned.last.size;
  witness->root = ReadCheckpoint(abandoned.last.checkpoint)->root;
  harness.witnesses = {witness};
  const auto opened = OpenSqliteStore(harness.Settings());
  if (!opened.ok()) return Fate::kRefused;
  Store& store = **opened;
  const auto report = store.Fsck({});
  if (!report.ok() || !report->faults.empty()) return Fate::kRefused;
  CHECK(report->leaves <= abandoned.last.size);
  const bool whole = report->leaves == abandoned.last.size;
  // The next head, as it would be made a moment later.
  Collecting run(store, "documents");
  run.Append({});
  run.End();
  const auto head = store.SignHead();
  CHECK_MESSAGE(head.ok() == whole, (head.ok() ? "signed" : head.error().code));
  if (!head.ok())
    CHECK(head.error().code == (report->leaves + 1 < abandoned.last.size ? "witness_rollback" : "witness_fork"));
  return whole ? Fate::kWhole : Fate::kOlder;
}

}  // namespace

TEST_CASE("log file: as it was left behind it is whole, and without it the store is older and the witness says so") {
  const Abandoned abandoned;
  REQUIRE(abandoned.frames() >= 10);
  CHECK(FateOf(abandoned, abandoned.log) == Fate::kWhole);
  CHECK(FateOf(abandoned, "") == Fate::kOlder);
  CHECK(FateOf(abandoned, std::string(abandoned.log.size(), '\0')) == Fate::kOlder);
}

TEST_CASE("log file: every changed byte of a header, and of pages, leads to an older store or to none") {
  const Abandoned abandoned;
  const std::size_t last = abandoned.frames() - 1;
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < kLogHeaderBytes; ++at) places.push_back(at);
  for (const std::size_t frame : {std::size_t{0}, last / 2, last}) {
    const std::size_t from = kLogHeaderBytes + frame * kFrameBytes;
    for (std::size_t at = 0; at < kFrameHeaderBytes; ++at) places.push_back(from + at);
    for (const std::size_t at :
         {std::size_t{0}, std::size_t{3}, std::size_t{8}, std::size_t{100}, kPageBytes / 2, kPageBytes - 1}) {
      places.push_back(from + kFrameHeaderBytes + at);
    }
  }
  int older = 0;
  for (const std::size_t at : places) {
    INFO("byte " << at << " of " << abandoned.log.size());
    std::string log = abandoned.log;
    log[at] = static_cast<char>(log[at] ^ 1);
    older += FateOf(abandoned, log) == Fate::kOlder;
  }
  CHECK(older > static_cast<int>(places.size()) / 2);
}

TEST_CASE("log file: cut at any frame, frames exchanged, doubled and left out") {
  const Abandoned abandoned;
  const auto frame = [&](std::size_t i) {
    return abandoned.log.substr(kLogHeaderBytes + i * kFrameBytes, kFrameBytes);
  };
  const std::string header = abandoned.log.substr(0, kLogHeaderBytes);
  const auto made_of = [&](const std::vector<std::size_t>& order) {
    std::string log = header;
    for (const std::size_t i : order) log += frame(i);
    return log;
  };
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < abandoned.frames(); ++i) all.push_back(i);
  REQUIRE(FateOf(abandoned, made_of(all)) == Fate::kWhole);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(i);
    const std::size_t from = kLogHeaderBytes + i * kFrameBytes;
    FateOf(abandoned, abandoned.log.substr(0, from));
    FateOf(abandoned, abandoned.log.substr(0, from + kFrameBytes / 2));
    auto left_out = all, doubled = all, exchanged = all;
    left_out.erase(left_out.begin() + static_cast<std::ptrdiff_t>(i));
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), i);
    std::swap(exchanged[i], exchanged[(i + 1) % all.size()]);
    for (const auto& order : {left_out, doubled, exchanged}) FateOf(abandoned, made_of(order));
  }
}
