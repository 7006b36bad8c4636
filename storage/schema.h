// The one schema of all engines, in the common subset of SQLite and PostgreSQL: BIGINT,
// texts, bytes; times are UTC microseconds; ids are made by the application.
//
// A table whose rows are leaves is keyed by the leaf's index, which rises: rows are
// appended, and only two narrow indexes are written in random order
// (docs/decisions/0007-narrow-indexes.md).
#pragma once

#include <string>
#include <vector>

namespace mc {

inline constexpr int kSchemaVersion = 2;

// What an engine calls the types that differ.
struct SchemaTypes {
  std::string row_key;  // a BIGINT that is the table's clustering key
  std::string small;    // of small whole numbers
  std::string text;     // UTF-8 that is compared byte by byte, whatever the database's language
  std::string bytes;
};

// CREATE statements in order, all IF NOT EXISTS.
std::vector<std::string> SchemaStatements(const SchemaTypes& types);
// Tables that came later: made in every store that is opened, so that an older one goes on
// without a new version.
std::vector<std::string> AddedStatements(const SchemaTypes& types);

}  // namespace mc
