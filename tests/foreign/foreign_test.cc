// Goal: Go's sumdb/note and sumdb/tlog take what we make, and refuse each changed form of it, as we do.
// Method: claims of every kind, good and changed, in one file; one answer a line from logcheck,
// beside our own verdict. That it reads the program's own log: tests/e2e/proofs_test.mjs.
#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/storage/memory_ledger.h"

using namespace mc;

namespace {

std::string Text(const Digest& hash) { return ToBase64(AsBytes(hash)); }

std::string Joined(const ProofHashes& proof) {
  std::string text;
  for (const Digest& hash : proof) text += (text.empty() ? "" : ",") + Text(hash);
  return text;
}

// A claim with our verdict on it.
struct Claim {
  std::string line;
  bool holds = false;
};

Claim Inclusion(std::int64_t index, std::int64_t size, const Digest& leaf, const Digest& root,
                const ProofHashes& proof) {
  return {"inclusion " + std::to_string(index) + " " + std::to_string(size) + " " + Text(leaf) + " " + Text(root) +
              " " + Joined(proof),
          CheckInclusion(index, size, leaf, root, proof).ok()};
}

Claim Consistency(std::int64_t old_size, std::int64_t size, const Digest& old_root, const Digest& root,
                  const ProofHashes& proof) {
  return {"consistency " + std::to_string(old_size) + " " + std::to_string(size) + " " + Text(old_root) + " " +
              Text(root) + " " + Joined(proof),
          CheckConsistency(old_size, size, old_root, root, proof).ok()};
}

Claim ProofText(const std::string& key, const Digest& leaf, const std::string& text) {
  const auto proof = ParseTlogProof(text);
  return {"tlogproof " + key + " " + Text(leaf) + " " + ToBase64(text),
          proof.ok() && CheckTlogProof(*proof, leaf, key).ok()};
}

// Counts the claims that hold and those that do not; each answer must be ours.
void AskForeign(const std::vector<Claim>& claims) {
  std::string file = std::filesystem::temp_directory_path() / "mc-claims-XXXXXX";
  const int made = ::mkstemp(file.data());
  REQUIRE(made >= 0);
  ::close(made);
  std::ofstream out(file);
  for (const Claim& claim : claims) out << claim.line << '\n';
  out.close();
  FILE* answers = ::popen((std::string(MC_LOGCHECK) + " lines " + file).c_str(), "r");
  REQUIRE(answers);
  std::size_t count = 0;
  for (char line[16]; std::fgets(line, sizeof line, answers) && count < claims.size(); ++count) {
    CAPTURE(claims[count].line);
    const std::string ours = claims[count].holds ? "ok\n" : "bad\n";
    CHECK(line == ours);
  }
  CHECK(::pclose(answers) == 0);
  CHECK(count == claims.size());
  std::filesystem::remove(file);
}

std::size_t Holding(const std::vector<Claim>& claims) {
  std::size_t holding = 0;
  for (const Claim& claim : claims) holding += claim.holds;
  return holding;
}

const std::size_t kSizes[] = {1, 2, 3, 7, 8, 9, 31, 256, 257, 300};

}  // namespace

TEST_CASE("foreign: Go's tlog and ours agree on inclusion, good and changed") {
  const MemoryLedger ledger(300);
  std::vector<Claim> claims;
  std::size_t good = 0;
  for (const std::size_t n : kSizes) {
    const auto size = static_cast<std::int64_t>(n);
    const Digest root = RootAt(ledger.tiles, n);
    for (std::int64_t index = 0; index < size; index += 1 + size / 10) {
      const Digest leaf = ledger.hashes[static_cast<std::size_t>(index)];
      const auto proof = *MakeInclusionProof(index, size, ReadFrom(ledger.tiles));
      claims.push_back(Inclusion(index, size, leaf, root, proof));
      ++good;
      for (std::size_t i = 0; i < proof.size(); ++i) {
        ProofHashes changed = proof;
        changed[i][i] ^= 1;
        claims.push_back(Inclusion(index, size, leaf, root, changed));
        changed = proof;
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
        claims.push_back(Inclusion(index, size, leaf, root, changed));
      }
      ProofHashes longer = proof;
      longer.push_back(root);
      claims.push_back(Inclusion(index, size, leaf, root, longer));
      claims.push_back(Inclusion(index + 1, size, leaf, root, proof));
      claims.push_back(Inclusion(index, index, leaf, root, proof));
      claims.push_back(Inclusion(index, size, root, root, proof));
      claims.push_back(Inclusion(index, size, leaf, leaf, proof));
    }
  }
  // A tree of one leaf: leaf and root are the same hash, so the last two changes are none.
  CHECK(Holding(claims) == good + 2);
  AskForeign(claims);
}

