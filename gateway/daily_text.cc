#include <nlohmann/json.hpp>

#include "gateway/console.h"
#include "gateway/daily.h"
#include "gateway/source_texts.h"
#include "scoring/text_vi.h"

namespace mc {
namespace {

std::string Shown(const std::optional<Share>& share) {
  if (!share || share->den == 0) return "chưa biết";
  return ViRounded(Ratio(share->num * 100, share->den), 1) + "%";
}

std::string TasksText(const std::vector<DailyTask>& tasks) {
  if (tasks.empty()) return "Không có việc nào cần làm.\n";
  std::string text;
  int number = 0;
  auto shown = DailyTask::Urgency::kSoon;
  for (const DailyTask& task : tasks) {
    if (number == 0 || task.urgency != shown) {
      text += task.urgency == DailyTask::Urgency::kNow ? "CẦN LÀM NGAY\n" : "CẦN LÀM SỚM\n";
      shown = task.urgency;
    }
    text += "  " + std::to_string(++number) + ". " + task.text + "\n";
    for (const std::string& detail : task.details) text += "     - " + detail + "\n";
    if (!task.command.empty()) text += "     " + task.command + "\n";
  }
  return text;
}

std::string FlowsText(const DailyReading& r) {
  const std::vector<DailyFlow> flows = DailyFlows(r.receipts);
  if (flows.empty()) return "Không có lần thu thập nào kết thúc trong ngày.\n";
  std::vector<std::vector<std::string>> rows = {
      {"Nguồn", "Số lần", "Hỏng", "Nhận", "Mới", "Sửa đổi", "Trùng", "Cách ly"}};
  for (const DailyFlow& f : flows) {
    const BatchCounts& c = f.counts;
    std::vector<std::string> row = {f.source};
    for (const std::int64_t n : {f.runs, f.failed, c.fetched, c.added, c.revised, c.duplicate, c.quarantined})
      row.push_back(std::to_string(n));
    rows.push_back(std::move(row));
  }
  return FormatTable(rows);
}

std::string QualityText(const DailyReading& r) {
  std::vector<std::vector<std::string>> rows = {{"Nguồn", "Tình trạng", "Đúng", "Đủ", "Sạch", "Sống"}};
  for (const SourceState& s : r.sources) {
    std::vector<std::string> row = {s.id, ViHealth(s.health)};
    for (const SourceQuality& q : r.quality) {
      if (q.source != s.id) continue;
      for (const auto& share : {q.correct, q.complete, q.clean, q.live}) row.push_back(Shown(share));
    }
    row.resize(rows.front().size(), "chưa biết");
    rows.push_back(std::move(row));
  }
  return FormatTable(rows);
}

Json TaskJson(const DailyTask& t) {
  return {{"urgency", t.urgency == DailyTask::Urgency::kNow ? "now" : "soon"},
          {"code", t.code},
          {"subject", t.subject},
          {"text", t.text},
          {"details", t.details},
          {"command", t.command}};
}

}  // namespace

std::vector<DailyFlow> DailyFlows(const std::vector<RunReceipt>& receipts) {
  std::map<std::string, DailyFlow> by_source;
  for (const RunReceipt& receipt : receipts) {
    DailyFlow& flow = by_source[receipt.source];
    ++flow.runs;
    flow.failed += receipt.outcome == RunOutcome::kFailed ? 1 : 0;
    flow.counts += receipt.counts;
  }
  std::vector<DailyFlow> flows;
  for (auto& [source, flow] : by_source) {
    flow.source = source;
    flows.push_back(std::move(flow));
  }
  return flows;
}

std::string DailyText(const DailyReading& r) {
  return "MINH CHỨNG, ngày " + FormatCity(BareDate(r.day)) + " (lập lúc " + FormatCity({r.now, false}) + ")\n\n" +
         TasksText(DailyTasks(r)) + "\nThu thập trong ngày\n" + FlowsText(r) + "\nCác nguồn lúc này\n" +
         QualityText(r) + "\nNhật ký: " + std::to_string(r.ledger_size) + " lá đã ký.\n";
}

Json DailyToJson(const DailyReading& r) {
  Json tasks = Json::array(), flows = Json::array();
  for (const DailyTask& task : DailyTasks(r)) tasks.push_back(TaskJson(task));
  for (const DailyFlow& f : DailyFlows(r.receipts)) {
    flows.push_back({{"source", f.source},
                     {"runs", f.runs},
                     {"failed", f.failed},
                     {"fetched", f.counts.fetched},
                     {"new", f.counts.added},
                     {"revised", f.counts.revised},
                     {"duplicate", f.counts.duplicate},
                     {"quarantined", f.counts.quarantined}});
  }
  return {{"day", FormatDate(r.day)},
          {"made_at", FormatInstant(r.now)},
          {"tasks", std::move(tasks)},
          {"collected", std::move(flows)},
          {"quality", QualityToJson(r.quality)},
          {"ledger", {{"size", r.ledger_size}, {"unsigned", r.unsigned_leaves}}}};
}

}  // namespace mc
