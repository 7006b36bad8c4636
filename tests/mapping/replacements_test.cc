// Goal: a document that its issuer recalls, updates or replaces is a revision of the work in
// hand: it makes no second item, takes none away by itself, and decides nothing on a guess.
// Method: a few messages each, and the standing of the item (decision 0003).
#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

const std::string kReplacementKey = "document:G22|15/CV|2026-06-01|H26.1";
const std::string kNewKey = "document:G22|16/CV|2026-06-05|H26.1";
const std::string kOldId = "G22,2026/06/01,15/CV";

void Says(Story& s, const std::string& number, const std::string& date, const std::string& code, const std::string& at,
          const std::string& from = "H26.1") {
  s.DocStatus(from, "G22", number, date, code, at, code == "06" || code == "05" ? "an" : "");
}

Story InHand() {
  Story s;
  s.Document("G22", "15/CV", "2026-06-01", "2026-06-20");
  Says(s, "15/CV", "2026-06-01", "04", "2026-06-02 08:00:00");
  Says(s, "15/CV", "2026-06-01", "05", "2026-06-03 08:00:00");
  return s;
}

Story Replaced(const std::string& id = kOldId, const std::string& issuer = "G22") {
  Story s = InHand();
  s.Document(issuer, "16/CV", "2026-06-05", "2026-06-25", "", "replacement", id);
  s.DocStatus("H26.1", issuer, "16/CV", "2026-06-05", "04", "2026-06-06 08:00:00");
  s.DocStatus("H26.1", issuer, "16/CV", "2026-06-05", "06", "2026-06-24 08:00:00", "an");
  return s;
}

