// Goal: heads have exactly the C2SP form, and nothing else is read as one.
// Method: a frozen vector, then each line broken in turn.
#include "storage/checkpoint.h"

#include <doctest/doctest.h>

#include "storage/merkle.h"

using namespace mc;

namespace {

const NoteSigner kSigner{"minhchung.example/log", std::string(32, '\x07')};

std::string Body(const std::string& origin, const std::string& size, const std::string& root) {
  return origin + "\n" + size + "\n" + root + "\n";
}

}  // namespace

TEST_CASE("checkpoint: the vector of docs/formats/checkpoint.md") {
  const std::string note = SignCheckpoint(kSigner, 0, EmptyTreeRoot());
  CHECK(note ==
        "minhchung.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n"
        "\xE2\x80\x94 minhchung.example/log "
        "NubHCfwuFrHZAPouH/UrbSXS2x2IuwpNjRdSpjSWouJefX4kKN1xlkJph9Iy13C+hhN+/7/V1fY4e66VyHEHPQEfGAs=\n");
  CHECK(VerifierKey(kSigner) == "minhchung.example/log+36e6c709+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs");
}

TEST_CASE("checkpoint: what is signed is read back") {
  const Digest root = Sha256("root");
  for (const std::int64_t size : {std::int64_t{0}, std::int64_t{1}, std::int64_t{1} << 40}) {
    const auto opened = OpenCheckpoint(SignCheckpoint(kSigner, size, root), VerifierKey(kSigner));
    REQUIRE(opened.ok());
    CHECK(*opened == Checkpoint{kSigner.name, size, root});
  }
}

TEST_CASE("checkpoint: another key, another origin and every flipped byte are refused") {
  const std::string note = SignCheckpoint(kSigner, 5, Sha256("root"));
  const NoteSigner other{kSigner.name, std::string(32, '\x08')};
  CHECK_FALSE(OpenCheckpoint(note, VerifierKey(other)).ok());
  const std::string foreign = SignNote(kSigner, CheckpointBody({"another.example/log", 5, Sha256("root")}));
  CHECK_FALSE(OpenCheckpoint(foreign, VerifierKey(kSigner)).ok());
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string flipped = note;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    CAPTURE(i);
    CHECK_FALSE(OpenCheckpoint(flipped, VerifierKey(kSigner)).ok());
  }
}

TEST_CASE("checkpoint: bodies that are not a head") {
  const std::string root = ToBase64(AsBytes(Sha256("root")));
  CHECK(ParseCheckpointBody(Body("log", "5", root)).ok());
  for (const std::string& body :
       {std::string(), Body("", "5", root), Body("log", "", root), Body("log", "05", root), Body("log", "-1", root),
        Body("log", "+5", root), Body("log", "5 ", root), Body("log", "0x5", root),
        Body("log", "9223372036854775808", root), Body("log", "5", ""), Body("log", "5", root.substr(4)),
        Body("log", "5", root + "AAAA"), Body("log", "5", root) + "extension\n", "log\n5\n" + root}) {
    CAPTURE(body);
    CHECK_FALSE(ParseCheckpointBody(body).ok());
  }
}
