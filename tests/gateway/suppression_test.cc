// Goal: each sign is found where it is, with its source, unit, month and rows, and nowhere else; borders at the limit
// and one past it.
// Method: evidence made by hand; receipts from a store.
#include "gateway/suppression.h"

#include <nlohmann/json.hpp>
#include <set>

#include "gateway_support.h"

using namespace mc;
using namespace mc::test;

namespace {

constexpr std::int64_t kMicrosOfDay = kMicrosPerDay;

Moment On(const char* date) { return BareDate(ParseDate(date).value()); }

EvidenceRevision Dossier(std::int64_t leaf, const std::string& id, const char* assigned, std::int64_t revision = 1) {
  EvidenceRevision r;
  r.evidence.kind = EvidenceKind::kDossier;
  r.evidence.register_id = "dvc";
  r.evidence.native_id = id;
  r.evidence.unit.code = "H26.101";
  r.evidence.assigned_at = On(assigned);
  r.ik = leaf + 1000;
  r.leaf_index = leaf;
  r.revision = revision;
  r.source = "public_service";
  return r;
}

EvidenceRevision Document(std::int64_t leaf, const std::string& number, const char* date) {
  EvidenceRevision r;
  r.evidence.kind = EvidenceKind::kDocument;
  r.evidence.native_id = "d" + number;
  r.evidence.unit.code = "H26.7";
  r.evidence.document = {"H26.7", number, ParseDate(date).value()};
  r.evidence.occurred_at = On(date);
  r.ik = leaf + 1000;
  r.leaf_index = leaf;
  r.source = "documents";
  return r;
}

LoggedReceipt Complete(std::int64_t leaf, const std::string& source, Instant through) {
  LoggedReceipt receipt;
  receipt.leaf = leaf;
  receipt.source = source;
  receipt.complete = true;
  receipt.complete_through = through;
  return receipt;
}

std::vector<SuppressionFinding> Find(const std::vector<EvidenceRevision>& evidence,
                          const std::vector<LoggedReceipt>& receipts = {},
                          const std::map<std::int64_t, RecordMark>& marks = {}) {
  return FindSuppression({evidence, receipts, marks});
}

std::string Said(const std::vector<SuppressionFinding>& findings) {
  std::string text;
  for (const SuppressionFinding& f : findings) {
    text += f.kind + " " + f.source + " " + f.unit + " " + f.period + " " + std::to_string(f.count) + "/" +
            std::to_string(f.of) + ";";
    for (const FindingRow& row : f.rows) text += " " + row.what + "(" + row.detail + ")";
    text += "\n";
    CHECK_FALSE(ViFinding(f).empty());
  }
  return text;
}

}  // namespace

TEST_CASE("suppression: a number that is missing in a whole series") {
  std::vector<EvidenceRevision> evidence;
  const auto fill = [&](int most, std::set<int> missing) {
    evidence.clear();
    for (int n = 1; n <= most; ++n) {
      if (!missing.contains(n)) evidence.push_back(Document(n, std::to_string(n) + "/UBND-VP", "2026-06-03"));
    }
  };
  fill(21, {7});
  CHECK(Said(Find(evidence)) == "number_gap documents H26.7 2026-06 1/20; H26.7|7/UBND-VP|2026()\n");
  fill(20, {7});  // 19 are too few
  CHECK(Said(Find(evidence)) == "");
  fill(30, {7, 8, 9});  // one in ten
  CHECK(Find(evidence).at(0).count == 3);
  fill(30, {7, 8, 9, 10});  // more
  CHECK(Said(Find(evidence)) == "");
  fill(30, {});
  CHECK(Said(Find(evidence)) == "");
  // Another book, year or source is another series.
  fill(25, {7});
  evidence.push_back(Document(90, "7/TB-VP", "2026-06-03"));
  evidence.push_back(Document(91, "7/UBND-VP", "2025-06-03"));
  CHECK(Find(evidence).at(0).count == 1);
}

TEST_CASE("suppression: codes that end in a number are a series, bare numbers are none") {
  std::vector<EvidenceRevision> coded, bare;
  for (int n = 100; n < 125; ++n) {
    if (n == 110) continue;
    coded.push_back(Dossier(n, "H26.101-260601-" + std::to_string(n), "2026-06-01"));
    bare.push_back(Dossier(n, std::to_string(n), "2026-06-01"));
  }
  CHECK(Said(Find(coded)) == "number_gap public_service H26.101 2026-06 1/24; H26.101-260601-110()\n");
  CHECK(Said(Find(bare)) == "");
}

