// A store as it is after a year: filled through the gateway's own pulls, one locked period a month. Then
// a proof of one, one person's evidence of one period, and fsck in a program of its own, its memory watched.
#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <random>

#include "core/seal.h"
#include "gateway/prove.h"
#include "storage/checkpoint.h"
#include "storage/leaf.h"
#include "tests/bench/city.h"
#include "tests/bench/corpus.h"
#include "tests/bench/feed.h"
#include "tests/bench/growth.h"

namespace mc::bench {
namespace {

constexpr int kMonths = 12;
constexpr std::int64_t kDossiersPerOfficer = 60;  // a month
constexpr std::int64_t kPullsPerMonth = 20;
constexpr std::int64_t kCommitRecords = 2'000;
constexpr double kFsckMemoryLimitMb = 300;
constexpr double kFsckTarget = 0.5;  // of hashing the leaves alone, on one core

Period MonthOf(int month) { return month < 6 ? Period{2025, 7 + month} : Period{2026, month - 5}; }
std::string OfficerId(std::int64_t officer) { return "cb" + std::to_string(officer); }

// --- filling

// Leaves of one month, by officer: what a locked period lists.
using Lists = std::vector<std::vector<std::int64_t>>;

class Year {
 public:
  Year(Store& store, std::int64_t revisions) : store_(store), manifest_(FeedManifest()) {
    constexpr std::int64_t kOfOfficer = kMonths * kDossiersPerOfficer * kRevisionsPerDossier;
    officers_ = std::max<std::int64_t>(1, (revisions + kOfOfficer - 1) / kOfOfficer);
  }

  std::int64_t officers() const { return officers_; }
  std::int64_t revisions() const { return officers_ * kMonths * kDossiersPerOfficer * kRevisionsPerDossier; }

  void Fill() {
    for (int month = 0; month < kMonths; ++month) {
      std::fprintf(stderr, "ledger: month %d of %d\n", month + 1, kMonths);
      Lists lists(static_cast<std::size_t>(officers_));
      // A slice is received in one pull and done in the next.
      for (std::int64_t pull = 0; pull <= kPullsPerMonth; ++pull) Pull(month, pull, lists);
      Lock(FormatPeriod(MonthOf(month)), lists);
    }
  }

 private:
  struct Reading {
    Dossier dossier;
    bool done = false;
  };

  std::vector<Reading> ReadingsOf(int month, std::int64_t pull) const {
    const std::int64_t count = officers_ * kDossiersPerOfficer;
    const auto [year, number] = MonthOf(month);
    std::vector<Reading> readings;
    for (const bool done : {true, false}) {
      const std::int64_t slice = done ? pull - 1 : pull;
      if (slice < 0 || slice >= kPullsPerMonth) continue;
      for (std::int64_t i = slice * count / kPullsPerMonth; i < (slice + 1) * count / kPullsPerMonth; ++i)
        readings.push_back({{month * count + i, i % officers_, year, number}, done});
    }
    return readings;
  }

  void Pull(int month, std::int64_t pull, Lists& lists) {
    const std::vector<Reading> readings = ReadingsOf(month, pull);
    FeedRun run;
    std::vector<SourceRecord> dossiers, steps;
    for (const Reading& reading : readings) {
      dossiers.push_back(DossierRecord(manifest_, reading.dossier, reading.done));
      steps.push_back(StepRecord(manifest_, reading.dossier, reading.done));
    }
    AddPages(std::move(dossiers), kCommitRecords, run.pages["dossiers"]);
    AddPages(std::move(steps), kCommitRecords, run.pages["steps"]);
    std::int64_t leaf = Must(store_.Head()).size;
    for (int stream = 0; stream < 2; ++stream) {  // as a pull goes through them
      for (const Reading& reading : readings)
        lists[static_cast<std::size_t>(reading.dossier.officer)].push_back(leaf++);
    }
    PullFeed(store_, manifest_, std::move(run));
    Need(Must(store_.Head()).size == leaf + 1, "there are leaves too few or too many");  // one: the receipt
  }

  // The store's part of a lock. Lists are known here; attributing them from evidence is LockSheets' work.
  void Lock(const std::string& period, const Lists& lists) {
    PeriodLock lock;
    lock.key = random_.Bytes(kPeriodKeyBytes);
    lock.rules = "{}";
    for (std::int64_t officer = 0; officer < officers_; ++officer) {
      LockedEntry entry{{}, random_.Bytes(kSaltBytes), "", "{}", "{}"};
      entry.list = Must(PersonListText(
          {OfficerId(officer), period, lists[static_cast<std::size_t>(officer)], Sha256("{}"), Sha256("{}")}));
      entry.entry = {PersonPseudonym(lock.key, OfficerId(officer)), Commit(entry.salt, entry.list)};
      lock.entries.push_back(std::move(entry));
    }
    std::sort(lock.entries.begin(), lock.entries.end(), [](const auto& a, const auto& b) { return a.entry < b.entry; });
    std::vector<PeriodEntry> entries;
    for (const LockedEntry& entry : lock.entries) entries.push_back(entry.entry);
    lock.index.period = period;
    lock.index.policy_id = "bench";
    lock.index.locked_at = SystemClock().Now();
    lock.index.through = Must(store_.Head()).size;
    lock.index.entries = officers_;
    lock.index.root = PeriodRoot(entries);
    lock.index.key_digest = Sha256(lock.key);
    Must(store_.LockPeriod(lock));
    Must(store_.SignHead());
  }

