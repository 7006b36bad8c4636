#include "mapping/manual_links.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/json_at.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr const char* kSchema = "minhchung/link@1";
constexpr std::size_t kIdBytes = 16;

bool KnownPerson(const DirectoryData& directory, const std::string& person) {
  return std::any_of(directory.people.begin(), directory.people.end(), [&](const Person& p) { return p.id == person; });
}

bool KnownUnit(const DirectoryData& directory, const std::string& unit) {
  return std::any_of(directory.units.begin(), directory.units.end(), [&](const OrgUnit& u) { return u.id == unit; });
}

bool HoldsPost(const DirectoryData& directory, const LinkProposal& p, CivilDate day) {
  return std::any_of(directory.memberships.begin(), directory.memberships.end(), [&](const Membership& post) {
    return post.person == p.person && post.unit == p.unit && post.span.Contains(day);
  });
}

// One owner of the proposal's key.
struct Owner {
  std::string person;
  DateSpan span;
};

std::vector<Owner> OwnersOf(const DirectoryData& directory, const LinkProposal& p) {
  std::vector<Owner> owners;
  if (p.key == LinkKey::kLabel) {
    for (const AccountLabel& row : directory.labels) {
      const bool same = row.register_id == p.register_id && row.unit == p.unit && row.label == p.text;
      if (same) owners.push_back({row.person, row.span});
    }
  } else {
    for (const Account& row : directory.accounts) {
      if (row.register_id == p.register_id && row.account == p.text) owners.push_back({row.person, row.span});
    }
  }
  return owners;
}

Status CheckText(const std::string& text, std::size_t limit, const char* what) {
  const auto nfc = ToNfc(text);
  if (!nfc || *nfc != text || Trim(text) != text || text.empty() || text.size() > limit) {
    return ConfigError("bad_text", std::string(what) + " must be 1 to " + std::to_string(limit) +
                                       " bytes of text in NFC without white space at its ends");
  }
  return Ok();
}

// A key that is somebody else's on one day says no, whatever a name suggests.
Status CheckOwners(const DirectoryData& directory, const LinkProposal& p) {
  const std::vector<Owner> owners = OwnersOf(directory, p);
  bool known = true;
  for (CivilDate day = p.from; day <= p.to; ++day.days) {
    bool owned = false;
    for (const Owner& owner : owners) {
      if (!owner.span.Contains(day)) continue;
      if (owner.person != p.person) {
        return ConfigError("other_owner", "on " + FormatDate(day) + " this " + std::string(Name(p.key)) +
                                              " is that of " + owner.person + ": correct the directory first");
      }
      owned = true;
    }
    known = known && owned;
  }
  if (known) return ConfigError("known_already", "the key is known to be this person's on every day: nothing to link");
  return Ok();
}

Status CheckPeople(const DirectoryData& directory, const std::string& by, const std::string& person) {
  for (const std::string& id : {by, person}) {
    if (!KnownPerson(directory, id)) return ConfigError("unknown_id", "the directory has no person " + id);
  }
  if (by == person) return ConfigError("own_link", "nobody links anything to themselves: somebody else must");
  return Ok();
}

Status CheckNewLink(const DirectoryData& directory, const ManualLinks& links, const LinkProposal& p) {
  MC_CHECK_OK(CheckText(p.text, kLinkTextLimitBytes, "the label or account"));
  MC_CHECK_OK(CheckText(p.register_id, kLinkTextLimitBytes, "the register"));
  if (p.to < p.from || p.to.days - p.from.days >= kManualLinkDays) {
    return ConfigError("bad_span", "a manual link lasts from its first day to its last, at most " +
                                       std::to_string(kManualLinkDays) + " days");
  }
  if (p.key == LinkKey::kLabel) {
    if (!KnownUnit(directory, p.unit)) return ConfigError("unknown_id", "the directory has no unit " + p.unit);
    for (CivilDate day = p.from; day <= p.to; ++day.days) {
      if (HoldsPost(directory, p, day)) continue;
      return ConfigError("no_post", p.person + " holds no post in " + p.unit + " on " + FormatDate(day) +
                                        ": a label counts only within its unit; shorten the link");
    }
  } else if (!p.unit.empty()) {
    return ConfigError("needless_unit", "an account is of its register, not of a unit");
  }
  DirectoryData all = directory;
  links.AddTo(all);
  return CheckOwners(all, p);
}

Status CheckEnd(const ManualLinks& links, const LinkProposal& p) {
  const LinkRecord* link = links.Find(p.ends);
  const auto span = link ? links.SpanOf(*link) : std::nullopt;
  if (!span) return ConfigError("no_such_link", "no link " + p.ends + " is in force");
  if (p.to >= *span->to || p.to.days < span->from->days - 1) {
    return ConfigError("bad_end", "the link counts from " + FormatDate(*span->from) + " to " + FormatDate(*span->to) +
                                      ": give a last day before that, or the day before the first");
  }
  return Ok();
}