bool Holds(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

TEST_CASE("a document sent again as recalled leaves only with the receiver's own 15") {
  for (const auto& [answer, left] : {std::pair{"", false}, {"15", true}, {"16", false}}) {
    Story s = InHand();
    s.Document("G22", "15/CV", "2026-06-01", "", "", "recall");
    if (*answer) Says(s, "15/CV", "2026-06-01", answer, "2026-06-05 08:00:00");
    CAPTURE(answer);
    const WorkItem item = s.Item(kReplacementKey, "2026-06-30");
    CHECK(item.left.has_value() == left);
    CHECK(item.due == At("2026-06-20"));  // the recall carries no document
    CHECK(item.held.empty());
  }
}

TEST_CASE("a document known only by its recall was never seen") {
  Story s;
  s.Document("G22", "15/CV", "2026-06-01", "2026-06-20", "", "recall");
  Says(s, "15/CV", "2026-06-01", "04", "2026-06-02 08:00:00");
  CHECK(s.Item(kReplacementKey, "2026-06-30").held.front() == "document_not_seen");
}

TEST_CASE("an update speaks, whenever an old copy comes; what it leaves out stays") {
  for (const auto& [due, expected] : {std::pair{"2026-06-25", "2026-06-25"}, {"", "2026-06-20"}}) {
    Story s = InHand();
    s.Document("G22", "15/CV", "2026-06-01", due, "", "update");
    s.Document("G22", "15/CV", "2026-06-01", "2026-06-20");
    CAPTURE(due);
    CHECK(s.Items("2026-06-30").size() == 1);
    const WorkItem item = s.Item(kReplacementKey, "2026-06-30");
    CHECK(item.due == At(expected));
    CHECK(Holds(item.notes, "document_revised"));
  }
}

TEST_CASE("15 after an update alone takes nothing away; after an update and a recall it is held") {
  Story s = InHand();
  s.Document("G22", "15/CV", "2026-06-01", "2026-06-25", "", "update");
  Says(s, "15/CV", "2026-06-01", "15", "2026-06-05 08:00:00");
  CHECK_FALSE(s.Item(kReplacementKey, "2026-06-30").left);
  CHECK(s.Item(kReplacementKey, "2026-06-30").held.empty());
  s.DocStatus("G22", "G22", "15/CV", "2026-06-01", "13", "2026-06-04 08:00:00");
  CHECK_FALSE(s.Item(kReplacementKey, "2026-06-30").left);
  CHECK(s.Item(kReplacementKey, "2026-06-30").held == std::vector<std::string>{"recall_or_update_agreed"});
}

TEST_CASE("a replacement goes on under the first key: one item, its deadline, the other key an alias") {
  const Story s = Replaced();
  const auto items = s.Items("2026-06-30");
  REQUIRE(items.size() == 1);
  CHECK(items[0].key == kReplacementKey);
  CHECK(Holds(items[0].aliases, kNewKey));
  CHECK(items[0].assigned_at == At("2026-06-02 08:00:00"));
  CHECK(items[0].due == At("2026-06-25"));
  CHECK(Stands(items[0], "2026-06") == "1 1 0 0");
}

TEST_CASE("a chain of replacements is one item") {
  Story s = Replaced();
  s.Document("G22", "17/CV", "2026-06-10", "2026-06-28", "", "replacement", "G22,2026/06/05,16/CV");
  Says(s, "17/CV", "2026-06-10", "04", "2026-06-11 08:00:00");
  REQUIRE(s.Items("2026-06-30").size() == 1);
  CHECK(s.Item(kReplacementKey, "2026-06-30").due == At("2026-06-28"));
}

TEST_CASE("the last document of a chain speaks; a deadline that it leaves out is the last one stated") {
  const auto chain = [](Story& s, bool last_first) {
    const auto middle = [&] { s.Document("G22", "16/CV", "2026-06-05", "2026-06-25", "", "replacement", kOldId); };
    const auto last = [&] { s.Document("G22", "15b/CV", "2026-06-10", "", "", "replacement", "G22,2026/06/05,16/CV"); };
    last_first ? (last(), middle()) : (middle(), last());
    Says(s, "16/CV", "2026-06-05", "04", "2026-06-06 08:00:00");
    Says(s, "15b/CV", "2026-06-10", "06", "2026-06-24 08:00:00");
  };
  for (const bool last_first : {false, true}) {
    CAPTURE(last_first);
    Story s = InHand();
    chain(s, last_first);
    REQUIRE(s.Items("2026-06-30").size() == 1);
    const WorkItem item = s.Item(kReplacementKey, "2026-06-30");
    CHECK(item.due == At("2026-06-25"));  // of the one in the middle, not of the first
    CHECK(Stands(item, "2026-06") == "1 1 0 0");
    const auto cited = [](const auto& e) { return e.says == "replacing document"; };
    CHECK(std::count_if(item.evidence.begin(), item.evidence.end(), cited) == 2);
  }
  // Of the middle one an update speaks, which leaves the deadline out.
  Story s = InHand();
  chain(s, false);
  s.Document("G22", "16/CV", "2026-06-05", "", "", "update");
  CHECK(s.Item(kReplacementKey, "2026-06-30").due == At("2026-06-25"));
}

TEST_CASE("what does not surely replace stays apart") {
  struct Row {
    const char* name;
    Story story;
  };
  std::vector<Row> rows = {{"an id that repeats", Replaced("7d0f8f3e-2f0e-4c56-9f1b-5a1f3f0c7e11")},
                           {"no such day", Replaced("G22,2026/02/30,15/CV")},
                           {"no number", Replaced("G22,2026/06/01,")},
                           {"another issuer's document", Replaced(kOldId, "H26.9")},
                           {"it replaces two", Replaced()},
                           {"two replace it", Replaced()},
                           {"a ring", Replaced()},
                           {"refused before", Replaced()},
                           {"an update that names another", InHand()},
                           {"recalled and agreed before", Replaced()},
                           {"a day in another form", Replaced("G22,2026/6/01,15/CV")},
                           {"more than a day", Replaced("G22,2026/06/01 08:00,15/CV")}};
  rows[4].story.Document("G22", "14/CV", "2026-06-01", "");
  rows[4].story.Document("G22", "16/CV", "2026-06-05", "2026-06-25", "", "replacement", "G22,2026/06/01,14/CV");
  rows[5].story.Document("G22", "18/CV", "2026-06-05", "2026-06-25", "", "replacement", kOldId);
  rows[6].story.Document("G22", "15/CV", "2026-06-01", "2026-06-20", "", "replacement", "G22,2026/06/05,16/CV");
  Says(rows[7].story, "15/CV", "2026-06-01", "02", "2026-06-04 08:00:00");
  rows[8].story.Document("G22", "16/CV", "2026-06-05", "2026-06-25", "", "update", kOldId);
  Says(rows[8].story, "16/CV", "2026-06-05", "04", "2026-06-06 08:00:00");
  rows[9].story.Document("G22", "15/CV", "2026-06-01", "", "", "recall");
  Says(rows[9].story, "15/CV", "2026-06-01", "15", "2026-06-04 08:00:00");
  for (Row& row : rows) {
    CAPTURE(row.name);
    CHECK(row.story.Items("2026-06-30").size() == 2);
  }
}

TEST_CASE("what is given back behind the first end makes no second item of the replacement") {
  for (const bool recall : {false, true}) {
    Story s = Replaced();
    Says(s, "15/CV", "2026-06-01", "06", "2026-06-04 08:00:00");
    if (recall) s.Document("G22", "15/CV", "2026-06-01", "", "", "recall");
    CHECK(s.Items("2026-06-30").size() == 1);
    Says(s, "15/CV", "2026-06-01", recall ? "15" : "02", "2026-06-28 08:00:00");
    CAPTURE(recall);
    CHECK(s.Items("2026-06-30").size() == 1);
    CHECK(Stands(s.Item(kReplacementKey, "2026-06-30"), "2026-06") == "1 1 0 0");
    s.revisions().back().evidence.occurred_at = At("2026-06-03 08:00:00");
    CHECK(s.Items("2026-06-30").size() == 2);
  }
}

TEST_CASE("a replacement whose message came again as a recall replaces nothing any more") {
  Story s = Replaced();
  s.revisions()[3].latest = false;  // the document that replaces
  s.Document("G22", "16/CV", "2026-06-05", "", "", "recall");
  s.revisions().back().evidence.native_id = s.revisions()[3].evidence.native_id;
  s.revisions().back().revision = 2;
  for (const WorkItem& item : s.Items("2026-06-30")) {
    CAPTURE(item.key);
    if (item.key == kReplacementKey) CHECK(item.held.empty());
    if (item.key == kNewKey) CHECK(item.held.front() == "document_not_seen");
  }
  CHECK(s.Items("2026-06-30").size() == 2);
}

TEST_CASE("a replacement of two that are both in hand goes on as neither") {
  Story s = Replaced();
  s.Document("G22", "14/CV", "2026-06-01", "");
  Says(s, "14/CV", "2026-06-01", "04", "2026-06-02 08:00:00");
  s.Document("G22", "16/CV", "2026-06-05", "2026-06-25", "", "replacement", "G22,2026/06/01,14/CV");
  CHECK(s.Items("2026-06-30").size() == 3);
}

TEST_CASE("an id without a number replaces no document, not even one that has none") {
  Story s;
  s.Document("G22", "", "2026-06-01", "2026-06-20");
  Says(s, "", "2026-06-01", "04", "2026-06-02 08:00:00");
  s.Document("G22", "16/CV", "2026-06-05", "2026-06-25", "", "replacement", "G22,2026/06/01,");
  Says(s, "16/CV", "2026-06-05", "04", "2026-06-06 08:00:00");
  CHECK(s.Items("2026-06-30").size() == 2);
}

// What the issuer says of a document is the end of that document, as a product of its own.
TEST_CASE("the issuer's own messages stay with the document of which they speak") {
  const auto done = [](const std::string& number) {
    Story s;
    s.Task("T1", "an", "2026-06-01 08:00:00", "2026-06-20");
    s.Document("H26.1", "15/CV", "2026-06-02", "", number == "15/CV" ? "T1" : "");
    s.Document("H26.1", "16/CV", "2026-06-05", "", number == "16/CV" ? "T1" : "", "replacement",
               "H26.1,2026/06/02,15/CV");
    s.DocStatus("H26.1", "H26.1", "15/CV", "2026-06-02", "06", "2026-06-03 09:00:00", "an");
    s.DocStatus("H26.1", "H26.1", "16/CV", "2026-06-05", "06", "2026-06-08 09:00:00", "an");
    std::string all;
    for (const Completion& c : s.Item("task:hanoiwork:T1", "2026-06-30").completions) all += FormatMoment(c.at) + " ";
    return all;
  };
  CHECK(done("15/CV") == FormatMoment(At("2026-06-03 09:00:00")) + " ");
  CHECK(done("16/CV") == FormatMoment(At("2026-06-08 09:00:00")) + " ");
}

TEST_CASE(
    "a document that names itself beside the one it replaces replaces that one; a 15 without a recall ends nothing") {
  Story s = Replaced();
  s.Document("G22", "16/CV", "2026-06-05", "2026-06-25", "", "replacement", "G22,2026/06/05,16/CV");
  Says(s, "15/CV", "2026-06-01", "15", "2026-06-04 08:00:00");
  REQUIRE(s.Items("2026-06-30").size() == 1);
  CHECK(Stands(s.Item(kReplacementKey, "2026-06-30"), "2026-06") == "1 1 0 0");
}

TEST_CASE("a receiver of the replacement alone has an item of its own") {
  Story s = Replaced();
  Says(s, "16/CV", "2026-06-05", "04", "2026-06-06 09:00:00", "H26.2");
  CHECK(s.Items("2026-06-30").size() == 2);
  CHECK(s.Item("document:G22|16/CV|2026-06-05|H26.2", "2026-06-30").due == At("2026-06-25"));
}
