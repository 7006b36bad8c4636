// The whole way, HTTP to committed rows, against its two stages alone; four sources at once.
#include <thread>

#include "tests/bench/city.h"
#include "tests/bench/corpus.h"
#include "tests/bench/limits.h"

namespace mc::bench {
namespace {

constexpr int kSources = 4;

void NeedAll(const BatchCounts& counts, std::int64_t records) {
  Need(counts.added == records && counts.fetched == records,
       "of " + std::to_string(records) + " records " + std::to_string(counts.added) + " were stored as new");
}

double PullSeconds(const Options& options, std::int64_t records) {
  StoreFile file(options.place);
  const auto store = file.Open();
  BatchCounts counts;
  const double seconds = Seconds([&] { counts = PullAll(options.place, *store, DossierManifest(0)); });
  NeedAll(counts, records);
  return seconds;
}

// Each source with a store object, client and connector of its own, as `sync` does.
double PullFourSeconds(const Options& options, std::int64_t records) {
  StoreFile file(options.place);
  file.Open();
  const double seconds = Seconds([&] {
    std::vector<std::thread> threads;
    for (int i = 0; i < kSources; ++i) {
      threads.emplace_back([&, i] {
        const auto store = file.Open();
        NeedAll(PullAll(options.place, *store, DossierManifest(i)), records);
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  return seconds;
}

struct Terms {
  Samples parse, hash, merkle, row, unique, commit, seal, total;
  void Take(const Budget& b) {
    parse.push_back(b.parse * 1e6);
    hash.push_back(b.hash * 1e6);
    merkle.push_back(b.merkle * 1e6);
    row.push_back(b.row * 1e6);
    unique.push_back(b.unique * 1e6);
    commit.push_back(b.commit * 1e6);
    seal.push_back(b.seal * 1e6);
    total.push_back(b.PerRecord() * 1e6);
  }
};

void AddTerms(const Terms& terms, Report& report) {
  report.Add(Figure{"budget p: simdjson DOM, per record", "us", terms.parse});
  report.Add(Figure{"budget h: SHA-256 of record and key", "us", terms.hash});
  report.Add(Figure{"budget m: Merkle node", "us", terms.merkle});
  report.Add(Figure{"budget r: one SQLite row", "us", terms.row});
  report.Add(Figure{"budget x: unique index, random text key, 500 a transaction", "us", terms.unique});
  report.Add(Figure{"budget c: durable commit (shared by 500 records)", "us", terms.commit});
  report.Add(Figure{"budget s: sealing", "us", terms.seal});
  report.Add(Figure{"budget T, per record", "us", terms.total});
}

}  // namespace

void BenchPull(const Options& options, Report& report) {
  const std::int64_t records = options.pages * kPageRecords;
  Work work{DossierPage(1, options.pages), {}, options.place.work_dir, records};
  for (std::int64_t n = 0; n < kPageRecords; ++n) work.rows.push_back(DossierRow(n));
  Samples fetch, pull, four, slower, single_rate, four_rate;
  Terms terms;
  for (int round = 0; round < options.rounds; ++round) {
    std::fprintf(stderr, "pull: round %d of %d\n", round + 1, options.rounds);
    const double count = static_cast<double>(records);
    fetch.push_back(FetchAndDiscard(options.place.base_url, options.pages) * 1e6 / count);
    pull.push_back(PullSeconds(options, records) * 1e6 / count);
    terms.Take(MeasureBudget(work));
    four.push_back(PullFourSeconds(options, records) * 1e6 / (count * kSources));
    slower.push_back(std::max(fetch.back(), terms.total.back()));
    single_rate.push_back(1e6 / pull.back());
    four_rate.push_back(1e6 / four.back());
  }
  report.Add(Ratio{"whole pull / the slower of its stages alone", Over(slower, pull), 0.4});
  report.Add(Ratio{"four sources at once / one", Over(pull, four), 1.3});
  report.Add(Figure{"fetch and discard, per record", "us", fetch});
  AddTerms(terms, report);
  report.Add(Figure{"whole pull, per record", "us", pull});
  report.Add(Figure{"whole pull", "records/s", single_rate});
  report.Add(Figure{"four sources at once, all together", "records/s", four_rate});
  report.Note("pulls of " + std::to_string(records) + " records of " + std::to_string(work.rows[1].size()) +
              " B in pages of 500, up to 2,000 in a commit, each on a fresh store");
}

}  // namespace mc::bench
