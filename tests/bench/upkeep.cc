// What verification and the four numbers cost beside the ingest itself: what every commit adds to the sums, the clean
// verdict of the day's close, and a day's read-back; against a quarter of the ingest budget of the same run.
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>

#include "gateway/clean_judge.h"
#include "gateway/quality.h"
#include "mapping/items.h"
#include "storage/quality_sums.h"
#include "tests/bench/city.h"
#include "tests/bench/corpus.h"
#include "tests/bench/feed.h"
#include "tests/bench/limits.h"

namespace mc::bench {
namespace {

constexpr std::int64_t kUpkeepCommitRecords = 2'000;  // as the shipped manifests
constexpr std::int64_t kReadBackSample = 600;   // of one source and day, as the settings
constexpr std::int64_t kRecordsADay = 30'000;   // of one source: a small one, where the sample weighs most
constexpr double kShare = 0.25;                 // of the budget

// --- in every commit

// The table of the sums, and the store's statement upon it. Within transactions that are rolled back: the durable
// commit is the ingest's own.
class SumsTable {
 public:
  explicit SumsTable(const std::string& path) {
    Need(sqlite3_open(path.c_str(), &db_) == SQLITE_OK, "cannot make a database at " + path);
    Run("PRAGMA journal_mode = WAL");
    Run("CREATE TABLE quality_state (source TEXT NOT NULL, unit_named TEXT NOT NULL, period TEXT NOT NULL, "
        "measure TEXT NOT NULL, num BIGINT NOT NULL, den BIGINT NOT NULL, "
        "PRIMARY KEY (source, unit_named, period, measure))");
    const char* upsert =
        "INSERT INTO quality_state (source, unit_named, period, measure, num, den) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (source, unit_named, period, measure) DO UPDATE SET "
        "num = quality_state.num + excluded.num, den = quality_state.den + excluded.den";
    Need(sqlite3_prepare_v2(db_, upsert, -1, &upsert_, nullptr) == SQLITE_OK, sqlite3_errmsg(db_));
  }
  SumsTable(const SumsTable&) = delete;
  ~SumsTable() {
    sqlite3_finalize(upsert_);
    sqlite3_close(db_);
  }

  void Write(const std::vector<QualityCell>& cells) {
    Run("BEGIN IMMEDIATE");
    for (const QualityCell& cell : cells) {
      const std::string* texts[] = {&cell.source, &cell.unit, &cell.period, &cell.measure};
      for (int i = 0; i < 4; ++i) {
        sqlite3_bind_text(upsert_, i + 1, texts[i]->data(), static_cast<int>(texts[i]->size()), SQLITE_STATIC);
      }
      sqlite3_bind_int64(upsert_, 5, cell.num);
      sqlite3_bind_int64(upsert_, 6, cell.den);
      Need(sqlite3_step(upsert_) == SQLITE_DONE, sqlite3_errmsg(db_));
      sqlite3_reset(upsert_);
    }
    Run("ROLLBACK");
  }

