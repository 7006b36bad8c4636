// Codes of both generations, former organisations and their successors: the table itself, whom a
// code names on a day, and what becomes of documents, handlings and claims (decision 0002).
#include "mapping/organisation_codes.h"

#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

constexpr auto kSame = CodeRelation::kSame;
constexpr auto kSucceeded = CodeRelation::kSucceeded;
using CodeTexts = std::vector<std::string>;

CivilDate CodeDay(const char* text) { return *ParseDate(text); }

// U1 was known as 000.00.50.H26. H26.91 and H26.92 became U1 on 10 June 2026; H26.95 was split
// into U1 and U2, H26.96 into U2 and somebody whom the directory does not know.
DirectoryData Merged() {
  DirectoryData d = SmallDirectory();
  d.organisation_codes = {CodeRow("000.00.50.H26", "H26.1", kSame),
                          CodeRow("50.H26", "000.00.50.H26", kSame),
                          CodeRow("000.00.00.G22", "G22", kSame),
                          CodeRow("H26.91", "H26.1", kSucceeded, "2026-06-10"),
                          CodeRow("000.00.92.H26", "H26.92", kSame),
                          CodeRow("H26.92", "50.H26", kSucceeded, "2026-06-10"),
                          CodeRow("H26.95", "H26.1", kSucceeded, "2026-06-10"),
                          CodeRow("H26.95", "H26.2", kSucceeded, "2026-06-10"),
                          CodeRow("H26.96", "H26.2", kSucceeded, "2026-06-10"),
                          CodeRow("H26.96", "H26.77", kSucceeded, "2026-06-10"),
                          CodeRow("H26.90", "H26.91", kSucceeded, "2026-05-01"),
                          CodeRow("G99", "G22", kSucceeded, "2026-06-10")};
  return d;
}

struct Said {
  const char *from, *issuer, *status, *at, *who;
};

// What became of document 7/CV of 1 June 2026, issued by `issuer`, due 20 June.
Story Told(const char* issuer, const std::vector<Said>& said) {
  Story s(Merged());
  s.Document(issuer, "7/CV", "2026-06-01", "2026-06-20");
  for (const Said& m : said) s.DocStatus(m.from, m.issuer, "7/CV", "2026-06-01", m.status, m.at, m.who);
  return s;
}

CodeTexts Keys(const std::vector<WorkItem>& items) {
  CodeTexts keys;
  for (const WorkItem& item : items) keys.push_back(item.key);
  return keys;
}

}  // namespace

TEST_CASE("a code of no row stands for itself, whatever it looks like") {
  const OrganisationCodes none({});
  for (const std::string code : {"H26.1", "000.00.1.H26", "", "999.010.01.H22", "28.22.H17", "H37.DN.001"}) {
    CHECK(none.Canonical(code, CodeDay("2026-06-01")) == code);
    CHECK(none.Notations(code, CodeDay("2026-06-01")) == CodeTexts{code});
    CHECK(none.Successors(code, CodeDay("2026-06-01")).empty());
  }
  // Nothing is derived by turning a code round.
  const OrganisationCodes codes({CodeRow("000.00.50.H26", "H26.101", kSame)});
  CHECK(codes.Canonical("000.00.51.H26", CodeDay("2026-06-01")) == "000.00.51.H26");
  CHECK(codes.Canonical("H26.50", CodeDay("2026-06-01")) == "H26.50");
}

TEST_CASE("notations of one organisation, and a code that was given to another") {
  const OrganisationCodes codes({CodeRow("A1", "A2", kSame, "", "2025-06-30"), CodeRow("A2", "A3", kSame),
                                 CodeRow("A0", "A3", kSame), CodeRow("A1", "B2", kSame, "2025-07-01"),
                                 CodeRow("A1", "C", kSucceeded, "2025-03-01"), CodeRow("B2", "D", kSucceeded, "2026-01-01")});
  CHECK(codes.Canonical("A1", CodeDay("2025-06-30")) == "A3");
  CHECK(codes.Canonical("A1", CodeDay("2025-07-01")) == "B2");
  CHECK(codes.Notations("A2", CodeDay("2025-06-30")) == CodeTexts{"A3", "A0", "A1", "A2"});
  CHECK(codes.Notations("A2", CodeDay("2025-07-01")) == CodeTexts{"A3", "A0", "A2"});
  CHECK(codes.Notations("B2", CodeDay("2025-06-30")) == CodeTexts{"B2"});
  // Successors are those of the organisation, not of a code that it no longer bears.
  CHECK(codes.Successors("A1", CodeDay("2025-02-28")).empty());
  CHECK(codes.Successors("A1", CodeDay("2025-03-01")) == CodeTexts{"C"});
  CHECK(codes.Successors("A2", CodeDay("2026-06-01")) == CodeTexts{"C"});
  CHECK(codes.Successors("A1", CodeDay("2025-07-01")).empty());
  CHECK(codes.Successors("A1", CodeDay("2026-01-01")) == CodeTexts{"D"});
}

