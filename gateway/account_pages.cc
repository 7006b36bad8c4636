#include "gateway/account_pages.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/json.h"
#include "core/log.h"
#include "gateway/page.h"
#include "sso/url.h"

namespace mc {
namespace {

std::string Hidden(std::string_view name, std::string_view value) {
  return "<input type=\"hidden\" name=\"" + std::string(name) + "\" value=\"" + Escaped(value) + "\">";
}

std::string Term(Language language, std::string_view key, const std::string& value_html) {
  return "<dt>" + std::string(Say(language, key)) + "</dt><dd>" + value_html + "</dd>\n";
}

std::string Cell(Language language, std::string_view key, const std::string& html) {
  return "<td data-label=\"" + std::string(Say(language, key)) + "\">" + html + "</td>";
}

std::string ColumnHead(Language language, std::string_view key) {
  return "<th scope=\"col\">" + std::string(Say(language, key)) + "</th>";
}

Json SessionJson(const sso::SessionRef& session, const Caller& caller) {
  return {{"session", sso::SessionHandle(session->row.id)},
          {"begun_at", FormatInstant(session->row.begun_at)},
          {"until", FormatInstant(session->row.until)},
          {"current", session->row.id == caller.session->row.id}};
}

}  // namespace

void AccountPages::AddTo(HttpServer& server) {
  server.Get("/", [this](const RouteRequest& q) { return Home(q); });
  server.Get("/api/v1/me", [this](const RouteRequest& q) { return Me(q); });
  server.Get("/style\\.css", [](const RouteRequest&) { return StyleAnswer(); });
  server.Get("/icon\\.svg", [](const RouteRequest&) { return IconAnswer(); });
  server.Post(
      "/sessions/end", [this](const RouteRequest& q) { return parts_.gate.RefuseStranger(q); },
      [this](const RouteRequest& q) { return Revoke(q); }, kRequestBodyLimitBytes);
}

std::string AccountPages::ProviderTitle(const std::string& id) const {
  for (const auto& provider : parts_.providers) {
    if (provider->id() == id) return provider->title();
  }
  return id;
}

// Chromium holds form-action against the addresses that a posted form is led on to.
std::string AccountPages::LogoutOrigins() const {
  std::set<std::string> origins;
  for (const auto& provider : parts_.providers) {
    const auto party = provider->Ready();
    if (!party.ok()) continue;
    const auto url = sso::ParseUrl((*party)->provider().endpoints().end_session);
    if (url) origins.insert(url->origin);
  }
  std::string text;
  for (const std::string& origin : origins) text += (text.empty() ? "" : " ") + origin;
  return text;
}

std::string AccountPages::WhoHtml(Language language, const Caller& caller) {
  const StoredSession& row = caller.session->row;
  std::string units;
  for (const KnownPerson::Post& post : caller.person->PostsOn(CityDate(parts_.clock.Now()))) {
    units += (units.empty() ? "" : "<br>") + Escaped(post.unit_name);
  }
  std::string html =
      "<section aria-labelledby=\"who\">\n<h2 id=\"who\">" + std::string(Say(language, "who")) + "</h2>\n<dl>\n";
  html += Term(language, "name", "<span lang=\"vi\">" + Escaped(caller.person->name) + "</span>");
  html += Term(language, "unit",
               units.empty() ? std::string(Say(language, "no_unit")) : "<span lang=\"vi\">" + units + "</span>");
  html += Term(language, "provider", "<span lang=\"vi\">" + Escaped(ProviderTitle(row.provider)) + "</span>");
  html += Term(language, "level", row.level.empty() ? std::string(Say(language, "no_level")) : Escaped(row.level));
  return html + "</dl>\n</section>\n";
}

std::string AccountPages::SessionsHtml(Language language, const Caller& caller) {
  const std::string csrf = Hidden("csrf", sso::CsrfToken(caller.cookie));
  std::string html = "<section aria-labelledby=\"sessions\">\n<h2 id=\"sessions\">" +
                     std::string(Say(language, "sessions")) + "</h2>\n<p>" +
                     std::string(Say(language, "sessions_lead")) + "</p>\n<div class=\"wide\"><table>\n<thead><tr>";
  for (const char* key : {"begun", "seen", "until", "action"}) html += ColumnHead(language, key);
  html += "</tr></thead>\n<tbody>\n";
  for (const sso::SessionRef& session : parts_.sessions.ListOf(caller.person->id)) {
    const bool own = session->row.id == caller.session->row.id;
    const std::string begun = TimeHtml(session->row.begun_at);
    const std::string label = std::string(Say(language, "end_session")) + " " +
                              std::string(Say(language, "end_session_of")) + " " +
                              FormatCity(Moment{session->row.begun_at, false});
    html += "<tr>" + Cell(language, "begun", begun) + Cell(language, "seen", TimeHtml(Instant{session->seen.load()})) +
            Cell(language, "until", TimeHtml(session->row.until));
    html += Cell(language, "action",
                 own ? std::string(Say(language, "this_session"))
                     : "<form method=\"post\" action=\"/sessions/end\">" + csrf +
                           Hidden("session", sso::SessionHandle(session->row.id)) +
                           "<button class=\"quiet\" aria-label=\"" + Escaped(label) + "\">" +
                           std::string(Say(language, "end_session")) + "</button></form>");
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table></div>\n</section>\n<form class=\"end\" method=\"post\" action=\"/sign-out\">" +
         csrf + "<button>" + std::string(Say(language, "sign_out")) + "</button></form>\n";
}

RouteAnswer AccountPages::Home(const RouteRequest& request) {
  const Entered entered = parts_.gate.Enter(request);
  if (!entered.ok()) return entered.error();
  const Language language = LanguageOf(request);
  WebPage page{.language = language, .title = std::string(Say(language, "home"))};
  page.path = "/";
  page.person = entered->person->name;
  page.form_targets = LogoutOrigins();
  page.main = parts_.links(language, *entered) + WhoHtml(language, *entered) + SessionsHtml(language, *entered);
  RouteAnswer answer = PageAnswer(200, page);
  KeepLanguage(request, answer);
  return answer;
}

RouteAnswer AccountPages::Revoke(const RouteRequest& request) {
  sso::Form form;
  const Entered entered = parts_.gate.EnterToWrite(request, form);
  if (!entered.ok()) return entered.error();
  const std::string* handle = sso::ValueOf(form, "session");
  const Status ended = parts_.sessions.Revoke(entered->person->id, handle ? *handle : "");
  if (!ended.ok() && ended.error().code != "no_such_session") {
    Log(LogLevel::kError, "session_not_ended", {{"error", ended.error().code}});
    return RefusalPage(request, 503, "busy", parts_.clock.Now());
  }
  if (ended.ok()) {
    parts_.audit.Write({parts_.clock.Now(), "session_revoked", entered->session->row.provider, "", ""});
  }
  RouteAnswer answer = SeeOther("/");  // it has ended, by whomever
  return answer;
}

RouteAnswer AccountPages::Me(const RouteRequest& request) {
  const Entered entered = parts_.gate.Enter(request);
  if (!entered.ok()) return entered.error();
  const Caller& caller = *entered;
  const StoredSession& row = caller.session->row;
  Json posts = Json::array(), sessions = Json::array();
  for (const KnownPerson::Post& post : caller.person->PostsOn(CityDate(parts_.clock.Now()))) {
    posts.push_back({{"unit", post.unit_id}, {"name", post.unit_name}, {"role", std::string(Name(post.role))}});
  }
  for (const sso::SessionRef& session : parts_.sessions.ListOf(caller.person->id)) {
    sessions.push_back(SessionJson(session, caller));
  }
  const Json me = {{"person", {{"id", caller.person->id}, {"name", caller.person->name}}},
                   {"posts", std::move(posts)},
                   {"provider", row.provider},
                   {"level", row.level.empty() ? Json(nullptr) : Json(row.level)},
                   {"auth_time", row.auth_time ? Json(FormatInstant(*row.auth_time)) : Json(nullptr)},
                   {"sessions", std::move(sessions)},
                   {"csrf", sso::CsrfToken(caller.cookie)}};
  return {200, "application/json", me.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n", {}};
}

}  // namespace mc
