// The port behind which sheets are kept for those who read them in the browser or by /api/v1: what `score` made of a
// period, as texts ready to be answered, and who looked at whose. Implemented by the engines; one thread at a time.
//
// Sheets are derived: no leaf covers them, whoever scores the period again makes the same ones, and an erasure throws
// them all away. A row carries a keyed code, so that one which another hand wrote is no sheet; fsck names it. Looks are
// kept until an operator's retention ends them. Errors: those of the store (store.h).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace mc {

struct Lease;  // store.h

// Sheets are written so many or so many bytes of them at a time; nobody waits for more.
inline constexpr std::size_t kSheetsAtOnce = 256;
inline constexpr std::size_t kSheetBytesAtOnce = 4u * 1024 * 1024;

inline constexpr std::size_t kLooksLimit = 1'000;  // on one page

// One scoring of a period that is kept. `edition` rises with every one that changed anything.
struct SheetEdition {
  std::string period;  // "2026-06"
  std::int64_t edition = 0;
  Instant scored_at, as_of;
  std::int64_t ledger_size = 0;  // of the head under which it was verified
  std::string policy;
  std::int64_t sheets = 0;  // that it has
  bool operator==(const SheetEdition&) const = default;
};

struct StoredSheet {
  std::string person, unit;  // unit: of the post that the sheet is of
  std::string status;        // "scored", "awaiting_data"; never empty
  std::string brief;         // JSON texts: one line of a unit's list,
  std::string card;          //   the sheet,
  std::string explanation;   //   and everything behind it
  bool operator==(const StoredSheet&) const = default;
};

// The next sheet; nothing: the last one was given. An error ends the keeping of sheets and is its error.
using SheetFeed = std::function<Result<std::optional<StoredSheet>>()>;

struct SheetBrief {
  std::string person, status, brief;
};

// One look of somebody at another person's file.
struct FileLook {
  std::string person, viewer;
  Instant at;
  std::string what;    // "sheets", "sheet", "explanation", "item", "record"
  std::string period;  // empty for "sheets"
  std::string detail;  // of an item or record: its key
  bool operator==(const FileLook&) const = default;
};

// Some of the looks at a person's file, the latest first.
struct LooksPage {
  std::vector<FileLook> looks;             // at most kLooksLimit
  std::optional<std::int64_t> older = {};  // more of them: those before this number
};

class SheetStore {
 public:
  virtual ~SheetStore() = default;
  // Those of the period are exactly what `next` gives from then on, all at once for whoever reads. Rows are written as
  // they come, in short transactions, under an edition that nobody reads before the last one makes it the period's;
  // whatever ends it before then leaves the old sheets standing, and the next call puts away what was written. Rows
  // that stay the same are not written, one that another hand changed is put right. Holds kSheetBytesAtOnce of sheets
  // and one more; `next` is called outside of any transaction.
  // The edition that stands then: a new one when anything changed, else the one that was there, with the other
  // members of `made` (all but `edition` and `sheets`) either way.
  // REQUIRES: persons rise, as bytes. kTransient "fenced_off": the lease, of whoever scores the period, went to
  // another; "erased_meanwhile": a record was erased after `made.ledger_size` and the sheets may quote it.
  virtual Result<SheetEdition> KeepSheets(const Lease& lease, const SheetEdition& made, const SheetFeed& next) = 0;
  // By period; without one whose code does not fit.
  virtual Result<std::vector<SheetEdition>> SheetEditions() = 0;
  // Nothing where there is none, or its code does not fit.
  virtual Result<std::optional<StoredSheet>> FindSheet(const std::string& period, const std::string& person) = 0;
  // The same without card and explanation, by the code of the brief: says whose sheet it is before all of it is read.
  virtual Result<std::optional<StoredSheet>> FindBrief(const std::string& period, const std::string& person) = 0;
  // By person; without those whose code does not fit.
  virtual Result<std::vector<SheetBrief>> SheetsOfUnit(const std::string& period, const std::string& unit) = 0;
  // Unit -> status -> how many; no code is looked at.
  virtual Result<std::map<std::string, std::map<std::string, std::int64_t>>> CountSheets(const std::string& period) = 0;

  virtual Status NoteLook(const FileLook& look) = 0;  // durable when it returns
  // The latest ones, or those before a number that an earlier page gave.
  virtual Result<LooksPage> LooksAt(const std::string& person, std::optional<std::int64_t> before) = 0;
};

}  // namespace mc