TEST_CASE("foreign: Go's tlog and ours agree on consistency, good and changed") {
  const MemoryLedger ledger(300);
  std::vector<Claim> claims;
  std::size_t good = 0;
  for (const std::size_t n : kSizes) {
    const auto size = static_cast<std::int64_t>(n);
    const Digest root = RootAt(ledger.tiles, n);
    for (std::int64_t old_size = 1; old_size < size; old_size += 1 + size / 10) {
      const Digest old_root = RootAt(ledger.tiles, static_cast<std::size_t>(old_size));
      const auto proof = *MakeConsistencyProof(old_size, size, ReadFrom(ledger.tiles));
      claims.push_back(Consistency(old_size, size, old_root, root, proof));
      ++good;
      for (std::size_t i = 0; i < proof.size(); ++i) {
        ProofHashes changed = proof;
        changed[i][31] ^= 1;
        claims.push_back(Consistency(old_size, size, old_root, root, changed));
        changed = proof;
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
        claims.push_back(Consistency(old_size, size, old_root, root, changed));
      }
      ProofHashes longer = proof;
      longer.push_back(root);
      claims.push_back(Consistency(old_size, size, old_root, root, longer));
      claims.push_back(Consistency(old_size, size, root, root, proof));
      claims.push_back(Consistency(old_size, size, old_root, old_root, proof));
      claims.push_back(Consistency(size, old_size, root, old_root, proof));
    }
  }
  CHECK(Holding(claims) == good);
  AskForeign(claims);
}

TEST_CASE("foreign: Go's note and tlog take a tlog-proof, and no byte of it changed") {
  MemoryLedger ledger(300);
  ledger.Sign(300);
  const std::string key = VerifierKey(ledger.signer);
  const std::string text = TlogProofText(*ProveLeaf(ledger, 257));
  const Digest leaf = ledger.hashes[257];
  std::vector<Claim> claims{ProofText(key, leaf, text)};
  for (std::size_t i = 0; i < text.size(); ++i) {
    // Go's base64 passes over the spare bits before a '='; ours refuses them (tlog_proof_test.cc).
    if (i + 1 < text.size() && text[i + 1] == '=') continue;
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    claims.push_back(ProofText(key, leaf, changed));
  }
  claims.push_back(ProofText(key, ledger.hashes[256], text));
  claims.push_back(ProofText(VerifierKey({ledger.signer.name, std::string(32, '\x08')}), leaf, text));
  CHECK(Holding(claims) == 1);
  AskForeign(claims);
}

TEST_CASE("foreign: Go's note and Ed25519 take a cosigned head, and no byte of it changed") {
  MemoryLedger ledger(8);
  ledger.Sign(8);
  const NoteSigner witness{"witness.example/w1", std::string(32, '\x09')};
  const std::string key = VerifierKey(ledger.signer);
  const auto claim = [&](const std::string& note, const std::string& witness_key) -> Claim {
    const auto parts = SplitNote(note);
    return {"cosigned " + key + " " + witness_key + " " + ToBase64(note),
            OpenCheckpoint(note, key).ok() && FindCosignature(parts->signatures, parts->text, witness_key).ok()};
  };
  const std::string body = ledger.head.checkpoint.substr(0, ledger.head.checkpoint.rfind("\n\n") + 1);
  const std::string note = ledger.head.checkpoint + CosignNote(witness, body, 1782864000).line;
  std::vector<Claim> claims{claim(note, CosignerKey(witness))};
  for (std::size_t i = 0; i < note.size(); ++i) {
    if (i + 1 < note.size() && note[i + 1] == '=') continue;  // as above
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    if (SplitNote(changed)) claims.push_back(claim(changed, CosignerKey(witness)));
  }
  claims.push_back(claim(ledger.head.checkpoint, CosignerKey(witness)));
  claims.push_back(claim(ledger.head.checkpoint + CosignNote(witness, "a\n8\nb\n", 1).line, CosignerKey(witness)));
  claims.push_back(claim(note, CosignerKey({witness.name, std::string(32, '\x08')})));
  CHECK(Holding(claims) == 1);
  AskForeign(claims);
}
