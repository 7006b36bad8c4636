// Goal: documents and statuses that a source sends again under the id that they had are held against what was said
// before, as those under an id of their own are; a correction of a name, or of which document it is, rewrites nothing.
// Method: few statements each, one of them said again.
#include "mapping/said_before.h"
#include "tests/mapping/conflict_support.h"

using namespace mc;
using namespace mc::test;

namespace {

const std::string kHandling = "document:G22|15/CV|2026-06-01|H26.1";

void Named(Story& s, const std::string& id) { s.revisions().back().evidence.native_id = id; }

void Says(Story& s, const std::string& id, const char* code, const char* at, const char* who) {
  s.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", code, at, who);
  Named(s, id);
}

// Due on the 12th, assigned on the 2nd: revisions 0 and 1.
Story Assigned() {
  Story s;
  s.Document("G22", "15/CV", "2026-06-01", "2026-06-12");
  Named(s, "document");
  Says(s, "assigned", "04", "2026-06-02 08:00:00", "em");
  return s;
}

}  // namespace

TEST_CASE("a document that is sent again under its id with another deadline is held, until it says the first again") {
  Story s = Assigned();
  Says(s, "done", "06", "2026-06-15 08:00:00", "an");
  CHECK(Stands(s.Item(kHandling, "2026-06-30"), "2026-06") == "1 1 1 0");
  Again(s, 0, Set(&Evidence::due_at, "2026-06-20"));
  CHECK(s.Item(kHandling, "2026-06-30").held == Held{"due_rewritten:2026-06-12 > 2026-06-20"});
  CHECK(Stands(s.Item(kHandling, "2026-06-30"), "2026-06") == "1 0 0 0");
  Again(s, s.revisions().size() - 1, Set(&Evidence::due_at, "2026-06-12"));
  CHECK(s.Item(kHandling, "2026-06-30").held.empty());
  CHECK(Stands(s.Item(kHandling, "2026-06-30"), "2026-06") == "1 1 1 0");
}

TEST_CASE("a document that is sent again without its deadline keeps it, and one whose type is mended takes that") {
  Story s = Assigned();
  s.revisions()[0].evidence.type_known = false;
  s.revisions()[0].evidence.product.clear();
  CHECK(Codes(s.Item(kHandling, "2026-06-30")) == Held{"type_not_in_table"});
  Again(s, 0, [](Evidence& e) {
    e.type_known = true;
    e.product = "SP-VB-02";
  });
  CHECK(s.Item(kHandling, "2026-06-30").held.empty());
  Again(s, s.revisions().size() - 1, Set(&Evidence::due_at, ""));
  const WorkItem item = s.Item(kHandling, "2026-06-30");
  CHECK(item.held.empty());
  CHECK(item.product == "SP-VB-02");
  CHECK(item.due == At("2026-06-12"));
}

TEST_CASE("the first 06 counts, also where a later one took its id") {
  Story s = Assigned();
  Says(s, "done", "06", "2026-06-10 08:00:00", "an");
  Again(s, 2, Set(&Evidence::occurred_at, "2026-06-15 08:00:00"));
  const WorkItem item = s.Item(kHandling, "2026-06-30");
  CHECK(item.held.empty());
  CHECK(Stands(item, "2026-06") == "1 1 0 0");
}

TEST_CASE("a 06 that is dated back under its id is held, until it is as it was first") {
  Story s = Assigned();
  Says(s, "done", "06", "2026-06-15 08:00:00", "an");
  Again(s, 2, Set(&Evidence::occurred_at, "2026-06-10 08:00:00"));
  CHECK(Codes(s.Item(kHandling, "2026-06-30")) == Held{"completed_rewritten"});
  Again(s, s.revisions().size() - 1, Set(&Evidence::occurred_at, "2026-06-15 08:00:00"));
  CHECK(s.Item(kHandling, "2026-06-30").held.empty());
  CHECK(Stands(s.Item(kHandling, "2026-06-30"), "2026-06") == "1 1 1 0");  // late, as before
}

TEST_CASE("a 06 whose official is corrected names the corrected one alone") {
  Story s = Assigned();
  Says(s, "done", "06", "2026-06-10 08:00:00", "binh");
  Again(s, 2, [](Evidence& e) { e.lead.staff_code = "CB-an"; });
  const WorkItem item = s.Item(kHandling, "2026-06-30");
  CHECK(item.held.empty());
  CHECK(item.lead.id == "an");
}

