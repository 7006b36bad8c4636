// The port behind which sheets are kept for those who read them in the browser or by /api/v1: what `score` made of a
// period, as texts ready to be answered, and who looked at whose. Implemented by the engines; one thread at a time.
//
// Sheets are derived: no leaf covers them, whoever scores the period again makes the same ones, and an erasure throws
// them all away. A row carries a keyed code, so that one which another hand wrote is no sheet. Looks are kept until an
// operator's retention ends them. Errors: those of the store (store.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace mc {

inline constexpr std::size_t kLooksLimit = 1'000;  // answered at once, the latest

// One scoring of a period that is kept. `edition` rises with every one that changed anything.
struct SheetEdition {
  std::string period;  // "2026-06"
  std::int64_t edition = 0;
  Instant scored_at, as_of;
  std::int64_t ledger_size = 0;  // of the head under which it was verified
  std::string policy;
  bool operator==(const SheetEdition&) const = default;
};

struct StoredSheet {
  std::string person, unit;  // unit: of the post that the sheet is of
  std::string status;        // "scored", "awaiting_data"
  std::string brief;         // JSON texts: one line of a unit's list,
  std::string card;          //   the sheet,
  std::string explanation;   //   and everything behind it
  bool operator==(const StoredSheet&) const = default;
};

struct SheetBrief {
  std::string person, status, brief;
};

// One look of somebody at another person's file.
struct FileLook {
  std::string person, viewer;
  Instant at;
  std::string what;  // "sheet", "explanation", "item", "record"
  std::string period;
  std::string detail;  // of an item or record: its key
  bool operator==(const FileLook&) const = default;
};

class SheetStore {
 public:
  virtual ~SheetStore() = default;
  // In one transaction: those of the period are exactly `sheets` from then on; rows that stay the same are not written,
  // one that another hand changed is put right. REQUIRES: nobody else keeps sheets of the period meanwhile.
  // The edition that stands then: a new one when anything changed, else the one that was there, with the other
  // members of `made` either way.
  virtual Result<SheetEdition> KeepSheets(const SheetEdition& made, const std::vector<StoredSheet>& sheets) = 0;
  virtual Result<std::vector<SheetEdition>> SheetEditions() = 0;  // by period
  // Nothing where there is none, or its code does not fit.
  virtual Result<std::optional<StoredSheet>> FindSheet(const std::string& period, const std::string& person) = 0;
  // By person; without those whose code does not fit.
  virtual Result<std::vector<SheetBrief>> SheetsOfUnit(const std::string& period, const std::string& unit) = 0;
  // Unit -> status -> how many; no code is looked at.
  virtual Result<std::map<std::string, std::map<std::string, std::int64_t>>> CountSheets(const std::string& period) = 0;

  virtual Status NoteLook(const FileLook& look) = 0;  // durable when it returns
  virtual Result<std::vector<FileLook>> LooksAt(
      const std::string& person) = 0;  // the latest first, at most kLooksLimit
};

}  // namespace mc
