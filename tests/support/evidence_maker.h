// Short makers of evidence and a small directory for item tests. Times are written as
// people write them: "2026-06-10 08:30:00" in city time, or a bare date "2026-06-10".
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <functional>
#include <memory>
#include <tuple>

#include <string>
#include <vector>

#include "core/evidence.h"
#include "core/time.h"
#include "mapping/identity.h"
#include "mapping/items.h"
#include "mapping/standing.h"

namespace mc::test {

inline Moment At(const std::string& text) {
  const Result<CivilDate> date = ParseDate(text.substr(0, 10));
  REQUIRE(date.ok());
  if (text.size() == 10) return BareDate(*date);
  const auto number = [&](std::size_t from) { return std::stoll(text.substr(from, 2)); };
  const std::int64_t seconds = number(11) * 3600 + number(14) * 60 + (text.size() > 16 ? number(17) : 0);
  return Moment{Instant{StartOfDay(*date).micros + seconds * kMicrosPerSecond}, false};
}

inline OrganisationCode CodeRow(const std::string& old_code, const std::string& code, CodeRelation relation,
                                const std::string& from = "", const std::string& to = "") {
  OrganisationCode row{old_code, code, relation, {}, "QĐ 01 (mẫu)"};
  if (!from.empty()) row.span.from = *ParseDate(from);
  if (!to.empty()) row.span.to = *ParseDate(to);
  return row;
}

inline Instant AsOf(const std::string& text) { return EndOf(At(text)); }

// Two units with three people: An and Bình in U1 (H26.1), Chi in U2 (H26.2); Em leads U1.
// An moves to U2 on 16 June.
inline DirectoryData SmallDirectory() {
  DirectoryData d;
  d.units = {{"U1", "UBND phường Một", Axis::kCommittee, "", "", {{"H26.1", {}}}},
             {"U2", "UBND phường Hai", Axis::kCommittee, "", "", {{"H26.2", {}}}}};
  const auto date = [](const std::string& text) { return *ParseDate(text); };
  for (const char* id : {"an", "binh", "chi", "em"}) d.people.push_back({id, id, SubjectGroup::kCivilServant, ""});
  const auto post = [&](const char* who, const char* unit, Role role, const char* from, const char* to) {
    Membership m;
    m.person = who;
    m.unit = unit;
    m.role = role;
    m.span.from = date(from);
    if (*to) m.span.to = date(to);
    d.memberships.push_back(m);
  };
  post("an", "U1", Role::kMember, "2026-01-01", "2026-06-15");
  post("an", "U2", Role::kMember, "2026-06-16", "");
  post("binh", "U1", Role::kMember, "2026-01-01", "");
  post("chi", "U2", Role::kMember, "2026-01-01", "");
  post("em", "U1", Role::kHead, "2026-01-01", "");
  for (const char* id : {"an", "binh", "chi", "em"}) {
    d.staff_codes.push_back({id, id == std::string("chi") ? "H26.2" : "H26.1", std::string("CB-") + id, {}});
    d.accounts.push_back({id, "hanoiwork", std::string("acc-") + id, {}});
    d.labels.push_back({id, "dvc", id == std::string("chi") ? "U2" : "U1", std::string("Nhãn ") + id, {}});
  }
  return d;
}

class Story {
 public:
  Story() : Story(SmallDirectory()) {}
  explicit Story(DirectoryData directory) : identity_(std::make_shared<IdentityIndex>(std::move(directory))) {}

