// Goal: the sentences carry the formula with its numbers. Method: whole texts compared for
// one sheet, and telling parts for the others.
#include "scoring/explain.h"

#include <algorithm>

#include "tests/scoring/scoring_support.h"

namespace mc {
namespace {

using test::Leader;
using test::Line;
using test::Nd335;
using test::Official;

bool Says(const std::vector<std::string>& texts, const std::string& part) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

TEST_CASE("a whole sheet") {
  Subject subject = Official({Line("1.5", "2", "2", 0, 1), Line("0.5", "4", "2")});
  subject.lines[0].label = "dossier:dvc:1";
  subject.lines[1].label = "task:hanoiwork:NV1";
  const std::vector<std::string> expected = {
      "Trạng thái: Đã chấm",
      "dossier:dvc:1: giao 2, hoàn thành 2, hệ số 1,5; a 2, b 2, c 1,75",
      "  mất ở c: 1 lần chậm tiến độ: giảm 1 × 25% = 0,25, quy đổi 0,25 × 1,5 = 0,375 (1,75 điểm)",
      "task:hanoiwork:NV1: giao 4, hoàn thành 2, hệ số 0,5; a 2, b 2, c 2",
      "  mất ở a, b, c: Giao 4, hoàn thành 2: thiếu 2, quy đổi 2 × 0,5 = 1 (14,00 điểm)",
      "Được giao, quy đổi ra sản phẩm chuẩn: 5",
      "a (số lượng) = 4 / 5 = 4/5 = 0,8",
      "b (chất lượng) = 4 / 5 = 4/5 = 0,8",
      "c (tiến độ) = 3,625 / 5 = 29/40 = 0,725",
      "K = (0,8 + 0,8 + 0,725) / 3 × 70 = 217/4 = 54,25",
      "G (tiêu chí chung) = 30",
      "Tổng = G + K = 30 + 54,25 = 337/4 = 84,25, hiển thị 84,25",
      "Mức theo điểm: Hoàn thành tốt nhiệm vụ (từ 70 điểm)",
  };
  CHECK(ExplainCard(Nd335(), Score(Nd335(), subject)) == expected);
}

TEST_CASE("leaders, bars, provisional figures and the floor of a deduction") {
  Subject leader = Leader({Line("1", "1", "1", 5, 0)}, "1", "0.5", "1");
  leader.bars = {{"discipline", "12/QĐ-UBND", "2026-06-10"}};
  const auto texts = ExplainCard(Nd335(), Score(Nd335(), leader));
  CHECK(Says(texts, "K = (1 + 0 + 1 + 1 + 0,5 + 1) / 6 × 70 = 105/2 = 52,5"));
  CHECK(Says(texts, "chỉ trừ đến hết phần đã hoàn thành 1"));
  CHECK(Says(texts, "Không đạt điều kiện discipline"));
  CHECK(Says(texts, "12/QĐ-UBND"));
  CHECK(Says(texts, "Mức sau điều kiện: Không hoàn thành nhiệm vụ"));

  Subject waiting = Official({Line("1", "3", "1")});
  waiting.waiting_for_data = {"1 việc đang tạm giữ"};
  const auto provisional = ExplainCard(Nd335(), Score(Nd335(), waiting));
  CHECK(Says(provisional, "Chờ dữ liệu (1 việc đang tạm giữ)"));
  CHECK(Says(provisional, "a (số lượng) = 1 / 3 = 1/3 ≈ 0,333333"));
  CHECK(Says(provisional, "tạm tính"));
  CHECK_FALSE(Says(provisional, "Tổng ="));
}

TEST_CASE("surplus, excuses, carried-over items and missing deadlines are told") {
  ScoreInputLine line = Line("1", "1", "3", 0, 2);
  line.excused_late = 1;
  const auto texts = ExplainCard(Nd335(), Score(Nd335(), Official({line})));
  CHECK(Says(texts, "phần vượt 2 không cộng điểm"));
  CHECK(Says(texts, "2 lần, trừ 1 lần có lý do khách quan được xác nhận"));
  CHECK_FALSE(Says(texts, "chuyển từ kỳ trước"));
  line.carried_over = line.no_deadline = true;
  const auto carried = ExplainCard(Nd335(), Score(Nd335(), Official({line})));
  CHECK(Says(carried, "; chuyển từ kỳ trước; không có thời hạn"));
}

}  // namespace
}  // namespace mc
