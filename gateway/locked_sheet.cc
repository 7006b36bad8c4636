#include "gateway/locked_sheet.h"

#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "scoring/score_json.h"
#include "scoring/sheet_case.h"
#include "scoring/text_vi.h"
#include "storage/period_index.h"

namespace mc {
namespace {

void AddErased(const ErasedLeaves& erased, const std::string& item, const std::vector<std::int64_t>& leaves,
               LockedSheet& locked) {
  for (const std::int64_t leaf : leaves) {
    if (const Erasure* by = erased.Find(leaf)) locked.erased.push_back({item, leaf, *by});
  }
}

Status ReadEntry(Store& store, const LockedEntry& entry, const ScoreCard& card, LockedSheet& locked) {
  MC_TRY(const SheetCase sheet, ParseSheetCase(entry.case_text));
  MC_TRY(const ErasedLeaves erased, ErasedLeaves::Load(store));
  locked.card = entry.score_text;
  MC_TRY(const std::string now, CanonicalJson(CardToJson(card)));
  locked.listed = true;
  locked.same_as_now = now == entry.score_text;
  for (std::size_t i = 0; i < sheet.sources.size(); ++i) {
    AddErased(erased, sheet.subject.lines[i].label, sheet.sources[i].leaves, locked);
  }
  for (const BesideItem& beside : sheet.beside) AddErased(erased, beside.item, beside.leaves, locked);
  return Ok();
}

// The card commits to its text: it reads back, or fsck says why not.
Json CardJson(const LockedSheet& locked) {
  auto card = ParseJson(locked.card);
  return card.ok() ? std::move(*card) : Json(nullptr);
}

std::string Figure(const Json& card, const char* name) {
  const auto found = card.find(name);
  if (found == card.end() || !found->is_string()) return "-";
  const auto value = Ratio::FromDecimal(found->get_ref<const std::string&>());
  return value.ok() ? ViRounded(*value, 2) : "-";
}

std::string ErasedText(const ErasedOfItem& erased) {
  return "lá " + std::to_string(erased.leaf) + ": dữ liệu gốc đã xóa ngày " + FormatCity({erased.by.at, false}) +
         ", lá " + std::to_string(erased.by.leaf);
}

}  // namespace

Result<std::optional<LockedSheet>> FindLockedSheet(Store& store, const std::string& period, const std::string& person,
                                                   const ScoreCard& card) {
  MC_TRY(const std::optional<LockedPeriod> found, store.FindPeriod(period));
  if (!found) return std::optional<LockedSheet>();
  LockedSheet locked;
  locked.leaf = found->leaf;
  locked.locked_at = found->index.locked_at;
  const auto entry = store.OpenEntry(*found, PersonPseudonym(found->key, person));
  if (!entry.ok() && entry.error().code != "no_such_entry") return entry.error();
  if (entry.ok()) MC_CHECK_OK(ReadEntry(store, *entry, card, locked));
  return std::optional(std::move(locked));
}

Json LockedAsJson(const std::optional<LockedSheet>& locked) {
  if (!locked) return nullptr;
  Json erased = Json::array();
  for (const ErasedOfItem& one : locked->erased) {
    erased.push_back({{"item", one.item},
                      {"leaf", one.leaf},
                      {"erased_at", FormatInstant(one.by.at)},
                      {"erasure", one.by.leaf},
                      {"reason", Name(one.by.reason)}});
  }
  return {{"leaf", locked->leaf},
          {"locked_at", FormatInstant(locked->locked_at)},
          {"listed", locked->listed},
          {"sheet", CardJson(*locked)},
          {"same_as_now", locked->same_as_now},
          {"erased", std::move(erased)}};
}

std::vector<std::string> LockedAsText(const LockedSheet& locked) {
  std::vector<std::string> out = {"Kỳ này ĐÃ CHỐT lúc " + FormatCity({locked.locked_at, false}) +
                                  ": chỉ mục kỳ là lá " + std::to_string(locked.leaf) + "."};
  if (!locked.listed) {
    out.emplace_back("Người này không có trong chỉ mục của kỳ: phiếu dưới đây chỉ là số tính lại hôm nay.");
    return out;
  }
  const Json figures = CardJson(locked);
  out.push_back("Phiếu đã chốt: kết quả " + Figure(figures, "results_points") + ", tổng " + Figure(figures, "total") +
                "; " +
                (locked.same_as_now ? "tính lại hôm nay vẫn đúng như vậy."
                                    : "các số dưới đây là tính lại hôm nay và KHÁC phiếu đã chốt; phiếu đã chốt giữ "
                                      "nguyên giá trị."));
  for (const ErasedOfItem& one : locked.erased) out.push_back("  " + one.item + ", " + ErasedText(one));
  return out;
}

std::vector<std::string> ErasedItemAsText(const LockedSheet& locked, const std::string& item) {
  std::vector<std::string> out;
  for (const ErasedOfItem& one : locked.erased) {
    if (one.item == item) out.push_back(ErasedText(one));
  }
  return out;
}

}  // namespace mc
