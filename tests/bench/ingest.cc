// Records on their way into the store, a fifth of them for the second time: against the budget of one core, raw rows
// in SQLite, and PostgreSQL's fastest way with the same rows.
#include <algorithm>
#include <cstdlib>

#include "connectors/json_page.h"
#include "connectors/json_shape.h"
#include "connectors/records.h"
#include "core/seal.h"
#include "storage/postgres_store.h"
#include "tests/bench/city.h"
#include "tests/bench/corpus.h"
#include "tests/bench/limits.h"

namespace mc::bench {
namespace {

constexpr std::int64_t kRepeatEvery = 5;         // 20 % were there before
constexpr std::int64_t kIngestBatch = 2'000;     // records of a commit, as the shipped manifests
constexpr std::int64_t kBestCopyBatch = 10'000;  // where COPY is at its best
constexpr double kIngestTarget = 0.5;            // of the budget, and of COPY
constexpr std::int64_t kIngestLeaseSecs = 3600;

// Bytes as a source answers them: `count` records from the n-th on.
std::string OfferedPage(std::int64_t from, std::int64_t count) {
  std::string text = R"({"error_code":"0","message":"","totalrow":)" + std::to_string(count) + R"(,"data":[)";
  for (std::int64_t i = from; i < from + count; ++i) {
    if (i > from) text += ",";
    text += DossierRow(OfferedNumber(i, kRepeatEvery));
  }
  return text + "]}";
}

std::vector<PlainRow> OfferedRows(std::int64_t from, std::int64_t count) {
  std::vector<PlainRow> rows;
  for (std::int64_t i = from; i < from + count; ++i) {
    std::string bytes = DossierRow(OfferedNumber(i, kRepeatEvery));
    const std::size_t key = bytes.find("H26."), end = bytes.find('"', key);
    rows.push_back({"hs|" + bytes.substr(key, end - key), std::move(bytes)});
  }
  return rows;
}

// From page to records that the store takes: split, hashed, mapped, as a pull does.
class Preparing {
 public:
  Preparing() {
    layout_ = shape_->Layout();
    layout_.fields = id_.fields;
  }

  std::vector<IngestItem> operator()(const std::string& bytes) const {
    const JsonPage split = Must(SplitJson(bytes, layout_));
    Page page;
    for (const JsonRow& row : split.rows) TakeRow(context_, id_, row, page);
    std::vector<IngestItem> items;
    items.reserve(page.records.size());
    for (SourceRecord& record : page.records) {
      IngestItem& item = items.emplace_back();
      item.outcome = mapper_->Map(record);
      item.record = std::move(record);
    }
    return items;
  }
  const Manifest& manifest() const { return manifest_; }

