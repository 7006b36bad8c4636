#include "gateway/bundle_texts.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/digest.h"

namespace mc {
namespace {

constexpr const char* kKeyFromBundle =
    "CHÚ Ý: khóa của nhật ký lấy từ chính gói này, nên chữ ký chưa nói lên ai ký. "
    "Chạy lại với --key và khóa lấy từ nơi nhật ký công bố.";

std::size_t CountRecords(const BundleReport& report) {
  std::size_t records = 0;
  for (const auto& [index, leaf] : report.leaves) records += leaf.record_key.empty() ? 0 : 1;
  return records;
}

std::size_t CountOpened(const BundleReport& report) {
  return static_cast<std::size_t>(std::count_if(report.leaves.begin(), report.leaves.end(),
                                                [](const auto& leaf) { return leaf.second.erased_by < 0; }));
}

std::string LeafText(std::int64_t index, const CheckedLeaf& leaf) {
  return "  lá " + std::to_string(index) + ": " + std::string(Name(leaf.leaf.kind)) + ", ghi nhận " +
         FormatInstant(leaf.leaf.recorded_at);
}

// What no longer opens, and who in the log says so: a proof that shows less must say it.
void AddErased(const BundleReport& report, std::vector<std::string>& lines) {
  for (const auto& [by, erasure] : report.erasures) {
    lines.push_back("ĐÃ XÓA ngày " + FormatCity({erasure.at, false}) + ", theo lá " + std::to_string(by) +
                    ": nội dung của các lá sau không còn mở được; chỗ của chúng trong nhật ký vẫn đúng.");
    for (const auto& [index, leaf] : report.leaves) {
      if (leaf.erased_by == by) lines.push_back(LeafText(index, leaf));
    }
  }
  for (const ErasedLine& line : report.erased_lines) {
    lines.push_back("  dòng " + line.item + ": lá " + std::to_string(line.leaf) + " không còn mở được");
  }
}

Json ErasedJson(const BundleReport& report) {
  Json out = Json::array();
  for (const auto& [index, leaf] : report.leaves) {
    if (leaf.erased_by < 0) continue;
    const ErasureObject& erasure = report.erasures.at(leaf.erased_by);
    Json items = Json::array();
    for (const ErasedLine& line : report.erased_lines) {
      if (line.leaf == index) items.push_back(line.item);
    }
    out.push_back({{"leaf", index},
                   {"erasure", leaf.erased_by},
                   {"erased_at", FormatInstant(erasure.at)},
                   {"reason", Name(erasure.reason)},
                   {"items", std::move(items)}});
  }
  return out;
}

void AddEvidence(const BundleReport& report, std::vector<std::string>& lines) {
  lines.push_back("ĐÚNG: byte gốc của " + std::to_string(CountRecords(report)) + " bản ghi, cam kết của " +
                  std::to_string(CountOpened(report)) + " lá, và chỗ của từng lá trong nhật ký.");
  for (const auto& [index, leaf] : report.leaves) {
    if (leaf.erased_by < 0) lines.push_back(LeafText(index, leaf));
  }
}

// The two steps are never one sentence: the first alone is not completeness.
void AddScore(const BundleReport& report, std::vector<std::string>& lines) {
  lines.push_back("ĐÚNG: byte gốc của " + std::to_string(CountRecords(report)) + " bản ghi và cam kết của " +
                  std::to_string(CountOpened(report)) + " lá; chính sách, danh mục và số học của phiếu điểm.");
  lines.push_back("BƯỚC 1, ĐÚNG: phiếu điểm của " + report.subject.person + ", kỳ " + report.subject.period +
                  ", dùng đúng danh sách đã cam kết cho người này.");
  lines.emplace_back(
      "BƯỚC 2, GÓI NÀY KHÔNG CHỨNG MINH: rằng các danh sách không bỏ sót gì, và mỗi người chỉ có một "
      "danh sách. Cần minhchung fsck --index trên kho dữ liệu đã chốt kỳ.");
  lines.emplace_back("Xếp loại sau khống chế tỷ lệ là số của cả nhóm; gói này chỉ cho thấy nó đúng như đã chốt.");
}

}  // namespace

Json VerdictJson(const std::string& file, bool own_key, const Result<BundleReport>& report) {
  Json out = {{"file", file}, {"valid", report.ok()}};
  if (!report.ok()) {
    out["fault"] = {{"code", report.error().code}, {"message", report.error().message}};
    return out;
  }
  out["kind"] = report->subject.kind == BundleKind::kEvidence ? "evidence" : "score";
  out["key"] = own_key ? "given" : "from_bundle";
  out["log"] = {{"origin", report->head.origin}, {"size", report->head.size}, {"root", ToHex(report->head.root)}};
  out["cosigned_by"] = Json::array();
  for (const Cosigner& each : report->cosigners) {
    out["cosigned_by"].push_back({{"witness", each.name}, {"at", FormatInstant(each.at)}});
  }
  out["signatures_not_checked"] = report->other_signatures;
  out["leaves"] = report->leaves.size();
  out["payloads"] = CountRecords(*report);
  if (!report->erasures.empty()) out["erased"] = ErasedJson(*report);
  if (report->subject.kind == BundleKind::kScore) {
    out["completeness"] = {{"list_used_exactly", "proven"}, {"lists_leave_nothing_out", "not_proven_by_this_bundle"}};
  }
  return out;
}

std::vector<std::string> VerdictText(const std::string& file, bool own_key, const Result<BundleReport>& report) {
  if (!report.ok()) return {file + ": SAI [" + report.error().code + "] " + report.error().message};
  std::vector<std::string> lines = {"ĐÚNG: chữ ký của nhật ký " + report->head.origin + ", " +
                                    std::to_string(report->head.size) + " lá."};
  for (const Cosigner& each : report->cosigners) {
    lines.push_back("ĐÚNG: nhân chứng " + each.name + " đã cùng ký lúc " + FormatInstant(each.at) + ".");
  }
  if (report->other_signatures > 0) {
    lines.push_back("Đầu nhật ký còn " + std::to_string(report->other_signatures) +
                    " chữ ký chưa kiểm: đưa khóa của nhân chứng bằng --witness.");
  }
  report->subject.kind == BundleKind::kScore ? AddScore(*report, lines) : AddEvidence(*report, lines);
  AddErased(*report, lines);
  if (!own_key) lines.emplace_back(kKeyFromBundle);
  lines.push_back(file + ": đúng");
  return lines;
}

}  // namespace mc