 private:
  void Run(const char* sql) {
    Need(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sqlite3_errmsg(db_));
  }
  sqlite3* db_ = nullptr;
  sqlite3_stmt* upsert_ = nullptr;
};

std::vector<QualityCell> GatherSums(const std::vector<EvidenceRevision>& evidence, std::size_t from, std::size_t to) {
  QualitySums sums;
  PeriodNamer periods;
  for (std::size_t i = from; i < to; ++i) {
    const Evidence& one = evidence[i].evidence;
    sums.AddRecord(evidence[i].source, UnitNamed(one.unit), periods.Of(EventTime(EventOf(one), std::nullopt, {})),
                   true);
  }
  return sums.Cells();
}

double CommitUpkeepSeconds(const std::vector<EvidenceRevision>& evidence, SumsTable& table) {
  return Seconds([&] {
    for (std::size_t from = 0; from < evidence.size(); from += kUpkeepCommitRecords) {
      table.Write(GatherSums(evidence, from, std::min(evidence.size(), from + kUpkeepCommitRecords)));
    }
  });
}

// --- when a day is closed, and when a score is made

// Everybody whom the feed names, in the office that it names.
constexpr std::int64_t kOfficers = 100;

DirectoryData FeedDirectory(const std::string& register_id) {
  DirectoryData directory;
  OrgUnit unit;
  unit.id = "u1";
  unit.name = "UBND phường Một";
  unit.codes.push_back({"H26.101", {}});
  directory.units.push_back(unit);
  for (std::int64_t i = 0; i < kOfficers; ++i) {
    Person person;
    person.id = "cb" + std::to_string(i);
    directory.people.push_back(person);
    directory.labels.push_back({person.id, register_id, unit.id, OfficerLabel(i), {}});
  }
  return directory;
}

std::vector<EvidenceRevision> ReadAll(Store& store) {
  std::vector<EvidenceRevision> evidence;
  const Status read = store.ScanEvidence([&](const EvidenceRevision& revision) {
    evidence.push_back(revision);
    return Ok();
  });
  Need(read.ok(), "the evidence cannot be read");
  return evidence;
}

// A dossier as it ended, and its two rows.
constexpr std::int64_t kRecordsPerDossier = 3;

double FillSeconds(Store& store, const Manifest& manifest, std::int64_t dossiers) {
  std::vector<SourceRecord> ended, rows;
  for (std::int64_t i = 0; i < dossiers; ++i) {
    const Dossier dossier{i, i % kOfficers, 2026, 6};
    ended.push_back(DossierRecord(manifest, dossier, true));
    for (const bool done : {false, true}) rows.push_back(StepRecord(manifest, dossier, done));
  }
  FeedRun run;
  AddPages(std::move(ended), kUpkeepCommitRecords, run.pages["dossiers"]);
  AddPages(std::move(rows), kUpkeepCommitRecords, run.pages["steps"]);
  return Seconds([&] { PullFeed(store, manifest, std::move(run)); });
}

struct Costs {
  Samples budget, commit, clean, read_back, items, verify, share;
};

std::vector<EvidenceRef> RefsOf(const std::vector<EvidenceRevision>& evidence) {
  std::vector<EvidenceRef> refs;
  for (const EvidenceRevision& revision : evidence) refs.push_back({revision.ik, revision.leaf_index, "", ""});
  return refs;
}

// Microseconds per record of everything, one round.
void Measure(const Options& options, const Work& work, Costs& costs) {
  const std::int64_t dossiers = options.pages * kPageRecords / kRecordsPerDossier;
  const std::int64_t records = kRecordsPerDossier * dossiers;
  const double micros = 1e6 / static_cast<double>(records);
  StoreFile file(options.place);
  const auto store = file.Open();
  const double pull = FillSeconds(*store, FeedManifest(), dossiers) * micros;
  const std::vector<EvidenceRevision> evidence = ReadAll(*store);
  Need(evidence.size() == static_cast<std::size_t>(records), "there is evidence too little or too much");
  costs.budget.push_back(MeasureBudget(work).PerRecord() * 1e6);
  const std::string sums_path = options.place.work_dir + "/sums.db";
  std::filesystem::remove(sums_path);
  SumsTable table(sums_path);
  costs.commit.push_back(CommitUpkeepSeconds(evidence, table) * micros);
  const IdentityIndex identity(FeedDirectory(FeedManifest().register_id));
  const ItemSettings settings{Assurance::kRecorded, 0, nullptr};
  std::vector<WorkItem> items;
  const Instant as_of = StartOfDay(*MakeDate(2026, 8, 1));
  costs.items.push_back(Seconds([&] { items = BuildItems(evidence, identity, settings, as_of); }) * micros);
  const auto led =
      std::count_if(items.begin(), items.end(), [](const WorkItem& item) { return !item.lead.id.empty(); });
  Need(led == dossiers, "of " + std::to_string(dossiers) + " dossiers " + std::to_string(led) + " have their lead");
  costs.clean.push_back(Seconds([&] { Keep(CleanCellsOf(evidence, CleanJudge(items, identity), std::nullopt)); }) *
                        micros);
  // Read again is pulled again; at least once, for a sample spread over a window is the window.
  costs.read_back.push_back(pull * kReadBackSample / kRecordsADay);
  costs.verify.push_back(Seconds([&] { Must(store->VerifyEvidence(RefsOf(evidence))); }) * micros);
  const double upkeep = costs.commit.back() + costs.clean.back() + costs.read_back.back();
  costs.share.push_back(kShare * costs.budget.back() / upkeep);
}

}  // namespace

void BenchUpkeep(const Options& options, Report& report) {
  Work work{DossierPage(1, options.pages), {}, options.place.work_dir, options.pages * kPageRecords};
  for (std::int64_t n = 0; n < kPageRecords; ++n) work.rows.push_back(DossierRow(n));
  Costs costs;
  for (int round = 0; round < options.rounds; ++round) {
    std::fprintf(stderr, "upkeep: round %d of %d\n", round + 1, options.rounds);
    Measure(options, work, costs);
  }
  report.Add(Ratio{"a quarter of the ingest budget / quality upkeep, per record", costs.share, 1.0});
  report.Add(Figure{"ingest budget T, per record", "us", costs.budget});
  report.Add(Figure{"upkeep: sums of a commit, per record", "us", costs.commit});
  report.Add(Figure{"upkeep: clean verdicts of a day's close, per revision", "us", costs.clean});
  report.Add(Figure{"upkeep: read-back of 600 of 30,000 records a day, per record", "us", costs.read_back});
  report.Add(Figure{"a score: items with backing and every conflict, per revision", "us", costs.items});
  report.Add(Figure{"a score: evidence opened and proven again, per revision", "us", costs.verify});
}

}  // namespace mc::bench
