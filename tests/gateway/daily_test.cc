#include "gateway/daily.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

using namespace mc;

namespace {

constexpr CivilDate kDay{20'605};  // 2026-06-01

Instant DaysAgo(std::int64_t days_ago, std::int64_t hour = 7) {
  return Instant{StartOfDay(CivilDate{kDay.days + 1}).micros - days_ago * kMicrosPerDay +
                 hour * 3'600 * kMicrosPerSecond};
}

SourceState Source(const std::string& id, SourceHealth health, const std::string& code = "") {
  SourceState state;
  state.id = id;
  state.health = health;
  state.status.error_code = code;
  return state;
}

QuarantineEntry Refused(const std::string& source, std::int64_t days_ago) {
  QuarantineEntry entry;
  entry.source = source;
  entry.observed_at = DaysAgo(days_ago);
  return entry;
}

WaitingKey Waiting(std::int64_t items, std::int64_t days_ago) {
  WaitingKey key;
  key.items = items;
  key.oldest = CityDate(DaysAgo(days_ago));
  return key;
}

RunReceipt EndedRun(const std::string& source, RunOutcome outcome, BatchCounts counts) {
  RunReceipt receipt;
  receipt.source = source;
  receipt.outcome = outcome;
  receipt.counts = counts;
  return receipt;
}

DailyReading Morning() {
  DailyReading r;
  r.day = kDay;
  r.now = DaysAgo(0);
  r.closed_day = kDay;
  return r;
}

std::vector<std::string> CodesOf(const DailyReading& r) {
  std::vector<std::string> codes;
  for (const DailyTask& t : DailyTasks(r))
    codes.push_back((t.urgency == DailyTask::Urgency::kNow ? "now " : "soon ") + t.code + " " + t.subject);
  return codes;
}

using Codes = std::vector<std::string>;

}  // namespace

// Goal: a quiet day asks nothing of anybody, and says so.
TEST_CASE("a quiet day") {
  DailyReading r = Morning();
  r.sources = {Source("hanoiwork", SourceHealth::kGood)};
  r.ledger_size = 7;
  CHECK(DailyTasks(r).empty());
  const std::string text = DailyText(r);
  CHECK(text.starts_with("MINH CHỨNG, ngày 01/06/2026 (lập lúc 02/06/2026 07:00)\n\nKhông có việc nào cần làm.\n"));
  CHECK(text.find("Không có lần thu thập nào kết thúc trong ngày.") != std::string::npos);
  CHECK(text.ends_with("Nhật ký: 7 lá đã ký.\n"));
  CHECK(text.find("hanoiwork  tốt         chưa biết") != std::string::npos);
}

// Goal: what breaks the promise of the log comes first, then what stops data, then what ages.
TEST_CASE("the most urgent task stands first") {
  DailyReading r = Morning();
  r.sources = {Source("a", SourceHealth::kFailing, "timeout"), Source("b", SourceHealth::kStopped, "refused"),
               Source("c", SourceHealth::kLate), Source("d", SourceHealth::kNever)};
  r.quarantine = {Refused("a", 0), Refused("b", kOldQuarantineDays + 1), Refused("b", 0)};
  r.held = {{"no_product", 3}, {"stopped", 4}};
  r.held_items = 6;
  r.waiting = {Waiting(2, 1), Waiting(5, kOldWaitingKeyDays + 1)};
  WitnessState behind, against;
  behind.id = "w1";
  behind.backlog = 4;
  against.id = "w2";
  against.contradicts = true;
  r.witnesses = {behind, against};
  r.unsigned_leaves = 9;
  CHECK(CodesOf(r) == Codes{"now witness_contradicts w2", "now source_stopped b", "now source_late c",
                            "now quarantine b", "now unresolved ", "soon witness_behind w1", "soon unsigned_leaves ",
                            "soon source_failing a", "soon source_never d", "soon quarantine a", "soon held "});
  const auto tasks = DailyTasks(r);
  CHECK(tasks[1].text ==
        "Nguồn b: ĐÃ DỪNG, chờ người vận hành; nền tảng từ chối thông tin xác thực: kiểm tra khóa còn hạn "
        "và quyền được cấp, rồi chạy sync [refused].");
  CHECK(tasks[3].text ==
        "Nguồn b: 2 bản ghi chưa đọc được, cũ nhất đã 4 ngày. Sửa quy tắc rồi đọc lại, hoặc bỏ qua có lý do.");
  CHECK(tasks[4].text == "2 khóa chưa rõ là ai, 7 việc đang chờ, lâu nhất đã 8 ngày.");
  CHECK(tasks[10].text.starts_with("6 việc bị giữ, người chủ trì đang chờ."));
  CHECK(tasks[10].details == Codes{"4: hồ sơ dừng xử lý", "3: loại việc chưa được gắn sản phẩm chuẩn"});
  CHECK(DailyText(r).find("     - 4: hồ sơ dừng xử lý\n") != std::string::npos);
  for (std::size_t i = 0; i + 1 < tasks.size(); ++i) CHECK(tasks[i].command.starts_with("minhchung "));
}

// Goal: what stops scores, what the source contradicts and what looks like hiding is told, each once.
TEST_CASE("gates, read-back and findings") {
  DailyReading r = Morning();
  r.gates = {{"correct", "a", "reg", "U1", {9, 10}, Ratio(99, 100)}};
  r.unit_names = {{"U1", "Phòng Tư pháp"}};
  ReadBack bad, good;
  bad.source = "a";
  bad.counts = {5, 1, 2, 3, 9};
  bad.error_code = "timeout";
  good.source = "b";
  good.counts = {600, 4, 0, 0, 0};
  r.read_backs = {bad, good};
  SuppressionFinding gap;
  gap.kind = "number_gap";
  gap.source = "a";
  gap.unit = "H26.1";
  gap.period = "2026-06";
  gap.count = 2;
  SuppressionFinding gone = gap;
  gone.kind = "gone";
  gone.period = "2026-03";
  r.findings = {gap, gone};
  CHECK(CodesOf(r) == Codes{"now gate_closed a", "now read_back_contradicted a", "soon read_back_failed a",
                            "soon finding_number_gap a", "soon finding_gone a"});
  const auto tasks = DailyTasks(r);
  CHECK(tasks[0].text.find("Phòng Tư pháp") != std::string::npos);
  CHECK(tasks[0].text.find("9/10") != std::string::npos);
  CHECK(tasks[1].text.starts_with("Nguồn a: đọc lại 11 bản ghi, 3 không còn, 2 đã đổi mà không báo."));
  CHECK(tasks[3].text.starts_with("Nguồn a, đơn vị H26.1, kỳ 2026-06: dãy số liền mạch thiếu 2 số"));
}

// Goal: a day whose numbers are not in the log is told once it is over.
TEST_CASE("a day that was not closed") {
  DailyReading r = Morning();
  r.closed_day = CivilDate{kDay.days - 1};
  CHECK(CodesOf(r) == Codes{"soon day_not_closed 2026-06-01"});
  r.closed_day = std::nullopt;
  CHECK(CodesOf(r) == Codes{"soon day_not_closed 2026-06-01"});
  r.now = Instant{StartOfDay(CivilDate{kDay.days + 1}).micros - 1};
  CHECK(DailyTasks(r).empty());
}

// Goal: what is as old as the limit is not old yet; one day more is.
TEST_CASE("ages at their limit and one past it") {
  const auto urgency = [](DailyReading r) { return CodesOf(r).front().substr(0, 4); };
  for (const std::int64_t past : {0, 1}) {
    DailyReading quarantine = Morning(), keys = Morning();
    quarantine.quarantine = {Refused("a", kOldQuarantineDays + past)};
    keys.waiting = {Waiting(1, kOldWaitingKeyDays + past)};
    CHECK(urgency(quarantine) == (past ? "now " : "soon"));
    CHECK(urgency(keys) == (past ? "now " : "soon"));
  }
}

// Goal: the runs of a source add up, and failed ones are told apart.
TEST_CASE("how the day went") {
  DailyReading r = Morning();
  r.receipts = {EndedRun("b", RunOutcome::kComplete, {5, 4, 0, 0, 1}),
                EndedRun("a", RunOutcome::kSaved, {1, 0, 1, 0, 0}),
                EndedRun("b", RunOutcome::kFailed, {3, 1, 0, 2, 0})};
  const std::vector<DailyFlow> flows = DailyFlows(r.receipts);
  REQUIRE(flows.size() == 2);
  CHECK(flows[0].source == "a");
  CHECK(flows[0].failed == 0);
  CHECK(flows[1].runs == 2);
  CHECK(flows[1].failed == 1);
  CHECK(flows[1].counts == BatchCounts{8, 5, 0, 2, 1});
  CHECK(DailyText(r).find("b      2       1     8     5    0        2      1\n") != std::string::npos);
  CHECK(DailyToJson(r)["collected"][1]["fetched"] == 8);
}

// Goal: the four numbers stand apart, and what is unknown is not shown as whole.
TEST_CASE("the four numbers of the day") {
  DailyReading r = Morning();
  r.sources = {Source("a", SourceHealth::kGood), Source("b", SourceHealth::kGood)};
  r.quality = {{"a", Share{199, 200}, std::nullopt, Share{1, 3}, Share{0, 0}}};
  const std::string text = DailyText(r);
  CHECK(text.find("a      tốt         99,5%      chưa biết  33,3%      chưa biết\n") != std::string::npos);
  CHECK(text.find("b      tốt         chưa biết  chưa biết  chưa biết  chưa biết\n") != std::string::npos);
}
