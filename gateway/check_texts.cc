// The checks of evidence as people and programs read them.
#include <array>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "gateway/evidence_checks.h"
#include "gateway/texts.h"

namespace mc {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr std::array kCheckTexts = {
    Entry{"integrity", "toàn vẹn"},
    Entry{"origin", "nguồn gốc"},
    Entry{"person", "người"},
    Entry{"unit", "đơn vị"},
    Entry{"uniqueness", "không xung đột"},
    Entry{"backing", "minh chứng cho báo cáo"},
    Entry{"read_back", "đọc lại từ nguồn"},
};

constexpr std::array kCheckReasons = {
    Entry{"proof_opens", "băm lại khớp, chứng minh mở đúng lá trong sổ đã ký"},
    Entry{"unverified_evidence", "băm lại hoặc chứng minh KHÔNG khớp: chạy fsck"},
    Entry{"not_asked", "lần này không băm lại"},
    Entry{"hub_rewrites", "qua trục liên thông, trục viết lại thông điệp nên không tính chữ ký nào của văn bản"},
    Entry{"assigned_by_another", "người khác giao việc, qua kênh đã xác thực"},
    Entry{"said_by_the_beneficiary", "do chính người được tính nêu"},
    Entry{"system_of_record", "hệ thống gốc tự ghi, qua kênh đã xác thực"},
    Entry{"file_without_sender", "tệp trong thư mục, không có gì chứng minh bên gửi"},
    Entry{"channel_without_credential", "kênh không xác thực"},
    Entry{"not_connected", "nguồn không được kết nối, hoặc lần cuối lấy từ tệp đã lưu: không rõ ai gửi"},
    Entry{"resolved", "xác định được"},
    Entry{"lead_named_elsewhere", "người chủ trì do bản ghi khác nêu"},
    Entry{"unit_named_elsewhere", "đơn vị do bản ghi khác nêu"},
    Entry{"no_conflict", "không có điều gì trái nhau"},
    Entry{"not_a_claim", "không phải báo cáo hoàn thành"},
    Entry{"older_revision", "đã có bản sau"},
    Entry{"no_claim", "chưa ai báo cáo"},
    Entry{"claim_names_nothing", "báo cáo không viện dẫn kết quả nào"},
    Entry{"no_result", "chưa có kết quả đọc lại nào nêu riêng bản ghi này"},
};

std::string ViCheck(std::string_view check) {
  for (const auto& [code, text] : kCheckTexts) {
    if (code == check) return std::string(text);
  }
  return std::string(check);
}

std::string ViWhy(const std::string& reason) {
  for (const auto& [code, text] : kCheckReasons) {
    if (code == reason) return std::string(text);
  }
  return ViReason(reason);
}

const char* ViState(CheckState state) {
  switch (state) {
    case CheckState::kPassed: return "đạt";
    case CheckState::kFailed: return "KHÔNG ĐẠT";
    case CheckState::kNotMade: return "chưa làm";
    case CheckState::kNotApplicable: return "không áp dụng";
  }
  return "";
}

std::string WithReason(const CheckResult& row) {
  return ViCheck(row.check) + (row.reason.empty() ? "" : " (" + ViWhy(row.reason) + ")");
}

std::string Joined(const std::set<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text;
}

}  // namespace

std::string ChecksInOneLine(const std::vector<CheckRows>& checks) {
  std::set<std::string> failed, not_made;
  for (const CheckRows& rows : checks) {
    for (const CheckResult& row : rows) {
      if (row.state == CheckState::kFailed) failed.insert(WithReason(row));
      if (row.state == CheckState::kNotMade) not_made.insert(WithReason(row));
    }
  }
  if (checks.empty()) return "không có bản ghi để kiểm tra";
  if (failed.empty() && not_made.empty()) return "đạt cả";
  const std::string made = failed.empty() ? "đạt các bước đã làm" : "KHÔNG ĐẠT: " + Joined(failed);
  return made + (not_made.empty() ? "" : " · chưa làm: " + Joined(not_made));
}

std::vector<std::string> ChecksAsTable(const CheckRows& rows) {
  std::vector<std::string> lines;
  for (const CheckResult& row : rows) {
    lines.push_back("  " + ViCheck(row.check) + ": " + ViState(row.state) +
                    (row.reason.empty() ? "" : " · " + ViWhy(row.reason)) +
                    (row.detail.empty() ? "" : " · " + row.detail));
  }
  return lines;
}

Json ChecksAsJson(const CheckRows& rows) {
  Json list = Json::array();
  for (const CheckResult& row : rows) {
    list.push_back({{"check", row.check},
                    {"state", Name(row.state)},
                    {"reason", row.reason.empty() ? Json(nullptr) : Json(row.reason)},
                    {"detail", row.detail.empty() ? Json(nullptr) : Json(row.detail)}});
  }
  return list;
}

}  // namespace mc
