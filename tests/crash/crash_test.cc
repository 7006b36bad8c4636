// Goal: whatever the disk does, what the store acknowledged is there exactly once when it is opened again, no cursor is
// ahead of its records, fsck finds nothing, and the work goes on.
// Method: a seeded workload on the real engine over fault_vfs.h: the k-th write, sync, truncation, deletion, opening,
// reading, mapping or locking fails, for k from 1 until none fails any more, once or from there on; and the power goes
// in the k-th change of a file. The oracle is outside: a journal of the acknowledged records, and what the same
// workload left in an undisturbed store after each step. Of the step that was disturbed all is there, or nothing.
//   MC_CRASH_SEED   another workload and other cuts      MC_CRASH_ROUNDS  so many of them, every call of each
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <iterator>
#include <random>

#include "tests/crash/fault_vfs.h"
#include "tests/crash/workload.h"

using namespace mc;
using namespace mc::test;

namespace {

long NumberOf(const char* name, long otherwise) {
  const char* text = std::getenv(name);
  return text ? std::atol(text) : otherwise;
}

std::uint64_t Seed() { return static_cast<std::uint64_t>(NumberOf("MC_CRASH_SEED", 1)); }
long Rounds() { return NumberOf("MC_CRASH_ROUNDS", 1); }

// On demand every single call; in CI, of those that there are many of and that differ little, every so many'th, from
// one that the seed chooses. Under a sanitizer each takes its time, so fewer.
long Stride(long in_ci) {
  if (std::getenv("MC_CRASH_ROUNDS")) return 1;
#if defined(__SANITIZE_ADDRESS__)
  return in_ci * 10;
#else
  return in_ci;
#endif
}

struct Undisturbed {
  std::vector<Step> steps;
  std::vector<std::string> after;  // content after so many steps; [0] is that of no store
  long changes = 0;
};

void CheckedSteps(Worker& worker, const std::vector<Step>& steps, const std::function<void()>& after_each) {
  for (const Step& step : steps) {
    INFO(step.name);
    const Status status = step.run(worker);
    REQUIRE_MESSAGE(status.ok(), status.error().code << ": " << status.error().message);
    after_each();
  }
}

Undisturbed RunUndisturbed(std::uint64_t seed) {
  FaultVfs::Get().Reset();
  SqliteHarness harness;
  Worker worker(harness);
  Undisturbed run{StepsOf(seed), {""}, 0};
  CheckedSteps(worker, run.steps, [&] { run.after.push_back(ContentOf(harness.path())); });
  CheckClean(worker.store());
  CHECK(LostOrDoubled(worker) == "");
  return run;
}

// One disturbed run of a workload.
class Ordeal {
 public:
  Ordeal(const Undisturbed& plain, std::uint64_t cut_seed, bool same_object)
      : plain_(plain), cut_seed_(cut_seed), same_object_(same_object), worker_(harness_) {}

  // The fault is armed. False: nothing met it.
  bool Run() {
    FaultVfs& vfs = FaultVfs::Get();
    bool met = false;
    for (std::size_t i = 0; i < plain_.steps.size(); ++i) {
      const Step& step = plain_.steps[i];
      INFO("step " << i << ", " << step.name);
      Status status = step.run(worker_);
      if (vfs.met() && !met) {
        met = true;
        Recover(i, status);
        // Before the answer is known to be yes, a caller asks again.
        if (!status.ok()) status = step.run(worker_);
      }
      const bool done = status.ok() || step.done_before.contains(status.error().code);
      REQUIRE_MESSAGE(done, (status.ok() ? "" : status.error().code + ": " + status.error().message));
    }
    vfs.Disarm();  // what no step has met is not for the look from outside
    CHECK(ContentOf(harness_.path()) == plain_.after.back());
    CheckNow();
    if (met) CheckLastCut();
    worker_.Close();
    vfs.Reset();
    return met;
  }

 private:
  // After step `at`, which the store answered with `status`.
  void Recover(std::size_t at, const Status& status) {
    FaultVfs& vfs = FaultVfs::Get();
    const bool dark = vfs.dark();
    if (!status.ok()) {
      const Error& error = status.error();
      const bool told = error.code.starts_with("store_") || error.code == "erased_not_wiped";
      CHECK_MESSAGE(told, error.code << ": " << error.message);
      CHECK_MESSAGE(error.error_class != ErrorClass::kData, error.code);
    }
    if (dark || !same_object_ || !worker_.is_open()) worker_.Close();
    if (dark) vfs.Cut(cut_seed_);
    vfs.Disarm();
    if (!worker_.is_open()) {
      const Status opened = worker_.Open();
      REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().code + ": " + opened.error().message));
    }
    // All of the step or nothing of it; all, where it was acknowledged.
    const std::string now = ContentOf(harness_.path());
    const bool fresh = at == 0 && now.empty();
    const bool all = now == plain_.after[at + 1], none = now == plain_.after[at];
    CHECK_MESSAGE((fresh || all || (none && !status.ok())), "it holds\n"
                                                                << now << "and should hold\n"
                                                                << plain_.after[at + 1] << "or, where refused,\n"
                                                                << plain_.after[at]);
    // Done before the answer was out: then it has also taken away what it takes.
    const std::string& gone = plain_.steps[at].takes_away;
    if (all && !gone.empty()) worker_.Forget(gone);
    CheckNow();
  }

  void CheckNow() {
    CheckClean(worker_.store());
    CHECK(LostOrDoubled(worker_) == "");
  }

  // And when the power goes at the end, after a fault that was survived: all of it is still there.
  void CheckLastCut() {
    worker_.Close();
    FaultVfs::Get().Cut(cut_seed_ + 1);
    REQUIRE(worker_.Open().ok());
    CHECK(ContentOf(harness_.path()) == plain_.after.back());
    CheckNow();
  }

  const Undisturbed& plain_;
  const std::uint64_t cut_seed_;
  const bool same_object_;
  SqliteHarness harness_;
  Worker worker_;
};