// --- documents

Result<CivilDate> DateAt(const JsonAt& at, const char* key) {
  MC_TRY(const JsonAt member, at.Member(key));
  return member.Date();
}

Result<Instant> InstantAt(const JsonAt& at, const char* key) {
  MC_TRY(const std::string text, at.MemberText(key, kIdBytes * 2));
  return ParseInstant(text);
}

Result<LinkProposal> ReadProposal(const JsonAt& at) {
  MC_CHECK_OK(
      at.Keys({"schema", "action", "key", "register", "unit", "text", "person", "from", "to", "reason", "by", "at"}));
  LinkProposal p;
  MC_TRY(const JsonAt key, at.Member("key"));
  MC_TRY(const std::size_t chosen, key.OneOf({"label", "account"}));
  p.key = chosen == 0 ? LinkKey::kLabel : LinkKey::kAccount;
  MC_TRY(p.register_id, at.MemberText("register", kLinkTextLimitBytes));
  if (p.key == LinkKey::kLabel) {
    MC_TRY(p.unit, at.MemberText("unit", kLinkTextLimitBytes));
  }
  MC_TRY(p.text, at.MemberText("text", kLinkTextLimitBytes));
  MC_TRY(p.person, at.MemberText("person", kLinkTextLimitBytes));
  MC_TRY(p.from, DateAt(at, "from"));
  MC_TRY(p.to, DateAt(at, "to"));
  MC_TRY(p.reason, at.MemberText("reason", kLinkReasonLimitBytes));
  MC_TRY(p.by, at.MemberText("by", kLinkTextLimitBytes));
  MC_TRY(p.at, InstantAt(at, "at"));
  return p;
}

Result<LinkProposal> ReadEnd(const JsonAt& at) {
  MC_CHECK_OK(at.Keys({"schema", "action", "link", "to", "reason", "by", "at"}));
  LinkProposal p;
  MC_TRY(p.ends, at.MemberText("link", kIdBytes));
  MC_TRY(p.to, DateAt(at, "to"));
  MC_TRY(p.reason, at.MemberText("reason", kLinkReasonLimitBytes));
  MC_TRY(p.by, at.MemberText("by", kLinkTextLimitBytes));
  MC_TRY(p.at, InstantAt(at, "at"));
  return p;
}

Result<LinkVerdict> ReadVerdict(const JsonAt& at, LinkDecision decision) {
  const bool approves = decision == LinkDecision::kApprove;
  MC_CHECK_OK(approves ? at.Keys({"schema", "action", "proposal", "by", "at"})
                       : at.Keys({"schema", "action", "proposal", "reason", "by", "at"}));
  LinkVerdict v;
  v.decision = decision;
  MC_TRY(v.proposal, at.MemberText("proposal", kIdBytes));
  if (!approves) {
    MC_TRY(v.reason, at.MemberText("reason", kLinkReasonLimitBytes));
  }
  MC_TRY(v.by, at.MemberText("by", kLinkTextLimitBytes));
  MC_TRY(v.at, InstantAt(at, "at"));
  return v;
}

}  // namespace

std::string_view Name(LinkKey key) { return key == LinkKey::kLabel ? "label" : "account"; }

Json ProposalToJson(const LinkProposal& p) {
  Json json = {
      {"schema", kSchema}, {"to", FormatDate(p.to)}, {"reason", p.reason}, {"by", p.by}, {"at", FormatInstant(p.at)}};
  if (!p.ends.empty()) {
    json["action"] = "propose_end";
    json["link"] = p.ends;
    return json;
  }
  json["action"] = "propose";
  json["key"] = Name(p.key);
  json["register"] = p.register_id;
  if (p.key == LinkKey::kLabel) json["unit"] = p.unit;
  json["text"] = p.text;
  json["person"] = p.person;
  json["from"] = FormatDate(p.from);
  return json;
}

Json VerdictToJson(const LinkVerdict& v) {
  const bool approves = v.decision == LinkDecision::kApprove;
  Json json = {{"schema", kSchema},
               {"action", approves ? "approve" : "reject"},
               {"proposal", v.proposal},
               {"by", v.by},
               {"at", FormatInstant(v.at)}};
  if (!approves) json["reason"] = v.reason;
  return json;
}

Result<std::string> ProposalId(const LinkProposal& proposal) {
  MC_TRY(const std::string text, CanonicalJson(ProposalToJson(proposal)));
  return ToHex(Sha256(text)).substr(0, kIdBytes);
}

