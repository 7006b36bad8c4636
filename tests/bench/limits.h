// What the machine could do at best: each stage of a pull alone, by the libraries' own
// calls in their best use (buffers and contexts kept, nothing checked twice).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/bench.h"

namespace mc::bench {

// The work that all terms are measured over.
struct Work {
  std::string page;               // one page as served
  std::vector<std::string> rows;  // its records
  std::string dir;                // for databases, on the disk that the store uses
  std::int64_t records = 0;       // of the whole pull: the unique index grows to this size
};

// Seconds per record on one core with one SQLite writer:
// T = p + h + m + r + x(B, order) + c / B + s, with B = one page of records.
struct Budget {
  double parse = 0;   // p: simdjson's DOM over the page
  double hash = 0;    // h: SHA-256 of the record and of its key
  double merkle = 0;  // m: one interior node
  double row = 0;     // r: one row without a unique index
  double unique = 0;  // x: what a random text key under a unique index adds
  double commit = 0;  // c: one durable commit (not yet divided by B)
  double seal = 0;    // s: the record and its key, AES-256-GCM each
  double PerRecord() const;
};

Budget MeasureBudget(const Work& work);

struct RowCosts {
  double row = 0;
  double unique = 0;
};
RowCosts MeasureRows(const Work& work);

// Fetches pages 1..pages over one kept connection and throws the bytes away; seconds.
double FetchAndDiscard(const std::string& base_url, std::int64_t pages);

double DomParseSeconds(const std::string& page);  // one parse
double PugixmlParseSeconds(const std::string& message, unsigned options);
double Sha256BytesPerSecond();
double MemcpyBytesPerSecond();
double CommitSeconds(const std::string& dir);

}  // namespace mc::bench
