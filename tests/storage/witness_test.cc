// Goal: a witness is asked in the form of C2SP tlog-witness, and each answer of the protocol, and each
// that is none, is read as docs/formats/witness.md says.
// Method: the page's vector; a table of answers.
#include "storage/witness.h"

#include <doctest/doctest.h>

#include "tests/storage/memory_ledger.h"

using namespace mc;

namespace {

using Kind = WitnessAnswer::Kind;

const NoteSigner kWitness{"witness.example/w1", std::string(32, '\x09')};

struct Eight {
  Eight() : ledger(8) { ledger.Sign(8); }
  MemoryLedger ledger;
  std::string Body() const { return std::string(SplitNote(ledger.head.checkpoint)->text); }
  WitnessAnswer Read(int status, const std::string& body, const std::string& type = "text/plain",
                     std::int64_t old_size = 6) const {
    return ReadWitnessAnswer({status, {{"content-type", type}}, body}, old_size, ledger.head, CosignerKey(kWitness));
  }
  WitnessAnswer Conflict(const std::string& body, std::int64_t old_size = 6) const {
    return Read(409, body, "text/x.tlog.size", old_size);
  }
};

}  // namespace

TEST_CASE("witness: the request of docs/formats/witness.md") {
  const Eight eight;
  const auto proof = *MakeConsistencyProof(6, 8, ReadFrom(eight.ledger.tiles));
  CHECK(AddCheckpointBody(6, proof, eight.ledger.head.checkpoint) ==
        "old 6\n"
        "dauSgmjIb0TaXUJBGI7XHkqrLU131tUBF9rZSoQu3gM=\n"
        "brzFS2cQ7gYQp/yCzeUXE9soDj3IRRW96WMqGbZaC5M=\n"
        "T2MQhKFXxU9U/Psj/164ZQxLoWDClbsTqYMrEJ1SZ34=\n"
        "\n"
        "minhchung.example/log\n8\nxcLIIO00L92ozolra5z1uMAKIcxLIHFMxuXTwFw1JAs=\n\n"
        "\xE2\x80\x94 minhchung.example/log "
        "NubHCf1wyAoPKLiAIIxONxHYglB+Mc4geNUUSGdCFjrXCl3rfhpiz0ZaNpjUEk/gdureaKocjnEtEbNhLLBJZabv0g0=\n");
  CHECK(AddCheckpointBody(0, {}, "note\n") == "old 0\n\nnote\n");
}

TEST_CASE("witness: a cosignature is taken when it is over this head and by this key") {
  const Eight eight;
  const Cosignature good = CosignNote(kWitness, eight.Body(), 1782864000);
  const WitnessAnswer answer = eight.Read(200, good.line);
  CHECK(answer.kind == Kind::kCosigned);
  CHECK(answer.size == 8);
  CHECK(answer.cosignature.line == good.line);
  CHECK(answer.cosignature.time == 1782864000);
  // Lines of other keys are passed over and not kept.
  const NoteSigner other{"other.example", std::string(32, 'o')};
  CHECK(eight.Read(200, CosignNote(other, eight.Body(), 1).line + good.line).cosignature.line == good.line);

  const auto refused = [&](const std::string& body, const std::string& code) {
    const WitnessAnswer bad = eight.Read(200, body);
    CHECK(bad.kind == Kind::kFailed);
    CHECK(bad.error.code == code);
  };
  refused("", "no_cosignature");
  refused(CosignNote(other, eight.Body(), 1).line, "no_cosignature");
  refused(CosignNote(kWitness, "minhchung.example/log\n9\nAAAA\n", 1).line, "bad_cosignature");
  refused("<html>\n", "bad_cosignature");
  refused(good.line + "\n", "bad_cosignature");
}

TEST_CASE("witness: conflicts") {
  const Eight eight;
  for (const std::int64_t size : {std::int64_t{0}, std::int64_t{5}, std::int64_t{8}, std::int64_t{9}, INT64_MAX}) {
    CAPTURE(size);
    const WitnessAnswer answer = eight.Conflict(std::to_string(size) + "\n");
    CHECK(answer.kind == Kind::kOtherSize);
    CHECK(answer.size == size);
  }
  // The size that we named ourselves is no other one; nor is a text that is no size.
  for (const char* body :
       {"6\n", "", "9", "9\n\n", "09\n", "-9\n", "+9\n", " 9\n", "9223372036854775808\n", "nine\n"}) {
    CAPTURE(body);
    CHECK(eight.Conflict(body).error.code == "witness_answer");
    CHECK(eight.Conflict(body, 8).kind == (std::string(body) == "6\n" ? Kind::kOtherSize : Kind::kFork));
  }
  CHECK(eight.Read(409, "9\n", "text/html").error.code == "witness_answer");
  const WitnessAnswer fork = eight.Conflict("8\n", 8);
  CHECK(fork.kind == Kind::kFork);
  CHECK(fork.size == 8);
}

TEST_CASE("witness: every other answer") {
  const Eight eight;
  const WitnessAnswer fork = eight.Read(422, "");
  CHECK(fork.kind == Kind::kFork);
  CHECK(fork.size == 6);
  CHECK(eight.Read(422, "", "", 0).error.code == "witness_status");
  CHECK(eight.Read(403, "").error.code == "witness_key_unknown");
  CHECK(eight.Read(404, "").error.code == "witness_log_unknown");
  for (const int status : {201, 301, 400, 429, 500, 503}) {
    CAPTURE(status);
    const WitnessAnswer answer = eight.Read(status, CosignNote(kWitness, eight.Body(), 1).line);
    CHECK(answer.kind == Kind::kFailed);
    CHECK(answer.error.code == "witness_status");
    CHECK(answer.error.error_class == ErrorClass::kTransient);
  }
}
