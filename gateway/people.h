// Who is in the directory, for the gate: a person by the HMAC of their number, and what a page says of them. Kept in
// memory and read anew where a newer edition was imported. Safe from any thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/directory.h"
#include "core/result.h"
#include "core/time.h"

namespace mc {

struct KnownPerson {
  std::string id, name;
  struct Post {
    std::string unit_id, unit_name;
    Role role = Role::kMember;
    DateSpan span;
  };
  std::vector<Post> posts;        // in the directory's order, former and coming ones too
  std::vector<DutyGrant> duties;  // the same
  std::vector<Post> PostsOn(CivilDate day) const;
};

// One edition of the directory. Immutable.
class PeopleIndex {
 public:
  explicit PeopleIndex(const DirectoryData& directory);
  // Nothing also where two persons have the number: whose session would it be?
  const KnownPerson* ByNumber(std::string_view national_id_hmac) const;
  const KnownPerson* ById(std::string_view id) const;  // nullptr for an unknown one
  // A unit and all those that it is part of, from below; empty for an unknown one.
  std::vector<std::string> WithAncestors(std::string_view unit) const;
  std::string UnitName(std::string_view unit) const;                 // its id for an unknown one
  std::vector<std::string> UnitsUnder(std::string_view unit) const;  // directly, by id
  std::vector<std::string> TopUnits() const;                         // that are part of no other, by id

 private:
  std::unordered_map<std::string, KnownPerson> people_;
  std::unordered_map<std::string, std::string> by_number_;  // HMAC -> id; empty: ambiguous
  struct Unit {
    std::string name, parent;
    std::vector<std::string> under;
  };
  std::unordered_map<std::string, Unit> units_;
};

// Without an answer of the store for so long nobody is let in: a post or a duty may have ended.
inline constexpr std::int64_t kPeopleStaleMicros = 30 * kMicrosPerSecond;

class People {
 public:
  using Edition = std::function<Result<std::optional<std::int64_t>>()>;  // the newest one there is; cheap
  using Read = std::function<Result<DirectoryData>()>;
  // Both are called by Refresh alone. `clock` outlives it.
  People(Edition edition, Read read, const Clock& clock);

  // One thread at a time. On an error the last edition stands until it is stale.
  Status Refresh();
  // Never null. kTransient "directory_stale".
  Result<std::shared_ptr<const PeopleIndex>> Now() const;

 private:
  const Edition edition_;
  const Read read_;
  const Clock& clock_;
  std::optional<std::int64_t> held_;  // of Refresh
  mutable std::mutex lock_;           // guards the two below
  std::shared_ptr<const PeopleIndex> now_;
  std::optional<Instant> fresh_at_;
};

}  // namespace mc
