#include "scoring/text_vi.h"

#include <algorithm>

namespace mc {
namespace {

std::string WithComma(std::string text) {
  std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

}  // namespace

std::string ViNumber(const Ratio& value) { return WithComma(value.ToShortest()); }

std::string ViRounded(const Ratio& value, int places) { return WithComma(value.ToDecimal(places)); }

std::string ViPercent(const Ratio& value) { return ViNumber(value * Ratio(100)) + "%"; }

std::string_view ViClass(std::string_view class_name) {
  if (class_name == "excellent") return "Hoàn thành xuất sắc nhiệm vụ";
  if (class_name == "good") return "Hoàn thành tốt nhiệm vụ";
  if (class_name == "completed") return "Hoàn thành nhiệm vụ";
  return "Không hoàn thành nhiệm vụ";
}

std::string_view ViStatus(ScoreStatus status) {
  switch (status) {
    case ScoreStatus::kScored: return "Đã chấm";
    case ScoreStatus::kInsufficientData: return "Chưa đủ dữ liệu";
    case ScoreStatus::kAwaitingData: return "Chờ dữ liệu";
    case ScoreStatus::kAwaitingAssessment: return "Chờ đánh giá";
    case ScoreStatus::kNotApplicable: return "Không thuộc đối tượng áp dụng";
  }
  return "";
}

}  // namespace mc
