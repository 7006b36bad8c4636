#include "gateway/quality.h"

#include "gateway/quality_rows.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

SourceTotals Totals(RunOutcome outcome, BatchCounts counts, std::optional<std::int64_t> control) {
  SourceTotals totals;
  totals.source = "s";
  totals.records = counts.added;
  totals.quarantined = counts.quarantined;
  totals.last_run = RunReceipt{};
  totals.last_run->outcome = outcome;
  totals.last_run->counts = counts;
  totals.last_run->control_total = control;
  totals.last_run->offered = counts.fetched;
  totals.last_run->unread = counts.quarantined;
  return totals;
}

// The small directory, with one label that two people hold.
DirectoryData Shared() {
  DirectoryData d = SmallDirectory();
  for (const char* person : {"an", "binh"}) d.labels.push_back({person, "dvc", "U1", "Nhãn chung", {}});
  return d;
}

}  // namespace

// Goal: each number on its own, unknown where a run cannot know it.
TEST_CASE("correct, complete and live") {
  const BatchCounts first{100, 97, 0, 0, 3};  // fetched new revised duplicate quarantined
  SourceTotals repeats = Totals(RunOutcome::kComplete, {105, 97, 0, 5, 3}, 100);  // a page came twice
  repeats.last_run->offered = 100;
  SourceTotals second = Totals(RunOutcome::kComplete, {100, 0, 0, 100, 0}, 100);  // all of it again
  second.records = 97;
  second.quarantined = 3;
  second.last_run->unread = 3;
  SourceTotals unknown = Totals(RunOutcome::kComplete, first, 100);
  unknown.last_run->offered.reset();
  using enum RunOutcome;
  CHECK(CorrectOf(Totals(kComplete, first, 100)) == Share{97, 100});
  CHECK(CompleteOf(Totals(kComplete, first, 100)) == Share{97, 100});
  CHECK(CompleteOf(Totals(kComplete, first, 120)) == Share{97, 120});
  CHECK(CompleteOf(Totals(kComplete, first, 90)) == Share{90, 90});  // never more than it says it has
  CHECK(CompleteOf(repeats) == Share{97, 100});
  CHECK_FALSE(CompleteOf(unknown));
  CHECK(CompleteOf(second) == Share{97, 100});
  CHECK_FALSE(CompleteOf(Totals(kComplete, first, std::nullopt)));
  CHECK_FALSE(CompleteOf(Totals(kComplete, first, 0)));
  CHECK_FALSE(CompleteOf(Totals(kFailed, first, 100)));
  CHECK_FALSE(CompleteOf(Totals(kSaved, first, 100)));
  CHECK(LiveOf(Totals(kComplete, first, 100)) == Share{1, 1});
  CHECK(LiveOf(Totals(kFailed, first, 100)) == Share{0, 1});
  CHECK_FALSE(LiveOf(Totals(kSaved, first, 100)));
  CHECK_FALSE(LiveOf(SourceTotals{}));
  SourceTotals contradicted = Totals(kComplete, first, 100);
  contradicted.contradicted = 2;
  CHECK(CorrectOf(contradicted) == Share{95, 100});
  CHECK_FALSE(CorrectOf(SourceTotals{}));
}

// Goal: clean = leads to one person or unit and is in no conflict, per source.
// Method: a handled document (unit and person known), a report of an unknown unit, and a
// document that is in no item but whose issuer is known.
TEST_CASE("clean") {
  Story story;
  story.Document("H26.2", "1/VP", "2026-06-01", "2026-06-20");
  story.DocStatus("H26.1", "H26.2", "1/VP", "2026-06-01", "04", "2026-06-02 08:00:00", "an");
  story.Document("H26.2", "2/VP", "2026-06-01", "");
  story.Report("r1", "H99", "2026-06-01 08:00:00", "");
  for (auto& revision : story.revisions()) {
    revision.source = revision.evidence.register_id == "edoc" ? "documents" : "reports";
  }
  const IdentityIndex identity(SmallDirectory());
  std::vector<SourceTotals> totals(2);
  totals[0].source = "reports";
  totals[1].source = "documents";
  const auto quality = MeasureQuality(totals, story.revisions(), story.Items("2026-06-30"), identity);
  REQUIRE(quality.size() == 2);
  CHECK(quality[0].source == "documents");
  CHECK(quality[0].clean == Share{3, 3});
  CHECK(quality[1].clean == Share{0, 1});
  const Json json = QualityToJson(quality);
  CHECK(json[0]["clean"] == Json{{"num", 3}, {"den", 3}});
  CHECK(json[0]["live"].is_null());
}

