#include "gateway/sheet_html.h"

#include <nlohmann/json.hpp>

#include "core/time.h"
#include "gateway/html.h"
#include "gateway/page.h"
#include "sso/form.h"

namespace mc {
namespace {

std::string TextAt(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Numbers as the language writes them: "87,50" or "87.50".
std::string NumberHtml(Language language, std::string text) {
  if (text.empty()) return "–";
  if (language == Language::kVi) {
    for (char& c : text) c = c == '.' ? ',' : c;
  }
  return Escaped(text);
}

// A time as the documents hold it: with a clock, or a bare date.
std::string MomentHtml(const std::string& text) {
  if (const auto at = ParseInstant(text); at.ok()) return TimeHtml(*at);
  if (const auto day = ParseDate(text); day.ok()) return Escaped(FormatCity(BareDate(*day)));
  return Escaped(text);
}

// A word of the system in the reader's language; as it is where the texts have none.
std::string WordHtml(Language language, const std::string& kind, const std::string& word) {
  return word.empty() ? "–" : Escaped(SayOr(language, kind + "." + word, word));
}

// An id of the settings; breaks where its words end.
std::string SourceHtml(const std::string& source) {
  std::string html = "<code>";
  for (const char c : source) html += Escaped(std::string(1, c)) + (c == '_' ? "<wbr>" : "");
  return html + "</code>";
}

std::string ListOf(const Json& texts) {
  std::string html;
  for (const Json& text : texts) html += "<li lang=\"vi\">" + Escaped(text.get<std::string>()) + "</li>\n";
  return html.empty() ? html : "<ul>\n" + html + "</ul>\n";
}

std::string HeadHtml(Language language, const Json& explanation, const PeopleIndex& directory) {
  const KnownPerson* person = directory.ById(TextAt(explanation, "person"));
  const std::string unit = TextAt(explanation, "unit");
  std::string html = "<dl>\n";
  html += DefinitionOf(language, "name", Vietnamese(person ? person->name : TextAt(explanation, "person")));
  html += DefinitionOf(language, "unit", unit.empty() ? "–" : Vietnamese(directory.UnitName(unit)));
  html += DefinitionOf(language, "period", PeriodHtml(language, TextAt(explanation, "period")));
  html += DefinitionOf(language, "as_of", MomentHtml(TextAt(explanation, "as_of")));
  html += DefinitionOf(language, "policy", "<code>" + Escaped(TextAt(explanation, "policy")) + "</code>");
  return html + "</dl>\n";
}

std::string ResultHtml(Language language, const Json& explanation) {
  const Json& sheet = explanation.at("sheet");
  std::string html = "<dl class=\"result\">\n";
  html += DefinitionOf(language, "total", "<strong>" + NumberHtml(language, TextAt(sheet, "total")) + "</strong>");
  html += DefinitionOf(language, "results_points", NumberHtml(language, TextAt(sheet, "results_points")));
  html += DefinitionOf(language, "general_points", NumberHtml(language, TextAt(sheet, "general")));
  html += DefinitionOf(language, "class", WordHtml(language, "class", TextAt(explanation, "class")));
  html += DefinitionOf(language, "status", WordHtml(language, "status", TextAt(sheet, "status")));
  return html + "</dl>\n";
}

std::string LostHtml(Language language, const Json& line) {
  std::string html;
  for (const Json& lost : line.at("lost")) {
    html += "<li><strong>−" + NumberHtml(language, TextAt(lost, "points")) + "</strong> " +
            Vietnamese(TextAt(lost, "why")) + "</li>";
  }
  return html.empty() ? std::string(Say(language, "nothing_lost")) : "<ul class=\"plain\">" + html + "</ul>";
}

std::string LinesHtml(Language language, const Json& explanation, const std::string& base) {
  HtmlTable table(language, "lines_caption", {"item", "assigned", "completed", "coefficient", "lost"});
  for (const Json& line : explanation.at("sheet").at("lines")) {
    const std::string key = TextAt(line, "label");
    const auto item = explanation.at("items").find(key);
    std::string name = LinkTo(base + "/items/" + TextAt(line, "ref"), Vietnamese(key));
    if (item != explanation.at("items").end()) {
      const std::string product = TextAt(*item, "product_name");
      name += "<br><span class=\"small\" lang=\"vi\">" + Escaped(TextAt(*item, "kind_vi")) +
              (product.empty() ? "" : " · " + Escaped(product)) + "</span>";
    }
    table.Row({name, NumberHtml(language, TextAt(line, "assigned")), NumberHtml(language, TextAt(line, "completed")),
               NumberHtml(language, TextAt(line, "coefficient")), LostHtml(language, line)});
  }
  return table.empty() ? "<p>" + std::string(Say(language, "no_lines")) + "</p>\n" : table.Html();
}

// Sheets are kept without names: of somebody else's item the directory says whose it is.
std::string WhyOffHtml(Language language, const Json& off, const PeopleIndex& directory) {
  const KnownPerson* lead = directory.ById(TextAt(off, "lead"));
  return WordHtml(language, "off", TextAt(off, "why")) + "<br>" +
         (lead ? std::string(Say(language, "lead")) + " " + Vietnamese(lead->name)
               : Vietnamese(TextAt(off, "reason_vi")));
}

std::string OffSheetHtml(Language language, const Json& explanation, const PeopleIndex& directory,
                         const std::string& base) {
  HtmlTable table(language, "off_caption", {"item", "why_off"});
  for (const Json& off : explanation.at("off_sheet")) {
    table.Row({LinkTo(base + "/items/" + TextAt(off, "ref"), Vietnamese(TextAt(off, "item"))),
               WhyOffHtml(language, off, directory)});
  }
  return table.empty() ? "" : SectionOf(language, "off_sheet", "off", table.Html());
}

std::string ItemFacts(Language language, const Json& item) {
  std::string html = "<dl>\n" + DefinitionOf(language, "item_key", "<code>" + Escaped(TextAt(item, "key")) + "</code>");
  html += DefinitionOf(language, "kind", Vietnamese(TextAt(item, "kind_vi")));
  const std::string product = TextAt(item, "product_name");
  html += DefinitionOf(language, "product_name", product.empty() ? "–" : Vietnamese(product));
  html += DefinitionOf(language, "assigned_at", MomentHtml(TextAt(item, "assigned_at")));
  const std::string due = TextAt(item, "due");
  html += DefinitionOf(language, "due", due.empty() ? std::string(Say(language, "no_due")) : MomentHtml(due));
  std::string completed;
  for (const Json& one : item.at("completions")) {
    completed += (completed.empty() ? "" : "<br>") + MomentHtml(TextAt(one, "at")) + ", " +
                 WordHtml(language, "assurance", TextAt(one, "assurance"));
  }
  html += DefinitionOf(language, "completed_at",
                       completed.empty() ? std::string(Say(language, "not_completed")) : completed);
  html += DefinitionOf(language, "checks", Vietnamese(TextAt(item, "checks_vi")));
  return html + "</dl>\n";
}

std::string EvidenceHtml(Language language, const Json& item, const std::string& base, bool opens) {
  HtmlTable table(language, "evidence_caption", {"says", "source", "occurred", "assurance_level", "record"});
  for (const Json& one : item.at("evidence")) {
    const std::string record = TextAt(one, "record"), occurred = TextAt(one, "occurred_at");
    const std::string name = "<code>" + record + "</code>";
    std::string says = Vietnamese(TextAt(one, "says_vi"));
    for (const Json& mark : one.value("marks_vi", Json::array())) {
      says += "<br><span class=\"small\" lang=\"vi\">" + Escaped(mark.get<std::string>()) + "</span>";
    }
    table.Row({says, SourceHtml(TextAt(one, "source")), occurred.empty() ? "–" : MomentHtml(occurred),
               WordHtml(language, "assurance", TextAt(one, "assurance")),
               opens ? LinkTo(base + "/items/" + TextAt(item, "ref") + "/records/" + record, name) : name});
  }
  const std::string closed = opens ? "" : "<p>" + std::string(Say(language, "records_closed")) + "</p>\n";
  return SectionOf(language, "evidence", "evidence", closed + table.Html());
}

std::string CountsHtml(Language language, const Json& counts) {
  std::string html;
  for (const auto& [status, count] : counts.items()) {
    html += (html.empty() ? "" : " · ") + WordHtml(language, "status", status) + ": " +
            std::to_string(count.get<std::int64_t>());
  }
  return html.empty() ? "–" : html;
}

}  // namespace

std::string SheetPath(const std::string& person, const std::string& period) {
  return "/people/" + sso::FormEncoded(person) + "/sheets/" + period;
}

std::string UnitPath(const std::string& unit) { return "/units/" + sso::FormEncoded(unit); }

std::string LooksPath(const std::string& person) { return "/people/" + sso::FormEncoded(person) + "/looks"; }

std::string SheetHtml(Language language, const Json& explanation, const PeopleIndex& directory,
                      const std::string& base) {
  std::string html = HeadHtml(language, explanation, directory) + ResultHtml(language, explanation);
  html += SectionOf(language, "how", "how", ListOf(explanation.at("figures_vi")));
  html += SectionOf(language, "lines", "lines", LinesHtml(language, explanation, base));
  return html + OffSheetHtml(language, explanation, directory, base);
}

std::string ItemHtml(Language language, const Json& item, const std::string& base, bool opens) {
  std::string html = ItemFacts(language, item);
  const auto line = item.find("line_vi");
  if (line != item.end()) html += SectionOf(language, "on_sheet", "on-sheet", ListOf(*line));
  if (!item.at("notes_vi").empty()) html += SectionOf(language, "notes", "notes", ListOf(item.at("notes_vi")));
  return html + EvidenceHtml(language, item, base, opens);
}

std::string RecordHtml(Language language, const Json& record) {
  const bool matches = record.at("matches").get<bool>();
  std::string html = "<dl>\n";
  html += DefinitionOf(language, "source", SourceHtml(TextAt(record, "source")));
  html += DefinitionOf(language, "observed", MomentHtml(TextAt(record, "observed_at")));
  html += DefinitionOf(language, "leaf", std::to_string(record.at("leaf").get<std::int64_t>()));
  html += DefinitionOf(language, "sha256", "<code>" + TextAt(record, "sha256") + "</code>");
  html += DefinitionOf(language, "recomputed",
                       "<code>" + TextAt(record, "sha256_recomputed") + "</code> <strong>" +
                           std::string(Say(language, matches ? "match" : "no_match")) + "</strong>");
  html += "</dl>\n";
  if (!record.at("whole").get<bool>()) html += "<p>" + std::string(Say(language, "not_whole")) + "</p>\n";
  const bool text = record.contains("bytes");
  const std::string bytes = TextAt(record, text ? "bytes" : "bytes_base64");
  // Focusable, so that who has no mouse can scroll it.
  return html + SectionOf(language, text ? "bytes" : "bytes_base64", "bytes",
                          "<pre tabindex=\"0\">" + Escaped(bytes) + "</pre>\n");
}

std::string LooksHtml(Language language, const Json& page) {
  HtmlTable table(language, "looks_caption", {"viewer", "when", "what", "period"});
  for (const Json& look : page.at("looks")) {
    table.Row({Vietnamese(TextAt(look, "name")), MomentHtml(TextAt(look, "at")),
               WordHtml(language, "look", TextAt(look, "what")), PeriodHtml(language, TextAt(look, "period"))});
  }
  const std::string lead = "<p>" + std::string(Say(language, "looks_lead")) + "</p>\n";
  const Json& older = page.at("older");
  const std::string more = LooksPath(TextAt(page, "person")) + "?before=" + older.dump();
  return lead + (table.empty() ? "<p>" + std::string(Say(language, "no_looks")) + "</p>\n" : table.Html()) +
         (older.is_null() ? "" : ButtonTo(language, more, "older_looks"));
}

std::string UnitHtml(Language language, const Json& summary) {
  const std::string period = TextAt(summary, "period");
  const std::string unit = UnitPath(TextAt(summary, "unit"));
  std::string html = PeriodNav(language, summary.at("periods").get<std::vector<std::string>>(), period,
                               [&](const std::string& other) { return unit + "?period=" + other; });
  html += "<dl>\n" + DefinitionOf(language, "period", PeriodHtml(language, period)) +
          DefinitionOf(language, "as_of", MomentHtml(TextAt(summary, "as_of"))) +
          DefinitionOf(language, "counts", CountsHtml(language, summary.at("counts"))) + "</dl>\n";
  HtmlTable people(language, "people_caption", {"name", "status", "results_points", "total", "class"});
  for (const Json& one : summary.at("people")) {
    people.Row({LinkTo(SheetPath(TextAt(one, "person"), period), Vietnamese(TextAt(one, "name"))),
                WordHtml(language, "status", TextAt(one, "status")),
                NumberHtml(language, TextAt(one, "results_points")), NumberHtml(language, TextAt(one, "total")),
                WordHtml(language, "class", TextAt(one, "class"))});
  }
  if (!people.empty()) html += SectionOf(language, "people", "people", people.Html());
  HtmlTable below(language, "below_caption", {"unit", "counts"});
  for (const Json& one : summary.at("below")) {
    below.Row({LinkTo(UnitPath(TextAt(one, "unit")) + "?period=" + period, Vietnamese(TextAt(one, "name"))),
               CountsHtml(language, one.at("counts"))});
  }
  if (!below.empty()) html += SectionOf(language, "below", "below", below.Html());
  return html;
}

}  // namespace mc