TEST_CASE("successors: merged, split, and of successors in their turn") {
  const OrganisationCodes codes(Merged().organisation_codes);
  CHECK(codes.Successors("H26.91", CodeDay("2026-06-09")).empty());
  CHECK(codes.Successors("H26.91", CodeDay("2026-06-10")) == CodeTexts{"H26.1"});
  CHECK(codes.Successors("000.00.92.H26", CodeDay("2026-06-10")) == CodeTexts{"H26.1"});
  CHECK(codes.Successors("H26.95", CodeDay("2026-06-10")) == CodeTexts{"H26.1", "H26.2"});
  CHECK(codes.Successors("H26.90", CodeDay("2026-06-09")) == CodeTexts{"H26.91"});
  CHECK(codes.Successors("H26.90", CodeDay("2026-06-10")) == CodeTexts{"H26.1"});
  CHECK(codes.Successors("H26.1", CodeDay("2026-06-10")).empty());
}

TEST_CASE("whom a code names on a day") {
  const IdentityIndex identity(Merged());
  struct Case {
    const char *code, *day, *key, *answer;
  };
  const std::vector<Case> cases = {
      {"H26.1", "2026-06-01", "unit_code", "U1"},
      {"000.00.50.H26", "2026-06-01", "unit_code", "U1"},
      {"50.H26", "2019-01-01", "unit_code", "U1"},
      {"H26.91", "2026-06-09", "unit", "unknown_unit"},
      {"H26.91", "2026-06-10", "unit_successor", "U1"},
      {"000.00.92.H26", "2026-06-10", "unit_successor", "U1"},
      {"H26.95", "2026-06-10", "unit_successor", "several_successors: U1 U2"},
      {"H26.96", "2026-06-10", "unit_successor", "several_successors: U2"},  // perhaps it is the other one
      {"G99", "2026-06-10", "unit", "unknown_unit"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.code);
    CAPTURE(c.day);
    const Link link = identity.ResolveUnit({c.code, ""}, CodeDay(c.day));
    std::string answer = link.state == LinkState::kResolved ? link.id : link.reason;
    if (link.state == LinkState::kAmbiguous) answer += ":";
    for (const std::string& candidate : link.candidates) answer += " " + candidate;
    CHECK(answer == c.answer);
    CHECK(link.key == c.key);
  }
}

TEST_CASE("two units under two notations of one code are ambiguous, not the first") {
  DirectoryData d = Merged();
  d.units[1].codes.push_back({"000.00.50.H26", {}});
  CHECK(IdentityIndex(d).ResolveUnit({"H26.1", ""}, CodeDay("2026-06-01")).reason == "two_owners");
}

TEST_CASE("a staff code is of its body in any notation; a successor issues its own") {
  DirectoryData d = Merged();
  d.staff_codes.push_back({"binh", "000.00.50.H26", "CŨ-1", {}});
  d.staff_codes.push_back({"chi", "H26.91", "CŨ-2", {}});
  d.staff_codes.push_back({"chi", "50.H26", "CB-an", {}});
  const IdentityIndex identity(d);
  const auto who = [&](const char* issuer, const char* code) {
    const Link link = identity.ResolvePerson({code, issuer, "", "", ""}, "edoc", {}, CodeDay("2026-06-15"));
    return link.state == LinkState::kResolved ? link.id : link.reason;
  };
  CHECK(who("H26.1", "CŨ-1") == "binh");
  CHECK(who("50.H26", "CB-binh") == "binh");
  CHECK(who("H26.1", "CB-an") == "two_owners");
  CHECK(who("H26.91", "CŨ-2") == "chi");
  CHECK(who("H26.1", "CŨ-2") == "unknown_key");
  CHECK(who("H26.91", "CB-binh") == "unknown_key");
}

