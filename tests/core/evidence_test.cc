// Goal: one evidence has one canonical form, and nothing else is read back.
// Method: an evidence with every field set is written, compared with the text of its form
// and read back; an empty one too; a table of single changes, each of which must be
// refused with its pointer.
#include "core/evidence.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "core/evidence_text.h"
#include "core/json.h"

namespace mc {
namespace {

Moment At(const std::string& text) { return *ParseMoment(text); }

Evidence FullEvidence() {
  Evidence e;
  e.kind = EvidenceKind::kTask;
  e.register_id = "hanoiwork";
  e.native_id = "NV-1";
  e.aliases = {"NV-1b"};
  e.unit = {"H26.1", "Đơn vị"};
  e.receivers = {{"H26.2", ""}};
  e.lead = {"CB1", "H26.1", "a@b.vn", "a1", "An"};
  e.assigner.account = "b1";
  e.contributors.resize(1);
  e.contributors[0].email = "c@b.vn";
  e.document = {"H26.1", "1/UBND", *ParseDate("2026-06-01")};
  e.task_codes = {"NV-1"};
  e.status = "done";
  e.source_status = "HOAN_THANH";
  e.type_code = "NV01";
  e.product = "SP-NV-01";
  e.type_known = true;
  e.occurred_at = At("2026-06-01");
  e.assigned_at = At("2026-06-01T01:00:00.000000Z");
  e.due_at = At("2026-06-20");
  e.completed_at = At("2026-06-19T01:00:00.000001Z");
  e.returned_at = At("2026-06-21");
  e.quantity = Ratio(3, 2);
  ResultRef document, dossier;
  document.document = {"", "2/UBND", std::nullopt};
  dossier.kind = ResultKind::kDossier;
  dossier.native_id = "HS-1";
  e.claims = {{At("2026-06-18"), {document, dossier}}, {At("2026-06-19"), {}}};
  e.returns = {{At("2026-06-19T02:00:00.000000Z"), e.assigner, "SAI", true, true}};
  e.extensions = {{At("2026-06-19"), At("2026-06-25"), e.assigner}};
  e.supplements = {{At("2026-06-02"), std::nullopt, At("2026-06-22")}, {}};
  e.recall = Recall{At("2026-06-23"), {}};
  e.acceptance = Acceptance{At("2026-06-24"), e.assigner, At("2026-06-23"), Ratio(1)};
  e.duplicate_of = "NV-0";
  e.about = dossier;
  e.ratings = {{"TC1", "", Ratio(0), Ratio(2)}, {"CH1", "good", Ratio(125, 2), Ratio(100)}};
  e.assurance = Assurance::kConfirmed;
  e.marks = {"bom", "nfc"};
  e.mapping_version = "0123456789abcdef";
  return e;
}

const char* const kFullForm =
    R"({"about":{"kind":"dossier","native_id":"HS-1"},"acceptance":{"at":"2026-06-24","by":{"account":"b1"},"delivered_on":"2026-06-23","quantity":"1/1"},)"
    R"("aliases":["NV-1b"],"assigned_at":"2026-06-01T01:00:00.000000Z","assigner":{"account":"b1"},)"
    R"("assurance":"confirmed","claims":[{"at":"2026-06-18","results":[{"document":{"number":"2/UBND"},"kind":"document"},)"
    R"({"kind":"dossier","native_id":"HS-1"}]},{"at":"2026-06-19"}],"completed_at":"2026-06-19T01:00:00.000001Z",)"
    R"("contributors":[{"email":"c@b.vn"}],"document":{"date":"2026-06-01","issuer":"H26.1","number":"1/UBND"},)"
    R"("due_at":"2026-06-20","duplicate_of":"NV-0","extensions":[{"by":{"account":"b1"},"given_at":"2026-06-19",)"
    R"("new_due":"2026-06-25"}],"kind":"task","lead":{"account":"a1","email":"a@b.vn","label":"An",)"
    R"("staff_code":"CB1","staff_issuer":"H26.1"},"mapping_version":"0123456789abcdef","marks":["bom","nfc"],)"
    R"("native_id":"NV-1","occurred_at":"2026-06-01","product":"SP-NV-01","quantity":"3/2","ratings":[{"criterion":"TC1","of":"2/1","value":"0/1"},)"
    R"({"answer":"good","criterion":"CH1","of":"100/1","value":"125/2"}],"recall":{"at":"2026-06-23"},)"
    R"("receivers":[{"code":"H26.2"}],"register":"hanoiwork","returned_at":"2026-06-21","returns":[)"
    R"({"at":"2026-06-19T02:00:00.000000Z","by":{"account":"b1"},"major_error":true,"reason_code":"SAI","reason_known":true}],)"
    R"("source_status":"HOAN_THANH","status":"done","supplements":[{"new_due":"2026-06-22","requested_at":"2026-06-02"},{}],)"
    R"("task_codes":["NV-1"],"type_code":"NV01","type_known":true,"unit":{"code":"H26.1","name":"Đơn vị"},"v":1})";

TEST_CASE("every field has its place in the one form, and comes back") {
  const Json json = EvidenceToJson(FullEvidence());
  CHECK(*CanonicalJson(json) == kFullForm);
  const auto back = EvidenceFromJson(Json::parse(kFullForm));
  REQUIRE_MESSAGE(back.ok(), back.error().message);
  CHECK(*CanonicalJson(EvidenceToJson(*back)) == kFullForm);
}

TEST_CASE("what says nothing is left out") {
  CHECK(*CanonicalJson(EvidenceToJson(Evidence{})) == R"({"assurance":"recorded","kind":"document","v":1})");
  CHECK(EvidenceFromJson(Json::parse(R"({"assurance":"recorded","kind":"document","v":1})")).ok());
}

// Goal: the bytes written straight from an evidence are those of its tree; the part cut out
// is its provenance, and nothing else. Method: full, empty, each text awkward in turn.
TEST_CASE("written directly: the bytes of the canonical tree") {
  const auto check = [](const Evidence& e) {
    const auto bytes = WriteEvidence(e);
    REQUIRE(bytes.ok());
    Json json = EvidenceToJson(e);
    CHECK(bytes->canonical == *CanonicalJson(json));
    json.erase("mapping_version");
    json.erase("marks");
    std::string rest = bytes->canonical;
    rest.erase(bytes->provenance_at, bytes->provenance_end - bytes->provenance_at);
    CHECK(rest == *CanonicalJson(json));
  };
  check(FullEvidence());
  check(Evidence{});
  for (const std::string& text :
       {std::string("\"q\" \\ \b\f\n\r\t"), std::string("\x01\x1f\x7f\0z", 5), std::string("Ủy ban €😀")}) {
    CAPTURE(text);
    Evidence e = FullEvidence();
    e.native_id = e.marks.back() = e.unit.name = e.returns[0].reason_code = e.claims[0].results[1].native_id = text;
    check(e);
    Evidence bare;
    bare.lead.staff_issuer = text;  // a key that does not name anybody by itself
    bare.supplements.resize(2);
    bare.claims.resize(1);
    check(bare);
  }
  for (const char* day : {"0999-12-31", "1000-01-01", "9999-12-31"}) {
    Evidence e;
    e.due_at = At(day);
    e.returned_at = Moment{Instant{e.due_at->at.micros + 1}, false};
    check(e);
  }
}

TEST_CASE("a text that is not UTF-8 has no bytes") {
  for (const char* bad : {"\xC3(", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xC0\xAF"}) {
    Evidence e = FullEvidence();
    e.claims[0].results[1].native_id = bad;
    CHECK(WriteEvidence(e).error().code == "not_canonical");
    CHECK(CanonicalJson(EvidenceToJson(e)).error().code == "not_canonical");
  }
}

TEST_CASE("any other form is refused with its pointer") {
  struct Row {
    const char* patch;
    const char* pointer;
  };
  const Row rows[] = {
      {R"({"op":"remove","path":"/v"})", "/v"},
      {R"({"op":"replace","path":"/v","value":2})", "/v"},
      {R"({"op":"remove","path":"/kind"})", "/kind"},
      {R"({"op":"replace","path":"/kind","value":"letter"})", "/kind"},
      {R"({"op":"replace","path":"/assurance","value":"sure"})", "/assurance"},
      {R"({"op":"add","path":"/name","value":"x"})", ""},
      {R"({"op":"replace","path":"/native_id","value":""})", "/native_id"},
      {R"({"op":"replace","path":"/native_id","value":7})", "/native_id"},
      {R"({"op":"replace","path":"/type_known","value":false})", "/type_known"},
      {R"({"op":"replace","path":"/aliases","value":[]})", "/aliases"},
      {R"({"op":"replace","path":"/aliases","value":[""]})", "/aliases"},
      {R"({"op":"replace","path":"/unit","value":{}})", "/unit"},
      {R"({"op":"replace","path":"/unit","value":"x"})", "/unit"},
      {R"({"op":"add","path":"/lead/name","value":"x"})", "/lead"},
      {R"({"op":"replace","path":"/due_at","value":"2026-02-30"})", "/due_at"},
      {R"({"op":"replace","path":"/due_at","value":"2026-06-20T08:00:00+07:00"})", "/due_at"},
      {R"({"op":"replace","path":"/due_at","value":"2026-06-20T01:00:00Z"})", "/due_at"},
      {R"({"op":"replace","path":"/document/date","value":"01/06/2026"})", "/document/date"},
      {R"({"op":"replace","path":"/quantity","value":"1/1"})", "/quantity"},
      {R"({"op":"replace","path":"/quantity","value":"6/4"})", "/quantity"},
      {R"({"op":"replace","path":"/quantity","value":1})", "/quantity"},
      {R"({"op":"remove","path":"/claims/1/at"})", "/claims/1/at"},
      {R"({"op":"replace","path":"/claims/0/results/0/kind","value":"x"})", "/claims/0/results/0/kind"},
      {R"({"op":"add","path":"/claims/0/results/1/x","value":1})", "/claims/0/results/1"},
      {R"({"op":"replace","path":"/claims","value":{}})", "/claims"},
      {R"({"op":"replace","path":"/recall","value":{}})", "/recall"},
      {R"({"op":"replace","path":"/about/kind","value":"unit"})", "/about/kind"},
      {R"({"op":"remove","path":"/ratings/0/criterion"})", "/ratings/0/criterion"},
      {R"({"op":"remove","path":"/ratings/1/of"})", "/ratings/1/of"},
      {R"({"op":"replace","path":"/ratings/0/value","value":"3/1"})", "/ratings/0/value"},
      {R"({"op":"replace","path":"/ratings/0/value","value":"-1/1"})", "/ratings/0/value"},
      {R"({"op":"replace","path":"/acceptance/quantity","value":"2/2"})", "/acceptance/quantity"},
      {R"({"op":"replace","path":"/marks","value":["nfc","bom"]})", "/marks"},
      {R"({"op":"replace","path":"/marks","value":["nfc","nfc"]})", "/marks"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.patch);
    const auto read = EvidenceFromJson(Json::parse(kFullForm).patch(Json::array({Json::parse(row.patch)})));
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().code == "bad_evidence");
    CHECK_MESSAGE(read.error().message.starts_with("\"" + std::string(row.pointer) + "\":"), read.error().message);
  }
  for (const char* other : {"null", "[]", "1", "\"x\"", "{}"}) {
    CAPTURE(other);
    CHECK_FALSE(EvidenceFromJson(Json::parse(other)).ok());
  }
}

TEST_CASE("names of kinds and levels are there and back") {
  for (int i = 0; i <= static_cast<int>(EvidenceKind::kTask); ++i) {
    const auto kind = static_cast<EvidenceKind>(i);
    CHECK_FALSE(Name(kind).empty());
    CHECK(EvidenceKindFrom(Name(kind)) == kind);
  }
  for (int i = 0; i <= static_cast<int>(Assurance::kConfirmed); ++i) {
    const auto level = static_cast<Assurance>(i);
    CHECK_FALSE(Name(level).empty());
    CHECK(AssuranceFrom(Name(level)) == level);
  }
  CHECK_FALSE(EvidenceKindFrom("").has_value());
  CHECK_FALSE(AssuranceFrom("Recorded").has_value());
}

}  // namespace
}  // namespace mc
