// Goal: the object of a read-back has one byte form, frozen by a vector, and only counts that fit its lists.
// Method: the vector of docs/formats/read-back.md, then strictness.
#include "storage/read_back.h"

#include <doctest/doctest.h>

#include <string>

#include "storage/leaf.h"
#include "storage/merkle.h"

using namespace mc;

namespace {

ReadBack VectorReadBack() {
  ReadBack read_back;
  read_back.source = "hanoiwork";
  read_back.started_at = Instant{1'000'000};
  read_back.ended_at = Instant{2'000'000};
  read_back.counts = {5, 1, 1, 1, 2};
  read_back.contradicted = {{3, ReadBackVerdict::kGone}, {7, ReadBackVerdict::kDiffers}};
  read_back.returned = {4};
  return read_back;
}

constexpr const char* kVector =
    R"({"contradicted":[{"leaf":3,"verdict":"gone"},{"leaf":7,"verdict":"differs"}],)"
    R"("counts":{"differs":1,"gone":1,"match":5,"revised":1,"unknown":2},"ended_at":2000000,"error_code":"",)"
    R"("returned":[4],"source":"hanoiwork","started_at":1000000})";

}  // namespace

TEST_CASE("read-back: the vector of the format") {
  REQUIRE(ReadBackObject(VectorReadBack()).ok());
  CHECK(*ReadBackObject(VectorReadBack()) == kVector);
  const Leaf leaf{LeafKind::kReadBack, Instant{2'000'000}, Commit(std::string(kSaltBytes, '\x01'), kVector)};
  CHECK(
      LeafBytes(leaf) ==
      R"({"commitment":"06f26c411bd008dd8190f4a6738c2b4957649b525a01174f2c7935c7ed906b2e","kind":"read_back","time":2000000,"v":1})");
  CHECK(ToHex(LeafHash(LeafBytes(leaf))) == "4f17e69ec214741cbbd3ca75e4cfe4ce4a3bc2ab94769a42f4a2fa2b6d70d10a");
  const auto read = ReadBackFromObject(kVector);
  REQUIRE(read.ok());
  CHECK(*read == VectorReadBack());
  CHECK(read->counts.Checked() == 8);
}

TEST_CASE("read-back: counts and lists must fit") {
  ReadBack one_less = VectorReadBack();
  --one_less.counts.gone;
  ReadBack one_more = VectorReadBack();
  ++one_more.counts.differs;
  ReadBack unsorted = VectorReadBack();
  std::swap(unsorted.contradicted[0], unsorted.contradicted[1]);
  ReadBack twice = VectorReadBack();
  twice.returned = {4, 4};
  ReadBack no_contradiction = VectorReadBack();
  no_contradiction.contradicted[0].verdict = ReadBackVerdict::kUnknown;
  for (const ReadBack& wrong : {one_less, one_more, unsorted, twice, no_contradiction}) {
    const auto object = ReadBackObject(wrong);
    REQUIRE_FALSE(object.ok());
    CHECK(object.error().code == "bad_read_back");
  }
}

TEST_CASE("read-back: another form is not read") {
  const std::string vector = kVector;
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = vector;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& wrong :
       {with("\"gone\":1", "\"gone\":2"), with("\"match\":5", "\"match\":-5"),
        with("verdict\":\"gone", "verdict\":\"match"), with("[4]", "[\"4\"]"),
        with("{\"contradicted", "{\"also\":1,\"contradicted"), with(",\"error_code\":\"\"", ""),
        with("5,\"revised", "5, \"revised"), std::string("[]"), std::string()}) {
    CAPTURE(wrong);
    const auto read = ReadBackFromObject(wrong);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().code == "bad_read_back");
  }
}
