// Goal: the text has exactly the form of c2sp.org/tlog-proof@v1, and a changed one is refused.
// Method: a frozen vector, each line broken in turn, then every byte of a good proof.
#include "storage/tlog_proof.h"

#include <doctest/doctest.h>

#include "tests/storage/merkle_harness.h"

using namespace mc;

namespace {

const NoteSigner kProofSigner{"minhchung.example/log", std::string(32, '\x07')};
const Digest kLeaf = LeafHash("leaf 5");

// Leaf 5 of the eight leaves "leaf 0" ... "leaf 7".
TlogProof Sample() {
  const auto hashes = NumberedHashes(8);
  Tiles tiles;
  AppendRange(tiles, hashes, 0, 8);
  TlogProof proof;
  proof.index = 5;
  proof.hashes = *MakeInclusionProof(5, 8, ReadFrom(tiles));
  proof.checkpoint = SignCheckpoint(kProofSigner, 8, RootAt(tiles, 8));
  return proof;
}

bool Holds(const std::string& text, const Digest& leaf = kLeaf, const std::string& key = VerifierKey(kProofSigner)) {
  const auto proof = ParseTlogProof(text);
  return proof.ok() && CheckTlogProof(*proof, leaf, key).ok();
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("tlog_proof: the vector of docs/formats/proof.md") {
  CHECK(TlogProofText(Sample()) ==
        "c2sp.org/tlog-proof@v1\n"
        "index 5\n"
        "gxFfiUeVX6/cKifn9MCFS72Nonuxs+NAXbVxya+Nvho=\n"
        "brzFS2cQ7gYQp/yCzeUXE9soDj3IRRW96WMqGbZaC5M=\n"
        "T2MQhKFXxU9U/Psj/164ZQxLoWDClbsTqYMrEJ1SZ34=\n"
        "\n"
        "minhchung.example/log\n"
        "8\n"
        "xcLIIO00L92ozolra5z1uMAKIcxLIHFMxuXTwFw1JAs=\n"
        "\n"
        "\xE2\x80\x94 minhchung.example/log "
        "NubHCf1wyAoPKLiAIIxONxHYglB+Mc4geNUUSGdCFjrXCl3rfhpiz0ZaNpjUEk/gdureaKocjnEtEbNhLLBJZabv0g0=\n");
  CHECK(Holds(TlogProofText(Sample())));
}

TEST_CASE("tlog_proof: what is written is read back, with and without extra data and hashes") {
  TlogProof proof = Sample();
  CHECK(*ParseTlogProof(TlogProofText(proof)) == proof);
  for (const std::string& extra : {std::string(), std::string("x"), std::string(1000, '\xff')}) {
    proof.extra = extra;
    CHECK(*ParseTlogProof(TlogProofText(proof)) == proof);
    CHECK(Holds(TlogProofText(proof)));
  }
  const TlogProof alone{std::nullopt, 0, {}, SignCheckpoint(kProofSigner, 1, kLeaf)};
  CHECK(*ParseTlogProof(TlogProofText(alone)) == alone);
  CHECK(Holds(TlogProofText(alone)));
}

TEST_CASE("tlog_proof: every byte changed, every byte taken out, and every cut are refused") {
  const std::string text = TlogProofText(Sample());
  for (std::size_t i = 0; i < text.size(); ++i) {
    CAPTURE(i);
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = text;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      CHECK_FALSE(Holds(changed));
    }
    CHECK_FALSE(Holds(text.substr(0, i)));
    std::string shorter = text;
    shorter.erase(i, 1);
    CHECK_FALSE(Holds(shorter));
  }
  for (const char* more : {"\n", " ", "x", "\n\n"}) CHECK_FALSE(Holds(text + more));
}

TEST_CASE("tlog_proof: another leaf, another key, another place") {
  const std::string text = TlogProofText(Sample());
  CHECK_FALSE(Holds(text, LeafHash("leaf 4")));
  CHECK_FALSE(Holds(text, kLeaf, VerifierKey({kProofSigner.name, std::string(32, '\x08')})));
  for (const char* index : {"index 4", "index 6", "index 7", "index 8", "index 13"})
    CHECK_FALSE(Holds(Replaced(text, "index 5", index)));
}

TEST_CASE("tlog_proof: lines that are not of the form") {
  const std::string text = TlogProofText(Sample());
  for (const char* index : {"index 05", "index +5", "index -5", "index", "index ", "index  5", "index 5 ", "Index 5",
                            "index 0x5", "index 9223372036854775808", "5"}) {
    CAPTURE(index);
    CHECK(ParseTlogProof(Replaced(text, "index 5", index)).error().code == "bad_tlog_proof");
  }
  CHECK(ParseTlogProof(Replaced(text, "index 5", "index 9223372036854775807")).ok());
  const std::string first_hash = ToBase64(AsBytes(Sample().hashes[0]));
  for (const std::string& hash :
       {first_hash + " ", first_hash + "\r", first_hash.substr(4), first_hash + "AAAA", std::string("=")})
    CHECK(ParseTlogProof(Replaced(text, first_hash, hash)).error().code == "bad_tlog_proof");
  CHECK_FALSE(ParseTlogProof(Replaced(text, "@v1", "@v2")).ok());
  CHECK_FALSE(ParseTlogProof(Replaced(text, "index", "extra !\nindex")).ok());
  CHECK_FALSE(ParseTlogProof(Replaced(text, "index", "extra AAAA\nextra AAAA\nindex")).ok());
  for (const char* cut : {"", "c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\nextra AAAA\n",
                          "c2sp.org/tlog-proof@v1\nindex 5\n", "c2sp.org/tlog-proof@v1\nindex 5\n\n"}) {
    CAPTURE(cut);
    CHECK_FALSE(ParseTlogProof(cut).ok());
  }
}

TEST_CASE("tlog_proof: as many hashes as a tree can be high, and one more") {
  TlogProof proof = Sample();
  proof.hashes.assign(kMaxProofHashes, Digest{});
  CHECK(ParseTlogProof(TlogProofText(proof)).ok());
  proof.hashes.emplace_back();
  CHECK(ParseTlogProof(TlogProofText(proof)).error().code == "bad_tlog_proof");
}
