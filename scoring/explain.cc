#include "scoring/explain.h"

#include "scoring/text_vi.h"

namespace mc {
namespace {

using Texts = std::vector<std::string>;

struct Sums {  // converted quantities
  Ratio assigned, a, b, c;
};

Sums SumUp(const ScoreCard& card) {
  Sums sums;
  for (const ScoreLine& line : card.lines) {
    const Ratio& k = line.input.coefficient;
    sums.assigned += line.input.assigned * k;
    sums.a += line.done * k;
    sums.b += line.b * k;
    sums.c += line.c * k;
  }
  return sums;
}

// "19/20 = 0,95", or "2" alone, or "2/3 ≈ 0,666667".
std::string Value(const Ratio& value) {
  const std::string fraction = value.ToFraction();
  if (fraction.ends_with("/1")) return ViNumber(value);
  const std::string shortest = ViNumber(value);
  if (shortest.find('/') == std::string::npos) return fraction + " = " + shortest;
  return fraction + " ≈ " + ViRounded(value, 6);
}

void ExplainComponents(const ScoreCard& card, Texts& out) {
  if (!card.a) return;
  const Sums sums = SumUp(card);
  const auto add = [&](const char* name, const Ratio& part, const Ratio& value) {
    out.push_back(std::string(name) + " = " + ViNumber(part) + " / " + ViNumber(sums.assigned) + " = " + Value(value));
  };
  out.push_back("Được giao, quy đổi ra sản phẩm chuẩn: " + ViNumber(sums.assigned));
  add("a (số lượng)", sums.a, *card.a);
  add("b (chất lượng)", sums.b, *card.b);
  add("c (tiến độ)", sums.c, *card.c);
}

std::string OrUnknown(const std::optional<Ratio>& value) { return value ? ViNumber(*value) : "chưa có"; }

void ExplainLeadership(const ScoreCard& card, Texts& out) {
  if (!card.leading) return;
  out.push_back("d (kết quả đơn vị, lĩnh vực phụ trách) = " + OrUnknown(card.d));
  out.push_back("đ (khả năng tổ chức triển khai) = " + OrUnknown(card.dd));
  out.push_back("e (năng lực tập hợp, đoàn kết) = " + OrUnknown(card.e));
}

std::string ResultsFormula(const Policy& policy, const ScoreCard& card) {
  std::string sum = ViNumber(*card.a) + " + " + ViNumber(*card.b) + " + " + ViNumber(*card.c);
  if (card.leading) sum += " + " + ViNumber(*card.d) + " + " + ViNumber(*card.dd) + " + " + ViNumber(*card.e);
  return "K = (" + sum + ") / " + (card.leading ? "6" : "3") + " × " + ViNumber(policy.results_points) + " = " +
         Value(*card.results_points);
}

void ExplainTotal(const Policy& policy, const ScoreCard& card, Texts& out) {
  const bool provisional = card.status == ScoreStatus::kAwaitingData;
  if (card.results_points) {
    out.push_back(ResultsFormula(policy, card) + (provisional ? " (tạm tính trên các việc đã có)" : ""));
  }
  if (card.general) out.push_back("G (tiêu chí chung) = " + ViNumber(*card.general));
  if (!card.total) return;
  out.push_back("Tổng = G + K = " + ViNumber(*card.general) + " + " + ViNumber(*card.results_points) + " = " +
                Value(*card.total) + ", hiển thị " + ViRounded(*card.total, 2));
}

void ExplainClass(const Policy& policy, const ScoreCard& card, Texts& out) {
  if (card.class_by_score) {
    for (const Band& band : policy.bands) {
      if (band.name != *card.class_by_score) continue;
      out.push_back("Mức theo điểm: " + std::string(ViClass(band.name)) + " (từ " + ViNumber(band.from) + " điểm)");
    }
  }
  for (const Gate& gate : card.gates) {
    if (!gate.passed) out.push_back("Không đạt điều kiện " + gate.rule + " (" + gate.source + "): " + gate.detail);
  }
  if (card.class_after_gates && card.class_after_gates != card.class_by_score) {
    out.push_back("Mức sau điều kiện: " + std::string(ViClass(*card.class_after_gates)));
  }
  if (card.class_after_quota) {
    out.push_back("Mức sau tỷ lệ xuất sắc: " + std::string(ViClass(*card.class_after_quota)) + ". " + card.quota_note);
  }
}

}  // namespace

std::vector<std::string> ExplainLine(const ScoreLine& line) {
  const ScoreInputLine& in = line.input;
  std::string head = in.label;
  if (!in.product.empty()) head += " [" + in.product + "]";
  head += ": giao " + ViNumber(in.assigned) + ", hoàn thành " + ViNumber(in.completed) + ", hệ số " +
          ViNumber(in.coefficient);
  if (!in.edition.empty()) head += " (" + in.edition + ")";
  if (in.completed > in.assigned) head += "; phần vượt " + ViNumber(in.completed - in.assigned) + " không cộng điểm";
  if (in.carried_over) head += "; chuyển từ kỳ trước";
  if (in.no_deadline) head += "; không có thời hạn";
  Texts out = {head + "; a " + ViNumber(line.done) + ", b " + ViNumber(line.b) + ", c " + ViNumber(line.c)};
  std::string last;
  for (const LostPoints& loss : line.lost) {
    // What is unfinished is lost in a, b and c for one reason: said once.
    if (loss.why == last) continue;
    last = loss.why;
    const bool unfinished = loss.component == "a";
    out.push_back("  mất ở " + (unfinished ? std::string("a, b, c") : loss.component) + ": " + loss.why + " (" +
                  ViRounded(unfinished ? loss.points * Ratio(3) : loss.points, 2) + " điểm)");
  }
  return out;
}

std::vector<std::string> ExplainCard(const Policy& policy, const ScoreCard& card) {
  std::string head = "Trạng thái: " + std::string(ViStatus(card.status));
  if (!card.status_reason.empty()) head += " (" + card.status_reason + ")";
  Texts out = {head};
  for (const ScoreLine& line : card.lines) {
    for (std::string& text : ExplainLine(line)) out.push_back(std::move(text));
  }
  ExplainComponents(card, out);
  ExplainLeadership(card, out);
  ExplainTotal(policy, card, out);
  ExplainClass(policy, card, out);
  return out;
}

}  // namespace mc
