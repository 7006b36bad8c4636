#include "gateway/web_gate.h"

#include <utility>

#include "core/log.h"
#include "gateway/html.h"
#include "gateway/page.h"
#include "gateway/return_path.h"
#include "sso/cookie.h"

namespace mc {
namespace {

std::string GateHeader(const RouteRequest& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

RouteAnswer Unauthorized() {
  RouteAnswer answer = ProblemAnswer(401, "Unauthorized", "sign in first: GET /sign-in in a browser");
  return answer;
}

// Costs no page, whatever was asked for.
RouteAnswer ToSignIn(const RouteRequest& request) {
  const std::string back = ReturnPath(request.query.empty() ? request.path : request.path + "?" + request.query);
  RouteAnswer answer = SeeOther(back == "/" ? "/sign-in" : "/sign-in?to=" + sso::FormEncoded(back));
  return answer;
}

// What a refusal is called. Most refuse a sign-in; the others meet a person whose session may well go on.
struct RefusedAs {
  std::string_view title;
  bool may_be_signed_in = false;
};

RefusedAs RefusedBy(std::string_view kind) {
  if (kind == "ended") return {"session_ended"};
  if (kind == "busy") return {"busy_title", true};
  if (kind == "forged") return {"request_refused", true};
  if (kind == "other_person") return {"not_confirmed", true};
  if (kind == "sign_out") return {"sign_out_unclear", true};
  return {"refused"};
}

RouteAnswer Stale(const RouteRequest& request, Instant now) {
  RouteAnswer answer = IsForPrograms(request) ? ProblemAnswer(503, "Service Unavailable", "try again shortly")
                                              : RefusalPage(request, 503, "busy", now);
  answer.headers.emplace_back("Retry-After", "5");
  return answer;
}

}  // namespace

bool IsForPrograms(const RouteRequest& request) {
  if (request.path.starts_with("/api/")) return true;
  if (GateHeader(request, "x-requested-with") == "XMLHttpRequest") return true;
  return GateHeader(request, "accept").find("text/html") == std::string::npos &&
         GateHeader(request, "sec-fetch-mode") != "navigate";
}

std::string CookieOf(const RouteRequest& request, std::string_view name) {
  const auto cookies = request.headers.find("cookie");
  if (cookies == request.headers.end()) return "";
  const auto found = sso::CookieNamed(cookies->second, name);
  return found.ok() && *found ? **found : "";
}

RouteAnswer RefusalPage(const RouteRequest& request, int status, std::string_view kind, Instant now) {
  return PageInBoth(request, status, [&](Language language) {
    const RefusedAs as = RefusedBy(kind);
    WebPage page{.language = language, .title = std::string(Say(language, as.title))};
    page.main =
        "<p>" + std::string(SayRefusal(language, kind)) + "</p>\n<p class=\"small\">" +
        std::string(Say(language, "reason")) + ": <code>" + Escaped(kind) + "</code>. " +
        std::string(Say(language, "at")) + " " + TimeHtml(now) + ".</p>\n" +
        ButtonTo(language, as.may_be_signed_in ? "/" : "/sign-in", as.may_be_signed_in ? "to_start" : "sign_in_again");
    return page;
  });
}

WebGate::WebGate(sso::Sessions& sessions, const People& people, AuditSink& audit, const Clock& clock,
                 std::string public_url)
    : sessions_(sessions), people_(people), audit_(audit), clock_(clock), public_url_(std::move(public_url)) {}

Result<std::optional<Caller>> WebGate::Look(const RouteRequest& request) {
  Caller caller;
  caller.cookie = CookieOf(request, sso::kSessionCookie);
  if (caller.cookie.empty()) return std::optional<Caller>();
  MC_TRY(caller.session, sessions_.Check(caller.cookie));
  if (!caller.session) return std::optional<Caller>();
  MC_TRY(caller.edition, people_.Now());
  caller.person = caller.edition->ById(caller.session->row.person);
  if (!caller.person) return std::optional<Caller>();
  return std::optional(std::move(caller));
}

std::optional<Caller> WebGate::Find(const RouteRequest& request) {
  auto found = Look(request);
  return found.ok() ? std::move(*found) : std::nullopt;
}

Entered WebGate::Enter(const RouteRequest& request) {
  auto found = Look(request);
  if (!found.ok()) {
    Log(LogLevel::kWarn, "session_not_checked", {{"error", found.error().code}});
    return Stale(request, clock_.Now());
  }
  if (*found) return std::move(**found);
  if (request.method == "POST" && !IsForPrograms(request)) return RefusalPage(request, 403, "ended", clock_.Now());
  return IsForPrograms(request) ? Unauthorized() : ToSignIn(request);
}

std::optional<RouteAnswer> WebGate::RefuseStranger(const RouteRequest& request) {
  Entered entered = Enter(request);
  if (entered.ok()) return std::nullopt;
  return entered.error();
}

RouteAnswer WebGate::Forged(const RouteRequest& request, const Caller& caller, const std::string& reason) {
  audit_.Write(
      {clock_.Now(), "request_refused", caller.session->row.provider, reason, "a write that is not of our page"});
  return IsForPrograms(request) ? ProblemAnswer(403, "Forbidden", "the request has no good csrf token or Origin")
                                : RefusalPage(request, 403, "forged", clock_.Now());
}

Entered WebGate::EnterToWrite(const RouteRequest& request, sso::Form& form) {
  MC_TRY(Caller caller, Enter(request));
  if (GateHeader(request, "origin") != public_url_) return Forged(request, caller, "origin");
  auto sent = sso::ParseForm(request.body);
  const std::string* token = sent ? sso::ValueOf(*sent, "csrf") : nullptr;
  const bool good = token && !sso::HasDuplicate(*sent) && sso::IsCsrfToken(caller.cookie, *token);
  if (!good) return Forged(request, caller, "csrf");
  form = std::move(*sent);
  return caller;
}

}  // namespace mc
