#include "gateway/file_gate.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/log.h"
#include "gateway/file_view.h"
#include "gateway/html.h"
#include "gateway/page.h"

namespace mc {
namespace {

// Of the post of that day; empty without one.
std::string UnitOn(const PeopleIndex& directory, const std::string& person, CivilDate day) {
  const KnownPerson* known = directory.ById(person);
  const auto posts = known ? known->PostsOn(day) : std::vector<KnownPerson::Post>();
  return posts.empty() ? "" : posts.front().unit_id;
}

void Concern(std::vector<std::string>& people, const std::string& person) {
  if (!person.empty() && std::find(people.begin(), people.end(), person) == people.end()) people.push_back(person);
}

// Whose the sheet is, and who leads each of these items or may be it.
template <typename Items>
std::vector<std::string> ConcernedBy(const std::string& person, const Items& items) {
  std::vector<std::string> people{person};
  for (const Json& item : items) {
    Concern(people, LeadOfItem(item));
    for (const Json& candidate : item.at("lead").at("candidates")) Concern(people, candidate.get<std::string>());
  }
  return people;
}

}  // namespace

RouteAnswer NotThere(const RouteRequest& request, const std::string& detail) {
  if (IsForPrograms(request)) return ProblemAnswer(404, TitleOf(404), detail);
  return SayNo(request, 404, "not_found", "not_found_lead");
}

RouteAnswer SayNo(const RouteRequest& request, int status, const std::string& title_key, const std::string& lead_key) {
  if (IsForPrograms(request)) return ProblemAnswer(status, TitleOf(status), std::string(Say(Language::kEn, lead_key)));
  const Language language = LanguageOf(request);
  WebPage page{.language = language, .title = std::string(Say(language, title_key))};
  page.path = PathOf(request);
  page.main = "<p>" + std::string(Say(language, lead_key)) + "</p>\n" + ButtonTo(language, "/", "to_start");
  RouteAnswer answer = PageAnswer(status, page);
  KeepLanguage(request, answer);
  return answer;
}

RouteAnswer StoreFailed(const RouteRequest& request, const Error& error) {
  Log(LogLevel::kError, "file_not_read", {{"error", error.code}});
  RouteAnswer answer = SayNo(request, 503, "busy_title", "busy_lead");
  answer.headers.emplace_back("Retry-After", "5");
  return answer;
}

const AccessRule& FileGate::RowOf(std::string_view method, std::string_view pattern) {
  const AccessRule* row = FindAccessRule(method, pattern);
  if (!row) std::abort();
  return *row;
}

RouteAnswer FileGate::Forbidden(const RouteRequest& request, const Caller& caller) {
  audit_.Write({clock_.Now(), "access_refused", caller.session->row.provider, "not_theirs",
                "somebody asked for what the access table does not let them see"});
  return SayNo(request, 403, "forbidden", "forbidden_lead");
}

Entered FileGate::Enter(const RouteRequest& request, const AccessRule& row, const AccessTarget& target) {
  MC_TRY(Caller caller, gate_.Enter(request));
  return Decide(request, std::move(caller), row, target);
}

Entered FileGate::Decide(const RouteRequest& request, Caller caller, const AccessRule& row,
                         const AccessTarget& target) {
  if (!MaySee(row, caller, target)) return Forbidden(request, caller);
  return caller;
}

bool FileGate::MaySee(const AccessRule& row, const Caller& caller, const AccessTarget& target) const {
  return Allows(row, EntitlementsOf(*caller.person, *caller.edition, target, CityDate(clock_.Now())));
}

Entered FileGate::EnterPerson(const RouteRequest& request, const AccessRule& row) {
  MC_TRY(Caller caller, gate_.Enter(request));
  const std::string& person = request.captures.at(0);
  const std::string unit = UnitOn(*caller.edition, person, CityDate(clock_.Now()));
  return Decide(request, std::move(caller), row, {person, unit});
}

Entered FileGate::EnterUnit(const RouteRequest& request, const AccessRule& row) {
  return Enter(request, row, {"", request.captures.at(0)});
}

Result<OpenedSheet, RouteAnswer> FileGate::OpenSheet(const RouteRequest& request, const AccessRule& row) {
  // Nobody costs a look into the store before it is known who they are.
  MC_TRY(Caller known, gate_.Enter(request));
  const std::string &person = request.captures.at(0), &period = request.captures.at(1);
  const auto brief = sheets_.Brief(period, person);
  if (!brief.ok()) return StoreFailed(request, brief.error());
  const std::string unit = *brief ? (*brief)->unit : "";
  MC_TRY(Caller caller, Decide(request, std::move(known), row, {person, unit}));
  auto sheet = sheets_.Find(period, person);
  if (!sheet.ok()) return StoreFailed(request, sheet.error());
  // Of another unit it is another sheet, of which the table was not asked.
  if (!*sheet || (*sheet)->sheet.unit != unit) return SayNo(request, 404, "no_sheet", "no_sheet_lead");
  return OpenedSheet{std::move(caller), std::move(*sheet)};
}

Result<Json, RouteAnswer> FileGate::ExplanationOf(const RouteRequest& request, const OpenedSheet& opened) {
  auto found = mc::ExplanationOf(sheets_, request.captures.at(1), opened.sheet->sheet);
  if (found.ok()) return std::move(*found);
  if (found.error().error_class != ErrorClass::kData) return StoreFailed(request, found.error());
  return NotThere(request, found.error().message);
}

Result<Json, RouteAnswer> FileGate::ItemOf(const RouteRequest& request, const OpenedSheet& opened) {
  MC_TRY(const Json explanation, ExplanationOf(request, opened));
  const Json* item = ItemByRef(explanation, request.captures.at(2));
  if (!item) return NotThere(request, "the sheet knows no such item");
  return *item;
}

std::optional<RouteAnswer> FileGate::Note(const RouteRequest& request, const AccessRule& row, const Caller& caller,
                                          const std::vector<std::string>& people, const FileLook& look) {
  bool viewed = false;
  for (const std::string& person : people) {
    if (!row.noted || person == caller.person->id) continue;
    FileLook one = look;
    one.person = person;
    one.viewer = caller.person->id;
    const Status noted = sheets_.Note(std::move(one));
    if (!noted.ok()) return StoreFailed(request, noted.error());
    viewed = true;
  }
  if (viewed) audit_.Write({clock_.Now(), "file_viewed", caller.session->row.provider, "", ""});
  return std::nullopt;
}

std::optional<RouteAnswer> FileGate::NoteSheet(const RouteRequest& request, const AccessRule& row,
                                               const OpenedSheet& opened) {
  return Note(request, row, opened.caller, {request.captures.at(0)}, {"", "", {}, "sheet", request.captures.at(1), ""});
}

std::optional<RouteAnswer> FileGate::NoteExplanation(const RouteRequest& request, const AccessRule& row,
                                                     const OpenedSheet& opened, const Json& explanation) {
  return Note(request, row, opened.caller, ConcernedBy(request.captures.at(0), explanation.at("items")),
              {"", "", {}, "explanation", request.captures.at(1), ""});
}

std::optional<RouteAnswer> FileGate::NoteList(const RouteRequest& request, const AccessRule& row,
                                              const Caller& caller) {
  return Note(request, row, caller, {request.captures.at(0)}, {"", "", {}, "sheets", "", ""});
}

std::optional<RouteAnswer> FileGate::NoteItem(const RouteRequest& request, const AccessRule& row,
                                              const OpenedSheet& opened, const Json& item) {
  return Note(request, row, opened.caller, ConcernedBy(request.captures.at(0), std::array{item}),
              {"", "", {}, "item", request.captures.at(1), request.captures.at(2)});
}

// What others did stands on the sheet as a fact; what they wrote is theirs.
bool FileGate::MaySeeLeads(const AccessRule& row, const RouteRequest& request, const Caller& caller,
                           const Json& item) const {
  const std::string lead = LeadOfItem(item);
  return lead == request.captures.at(0) || MaySee(row, caller, {lead, UnitOfItem(item)});
}

bool FileGate::MayOpenRecords(const RouteRequest& request, const OpenedSheet& opened, const Json& item) const {
  static const AccessRule& row = RowOf("GET", MC_RECORD);
  const AccessTarget target{request.captures.at(0), opened.sheet->sheet.unit};
  return MaySee(row, opened.caller, target) && MaySeeLeads(row, request, opened.caller, item);
}

std::optional<RouteAnswer> FileGate::EnterRecord(const RouteRequest& request, const AccessRule& row,
                                                 const OpenedSheet& opened, const Json& item) {
  const std::string &person = request.captures.at(0), &record = request.captures.at(3);
  if (!MaySeeLeads(row, request, opened.caller, item)) return Forbidden(request, opened.caller);
  if (!NamesRecord(item, record)) return NotThere(request, "the item names no such record");
  return Note(request, row, opened.caller, ConcernedBy(person, std::array{item}),
              {"", "", {}, "record", request.captures.at(1), record});
}

}  // namespace mc
