// What the machine could do at best: each stage of a pull alone, by the libraries' own
// calls in their best use (buffers and contexts kept, nothing checked twice).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/bench.h"
#include "tests/bench/corpus.h"

namespace mc::bench {

// The work that all terms are measured over.
struct Work {
  std::string page;                   // one page as served
  std::vector<std::string> rows;      // its records
  std::string dir;                    // for databases, on the disk that the store uses
  std::int64_t records = 0;           // of the whole pull: the unique index grows to this size
  std::int64_t batch = kPageRecords;  // B: records of one transaction
  std::int64_t repeat_every = 0;      // of every so many records one was there before; 0: none
};

// Seconds per record on one core with one SQLite writer:
// T = p + h + m + r + x(B, order) + c / B + s, with B = Work::batch. Records that repeat an older one are parsed,
// hashed and looked up; only the others cost a node, a row and a seal.
struct Budget {
  double parse = 0;        // p: simdjson's DOM over the page
  double hash = 0;         // h: SHA-256 of the record and of its key
  double merkle = 0;       // m: one interior node
  double row = 0;          // r: one row without a unique index
  double unique = 0;       // x: what a random text key under a unique index adds
  double commit = 0;       // c: one durable commit (not yet divided by B)
  double seal = 0;         // s: the record and its key, AES-256-GCM each
  std::int64_t batch = 1;  // B
  double fresh = 1;        // share of records that repeat none; in r and x already
  double PerRecord() const;
};

Budget MeasureBudget(const Work& work);

struct RowCosts {
  double row = 0;
  double unique = 0;
};
RowCosts MeasureRows(const Work& work);

// Which record is offered as the n-th: a number from 0 up, or one from before, anywhere.
std::int64_t OfferedNumber(std::int64_t n, std::int64_t repeat_every);
inline std::int64_t FreshOf(std::int64_t records, std::int64_t repeat_every) {
  return repeat_every == 0 ? records : records - records / repeat_every;
}

// Plain rows of key and bytes under a unique key, durable, one transaction per call.
struct PlainRow {
  std::string key, bytes;
};
class RawRows {
 public:
  virtual ~RawRows() = default;
  virtual void Insert(const std::vector<PlainRow>& batch) = 0;
  virtual std::int64_t Count() = 0;
};
std::unique_ptr<RawRows> MakeRawSqlite(const std::string& dir);
// COPY into a stage, INSERT .. SELECT .. ON CONFLICT from there; in the schema of the URI.
std::unique_ptr<RawRows> MakeRawPostgres(const std::string& uri);
// Seconds in which the rows of our tables' own, in `uri`'s schema, go the same way into tables like them, with their
// indexes; to each batch of fresh leaves come `repeated` ones from before, for the second time.
double CopyStoredSeconds(const std::string& uri, std::int64_t leaves, std::int64_t fresh, std::int64_t repeated);
std::int64_t AskBenchServer(const std::string& uri, const std::string& sql);  // the first number; 0 without rows

// Fetches pages 1..pages over one kept connection and throws the bytes away; seconds.
double FetchAndDiscard(const std::string& base_url, std::int64_t pages);

double DomParseSeconds(const std::string& page);  // one parse
double PugixmlParseSeconds(const std::string& message, unsigned options);
double Sha256BytesPerSecond();
double MemcpyBytesPerSecond();
double CommitSeconds(const std::string& dir);

}  // namespace mc::bench
