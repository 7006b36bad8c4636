#include "storage/erasure.h"

#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/json.h"
#include "core/json_at.h"

namespace mc {
namespace {

constexpr std::size_t kHexBytes = 64;

constexpr std::array<std::pair<ErasureReason, std::string_view>, 4> kReasons{{
    {ErasureReason::kRequest, "request"},
    {ErasureReason::kRetention, "retention"},
    {ErasureReason::kError, "error"},
    {ErasureReason::kOrder, "order"},
}};

std::string LengthOf(std::string_view part) {
  std::string length(4, '\0');
  for (int i = 0; i < 4; ++i) length[static_cast<std::size_t>(i)] = static_cast<char>(part.size() >> (24 - 8 * i));
  return length;
}

Result<std::vector<std::int64_t>> LeavesAt(const JsonAt& at) {
  MC_TRY(const std::vector<JsonAt> items, at.Items(kErasureLeavesLimit));
  std::vector<std::int64_t> leaves;
  for (const JsonAt& item : items) {
    MC_TRY(const std::int64_t leaf, item.Count(leaves.empty() ? 0 : leaves.back() + 1, INT64_MAX));
    leaves.push_back(leaf);
  }
  if (leaves.empty()) return at.Fail("no_leaf", "must name at least one leaf");
  return leaves;
}

Result<ErasureObject> ReadErasure(const JsonAt& at) {
  ErasureObject erasure;
  MC_CHECK_OK(at.Keys({"approved_by", "at", "leaves", "order", "reason", "requested_by", "tombstones"}));
  MC_TRY(erasure.approved_by, at.MemberDigest("approved_by"));
  MC_TRY(const JsonAt when, at.Member("at"));
  MC_TRY(erasure.at.micros, when.Count(0, INT64_MAX));
  MC_TRY(const JsonAt leaves, at.Member("leaves"));
  MC_TRY(erasure.leaves, LeavesAt(leaves));
  MC_TRY(erasure.order, at.MemberDigest("order"));
  MC_TRY(const JsonAt reason, at.Member("reason"));
  MC_TRY(const std::size_t known, reason.OneOf({"request", "retention", "error", "order"}));
  erasure.reason = kReasons[known].first;
  MC_TRY(erasure.requested_by, at.MemberDigest("requested_by"));
  MC_TRY(erasure.tombstones, at.MemberDigest("tombstones"));
  return erasure;
}

}  // namespace

std::string_view Name(ErasureReason reason) {
  for (const auto& [value, name] : kReasons) {
    if (value == reason) return name;
  }
  std::abort();
}

std::optional<ErasureReason> ErasureReasonFrom(std::string_view name) {
  for (const auto& [value, known] : kReasons) {
    if (known == name) return value;
  }
  return std::nullopt;
}

ErasureTags::ErasureTags(std::string_view sealing_key) : key_(HmacSha256(sealing_key, "minhchung: erasure")) {}

Digest ErasureTags::Tag(std::string_view what, std::initializer_list<std::string_view> parts) const {
  std::string text = LengthOf(what) + std::string(what);
  for (const std::string_view part : parts) text.append(LengthOf(part)).append(part);
  return HmacSha256(AsBytes(key_), text);
}

Digest ErasureTags::Record(std::int64_t ik) const { return Tag("record", {IkHex(ik)}); }
Digest ErasureTags::Key(const RecordKey& key) const {
  return Tag("key", {key.register_id, key.native_id, AsBytes(key.digest)});
}
Digest ErasureTags::Statement(const RecordKey& key, std::string_view statement) const {
  return Tag("statement", {key.register_id, key.native_id, statement});
}
Digest ErasureTags::Person(std::string_view person) const { return Tag("person", {person}); }
Digest ErasureTags::Order(std::string_view order) const { return Tag("order", {order}); }

Digest TombstonesDigest(const std::vector<Tombstone>& tombstones) {
  Json rows = Json::array();
  for (const Tombstone& t : tombstones) {
    rows.push_back({t.leaf, t.run, t.counted, ToHex(t.record), ToHex(t.key),
                    t.statement ? Json(ToHex(*t.statement)) : Json(nullptr)});
  }
  const auto text = CanonicalJson(rows);
  if (!text.ok()) return Digest{};  // a row whose text is not UTF-8 has no digest that anything commits to
  return Sha256(*text);
}

Result<std::string> ErasureText(const ErasureObject& erasure) {
  if (erasure.leaves.size() > kErasureLeavesLimit) {
    return ConfigError("too_many_leaves", "one erasure takes at most " + std::to_string(kErasureLeavesLimit) +
                                              " leaves: order several, each for some of the records");
  }
  return CanonicalJson(Json{{"approved_by", ToHex(erasure.approved_by)},
                            {"at", erasure.at.micros},
                            {"leaves", erasure.leaves},
                            {"order", ToHex(erasure.order)},
                            {"reason", std::string(Name(erasure.reason))},
                            {"requested_by", ToHex(erasure.requested_by)},
                            {"tombstones", ToHex(erasure.tombstones)}});
}

Result<ErasureObject> ParseErasure(std::string_view object) {
  const Error bad = DataError("bad_erasure", "it does not state an erasure");
  const auto json = ParseJson(object);
  if (!json.ok()) return bad;
  auto erasure = ReadErasure(JsonAt(*json));
  if (!erasure.ok()) return bad;
  const auto again = ErasureText(*erasure);
  if (!again.ok() || *again != object) return bad;
  return erasure;
}

}  // namespace mc