Status ManualLinks::Take(const Json& document, std::int64_t leaf) {
  const JsonAt at(document);
  if (!document.is_object()) return ConfigError("bad_link", "a step of a manual link is an object");
  MC_TRY(const JsonAt schema, at.Member("schema"));
  MC_TRY([[maybe_unused]] const std::size_t known, schema.OneOf({kSchema}));
  MC_TRY(const JsonAt action, at.Member("action"));
  MC_TRY(const std::size_t chosen, action.OneOf({"propose", "propose_end", "approve", "reject"}));
  if (chosen <= 1) {
    MC_TRY(LinkProposal proposal, chosen == 0 ? ReadProposal(at) : ReadEnd(at));
    MC_TRY(std::string id, ProposalId(proposal));
    if (chosen == 1) MC_CHECK_OK(FillEnd(*this, proposal));
    if (Find(id)) return ConfigError("bad_link", "the proposal " + id + " stands twice");
    records_.push_back({std::move(id), std::move(proposal), std::nullopt, {leaf}});
    return Ok();
  }
  MC_TRY(LinkVerdict verdict, ReadVerdict(at, chosen == 2 ? LinkDecision::kApprove : LinkDecision::kReject));
  const auto record =
      std::find_if(records_.begin(), records_.end(), [&](const LinkRecord& one) { return one.id == verdict.proposal; });
  if (record == records_.end() || record->verdict) {
    return ConfigError("bad_link", "the proposal " + verdict.proposal + " is not open");
  }
  record->verdict = std::move(verdict);
  record->leaves.push_back(leaf);
  return Ok();
}

const LinkRecord* ManualLinks::Find(const std::string& id) const {
  const auto found =
      std::find_if(records_.begin(), records_.end(), [&](const LinkRecord& record) { return record.id == id; });
  return found == records_.end() ? nullptr : &*found;
}

std::optional<DateSpan> ManualLinks::SpanOf(const LinkRecord& link) const {
  if (!link.approved() || !link.proposal.ends.empty()) return std::nullopt;
  CivilDate last = link.proposal.to;
  for (const LinkRecord& other : records_) {
    if (other.proposal.ends == link.id && other.approved()) last = std::min(last, other.proposal.to);
  }
  if (last < link.proposal.from) return std::nullopt;
  return DateSpan{link.proposal.from, last};
}

void ManualLinks::AddTo(DirectoryData& directory) const {
  for (const LinkRecord& record : records_) {
    const auto span = SpanOf(record);
    const LinkProposal& p = record.proposal;
    if (!span) continue;
    if (p.key == LinkKey::kLabel) {
      directory.labels.push_back({p.person, p.register_id, p.unit, p.text, *span});
    } else {
      directory.accounts.push_back({p.person, p.register_id, p.text, *span});
    }
  }
}

std::vector<std::int64_t> ManualLinks::LeavesAbout(const std::string& person) const {
  std::vector<std::int64_t> leaves;
  for (const LinkRecord& record : records_) {
    if (record.proposal.person == person) leaves.insert(leaves.end(), record.leaves.begin(), record.leaves.end());
  }
  std::sort(leaves.begin(), leaves.end());
  return leaves;
}

Status FillEnd(const ManualLinks& links, LinkProposal& proposal) {
  const LinkRecord* link = links.Find(proposal.ends);
  if (!link || !link->proposal.ends.empty()) return ConfigError("no_such_link", "there is no link " + proposal.ends);
  LinkProposal whole = link->proposal;
  whole.ends = proposal.ends;
  whole.to = proposal.to;
  whole.reason = std::move(proposal.reason);
  whole.by = std::move(proposal.by);
  whole.at = proposal.at;
  proposal = std::move(whole);
  return Ok();
}

Status CheckProposal(const DirectoryData& directory, const ManualLinks& links, const LinkProposal& p) {
  MC_CHECK_OK(CheckPeople(directory, p.by, p.person));
  MC_CHECK_OK(CheckText(p.reason, kLinkReasonLimitBytes, "the reason"));
  return p.ends.empty() ? CheckNewLink(directory, links, p) : CheckEnd(links, p);
}

Status CheckVerdict(const DirectoryData& directory, const ManualLinks& links, const LinkVerdict& verdict) {
  const LinkRecord* record = links.Find(verdict.proposal);
  if (!record || record->verdict) {
    return ConfigError("not_open", "no proposal " + verdict.proposal + " waits for a decision; see `link list`");
  }
  const LinkProposal& p = record->proposal;
  MC_CHECK_OK(CheckPeople(directory, verdict.by, p.person));
  if (verdict.decision == LinkDecision::kReject) return CheckText(verdict.reason, kLinkReasonLimitBytes, "the reason");
  if (verdict.by == p.by) {
    return ConfigError("two_persons", "a link takes two people: whoever proposed it may not approve it");
  }
  return CheckProposal(directory, links, p);
}

bool IsSecondAccount(const DirectoryData& directory, const LinkProposal& p) {
  return p.key == LinkKey::kAccount &&
         std::any_of(directory.accounts.begin(), directory.accounts.end(), [&](const Account& row) {
           const bool overlaps = (!row.span.from || *row.span.from <= p.to) && (!row.span.to || p.from <= *row.span.to);
           return row.person == p.person && row.register_id == p.register_id && row.account != p.text && overlaps;
         });
}

}  // namespace mc
