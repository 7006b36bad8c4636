// Goal: cosignatures are those of C2SP tlog-cosignature, so that witnesses that we did not write are
// understood and what they sign is checked by others.
// Method: the specification's own example; a vector made with another Ed25519 (Node's); then every way
// in which a line can be wrong.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "core/digest.h"
#include "core/signature.h"

using namespace mc;

namespace {

const NoteSigner kWitness{"witness.example/w1", std::string(32, '\x09')};
const std::string kBody = "minhchung.example/log\n8\nxcLIIO00L92ozolra5z1uMAKIcxLIHFMxuXTwFw1JAs=\n";
constexpr std::int64_t kTime = 1782864000;

std::string CodeOf(const Result<Cosignature>& result) { return result.ok() ? "" : result.error().code; }

std::string Find(const std::string& lines, const std::string& key = CosignerKey(kWitness)) {
  return CodeOf(FindCosignature(lines, kBody, key));
}

// A line by the witness's key over these bytes in place of time and signature.
std::string LineOver(const std::string& bytes) {
  const std::string key = CosignerKey(kWitness);
  const auto plus = key.find('+');
  return "\xE2\x80\x94 " + kWitness.name + " " + ToBase64(*FromHex(key.substr(plus + 1, 8)) + bytes) + "\n";
}

}  // namespace

TEST_CASE("cosignature: the vector of docs/formats/witness.md") {
  const std::string key = "witness.example/w1+24b5d9fe+BP0XJDhaoMdbZPt4zWAvodmR/ev3axPFjtcC6sg16fYY";
  const std::string line =
      "\xE2\x80\x94 witness.example/w1 "
      "JLXZ/gAAAABqRFiAUDUj5XouDaNyy0u+8JYTdGvzpAWBLgvYmA652n1wdpWIa9txn/z/EXEYaLuegh8o1HqYfLLCtkYBgSdAzlNXAA==\n";
  CHECK(CosignerKey(kWitness) == key);
  CHECK(CosignNote(kWitness, kBody, kTime).line == line);
  const auto found = FindCosignature(line, kBody, key);
  REQUIRE(found.ok());
  CHECK(found->time == kTime);
  CHECK(found->line == line);
}

TEST_CASE("cosignature: its key is no log's key, and a log's key is no cosigner's") {
  CHECK(IsCosignerKey(CosignerKey(kWitness)));
  CHECK_FALSE(IsCosignerKey(VerifierKey(kWitness)));
  for (const std::string& bad :
       {std::string(), std::string("w"), CosignerKey(kWitness) + "A", "x" + CosignerKey(kWitness)}) {
    CAPTURE(bad);
    CHECK_FALSE(IsCosignerKey(bad));
  }
  const std::string line = CosignNote(kWitness, kBody, kTime).line;
  CHECK(Find(line, VerifierKey(kWitness)) == "bad_cosignature");
  CHECK_FALSE(OpenNote(kBody + "\n" + line, VerifierKey(kWitness)).ok());
  CHECK_FALSE(OpenNote(kBody + "\n" + line, CosignerKey(kWitness)).ok());
}

TEST_CASE("cosignature: beside the log's signature each finds its own line") {
  const NoteSigner log{"minhchung.example/log", std::string(32, '\x07')};
  const std::string note = SignNote(log, kBody) + CosignNote(kWitness, kBody, kTime).line;
  CHECK(OpenNote(note, VerifierKey(log)).ok());
  const auto parts = SplitNote(note);
  REQUIRE(parts);
  CHECK(parts->text == kBody);
  CHECK(FindCosignature(parts->signatures, parts->text, CosignerKey(kWitness)).ok());
  CHECK_FALSE(SplitNote("one line\n"));
}

TEST_CASE("cosignature: lines of others are passed over, each of this key must verify") {
  const std::string ours = CosignNote(kWitness, kBody, kTime).line;
  const NoteSigner namesake{kWitness.name, std::string(32, 'n')};
  const std::string other = CosignNote(namesake, kBody, kTime).line;
  CHECK(Find(other + ours) == "");
  CHECK(Find("") == "no_cosignature");
  CHECK(Find(other) == "no_cosignature");
  const std::string of_another_body = CosignNote(kWitness, "minhchung.example/log\n9\nAAAA\n", kTime).line;
  CHECK(Find(of_another_body) == "bad_cosignature");
  CHECK(Find(ours + of_another_body) == "bad_cosignature");
  // Another time than the one that is signed.
  CHECK(Find(LineOver(std::string(7, '\0') + "\x01" + std::string(64, 's'))) == "bad_cosignature");
}

TEST_CASE("cosignature: no byte of a line can be changed") {
  const std::string line = CosignNote(kWitness, kBody, kTime).line;
  for (std::size_t i = 0; i < line.size(); ++i) {
    CAPTURE(i);
    std::string changed = line;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK(Find(changed) != "");
  }
  for (std::size_t i = 1; i < line.size(); ++i) CHECK(Find(line.substr(0, i)) == "bad_cosignature");
}

TEST_CASE("cosignature: times at the limit and past it, and bytes too few or too many") {
  CHECK(Find(CosignNote(kWitness, kBody, 0).line) == "");
  CHECK(Find(CosignNote(kWitness, kBody, INT64_MAX).line) == "");
  const std::string signature(64, 's');
  // Past it, signed as either reading of the eight bytes would have it.
  for (const char* time : {"9223372036854775808", "-9223372036854775808"}) {
    const std::string signed_so =
        Ed25519Sign(kWitness.seed, "cosignature/v1\ntime " + std::string(time) + "\n" + kBody);
    CHECK(Find(LineOver("\x80" + std::string(7, '\0') + signed_so)) == "bad_cosignature");
  }
  CHECK(Find(LineOver(std::string(7, '\0'))) == "bad_cosignature");
  CHECK(Find(LineOver(std::string(8, '\0') + signature + "s")) == "bad_cosignature");
  CHECK(Find(LineOver(std::string(8, '\0') + signature.substr(1))) == "bad_cosignature");
}
