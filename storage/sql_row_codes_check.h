// Inside of the engines: fsck of the rows that no leaf covers and whose keyed code says whether they are ours: cursors,
// pages, sessions, kept sheets. Memory does not grow with them.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "storage/sql_check.h"
#include "storage/sql_store.h"

namespace mc {

class RowCodeChecker {
 public:
  // REQUIRES: both outlive the checker. Everything here may throw SqlFailure.
  RowCodeChecker(SqlStore& store, FaultList& faults) : store_(store), faults_(faults) {}

  void CheckCursors();
  void CheckPages();
  void CheckSessions();                   // sql_sessions.cc
  void CheckSheets(std::int64_t leaves);  // `leaves`: that the log has

 private:
  // What a period's edition says, and the sheets that are shown under it.
  struct Kept {
    bool ours = false;
    std::int64_t edition = 0, sheets = 0, found = 0;
  };
  std::map<std::string, Kept> ReadEditions(std::int64_t leaves);  // by period
  void CheckSheet(const std::string& period, const SheetRow& row);

  SqlStore& store_;
  FaultList& faults_;
};

}  // namespace mc
