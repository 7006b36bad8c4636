// Document handlings: which messages make an item, who leads it, when it is done, what
// leaves. Each case is a handful of messages and the standing that 4a gives them.
#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {
const std::string kKey = "document:G22|15/CV|2026-06-01|H26.1";

Story Handled() {
  Story s;
  s.Document("G22", "15/CV", "2026-06-01", "2026-06-20");
  s.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "01", "2026-06-01 09:00:00");
  s.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "03", "2026-06-01 10:00:00", "em");
  s.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "04", "2026-06-02 08:00:00", "em");
  s.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "05", "2026-06-03 08:00:00", "an");
  return s;
}
}  // namespace

TEST_CASE("a handling is assigned at 04, done at the first 06, led by whom 06 names") {
  Story s = Handled();
  WorkItem item = s.Item(kKey, "2026-06-30");
  CHECK(item.assigned_at == At("2026-06-02 08:00:00"));
  CHECK(item.lead.id == "an");  // the last 05 while there is no 06
  CHECK(Stands(item, "2026-06") == "1 0 0 0");

  s.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "06", "2026-06-20 23:59:59", "binh");
  s.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "06", "2026-06-25 10:00:00", "an");
  item = s.Item(kKey, "2026-06-30");
  CHECK(item.lead.id == "binh");
  CHECK(Stands(item, "2026-06") == "1 1 0 0");
}

TEST_CASE("one second after a bare due date is late") {
  for (const auto& [at, late] : {std::pair{"2026-06-21 00:00:00", 0}, {"2026-06-21 00:00:01", 1}}) {
    Story s = Handled();
    s.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "06", at, "an");
    CAPTURE(at);
    CHECK(Stands(s.Item(kKey, "2026-06-30"), "2026-06") == "1 1 " + std::to_string(late) + " 0");
  }
}

TEST_CASE("no item before 03 or 04, and 03 assigns where there is no 04") {
  Story s;
  s.Document("G22", "15/CV", "2026-06-01", "");
  s.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "01", "2026-06-01 09:00:00");
  CHECK(s.Items("2026-06-30").empty());
  s.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "03", "2026-06-01 10:00:00", "em");
  const WorkItem item = s.Item(kKey, "2026-06-30");
  CHECK(item.assigned_at == At("2026-06-01 10:00:00"));
  CHECK(item.lead.state == LinkState::kUnresolved);  // staff of 03 name nobody
  CHECK(item.lead.reason == "nobody_named");
  CHECK(Stands(item, "2026-06") == "1 0 0 0 no_deadline");
}

TEST_CASE("a document seen twice is one item") {
  Story s = Handled();
  s.Document("G22", "15/CV", "2026-06-01", "2026-06-20");
  s.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "05", "2026-06-03 08:00:00", "an");
  CHECK(s.Items("2026-06-30").size() == 1);
}

TEST_CASE("a poorer copy of a document takes nothing from it") {
  Story s = Handled();
  s.Document("G22", "15/CV", "2026-06-01", "");
  CHECK(s.Item(kKey, "2026-06-30").due == At("2026-06-20"));
  Evidence& untyped = s.Document("G22", "15/CV", "2026-06-01", "2026-06-21");
  untyped.type_known = false;
  untyped.product.clear();
  const WorkItem item = s.Item(kKey, "2026-06-30");
  CHECK(item.product == "SP-VB-01");
  CHECK(item.due == At("2026-06-20"));
}

TEST_CASE("each receiver's handling is its own item, the issuer's own is none") {
  Story s = Handled();
  s.DocStatus("H26.2", "G22", "15/CV", "2026-06-01", "03", "2026-06-01 10:00:00");
  s.DocStatus("G22", "G22", "15/CV", "2026-06-01", "04", "2026-06-01 07:00:00");
  s.DocStatus("G22", "G22", "15/CV", "2026-06-01", "06", "2026-06-01 08:00:00");
  const auto items = s.Items("2026-06-30");
  REQUIRE(items.size() == 2);
  CHECK(items[0].key == kKey);
  CHECK(items[1].key == "document:G22|15/CV|2026-06-01|H26.2");
}

TEST_CASE("02 leaves; 13 leaves only with the receiver's own later 15") {
  struct Case {
    const char* name;
    std::vector<std::array<const char*, 3>> messages;  // from, status, at
    bool left;
  };
  const std::vector<Case> cases = {
      {"refused", {{"H26.1", "02", "2026-06-04 08:00:00"}}, true},
      {"recall unanswered", {{"G22", "13", "2026-06-04 08:00:00"}}, false},
      {"recall agreed", {{"G22", "13", "2026-06-04 08:00:00"}, {"H26.1", "15", "2026-06-05 08:00:00"}}, true},
      {"recall refused", {{"G22", "13", "2026-06-04 08:00:00"}, {"H26.1", "16", "2026-06-05 08:00:00"}}, false},
      {"15 before 13", {{"H26.1", "15", "2026-06-03 08:00:00"}, {"G22", "13", "2026-06-04 08:00:00"}}, false},
      {"agreed by another receiver",
       {{"G22", "13", "2026-06-04 08:00:00"}, {"H26.2", "15", "2026-06-05 08:00:00"}},
       false},
      {"agreed after as_of", {{"G22", "13", "2026-06-04 08:00:00"}, {"H26.1", "15", "2026-07-05 08:00:00"}}, false},
  };
  for (const Case& c : cases) {
    Story s = Handled();
    for (const auto& m : c.messages) s.DocStatus(m[0], "G22", "15/CV", "2026-06-01", m[1], m[2]);
    CAPTURE(c.name);
    const WorkItem item = s.Item(kKey, "2026-06-30");
    CHECK(item.left.has_value() == c.left);
    CHECK(Stands(item, "2026-06") == (c.left ? "-" : "1 0 0 0"));
  }
}

