// Goal: nobody gives himself a task or accepts his own, under whatever account; nobody loses a task because the
// directory does not know who gave it (4a "Assurance", "Field authority"; decision 0001, rule 14).
// Method: accounts and labels that were An's once, are An's among others, or nobody's; self-set or not, accepted or no.
#include "tests/mapping/conflict_support.h"

using namespace mc;
using namespace mc::test;

namespace {

DateSpan Until(const char* day) {
  DateSpan span;
  span.to = *ParseDate(day);
  return span;
}

DateSpan From(const char* day) {
  DateSpan span;
  span.from = *ParseDate(day);
  return span;
}

DirectoryData ManyAccounts() {
  DirectoryData d = SmallDirectory();
  d.accounts.push_back({"an", "hanoiwork", "acc-an.old", Until("2026-05-31")});
  d.accounts.push_back({"an", "hanoiwork", "acc-office", {}});
  d.accounts.push_back({"binh", "hanoiwork", "acc-office", {}});
  d.accounts.push_back({"binh", "hanoiwork", "acc-others", {}});
  d.accounts.push_back({"em", "hanoiwork", "acc-others", {}});
  d.accounts.push_back({"an", "hanoiwork", "acc-handed-on", Until("2026-05-31")});
  d.accounts.push_back({"em", "hanoiwork", "acc-handed-on", From("2026-06-01")});
  for (const char* id : {"an", "em"}) d.labels.push_back({id, "hanoiwork", "U1", std::string("Nhãn ") + id, {}});
  return d;
}

PersonKeys Labelled(const std::string& who) { return {"", "", "", "", "Nhãn " + who}; }

WorkItem Given(const PersonKeys& assigner, const PersonKeys& lead, const PersonKeys& accepted_by = {}) {
  Story s(ManyAccounts());
  Evidence& task = s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20");
  task.assigner = assigner;
  task.lead = lead;
  if (!accepted_by.empty()) {
    task.acceptance = Acceptance{At("2026-06-10 09:00:00"), accepted_by, std::nullopt, std::nullopt};
  }
  return s.Item(kTask, "2026-06-30");
}

}  // namespace

TEST_CASE("a task is self-set where its assigner may be its lead") {
  const std::vector<std::tuple<const char*, PersonKeys, PersonKeys, bool>> cases = {
      {"a former account of the lead's", By("an.old"), By("an"), true},
      {"an account of the lead and another", By("office"), By("an"), true},
      {"the lead by label", Labelled("an"), By("an"), true},
      {"the same label twice, of nobody", Labelled("ai đó"), Labelled("ai đó"), true},
      {"another by label", Labelled("em"), By("an"), false},
      {"an account that was handed on to another", By("handed-on"), By("an"), false},
      {"an account of two others", By("others"), By("an"), false},
      {"an account that nobody knows", By("lạ"), By("an"), false},
  };
  for (const auto& [name, assigner, lead, self_set] : cases) {
    CAPTURE(name);
    CHECK(Given(assigner, lead).self_set == self_set);
  }
}

TEST_CASE("an acceptance counts only from a person who is known and is not the lead; one by nobody known waits") {
  const char* const kCounts = "1 1 0 0";
  const char* const kNothing = "1 0 0 0";
  const char* const kWaits = nullptr;
  const std::vector<std::tuple<const char*, PersonKeys, const char*>> cases = {
      {"the assigner", By("em"), kCounts},
      {"the assigner by label", Labelled("em"), kCounts},
      {"an account that was handed on to another", By("handed-on"), kCounts},
      {"the lead", By("an"), kNothing},
      {"the lead by label", Labelled("an"), kNothing},
      {"a former account of the lead's", By("an.old"), kNothing},
      {"an account of the lead and another", By("office"), kNothing},
      {"an account of two others", By("others"), kWaits},
      {"an account that nobody knows", By("lạ"), kWaits},
  };
  for (const auto& [name, by, stands] : cases) {
    CAPTURE(name);
    const WorkItem item = Given(By("em"), By("an"), by);
    const bool waits = stands == kWaits;
    CHECK(item.held == (waits ? std::vector<std::string>{"acceptor_unknown"} : std::vector<std::string>{}));
    if (!waits) CHECK(Stands(item, "2026-06") == stands);
    if (waits) CHECK(item.completions.empty());
  }
}

TEST_CASE("an acceptance by somebody unknown holds nothing that needs none") {
  CHECK(Given(By("an"), By("an"), By("lạ")).held.empty());  // self-set
  Story s(ManyAccounts());
  Evidence& task = s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20");
  task.assigner = By("em");
  task.acceptance = Acceptance{At("2026-06-10 09:00:00"), By("lạ"), std::nullopt, std::nullopt};
  task.recall = Recall{At("2026-06-12 08:00:00"), By("em")};
  // Behind the acceptance a recall takes nothing out, whoever gave it; before it, it does.
  CHECK_FALSE(s.Item(kTask, "2026-06-30").left);
  CHECK(s.Item(kTask, "2026-06-30").held == std::vector<std::string>{"acceptor_unknown"});
  s.revisions().front().evidence.recall->at = At("2026-06-09 08:00:00");
  CHECK(s.Item(kTask, "2026-06-30").left.has_value());
  CHECK(s.Item(kTask, "2026-06-30").held.empty());
}

TEST_CASE("returns, extensions and recalls by somebody unknown count as before; by the lead's former account not") {
  for (const auto& [by, counts] : {std::pair{"an.old", false}, {"office", false}, {"lạ", true}, {"em", true}}) {
    Story s(ManyAccounts());
    Evidence& task = s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20");
    task.returns = {{At("2026-06-12 08:00:00"), By(by), "SAI_NOI_DUNG", true, true}};
    task.extensions = {{At("2026-06-19 08:00:00"), At("2026-06-25"), By(by)}};
    CAPTURE(by);
    WorkItem item = s.Item(kTask, "2026-06-30");
    CHECK(item.quality_failures == (counts ? 1 : 0));
    CHECK(*item.due == At(counts ? "2026-06-25" : "2026-06-20"));
    s.revisions().front().evidence.recall = Recall{At("2026-06-13 08:00:00"), By(by)};
    CHECK(s.Item(kTask, "2026-06-30").left.has_value() == counts);
  }
}
