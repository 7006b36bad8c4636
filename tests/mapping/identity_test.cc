// Who is meant: keys in order, dates, two owners, labels only within their unit.
#include "mapping/identity.h"

#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

DirectoryData Directory() {
  DirectoryData d = SmallDirectory();
  const auto span = [](const char* from, const char* to) {
    DateSpan s;
    if (*from) s.from = *ParseDate(from);
    if (*to) s.to = *ParseDate(to);
    return s;
  };
  d.emails = {{"an", "motcua@h1.example", span("2026-01-01", "2026-06-10")},
              {"binh", "motcua@h1.example", span("2026-06-11", "")},
              {"an", "chung@h1.example", span("", "")},
              {"binh", "chung@h1.example", span("", "")}};
  d.staff_codes.push_back({"chi", "H26.1", "CB-cũ", span("2026-01-01", "2026-03-31")});
  d.staff_codes.push_back({"binh", "H26.1", "CB-cũ", span("2026-04-01", "")});
  return d;
}

}  // namespace

TEST_CASE("person keys: order, dates, owners") {
  const IdentityIndex identity(Directory());
  const Link u1 = identity.ResolveUnit({"H26.1", ""}, *ParseDate("2026-06-01"));
  struct Case {
    const char* name;
    PersonKeys keys;
    const char* day;
    LinkState state;
    const char* id_or_reason;
  };
  const std::vector<Case> cases = {
      {"nothing", {}, "2026-06-01", LinkState::kUnresolved, "nobody_named"},
      {"staff code", {"CB-an", "H26.1", "", "", ""}, "2026-06-01", LinkState::kResolved, "an"},
      {"staff code of another body", {"CB-an", "H26.2", "", "", ""}, "2026-06-01", LinkState::kUnresolved, "unknown_key"},
      {"staff code before an e-mail of somebody else", {"CB-an", "H26.1", "motcua@h1.example", "", ""}, "2026-06-20", LinkState::kResolved, "an"},
      {"re-issued staff code, before", {"CB-cũ", "H26.1", "", "", ""}, "2026-03-31", LinkState::kResolved, "chi"},
      {"re-issued staff code, after", {"CB-cũ", "H26.1", "", "", ""}, "2026-04-01", LinkState::kResolved, "binh"},
      {"mailbox handed over, last day", {"", "", "motcua@h1.example", "", ""}, "2026-06-10", LinkState::kResolved, "an"},
      {"mailbox handed over, next day", {"", "", "motcua@h1.example", "", ""}, "2026-06-11", LinkState::kResolved, "binh"},
      {"shared mailbox", {"", "", "chung@h1.example", "", ""}, "2026-06-01", LinkState::kAmbiguous, "two_owners"},
      {"account of another register", {"", "", "", "acc-an", ""}, "2026-06-01", LinkState::kUnresolved, "unknown_key"},
      {"label in its unit", {"", "", "", "", "Nhãn an"}, "2026-06-01", LinkState::kResolved, "an"},
      {"label of another unit", {"", "", "", "", "Nhãn chi"}, "2026-06-01", LinkState::kUnresolved, "unknown_label"},
      {"a name is no label", {"", "", "", "", "an"}, "2026-06-01", LinkState::kUnresolved, "unknown_label"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const Link link = identity.ResolvePerson(c.keys, "dvc", u1, *ParseDate(c.day));
    CHECK(link.state == c.state);
    CHECK((link.state == LinkState::kResolved ? link.id : link.reason) == c.id_or_reason);
  }
}

TEST_CASE("a label resolves only where its unit is known") {
  const IdentityIndex identity(Directory());
  CHECK(identity.ResolvePerson({"", "", "", "", "Nhãn an"}, "dvc", Link{}, *ParseDate("2026-06-01")).reason == "unit_unknown");
}

TEST_CASE("units by code, else by name; moves by day") {
  const IdentityIndex identity(Directory());
  const CivilDate day = *ParseDate("2026-06-01");
  CHECK(identity.ResolveUnit({"H26.1", "UBND phường Hai"}, day).id == "U1");
  CHECK(identity.ResolveUnit({"H99", "UBND phường Hai"}, day).id == "U2");
  CHECK(identity.ResolveUnit({"H99", "UBND phường Ba"}, day).reason == "unknown_unit");
  CHECK(identity.ResolveUnit({}, day).reason == "no_unit_named");
  CHECK(identity.UnitsOf("an", *ParseDate("2026-06-15")) == std::vector<std::string>{"U1"});
  CHECK(identity.UnitsOf("an", *ParseDate("2026-06-16")) == std::vector<std::string>{"U2"});
  CHECK(identity.UnitsOf("an", *ParseDate("2025-12-31")).empty());
}