TEST_CASE("suppression: what comes only after a complete pull was long past it") {
  const Instant event = EndOf(On("2026-06-01"));
  const std::vector<EvidenceRevision> evidence = {Dossier(10, "A", "2026-06-01"), Dossier(11, "A", "2026-06-01", 2)};
  const auto with = [&](std::int64_t leaf, std::int64_t micros, const char* source = "public_service") {
    return Said(Find(evidence, {Complete(leaf, source, Instant{event.micros + micros})}));
  };
  CHECK(with(5, 7 * kMicrosOfDay) == "came_late public_service H26.101 2026-06 1/2; A(7)\n");
  CHECK(with(5, 7 * kMicrosOfDay - 1) == "");
  CHECK(with(10, 7 * kMicrosOfDay) == "");  // the receipt of the pull that brought it, or a later one
  CHECK(with(5, 70 * kMicrosOfDay, "documents") == "");
  // A pull that failed was complete up to nothing; an earlier one that went further still counts.
  LoggedReceipt failed = Complete(5, "public_service", Instant{event.micros + 9 * kMicrosOfDay});
  failed.complete = false;
  CHECK(Said(Find(evidence, {failed})) == "");
  CHECK(Find(evidence, {Complete(4, "public_service", Instant{event.micros + 9 * kMicrosOfDay}),
                        Complete(5, "public_service", Instant{event.micros})})
            .size() == 1);
}

TEST_CASE("suppression: dates that a later revision writes anew") {
  std::vector<EvidenceRevision> evidence = {Dossier(1, "A", "2026-05-31"), Dossier(2, "A", "2026-06-02", 2)};
  evidence[0].latest = false;
  CHECK(Said(Find(evidence)) == "dates_rewritten public_service H26.101 2026-05 1/0; A(assigned_at)\n");
  evidence[1].evidence.assigned_at = evidence[0].evidence.assigned_at;
  CHECK(Said(Find(evidence)) == "");
  evidence[1].evidence.due_at = On("2026-06-10");
  CHECK(Said(Find(evidence)) == "");  // nothing was there before
  evidence[0].evidence.due_at = On("2026-06-08");
  evidence[0].evidence.completed_at = On("2026-06-09");
  evidence[1].evidence.completed_at = On("2026-06-07");
  CHECK(Said(Find(evidence)) == "dates_rewritten public_service H26.101 2026-05 1/1; A(due_at completed_at)\n");
  evidence[1].evidence.completed_at = evidence[0].evidence.completed_at;
  evidence[1].evidence.extensions = {{On("2026-06-05"), On("2026-06-10"), {}}};
  CHECK(Said(Find(evidence)) == "");  // a deadline newly set
  evidence[1].evidence.extensions.clear();
  evidence[1].evidence.due_at = Moment{Instant{EndOf(On("2026-06-08")).micros - 1}, false};
  CHECK(Said(Find(evidence)) == "");  // a time of that day
  evidence[1].evidence.due_at->at.micros += 1;
  CHECK(Find(evidence).size() == 1);
  // Revisions of two records are not compared with each other.
  evidence[1].source = "dossiers_2025";
  CHECK(Said(Find(evidence)) == "");
}

TEST_CASE("suppression: documents and statuses that are sent again with another deadline or time") {
  std::vector<EvidenceRevision> evidence = {Document(1, "5/UBND-VP", "2026-06-03")};
  evidence[0].evidence.due_at = On("2026-06-10");
  EvidenceRevision status = Document(2, "5/UBND-VP", "2026-06-03");
  status.evidence.kind = EvidenceKind::kDocumentStatus;
  status.evidence.native_id = "s1";
  status.evidence.occurred_at = On("2026-06-09");
  evidence.push_back(status);
  evidence.push_back(evidence[0]);
  evidence.push_back(status);
  CHECK(Said(Find(evidence)) == "");  // no second revision
  evidence[2].revision = evidence[3].revision = 2;
  CHECK(Said(Find(evidence)) == "");  // said again as it was
  evidence[2].evidence.due_at = On("2026-06-20");
  evidence[3].evidence.occurred_at = On("2026-06-08");
  CHECK(Said(Find(evidence)) == "dates_rewritten documents H26.7 2026-06 2/4; d5/UBND-VP(due_at) s1(occurred_at)\n");
}

TEST_CASE("suppression: cases of one second under ids that do not name each other") {
  const auto at = [](EvidenceRevision r, std::int64_t micros) {
    r.evidence.assigned_at = Moment{Instant{EndOf(On("2026-06-01")).micros + micros}, false};
    return r;
  };
  std::vector<EvidenceRevision> evidence = {at(Dossier(1, "A", "2026-06-01"), 5), at(Dossier(2, "B", "2026-06-01"), 5),
                                            at(Dossier(3, "C", "2026-06-01"), 6)};
  CHECK(Said(Find(evidence)) == "look_alike public_service H26.101 2026-06 2/3; A() B()\n");
  SUBCASE("one of them names the other: it is for whoever joins them to say that both must") {
    evidence[0].evidence.aliases = {"B"};
    CHECK(Find(evidence).size() == 1);
    evidence[1].evidence.aliases = {"A"};
    CHECK(Said(Find(evidence)) == "");
  }
  SUBCASE("another procedure, unit or deadline") {
    evidence[1].evidence.type_code = "x";
    CHECK(Said(Find(evidence)) == "");
    evidence[1] = at(Dossier(2, "B", "2026-06-01"), 5);
    evidence[1].evidence.unit.code = "H26.102";
    CHECK(Said(Find(evidence)) == "");
    evidence[1] = at(Dossier(2, "B", "2026-06-01"), 5);
    evidence[1].evidence.due_at = On("2026-06-09");
    CHECK(Said(Find(evidence)) == "");
  }
  SUBCASE("a date without a time is no second") {
    for (EvidenceRevision& r : evidence) r.evidence.assigned_at = On("2026-06-01");
    CHECK(Said(Find(evidence)) == "");
  }
  SUBCASE("a revision is not beside the one that it replaced") {
    evidence[1] = at(Dossier(2, "A", "2026-06-01", 2), 5);
    evidence[0].latest = false;
    CHECK(Said(Find(evidence)) == "");
  }
}