struct Kind {
  VfsCall call;
  std::string name;
  std::vector<int> codes;
  long stride = 1;  // in CI
};

// Each call of a kind in turn. Returns how many were met.
long WalkCalls(const Kind& kind, const Undisturbed& plain, std::uint64_t seed) {
  const long stride = Stride(kind.stride);
  long met = 0;
  for (long at = 1 + static_cast<long>(seed) % stride;; at += stride) {
    const int code = kind.codes[static_cast<std::size_t>(met) % kind.codes.size()];
    const bool stays = met % 3 == 2, same_object = met % 2 == 1;
    const std::string how = std::string(stays ? " and all after it" : "") +
                            (same_object ? ", the store object stays" : ", the store is opened again");
    INFO("seed " << seed << ", " << kind.name << " " << at << " meets " << code << how);
    FaultVfs::Get().Reset();
    FaultVfs::Get().Arm({kind.call, at, code, stays});
    if (!Ordeal(plain, seed * 1'000'003 + static_cast<std::uint64_t>(at), same_object).Run()) return met;
    ++met;
  }
}

}  // namespace

TEST_CASE("crash: every call in turn fails") {
  const std::vector<Kind> kinds = {
      {VfsCall::kWrite, "write", {SQLITE_IOERR_WRITE, SQLITE_FULL}, 4},
      {VfsCall::kSync, "sync", {SQLITE_IOERR_FSYNC}},
      {VfsCall::kTruncate, "truncation", {SQLITE_IOERR_TRUNCATE, SQLITE_FULL}},
      {VfsCall::kDelete, "deletion", {SQLITE_IOERR_DELETE}},
      {VfsCall::kOpen, "opening", {SQLITE_CANTOPEN, SQLITE_IOERR}},
      {VfsCall::kRead, "reading", {SQLITE_IOERR_READ}, 4},
      {VfsCall::kMap, "mapping", {SQLITE_IOERR_SHMMAP}},
      {VfsCall::kLock, "locking", {SQLITE_IOERR_LOCK, SQLITE_BUSY}, 4},
  };
  for (long round = 0; round < Rounds(); ++round) {
    const std::uint64_t seed = Seed() + static_cast<std::uint64_t>(round);
    const Undisturbed plain = RunUndisturbed(seed);
    for (const Kind& kind : kinds) {
      const long met = WalkCalls(kind, plain, seed);
      CHECK_MESSAGE((met > 0 || Stride(1) > 1), kind.name);
      MESSAGE("seed " << seed << ": " << met << " times a " << kind.name << " failed");
    }
  }
}

TEST_CASE("crash: the power goes in every change of a file in turn") {
  for (long round = 0; round < Rounds(); ++round) {
    const std::uint64_t seed = Seed() + static_cast<std::uint64_t>(round);
    const Undisturbed plain = RunUndisturbed(seed);
    const long stride = Stride(3);
    long cuts = 0;
    for (long at = 1 + static_cast<long>(seed) % stride;; at += stride) {
      INFO("seed " << seed << ", the power goes in change " << at);
      FaultVfs::Get().Reset();
      FaultVfs::Get().CutAt(at);
      if (!Ordeal(plain, seed * 7'919 + static_cast<std::uint64_t>(at), false).Run()) break;
      ++cuts;
    }
    CHECK(cuts > 0);
    MESSAGE("seed " << seed << ": " << cuts << " power cuts");
  }
}

TEST_CASE("crash: the clock jumps between any two steps, and nothing is lost, doubled or held up") {
  constexpr std::int64_t kJumps[] = {86'400, -3'600, 0, -86'400, 2'592'000};  // seconds
  for (long round = 0; round < Rounds() + 4; ++round) {
    const std::uint64_t seed = Seed() + static_cast<std::uint64_t>(round);
    INFO("seed " << seed);
    const Undisturbed plain = RunUndisturbed(seed);
    FaultVfs::Get().Reset();
    SqliteHarness harness;
    Worker worker(harness);
    std::mt19937_64 random(seed);
    std::size_t done = 0;
    CheckedSteps(worker, plain.steps, [&] {
      CHECK(ContentOf(harness.path()) == plain.after[++done]);
      const std::int64_t jump = kJumps[random() % std::size(kJumps)];
      harness.clock.Set(Instant{harness.clock.Now().micros + jump * kMicrosPerSecond});
    });
    CheckClean(worker.store());
    CHECK(LostOrDoubled(worker) == "");
  }
}
