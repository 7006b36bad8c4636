// What an operator may let go (docs/operating/upkeep.md, docs/decisions/0022-retention.md): rows that no leaf covers,
// no proof needs and nobody asks for any more. Leaves, records, evidence, receipts, imports, leases, cursors and the
// audit table are never among them; raw records go by erasure alone (erasure_store.h).
//
// Implemented by the engines; one thread at a time.
#pragma once

#include <cstdint>
#include <optional>

#include "core/result.h"

namespace mc {

// As it stands here, nothing goes.
struct RetentionRules {
  bool ended_sessions = false;                  // as SessionStore::ForgetSessions
  std::optional<std::int64_t> pushed_key_days;  // at least kInboxKeyDays: senders are promised that
};

struct RetainedRows {
  std::int64_t ended_sessions = 0;
  std::int64_t logouts = 0;      // of providers, past the time in which they hold; with the sessions
  std::int64_t pushed_keys = 0;  // of pushed messages that were read, so old
  bool operator==(const RetainedRows&) const = default;
};

class RetentionStore {
 public:
  virtual ~RetentionStore() = default;
  // How many rows DeleteRows() would take now.
  virtual Result<RetainedRows> CountRows(const RetentionRules& rules) = 0;
  // Returns what went. In several short transactions, so that others write meanwhile: an error keeps what was done.
  // kConfig "retention_too_short".
  virtual Result<RetainedRows> DeleteRows(const RetentionRules& rules) = 0;
};

}  // namespace mc
