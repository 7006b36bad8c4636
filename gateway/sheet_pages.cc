#include "gateway/sheet_pages.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "gateway/file_view.h"
#include "gateway/html.h"
#include "gateway/page.h"
#include "gateway/sheet_html.h"
#include "sso/form.h"

namespace mc {
namespace {

RouteAnswer PageFailed(const RouteRequest& request, const Error& error) {
  if (error.error_class != ErrorClass::kData) return StoreFailed(request, error);
  if (error.code == "record_erased") return SayNo(request, 410, "erased", "erased_lead");
  return SayNo(request, 404, "not_found", "not_found_lead");
}

RouteAnswer PageOf(const RouteRequest& request, const Caller& caller, WebPage page) {
  page.path = PathOf(request);
  page.person = caller.person->name;
  RouteAnswer answer = PageAnswer(200, page);
  KeepLanguage(request, answer);
  return answer;
}

std::string BaseOf(const RouteRequest& request) { return SheetPath(request.captures.at(0), request.captures.at(1)); }

}  // namespace

void SheetPages::AddTo(HttpServer& server) {
  AddGet(server, this, MC_SHEET, &SheetPages::Sheet);
  AddGet(server, this, MC_ITEM, &SheetPages::Item);
  AddGet(server, this, MC_RECORD, &SheetPages::Record);
  AddGet(server, this, MC_PERSON "/looks", &SheetPages::Looks);
  AddGet(server, this, MC_UNIT, &SheetPages::Unit);
}

std::string SheetPages::LinksFor(Language language, const Caller& caller) const {
  const std::string& person = caller.person->id;
  const auto latest = parts_.sheets.LatestPeriodOf(person);
  std::string links;
  if (latest.ok() && !latest->empty()) {
    links += "<li><a class=\"button\" href=\"" + Escaped(SheetPath(person, *latest)) + "\">" +
             std::string(Say(language, "my_score")) + "</a></li>\n";
  }
  std::set<std::string> units;
  const CivilDate today = CityDate(parts_.gate.clock().Now());
  for (const KnownPerson::Post& post : caller.person->PostsOn(today)) {
    if (post.role != Role::kMember) units.insert(post.unit_id);
  }
  for (const DutyGrant& grant : caller.person->duties) {
    const bool scoped = grant.duty == Duty::kApprover || grant.duty == Duty::kAuditor;
    if (!scoped || !grant.span.Contains(today)) continue;
    if (!grant.unit.empty()) units.insert(grant.unit);
    if (grant.unit.empty()) {
      for (const std::string& top : caller.edition->TopUnits()) units.insert(top);
    }
  }
  for (const std::string& unit : units) {
    links += "<li><a class=\"button\" href=\"" + Escaped(UnitPath(unit)) + "\">" +
             std::string(Say(language, "unit_of")) + " " + Vietnamese(caller.edition->UnitName(unit)) + "</a></li>\n";
  }
  links += "<li><a class=\"button\" href=\"" + Escaped(LooksPath(person)) + "\">" +
           std::string(Say(language, "who_looked")) + "</a></li>\n";
  const std::string none =
      latest.ok() && latest->empty() ? "<p>" + std::string(Say(language, "no_sheet_yet")) + "</p>\n" : "";
  return none + "<ul class=\"choices\">\n" + links + "</ul>\n";
}

// Other periods of which the person has a sheet that the caller may see.
std::string SheetPages::PeriodsHtml(Language language, const RouteRequest& request, const AccessRule& row,
                                    const Caller& caller) const {
  const std::string &person = request.captures.at(0), &shown = request.captures.at(1);
  std::vector<std::string> periods;
  for (const SheetEdition& edition : parts_.sheets.Editions()) {
    const auto sheet = parts_.sheets.Brief(edition.period, person);
    if (!sheet.ok() || !*sheet || !parts_.gate.MaySee(row, caller, {person, (*sheet)->unit})) continue;
    periods.push_back(edition.period);
  }
  return PeriodNav(language, periods, shown, [&](const std::string& period) { return SheetPath(person, period); });
}

RouteAnswer SheetPages::Sheet(const RouteRequest& request, const AccessRule& row) {
  const auto opened = parts_.gate.OpenSheet(request, row);
  if (!opened.ok()) return opened.error();
  const std::string& person = request.captures.at(0);
  const auto explanation = parts_.gate.ExplanationOf(request, *opened);
  if (!explanation.ok()) return explanation.error();
  if (auto refused = parts_.gate.NoteSheet(request, row, *opened)) return *refused;
  const Language language = LanguageOf(request);
  const bool own = opened->caller.person->id == person;
  WebPage page{.language = language, .title = std::string(Say(language, own ? "my_score" : "sheet_of"))};
  page.main = PeriodsHtml(language, request, row, opened->caller) +
              SheetHtml(language, *explanation, *opened->caller.edition, BaseOf(request)) +
              (own ? ButtonTo(language, LooksPath(person), "who_looked") : "") + ButtonTo(language, "/", "to_start");
  return PageOf(request, opened->caller, std::move(page));
}

RouteAnswer SheetPages::Item(const RouteRequest& request, const AccessRule& row) {
  const auto opened = parts_.gate.OpenSheet(request, row);
  if (!opened.ok()) return opened.error();
  const auto item = parts_.gate.ItemOf(request, *opened);
  if (!item.ok()) return item.error();
  if (auto refused = parts_.gate.NoteItem(request, row, *opened, *item)) return *refused;
  const Language language = LanguageOf(request);
  WebPage page{.language = language, .title = std::string(Say(language, "item_title"))};
  const bool opens = parts_.gate.MayOpenRecords(request, *opened, *item);
  page.main = ItemHtml(language, *item, BaseOf(request), opens) + ButtonTo(language, BaseOf(request), "back_to_sheet");
  return PageOf(request, opened->caller, std::move(page));
}

RouteAnswer SheetPages::Record(const RouteRequest& request, const AccessRule& row) {
  const auto opened = parts_.gate.OpenSheet(request, row);
  if (!opened.ok()) return opened.error();
  const auto item = parts_.gate.ItemOf(request, *opened);
  if (!item.ok()) return item.error();
  if (auto refused = parts_.gate.EnterRecord(request, row, *opened, *item)) return *refused;
  const auto store = parts_.sheets.stores().Borrow();
  if (!store.ok()) return StoreFailed(request, store.error());
  const auto raw = OpenRecordOf(**store, *item, request.captures.at(3), "read by " + opened->caller.person->id);
  if (!raw.ok()) return PageFailed(request, raw.error());
  const Language language = LanguageOf(request);
  WebPage page{.language = language, .title = std::string(Say(language, "record_title"))};
  page.main = RecordHtml(language, *raw) +
              ButtonTo(language, BaseOf(request) + "/items/" + request.captures.at(2), "back_to_item");
  return PageOf(request, opened->caller, std::move(page));
}

RouteAnswer SheetPages::Looks(const RouteRequest& request, const AccessRule& row) {
  const Entered entered = parts_.gate.EnterPerson(request, row);
  if (!entered.ok()) return entered.error();
  const auto query = sso::ParseForm(request.query);
  const std::string* before = query ? sso::ValueOf(*query, "before") : nullptr;
  const auto looks = LooksOf(parts_.sheets, *entered->edition, request.captures.at(0), before);
  if (!looks.ok()) return PageFailed(request, looks.error());
  const Language language = LanguageOf(request);
  WebPage page{.language = language, .title = std::string(Say(language, "who_looked"))};
  page.main = LooksHtml(language, *looks) + ButtonTo(language, "/", "to_start");
  return PageOf(request, *entered, std::move(page));
}

RouteAnswer SheetPages::Unit(const RouteRequest& request, const AccessRule& row) {
  const Entered entered = parts_.gate.EnterUnit(request, row);
  if (!entered.ok()) return entered.error();
  const auto query = sso::ParseForm(request.query);
  const std::string* period = query ? sso::ValueOf(*query, "period") : nullptr;
  const auto summary =
      UnitSummaryOf(parts_.sheets, *entered->edition, request.captures.at(0), period ? *period : std::string());
  if (!summary.ok()) return PageFailed(request, summary.error());
  const Language language = LanguageOf(request);
  WebPage page{.language = language, .title = entered->edition->UnitName(request.captures.at(0))};
  page.main = UnitHtml(language, *summary) + ButtonTo(language, "/", "to_start");
  return PageOf(request, *entered, std::move(page));
}

}  // namespace mc