 private:
  const Manifest manifest_ = Must(ReadManifest(SourcePath("connectors/public_service.json")));
  const std::unique_ptr<JsonShape> shape_ = ShapeOf(manifest_.kind);
  const RecordId id_ = shape_->IdOf(manifest_.streams.front());
  const std::unique_ptr<Mapper> mapper_ = Must(LoadMapper(SourcePath("mapping/rules/public_service.json")));
  const RecordContext context_ = ContextOf(manifest_, "dossiers", SystemClock().Now());
  JsonLayout layout_;
};

struct IngestSeconds {
  double prepare = 0;  // pages split, hashed and mapped
  double store = 0;    // appended in durable batches; receipt and signed head at the end
};

// One run of one source; ends the program unless each record is there once.
IngestSeconds Ingest(Store& store, const Preparing& prepare, std::int64_t records) {
  const Manifest& manifest = prepare.manifest();
  const Lease lease = Must(store.AcquireLease(manifest.id, "bench", kIngestLeaseSecs));
  RunReceipt receipt;
  receipt.source = manifest.id;
  receipt.register_id = manifest.register_id;
  receipt.started_at = receipt.ended_at = SystemClock().Now();
  receipt.run = Must(store.BeginRun(manifest.id, manifest.register_id));
  IngestSeconds seconds;
  IngestBatch batch{
      .source = manifest.id, .stream = "dossiers", .run = receipt.run, .fence = lease.fence, .items = {}, .next = {}};
  for (std::int64_t from = 0; from < records; from += kIngestBatch) {
    const std::string page = OfferedPage(from, std::min(kIngestBatch, records - from));
    seconds.prepare += Seconds([&] { batch.items = prepare(page); });
    batch.next = Cursor{std::to_string(from)};
    seconds.store += Seconds([&] { receipt.counts += Must(store.AppendBatch(batch)); });
  }
  seconds.store += Seconds([&] {
    Must(store.EndRun(receipt));
    Must(store.SignHead());
  });
  const std::int64_t fresh = FreshOf(records, kRepeatEvery);
  Need(receipt.counts == BatchCounts{records, fresh, 0, records - fresh, 0},
       "of " + std::to_string(records) + " records " + std::to_string(receipt.counts.added) + " were stored as new");
  return seconds;
}

double RawSeconds(RawRows& raw, std::int64_t records, std::int64_t batch) {
  double seconds = 0;
  for (std::int64_t from = 0; from < records; from += batch) {
    const std::vector<PlainRow> rows = OfferedRows(from, std::min(batch, records - from));
    seconds += Seconds([&] { raw.Insert(rows); });
  }
  Need(raw.Count() == FreshOf(records, kRepeatEvery), "raw rows were lost or doubled");
  return seconds;
}

// A schema of its own, gone with the object.
class BenchSchema {
 public:
  explicit BenchSchema(const std::string& server) : server_(server) {
    Drop();
    AskBenchServer(server_, "CREATE SCHEMA bench");
  }
  BenchSchema(const BenchSchema&) = delete;
  ~BenchSchema() { Drop(); }
  std::string uri() const { return server_ + "?sslmode=disable&options=-csearch_path%3Dbench"; }

