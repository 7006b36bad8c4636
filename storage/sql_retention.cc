// What an operator may let go (retention_store.h).
#include <limits>

#include "core/inbox.h"
#include "storage/sql_store.h"

namespace mc {
namespace {

constexpr std::int64_t kKeysAtOnce = 500;  // other writers wait for so many at most

Status CheckRules(const RetentionRules& rules) {
  if (!rules.pushed_key_days || *rules.pushed_key_days >= kInboxKeyDays) return Ok();
  return ConfigError("retention_too_short", "keys of pushed messages are kept for " + std::to_string(kInboxKeyDays) +
                                                " days at least, as senders are promised: give as many");
}

Instant KeysBefore(const RetentionRules& rules, Instant now) {
  return {now.micros - rules.pushed_key_days.value_or(0) * kMicrosPerDay};
}

}  // namespace

Result<RetainedRows> SqlStore::CountRows(const RetentionRules& rules) {
  MC_CHECK_OK(CheckRules(rules));
  return Guarded([&]() -> Result<RetainedRows> {
    const SqlTransaction one_moment(*db_, SqlTransaction::kRead);
    const Instant now = settings_.clock.Now();
    RetainedRows rows;
    if (rules.ended_sessions) CountOverSessions(now, rows);
    if (rules.pushed_key_days) {
      rows.pushed_keys = CountReadKeys(KeysBefore(rules, now), std::numeric_limits<std::int64_t>::max());
    }
    return rows;
  });
}

Result<RetainedRows> SqlStore::DeleteRows(const RetentionRules& rules) {
  MC_CHECK_OK(CheckRules(rules));
  return Guarded([&]() -> Result<RetainedRows> {
    const Instant now = settings_.clock.Now();
    RetainedRows rows;
    if (rules.ended_sessions) {
      SqlTransaction transaction(*db_, SqlTransaction::kWrite);
      CountOverSessions(now, rows);
      DeleteOverSessions(now);
      transaction.Commit();
    }
    for (bool more = rules.pushed_key_days.has_value(); more;) {
      SqlTransaction transaction(*db_, SqlTransaction::kWrite);
      const std::int64_t gone = CountReadKeys(KeysBefore(rules, now), kKeysAtOnce);
      DeleteReadKeys(KeysBefore(rules, now), kKeysAtOnce);
      transaction.Commit();
      rows.pushed_keys += gone;
      more = gone == kKeysAtOnce;
    }
    return rows;
  });
}

}  // namespace mc
