// What read-back needs of the store: records chosen at random, and where its results are kept.
// Implemented by the engines; one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/source_record.h"
#include "core/time.h"
#include "storage/read_back.h"

namespace mc {

// A record that is held as the last word of its source and stream on its native id.
struct SampledRecord {
  std::int64_t leaf = 0;
  std::int64_t ik = 0;
  RecordKey key;
  std::string stream;
  std::map<std::string, std::string> facts;
  std::string statement;             // digest of what its evidence states (leaf.h)
  std::vector<std::string> windows;  // Page::windows of the page that brought it
};

struct StoredReadBack {
  std::int64_t leaf = 0;
  ReadBack read_back;
};

// What the last read-back that named a record said of it. It concerns revisions at leaves below its own:
// a later one is a newer word of the source.
struct RecordMark {
  ReadBackVerdict verdict = ReadBackVerdict::kGone;  // kGone or kDiffers
  Instant at;
  std::int64_t read_back = 0;  // leaf
};

// A record that its source contradicts still, where it counts in the four numbers (quality_store.h).
struct ContradictedRecord {
  std::int64_t ik = 0;
  std::string source, native_id;
  std::string unit_named, period;
  ReadBackVerdict verdict = ReadBackVerdict::kGone;  // kGone or kDiffers
};

class ReadBackStore {
 public:
  virtual ~ReadBackStore() = default;

  // Up to `most` records of the source that came at `since` or later and say where they can be read again; each
  // as likely as any other, by the store's random source. Superseded, rejected and erased ones are never chosen.
  virtual Result<std::vector<SampledRecord>> SampleRecords(const std::string& source, Instant since,
                                                           std::int64_t most) = 0;
  // Records marked as gone that no later revision replaced, the longest gone first.
  virtual Result<std::vector<SampledRecord>> GoneRecords(const std::string& source, std::int64_t most) = 0;
  // Leaf, object and marks in one durable transaction; the leaf. kInternal "bad_read_back".
  virtual Result<std::int64_t> AppendReadBack(const ReadBack& read_back) = 0;
  virtual Result<std::vector<StoredReadBack>> ListReadBacks(const std::string& source) = 0;  // oldest first; "": all
  virtual Result<std::vector<ReadBack>> LastReadBacks() = 0;  // of each source, by source
  virtual Result<std::map<std::int64_t, RecordMark>> ReadBackMarks() = 0;  // by the record's ik
  // Those that are marked now, in the order of their leaves.
  virtual Result<std::vector<ContradictedRecord>> ListContradicted() = 0;
  // When the source was last read back, else when the first page came that can be; nothing without either.
  virtual Result<std::optional<Instant>> ReadBackSince(const std::string& source) = 0;
};

}  // namespace mc
