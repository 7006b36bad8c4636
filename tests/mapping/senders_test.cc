// Goal: what a sender writes into a dossier by itself credits and blames nobody (decision 0004):
// its closing rows, the 9 over a 5, 6 or 8, its first row, cut names, second ids.
// Method: a few rows each, with the marks that the rule file gives them (tests/golden), and the item.
#include "mapping/sender_marks.h"
#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

const std::string kSenderId = "H26.1-260601-00001";
const std::string kSenderKey = "dossier:dvc:" + kSenderId;
const std::string kClosing(kSenderClosingStep), kRewritten(kStatusRewritten);

Story ReceivedFrom(const std::string& record_status = "9", const std::string& due = "2026-06-15 17:00:00") {
  Story s;
  s.Dossier(kSenderId, "2026-06-01 08:00:00", due, record_status);
  s.Step(kSenderId, "2", "2026-06-01 08:00:00", "");
  s.revisions().back().evidence.marks = {std::string(kSenderFirstStep)};
  s.Step(kSenderId, "4", "2026-06-02 08:00:00", "an");
  return s;
}

void SenderSays(Story& s, const std::string& status, const std::string& at, const std::string& mark) {
  s.Step(kSenderId, status, at, "");
  s.revisions().back().evidence.marks = {mark};
  s.revisions().back().evidence.source_status = "9";
}

