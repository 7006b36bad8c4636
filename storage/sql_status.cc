// Where each source stands in its schedule.
#include <array>
#include <utility>

#include "storage/sql_store.h"

namespace mc {
namespace {

constexpr std::array kBreakers = {std::pair{BreakerState::kClosed, "closed"}, std::pair{BreakerState::kOpen, "open"},
                                  std::pair{BreakerState::kHalfOpen, "half_open"}};

constexpr std::array kClasses = {std::pair{ErrorClass::kTransient, "transient"}, std::pair{ErrorClass::kAuth, "auth"},
                                 std::pair{ErrorClass::kConfig, "config"}, std::pair{ErrorClass::kData, "data"},
                                 std::pair{ErrorClass::kInternal, "internal"}};

template <typename T>
std::string WordOf(const auto& table, T wanted) {
  for (const auto& [value, word] : table) {
    if (value == wanted) return word;
  }
  return "";
}

// No leaf covers the row; a word that is not known is taken as the first one and costs one
// early pull.
auto ValueOf(const auto& table, const std::string& text) {
  for (const auto& [value, word] : table) {
    if (word == text) return value;
  }
  return table.front().first;
}

}  // namespace

Status SqlStore::SaveSourceStatus(const SourceStatus& status) {
  return Guarded([&]() -> Status {
    const std::string breaker = WordOf(kBreakers, status.breaker);
    const std::string error_class = WordOf(kClasses, status.error_class);
    Query(
        sql_["INSERT INTO source_status (source, breaker, failures, next_try, last_try, last_success, error_class, "
             "error_code, error_text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source) DO UPDATE SET "
             "breaker = excluded.breaker, failures = excluded.failures, next_try = excluded.next_try, "
             "last_try = excluded.last_try, last_success = excluded.last_success, "
             "error_class = excluded.error_class, error_code = excluded.error_code, error_text = excluded.error_text"])
        .Text(status.source)
        .Text(breaker)
        .Int(status.failures)
        .OptionalInt(MicrosOf(status.next_try))
        .OptionalInt(MicrosOf(status.last_try))
        .OptionalInt(MicrosOf(status.last_success))
        .Text(error_class)
        .Text(status.error_code)
        .Text(status.error_text)
        .Run();
    return Ok();
  });
}

Result<std::vector<SourceStatus>> SqlStore::ListSourceStatus() {
  return Guarded([&]() -> Result<std::vector<SourceStatus>> {
    Query row(
        sql_["SELECT source, breaker, failures, next_try, last_try, last_success, error_class, error_code, "
             "error_text FROM source_status ORDER BY source"]);
    std::vector<SourceStatus> all;
    while (row.Step()) {
      all.push_back({row.GetText(0), ValueOf(kBreakers, row.GetText(1)), row.GetInt(2),
                     InstantOf(row.GetOptionalInt(3)), InstantOf(row.GetOptionalInt(4)),
                     InstantOf(row.GetOptionalInt(5)), ValueOf(kClasses, row.GetText(6)), row.GetText(7),
                     row.GetText(8)});
    }
    return all;
  });
}

}  // namespace mc
