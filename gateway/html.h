// Small pieces of pages: everything that takes text escapes it. Pure; any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/page_texts.h"

namespace mc {

std::string Vietnamese(std::string_view text);                        // data, marked as such: <span lang="vi">
std::string LinkTo(std::string_view path, const std::string& inner);  // `inner` is HTML
std::string ButtonTo(Language language, std::string_view path, std::string_view key);        // at the end of a page
std::string DefinitionOf(Language language, std::string_view key, const std::string& html);  // <dt>, <dd>

// A table whose rows become blocks on a narrow screen. Cells are HTML.
class HtmlTable {
 public:
  HtmlTable(Language language, std::string_view caption_key, std::vector<std::string_view> column_keys);
  void Row(const std::vector<std::string>& cells);
  bool empty() const { return rows_.empty(); }
  std::string Html() const;

 private:
  const Language language_;
  const std::string caption_;
  const std::vector<std::string_view> columns_;
  std::string rows_;
};

// "2026-06" as people say it: "Tháng 6/2026", "June 2026"; other texts as they are.
std::string PeriodHtml(Language language, const std::string& period);
// From one period to the others; `path_of` says where each is.
std::string PeriodNav(Language language, const std::vector<std::string>& periods, const std::string& shown,
                      const std::function<std::string(const std::string&)>& path_of);

// A part of a page with a heading; `id` is unique on the page.
std::string SectionOf(Language language, std::string_view heading_key, std::string_view id, const std::string& html);

}  // namespace mc