bool HasText(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

TEST_CASE("a closing row that the sender wrote, in a second of its own, names nobody") {
  Story s = ReceivedFrom();
  SenderSays(s, "9", "2026-06-10 08:00:00", kClosing);
  SUBCASE("nothing behind it: held") {
    const WorkItem item = s.Item(kSenderKey, "2026-06-30");
    CHECK(item.held == std::vector<std::string>{"synthetic_close"});
    CHECK(item.completions.empty());
  }
  SUBCASE("the stated end behind it: finished then, by whoever worked on it last") {
    s.revisions().front().evidence.completed_at = At("2026-06-10 08:00:00");
    const WorkItem item = s.Item(kSenderKey, "2026-06-30");
    CHECK(item.lead.id == "an");
    CHECK(Stands(item, "2026-06") == "1 1 0 0");
  }
  SUBCASE("handed over later: finished then") {
    s.Step(kSenderId, "10", "2026-06-16 08:00:00", "");
    CHECK(Stands(s.Item(kSenderKey, "2026-06-30"), "2026-06") == "1 1 1 0");
  }
  SUBCASE("the official's own 9, in the same second or another, is what counts") {
    for (const char* at : {"2026-06-10 08:00:00", "2026-06-09 08:00:00", "2026-06-12 08:00:00"}) {
      Story own = ReceivedFrom();
      SenderSays(own, "9", "2026-06-10 08:00:00", kClosing);
      own.Step(kSenderId, "9", at, "binh");
      CAPTURE(at);
      const WorkItem item = own.Item(kSenderKey, "2026-06-30");
      CHECK(item.lead.id == "binh");
      REQUIRE(item.completions.size() == 1);
      CHECK(item.completions.front().at == At(at));
    }
  }
  CHECK(HasText(s.Item(kSenderKey, "2026-06-30").notes, "closed_by_sender"));
}

TEST_CASE("a closing row of the sender that comes as a revision of an official's own takes nobody's place") {
  Story s = ReceivedFrom();
  s.Step(kSenderId, "9", "2026-06-10 08:00:00", "binh");
  s.revisions().back().evidence.source_status = "9";
  s.revisions().back().latest = false;
  SenderSays(s, "9", "2026-06-10 08:00:00", kClosing);
  s.revisions().back().revision = 2;
  CHECK(s.Item(kSenderKey, "2026-06-30").lead.id == "binh");
  CHECK(Stands(s.Item(kSenderKey, "2026-06-30"), "2026-06") == "1 1 0 0");
  // A correction of the official's own row is a correction as before.
  s.revisions().back().evidence.marks.clear();
  s.revisions().back().evidence.lead.label = "Nhãn an";
  CHECK(s.Item(kSenderKey, "2026-06-30").lead.id == "an");
}

// Goal: what comes back from behind the sender's row is the official's own last word on that very row, and nothing
// else. Method: revisions of rows beside it, each of which would name another lead.
TEST_CASE("behind the sender's row stands the official's last word on that row, and no other") {
  struct Row {
    const char *status, *at, *who;
    std::int64_t revision;
    bool latest;
  };
  const auto story = [](const std::vector<Row>& rows) {
    Story s = ReceivedFrom();
    for (const Row& row : rows) {
      if (*row.who) s.Step(kSenderId, row.status, row.at, row.who);
      if (!*row.who) SenderSays(s, row.status, row.at, kClosing);
      s.revisions().back().evidence.source_status = row.status;
      s.revisions().back().revision = row.revision;
      s.revisions().back().latest = row.latest;
    }
    return s;
  };
  const char *first = "2026-06-09 08:00:00", *second = "2026-06-10 08:00:00";
  struct Case {
    const char* name;
    std::vector<Row> rows;
    const char* lead;
  };
  const Case cases[] = {
      {"corrected before the sender came",
       {{"9", second, "an", 1, false}, {"9", second, "binh", 2, false}, {"9", second, "", 3, true}}, "binh"},
      {"the sender came twice",
       {{"9", second, "binh", 1, false}, {"9", second, "", 2, false}, {"9", second, "", 3, true}}, "binh"},
      {"a corrected row of another status stays corrected",
       {{"4", first, "binh", 1, false}, {"4", first, "an", 2, true}, {"9", second, "", 1, true}}, "an"},
      {"a corrected row of another second stays corrected",
       {{"9", first, "an", 1, false}, {"9", first, "binh", 2, true}, {"9", second, "", 1, true}}, "binh"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(story(c.rows).Item(kSenderKey, "2026-06-30").lead.id == c.lead);
  }
}

TEST_CASE("a 9 over a 5, 6 or 8 is what its words say: the clock stands, or the dossier does") {
  const std::pair<const char*, const char*> rows[] = {
      {"5", "closed_without_time"}, {"6", "closed_without_time"}, {"8", "stopped"}};
  for (const auto& [was, held] : rows) {
    Story s = ReceivedFrom();
    SenderSays(s, was, "2026-06-08 08:00:00", kRewritten);
    CAPTURE(was);
    const WorkItem item = s.Item(kSenderKey, "2026-06-30");
    CHECK(item.completions.empty());
    CHECK(HasText(item.held, held));
    CHECK(HasText(item.notes, "status_rewritten"));
  }
  Story s = ReceivedFrom();
  SenderSays(s, "5", "2026-06-08 08:00:00", kRewritten);
  s.Step(kSenderId, "4", "2026-06-12 08:00:00", "an");
  s.Step(kSenderId, "9", "2026-06-18 16:00:00", "an");
  CHECK(Stands(s.Item(kSenderKey, "2026-06-30"), "2026-06") == "1 1 0 0");  // four days later than 15 June 17:00
  s.revisions().back().evidence.occurred_at = At("2026-06-19 17:00:01");
  CHECK(Stands(s.Item(kSenderKey, "2026-06-30"), "2026-06") == "1 1 1 0");
}

TEST_CASE("a 9 over a 5 that is dated at receipt says nothing of when: no wait, and held") {
  Story s = ReceivedFrom();
  SenderSays(s, "5", "2026-06-01 08:00:00", kRewritten);
  CHECK(HasText(s.Item(kSenderKey, "2026-06-30").held, "synthetic_close"));
  s.Step(kSenderId, "9", "2026-06-15 17:00:01", "an");
  CHECK(Stands(s.Item(kSenderKey, "2026-06-30"), "2026-06") == "1 1 1 0");
}

TEST_CASE("a dossier without a deadline, closed at receipt by its sender, stays out until something true comes") {
  Story s = ReceivedFrom("4", "");
  SenderSays(s, "9", "2026-06-01 08:00:00", kClosing);
  CHECK(s.Item(kSenderKey, "2026-06-30").held == std::vector<std::string>{"synthetic_close"});
  s.Step(kSenderId, "9", "2026-06-20 08:00:00", "an");
  CHECK(s.Item(kSenderKey, "2026-06-30").held.empty());
  CHECK(Stands(s.Item(kSenderKey, "2026-06-30"), "2026-06") == "1 1 0 0 no_deadline");
}

TEST_CASE("the record alone says 9 over its own trail: held and named, without a point") {
  for (const char* state : {"5", "6", "8"}) {
    Story s = ReceivedFrom("9");
    s.Step(kSenderId, state, "2026-06-08 08:00:00", "an");
    const WorkItem item = s.Item(kSenderKey, "2026-06-30");
    CAPTURE(state);
    CHECK_FALSE(item.held.empty());
    CHECK(HasText(item.notes, "status_rewritten"));
    CHECK(item.completions.empty());
  }
  Story open = ReceivedFrom("5");
  open.Step(kSenderId, "5", "2026-06-08 08:00:00", "an");
  CHECK(open.Item(kSenderKey, "2026-06-30").notes.empty());
}

TEST_CASE("two names cut to the same label are nobody's") {
  DirectoryData directory = SmallDirectory();
  const std::string cut = std::string("Nhãn ") + std::string(41, 'x') + "...";
  directory.labels.push_back({"an", "dvc", "U1", cut, {}});
  Story one(directory);
  directory.labels.push_back({"binh", "dvc", "U1", cut, {}});
  Story two(directory);
  for (Story* s : {&one, &two}) {
    s->Dossier(kSenderId, "2026-06-01 08:00:00", "2026-06-15 17:00:00", "9");
    s->Step(kSenderId, "2", "2026-06-01 08:00:00", "");
    s->Step(kSenderId, "9", "2026-06-10 08:00:00", cut.substr(6));
  }
  CHECK(one.Item(kSenderKey, "2026-06-30").lead.id == "an");
  const Link lead = two.Item(kSenderKey, "2026-06-30").lead;
  CHECK(lead.state == LinkState::kAmbiguous);
  CHECK(lead.candidates == std::vector<std::string>{"an", "binh"});
}

TEST_CASE("a second id drawn twice joins what is not one: held, neither counted twice nor given to one of two") {
  Story s = ReceivedFrom();
  s.revisions().front().evidence.aliases = {"H26.1-260601-73114"};
  s.Dossier("H26.1-260601-00002", "2026-06-01 09:30:00", "2026-06-15 17:00:00", "9").aliases = {"H26.1-260601-73114"};
  s.Step("H26.1-260601-00002", "9", "2026-06-10 08:00:00", "binh");
  const auto items = s.Items("2026-06-30");
  REQUIRE(items.size() == 2);  // each under its own id (decision 0015)
  for (const WorkItem& item : items) {
    CHECK(HasText(item.held, "ids_disagree"));
    CHECK(HasText(item.held, "ids_overlap"));
  }
  // Of one second, but of another procedure.
  Story other = s;
  other.revisions()[other.revisions().size() - 2].evidence.assigned_at = At("2026-06-01 08:00:00");
  CHECK_FALSE(HasText(other.Items("2026-06-30")[0].held, "ids_disagree"));
  other.revisions()[other.revisions().size() - 2].evidence.product = "SP-HS-02";
  CHECK(HasText(other.Items("2026-06-30")[0].held, "ids_disagree"));
  // One dossier under two ids agrees with itself.
  Story one = ReceivedFrom();
  one.revisions().front().evidence.aliases = {"H26.1-260601-73114"};
  one.Dossier("H26.1-260601-73114", "2026-06-01 08:00:00", "2026-06-15 17:00:00", "9");
  one.Step("H26.1-260601-73114", "9", "2026-06-10 08:00:00", "an");
  REQUIRE(one.Items("2026-06-30").size() == 1);
  CHECK(Stands(one.Items("2026-06-30")[0], "2026-06") == "1 1 0 0");
}