// Goal: each number that is not whole names what it lacks, as many rows as it lacks. Method: the data of "clean" with a
// conflict, a rejection, a page that is not held and a run that failed.
TEST_CASE("the rows behind the numbers") {
  Story story(Shared());
  story.Document("H26.2", "1/VP", "2026-06-01", "2026-06-20");
  story.DocStatus("H26.1", "H26.2", "1/VP", "2026-06-01", "04", "2026-06-02 08:00:00", "an");
  story.Document("H99", "2/VP", "2026-06-01", "");
  story.Report("r1", "H99", "2026-06-01 08:00:00", "");
  story.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20");
  story.Document("H26.1", "9/BC", "2026-06-10", "", "T1");
  story.Document("H26.1", "10/BC", "2026-06-11", "", "T1");
  story.Dossier("D1", "2026-06-06 08:00:00", "2026-06-25 17:00:00");
  story.Step("D1", "2", "2026-06-06 08:00:00", "em");
  story.Step("D1", "9", "2026-06-12 10:00:00", "chung");
  story.Report("r2", "H99", "2026-06-01 08:00:00", "");  // an older revision of it: not held any more
  for (auto& revision : story.revisions()) revision.source = "s";
  story.revisions().back().latest = false;
  SourceTotals totals = Totals(RunOutcome::kComplete, {100, 97, 0, 0, 3}, 120);
  SourceTotals failed = Totals(RunOutcome::kFailed, {0, 0, 0, 0, 0}, std::nullopt);
  failed.source = "b";
  failed.last_run->error_code = "timeout";
  QuarantineEntry rejected;
  rejected.ik = 7;
  rejected.source = "s";
  rejected.native_id = "x-1";
  rejected.reason = {"bad_date", "/Ngay", "", ""};
  const IdentityIndex identity(Shared());
  const auto items = story.Items("2026-06-30");
  const auto measured = MeasureQuality({totals, failed}, story.revisions(), items, identity);
  const std::vector<SourceTotals> both = {totals, failed};
  const std::vector<QuarantineEntry> quarantine = {rejected};
  const std::vector<ContradictedRecord> contradicted = {{8, "s", "x-2", "", "", ReadBackVerdict::kGone},
                                                        {9, "s", "x-3", "", "", ReadBackVerdict::kDiffers}};
  const auto rows = RowsBehind({measured, both, quarantine, contradicted, story.revisions(), items, identity});
  std::string shown;
  for (const QualityRow& row : rows) {
    shown += row.source + "|" + row.number + "|" + std::to_string(row.ik) + "|" + row.what + "|" + row.reason + "|" +
             row.detail + "\n";
  }
  CHECK(shown ==
        "b|live|0||timeout|1\n"
        "s|correct|7|x-1|bad_date|/Ngay\n"
        "s|correct|8|x-2|read_back_gone|\n"
        "s|correct|9|x-3|read_back_differs|\n"
        "s|complete|0||not_held|23\n"
        "s|clean|3||unknown_unit|\n"
        "s|clean|4|report:ihanoi:r1|unknown_unit|\n"
        "s|clean|5|task:hanoiwork:T1|several_results|\n"  // its documents stand by their unit
        "s|clean|8|dossier:dvc:D1|two_owners|\n"
        "s|clean|9|dossier:dvc:D1|two_owners|\n"
        "s|clean|10|dossier:dvc:D1|two_owners|\n");
  // As many as the number lacks.
  const auto quality = MeasureQuality({totals}, story.revisions(), items, identity);
  const auto unclean = std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.number == "clean"; });
  CHECK(quality[0].clean->den - quality[0].clean->num == unclean);
  const Json json = RowsToJson(rows);
  CHECK(json[0]["record"].is_null());
  CHECK(json[1]["record"] == "0000000000000007");
}
