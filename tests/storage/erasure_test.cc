// Goal: the object of an erasure has one byte form, frozen by a vector, and names nobody in clear.
// Method: the vector of docs/formats/erasure.md, then strictness and limits.
#include "storage/erasure.h"

#include <doctest/doctest.h>

#include <set>

#include "storage/leaf.h"
#include "storage/merkle.h"

using namespace mc;

namespace {

const std::string kSealingKey(32, '\x07');

std::vector<Tombstone> VectorTombstones() {
  const ErasureTags tags(kSealingKey);
  const RecordKey key{"edoc", "n-1", Sha256("bytes")};
  const Digest record = tags.Record(IkOf(key)), whole = tags.Key(key);
  return {{3, 1, "new", record, whole, tags.Statement(key, AsBytes(Sha256("statement")))},
          {5, 2, "duplicate", record, whole, std::nullopt}};
}

ErasureObject VectorErasure() {
  const ErasureTags tags(kSealingKey);
  ErasureObject erasure;
  erasure.at = Instant{3'000'000};
  erasure.reason = ErasureReason::kRequest;
  erasure.leaves = {3, 5};
  erasure.requested_by = tags.Person("an");
  erasure.approved_by = tags.Person("bao");
  erasure.order = tags.Order(R"({"approved_by":"bao","requested_by":"an","text":"asked on paper"})");
  erasure.tombstones = TombstonesDigest(VectorTombstones());
  return erasure;
}

}  // namespace

TEST_CASE("erasure: the vector of docs/formats/erasure.md") {
  const auto object = ErasureText(VectorErasure());
  REQUIRE(object.ok());
  CHECK(*object ==
        R"({"approved_by":"1cf10337655aa91455f637475bf6a7e91c1c7aad3f9837bcc56a830ebfb6c5c3","at":3000000,"leav)"
        R"(es":[3,5],"order":"228cd1b0babbe781ace8805bffa5601d7744f34697c86d245409cffdedc06368","reason":"reque)"
        R"(st","requested_by":"3d277e7e1124b1f2c3d2d6f206a7d33b30425716c57b0529def8181cc1d6a61b","tombstones":")"
        R"(b9c62315b6f47cfc75cb6ec7363b6623c7bc582f92f10d9eadba9b44136ca160"})");
  const Leaf leaf{LeafKind::kErasure, Instant{3'000'000}, Commit(std::string(kSaltBytes, '\x01'), *object)};
  CHECK(LeafBytes(leaf) ==
        R"({"commitment":"292cc18f8b49c4b6d8902c3398eade208618509bac82b47be4f72fb51c01f2da","kind":"erasure","t)"
        R"(ime":3000000,"v":1})");
  CHECK(ToHex(LeafHash(LeafBytes(leaf))) == "28337edab5badc43caefa9cb9f1f548dd81285cf0e4a408c21630f296b3e5444");
}

TEST_CASE("erasure: each reason reads back, and no other byte form does") {
  for (const ErasureReason reason :
       {ErasureReason::kRequest, ErasureReason::kRetention, ErasureReason::kError, ErasureReason::kOrder}) {
    ErasureObject erasure = VectorErasure();
    erasure.reason = reason;
    CHECK(ErasureReasonFrom(Name(reason)) == reason);
    const auto back = ParseErasure(*ErasureText(erasure));
    REQUIRE(back.ok());
    CHECK(*back == erasure);
  }
  CHECK_FALSE(ErasureReasonFrom("because").has_value());
  const std::string good = *ErasureText(VectorErasure());
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& bad :
       {std::string(), std::string("{}"), good + " ", replaced("[3,5]", "[5,3]"), replaced("[3,5]", "[3,3]"),
        replaced("[3,5]", "[]"), replaced("[3,5]", "[-1,5]"), replaced("[3,5]", "[3,5.0]"), replaced("3000000", "-1"),
        replaced("request\"", "because\""), replaced("\"leaves\"", "\"leafs\""), replaced("{", "{\"a\":1,"),
        replaced("\"order\":\"", "\"order\":\"00"), replaced("3000000", "3000000 ")}) {
    CAPTURE(bad);
    const auto read = ParseErasure(bad);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().code == "bad_erasure");
  }
}

TEST_CASE("erasure: what is known of an erased leaf is keyed, and each part of it is committed to") {
  const ErasureTags tags(kSealingKey), other(std::string(32, '\x08'));
  const RecordKey key{"edoc", "n-1", Sha256("bytes")}, moved{"edocn", "-1", Sha256("bytes")};
  CHECK(tags.Key(key) != other.Key(key));
  CHECK(tags.Record(1) != other.Record(1));
  const std::set<Digest> all{tags.Key(key),
                             tags.Key(moved),
                             tags.Record(1),
                             tags.Record(2),
                             tags.Person("an"),
                             tags.Order("an"),
                             tags.Statement(key, "s"),
                             tags.Statement(key, "t"),
                             tags.Statement(moved, "s"),
                             tags.Person("bao")};
  CHECK(all.size() == 10);
  const auto whole = VectorTombstones();
  std::set<Digest> digests{TombstonesDigest(whole), TombstonesDigest({}), TombstonesDigest({whole[1], whole[0]})};
  for (int part = 0; part < 6; ++part) {
    auto changed = whole;
    Tombstone& t = changed[0];
    if (part == 0) ++t.leaf;
    if (part == 1) ++t.run;
    if (part == 2) t.counted = "revised";
    if (part == 3) t.record[0] ^= 1;
    if (part == 4) t.key[0] ^= 1;
    if (part == 5) t.statement = std::nullopt;
    digests.insert(TombstonesDigest(changed));
  }
  CHECK(digests.size() == 9);
}

TEST_CASE("erasure: one takes so many leaves and not one more") {
  ErasureObject erasure = VectorErasure();
  erasure.leaves.clear();
  for (std::size_t leaf = 0; leaf < kErasureLeavesLimit; ++leaf)
    erasure.leaves.push_back(static_cast<std::int64_t>(leaf));
  const auto at = ErasureText(erasure);
  REQUIRE(at.ok());
  CHECK(ParseErasure(*at)->leaves.size() == kErasureLeavesLimit);
  erasure.leaves.push_back(static_cast<std::int64_t>(kErasureLeavesLimit));
  CHECK(ErasureText(erasure).error().code == "too_many_leaves");
  std::string past = *at;
  past.replace(past.find(']'), 1, "," + std::to_string(kErasureLeavesLimit) + "]");
  CHECK_FALSE(ParseErasure(past).ok());
}
