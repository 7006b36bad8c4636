// Goal: signatures are RFC 8032's and notes are C2SP signed-note's, so that tools that we
// did not write accept ours.
// Method: the RFC's vectors; a published note with its verifier key; then every way in
// which a note can be wrong.
#include "core/signature.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/digest.h"

namespace mc {
namespace {

const std::string kDash = "\xE2\x80\x94";

NoteSigner SignerNamed(const std::string& name, char seed = 's') { return {name, std::string(32, seed)}; }

bool Refused(const std::string& note, const std::string& key) {
  const auto opened = OpenNote(note, key);
  if (opened.ok()) return false;
  CHECK(opened.error().code == "bad_note");
  CHECK(opened.error().error_class == ErrorClass::kData);
  return true;
}

TEST_CASE("Ed25519 vectors of RFC 8032, section 7.1") {
  struct Row {
    const char *seed, *public_key, *message, *signature;
  };
  const std::vector<Row> rows = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
       "d25bf5f0595bbe24655141438e7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
       "387b2eaeb4302aeeb00d291612bb0c00"},
      {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
       "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
       "4a7c15e9716ed28dc027beceea1ec40a"},
  };
  for (const Row& row : rows) {
    const std::string seed = *FromHex(row.seed);
    const std::string message = *FromHex(row.message);
    CHECK(ToHex(Ed25519PublicKey(seed)) == row.public_key);
    CHECK(ToHex(Ed25519Sign(seed, message)) == row.signature);
    CHECK(Ed25519Verify(*FromHex(row.public_key), message, *FromHex(row.signature)));
    CHECK_FALSE(Ed25519Verify(*FromHex(row.public_key), message + "x", *FromHex(row.signature)));
  }
}

TEST_CASE("keys and signatures of another size never verify") {
  const std::string seed(32, 's');
  const std::string key = Ed25519PublicKey(seed);
  const std::string signature = Ed25519Sign(seed, "m");
  CHECK(Ed25519Verify(key, "m", signature));
  CHECK_FALSE(Ed25519Verify(key.substr(1), "m", signature));
  CHECK_FALSE(Ed25519Verify(key + "x", "m", signature));
  CHECK_FALSE(Ed25519Verify(key, "m", signature.substr(1)));
  CHECK_FALSE(Ed25519Verify(key, "m", signature + "x"));
  CHECK_FALSE(Ed25519Verify(key, "m", ""));
}

TEST_CASE("a published note opens under its published key, and we write the same bytes") {
  const std::string verifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  const std::string text =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const std::string note =
      text + "\n" + kDash +
      " PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
  const auto opened = OpenNote(note, verifier);
  REQUIRE(opened.ok());
  CHECK(*opened == text);
  const std::string seed = FromBase64("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")->substr(1);
  CHECK(VerifierKey({"PeterNeumann", seed}) == verifier);
  CHECK(SignNote({"PeterNeumann", seed}, text) == note);
}

TEST_CASE("the key id is the first four bytes of SHA-256(name, newline, 1, key)") {
  const NoteSigner signer = SignerNamed("minhchung.example/log");
  const std::string key = Ed25519PublicKey(signer.seed);
  const std::string id = ToHex(Sha256(signer.name + "\n\x01" + key)).substr(0, 8);
  CHECK(VerifierKey(signer) == signer.name + "+" + id + "+" + ToBase64("\x01" + key));
}

TEST_CASE("texts with empty lines and Vietnamese come back whole") {
  const NoteSigner signer = SignerNamed("minhchung.example/log");
  for (const std::string& text : {std::string("a\n"), std::string("a\n\nb\n"), std::string("a\n\n"), std::string("\n"),
                                  std::string("Minh Chứng\n12\n")}) {
    CAPTURE(text);
    const auto opened = OpenNote(SignNote(signer, text), VerifierKey(signer));
    REQUIRE(opened.ok());
    CHECK(*opened == text);
  }
}

