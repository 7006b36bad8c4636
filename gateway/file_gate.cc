#include "gateway/file_gate.h"

#include <cstdlib>
#include <utility>

#include "core/log.h"
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

}  // namespace

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
  const unsigned entitlements = EntitlementsOf(*caller.person, *caller.edition, target, CityDate(clock_.Now()));
  if (!Allows(row, entitlements)) return Forbidden(request, caller);
  return caller;
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

Result<OpenedSheet, RouteAnswer> FileGate::OpenSheet(const RouteRequest& request, const AccessRule& row,
                                                     const std::string& what, const std::string& detail) {
  // Nobody costs a look into the store before it is known who they are.
  MC_TRY(Caller known, gate_.Enter(request));
  const std::string &person = request.captures.at(0), &period = request.captures.at(1);
  auto sheet = sheets_.Find(period, person);
  if (!sheet.ok()) return StoreFailed(request, sheet.error());
  MC_TRY(Caller caller, Decide(request, std::move(known), row, {person, *sheet ? (*sheet)->sheet.unit : ""}));
  if (!*sheet) return SayNo(request, 404, "no_sheet", "no_sheet_lead");
  if (row.noted && caller.person->id != person) {
    const Status noted = sheets_.Note({person, caller.person->id, {}, what, period, detail});
    if (!noted.ok()) return StoreFailed(request, noted.error());
    audit_.Write({clock_.Now(), "file_viewed", caller.session->row.provider, "", ""});
  }
  return OpenedSheet{std::move(caller), std::move(*sheet)};
}

}  // namespace mc
