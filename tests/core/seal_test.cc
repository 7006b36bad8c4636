// Goal: a sealed payload opens only with its key, its record and its own bytes.
// Method: the AES-256-GCM vector of McGrew and Viega (test case 16) through scripted
// randomness; then every single byte of both boxes flipped, cut and extended.
#include "core/seal.h"

#include <doctest/doctest.h>

#include <string>

#include "core/digest.h"

namespace mc {
namespace {

const std::string kStoreKey(kSealKeyBytes, 'K');

// Hands out a given text from left to right.
class ScriptedRandom final : public RandomSource {
 public:
  explicit ScriptedRandom(std::string script) : script_(std::move(script)) {}
  std::string Bytes(std::size_t count) override {
    REQUIRE(count <= script_.size());
    std::string bytes = script_.substr(0, count);
    script_.erase(0, count);
    return bytes;
  }

 private:
  std::string script_;
};

bool Opens(const std::string& key, const std::string& context, const SealedPayload& sealed) {
  const auto opened = Open(key, context, sealed);
  if (opened.ok()) return true;
  CHECK(opened.error().code == "seal_broken");
  CHECK(opened.error().error_class == ErrorClass::kInternal);
  return false;
}

TEST_CASE("the payload's box is AES-256-GCM as published") {
  const std::string record_key = *FromHex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const std::string nonce = *FromHex("cafebabefacedbaddecaf888");
  const std::string plain = *FromHex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  const std::string context = *FromHex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  ScriptedRandom random(record_key + std::string(12, 'n') + nonce);
  const SealedPayload sealed = Seal(kStoreKey, context, plain, random);
  CHECK(ToHex(sealed.box) ==
        "cafebabefacedbaddecaf888"
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b");
  CHECK(sealed.wrapped_key.size() == 12 + 32 + 16);
  CHECK(*Open(kStoreKey, context, sealed) == plain);
}

TEST_CASE("payloads of every size come back") {
  SeededRandom random(3);
  for (const std::size_t size : {0u, 1u, 15u, 16u, 17u, 100'000u}) {
    const std::string plain(size, 'p');
    const SealedPayload sealed = Seal(kStoreKey, "record", plain, random);
    CHECK(sealed.box.size() == 12 + size + 16);
    const auto opened = Open(kStoreKey, "record", sealed);
    REQUIRE(opened.ok());
    CHECK(*opened == plain);
  }
  const SealedPayload sealed = Seal(kStoreKey, "", "p", random);
  CHECK(*Open(kStoreKey, "", sealed) == "p");
}

TEST_CASE("one payload sealed twice has nothing in common") {
  SystemRandom random;
  const SealedPayload one = Seal(kStoreKey, "c", "same", random);
  const SealedPayload two = Seal(kStoreKey, "c", "same", random);
  CHECK(one.box != two.box);
  CHECK(one.wrapped_key != two.wrapped_key);
  CHECK_FALSE(Opens(kStoreKey, "c", {one.wrapped_key, two.box}));
}

TEST_CASE("another key, another record or a key of another size does not open it") {
  SeededRandom random(4);
  const SealedPayload sealed = Seal(kStoreKey, "record 1", "payload", random);
  CHECK(Opens(kStoreKey, "record 1", sealed));
  CHECK_FALSE(Opens(std::string(kSealKeyBytes, 'L'), "record 1", sealed));
  CHECK_FALSE(Opens(kStoreKey, "record 2", sealed));
  CHECK_FALSE(Opens(kStoreKey, "", sealed));
  CHECK_FALSE(Opens(std::string(kSealKeyBytes - 1, 'K'), "record 1", sealed));
  CHECK_FALSE(Opens(std::string(kSealKeyBytes + 1, 'K'), "record 1", sealed));
}

TEST_CASE("every flipped, missing or added byte is noticed") {
  SeededRandom random(5);
  const SealedPayload sealed = Seal(kStoreKey, "r", "a payload", random);
  for (std::string SealedPayload::*part : {&SealedPayload::wrapped_key, &SealedPayload::box}) {
    const std::string& whole = sealed.*part;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      CAPTURE(i);
      SealedPayload flipped = sealed;
      (flipped.*part)[i] = static_cast<char>((flipped.*part)[i] ^ 1);
      CHECK_FALSE(Opens(kStoreKey, "r", flipped));
      SealedPayload cut = sealed;
      (cut.*part).resize(i);
      CHECK_FALSE(Opens(kStoreKey, "r", cut));
    }
    SealedPayload longer = sealed;
    (longer.*part).push_back('\0');
    CHECK_FALSE(Opens(kStoreKey, "r", longer));
  }
}

}  // namespace
}  // namespace mc
