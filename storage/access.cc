#include "storage/access.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/json.h"
#include "core/json_at.h"

namespace mc {
namespace {

constexpr std::size_t kProcessHexDigits = 16;

bool IsAccessWord(std::string_view word, bool from_letter) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !word.empty() && word.size() <= kAccessWordLimit && std::all_of(word.begin(), word.end(), fits) &&
         (!from_letter || (word.front() >= 'a' && word.front() <= 'z'));
}

bool NotRising(const AccessRow& a, const AccessRow& b) {
  return std::tie(a.event, a.provider, a.reason) >= std::tie(b.event, b.provider, b.reason);
}

bool AreAccessCounts(const AccessCounts& counts) {
  const auto raw = FromHex(counts.process);
  return raw && counts.process.size() == kProcessHexDigits && ToHex(*raw) == counts.process &&
         counts.from <= counts.to && !counts.rows.empty() && counts.rows.size() <= kAccessRowsLimit &&
         std::all_of(counts.rows.begin(), counts.rows.end(), IsAccessRow) &&
         std::adjacent_find(counts.rows.begin(), counts.rows.end(), NotRising) == counts.rows.end();
}

Error BadAccess() { return InternalError("bad_access", "the object does not state what happened at the gate"); }

// Absent texts are "".
Result<std::string> AccessWordAt(const JsonAt& at, std::string_view key) {
  MC_TRY(const JsonAt member, at.Member(key));
  if (member.value() == "") return std::string();
  return member.Text(kAccessWordLimit);
}

Result<Instant> AccessTimeAt(const JsonAt& at, std::string_view key) {
  MC_TRY(const JsonAt member, at.Member(key));
  MC_TRY(const std::int64_t micros, member.Count(INT64_MIN, INT64_MAX));
  return Instant{micros};
}

Result<AccessRow> AccessRowAt(const JsonAt& at) {
  MC_CHECK_OK(at.Keys({"count", "event", "provider", "reason"}));
  AccessRow row;
  MC_TRY(row.event, AccessWordAt(at, "event"));
  MC_TRY(row.provider, AccessWordAt(at, "provider"));
  MC_TRY(row.reason, AccessWordAt(at, "reason"));
  MC_TRY(const JsonAt count, at.Member("count"));
  MC_TRY(row.count, count.Count(1, INT64_MAX));
  return row;
}

Result<AccessCounts> ReadAccess(const JsonAt& at) {
  MC_CHECK_OK(at.Keys({"from", "process", "rows", "to", "v"}));
  AccessCounts counts;
  MC_TRY(counts.from, AccessTimeAt(at, "from"));
  MC_TRY(counts.to, AccessTimeAt(at, "to"));
  MC_TRY(counts.process, at.MemberText("process", kProcessHexDigits));
  MC_TRY(const JsonAt rows, at.Member("rows"));
  MC_TRY(const std::vector<JsonAt> items, rows.Items(kAccessRowsLimit));
  for (const JsonAt& item : items) {
    MC_TRY(AccessRow row, AccessRowAt(item));
    counts.rows.push_back(std::move(row));
  }
  return counts;
}

}  // namespace

bool IsAccessRow(const AccessRow& row) {
  return row.count > 0 && IsAccessWord(row.event, true) &&
         (row.provider.empty() || IsAccessWord(row.provider, false)) &&
         (row.reason.empty() || IsAccessWord(row.reason, true));
}

Result<std::string> AccessObject(const AccessCounts& counts) {
  if (!AreAccessCounts(counts)) return BadAccess();
  Json rows = Json::array();
  for (const AccessRow& row : counts.rows) {
    rows.push_back({{"count", row.count}, {"event", row.event}, {"provider", row.provider}, {"reason", row.reason}});
  }
  return CanonicalJson(Json{{"from", counts.from.micros},
                            {"process", counts.process},
                            {"rows", std::move(rows)},
                            {"to", counts.to.micros},
                            {"v", 1}});
}

Result<AccessCounts> AccessFromObject(std::string_view object) {
  const auto json = ParseJson(object);
  if (!json.ok()) return BadAccess();
  auto counts = ReadAccess(JsonAt(*json));
  if (!counts.ok()) return BadAccess();
  const auto again = AccessObject(*counts);
  if (!again.ok() || *again != object) return BadAccess();  // another version, order or byte form
  return counts;
}

}  // namespace mc
