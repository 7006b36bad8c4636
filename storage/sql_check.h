// Inside of the engines: checks one leaf against everything that it commits to.
// Used by fsck over all leaves, and by VerifyEvidence over those that a score names.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/sql_scan.h"
#include "storage/sql_store.h"

namespace mc {

inline constexpr std::size_t kFaultLimit = 1'000;  // faults kept in one report

// Faults as they are found, up to kFaultLimit; then one that says that there are more.
class FaultList {
 public:
  void Add(std::string what, std::string where, std::string detail);
  std::vector<Fault> Take() { return std::move(faults_); }
  bool empty() const { return faults_.empty(); }
  const Fault& front() const { return faults_.front(); }

 private:
  std::vector<Fault> faults_;
};

std::string WhereRecord(std::int64_t ik, const std::string& source);

class LeafChecker {
 public:
  struct Seen {
    std::int64_t records = 0, evidence = 0, rejections = 0, receipts = 0, imports = 0, decisions = 0;
    std::int64_t periods = 0, entries = 0, erased = 0, erasures = 0, log_keys = 0, read_backs = 0, read_back_marks = 0,
                 quality_days = 0, access_counts = 0, client_steps = 0;
  };

  // REQUIRES: both outlive the checker. May throw SqlFailure.
  LeafChecker(SqlStore& store, FaultList& faults) : store_(store), faults_(faults) {}

  // `rows`: what stands at this leaf.
  void Check(std::int64_t index, const std::string& bytes, const LeafRows& rows);
  // The sealed bytes behind a record (null: none are stored) up to its envelope.
  void CheckRecord(const RecordRow& record, const SealedPayload* sealed);
  const Seen& seen() const { return seen_; }
  // What the evidence row at the leaf checked last states; null: there is none, or it cannot be read.
  const Evidence* stated() const { return stated_ ? &*stated_ : nullptr; }
  // "leaf 7" or "leaf 7, record 9f3a… (source documents)" where one stands at it.
  std::string WhereLeaf(std::int64_t index);

 private:
  // What is known of the leaf in hand.
  struct Opened {
    std::int64_t index = 0;
    Leaf leaf;
    const LeafRows& rows;
  };

  void CheckEvidenceLeaf(const Opened& opened);
  void CheckRevision(const Opened& opened, const EvidenceRow& row, const RecordRow& record);
  void CheckColumns(const EvidenceRow& row, const RecordRow& record);
  void CheckRepeat(const Opened& opened, const RecordRow& record);
  void CheckRejection(const Opened& opened);
  void CheckReceipt(const Opened& opened);
  void CheckImport(const Opened& opened);
  void CheckDecision(const Opened& opened);
  // sql_erase_check.cc
  void CheckErased(std::int64_t index, const Leaf& leaf, std::int64_t erasure);
  void CheckErasure(const Opened& opened);
  void CheckErasureOrder(const ErasureObject& erasure, std::int64_t leaf, const std::string& where);
  std::optional<std::int64_t> ErasedBy(std::int64_t leaf);
  void CheckLogKey(const Opened& opened);      // sql_keys.cc
  void CheckReadBack(const Opened& opened);    // sql_read_back_check.cc
  void CheckPeriod(const Opened& opened);      // sql_periods.cc
  void CheckQuality(const Opened& opened);     // sql_quality_check.cc
  void CheckAccess(const Opened& opened);      // sql_access.cc
  void CheckClientStep(const Opened& opened);  // sql_clients.cc
  void CheckPeriodEntries(const LockedPeriod& period, const std::string& where);
  void CheckCommitment(const Opened& opened, const Result<std::string>& object, const char* what,
                       const std::string& where);

  SqlStore& store_;
  FaultList& faults_;
  Seen seen_;
  std::optional<Evidence> stated_;
  std::optional<std::map<std::int64_t, std::int64_t>> erased_;  // leaf -> erasure; read when it is first needed
};

}  // namespace mc