TEST_CASE("one id that two documents' statuses had takes neither away") {
  Story s = Assigned();
  Says(s, "done", "06", "2026-06-10 08:00:00", "an");
  Again(s, 2, [](Evidence& e) {
    e.document.number = "16/CV";
    e.occurred_at = At("2026-06-10 09:00:00");
  });
  CHECK(Stands(s.Item(kHandling, "2026-06-30"), "2026-06") == "1 1 0 0");
}

// Goal: an old spelling of what the document is must not become a second document of that number.
TEST_CASE("a document whose date is corrected under its id is one document") {
  Story s;
  s.Task("T1", "an", "2026-05-20 08:00:00", "2026-06-20");
  s.revisions().back().evidence.claims = {{At("2026-06-05 08:00:00"), {}}};
  ResultRef named;
  named.document = {"H26.1", "15/BC", std::nullopt};
  s.revisions().back().evidence.claims[0].results = {named};
  s.Document("H26.1", "15/BC", "2026-06-01", "");
  Named(s, "result");
  CHECK(Stands(s.Item(kTask, "2026-06-30"), "2026-06") == "1 1 0 0");
  Again(s, 1, [](Evidence& e) { e.document.date = *ParseDate("2026-06-02"); });
  CHECK(Stands(s.Item(kTask, "2026-06-30"), "2026-06") == "1 1 0 0");
}

TEST_CASE("a task's code that a message names no more backs nothing") {
  Story s;
  for (const char* code : {"T1", "T2"}) s.Task(code, "an", "2026-06-05 08:00:00", "2026-06-20");
  s.Document("H26.1", "9/BC", "2026-06-10", "2026-06-20", "T1");
  Again(s, 2, [](Evidence& e) { e.task_codes = {"T2"}; });
  CHECK(Stands(s.Item("task:hanoiwork:T1", "2026-06-30"), "2026-06") == "1 0 0 0");
  CHECK(Stands(s.Item("task:hanoiwork:T2", "2026-06-30"), "2026-06") == "1 1 0 0");
}

// Goal: what a source says again, word for word, ends no wait of anybody else's and moves no deadline.
TEST_CASE("an update that is said again is no newer than the update behind it") {
  for (const bool again : {false, true}) {
    CAPTURE(again);
    Story s = Assigned();
    for (const char* due : {"2026-06-20", "2026-06-28"}) {
      s.Document("G22", "15/CV", "2026-06-01", due, "", "update");
      Named(s, due);
    }
    Says(s, "done", "06", "2026-06-25 08:00:00", "an");
    if (again) Again(s, 2, [](Evidence& e) { e.mapping_version = "read by later rules"; });
    MarkSaidBefore(s.revisions());
    CHECK(s.Item(kHandling, "2026-06-30").due == At("2026-06-28"));
    CHECK(Stands(s.Item(kHandling, "2026-06-30"), "2026-06") == "1 1 0 0");
  }
}

TEST_CASE("a 06 that is said again was not dated back") {
  Story s = Assigned();
  Says(s, "done", "06", "2026-06-10 08:00:00", "an");
  Says(s, "once more", "06", "2026-06-12 08:00:00", "an");
  Again(s, 2, [](Evidence&) {});
  CHECK(Codes(s.Item(kHandling, "2026-06-30")) == Held{"completed_rewritten"});  // as if it were a newer word
  MarkSaidBefore(s.revisions());
  CHECK(s.revisions().back().said_leaf == 2);
  CHECK(s.Item(kHandling, "2026-06-30").held.empty());
  // Said in between as something else, it is one.
  Again(s, s.revisions().size() - 1, Set(&Evidence::occurred_at, "2026-06-13 08:00:00"));
  Again(s, s.revisions().size() - 1, Set(&Evidence::occurred_at, "2026-06-10 08:00:00"));
  MarkSaidBefore(s.revisions());
  CHECK_FALSE(s.revisions().back().said_leaf);
}

TEST_CASE("a deadline that an update stated stays where the same message comes again without it") {
  Story s = Assigned();
  s.Document("G22", "15/CV", "2026-06-01", "2026-06-28", "", "update");
  Named(s, "update");
  Again(s, s.revisions().size() - 1, Set(&Evidence::due_at, ""));
  CHECK(s.Item(kHandling, "2026-06-30").due == At("2026-06-28"));
}