 private:
  // What one side leaves to be written later is not the next one's work.
  void Drop() const {
    AskBenchServer(server_, "DROP SCHEMA IF EXISTS bench CASCADE");
    AskBenchServer(server_, "CHECKPOINT");
  }
  const std::string server_;
};

double CopySeconds(const std::string& server, std::int64_t records, std::int64_t batch) {
  const BenchSchema schema(server);
  return RawSeconds(*MakeRawPostgres(schema.uri()), records, batch);
}

double IngestPostgres(const BenchSchema& schema, const Preparing& prepare, std::int64_t records) {
  SystemRandom random;
  const SystemClock clock;
  const auto store = Must(OpenPostgresStore({.path = schema.uri(),
                                             .sealing_key = std::string(kSealKeyBytes, 's'),
                                             .signer = {"bench.example/log", std::string(32, 'l')},
                                             .random = random,
                                             .clock = clock,
                                             .shared = MakeSharedWriter()}));
  return Ingest(*store, prepare, records).store;
}

struct IngestSides {
  Samples budget, parse, hash, merkle, row, unique, commit, seal;  // SQLite's limit
  Samples prepare, store, whole, raw;                              // us per record
  Samples copy_same, copy_best, copy, copy_stored, postgres;
};

void TakeBudget(const Options& options, std::int64_t records, IngestSides& sides) {
  Work work{DossierPage(1, 1), {}, options.place.work_dir, records, kIngestBatch, kRepeatEvery};
  for (std::int64_t n = 0; n < kPageRecords; ++n) work.rows.push_back(DossierRow(n));
  const Budget budget = MeasureBudget(work);
  sides.parse.push_back(budget.parse * 1e6);
  sides.hash.push_back(budget.hash * 1e6);
  sides.merkle.push_back(budget.merkle * 1e6);
  sides.row.push_back(budget.row * 1e6);
  sides.unique.push_back(budget.unique * 1e6);
  sides.commit.push_back(budget.commit * 1e6);
  sides.seal.push_back(budget.seal * 1e6);
  sides.budget.push_back(budget.PerRecord() * 1e6);
}

void RoundOfSqlite(const Options& options, const Preparing& prepare, IngestSides& sides) {
  const double each = 1e6 / static_cast<double>(options.records);
  TakeBudget(options, options.records, sides);
  sides.raw.push_back(RawSeconds(*MakeRawSqlite(options.place.work_dir), options.records, kIngestBatch) * each);
  StoreFile file(options.place);
  const IngestSeconds ours = Ingest(*file.Open(), prepare, options.records);
  sides.prepare.push_back(ours.prepare * each);
  sides.store.push_back(ours.store * each);
  sides.whole.push_back((ours.prepare + ours.store) * each);
}

void RoundOfPostgres(const std::string& server, const Options& options, const Preparing& prepare, IngestSides& sides) {
  const double each = 1e6 / static_cast<double>(options.records);
  sides.copy_same.push_back(CopySeconds(server, options.records, kIngestBatch) * each);
  sides.copy_best.push_back(CopySeconds(server, options.records, kBestCopyBatch) * each);
  sides.copy.push_back(std::min(sides.copy_same.back(), sides.copy_best.back()));
  const BenchSchema schema(server);
  sides.postgres.push_back(IngestPostgres(schema, prepare, options.records) * each);
  constexpr std::int64_t kRepeated = kBestCopyBatch / kRepeatEvery;
  const std::int64_t leaves = FreshOf(options.records, kRepeatEvery) + 1;  // and the receipt
  sides.copy_stored.push_back(CopyStoredSeconds(schema.uri(), leaves, kBestCopyBatch - kRepeated, kRepeated) * each);
}

void AddSqlite(const IngestSides& sides, Report& report) {
  report.Add(Ratio{"ingest into SQLite, page to commit / budget T", Over(sides.budget, sides.whole), kIngestTarget});
  report.Add(Ratio{"ingest into SQLite, the store alone / raw inserts", Over(sides.raw, sides.store)});
  const std::pair<const char*, const Samples*> figures[] = {
      {"budget p: simdjson DOM, per record", &sides.parse},
      {"budget h: SHA-256 of record and key", &sides.hash},
      {"budget m: Merkle node", &sides.merkle},
      {"budget r: SQLite rows of the mix", &sides.row},
      {"budget x: unique index, random text key", &sides.unique},
      {"budget c: durable commit (shared by 2,000 records)", &sides.commit},
      {"budget s: sealing, alone", &sides.seal},
      {"budget T of the mix, per record", &sides.budget},
      {"raw SQLite inserts, durable, per record", &sides.raw},
      {"ingest into SQLite: split, hashed and mapped, per record", &sides.prepare},
      {"ingest into SQLite: the store, per record", &sides.store},
      {"ingest into SQLite, whole, per record", &sides.whole}};
  for (const auto& [name, samples] : figures) report.Add(Figure{name, "us", *samples});
}

void AddPostgres(const IngestSides& sides, Report& report) {
  report.Add(Ratio{"our PostgreSQL engine / COPY and INSERT..SELECT, key and bytes", Over(sides.copy, sides.postgres),
                   kIngestTarget});
  report.Add(Ratio{"our PostgreSQL engine / the same of all rows that it writes",
                   Over(sides.copy_stored, sides.postgres), kIngestTarget});
  report.Add(Ratio{"our PostgreSQL engine / COPY of key and bytes in batches of our size",
                   Over(sides.copy_same, sides.postgres)});
  report.Add(Figure{"COPY and INSERT..SELECT, 2,000 a batch, per record", "us", sides.copy_same});
  report.Add(Figure{"COPY and INSERT..SELECT, 10,000 a batch, per record", "us", sides.copy_best});
  report.Add(Figure{"COPY and INSERT..SELECT of our five tables' rows, per record", "us", sides.copy_stored});
  report.Add(Figure{"our PostgreSQL engine, per record", "us", sides.postgres});
}

}  // namespace

void BenchIngest(const Options& options, Report& report) {
  const char* const server = std::getenv("MC_BENCH_POSTGRES");
  const Preparing prepare;
  IngestSides sides;
  for (int round = 0; round < options.rounds; ++round) {
    std::fprintf(stderr, "ingest: round %d of %d\n", round + 1, options.rounds);
    RoundOfSqlite(options, prepare, sides);
    if (server != nullptr) RoundOfPostgres(server, options, prepare, sides);
  }
  AddSqlite(sides, report);
  if (server != nullptr) AddPostgres(sides, report);
  if (server == nullptr) report.Note("ingest: no server in MC_BENCH_POSTGRES, PostgreSQL is not measured");
  report.Note("ingest: " + std::to_string(options.records) + " records of " + std::to_string(DossierRow(1).size()) +
              " B, every fifth for the second time, 2,000 a commit, durable, sealed, in the ledger");
}

}  // namespace mc::bench
