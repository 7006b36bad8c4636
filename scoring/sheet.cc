#include "scoring/sheet.h"

#include <algorithm>
#include <unordered_map>

namespace mc {
namespace {

using IndexById = std::unordered_map<std::string_view, std::size_t>;

Subject SubjectFrom(const PersonContext& person) {
  Subject subject;
  subject.id = person.person;
  subject.group = person.group;
  subject.leading = person.leading;
  subject.general = person.general;
  subject.leadership.organising = person.organising;
  subject.leadership.unity = person.unity;
  subject.bars = person.bars;
  subject.unit = person.unit;
  subject.peer_group = person.peer_group;
  subject.waiting_for_data = person.waiting;
  if (person.held_lines > 0) {
    subject.waiting_for_data.push_back(std::to_string(person.held_lines) + " việc đang tạm giữ, chưa tính được");
  }
  return subject;
}

// Takes a fact's line, or notes why its person has to wait.
void TakeFact(const Catalogue& catalogue, const Fact& fact, Subject& subject) {
  if (auto line = LineFromFact(catalogue, fact)) {
    subject.lines.push_back(std::move(*line));
    return;
  }
  subject.waiting_for_data.push_back("sản phẩm \"" + fact.product + "\" của " + fact.item_key +
                                     " không có trong danh mục có hiệu lực ngày giao " +
                                     FormatCity(BareDate(fact.assigned_on)));
}

// The order in which facts arrive must not show on a sheet.
void SortSheet(Subject& subject) {
  std::sort(subject.lines.begin(), subject.lines.end(),
            [](const ScoreInputLine& a, const ScoreInputLine& b) { return a.label < b.label; });
  std::sort(subject.waiting_for_data.begin(), subject.waiting_for_data.end());
}

// The managed persons of each subject, and the order in which they can be scored.
class Hierarchy {
 public:
  static Result<Hierarchy> Build(const std::vector<Subject>& subjects, const std::vector<std::string>& managers) {
    Hierarchy tree;
    tree.managed_.resize(subjects.size());
    IndexById index;
    for (std::size_t i = 0; i < subjects.size(); ++i) index.emplace(subjects[i].id, i);
    std::vector<std::optional<std::size_t>> manager_of(subjects.size());
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      const auto found = index.find(managers[i]);
      if (found == index.end()) continue;
      manager_of[i] = found->second;
      tree.managed_[found->second].push_back(i);
    }
    tree.SortOut(manager_of);
    if (tree.order_.size() == subjects.size()) return tree;
    return tree.Cycle(subjects);
  }

  const std::vector<std::size_t>& order() const { return order_; }  // managed persons first
  const std::vector<std::size_t>& managed(std::size_t i) const { return managed_[i]; }

 private:
  // Kahn: whoever has nobody left to wait for comes next.
  void SortOut(const std::vector<std::optional<std::size_t>>& manager_of) {
    std::vector<std::size_t> waits_for(managed_.size());
    for (std::size_t i = 0; i < managed_.size(); ++i) {
      waits_for[i] = managed_[i].size();
      if (waits_for[i] == 0) order_.push_back(i);
    }
    for (std::size_t next = 0; next < order_.size(); ++next) {
      const auto manager = manager_of[order_[next]];
      if (manager && --waits_for[*manager] == 0) order_.push_back(*manager);
    }
  }

  Error Cycle(const std::vector<Subject>& subjects) const {
    std::vector<bool> placed(subjects.size(), false);
    for (const std::size_t i : order_) placed[i] = true;
    const auto first = static_cast<std::size_t>(std::find(placed.begin(), placed.end(), false) - placed.begin());
    return ConfigError("manager_cycle", "the manager links of the directory form a cycle at or above person " +
                                            subjects[first].id + "; repair the memberships");
  }

  std::vector<std::vector<std::size_t>> managed_;
  std::vector<std::size_t> order_;
};

std::string Named(const std::vector<std::string>& ids) {
  constexpr std::size_t kShown = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(ids.size(), kShown); ++i) text += (i == 0 ? "" : ", ") + ids[i];
  if (ids.size() > kShown) text += " và " + std::to_string(ids.size() - kShown) + " người khác";
  return text;
}

void Wait(Subject& leader, ScoreStatus status, std::string reason) {
  leader.waits_for_managed = status;
  leader.waits_for_managed_reason = std::move(reason);
}

