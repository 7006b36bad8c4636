#include "gateway/html.h"

#include <array>
#include <utility>

#include "core/time.h"
#include "gateway/page.h"

namespace mc {

std::string Vietnamese(std::string_view text) { return "<span lang=\"vi\">" + Escaped(text) + "</span>"; }

std::string LinkTo(std::string_view path, const std::string& inner) {
  return "<a href=\"" + Escaped(path) + "\">" + inner + "</a>";
}

std::string ButtonTo(Language language, std::string_view path, std::string_view key) {
  return "<p class=\"end\"><a class=\"button\" href=\"" + Escaped(path) + "\">" + std::string(Say(language, key)) +
         "</a></p>\n";
}

std::string DefinitionOf(Language language, std::string_view key, const std::string& html) {
  return "<dt>" + std::string(Say(language, key)) + "</dt><dd>" + html + "</dd>\n";
}

std::string PeriodHtml(Language language, const std::string& period) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  const auto parsed = ParsePeriod(period);
  if (!parsed.ok()) return Escaped(period);
  const std::string year = std::to_string(parsed->year);
  if (language == Language::kVi) return "Tháng " + std::to_string(parsed->month) + "/" + year;
  return std::string(kMonths[static_cast<std::size_t>(parsed->month - 1)]) + " " + year;
}

std::string PeriodNav(Language language, const std::vector<std::string>& periods, const std::string& shown,
                      const std::function<std::string(const std::string&)>& path_of) {
  std::string html;
  for (const std::string& period : periods) {
    const std::string text = PeriodHtml(language, period);
    html += "<li>" +
            (period == shown ? "<strong aria-current=\"page\">" + text + "</strong>" : LinkTo(path_of(period), text)) +
            "</li>";
  }
  return "<nav aria-label=\"" + std::string(Say(language, "periods")) + "\"><ul class=\"row\">" + html +
         "</ul></nav>\n";
}

HtmlTable::HtmlTable(Language language, std::string_view caption_key, std::vector<std::string_view> column_keys)
    : language_(language), caption_(Say(language, caption_key)), columns_(std::move(column_keys)) {}

void HtmlTable::Row(const std::vector<std::string>& cells) {
  rows_ += "<tr>";
  for (std::size_t i = 0; i < cells.size() && i < columns_.size(); ++i) {
    const std::string label(Say(language_, columns_[i]));
    // The first cell names the row.
    const char* tag = i == 0 ? "th scope=\"row\"" : "td";
    rows_ += "<" + std::string(tag) + " data-label=\"" + label + "\">" + cells[i] + (i == 0 ? "</th>" : "</td>");
  }
  rows_ += "</tr>\n";
}

std::string HtmlTable::Html() const {
  std::string html = "<div class=\"wide\"><table>\n<caption>" + caption_ + "</caption>\n<thead><tr>";
  for (const std::string_view key : columns_) html += "<th scope=\"col\">" + std::string(Say(language_, key)) + "</th>";
  return html + "</tr></thead>\n<tbody>\n" + rows_ + "</tbody>\n</table></div>\n";
}

std::string SectionOf(Language language, std::string_view heading_key, std::string_view id, const std::string& html) {
  return "<section aria-labelledby=\"" + std::string(id) + "\">\n<h2 id=\"" + std::string(id) + "\">" +
         std::string(Say(language, heading_key)) + "</h2>\n" + html + "</section>\n";
}

}  // namespace mc
