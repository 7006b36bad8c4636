// Goal: digests and encodings agree with their standards, from any thread.
// Method: vectors of FIPS 180-4, RFC 4231 and RFC 4648; every malformed encoding refused.
#include "core/digest.h"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

namespace mc {
namespace {

TEST_CASE("SHA-256 vectors") {
  struct Row {
    std::string message;
    const char* hex;
  };
  const std::vector<Row> rows = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const Row& row : rows) CHECK(ToHex(Sha256(row.message)) == row.hex);
}

TEST_CASE("HMAC-SHA-256 vectors of RFC 4231, keys longer than a block included") {
  struct Row {
    std::string key, message;
    const char* hex;
  };
  const std::vector<Row> rows = {
      {std::string(20, '\x0b'), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
  };
  for (const Row& row : rows) CHECK(ToHex(HmacSha256(row.key, row.message)) == row.hex);
  // Exactly one block is used as it is; one byte more is hashed first.
  const std::string block(64, 'k');
  CHECK(HmacSha256(block, "m") != HmacSha256(AsBytes(Sha256(block)), "m"));
  const std::string longer(65, 'k');
  CHECK(HmacSha256(longer, "m") == HmacSha256(AsBytes(Sha256(longer)), "m"));
}

TEST_CASE("threads hash independently") {
  std::vector<Digest> digests(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < digests.size(); ++t) {
    threads.emplace_back([&digests, t] {
      for (int i = 0; i < 2'000; ++i) digests[t] = Sha256(std::string(static_cast<std::size_t>(i), 'x'));
    });
  }
  for (auto& thread : threads) thread.join();
  for (const Digest& digest : digests) CHECK(digest == Sha256(std::string(1'999, 'x')));
}

TEST_CASE("a digest is exactly 32 bytes") {
  const Digest digest = Sha256("x");
  CHECK(DigestFromBytes(AsBytes(digest)) == digest);
  CHECK_FALSE(DigestFromBytes(std::string(31, 'x')).has_value());
  CHECK_FALSE(DigestFromBytes(std::string(33, 'x')).has_value());
}

TEST_CASE("hex both ways") {
  CHECK(ToHex(std::string("\x00\x0f\xff", 3)) == "000fff");
  CHECK(FromHex("000FfF") == std::string("\x00\x0f\xff", 3));
  CHECK(FromHex("") == "");
  for (const char* bad : {"0", "0g", "g0", "0x", " 00", "00 "}) CHECK_FALSE(FromHex(bad).has_value());
}

TEST_CASE("base64 of RFC 4648 both ways; one value has one text") {
  struct Row {
    std::string bytes;
    const char* text;
  };
  const std::vector<Row> rows = {{"", ""},           {"f", "Zg=="},         {"fo", "Zm8="},         {"foo", "Zm9v"},
                                 {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
                                 {"\xfb\xff\xfe", "+//+"}, {std::string(1, '\0'), "AA=="}};
  for (const Row& row : rows) {
    CHECK(ToBase64(row.bytes) == row.text);
    CHECK(FromBase64(row.text) == row.bytes);
  }
  for (const char* bad : {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zg==Zg==", "Z=g=", "====", "=Zg=", "Zm 9", "-__-",
                          "Zg==\n", "Zm9v\n"}) {
    CAPTURE(bad);
    CHECK_FALSE(FromBase64(bad).has_value());
  }
}

}  // namespace
}  // namespace mc
