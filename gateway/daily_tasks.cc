// What waits for somebody to act.
#include <algorithm>

#include "core/shown.h"
#include "gateway/daily.h"
#include "gateway/source_texts.h"
#include "gateway/texts.h"

namespace mc {
namespace {

using Urgency = DailyTask::Urgency;

std::string Count(std::int64_t n) { return std::to_string(n); }

std::int64_t DaysSince(CivilDate from, const DailyReading& r) { return CityDate(r.now).days - from.days; }

std::string ForDays(std::int64_t days) { return days < 1 ? "từ hôm nay" : "đã " + Count(days) + " ngày"; }

void AddLog(const DailyReading& r, std::vector<DailyTask>& tasks) {
  for (const WitnessState& w : r.witnesses) {
    if (!w.contradicts) continue;
    tasks.push_back({Urgency::kNow,
                     "witness_contradicts",
                     w.id,
                     "Nhân chứng " + w.id +
                         " giữ một đầu nhật ký mà kho này không có: kho có thể là bản cũ được phục "
                         "hồi, hoặc đã bị sửa. Chưa ký gì thêm.",
                     {},
                     "minhchung fsck"});
  }
  for (const WitnessState& w : r.witnesses) {
    if (w.contradicts || w.cosigned) continue;
    tasks.push_back({Urgency::kSoon,
                     "witness_behind",
                     w.id,
                     "Nhân chứng " + w.id + " còn " + Count(w.backlog) + " lá chưa cùng ký.",
                     {},
                     "minhchung log sign"});
  }
  if (r.unsigned_leaves > 0) {
    tasks.push_back({Urgency::kSoon,
                     "unsigned_leaves",
                     "",
                     Count(r.unsigned_leaves) + " lá của nhật ký chưa được ký.",
                     {},
                     "minhchung log sign"});
  }
}

bool NeedsSomebodyNow(SourceHealth health) {
  return health == SourceHealth::kStopped || health == SourceHealth::kUnknown || health == SourceHealth::kLate;
}

std::string WhatIsWrong(const SourceState& s) {
  std::string text = "Nguồn " + s.id + ": " + ViHealth(s.health);
  const std::string& code = s.manifest_error ? s.manifest_error->code : s.status.error_code;
  if (!code.empty()) text += "; " + ViAdvice(code) + " [" + code + "]";
  return text + ".";
}

void AddSources(const DailyReading& r, std::vector<DailyTask>& tasks) {
  for (const SourceState& s : r.sources) {
    if (s.health == SourceHealth::kGood) continue;
    const Urgency urgency = NeedsSomebodyNow(s.health) ? Urgency::kNow : Urgency::kSoon;
    tasks.push_back({urgency,
                     "source_" + std::string(Name(s.health)),
                     s.id,
                     WhatIsWrong(s),
                     {},
                     "minhchung sources check " + s.id});
  }
}

void AddQuarantine(const DailyReading& r, std::vector<DailyTask>& tasks) {
  struct Open {
    std::int64_t count = 0;
    CivilDate oldest;
  };
  std::map<std::string, Open> by_source;
  for (const QuarantineEntry& entry : r.quarantine) {
    Open& open = by_source[entry.source];
    const CivilDate day = CityDate(entry.observed_at);
    open.oldest = open.count++ == 0 ? day : std::min(open.oldest, day);
  }
  for (const auto& [source, open] : by_source) {
    const std::int64_t days = DaysSince(open.oldest, r);
    tasks.push_back({days > kOldQuarantineDays ? Urgency::kNow : Urgency::kSoon,
                     "quarantine",
                     source,
                     "Nguồn " + source + ": " + Count(open.count) + " bản ghi chưa đọc được, cũ nhất " + ForDays(days) +
                         ". Sửa quy tắc rồi đọc lại, hoặc bỏ qua có lý do.",
                     {},
                     "minhchung quarantine list --source " + source});
  }
}

void AddWaitingKeys(const DailyReading& r, std::vector<DailyTask>& tasks) {
  if (r.waiting.empty()) return;
  std::int64_t items = 0;
  CivilDate oldest = r.waiting.front().oldest;
  for (const WaitingKey& key : r.waiting) {
    items += key.items;
    oldest = std::min(oldest, key.oldest);
  }
  const std::int64_t days = DaysSince(oldest, r);
  tasks.push_back({days > kOldWaitingKeyDays ? Urgency::kNow : Urgency::kSoon,
                   "unresolved",
                   "",
                   Count(static_cast<std::int64_t>(r.waiting.size())) + " khóa chưa rõ là ai, " + Count(items) +
                       " việc đang chờ, lâu nhất " + ForDays(days) + ".",
                   {},
                   "minhchung link list"});
}

void AddGates(const DailyReading& r, std::vector<DailyTask>& tasks) {
  for (const ClosedGate& gate : r.gates) {
    const auto name = r.unit_names.find(gate.unit);
    tasks.push_back({Urgency::kNow,
                     "gate_closed",
                     gate.source,
                     "Phiếu của những người liên quan đang chờ: " +
                         GateAsText(gate, PeriodOf(r.day), name == r.unit_names.end() ? gate.unit : name->second) + ".",
                     {},
                     "minhchung quality --list --period " + FormatPeriod(PeriodOf(r.day))});
  }
}

void AddReadBacks(const DailyReading& r, std::vector<DailyTask>& tasks) {
  for (const ReadBack& last : r.read_backs) {
    const std::int64_t contradicted = last.counts.differs + last.counts.gone;
    if (contradicted > 0) {
      tasks.push_back({Urgency::kNow,
                       "read_back_contradicted",
                       last.source,
                       "Nguồn " + last.source + ": đọc lại " + Count(last.counts.Checked()) + " bản ghi, " +
                           Count(last.counts.gone) + " không còn, " + Count(last.counts.differs) +
                           " đã đổi mà không báo. Hỏi đơn vị vận hành nguồn.",
                       {},
                       "minhchung quality --findings"});
    }
    if (!last.error_code.empty()) {
      tasks.push_back({Urgency::kSoon,
                       "read_back_failed",
                       last.source,
                       "Nguồn " + last.source + ": lần đọc lại gần nhất dở dang; " + ViAdvice(last.error_code) + " [" +
                           last.error_code + "].",
                       {},
                       "minhchung read-back " + last.source});
    }
  }
}

void AddFindings(const DailyReading& r, std::vector<DailyTask>& tasks) {
  for (const SuppressionFinding& finding : r.findings) {
    tasks.push_back({Urgency::kSoon,
                     "finding_" + finding.kind,
                     finding.source,
                     "Nguồn " + ViFindingPlace(finding) + ": " + ViFinding(finding) + ".",
                     {},
                     "minhchung quality --findings"});
  }
}

// A day may be closed in the night after it.
void AddDay(const DailyReading& r, std::vector<DailyTask>& tasks) {
  if (r.closed_day && *r.closed_day >= r.day) return;
  if (CityDate(r.now) <= r.day) return;
  tasks.push_back({Urgency::kSoon,
                   "day_not_closed",
                   FormatDate(r.day),
                   "Số đo chất lượng của ngày này chưa được ghi vào nhật ký.",
                   {},
                   "minhchung quality --close-day --day " + FormatDate(r.day)});
}

// The reasons that hold most items first.
std::vector<std::string> HeldLines(const std::map<std::string, std::int64_t>& held) {
  std::vector<std::pair<std::int64_t, std::string>> reasons;
  for (const auto& [reason, count] : held) reasons.emplace_back(-count, reason);
  std::sort(reasons.begin(), reasons.end());
  std::vector<std::string> lines;
  for (const auto& [count, reason] : reasons) lines.push_back(Count(-count) + ": " + ViReason(reason));
  return lines;
}

void AddHeld(const DailyReading& r, std::vector<DailyTask>& tasks) {
  if (r.held_items == 0) return;
  tasks.push_back({Urgency::kSoon, "held", "",
                   Count(r.held_items) +
                       " việc bị giữ, người chủ trì đang chờ. Sửa ở nguồn, hoặc gắn sản phẩm trong danh "
                       "mục; explain của người chủ trì mở từng việc.",
                   HeldLines(r.held)});
}

}  // namespace

std::vector<DailyTask> DailyTasks(const DailyReading& reading) {
  std::vector<DailyTask> tasks;
  AddLog(reading, tasks);
  AddSources(reading, tasks);
  AddGates(reading, tasks);
  AddReadBacks(reading, tasks);
  AddQuarantine(reading, tasks);
  AddWaitingKeys(reading, tasks);
  AddHeld(reading, tasks);
  AddFindings(reading, tasks);
  AddDay(reading, tasks);
  std::stable_sort(tasks.begin(), tasks.end(),
                   [](const DailyTask& a, const DailyTask& b) { return a.urgency < b.urgency; });
  return tasks;
}

}  // namespace mc
