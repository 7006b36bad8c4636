// Locked periods as they are kept: the index behind its leaf, and the openings of its entries,
// sealed. Implemented by the engines; one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "storage/period_index.h"

namespace mc {

// An entry with everything that it commits to.
struct LockedEntry {
  PeriodEntry entry;
  std::string salt;
  std::string list;        // PersonListText
  std::string case_text;   // canonical JSON
  std::string score_text;  // canonical JSON
};

struct PeriodLock {
  PeriodIndex index;
  std::string key;                   // kPeriodKeyBytes, secret
  std::string rules;                 // canonical JSON {"calendar","catalogue","policy"}: the documents
  std::vector<LockedEntry> entries;  // in the order of the index
};

struct LockedPeriod {
  std::int64_t leaf = 0;
  PeriodIndex index;
  std::string key;
  std::string rules;
};

// An imported document with the leaf of its edition.
struct StoredImport {
  std::int64_t leaf = 0;
  std::string document;  // canonical JSON
};

class PeriodStore {
 public:
  virtual ~PeriodStore() = default;
  // Index, leaf and openings in one durable transaction; the leaf. kData "period_locked" when it
  // is locked already, kTransient "rules_moved" when a document was imported since index.through.
  virtual Result<std::int64_t> LockPeriod(const PeriodLock& lock) = 0;
  virtual Result<std::vector<std::string>> ListPeriods() = 0;  // rising
  virtual Result<std::optional<LockedPeriod>> FindPeriod(const std::string& period) = 0;
  virtual Result<std::vector<PeriodEntry>> PeriodEntries(std::int64_t leaf) = 0;  // by pseudonym
  // Checked against its commitment. kData "no_such_entry"; kInternal "store_period": run fsck.
  virtual Result<LockedEntry> OpenEntry(const LockedPeriod& period, const Digest& pseudonym) = 0;
  // "directory", "assessments" or "link": editions at leaves below `through`, oldest first.
  virtual Result<std::vector<StoredImport>> ImportsBefore(const std::string& kind, std::int64_t through) = 0;
};

}  // namespace mc