TEST_CASE("a recall may name the one receiver that it concerns") {
  Story s = Handled();
  s.DocStatus("G22", "H26.2", "15/CV", "2026-06-01", "13", "2026-06-04 08:00:00");
  s.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "15", "2026-06-05 08:00:00");
  CHECK_FALSE(s.Item(kKey, "2026-06-30").left);
}

// Goal: an outgoing document is finished at its own 06; the day of issue stands in for it only where there is none, and
// only for a document that was issued.
TEST_CASE("an outgoing document is finished once, at its own 06, else on the day that its number was given") {
  const auto done = [](const char* number, bool says_06) {
    Story s;
    s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20");
    s.Document("H26.1", number, "2026-06-10", "", "T1");
    if (says_06) s.DocStatus("H26.1", "H26.1", number, "2026-06-10", "06", "2026-06-12 09:00:00", "an");
    std::string all;
    for (const Completion& c : s.Item("task:hanoiwork:T1", "2026-06-30").completions) all += FormatMoment(c.at) + " ";
    return all;
  };
  CHECK(done("9/BC", false) == FormatMoment(At("2026-06-10")) + " ");
  CHECK(done("9/BC", true) == FormatMoment(At("2026-06-12 09:00:00")) + " ");
  CHECK(done("", false) == "");
}

// The day of issue is no second end: one that comes after a return would stand for the work that was sent back.
TEST_CASE("an outgoing document with its own 06 is not finished again on its day of issue") {
  Story s;
  Evidence& task = s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20");
  task.returns = {{At("2026-06-09 08:00:00"), task.assigner, "SAI_NOI_DUNG", true, true}};
  s.Document("H26.1", "9/BC", "2026-06-10", "", "T1");
  CHECK(s.Item("task:hanoiwork:T1", "2026-06-30").completions.size() == 1);
  s.DocStatus("H26.1", "H26.1", "9/BC", "2026-06-10", "06", "2026-06-08 09:00:00", "an");
  CHECK(s.Item("task:hanoiwork:T1", "2026-06-30").completions.empty());
}

TEST_CASE("a handling of which the document was never seen is held") {
  Story s;
  s.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "04", "2026-06-02 08:00:00");
  CHECK(s.Item(kKey, "2026-06-30").held.front() == "document_not_seen");
}

TEST_CASE("refused or recalled behind an end that counted: shown, and changes nothing") {
  struct Case {
    const char* name;
    std::vector<std::array<const char*, 3>> said;  // by whom, status, at
    const char* stands;
  };
  const std::vector<Case> cases = {
      {"refused after a late end",
       {{"H26.1", "06", "2026-06-25 08:00:00"}, {"H26.1", "02", "2026-06-26 08:00:00"}},
       "1 1 1 0"},
      {"refused after an end in time",
       {{"H26.1", "06", "2026-06-15 08:00:00"}, {"H26.1", "02", "2026-06-26 08:00:00"}},
       "1 1 0 0"},
      {"refused, and finished all the same",
       {{"H26.1", "02", "2026-06-15 08:00:00"}, {"H26.1", "06", "2026-06-26 08:00:00"}},
       "-"},
      {"recalled after a late end",
       {{"H26.1", "06", "2026-06-25 08:00:00"},
        {"G22", "13", "2026-06-26 08:00:00"},
        {"H26.1", "15", "2026-06-27 08:00:00"}},
       "1 1 1 0"},
      {"recalled, agreed before the end",
       {{"G22", "13", "2026-06-20 08:00:00"},
        {"H26.1", "15", "2026-06-24 08:00:00"},
        {"H26.1", "06", "2026-06-25 08:00:00"}},
       "-"},
  };
  for (const Case& c : cases) {
    Story s = Handled();
    for (const auto& [who, status, at] : c.said) s.DocStatus(who, "G22", "15/CV", "2026-06-01", status, at, "an");
    CAPTURE(c.name);
    const WorkItem item = s.Item(kKey, "2026-06-30");
    CHECK(Stands(item, "2026-06") == c.stands);
    CHECK(item.notes ==
          (item.left ? std::vector<std::string>{} : std::vector<std::string>{"withdrawn_after_completion"}));
  }
}
