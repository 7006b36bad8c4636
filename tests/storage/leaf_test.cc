// Goal: leaves and committed objects have one byte form, frozen by vectors, that says
// nothing about anybody. Method: vectors of docs/formats/leaf.md, then strictness.
#include "storage/leaf.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "core/json.h"
#include "storage/merkle.h"

using namespace mc;

namespace {

RecordEnvelope VectorEnvelope() {
  RecordEnvelope e;
  e.key = {"edoc", "n-1", Sha256("bytes")};
  e.source = "documents";
  e.stream = "messages";
  e.media_type = "application/xml";
  e.length = 5;
  e.payload_digest = Sha256("bytes");
  e.observed_at = Instant{1'000'000};
  e.recorded_at = Instant{2'000'000};
  e.facts = R"({"docId":"7"})";
  return e;
}

const std::string kEnvelope =
    R"({"digest":"277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9","facts":{"docId":"7"},"length":5,)"
    R"("media_type":"application/xml","native_id":"n-1","observed_at":1000000,"occurred_at":null,)"
    R"("payload_digest":"277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9","recorded_at":2000000,)"
    R"("register":"edoc","source":"documents","stream":"messages"})";

// Every committed object must be its own canonical form.
void CheckCanonical(const std::string& object) {
  const auto json = ParseJson(object);
  REQUIRE(json.ok());
  CHECK(*CanonicalJson(*json) == object);
}

}  // namespace

TEST_CASE("leaf: the vector of docs/formats/leaf.md") {
  const auto envelope = EnvelopeText(VectorEnvelope());
  REQUIRE(envelope.ok());
  CHECK(*envelope == kEnvelope);
  const RejectionReason reason{"bad_xml", "", "well_formed", "the message is not XML"};
  const auto object = RejectionObject(*envelope, reason, 3);
  REQUIRE(object.ok());
  CHECK(
      *object ==
      R"({"record":)" + kEnvelope +
          R"(,"rejection":{"code":"bad_xml","field":"","message":"the message is not XML","rule":"well_formed"},"run":3})");
  const std::string salt(kSaltBytes, '\x01');
  const Leaf leaf{LeafKind::kRejection, Instant{2'000'000}, Commit(salt, *object)};
  CHECK(
      LeafBytes(leaf) ==
      R"({"commitment":"f16025b2a90b929e17d862cea7f9893bee53fb692557cbabcae4c3edc4067fcd","kind":"rejection","time":2000000,"v":1})");
  CHECK(ToHex(LeafHash(LeafBytes(leaf))) == "aa3717ffa31879b6512fea10a74c0f0ae03945e9fd77034cabb97599ffe0a847");
}

TEST_CASE("leaf: every committed object is canonical") {
  CheckCanonical(kEnvelope);
  RecordEnvelope odd = VectorEnvelope();
  odd.key.native_id = "hs|\"H26\"|Đăng ký";
  odd.occurred_at = Instant{-1};
  odd.facts = *FactsText({{"MaDinhDanh", "H26.101"}, {"a", "\n"}});
  const std::string envelope = *EnvelopeText(odd);
  CheckCanonical(envelope);
  CheckCanonical(*RejectionObject(envelope, {"c", "f", "r", "m \"q\""}, 1));
  CheckCanonical(RepeatObject(envelope, 7, 1));
  CheckCanonical(*EvidenceObject(envelope, R"({"kind":"task"})", 2, {1, "documents", "messages"}));
  CheckCanonical(ImportObject(LeafKind::kDirectory, Sha256("x"), 12, Instant{5}));
  CheckCanonical(StubFor(12, Sha256("x")));
  RunReceipt receipt;
  CheckCanonical(*ReceiptObject(receipt));
  receipt.control_total = 3;
  receipt.complete_through = Instant{9};
  receipt.outcome = RunOutcome::kFailed;
  receipt.offered = 4;
  receipt.unread = 1;
  CheckCanonical(*ReceiptObject(receipt));
  CheckCanonical(*LogKeyObject("log+1+a", "log+2+b"));
  CheckCanonical(*DecisionObject({"drop", 7, Instant{5}, "an \"b\"", "lý do\n"}));
}

