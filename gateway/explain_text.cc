// A sheet and its records as Vietnamese text (`explain`).
#include <cstdio>
#include <map>

#include "core/digest.h"
#include "gateway/explain.h"
#include "gateway/mark_texts.h"
#include "gateway/satisfaction_view.h"
#include "gateway/texts.h"
#include "scoring/explain.h"

namespace mc {
namespace {

using Texts = std::vector<std::string>;

std::string JoinedTexts(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string ClaimVerdict(const WorkItem& item) {
  std::vector<std::string> reasons;
  for (const RefVerdict& tested : item.tested) {
    if (tested.reason != "passes") reasons.push_back(tested.ref + " " + ViReason(tested.reason));
  }
  return reasons.empty() ? "báo cáo không viện dẫn kết quả nào" : JoinedTexts(reasons);
}

class SheetText {
 public:
  SheetText(const SheetView& view, const EvidenceChecks& checks) : view_(view), checks_(checks) {
    for (const EvidenceRevision& revision : view.run.evidence) by_ik_[revision.ik] = &revision;
    for (const Product* product : Products()) names_[product->code] = product->name;
  }

  Texts Build() {
    Head();
    Figures();
    Lines();
    OffSheetItems();
    const SatisfactionBeside said = SatisfactionFor(view_.run, view_.person);
    for (std::string& text : SatisfactionAsText(said)) out_.push_back(std::move(text));
    return std::move(out_);
  }

 private:
  std::vector<const Product*> Products() const {
    std::vector<const Product*> products;
    for (const CatalogueEdition& edition : view_.run.catalogue.editions()) {
      for (const Product& product : edition.products) products.push_back(&product);
    }
    return products;
  }

  std::string ProductName(const std::string& code) const {
    const auto found = names_.find(code);
    return found == names_.end() ? code : found->second;
  }

  void Head() {
    const Person* person = view_.run.identity->FindPerson(view_.person.person);
    const OrgUnit* unit = view_.run.identity->FindUnit(view_.person.unit);
    out_.push_back("PHIẾU ĐIỂM kỳ " + FormatPeriod(view_.run.period) + ": " + (person ? person->name : "") + " (" +
                   view_.person.person + ")" + (view_.person.leading ? ", lãnh đạo, quản lý" : ""));
    out_.push_back("Đơn vị: " + (unit ? unit->name : view_.person.unit) + " · nhóm: " + view_.person.peer_group);
    out_.push_back("Chốt kỳ: " + FormatCity({view_.run.cutoff, false}) +
                   " · nhìn tại: " + FormatCity({view_.run.as_of, false}) + " · chính sách: " + view_.run.policy.id +
                   " (sha256 " + view_.run.policy.digest.substr(0, 16) + "…)");
  }

  void Figures() {
    out_.push_back("");
    for (std::string& text : FiguresAsText(view_)) out_.push_back(std::move(text));
  }

  void Lines() {
    out_.push_back("");
    out_.push_back("TỪNG VIỆC (" + std::to_string(view_.card.lines.size()) + ")");
    for (const ScoreLine& line : view_.card.lines) {
      out_.push_back("");
      for (std::string& text : ExplainLine(line)) out_.push_back(std::move(text));
      if (const WorkItem* item = view_.run.FindItem(line.input.label)) Item(*item);
    }
  }

  void Item(const WorkItem& item) {
    std::string head = "  " + ViKind(item.kind);
    if (!item.product.empty()) head += " · sản phẩm: " + ProductName(item.product);
    out_.push_back(head + " · giao " + FormatCity(item.assigned_at) +
                   (item.due ? " · hạn " + FormatCity(*item.due) : " · không có hạn"));
    if (!item.aliases.empty()) out_.push_back("  còn gọi là: " + JoinedTexts(item.aliases));
    for (const Completion& c : item.completions) {
      out_.push_back("  hoàn thành " + FormatCity(c.at) + ", " + ViAssurance(c.level) +
                     (c.by.empty()           ? ""
                      : c.by == "acceptance" ? ", nghiệm thu"
                                             : ", bởi " + c.by));
    }
    for (const RefVerdict& tested : item.tested) {
      if (tested.reason != "passes") out_.push_back("  viện dẫn " + tested.ref + ": " + ViReason(tested.reason));
    }
    for (const std::string& note : item.notes) out_.push_back("  ghi chú: " + ViReason(note));
    if (item.unknown_returns > 0) {
      out_.push_back("  " + std::to_string(item.unknown_returns) +
                     " lần trả lại có lý do ngoài bảng, không tính là lỗi");
    }
    out_.push_back("  kiểm tra: " + ChecksInOneLine(checks_.Of(item)));
    for (const EvidenceRef& ref : item.evidence) Evidence(ref);
  }

  void Evidence(const EvidenceRef& ref) {
    std::string text = "    " + ref.source + ": " + ViSays(ref.says) + " · bản ghi " + IkHex(ref.ik) + " · lá " +
                       std::to_string(ref.leaf_index);
    const auto found = by_ik_.find(ref.ik);
    if (found != by_ik_.end()) {
      const auto& revision = *found->second;
      if (revision.evidence.occurred_at) text += " · " + FormatCity(*revision.evidence.occurred_at);
      text += " · sha256 " + ToHex(revision.record_digest);
    }
    out_.push_back(std::move(text));
    if (found == by_ik_.end()) return;
    for (const std::string& mark : found->second->evidence.marks) out_.push_back("      lưu ý: " + ViMark(mark));
  }

  void OffSheetItems() {
    const OffSheetItem* previous = nullptr;
    for (const OffSheetItem& off : view_.off_sheet) {
      if (!previous || previous->why != off.why) {
        out_.push_back("");
        out_.emplace_back(TitleOf(off.why));
      }
      previous = &off;
      out_.push_back(off.item->key + ": " + WhyOffAsText(off));
      // The evidence of a claim that does not count stands under its line above.
      if (off.why != OffSheet::kClaimNotBacked) Item(*off.item);
    }
  }

  const SheetView& view_;
  const EvidenceChecks& checks_;
  std::map<std::int64_t, const EvidenceRevision*> by_ik_;
  std::map<std::string, std::string> names_;
  Texts out_;
};

std::string Harmless(const std::string& bytes) {
  std::string text;
  unsigned char before = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const bool c1 = before == 0xC2 && byte >= 0x80 && byte < 0xA0;  // U+0080..U+009F: CSI among them
    const bool control = (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f || c1;
    before = byte;
    if (!control) {
      text += c;
      continue;
    }
    char escaped[8];
    std::snprintf(escaped, sizeof escaped, "\\x%02x", byte);
    text += escaped;
  }
  return text;
}

}  // namespace

std::string_view TitleOf(OffSheet why) {
  switch (why) {
    case OffSheet::kClaimNotBacked: return "BÁO CÁO HOÀN THÀNH NHƯNG KHÔNG CÓ MINH CHỨNG";
    case OffSheet::kSelfSet: return "VIỆC TỰ GIAO (không tính)";
    case OffSheet::kHeld: return "VIỆC TẠM GIỮ";
    case OffSheet::kAmbiguous: return "VIỆC CHƯA RÕ NGƯỜI CHỦ TRÌ";
    case OffSheet::kLeft: return "VIỆC KHÔNG CÒN TÍNH";
    case OffSheet::kContributed: return "VIỆC PHỐI HỢP (không tính a, b, c)";
  }
  return "";
}

std::string WhyOffAsText(const OffSheetItem& off) {
  const WorkItem& item = *off.item;
  switch (off.why) {
    case OffSheet::kClaimNotBacked: return ClaimVerdict(item);
    case OffSheet::kSelfSet: return "người chủ trì tự giao, không ai khác giao việc này";
    case OffSheet::kHeld: {
      std::vector<std::string> reasons;
      for (const std::string& code : item.held) reasons.push_back(ViReason(code));
      return JoinedTexts(reasons);
    }
    case OffSheet::kAmbiguous: return ViLink(item.lead);
    case OffSheet::kLeft: return ViReason(*item.left);
    case OffSheet::kContributed: return "chủ trì: " + ViLink(item.lead);
  }
  return "";
}

// ExplainCard puts the lines between the status and the formula; here they come with their evidence, further down.
std::vector<std::string> FiguresAsText(const SheetView& view) {
  const Texts texts = ExplainCard(view.run.policy, view.card);
  std::size_t lines = 0;
  for (const ScoreLine& line : view.card.lines) lines += ExplainLine(line).size();
  Texts out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i == 0 || i > lines) out.push_back(texts[i]);
  }
  for (const std::string& reason : view.subject.waiting_for_data) out.push_back("  chờ: " + reason);
  return out;
}