TEST_CASE("one handling under several notations is one item with one key") {
  const Story s = Told("000.00.00.G22", {{"000.00.50.H26", "G22", "04", "2026-06-02 08:00:00", ""},
                                         {"50.H26", "000.00.00.G22", "05", "2026-06-03 08:00:00", "an"},
                                         {"H26.1", "G22", "06", "2026-06-15 08:00:00", "an"}});
  REQUIRE(Keys(s.Items("2026-06-30")) == CodeTexts{"document:G22|7/CV|2026-06-01|H26.1"});
  const WorkItem item = s.Item("document:G22|7/CV|2026-06-01|H26.1", "2026-06-30");
  CHECK(item.held.empty());
  CHECK(item.unit.id == "U1");
  CHECK(item.lead.id == "an");
  CHECK(Stands(item, "2026-06") == "1 1 0 0");
  CHECK(item.aliases == CodeTexts{"document:000.00.00.G22|7/CV|2026-06-01|000.00.50.H26",
                                  "document:000.00.00.G22|7/CV|2026-06-01|50.H26",
                                  "document:000.00.00.G22|7/CV|2026-06-01|H26.1",
                                  "document:G22|7/CV|2026-06-01|000.00.50.H26", "document:G22|7/CV|2026-06-01|50.H26"});
}

TEST_CASE("an issuer's own message in another notation is no handling") {
  const Story s = Told("H26.1", {{"000.00.50.H26", "H26.1", "04", "2026-06-02 08:00:00", ""},
                                 {"000.00.50.H26", "000.00.50.H26", "06", "2026-06-03 08:00:00", "an"}});
  CHECK(s.Items("2026-06-30").empty());
}

TEST_CASE("a recall speaks of a document and a receiver in any notation") {
  const Story s = Told("G22", {{"H26.1", "G22", "04", "2026-06-02 08:00:00", ""},
                               {"000.00.00.G22", "50.H26", "13", "2026-06-03 08:00:00", ""},
                               {"50.H26", "G22", "15", "2026-06-04 08:00:00", ""}});
  CHECK(s.Item("document:G22|7/CV|2026-06-01|H26.1", "2026-06-30").left == "recalled_by_sender");
}

TEST_CASE("a handling goes on at the only successor, under its own key and unit") {
  const Story s = Told("G22", {{"H26.91", "G22", "04", "2026-06-02 08:00:00", ""},
                               {"H26.1", "G22", "04", "2026-06-11 08:00:00", ""},
                               {"50.H26", "G22", "06", "2026-06-15 08:00:00", "an"}});
  const std::string key = "document:G22|7/CV|2026-06-01|H26.91";
  REQUIRE(Keys(s.Items("2026-06-30")) == CodeTexts{key});
  const WorkItem item = s.Item(key, "2026-06-30");
  CHECK(FormatDate(CityDate(item.assigned_at)) == "2026-06-02");
  CHECK(item.unit.reason == "unknown_unit");  // at assignment it was nobody's of the directory
  CHECK(item.lead.id == "an");
  CHECK(item.held.empty());
  CHECK(Stands(item, "2026-06") == "1 1 0 0");
  CHECK(item.aliases == CodeTexts{"document:G22|7/CV|2026-06-01|50.H26", "document:G22|7/CV|2026-06-01|H26.1"});
  // As of the day before, nobody had gone on with it.
  CHECK(s.Item(key, "2026-06-10").completions.empty());
}

TEST_CASE("where a successor may act for several, or for itself, the former ones wait") {
  struct Case {
    const char* name;
    std::vector<Said> said;
    CodeTexts keys, held;  // receivers; those of them held
  };
  const Said one = {"H26.91", "G22", "04", "2026-06-02 08:00:00", ""};
  const Said two = {"H26.92", "G22", "04", "2026-06-02 09:00:00", ""};
  const Said split = {"H26.95", "G22", "04", "2026-06-02 10:00:00", ""};
  const Said done = {"H26.1", "G22", "06", "2026-06-15 08:00:00", "an"};
  const Said own = {"H26.1", "G22", "04", "2026-06-03 08:00:00", ""};
  const Said busy = {"H26.1", "G22", "05", "2026-06-15 08:00:00", "an"};
  const Said closed = {"H26.91", "G22", "06", "2026-06-09 08:00:00", ""};
  const Said early = {"H26.1", "G22", "06", "2026-06-09 08:00:00", "an"};
  const Said other_half = {"H26.2", "G22", "05", "2026-06-16 08:00:00", "chi"};
  const std::vector<Case> cases = {
      {"two former", {one, two, done}, {"H26.91", "H26.92"}, {"H26.91", "H26.92"}},
      {"two former, one had finished", {one, closed, two, done}, {"H26.91", "H26.92"}, {}},
      {"its own copy finished too", {one, own, done}, {"H26.1", "H26.91"}, {"H26.91"}},
      {"busy with its own copy", {one, own, busy}, {"H26.1", "H26.91"}, {}},
      {"before it took over", {one, early}, {"H26.91"}, {}},
      {"half of a split goes on", {split, done}, {"H26.95"}, {}},
      {"both halves go on", {split, done, other_half}, {"H26.95"}, {"H26.95"}},
      {"nobody goes on", {one, two}, {"H26.91", "H26.92"}, {}},
  };
  const std::string document = "document:G22|7/CV|2026-06-01|";
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const std::vector<WorkItem> items = Told("G22", c.said).Items("2026-06-30");
    CodeTexts keys, held;
    for (const WorkItem& item : items) {
      keys.push_back(item.key.substr(document.size()));
      if (item.held == CodeTexts{"successor_unclear"}) held.push_back(keys.back());
    }
    CHECK(keys == c.keys);
    CHECK(held == c.held);
  }
}