TEST_CASE("leaf: each kind reads back, and no other byte form is a leaf") {
  for (const LeafKind kind :
       {LeafKind::kEvidence, LeafKind::kRejection, LeafKind::kReceipt, LeafKind::kDirectory, LeafKind::kAssessments,
        LeafKind::kCatalogue, LeafKind::kDecision, LeafKind::kPeriodIndex, LeafKind::kErasure, LeafKind::kLogKey,
        LeafKind::kLink, LeafKind::kQuality, LeafKind::kReadBack, LeafKind::kAccess, LeafKind::kClient}) {
    const Leaf leaf{kind, Instant{-5}, Sha256("c")};
    const auto back = ParseLeaf(LeafBytes(leaf));
    REQUIRE(back.ok());
    CHECK(*back == leaf);
  }
  const std::string good = LeafBytes({LeafKind::kReceipt, Instant{1}, Sha256("c")});
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& bad :
       {std::string(), std::string("[]"), replaced("\"v\":1", "\"v\":2"), replaced("receipt", "recipe"),
        replaced(",\"v\":1", ""), replaced("\"v\":1", "\"v\":1,\"w\":1"), replaced(":1,", ":1.0,"),
        replaced(":1,", ":\"1\","), replaced(",\"kind\"", ", \"kind\""), good + "\n", good.substr(1),
        replaced("commitment\":\"", "commitment\":\"00"), good + std::string(kLeafLimitBytes, ' ')}) {
    CAPTURE(bad.substr(0, 200));
    CHECK_FALSE(ParseLeaf(bad).ok());
  }
}

TEST_CASE("leaf: what a reading repaired is provenance, what the source states is not") {
  Evidence a;
  a.kind = EvidenceKind::kTask;
  a.register_id = "hanoiwork";
  a.native_id = "T1";
  a.mapping_version = "0011223344556677";
  Evidence b = a;
  b.mapping_version = "8899aabbccddeeff";
  b.marks = {"nfc"};
  CHECK(TextOf(a)->statement == TextOf(b)->statement);
  CHECK(TextOf(a)->canonical != TextOf(b)->canonical);
  b.status = "done";
  CHECK(TextOf(a)->statement != TextOf(b)->statement);
}

TEST_CASE("leaf: facts are an object of texts in one byte form") {
  const std::map<std::string, std::string> facts{{"docId", "9"}, {"MaDinhDanh", "H26.101"}};
  CHECK(*FactsFromText(*FactsText(facts)) == facts);
  CHECK(FactsFromText("{}")->empty());
  for (const char* bad : {"", "[]", "{\"a\":1}", "{ }", R"({"b":"1","a":"2"})"}) CHECK_FALSE(FactsFromText(bad).ok());
  CHECK_FALSE(FactsText({{"a", "\xff"}}).ok());
}

TEST_CASE("leaf: seal contexts of different records differ") {
  const RecordKey key{"edoc", "n|1", Sha256("b")};
  CHECK(SealContext(1, key) != SealContext(2, key));
  CHECK(SealContext(1, {"edoc|n", "1", key.digest}) != SealContext(1, {"edoc", "n|1", key.digest}));
}

TEST_CASE("leaf: the vectors of docs/formats/canonical-json.md") {
  struct Case {
    const char *value, *canonical;
  };
  for (const Case& c :
       {Case{R"({ "b": 1, "a": [ ] })", R"({"a":[],"b":1})"},
        Case{R"({"t":"a/b\u00e9\u0001"})", R"({"t":"a/bé\u0001"})"},
        Case{R"({"x":{"z":null,"y":true}})", R"({"x":{"y":true,"z":null}})"}, Case{"[3,-1,0]", "[3,-1,0]"}}) {
    CAPTURE(c.value);
    CHECK(*CanonicalJson(*ParseJson(c.value)) == c.canonical);
  }
  for (const char* refused : {"1.0", "1e3"}) CHECK_FALSE(CanonicalJson(*ParseJson(refused)).ok());
}
