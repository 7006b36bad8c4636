#include "connectors/filed_lists.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/json.h"

namespace mc {

void FiledLists::Add(std::int64_t total, std::int64_t rows, const std::string& page) {
  if (rows >= total) {
    if (rows > 0) lists_.clear();  // an empty list says nothing of another
    return;
  }
  auto list = std::find_if(lists_.begin(), lists_.end(), [&](const Open& open) { return open.total == total; });
  if (list == lists_.end()) {
    if (lists_.size() == kOpenLists) return;
    list = lists_.insert(lists_.end(), Open{total, 0, {}});
  }
  if (list->pages.size() == kPagesOfAList || !list->pages.insert(page).second) return;
  list->rows += rows;
  // More rows than the total: the pages overlap, and do not say what is missing.
  if (list->rows == list->total) lists_.erase(lists_.begin(), std::next(list));
}

std::int64_t FiledLists::Missing() const {
  std::int64_t missing = 0;
  for (const Open& list : lists_) missing += std::max<std::int64_t>(0, list.total - list.rows);
  return missing;
}

Json FiledLists::ToJson() const {
  Json all = Json::array();
  for (const Open& list : lists_) all.push_back({{"total", list.total}, {"rows", list.rows}, {"pages", list.pages}});
  return all;
}

Result<FiledLists> FiledLists::Read(const JsonAt& lists) {
  FiledLists read;
  MC_TRY(const std::vector<JsonAt> items, lists.Items(kOpenLists));
  for (const JsonAt& item : items) {
    MC_CHECK_OK(item.Keys({"total", "rows", "pages"}));
    Open open;
    MC_TRY(const JsonAt total, item.Member("total"));
    MC_TRY(open.total, total.Count(0, INT64_MAX));
    MC_TRY(const JsonAt rows, item.Member("rows"));
    MC_TRY(open.rows, rows.Count(0, INT64_MAX));
    MC_TRY(const JsonAt pages, item.Member("pages"));
    MC_TRY(const std::vector<JsonAt> identities, pages.Items(kPagesOfAList));
    for (const JsonAt& identity : identities) {
      MC_TRY(std::string page, identity.Text(kPageIdentityBytes));
      open.pages.insert(std::move(page));
    }
    read.lists_.push_back(std::move(open));
  }
  return read;
}

}  // namespace mc