// d of one leader from the cards of the managed persons (decision 0001, rule 25).
void SetUnitResults(const Policy& policy, const std::vector<const ScoreCard*>& managed, Subject& leader) {
  std::vector<std::string> data, assessment;
  std::size_t classed = 0;
  bool any_not_completed = false;
  for (const ScoreCard* card : managed) {
    if (card->status == ScoreStatus::kAwaitingData) data.push_back(card->subject);
    if (card->status == ScoreStatus::kAwaitingAssessment) assessment.push_back(card->subject);
    if (!card->class_after_gates) continue;
    ++classed;
    any_not_completed |= *card->class_after_gates == policy.bands.back().name;
  }
  if (!data.empty()) {
    Wait(leader, ScoreStatus::kAwaitingData, "chờ dữ liệu của người dưới quyền: " + Named(data));
  } else if (!assessment.empty()) {
    Wait(leader, ScoreStatus::kAwaitingAssessment, "chờ đánh giá người dưới quyền: " + Named(assessment));
  } else if (classed == 0) {
    Wait(leader, ScoreStatus::kAwaitingData, "không có người dưới quyền nào được xếp loại trong kỳ");
  } else {
    leader.leadership.unit_results = any_not_completed ? policy.d_any_not_completed : policy.d_all_completed;
  }
}

}  // namespace

std::optional<ScoreInputLine> LineFromFact(const Catalogue& catalogue, const Fact& fact) {
  const auto found = catalogue.Find(fact.product, fact.assigned_on);
  if (!found) return std::nullopt;
  ScoreInputLine line;
  line.label = fact.item_key;
  line.product = fact.product;
  line.edition = EditionLabel(*found->edition);
  line.coefficient = found->product->coefficient;
  line.assigned = fact.standing.assigned;
  line.completed = fact.standing.completed;
  line.quality_failures = fact.standing.quality_failures;
  line.late = fact.standing.late;
  line.carried_over = fact.standing.carried_over;
  line.no_deadline = fact.standing.no_deadline;
  return line;
}

Result<std::vector<Subject>> BuildSubjects(const Catalogue& catalogue, const VerifiedFacts& facts,
                                           const std::vector<PersonContext>& people) {
  std::vector<Subject> subjects;
  subjects.reserve(people.size());
  for (const PersonContext& person : people) subjects.push_back(SubjectFrom(person));
  std::sort(subjects.begin(), subjects.end(), [](const Subject& a, const Subject& b) { return a.id < b.id; });
  IndexById index;
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    if (!index.emplace(subjects[i].id, i).second) {
      return InternalError("duplicate_person", "two contexts for person " + subjects[i].id);
    }
  }
  for (const Fact& fact : facts.facts()) {
    const auto found = index.find(fact.person);
    if (found == index.end()) {
      return InternalError("fact_without_person", "no context for the lead of " + fact.item_key);
    }
    TakeFact(catalogue, fact, subjects[found->second]);
  }
  for (Subject& subject : subjects) SortSheet(subject);
  return subjects;
}

Result<std::vector<ScoreCard>> ScoreSubjects(const Policy& policy, std::vector<Subject>& subjects,
                                             const std::vector<std::string>& managers) {
  MC_TRY(const Hierarchy tree, Hierarchy::Build(subjects, managers));
  std::vector<ScoreCard> cards(subjects.size());
  for (const std::size_t i : tree.order()) {
    Subject& subject = subjects[i];
    MC_CHECK_OK(CheckBars(policy, subject));
    if (subject.leading) {
      std::vector<const ScoreCard*> managed;
      for (const std::size_t j : tree.managed(i)) managed.push_back(&cards[j]);
      SetUnitResults(policy, managed, subject);
    }
    cards[i] = Score(policy, subject);
  }
  ApplyQuota(policy, subjects, cards);
  return cards;
}

Result<PeriodSheets> BuildPeriodSheets(const Policy& policy, const Catalogue& catalogue, const VerifiedFacts& facts,
                                       const std::vector<PersonContext>& people) {
  PeriodSheets sheets;
  MC_TRY(sheets.subjects, BuildSubjects(catalogue, facts, people));
  std::unordered_map<std::string_view, std::string_view> manager_of;
  for (const PersonContext& person : people) manager_of.emplace(person.person, person.manager);
  std::vector<std::string> managers;
  managers.reserve(sheets.subjects.size());
  for (const Subject& subject : sheets.subjects) managers.emplace_back(manager_of.at(subject.id));
  MC_TRY(sheets.cards, ScoreSubjects(policy, sheets.subjects, managers));
  return sheets;
}

Result<std::vector<ScoreCard>> ScorePeriod(const Policy& policy, const Catalogue& catalogue, const VerifiedFacts& facts,
                                           const std::vector<PersonContext>& people) {
  MC_TRY(PeriodSheets sheets, BuildPeriodSheets(policy, catalogue, facts, people));
  return std::move(sheets.cards);
}

}  // namespace mc
