// From the acknowledged commit of a record to a proof that a stranger accepts; and a score's bundle.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/json.h"
#include "gateway/bundle_check.h"
#include "gateway/bundle_score.h"
#include "gateway/period_lock.h"
#include "gateway/prove.h"
#include "scoring/sheet_case.h"
#include "storage/checkpoint.h"
#include "tests/bench/city.h"
#include "tests/bench/corpus.h"
#include "tests/bench/feed.h"

namespace mc::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Wait = std::chrono::duration<double>;

// --- commit to proof

// As the gateway does it: the head is signed at the end of each pull, so a record waits for the rest
// of the pull that brought it. Five commits a pull, up to 2,000 records a commit (the shipped manifests).
constexpr std::int64_t kPulls = 5, kCommitsPerPull = 5, kProofCommitRecords = 2'000;
constexpr std::int64_t kProofsPerCommit = 20;

std::int64_t CommitRecords(const Options& options) {
  const std::int64_t asked = options.pages * kPageRecords / (kPulls * kCommitsPerPull);
  return std::clamp<std::int64_t>(asked, kProofsPerCommit, kProofCommitRecords);
}

std::vector<FeedRun> MakePulls(const Manifest& manifest, std::int64_t commit_records) {
  std::vector<FeedRun> pulls;
  for (std::int64_t pull = 0; pull < kPulls; ++pull) {
    std::vector<SourceRecord> records;
    const std::int64_t count = kCommitsPerPull * commit_records;
    for (std::int64_t i = 0; i < count; ++i)
      records.push_back(DossierRecord(manifest, {pull * count + i, i % 100, 2026, 6}, false));
    AddPages(std::move(records), commit_records, pulls.emplace_back().pages["dossiers"]);
  }
  return pulls;
}

// Records per second, the pulls one after the other without a pause.
double FullRate(const Options& options, const Manifest& manifest, std::int64_t commit_records) {
  std::vector<FeedRun> pulls = MakePulls(manifest, commit_records);
  StoreFile file(options.place);
  const auto store = file.Open();
  const double seconds = Seconds([&] {
    for (FeedRun& pull : pulls) PullFeed(*store, manifest, std::move(pull));
  });
  return static_cast<double>(kPulls * kCommitsPerPull * commit_records) / seconds;
}

struct Waits {
  Samples to_proof;  // ms, from the commit to the checked proof
  Samples making;    // us, of the proof alone
  std::size_t proof_bytes = 0;
};

// What a stranger asks for and does: the proof under the signed head, checked with the log's key.
void ProveCommit(Store& reader, std::int64_t first_leaf, std::int64_t records, SteadyClock::time_point committed,
                 SteadyClock::time_point signed_at, const std::string& key, Waits& waits) {
  for (std::int64_t i = 0; i < kProofsPerCommit; ++i) {
    const std::int64_t leaf = first_leaf + i * records / kProofsPerCommit;
    const auto start = SteadyClock::now();
    const TlogProof proof = Must(ProveLeaf(reader, leaf));
    const std::string bytes = Must(reader.ReadLeaves(leaf, 1)).front();
    Must(CheckTlogProof(proof, LeafHash(bytes), key));
    const Wait making = SteadyClock::now() - start;
    waits.making.push_back(making.count() * 1e6);
    waits.to_proof.push_back((Wait(signed_at - committed) + making).count() * 1e3);
    waits.proof_bytes = TlogProofText(proof).size();
  }
}

// Commits come at half of `full_rate`, however long the store takes for them.
Waits PacedPulls(const Options& options, const Manifest& manifest, std::int64_t commit_records, double full_rate) {
  std::vector<FeedRun> pulls = MakePulls(manifest, commit_records);
  StoreFile file(options.place);
  const auto store = file.Open(), reader = file.Open();
  const std::string key = VerifierKey(file.signer());
  const Wait between(static_cast<double>(commit_records) / (full_rate / 2));
  const auto start = SteadyClock::now();
  std::int64_t commits = 0;
  Waits waits;
  for (FeedRun& pull : pulls) {
    std::vector<SteadyClock::time_point> committed;
    pull.before_page = [&] {
      std::this_thread::sleep_until(start + std::chrono::duration_cast<SteadyClock::duration>(between * ++commits));
    };
    pull.committed = [&](const BatchCounts&) { committed.push_back(SteadyClock::now()); };
    const std::int64_t first = Must(store->Head()).size;
    PullFeed(*store, manifest, std::move(pull));
    const auto signed_at = SteadyClock::now();
    for (std::size_t i = 0; i < committed.size(); ++i)
      ProveCommit(*reader, first + static_cast<std::int64_t>(i) * commit_records, commit_records, committed[i],
                  signed_at, key, waits);
  }
  return waits;
}