TEST_CASE("signatures of others are passed over, ours must be there and verify") {
  const NoteSigner ours = SignerNamed("ours"), other = SignerNamed("other", 'o'), namesake = SignerNamed("ours", 'n');
  const std::string text = "origin\n7\n";
  const auto line = [&](const NoteSigner& signer) { return SignNote(signer, text).substr(text.size() + 1); };
  const std::string key = VerifierKey(ours);
  CHECK_FALSE(Refused(text + "\n" + line(other) + line(ours), key));
  CHECK_FALSE(Refused(text + "\n" + line(ours) + line(other) + line(namesake), key));
  CHECK(Refused(text + "\n" + line(other), key));
  CHECK(Refused(text + "\n" + line(namesake), key));
  // A broken signature under our key is not saved by a good one beside it.
  std::string broken = line(ours);
  const auto at = broken.size() - 10;
  broken[at] = broken[at] == 'A' ? 'B' : 'A';
  CHECK(Refused(text + "\n" + broken, key));
  CHECK(Refused(text + "\n" + line(ours) + broken, key));
}

TEST_CASE("a hundred signature lines, and one more") {
  const NoteSigner ours = SignerNamed("ours");
  const std::string text = "t\n";
  const std::string line = SignNote(ours, text).substr(text.size() + 1);
  std::string note = text + "\n";
  for (int i = 0; i < 100; ++i) note += line;
  CHECK_FALSE(Refused(note, VerifierKey(ours)));
  CHECK(Refused(note + line, VerifierKey(ours)));
}

TEST_CASE("a changed byte anywhere in a note is refused") {
  const NoteSigner signer = SignerNamed("log");
  const std::string note = SignNote(signer, "origin\n42\nroot\n");
  for (std::size_t i = 0; i < note.size(); ++i) {
    CAPTURE(i);
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK(Refused(changed, VerifierKey(signer)));
    if (i > 0) CHECK(Refused(note.substr(0, i), VerifierKey(signer)));
  }
}

TEST_CASE("malformed notes and verifier keys") {
  const NoteSigner signer = SignerNamed("log");
  const std::string key = VerifierKey(signer);
  const std::string note = SignNote(signer, "text\n");
  const std::string line = note.substr(6);
  REQUIRE_FALSE(Refused(note, key));
  const std::vector<std::string> bad_notes = {
      "", "\n", "text\n", "text\n\n", "\n\n" + line,
      note + "\n", note + "tail\n", "tex\tt\n\n" + line, std::string("te\0t\n\n", 6) + line, "te\xFFt\n\n" + line,
      "text\n\n-- log AAAA\n", "text\n\n" + kDash + "log " + line.substr(8), "text\n\n" + kDash + " log\n",
      "text\n\n" + kDash + " log AAAAAA==\n" + line, "text\n\n" + kDash + " a+b " + line.substr(8),
      "text\n\n" + kDash + " log !!!!\n" + line};
  for (const std::string& bad : bad_notes) {
    CAPTURE(bad);
    CHECK(Refused(bad, key));
  }
  const auto plus = key.rfind('+');
  for (const std::string& bad_key :
       {std::string(), std::string("log"), key.substr(0, plus), "lag" + key.substr(3), "log+00000000" + key.substr(plus),
        key.substr(0, plus + 1) + "AQ==", key.substr(0, plus + 1) + ToBase64("\x02" + Ed25519PublicKey(signer.seed)),
        "lo g" + key.substr(3), key + "A"}) {
    CAPTURE(bad_key);
    CHECK(Refused(note, bad_key));
  }
}

TEST_CASE("names of signers") {
  for (const char* good : {"log", "minhchung.example/log", "nhật-ký.hà-nội"}) CHECK(IsNoteName(good));
  for (const char* bad : {"", "a b", "a+b", "a\nb", "a\tb", "a\x7f", "a\xC2\xA0z", "a\xE2\x80\xA8z", "a\xE3\x80\x80",
                          "\xFF"}) {
    CAPTURE(bad);
    CHECK_FALSE(IsNoteName(bad));
  }
}

}  // namespace
}  // namespace mc
