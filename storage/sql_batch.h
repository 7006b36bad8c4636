// Writing one batch; inside of the engines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/sql_batch_keys.h"

namespace mc {

// Writes one batch. The rules of de-duplication are those of storage/README.md.
//
// The store has one writer, so what needs no look into it (digests, canonical texts, sealing,
// the leaf of a first revision) is made before its lock is taken: several collectors do that
// side by side. Only what turns out to be known already was then made in vain.
class BatchWriter {
 public:
  // Both must outlive it.
  BatchWriter(SqlStore& store, const IngestBatch& batch)
      : store_(&store), batch_(batch), now_(store.settings_.clock.Now()) {}

  const IngestBatch& batch() const { return batch_; }

  // Outside of any transaction. `ahead`: all that a new record needs, and not only its key.
  Status Prepare(bool ahead);
  // Inside a transaction of `through`, a store on the same file. kTransient "fenced_off", kInternal. Nothing
  // is kept when it fails and the transaction is rolled back: it may be called again.
  Result<BatchCounts> Write(SqlStore& through);

 private:
  // A record with what is stored of it when it is new.
  struct Ready {
    std::int64_t ik = 0;
    std::int64_t chain = 0;
    bool made = false;  // all below
    RecordEnvelope envelope;
    std::string envelope_text;
    SealedPayload sealed;
    EvidenceText text;  // when it was read
    SqlStore::NewLeaf leaf;
  };
  Status CheckRun();
  Status Make(const IngestItem& item, Ready& ready);
  Status Take(const IngestItem& item, Ready& ready);
  Status TakeKnown(const IngestItem& item, Ready& ready, const KnownRecord& known, const Evidence& evidence);
  Status TakeNew(const IngestItem& item, Ready& ready, const Evidence& evidence);
  Status TakeRejected(const IngestItem& item, Ready& ready, const RejectionReason& reason);

  // Where the record counts in the four numbers; widens the months that the batch was offered.
  void Place(const IngestItem& item);

  // Whether it was erased: its bytes, or what they state.
  Result<bool> WasErased(const IngestItem& item);

  void LookAhead();
  bool InQuarantine(std::int64_t ik, const KnownRecord& known);  // rejected, and not read since
  bool IsSaidSince(const std::optional<LatestRevision>& latest, const Ready& ready, const SourceRecord& record);
  bool IsRevert(const LatestRevision& latest, const KnownRecord& known, const SourceRecord& record) const;
  Result<std::string> ObjectOf(const SourceRecord& record, const std::string& envelope, const EvidenceText& text,
                               std::int64_t revision) const;

  // Envelope and sealed bytes of a record; what is sealed tells the envelope's digest.
  Result<RecordEnvelope> EnvelopeOf(const SourceRecord& record, const std::string& sealed_text) const;
  std::string StubOf(const SourceRecord& record) const;
  void InsertRecord(std::int64_t leaf, const Ready& ready, const std::string& outcome,
                    std::optional<std::int64_t> repeats);
  Status AddRevision(std::int64_t leaf, std::int64_t record_leaf, const Ready& ready, const SourceRecord& record,
                     const Evidence& evidence, const std::optional<LatestRevision>& latest);
  void SaveCounts();
  void SaveQuality();

  SqlStore* store_;  // that it is written through
  const IngestBatch& batch_;
  std::vector<Ready> ready_;  // one for each item
  SqlStore::Ledger ledger_;
  std::optional<BatchKeys> keys_;
  bool any_erased_ = false;
  QualitySums sums_;
  const std::string* unit_ = nullptr;  // as the record in hand names it
  std::optional<Moment> event_;        // of the same
  std::string period_;                 // in which it counts
  std::string first_, last_;           // of all of them
  const Instant now_;
  BatchCounts counts_;
};

}  // namespace mc