  Store& store_;
  const Manifest manifest_;
  std::int64_t officers_ = 0;
  SystemRandom random_;
};

// --- reading

void AddSpread(const std::string& name, const Samples& samples, Report& report) {
  report.Add(Figure{name + ", median", "ms", {Median(samples)}});
  report.Add(Figure{name + ", p95", "ms", {Percentile(samples, 0.95)}});
}

void BenchOne(Store& store, const std::string& key, std::mt19937_64& random, Report& report) {
  constexpr int kProofs = 1'000, kBundles = 100;
  const std::int64_t size = Must(store.Head()).size;
  std::uniform_int_distribution<std::int64_t> leaf(0, size - 1);
  Samples proofs, bundles;
  std::size_t bytes = 0;
  for (int i = 0; i < kProofs; ++i) {
    proofs.push_back(Seconds([&] { bytes = TlogProofText(Must(ProveLeaf(store, leaf(random)))).size(); }) * 1e3);
  }
  while (bundles.size() < kBundles) {
    const std::int64_t one = leaf(random);
    if (Must(ParseLeaf(Must(store.ReadLeaves(one, 1)).front())).kind != LeafKind::kEvidence) continue;
    bundles.push_back(Seconds([&] { Keep(Must(ProveEvidence(store, std::to_string(one), key))); }) * 1e3);
  }
  AddSpread("inclusion proof of one leaf", proofs, report);
  AddSpread("`prove evidence`, the bundle of one leaf", bundles, report);
  report.Add(Figure{"inclusion proof (tlog-proof@v1)", "B", {static_cast<double>(bytes)}});
}

// The way of `prove score` to one person's evidence: index entry, list, each leaf opened against its
// commitment.
std::size_t ReadPerson(Store& store, const std::string& period, const std::string& person) {
  const auto locked = Must(store.FindPeriod(period));
  Need(locked.has_value(), "the period is not locked");
  const LockedEntry entry = Must(store.OpenEntry(*locked, PersonPseudonym(locked->key, person)));
  const PersonList list = Must(ParsePersonList(entry.list));
  for (const std::int64_t leaf : list.leaves) {
    const OpenedLeaf opened = Must(store.OpenLeaf(leaf));
    Need(opened.object.size() > opened.bytes.size(), "an object is too short");
  }
  return list.leaves.size();
}

void BenchPerson(Store& store, std::int64_t officers, std::mt19937_64& random, Report& report) {
  constexpr int kPeople = 100;
  std::uniform_int_distribution<std::int64_t> officer(0, officers - 1);
  std::uniform_int_distribution<int> month(0, kMonths - 1);
  Samples samples;
  std::size_t leaves = 0;
  for (int i = 0; i < kPeople; ++i) {
    const std::string period = FormatPeriod(MonthOf(month(random))), person = OfficerId(officer(random));
    samples.push_back(Seconds([&] { leaves = ReadPerson(store, period, person); }) * 1e3);
  }
  AddSpread("a person's evidence of a locked period, " + std::to_string(leaves) + " leaves", samples, report);
}

// What `score`, `explain` and `lock` of a period that is not locked do first.
void BenchScan(Store& store, Report& report) {
  std::int64_t revisions = 0;
  const double seconds = Seconds([&] {
    const Status done = store.ScanEvidence([&](const EvidenceRevision& revision) {
      Keep(revision);
      ++revisions;
      return Ok();
    });
    Need(done.ok(), "the evidence cannot be read");
  });
  report.Add(Figure{"every revision read, as `score` of an open period does", "s", {seconds}});
  report.Add(Figure{"every revision read, each", "us", {seconds * 1e6 / static_cast<double>(revisions)}});
}

// --- fsck

// Over leaves that are in memory: a block from the middle of the log.
double LeafHashesPerSecond(const std::vector<std::string>& leaves) {
  const double each = SecondsEach(
      [&] {
        for (const std::string& leaf : leaves) Keep(LeafHash(leaf));
      },
      0.5);
  return static_cast<double>(leaves.size()) / each;
}

// What cannot be left out for one evidence leaf, from memory: its bytes, object and record hashed, one
// node of the tree, and its sealed record opened.
double HashAndOpenPerSecond(Store& store, std::int64_t leaf, RandomSource& random) {
  const OpenedLeaf opened = Must(store.OpenLeaf(leaf));
  const std::string payload(500, 'x'), key(kSealKeyBytes, 's');  // about a dossier and a step, halved
  const SealedPayload sealed = Seal(key, "context", payload, random);
  return 1 / SecondsEach(
                 [&] {
                   Keep(LeafHash(opened.bytes));
                   Keep(NodeHash(opened.bytes.substr(0, kHashBytes), opened.bytes.substr(kHashBytes, kHashBytes)));
                   Keep(Commit(opened.salt, opened.object));
                   Keep(Sha256(Must(Open(key, "context", sealed))));
                 },
                 0.5);
}

void BenchFsck(const Options& options, Report& report) {
  Samples rate, leaf_hash, needed, pages, rest;
  double memory = 0;
  for (int round = 0; round < options.rounds; ++round) {
    std::fprintf(stderr, "ledger: fsck, round %d of %d\n", round + 1, options.rounds);
    const auto told = RunTelling(options, "fsck-child", 6);
    leaf_hash.push_back(told.at("leaf_hashes"));
    needed.push_back(told.at("hash_and_open"));
    rate.push_back(told.at("fsck"));
    pages.push_back(told.at("pages_share"));
    rest.push_back(told.at("rest_share"));
    memory = std::max(memory, told.at("memory"));
  }
  report.Add(Ratio{"fsck, whole / hashing its leaves alone, one core", Over(rate, leaf_hash), kFsckTarget});
  report.Add(Ratio{"fsck, whole / hashing and opening all that a leaf binds", Over(rate, needed)});
  report.Promise("fsck of the filled store stays under 300 MB", memory < kFsckMemoryLimitMb);
  report.Add(Figure{"fsck, whole", "leaves/s", rate});
  report.Add(Figure{"hashing leaves alone", "leaves/s", leaf_hash});
  report.Add(Figure{"hashing and opening all that a leaf binds", "leaves/s", needed});
  report.Add(Figure{"fsck: share of its time before the leaves (database pages)", "", pages});
  report.Add(Figure{"fsck: share of its time behind the leaves (keys, chains, rows)", "", rest});
  report.Add(Figure{"fsck: resident size, highest", "MiB", {memory}});
}

}  // namespace

int FsckAndTellRates(const Place& place) {
  StoreFile file(place, true);
  const auto store = file.Open();
  const std::int64_t size = Must(store->Head()).size;
  const std::int64_t block = std::min<std::int64_t>(size, 10'000), from = (size - block) / 2;
  double first = 0, last = 0;
  const auto start = std::chrono::steady_clock::now();
  const auto passed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  const FsckReport report = Must(store->Fsck([&](std::int64_t, std::int64_t) {
    last = passed();
    if (first == 0) first = last;
  }));
  const double whole = passed();
  const double memory = ResidentMb("VmHWM:");
  Need(report.faults.empty(), report.faults.empty() ? "" : report.faults[0].where + ": " + report.faults[0].detail);
  Need(report.leaves == size, "fsck did not see every leaf");
  SystemRandom random;
  std::printf("fsck %.1f\n", static_cast<double>(size) / whole);
  std::printf("leaf_hashes %.1f\n", LeafHashesPerSecond(Must(store->ReadLeaves(from, block))));
  std::printf("hash_and_open %.1f\n", HashAndOpenPerSecond(*store, from, random));
  std::printf("pages_share %.3f\nrest_share %.3f\nmemory %.1f\n", first / whole, (whole - last) / whole, memory);
  return 0;
}

void BenchLedger(const Options& options, Report& report) {
  StoreFile file(options.place);
  double minutes = 0;
  std::int64_t officers = 0;
  {
    const auto store = file.Open();
    Year year(*store, options.revisions);
    minutes = Seconds([&] { year.Fill(); }) / 60;
    officers = year.officers();
    report.Note("ledger: " + std::to_string(year.revisions()) + " revisions of evidence of " +
                std::to_string(officers) + " people in 12 months, 60 dossiers each a month, " +
                std::to_string(file.Bytes() / 1'000'000) + " MB");
  }
  report.Add(Figure{"filling the store through pulls", "min", {minutes}});
  BenchStart(options, report);
  {
    const auto store = file.Open();
    std::mt19937_64 random(20260630);
    BenchOne(*store, VerifierKey(file.signer()), random, report);
    BenchPerson(*store, officers, random, report);
    BenchScan(*store, report);
  }
  BenchFsck(options, report);
  BenchOnTop(*file.Open(), officers * kMonths * kDossiersPerOfficer, report);
}

}  // namespace mc::bench