TEST_CASE("suppression: what read-back found stands with unit and month while it holds") {
  const std::vector<EvidenceRevision> evidence = {Dossier(1, "A", "2026-06-01"), Dossier(2, "B", "2026-06-01"),
                                                  Dossier(9, "C", "2026-06-01")};
  std::map<std::int64_t, RecordMark> marks = {{1001, {ReadBackVerdict::kGone, Instant{0}, 5}},
                                              {1002, {ReadBackVerdict::kDiffers, Instant{0}, 5}},
                                              {1009, {ReadBackVerdict::kGone, Instant{0}, 5}}};  // newer than the mark
  const std::string at = FormatInstant(Instant{0});
  CHECK(Said(Find(evidence, {}, marks)) == "changed_untold public_service H26.101 2026-06 1/3; B(" + at +
                                               ")\ngone public_service H26.101 2026-06 1/3; A(" + at + ")\n");
}

TEST_CASE("suppression: a record that came back as a revision is gone no more") {
  std::vector<EvidenceRevision> evidence = {Dossier(1, "A", "2026-06-01"), Dossier(9, "A", "2026-06-01", 2)};
  const std::map<std::int64_t, RecordMark> marks = {{1001, {ReadBackVerdict::kGone, Instant{0}, 5}}};
  CHECK(Find(evidence, {}, marks).size() == 1);
  evidence[0].latest = false;
  CHECK(Said(Find(evidence, {}, marks)) == "");
}

TEST_CASE("suppression: a step stands under the unit of its dossier") {
  EvidenceRevision step = Dossier(2, "A", "2026-06-01");
  step.evidence.kind = EvidenceKind::kDossierStep;
  step.evidence.unit = {};
  const std::map<std::int64_t, RecordMark> marks = {{1002, {ReadBackVerdict::kGone, Instant{0}, 5}}};
  const auto findings = Find({Dossier(1, "A", "2026-06-01"), step}, {}, marks);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].unit == "H26.101");
  CHECK(findings[0].of == 2);
}

TEST_CASE("suppression: the last complete pull gave fewer rows than the source counts") {
  LoggedReceipt before = Complete(1, "hanoiwork", Instant{1}), after = Complete(2, "hanoiwork", Instant{2});
  before.control_total = 9;
  before.offered = 5;
  after.control_total = 9;
  after.offered = 7;
  CHECK(Said(Find({}, {before, after})) == "total_short hanoiwork   2/9; (leaf 2)\n");
  after.offered = 9;
  CHECK(Said(Find({}, {before, after})) == "");
  after.control_total = std::nullopt;
  CHECK(Said(Find({}, {before, after})) == "");
}

TEST_CASE("suppression: a finding keeps so many rows, and counts all") {
  std::vector<EvidenceRevision> evidence;
  for (int n = 0; n < 300; ++n) {
    evidence.push_back(Dossier(2 * n, "A" + std::to_string(n), "2026-06-01"));
    evidence.push_back(Dossier(2 * n + 1, "A" + std::to_string(n), "2026-06-02", 2));
  }
  const auto found = Find(evidence);
  REQUIRE(found.size() == 1);
  CHECK(found[0].count == 300);
  CHECK(found[0].rows.size() == kFindingRowLimit);
}

TEST_CASE("suppression: receipts are read from the log") {
  TempDir dir;
  ManualClock clock{Instant{1'780'000'000'000'000}};
  const auto store = OpenTestStore(dir, clock);
  const auto run = [&](RunOutcome outcome, std::optional<Instant> through) {
    RunReceipt receipt;
    receipt.source = "reports";
    receipt.register_id = "ihanoi";
    receipt.run = store->BeginRun("reports", "ihanoi").value();
    receipt.outcome = outcome;
    receipt.complete_through = through;
    if (through) receipt.control_total = 7;
    if (through) receipt.offered = 6;
    REQUIRE(store->EndRun(receipt).ok());
  };
  run(RunOutcome::kComplete, Instant{99});
  REQUIRE(store->ImportCatalogue({{"name", "c"}}).ok());
  run(RunOutcome::kFailed, std::nullopt);
  REQUIRE(store->SignHead().ok());
  const auto receipts = ReadReceipts(*store).value();
  REQUIRE(receipts.size() == 2);
  CHECK(receipts[0].source == "reports");
  CHECK(receipts[0].leaf == 0);
  CHECK(receipts[0].complete);
  CHECK(receipts[0].complete_through == Instant{99});
  CHECK(receipts[0].control_total == 7);
  CHECK(receipts[0].offered == 6);
  CHECK(receipts[1].leaf == 2);
  CHECK_FALSE(receipts[1].complete);
}