void BenchWaits(const Options& options, Report& report) {
  const Manifest manifest = FeedManifest();
  const std::int64_t records = CommitRecords(options);
  Samples rate, p50, p95, making;
  std::size_t bytes = 0;
  for (int round = 0; round < options.rounds; ++round) {
    std::fprintf(stderr, "proof: round %d of %d\n", round + 1, options.rounds);
    rate.push_back(FullRate(options, manifest, records));
    const Waits waits = PacedPulls(options, manifest, records, rate.back());
    p50.push_back(Percentile(waits.to_proof, 0.5));
    p95.push_back(Percentile(waits.to_proof, 0.95));
    making.push_back(Median(waits.making));
    bytes = waits.proof_bytes;
  }
  report.Add(Figure{"full ingest rate behind the source", "records/s", rate});
  report.Add(Figure{"commit to available proof, at half of that rate, p50", "ms", p50});
  report.Add(Figure{"commit to available proof, at half of that rate, p95", "ms", p95});
  report.Add(Figure{"of that: proof made, and checked with the log's key", "us", making});
  report.Add(Figure{"inclusion proof (tlog-proof@v1)", "B", {static_cast<double>(bytes)}});
  report.Note("commit to proof: " + std::to_string(kPulls) + " pulls of " + std::to_string(kCommitsPerPull) +
              " commits of " + std::to_string(records) + " records; the head is signed at the end of each pull");
}

// --- a score

constexpr std::int64_t kLines = 60;
constexpr const char* kPersonKey = "a key of thirty-two bytes, bench";

constexpr const char* kDirectory = R"({"schema":"minhchung/directory@1",
 "units":[{"id":"U1","name":"UBND phường Một","axis":"committee","parent":null,"ward":null,"codes":[{"code":"H26.101"}]}],
 "people":[{"id":"an","name":"Nguyễn Văn An","group":"civil_servant"},{"id":"bao","name":"Lê Bảo","group":"civil_servant"},
           {"id":"em","name":"Trần Thị Em","group":"civil_servant"}],
 "memberships":[{"person":"an","unit":"U1","role":"member","manager":"bao","peer_group":"cv","fed_by":["dvc"],"from":"2026-01-01"},
                {"person":"bao","unit":"U1","role":"member","peer_group":"cv","fed_by":["dvc"],"from":"2026-01-01"}],
 "staff_codes":[],"emails":[],"accounts":[],
 "labels":[{"person":"an","register":"dvc","unit":"U1","label":"@","approved_by":["bao","em"]}]})";

std::string RuleDocuments() {
  return Must(CanonicalJson(Json{{"calendar", nullptr},
                                 {"policy", Must(ReadJsonFile(SourcePath("policies/nd335-2025.json")))},
                                 {"catalogue", Must(ReadJsonFile(SourcePath("policies/catalogue-demo-2026.json")))}}));
}

// One officer with kLines dossiers in June, all received and done: four leaves each.
void FillAndLock(Store& store) {
  std::string directory = kDirectory;
  directory.replace(directory.find('@', directory.find("\"labels\"")), 1, OfficerLabel(0));
  Must(store.ImportDirectory(Must(SealDirectory(Must(ParseJson(directory)), kPersonKey))));
  const Manifest manifest = FeedManifest();
  FeedRun run;
  for (const bool done : {false, true}) {
    std::vector<SourceRecord> dossiers, steps;
    for (std::int64_t i = 0; i < kLines; ++i) {
      dossiers.push_back(DossierRecord(manifest, {i, 0, 2026, 6}, done));
      steps.push_back(StepRecord(manifest, {i, 0, 2026, 6}, done));
    }
    AddPages(std::move(dossiers), kProofCommitRecords, run.pages["dossiers"]);
    AddPages(std::move(steps), kProofCommitRecords, run.pages["steps"]);
  }
  PullFeed(store, manifest, std::move(run));
  SystemRandom random;
  Must(LockSheets(store, {RuleDocuments(), kPersonKey, Period{2026, 6}, 0}, Waiting::kSealed, Instant{INT64_MAX / 2},
                  random));
}

void NeedLines(const BundleFiles& files) {
  const SheetCase sheet = Must(ParseSheetCase(files.at(kCaseFile)));
  Need(sheet.subject.lines.size() == static_cast<std::size_t>(kLines), "the sheet has not its lines");
}

void BenchScoreBundle(const Options& options, Report& report) {
  StoreFile file(options.place);
  const auto store = file.Open();
  FillAndLock(*store);
  const std::string key = VerifierKey(file.signer());
  Samples proving, verifying;
  std::string archive;
  for (int round = 0; round < options.rounds; ++round) {
    proving.push_back(Seconds([&] { archive = Must(ProveScore(*store, "2026-06", "an", key)); }) * 1e3);
    verifying.push_back(SecondsEach([&] { Must(CheckBundle(Must(OpenBundle(archive)), key)); }) * 1e3);
  }
  const OpenedBundle bundle = Must(OpenBundle(archive));
  NeedLines(bundle.files);
  const double leaves = static_cast<double>(Must(CheckBundle(bundle, key)).leaves.size());
  report.Add(Figure{"score bundle with 60 lines: size", "kB", {static_cast<double>(archive.size()) / 1e3}});
  report.Add(Figure{"score bundle with 60 lines: leaves in it", "", {leaves}});
  report.Add(Figure{"score bundle with 60 lines: `prove score`", "ms", proving});
  report.Add(Figure{"score bundle with 60 lines: `verify`", "ms", verifying});
}

}  // namespace

void BenchProof(const Options& options, Report& report) {
  BenchWaits(options, report);
  BenchScoreBundle(options, report);
}

}  // namespace mc::bench