// G99 became G22 on 10 June; what G99 had issued, G22 recalls.
TEST_CASE("a recall by whom the issuer became, in its own name, its former one or the receiver's, concerns the receiver") {
  const auto left = [](const char* named) {
    return Told("G99", {{"H26.1", "G99", "04", "2026-06-02 08:00:00", ""},
                        {"G22", named, "13", "2026-06-12 08:00:00", ""},
                        {"H26.1", "G99", "15", "2026-06-13 08:00:00", ""}})
        .Item("document:G99|7/CV|2026-06-01|H26.1", "2026-06-30")
        .left.has_value();
  };
  CHECK(left("G22"));
  CHECK(left("G99"));
  CHECK(left("H26.1"));
  CHECK(left(""));
  CHECK_FALSE(left("H26.2"));
}

TEST_CASE("a recall that names who took over concerns what the former organisation received") {
  const auto told = [](const char* named) {
    return Told("G22", {{"H26.91", "G22", "04", "2026-06-02 08:00:00", ""},
                        {"G22", named, "13", "2026-06-12 08:00:00", ""},
                        {"H26.1", "G22", "15", "2026-06-13 08:00:00", ""}});
  };
  const std::string key = "document:G22|7/CV|2026-06-01|H26.91";
  CHECK(told("000.00.50.H26").Item(key, "2026-06-30").left == "recalled_by_sender");
  CHECK(told("H26.91").Item(key, "2026-06-30").left == "recalled_by_sender");
  CHECK_FALSE(told("H26.2").Item(key, "2026-06-30").left);
}

TEST_CASE("a successor calls back, and is answered about, what its former issuer sent") {
  const Story s = Told("G99", {{"H26.1", "G99", "04", "2026-06-02 08:00:00", ""},
                               {"000.00.00.G22", "H26.1", "13", "2026-06-12 08:00:00", ""},
                               {"H26.1", "G22", "15", "2026-06-13 08:00:00", ""}});
  REQUIRE(Keys(s.Items("2026-06-30")) == CodeTexts{"document:G99|7/CV|2026-06-01|H26.1"});
  CHECK(s.Item("document:G99|7/CV|2026-06-01|H26.1", "2026-06-30").left == "recalled_by_sender");
  // Before it took over, the other's name means another document.
  const Story early = Told("G99", {{"H26.1", "G99", "04", "2026-06-02 08:00:00", ""},
                                   {"G22", "H26.1", "13", "2026-06-09 08:00:00", ""},
                                   {"H26.1", "G99", "15", "2026-06-09 09:00:00", ""}});
  CHECK_FALSE(early.Item("document:G99|7/CV|2026-06-01|H26.1", "2026-06-30").left);
}

TEST_CASE("a claim names its result by any notation of the issuer, or by its successor") {
  struct Case {
    const char *issuer, *date, *named, *verdict;
  };
  const std::vector<Case> cases = {{"H26.1", "2026-06-12", "000.00.50.H26", "passes"},
                                   {"50.H26", "2026-06-12", "H26.1", "passes"},
                                   {"H26.1", "2026-06-12", "H26.2", "not_found"},
                                   {"H26.1", "2026-06-12", "H26.91", "not_found"},  // the former one issued nothing
                                   {"H26.91", "2026-06-12", "H26.1", "passes"},     // an old letterhead
                                   {"H26.91", "2026-06-09", "H26.1", "other_unit"},  // found: not U1's on that day
                                   {"H26.91", "2026-06-09", "H26.92", "not_found"}};
  for (const Case& c : cases) {
    CAPTURE(c.issuer);
    CAPTURE(c.named);
    Story s(Merged());
    s.Document(c.issuer, "8/BC", c.date, "");
    Evidence& task = s.Task("NV-1", "binh", "2026-06-01 08:00:00", "2026-06-20");
    ResultRef ref;
    ref.kind = ResultKind::kDocument;
    ref.document = {c.named, "8/BC", CodeDay(c.date)};
    task.claims.push_back({At("2026-06-15"), {ref}});
    const WorkItem item = s.Item("task:hanoiwork:NV-1", "2026-06-30");
    REQUIRE(item.tested.size() == 1);
    CHECK(item.tested.front().reason == c.verdict);
  }
}