std::vector<std::string> ExplainAsText(const SheetView& view, const EvidenceChecks& checks) {
  return SheetText(view, checks).Build();
}

std::vector<std::string> OpenedAsText(const WorkItem& item, const std::vector<OpenedRecord>& records,
                                      const std::vector<CheckRows>& checks, bool terminal) {
  Texts out = {"DỮ LIỆU GỐC của " + item.key};
  for (std::size_t i = 0; i < records.size(); ++i) {
    const OpenedRecord& opened = records[i];
    const SourceRecord& record = opened.stored.record;
    out.push_back("");
    out.push_back("bản ghi " + IkHex(opened.ref.ik) + " · " + record.source + ", " + ViSays(opened.ref.says) +
                  " · lá " + std::to_string(opened.stored.leaf_index) + " · lấy lúc " +
                  FormatInstant(record.observed_at));
    out.push_back("sha256 ghi trong sổ:  " + ToHex(record.key.digest));
    out.push_back("sha256 tính lại:      " + ToHex(opened.recomputed) + (opened.matches ? " (khớp)" : " (KHÔNG KHỚP)"));
    for (std::string& line : ChecksAsTable(checks[i])) out.push_back(std::move(line));
    for (const auto& [name, value] : record.facts) out.push_back("ngữ cảnh lời gọi: " + name + " = " + value);
    out.push_back(terminal ? Harmless(record.bytes) : record.bytes);
  }
  return out;
}

}  // namespace mc
