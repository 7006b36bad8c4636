// What happened at the gate, counted: sign-ins, refusals, logouts (docs/formats/access.md). Holds nobody: no name,
// number, subject, session or address. The object of a leaf of kind `access`, and the port that keeps it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace mc {

inline constexpr std::size_t kAccessRowsLimit = 4'096;  // of one object
inline constexpr std::size_t kAccessWordLimit = 64;     // bytes of an event, provider or reason

// So many events of one kind. Words are of a-z, 0-9 and _; event and reason begin with a letter.
struct AccessRow {
  std::string event;     // "signed_in", "sign_in_refused"
  std::string provider;  // id in the settings; empty: of the gateway itself
  std::string reason;    // empty where nothing was refused
  std::int64_t count = 0;
  auto operator<=>(const AccessRow&) const = default;
};

bool IsAccessRow(const AccessRow& row);  // its words and count are within the rules

// What one process of the gateway saw from the first instant to the last, both included.
struct AccessCounts {
  std::string process;  // 16 hex digits, drawn at its start
  Instant from, to;
  std::vector<AccessRow> rows;  // by event, provider, reason; each once; at least one
  bool operator==(const AccessCounts&) const = default;
};

// Canonical JSON. kInternal "bad_access": one of the rules above is broken.
Result<std::string> AccessObject(const AccessCounts& counts);
Result<AccessCounts> AccessFromObject(std::string_view object);  // strict inverse

struct StoredAccess {
  std::int64_t leaf = 0;
  AccessCounts counts;
};

// Implemented by the engines; one thread at a time.
class AccessStore {
 public:
  virtual ~AccessStore() = default;
  // In one durable transaction; the leaf. kInternal "bad_access".
  virtual Result<std::int64_t> AppendAccess(const AccessCounts& counts) = 0;
  // Those that begin in [from, to), in the order of their leaves.
  virtual Result<std::vector<StoredAccess>> ListAccess(Instant from, Instant to) = 0;
  // At leaves [from, to): by so many the log grew without anything that could be scored.
  virtual Result<std::int64_t> CountAccess(std::int64_t from, std::int64_t to) = 0;
};

}  // namespace mc
