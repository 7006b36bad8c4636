#include "scoring/scorer.h"

#include <algorithm>

#include "scoring/text_vi.h"

namespace mc {
namespace {

Ratio Net(std::int64_t counted, std::int64_t excused) { return std::max<std::int64_t>(0, counted - excused); }

// What one component of a line is worth after its deductions, never below 0.
Ratio AfterDeduction(const Policy& policy, const Ratio& done, const Ratio& count) {
  return Max(0, done - policy.deduction_rate * count);
}

std::string WhyUnfinished(const ScoreInputLine& in, const Ratio& left, const Ratio& amount) {
  return "Giao " + ViNumber(in.assigned) + ", hoàn thành " + ViNumber(in.completed) + ": thiếu " + ViNumber(left) +
         ", quy đổi " + ViNumber(left) + " × " + ViNumber(in.coefficient) + " = " + ViNumber(amount);
}

struct Deduction {
  std::string_view component;  // "b" or "c"
  std::string_view what;       // "lần lỗi nghiêm trọng về nội dung"
  std::int64_t counted, excused;
};

std::string WhyDeducted(const Policy& policy, const ScoreLine& line, const Deduction& cut, const Ratio& lost,
                        const Ratio& amount) {
  const Ratio net = Net(cut.counted, cut.excused);
  std::string why = ViNumber(net) + " " + std::string(cut.what);
  if (cut.excused > 0) {
    why += " (" + std::to_string(cut.counted) + " lần, trừ " + std::to_string(cut.excused) +
           " lần có lý do khách quan được xác nhận)";
  }
  const Ratio full = policy.deduction_rate * net;
  why += ": giảm " + ViNumber(net) + " × " + ViPercent(policy.deduction_rate) + " = " + ViNumber(full);
  if (full > lost) why += ", chỉ trừ đến hết phần đã hoàn thành " + ViNumber(line.done);
  return why + ", quy đổi " + ViNumber(lost) + " × " + ViNumber(line.input.coefficient) + " = " + ViNumber(amount);
}

void AddDeduction(const Policy& policy, const Deduction& cut, const Ratio& lost, ScoreLine& line) {
  if (lost == Ratio(0)) return;
  const Ratio amount = lost * line.input.coefficient;
  line.lost.push_back({std::string(cut.component), amount, 0, WhyDeducted(policy, line, cut, lost, amount)});
}

ScoreLine MakeLine(const Policy& policy, const ScoreInputLine& in) {
  ScoreLine line;
  line.input = in;
  line.done = Min(in.completed, in.assigned);
  line.b = AfterDeduction(policy, line.done, Net(in.quality_failures, in.excused_quality_failures));
  line.c = AfterDeduction(policy, line.done, Net(in.late, in.excused_late));
  const Ratio left = in.assigned - line.done;
  if (left > Ratio(0)) {
    const Ratio amount = left * in.coefficient;
    const std::string why = WhyUnfinished(in, left, amount);
    for (const char* component : {"a", "b", "c"}) line.lost.push_back({component, amount, 0, why});
  }
  AddDeduction(policy, {"b", "lần lỗi nghiêm trọng về nội dung", in.quality_failures, in.excused_quality_failures},
               line.done - line.b, line);
  AddDeduction(policy, {"c", "lần chậm tiến độ", in.late, in.excused_late}, line.done - line.c, line);
  return line;
}

Ratio TermCount(const Subject& subject) { return subject.leading ? 6 : 3; }

// a, b, c over all lines; they stay empty when nothing is assigned.
void ScoreLines(const Policy& policy, const Subject& subject, ScoreCard& card) {
  Ratio assigned, a, b, c;
  for (const ScoreInputLine& in : subject.lines) {
    card.lines.push_back(MakeLine(policy, in));
    const ScoreLine& line = card.lines.back();
    assigned += in.assigned * in.coefficient;
    a += line.done * in.coefficient;
    b += line.b * in.coefficient;
    c += line.c * in.coefficient;
  }
  if (assigned == Ratio(0)) return;
  card.a = a / assigned;
  card.b = b / assigned;
  card.c = c / assigned;
  const Ratio points_of_one = policy.results_points / TermCount(subject) / assigned;
  for (ScoreLine& line : card.lines) {
    for (LostPoints& lost : line.lost) lost.points = lost.amount * points_of_one;
  }
}

void SetLeadership(const Subject& subject, ScoreCard& card) {
  if (!subject.leading) return;
  if (!subject.waits_for_managed) card.d = subject.leadership.unit_results;
  card.dd = subject.leadership.organising;
  card.e = subject.leadership.unity;
}

// K is the mean of the terms times the result points; unknown while a term is.
void SetResultsPoints(const Policy& policy, const Subject& subject, ScoreCard& card) {
  std::vector<const std::optional<Ratio>*> terms = {&card.a, &card.b, &card.c};
  if (subject.leading) terms.insert(terms.end(), {&card.d, &card.dd, &card.e});
  Ratio sum = 0;
  for (const auto* term : terms) {
    if (!term->has_value()) return;
    sum += **term;
  }
  card.results_points = sum / TermCount(subject) * policy.results_points;
}

std::string Joined(const std::vector<std::string>& reasons) {
  std::string text;
  for (const std::string& reason : reasons) text += (text.empty() ? "" : "; ") + reason;
  return text;
}

std::string MissingAssessment(const Subject& subject) {
  std::vector<std::string> missing;
  if (!subject.general) missing.emplace_back("chưa có điểm tiêu chí chung");
  if (subject.leading && !subject.leadership.organising) {
    missing.emplace_back("chưa có đánh giá khả năng tổ chức triển khai (đ)");
  }
  if (subject.leading && !subject.leadership.unity) {
    missing.emplace_back("chưa có đánh giá năng lực tập hợp, đoàn kết (e)");
  }
  if (subject.waits_for_managed) missing.push_back(subject.waits_for_managed_reason);
  return Joined(missing);
}

std::string MissingData(const Subject& subject) {
  std::vector<std::string> missing = subject.waiting_for_data;
  if (!subject.leading) return Joined(missing);
  if (subject.waits_for_managed && *subject.waits_for_managed != ScoreStatus::kAwaitingAssessment) {
    missing.push_back(subject.waits_for_managed_reason);
  }
  if (!subject.waits_for_managed && !subject.leadership.unit_results) {
    missing.emplace_back("chưa có kết quả của đơn vị, lĩnh vực phụ trách (d)");
  }
  return Joined(missing);
}

// The order decides: what is missing from the platforms speaks before what people owe.
void SetStatus(const Subject& subject, ScoreCard& card) {
  if (std::string missing = MissingData(subject); !missing.empty()) {
    card.status = ScoreStatus::kAwaitingData;
    card.status_reason = std::move(missing);
  } else if (!card.a) {
    card.status = ScoreStatus::kInsufficientData;
    card.status_reason = "Không có việc nào được giao trong kỳ";
  } else if (std::string owed = MissingAssessment(subject); !owed.empty()) {
    card.status = ScoreStatus::kAwaitingAssessment;
    card.status_reason = std::move(owed);
  } else {
    card.status = ScoreStatus::kScored;
  }
}

Gate JudgeBar(const BarRule& bar, const Subject& subject) {
  Gate gate{bar.id, bar.source, true, ""};
  for (const BarFact& fact : subject.bars) {
    if (fact.rule != bar.id) continue;
    gate.detail += (gate.detail.empty() ? "" : "; ") + std::string("văn bản ") + fact.document + " ngày " + fact.date;
    gate.passed = false;
  }
  if (gate.passed) {
    gate.detail = "Không có văn bản của cấp có thẩm quyền";
  } else if (bar.leaders_only && !subject.leading) {
    gate.passed = true;
    gate.detail = "Chỉ áp dụng cho công chức lãnh đạo, quản lý; " + gate.detail;
  } else {
    gate.detail = bar.text + ": " + gate.detail;
  }
  return gate;
}

void SetClasses(const Policy& policy, const Subject& subject, ScoreCard& card) {
  for (const BarRule& bar : policy.bars) card.gates.push_back(JudgeBar(bar, subject));
  if (card.status != ScoreStatus::kScored) return;
  card.total = *card.general + *card.results_points;
  for (const Band& band : policy.bands) {
    if (*card.total < band.from) continue;
    card.class_by_score = band.name;
    break;
  }
  const bool barred = std::any_of(card.gates.begin(), card.gates.end(), [](const Gate& gate) { return !gate.passed; });
  card.class_after_gates = barred ? policy.bands.back().name : card.class_by_score;
}

}  // namespace

Status CheckBars(const Policy& policy, const Subject& subject) {
  for (const BarFact& fact : subject.bars) {
    if (FindBar(policy, fact.rule) != nullptr) continue;
    return ConfigError("unknown_bar",
                       "subject " + subject.id + ": the policy " + policy.id + " knows no bar \"" + fact.rule + "\"");
  }
  return Ok();
}

ScoreCard Score(const Policy& policy, const Subject& subject) {
  ScoreCard card;
  card.subject = subject.id;
  card.leading = subject.leading;
  const auto& groups = policy.subject_groups;
  if (std::find(groups.begin(), groups.end(), subject.group) == groups.end()) {
    card.status = ScoreStatus::kNotApplicable;
    card.status_reason =
        "Nhóm đối tượng \"" + std::string(Name(subject.group)) + "\" không thuộc chính sách " + policy.id;
    return card;
  }
  card.general = subject.general;
  ScoreLines(policy, subject, card);
  SetLeadership(subject, card);
  SetResultsPoints(policy, subject, card);
  SetStatus(subject, card);
  SetClasses(policy, subject, card);
  return card;
}

std::string_view Name(ScoreStatus status) {
  switch (status) {
    case ScoreStatus::kScored: return "scored";
    case ScoreStatus::kInsufficientData: return "insufficient_data";
    case ScoreStatus::kAwaitingData: return "awaiting_data";
    case ScoreStatus::kAwaitingAssessment: return "awaiting_assessment";
    case ScoreStatus::kNotApplicable: return "not_applicable";
  }
  return "";
}

}  // namespace mc
