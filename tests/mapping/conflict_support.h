// What the tests of conflicts (conflicts_*_test.cc) have in common: a dossier, a task and a report that are in no conflict,
// and ways to have their records say something else.
#pragma once

#include "mapping/conflicts.h"
#include "tests/support/evidence_maker.h"

namespace mc::test {

inline const std::string kId = "H26.1-260601-00001";
inline const std::string kDossier = "dossier:dvc:" + kId;
inline const std::string kTask = "task:hanoiwork:T1";
inline const std::string kReport = "report:ihanoi:R1";

// Reasons without what stands behind their ':'.
inline std::vector<std::string> Codes(const WorkItem& item) {
  std::vector<std::string> codes;
  for (const std::string& held : item.held) codes.push_back(held.substr(0, held.find(':')));
  return codes;
}

using Held = std::vector<std::string>;
using Change = std::function<void(Evidence&)>;

// Says the record of evidence `at` again, changed.
inline void Again(Story& s, std::size_t at, const Change& change) {
  Evidence again = s.revisions().at(at).evidence;
  change(again);
  const std::int64_t revision = s.revisions().at(at).revision + 1;
  s.revisions().at(at).latest = false;
  s.Take(std::move(again));
  s.revisions().back().revision = revision;
}

inline ResultRef Names(ResultKind kind, const std::string& id) {
  ResultRef ref;
  ref.kind = kind;
  ref.native_id = id;
  return ref;
}

// A dossier of An's: received on the 1st, due on the 15th, finished on the 10th.
inline Story Finished(const char* status = "9") {
  Story s;
  s.Dossier(kId, "2026-06-01 08:00:00", "2026-06-15 17:00:00", status);
  s.Step(kId, "2", "2026-06-01 08:00:00", "em");
  s.Step(kId, "4", "2026-06-02 08:00:00", "an");
  s.Step(kId, "9", "2026-06-10 08:00:00", "an");
  return s;
}

// A task of An's that is accepted on the 10th.
inline Story Accepted() {
  Story s;
  s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20").acceptance =
      Acceptance{At("2026-06-10 09:00:00"), By("em"), std::nullopt, std::nullopt};
  return s;
}

inline Story Answered() {
  Story s;
  s.Report("R1", "H26.1", "2026-06-06 08:00:00", "2026-06-09 08:00:00").due_at = At("2026-06-12 08:00:00");
  return s;
}

inline Change Set(std::optional<Moment> Evidence::* field, const char* at) {
  return [=](Evidence& e) {
    e.*field = *at ? std::optional(At(at)) : std::nullopt;
  };
}

inline Change Extended(const char* due, const char* by) {
  return [=](Evidence& e) {
    e.due_at = At(due);
    e.extensions.push_back({At("2026-06-18 08:00:00"), At(due), By(by)});
  };
}

inline Change Supplemented(const char* due) {
  return [=](Evidence& e) {
    Supplement s;
    s.requested_at = At("2026-06-08 08:00:00");
    s.new_due = At(due);
    e.supplements = {s};
    e.due_at = At(due);
  };
}

inline Change AcceptedOn(const char* at, const char* delivered = "") {
  return [=](Evidence& e) {
    if (!*at) return e.acceptance.reset();
    e.acceptance = Acceptance{At(at), By("em"), std::nullopt, std::nullopt};
    if (*delivered) e.acceptance->delivered_on = At(delivered);
  };
}

}  // namespace mc::test