  // --- documents
  Evidence& Document(const std::string& issuer, const std::string& number, const std::string& date,
                     const std::string& due, const std::string& task = "", const std::string& status = "",
                     const std::string& replaces = "") {
    Evidence e = New(EvidenceKind::kDocument, "edoc", "");
    e.status = status;
    if (!replaces.empty()) e.aliases.push_back(replaces);
    e.unit.code = issuer;
    e.document = {issuer, number, *ParseDate(date)};
    e.occurred_at = At(date);
    if (!due.empty()) e.due_at = At(due);
    e.product = "SP-VB-01";
    e.type_known = true;
    if (!task.empty()) e.task_codes.push_back(task);
    return Add(std::move(e));
  }
  void DocStatus(const std::string& from, const std::string& issuer, const std::string& number,
                 const std::string& date, const std::string& code, const std::string& at, const std::string& who = "") {
    Evidence e = New(EvidenceKind::kDocumentStatus, "edoc", "");
    e.unit.code = from;
    e.document = {issuer, number, *ParseDate(date)};
    e.status = code;
    e.occurred_at = At(at);
    if (!who.empty()) e.lead = {"CB-" + who, from, "", "", ""};
    Add(std::move(e));
  }
  // --- dossiers
  Evidence& Dossier(const std::string& id, const std::string& received, const std::string& due,
                    const std::string& status = "4") {
    Evidence e = New(EvidenceKind::kDossier, "dvc", id);
    e.unit.name = "UBND phường Một";
    e.assigned_at = At(received);
    if (!due.empty()) e.due_at = At(due);
    e.status = status;
    e.product = "SP-HS-01";
    e.type_known = true;
    return Add(std::move(e));
  }
  void Step(const std::string& id, const std::string& status, const std::string& at, const std::string& who) {
    Evidence e = New(EvidenceKind::kDossierStep, "dvc", id);
    e.status = status;
    e.occurred_at = At(at);
    if (!who.empty()) e.lead.label = "Nhãn " + who;
    Add(std::move(e));
  }
  // --- reports
  Evidence& Report(const std::string& id, const std::string& unit, const std::string& at, const std::string& answered) {
    Evidence e = New(EvidenceKind::kReport, "ihanoi", id);
    e.unit.code = unit;
    e.assigned_at = At(at);
    if (!answered.empty()) e.completed_at = At(answered);
    e.product = "SP-PA-01";
    e.type_known = true;
    return Add(std::move(e));
  }
  // --- tasks
  Evidence& Task(const std::string& code, const std::string& lead, const std::string& at, const std::string& due,
                 const std::string& assigner = "em") {
    Evidence e = New(EvidenceKind::kTask, "hanoiwork", code);
    e.unit.code = "H26.1";
    e.lead.account = "acc-" + lead;
    e.assigner.account = "acc-" + assigner;
    e.assigned_at = At(at);
    if (!due.empty()) e.due_at = At(due);
    e.product = "SP-NV-01";
    e.type_known = true;
    return Add(std::move(e));
  }

  std::vector<WorkItem> Items(const std::string& as_of) const {
    return BuildItems(revisions_, *identity_, ItemSettings{}, AsOf(as_of));
  }
  // The one item with this key. Fails the test when there is none.
  WorkItem Item(const std::string& key, const std::string& as_of) const {
    for (WorkItem& item : Items(as_of)) {
      if (item.key == key) return item;
    }
    FAIL("no item " << key);
    return {};
  }
  void Take(Evidence evidence) { Add(std::move(evidence)); }
  std::vector<EvidenceRevision>& revisions() { return revisions_; }

 private:
  static Evidence New(EvidenceKind kind, const char* register_id, std::string id) {
    Evidence e;
    e.kind = kind;
    e.register_id = register_id;
    e.native_id = std::move(id);
    return e;
  }
  Evidence& Add(Evidence e) {
    EvidenceRevision r;
    r.evidence = std::move(e);
    r.ik = static_cast<std::int64_t>(revisions_.size()) + 1;
    r.leaf_index = static_cast<std::int64_t>(revisions_.size());
    revisions_.push_back(std::move(r));
    return revisions_.back().evidence;
  }
  std::shared_ptr<const IdentityIndex> identity_;  // it points into itself: never copied
  std::vector<EvidenceRevision> revisions_;
};

inline PersonKeys By(const std::string& who) { return {"", "", "", "acc-" + who, ""}; }

// "assigned completed late failures[ carried][ no_deadline]", or "-" when it does not stand.
inline std::string Stands(const WorkItem& item, const std::string& period) {
  const auto s = StandIn(item, *ParsePeriod(period), PeriodRules{});
  if (!s) return "-";
  return s->assigned.ToShortest() + " " + s->completed.ToShortest() + " " + std::to_string(s->late) + " " +
         std::to_string(s->quality_failures) + (s->carried_over ? " carried" : "") +
         (s->no_deadline ? " no_deadline" : "");
}

}  // namespace mc::test
