// Goal: a manual link counts only where two people made it, for its days, and never against a key that says no.
// Method: the small directory of the other identity tests (An moves from U1 to U2 on 16 June); one row for each rule.
#include "mapping/manual_links.h"

#include <functional>
#include <nlohmann/json.hpp>

#include "mapping/identity.h"
#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

CivilDate LinkDay(const std::string& text) { return *ParseDate(text); }

LinkProposal Label(const std::string& from = "2026-06-01", const std::string& to = "2026-06-15") {
  LinkProposal p;
  p.register_id = "dvc";
  p.unit = "U1";
  p.text = "Nguyễn Văn A";
  p.person = "an";
  p.from = LinkDay(from);
  p.to = LinkDay(to);
  p.reason = "Đối chiếu sổ phân công";
  p.by = "em";
  p.at = *ParseInstant("2026-07-01T01:00:00Z");
  return p;
}

LinkProposal AccountOf(const std::string& person, const std::string& text) {
  LinkProposal p = Label("2026-06-01", "2026-06-30");
  p.key = LinkKey::kAccount;
  p.unit = "";
  p.text = text;
  p.person = person;
  return p;
}

LinkVerdict Approval(const std::string& proposal, const std::string& by) {
  return {LinkDecision::kApprove, proposal, "", by, *ParseInstant("2026-07-02T01:00:00Z")};
}

std::string CodeOf(const Status& status) { return status.ok() ? "" : status.error().code; }

// A book of steps that were checked as the command checks them.
struct Book {
  DirectoryData directory = SmallDirectory();
  ManualLinks links;
  std::int64_t leaf = 100;

  std::string Propose(LinkProposal p) {
    if (!p.ends.empty()) {
      if (const Status filled = FillEnd(links, p); !filled.ok()) return filled.error().code;
    }
    if (const Status checked = CheckProposal(directory, links, p); !checked.ok()) return checked.error().code;
    REQUIRE(links.Take(ProposalToJson(p), leaf++).ok());
    return links.records().back().id;
  }
  std::string Decide(const LinkVerdict& v) {
    if (const Status checked = CheckVerdict(directory, links, v); !checked.ok()) return checked.error().code;
    REQUIRE(links.Take(VerdictToJson(v), leaf++).ok());
    return "";
  }
  std::string End(const std::string& link, const std::string& to, const std::string& by = "em") {
    LinkProposal p = Label();
    p.ends = link;
    p.to = LinkDay(to);
    p.by = by;
    p.at.micros += leaf;  // each is another proposal
    return Propose(p);
  }
  // Whom the label means on a day: a person, or the reason that it means nobody.
  std::string Means(const std::string& day, const std::string& label = "Nguyễn Văn A") const {
    DirectoryData all = directory;
    links.AddTo(all);
    const IdentityIndex identity(std::move(all));
    const Link unit = identity.ResolveUnit({"H26.1", ""}, LinkDay(day));
    const Link link = identity.ResolvePerson({"", "", "", "", label}, "dvc", unit, LinkDay(day));
    return link.state == LinkState::kResolved ? link.id : link.reason;
  }
};

}  // namespace

TEST_CASE("manual links: a proposal alone counts for nothing; approved, it counts on its days") {
  Book book;
  const std::string id = book.Propose(Label());
  CHECK(book.Means("2026-06-10") == "unknown_label");
  CHECK(book.Decide(Approval(id, "binh")) == "");
  CHECK(book.Means("2026-05-31") == "unknown_label");
  CHECK(book.Means("2026-06-01") == "an");
  CHECK(book.Means("2026-06-15") == "an");
  CHECK(book.Means("2026-06-16") == "unknown_label");
  CHECK(book.links.LeavesAbout("an") == std::vector<std::int64_t>{100, 101});
  CHECK(book.links.LeavesAbout("binh").empty());
}

TEST_CASE("manual links: two people, neither of them the one who is linked") {
  Book book;
  const std::string id = book.Propose(Label());
  CHECK(book.Decide(Approval(id, "em")) == "two_persons");
  CHECK(book.Decide(Approval(id, "an")) == "own_link");
  CHECK(book.Decide(Approval(id, "nobody")) == "unknown_id");
  CHECK(book.Decide(Approval("0000000000000000", "binh")) == "not_open");
  CHECK(book.Decide({LinkDecision::kReject, id, "Người khác", "an", {}}) == "own_link");
  CHECK(book.Decide({LinkDecision::kReject, id, "", "binh", {}}) == "bad_text");
  CHECK(book.Decide(Approval(id, "binh")) == "");
  CHECK(book.Decide(Approval(id, "chi")) == "not_open");
}

