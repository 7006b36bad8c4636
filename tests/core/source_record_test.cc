// Goal: a record's key is one number that depends on every part of it and never moves.
// Method: one vector built by hand from the definition; parts shifted across borders.
#include "core/source_record.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace mc {
namespace {

TEST_CASE("ik is the first eight bytes of SHA-256 over the length-prefixed parts") {
  const RecordKey key{"edoc", "m1", Sha256("bytes")};
  const std::string preimage = std::string("\0\0\0\4", 4) + "edoc" + std::string("\0\0\0\2", 4) + "m1" +
                               std::string("\0\0\0\x20", 4) + std::string(AsBytes(key.digest));
  CHECK(IkHex(IkOf(key)) == ToHex(Sha256(preimage)).substr(0, 16));
}

TEST_CASE("no two of these keys share an ik") {
  const Digest one = Sha256("1"), two = Sha256("2");
  const std::set<std::int64_t> iks = {IkOf({"ab", "c", one}), IkOf({"a", "bc", one}), IkOf({"abc", "", one}),
                                      IkOf({"", "abc", one}), IkOf({"ab", "c", two}), IkOf({"AB", "c", one})};
  CHECK(iks.size() == 6);
  CHECK(IkOf({"ab", "c", one}) == IkOf({"ab", "c", one}));
}

TEST_CASE("people see sixteen hex digits, negative numbers too") {
  CHECK(IkHex(0) == "0000000000000000");
  CHECK(IkHex(1) == "0000000000000001");
  CHECK(IkHex(-1) == "ffffffffffffffff");
  CHECK(IkHex(INT64_MIN) == "8000000000000000");
}

}  // namespace
}  // namespace mc
