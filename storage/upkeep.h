// What a database itself shows and wants from time to time: numbers by which an operator sees what grows, its log
// emptied, PostgreSQL's planner told of its tables. Deletes no row, changes nothing that a leaf covers
// (docs/decisions/0022-retention.md). SQLite's planner is told nothing: its plans are those that the tests saw.
//
// Each opens a connection of its own; others may read and write meanwhile. For one thread.
// path, password: as StoreSettings. REQUIRES: a store that was opened before. Errors as of the store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"

namespace mc {

// As PostgreSQL counts it, about; of a table spread by Citus only what lies on the server that is asked.
struct TableShape {
  std::string table;
  std::int64_t bytes = 0;  // with its indexes
  std::int64_t rows = 0;
  std::int64_t dead_rows = 0;               // old versions, which a vacuum makes room of
  std::optional<std::int64_t> vacuumed_at;  // POSIX seconds, by whomever; none: never
  std::optional<std::int64_t> analyzed_at;  // likewise
};

// The store's file. Free pages are filled again by what comes; nothing needs doing about them.
struct FileShape {
  std::int64_t page_bytes = 0, pages = 0, free_pages = 0;
  std::int64_t log_bytes = 0;       // of the write-ahead log
  std::vector<std::string> damage;  // what SQLite's quick check says
};

struct DatabaseShape {
  std::optional<FileShape> file;   // of SQLite
  std::vector<TableShape> tables;  // of PostgreSQL: those that this role owns, the largest first
};

// Of a file, reads all of it.
Result<DatabaseShape> LookAtDatabase(const std::string& path, const std::string& password);

// Empties the write-ahead log, or has PostgreSQL count its tables (ANALYZE). False: the log stayed, as another process
// reads an old state of the store.
Result<bool> TidyDatabase(const std::string& path, const std::string& password);

}  // namespace mc