TEST_CASE("manual links: rejected, it counts for nothing and is not decided again") {
  Book book;
  const std::string id = book.Propose(Label());
  CHECK(book.Decide({LinkDecision::kReject, id, "Người khác", "em", *ParseInstant("2026-07-02T01:00:00Z")}) == "");
  CHECK(book.Means("2026-06-10") == "unknown_label");
  CHECK(book.Decide(Approval(id, "binh")) == "not_open");
}

TEST_CASE("manual links: what cannot be proposed") {
  struct Case {
    const char* name;
    std::function<void(LinkProposal&)> spoil;
    const char* code;
  };
  const std::vector<Case> cases = {
      {"good", [](auto&) {}, ""},
      {"to themselves", [](auto& p) { p.by = "an"; }, "own_link"},
      {"by nobody known", [](auto& p) { p.by = "x"; }, "unknown_id"},
      {"to nobody known", [](auto& p) { p.person = "x"; }, "unknown_id"},
      {"of no unit", [](auto& p) { p.unit = "U9"; }, "unknown_id"},
      {"ends before it begins", [](auto& p) { p.to = LinkDay("2026-05-31"); }, "bad_span"},
      {"one day", [](auto& p) { p.to = p.from; }, ""},
      {"366 days", [](auto& p) { p.person = "binh", p.to = LinkDay("2027-06-01"); }, ""},
      {"367 days", [](auto& p) { p.person = "binh", p.to = LinkDay("2027-06-02"); }, "bad_span"},
      {"past a transfer", [](auto& p) { p.to = LinkDay("2026-06-16"); }, "no_post"},
      {"before the post", [](auto& p) { p.from = LinkDay("2025-12-31"), p.to = LinkDay("2026-01-05"); }, "no_post"},
      {"of another unit", [](auto& p) { p.unit = "U2"; }, "no_post"},
      {"somebody else's label", [](auto& p) { p.text = "Nhãn binh"; }, "other_owner"},
      {"of another register", [](auto& p) { p.register_id = "khac", p.text = "Nhãn binh"; }, ""},
      {"the label that they have", [](auto& p) { p.text = "Nhãn an"; }, "known_already"},
      {"no label", [](auto& p) { p.text = ""; }, "bad_text"},
      {"a decomposed label", [](auto& p) { p.text = "Nguye\u0302\u0303n"; }, "bad_text"},
      {"a blank at the end", [](auto& p) { p.text = "Nguyễn "; }, "bad_text"},
      {"a label of 1,000 bytes", [](auto& p) { p.text = std::string(kLinkTextLimitBytes, 'a'); }, ""},
      {"a label of 1,001 bytes", [](auto& p) { p.text = std::string(kLinkTextLimitBytes + 1, 'a'); }, "bad_text"},
      {"no register", [](auto& p) { p.register_id = ""; }, "bad_text"},
      {"no reason", [](auto& p) { p.reason = ""; }, "bad_text"},
      {"a reason of 2,000 bytes", [](auto& p) { p.reason = std::string(kLinkReasonLimitBytes, 'a'); }, ""},
      {"a reason of 2,001 bytes", [](auto& p) { p.reason = std::string(kLinkReasonLimitBytes + 1, 'a'); }, "bad_text"},
      {"an account with a unit", [](auto& p) { p.key = LinkKey::kAccount; }, "needless_unit"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    LinkProposal p = Label();
    c.spoil(p);
    CHECK(CodeOf(CheckProposal(SmallDirectory(), ManualLinks(), p)) == c.code);
  }
}

TEST_CASE("manual links: the rules are asked again when it is decided") {
  Book book;
  const std::string id = book.Propose(Label());
  LinkProposal other = Label("2026-06-15", "2026-06-20");
  other.person = "binh";
  const std::string second = book.Propose(other);
  CHECK(book.Decide(Approval(second, "chi")) == "");
  CHECK(book.Decide(Approval(id, "binh")) == "other_owner");  // both would own 15 June
  CHECK(book.Means("2026-06-15") == "binh");
  // A directory that has learnt it since needs no link.
  Book taught;
  const std::string known = taught.Propose(Label());
  taught.directory.labels.push_back({"an", "dvc", "U1", "Nguyễn Văn A", {}});
  CHECK(taught.Decide(Approval(known, "binh")) == "known_already");
}

TEST_CASE("manual links: an end takes two people too, and shortens") {
  Book book;
  const std::string id = book.Propose(Label());
  CHECK(book.End(id, "2026-06-10") == "no_such_link");  // not yet in force
  REQUIRE(book.Decide(Approval(id, "binh")) == "");
  CHECK(book.End("0000000000000000", "2026-06-10") == "no_such_link");
  CHECK(book.End(id, "2026-06-15") == "bad_end");
  CHECK(book.End(id, "2026-05-30") == "bad_end");
  CHECK(book.End(id, "2026-06-10", "an") == "own_link");
  const std::string end = book.End(id, "2026-06-10");
  CHECK(book.Means("2026-06-12") == "an");
  CHECK(book.Decide(Approval(end, "em")) == "two_persons");
  CHECK(book.Decide(Approval(end, "binh")) == "");
  CHECK(book.Means("2026-06-10") == "an");
  CHECK(book.Means("2026-06-11") == "unknown_label");
  CHECK(book.End(end, "2026-06-05") == "no_such_link");
  const std::string never = book.End(id, "2026-05-31");
  CHECK(book.Decide(Approval(never, "binh")) == "");
  CHECK(book.Means("2026-06-01") == "unknown_label");
  CHECK(book.End(id, "2026-06-01") == "no_such_link");
  CHECK(book.links.LeavesAbout("an").size() == 6);
}

TEST_CASE("manual links: accounts are of their register; a second one is told") {
  Book book;
  CHECK(CodeOf(CheckProposal(book.directory, book.links, AccountOf("an", "acc-binh"))) == "");  // of dvc
  LinkProposal work = AccountOf("an", "acc-binh");
  work.register_id = "hanoiwork";
  CHECK(CodeOf(CheckProposal(book.directory, book.links, work)) == "other_owner");
  work.text = "moi";
  CHECK(CodeOf(CheckProposal(book.directory, book.links, work)) == "");
  CHECK(IsSecondAccount(book.directory, work));
  CHECK_FALSE(IsSecondAccount(book.directory, AccountOf("an", "moi")));
  const std::string id = book.Propose(work);
  REQUIRE(book.Decide(Approval(id, "binh")) == "");
  DirectoryData all = book.directory;
  book.links.AddTo(all);
  const IdentityIndex identity(std::move(all));
  CHECK(identity.ResolvePerson({"", "", "", "moi", ""}, "hanoiwork", {}, LinkDay("2026-06-30")).id == "an");
  CHECK(identity.ResolvePerson({"", "", "", "moi", ""}, "hanoiwork", {}, LinkDay("2026-07-01")).id == "");
  CHECK(identity.ResolvePerson({"", "", "", "moi", ""}, "dvc", {}, LinkDay("2026-06-30")).id == "");
}

TEST_CASE("manual links: the format's vector, and documents that are no step") {
  LinkProposal p = Label("2026-06-01", "2026-12-31");
  CHECK(*ProposalId(p) == "9ca48bb3f1d60906");
  const Json good = ProposalToJson(p);
  ManualLinks links;
  CHECK(links.Take(good, 1).ok());
  CHECK(CodeOf(links.Take(good, 2)) == "bad_link");  // twice
  for (const char* member :
       {"schema", "action", "key", "register", "unit", "text", "person", "from", "to", "reason", "by", "at"}) {
    CAPTURE(member);
    Json broken = good;
    broken.erase(member);
    CHECK_FALSE(ManualLinks().Take(broken, 1).ok());
    broken[member] = 7;
    CHECK_FALSE(ManualLinks().Take(broken, 1).ok());
  }
  Json more = good;
  more["note"] = "x";
  CHECK_FALSE(ManualLinks().Take(more, 1).ok());
  CHECK_FALSE(ManualLinks().Take(Json::array(), 1).ok());
  CHECK(CodeOf(ManualLinks().Take(VerdictToJson(Approval("0000000000000000", "binh")), 1)) == "bad_link");
}
