#include "storage/period_index.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "core/json.h"
#include "core/json_at.h"

namespace mc {
namespace {

constexpr std::size_t kTextLimitBytes = 1'000;
constexpr std::size_t kListLimit = 1'000'000;  // leaves of one person in one period
constexpr std::int64_t kMaxCount = INT64_MAX;

Result<std::int64_t> NumberAt(const JsonAt& at, std::string_view key) {
  MC_TRY(const JsonAt member, at.Member(key));
  return member.Count(0, kMaxCount);
}

Result<PersonList> ReadList(const JsonAt& at) {
  PersonList list;
  MC_CHECK_OK(at.Keys({"case", "leaves", "period", "person", "score"}));
  MC_TRY(list.person, at.MemberText("person", kTextLimitBytes));
  MC_TRY(list.period, at.MemberText("period", kTextLimitBytes));
  MC_TRY(list.case_digest, at.MemberDigest("case"));
  MC_TRY(list.score_digest, at.MemberDigest("score"));
  MC_TRY(const JsonAt leaves, at.Member("leaves"));
  MC_TRY(const std::vector<JsonAt> items, leaves.Items(kListLimit));
  for (const JsonAt& item : items) {
    MC_TRY(const std::int64_t leaf, item.Count(list.leaves.empty() ? 0 : list.leaves.back() + 1, kMaxCount));
    list.leaves.push_back(leaf);
  }
  return list;
}

Result<PeriodIndex> ReadIndex(const JsonAt& at) {
  PeriodIndex index;
  MC_CHECK_OK(at.Keys({"as_of", "calendar", "catalogue", "entries", "key", "locked_at", "period", "policy", "policy_id",
                       "root", "through"}));
  MC_TRY(index.as_of.micros, NumberAt(at, "as_of"));
  MC_TRY(index.locked_at.micros, NumberAt(at, "locked_at"));
  MC_TRY(index.entries, NumberAt(at, "entries"));
  MC_TRY(index.through, NumberAt(at, "through"));
  MC_TRY(index.period, at.MemberText("period", kTextLimitBytes));
  MC_TRY(index.policy_id, at.MemberText("policy_id", kTextLimitBytes));
  MC_TRY(index.calendar, at.MemberDigest("calendar"));
  MC_TRY(index.catalogue, at.MemberDigest("catalogue"));
  MC_TRY(index.key_digest, at.MemberDigest("key"));
  MC_TRY(index.policy, at.MemberDigest("policy"));
  MC_TRY(index.root, at.MemberDigest("root"));
  return index;
}

std::string EntryBytes(const PeriodEntry& entry) {
  return std::string(AsBytes(entry.pseudonym)) + std::string(AsBytes(entry.commitment));
}

struct EntryTree {
  TreeEdge edge;
  std::map<TileId, std::string> tiles;
};

EntryTree TreeOver(const std::vector<PeriodEntry>& entries) {
  EntryTree tree;
  std::vector<Digest> hashes;
  hashes.reserve(entries.size());
  for (const PeriodEntry& entry : entries) hashes.push_back(LeafHash(EntryBytes(entry)));
  const Status done = tree.edge.Append(hashes, [&](const Tile& tile) -> Status {
    tree.tiles[tile.id] = tile.hashes;
    return Ok();
  });
  if (!done.ok()) std::abort();  // only the writer could fail
  return tree;
}

// What was read, when writing it again gives the same bytes.
template <typename T, typename Read, typename Write>
Result<T> StrictInverse(std::string_view text, Read read, Write write, const Error& bad) {
  const auto json = ParseJson(text);
  if (!json.ok()) return bad;
  auto value = read(JsonAt(*json));
  if (!value.ok()) return bad;
  const auto again = write(*value);
  if (!again.ok() || *again != text) return bad;
  return value;
}

}  // namespace

Result<std::string> PersonListText(const PersonList& list) {
  return CanonicalJson(Json{{"case", ToHex(list.case_digest)},
                            {"leaves", list.leaves},
                            {"period", list.period},
                            {"person", list.person},
                            {"score", ToHex(list.score_digest)}});
}

Result<PersonList> ParsePersonList(std::string_view text) {
  return StrictInverse<PersonList>(text, ReadList, PersonListText, DataError("bad_list", "it is not a person's list"));
}

Digest PersonPseudonym(std::string_view period_key, std::string_view person) { return HmacSha256(period_key, person); }

Digest EntryHash(const PeriodEntry& entry) { return LeafHash(EntryBytes(entry)); }

Status CheckOrder(const std::vector<PeriodEntry>& entries) {
  const auto at = std::adjacent_find(entries.begin(), entries.end(),
                                     [](const auto& a, const auto& b) { return a.pseudonym >= b.pseudonym; });
  if (at == entries.end()) return Ok();
  return DataError("index_order", "entries " + std::to_string(at - entries.begin()) +
                                      " and the next are not in strictly rising order");
}

Digest PeriodRoot(const std::vector<PeriodEntry>& entries) { return TreeOver(entries).edge.Root(); }

Result<ProofHashes> ProveEntry(const std::vector<PeriodEntry>& entries, std::int64_t position) {
  const EntryTree tree = TreeOver(entries);
  return MakeInclusionProof(position, static_cast<std::int64_t>(entries.size()),
                            [&](const TileId& id) -> Result<std::string> {
                              const auto found = tree.tiles.find(id);
                              if (found != tree.tiles.end()) return found->second;
                              return InternalError("bad_tile", "a tile of the period's index is missing");
                            });
}

Result<std::string> PeriodIndexObject(const PeriodIndex& index) {
  return CanonicalJson(Json{{"as_of", index.as_of.micros},
                            {"calendar", ToHex(index.calendar)},
                            {"catalogue", ToHex(index.catalogue)},
                            {"entries", index.entries},
                            {"key", ToHex(index.key_digest)},
                            {"locked_at", index.locked_at.micros},
                            {"period", index.period},
                            {"policy", ToHex(index.policy)},
                            {"policy_id", index.policy_id},
                            {"root", ToHex(index.root)},
                            {"through", index.through}});
}

Result<PeriodIndex> ParsePeriodIndex(std::string_view object) {
  return StrictInverse<PeriodIndex>(object, ReadIndex, PeriodIndexObject,
                                    DataError("bad_index", "it is not the index of a period"));
}

}  // namespace mc
