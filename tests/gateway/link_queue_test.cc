// Goal: each key that leads to nobody waits once, with its age and those who may be meant; a name only suggests.
#include "gateway/link_queue.h"

#include <doctest/doctest.h>

#include "gateway/link_effect.h"
#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

DirectoryData Named() {
  DirectoryData d = SmallDirectory();
  d.people[0].name = "Nguyễn Văn An";
  d.people[1].name = "Đỗ Thị Bình";
  d.people[2].name = "Nguyễn Văn An";  // of the other unit
  d.people[3].name = "Lê Em";
  return d;
}

WorkItem Item(const std::string& label, const std::string& day, const std::string& unit = "U1") {
  WorkItem item;
  item.kind = ItemKind::kDossier;
  item.assigned_at = At(day);
  item.unit.state = unit.empty() ? LinkState::kUnresolved : LinkState::kResolved;
  item.unit.id = unit;
  item.lead.key = "label";
  item.lead.said = label;
  item.lead.register_id = "dvc";
  item.lead.reason = "unknown_label";
  return item;
}

std::string Suggested(const std::string& label, const std::string& day = "2026-06-01", const std::string& unit = "U1") {
  const IdentityIndex identity(Named());
  const auto queue = WaitingKeys({Item(label, day, unit)}, identity);
  REQUIRE(queue.size() == 1);
  std::string all;
  for (const Suggestion& s : queue[0].suggestions) {
    all += s.person + ":" + s.why + " ";
  }
  return all;
}

}  // namespace

TEST_CASE("link queue: one row for each key, oldest first") {
  const IdentityIndex identity(Named());
  WorkItem other_register = Item("x", "2026-06-03"), resolved = Item("x", "2026-06-01"), left = Item("x", "2026-06-01");
  other_register.lead.register_id = "khac";
  resolved.lead.state = LinkState::kResolved;
  left.left = "refused";
  WorkItem report = Item("x", "2026-06-01"), ambiguous = Item("y", "2026-06-02");
  report.kind = ItemKind::kReport;
  ambiguous.lead.state = LinkState::kAmbiguous;
  ambiguous.lead.candidates = {"an", "binh"};
  const auto queue = WaitingKeys({Item("x", "2026-06-09"), Item("x", "2026-06-05"), Item("x", "2026-06-05", "U2"),
                                  Item("x", "2026-06-05", ""), other_register, resolved, left, report, ambiguous},
                                 identity);
  std::string shown;
  for (const WaitingKey& w : queue) {
    shown +=
        FormatDate(w.oldest) + "|" + w.register_id + "|" + w.unit + "|" + w.said + "|" + std::to_string(w.items) + "\n";
  }
  CHECK(shown ==
        "2026-06-02|dvc|U1|y|1\n"
        "2026-06-03|khac|U1|x|1\n"
        "2026-06-05|dvc|U1|x|2\n"
        "2026-06-05|dvc||x|1\n"
        "2026-06-05|dvc|U2|x|1\n");
  CHECK(queue[0].candidates == std::vector<std::string>{"an", "binh"});
  CHECK(queue[0].suggestions.empty());  // they are known: which of them is meant no name tells
}

TEST_CASE("link queue: who may be meant, of those who were there") {
  CHECK(Suggested("NGUYỄN VĂN AN") == "an:same_name ");
  CHECK(Suggested("nguyen van an") == "an:same_name ");
  CHECK(Suggested("  Nguye\u0302\u0303n Va\u0306n An ") == "an:same_name ");
  CHECK(Suggested("Nguyễn Văn An", "2026-06-15") == "an:same_name ");
  CHECK(Suggested("Nguyễn Văn An", "2026-06-16") == "");  // moved to U2
  CHECK(Suggested("Nguyễn Văn An", "2026-06-16", "U2") == "an:same_name chi:same_name ");
  CHECK(Suggested("Nguyễn Văn An", "2026-06-01", "") == "");
  CHECK(Suggested("Chuyên viên Đỗ Thị Bình (VP)") == "binh:name_within ");
  CHECK(Suggested("do thi binhx") == "");
  CHECK(Suggested("Nguyễn Văn A") == "an:cut_name ");
  CHECK(Suggested("Nguyễn Văn") == "");  // too short to be a cut name
  CHECK(Suggested("Cán bộ một cửa") == "");
  CHECK(Suggested("") == "");
}

TEST_CASE("link effect: the periods that have begun since the first day") {
  const auto shown = [](const std::string& from, const std::string& now) {
    std::string all;
    for (const Period p : PeriodsTouched(*ParseDate(from), *ParseInstant(now))) all += FormatPeriod(p) + " ";
    return all;
  };
  CHECK(shown("2026-06-30", "2026-06-30T16:59:59Z") == "2026-06 ");
  CHECK(shown("2026-06-30", "2026-06-30T17:00:00Z") == "2026-06 2026-07 ");
  CHECK(shown("2025-12-01", "2026-02-01T00:00:00Z") == "2025-12 2026-01 2026-02 ");
  CHECK(shown("2026-08-01", "2026-06-30T17:00:00Z") == "");
}
