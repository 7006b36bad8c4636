#include "gateway/sign_in_pages.h"

#include <utility>

#include "core/log.h"
#include "gateway/html.h"
#include "gateway/page.h"
#include "gateway/return_path.h"
#include "sso/cookie.h"
#include "sso/form.h"

namespace mc {
namespace {

using sso::RefusalReason;

constexpr const char* kSignOutCookie = "__Host-minhchung-sign-out";
constexpr std::size_t kStateHexDigits = 16;
constexpr std::size_t kSignInsAtOnce = 6;  // of one browser; past it the older ones are given up
constexpr std::int64_t kLogoutBodyLimitBytes = 32 * 1024;

std::string SignInHeader(const RouteRequest& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

// A cookie per sign-in: a person with several windows, each sent to the provider, comes back from each.
std::string SignInCookieName(std::string_view state) {
  return std::string(sso::kSignInCookie) + "-" + ToHex(Sha256(state)).substr(0, kStateHexDigits);
}

std::string CookieFor(const std::string& name, const std::string& value, bool other_site, std::int64_t age_secs) {
  return name + "=" + value + "; Path=/; Secure; HttpOnly; SameSite=" + (other_site ? "None" : "Lax") +
         "; Max-Age=" + std::to_string(age_secs);
}

std::string GoneCookie(const std::string& name) { return CookieFor(name, "", false, 0); }

// Names of the cookies of sign-ins under way that this browser has.
std::vector<std::string> SignInCookies(const RouteRequest& request) {
  const std::string header = SignInHeader(request, "cookie"), prefix = std::string(sso::kSignInCookie) + "-";
  std::vector<std::string> names;
  for (std::size_t at = header.find(prefix); at != std::string::npos; at = header.find(prefix, at + prefix.size())) {
    const std::string name = header.substr(at, prefix.size() + kStateHexDigits);
    const bool at_start = at == 0 || header[at - 1] == ' ' || header[at - 1] == ';';
    const bool hex = name.find_first_not_of("0123456789abcdef", prefix.size()) == std::string::npos;
    if (at_start && hex && header.substr(at + name.size(), 1) == "=") names.push_back(name);
  }
  return names;
}

std::string QueryValue(const RouteRequest& request, std::string_view name) {
  const auto form = sso::ParseForm(request.query);
  const std::string* value = form ? sso::ValueOf(*form, name) : nullptr;
  return value ? *value : "";
}

struct ShownRefusal {
  std::string_view kind;
  int status;
};

// What a person is told of a reason: what to do, and nothing that helps to try again better.
ShownRefusal ShownFor(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::kCookieMalformed:
    case RefusalReason::kStateMissing:
    case RefusalReason::kStateUnknown:
    case RefusalReason::kStateExpired:
    case RefusalReason::kStateOtherBrowser: return {"again", 400};
    case RefusalReason::kLogoutReturn: return {"sign_out", 400};
    case RefusalReason::kTokenUnreachable:
    case RefusalReason::kKeysUnavailable:
    case RefusalReason::kUserinfoUnreachable:
    case RefusalReason::kDiscoveryUnreachable: return {"provider", 503};
    case RefusalReason::kStateNotRead: return {"busy", 503};
    case RefusalReason::kProviderError: return {"denied", 403};
    case RefusalReason::kClaimAcr: return {"level", 403};
    case RefusalReason::kIdentityMissing:
    case RefusalReason::kIdentityMalformed:
    case RefusalReason::kIdentityKind: return {"person", 403};
    default: return {"invalid", 400};
  }
}

// Whether the person showed who they are after the sign-in of the session. The check of auth_time allows for clocks
// that differ, so that it lets through a sign-in just before the step-up began; both of these are of one clock.
bool IsLater(const sso::Identity& shown, const StoredSession& held) {
  if (shown.provider() != held.provider || !held.auth_time || !shown.auth_time()) return true;
  return *shown.auth_time() > *held.auth_time;
}

RouteAnswer NoSuchPage(const RouteRequest& request) {
  const Language language = LanguageOf(request);
  WebPage page{.language = language, .title = std::string(Say(language, "not_found"))};
  page.path = PathOf(request);
  page.main = "<p>" + std::string(Say(language, "not_found_lead")) + "</p>\n" + ButtonTo(language, "/", "to_start");
  RouteAnswer answer = PageAnswer(404, page);
  KeepLanguage(request, answer);
  return answer;
}

RouteAnswer SignedOutPage(const RouteRequest& request, std::string_view lead) {
  return PageInBoth(request, 200, [&](Language language) {
    WebPage page{.language = language, .title = std::string(Say(language, "signed_out"))};
    page.main = "<p>" + std::string(Say(language, lead)) + "</p>\n" + ButtonTo(language, "/sign-in", "sign_in_again");
    return page;
  });
}

std::string ChoiceHtml(Language language, std::string_view text, const IdentityProvider& provider,
                       const std::string& address) {
  return "<li><a class=\"button\" href=\"" + Escaped(address) + "\">" + std::string(Say(language, text)) +
         " <span lang=\"vi\">" + Escaped(provider.title()) + "</span></a></li>\n";
}

RouteAnswer Onward(const std::string& location) {
  RouteAnswer answer = SeeOther(location);
  answer.headers.emplace_back("Referrer-Policy", "no-referrer");
  return answer;
}

}  // namespace

void SignInPages::AddTo(HttpServer& server) {
  server.Get("/sign-in", [this](const RouteRequest& q) { return Choose(q); });
  server.Get("/sign-in/([a-z0-9_]+)", [this](const RouteRequest& q) { return Begin(q); });
  server.Get("/sign-in/([a-z0-9_]+)/callback", [this](const RouteRequest& q) { return Callback(q); });
  server.Post(
      "/sign-in/([a-z0-9_]+)/callback", [this](const RouteRequest& q) { return Callback(q); },
      static_cast<std::int64_t>(sso::kFormLimitBytes));
  // GET is not how it is asked, and hears 400 like every other mistake.
  server.Get("/sign-in/([a-z0-9_]+)/backchannel-logout",
             [this](const RouteRequest& q) { return BackchannelLogout(q); });
  server.Post(
      "/sign-in/([a-z0-9_]+)/backchannel-logout", [this](const RouteRequest& q) { return BackchannelLogout(q); },
      kLogoutBodyLimitBytes);
  server.Get("/step-up", [this](const RouteRequest& q) { return StepUp(q); });
  server.Post(
      "/sign-out", [this](const RouteRequest& q) { return parts_.gate.RefuseStranger(q); },
      [this](const RouteRequest& q) { return SignOut(q); }, kRequestBodyLimitBytes);
  server.Get(kSignedOutPath, [this](const RouteRequest& q) { return SignedOut(q); });
}

IdentityProvider* SignInPages::Find(const std::string& id) const {
  for (const auto& provider : parts_.providers) {
    if (provider->id() == id) return provider.get();
  }
  return nullptr;
}

void SignInPages::Write(const std::string& event, const std::string& provider, std::string_view reason) {
  parts_.audit.Write({parts_.clock.Now(), event, provider, std::string(reason), ""});
}

RouteAnswer SignInPages::Refuse(const RouteRequest& request, const std::string& provider, std::string_view reason,
                                std::string_view kind, int status) {
  Write("sign_in_refused", provider, reason);
  return RefusalPage(request, status, kind, parts_.clock.Now());
}

// Of a reason that the relying party has written to the audit already.
RouteAnswer SignInPages::RefuseAs(const RouteRequest& request, RefusalReason reason) {
  const ShownRefusal shown = ShownFor(reason);
  return RefusalPage(request, shown.status, shown.kind, parts_.clock.Now());
}

RouteAnswer SignInPages::Choose(const RouteRequest& request) {
  const std::string to = ReturnPath(QueryValue(request, "to"));
  if (parts_.gate.Find(request)) return Onward(to);
  const std::string suffix = to == "/" ? "" : "?to=" + sso::FormEncoded(to);
  // Whoever asks for a language wants to read.
  if (parts_.providers.size() == 1 && QueryValue(request, "lang").empty()) {
    return Onward(std::string(kSignInPath) + "/" + parts_.providers.front()->id() + suffix);
  }
  const Language language = LanguageOf(request);
  WebPage page{.language = language, .title = std::string(Say(language, "sign_in"))};
  page.path = kSignInPath + suffix;
  page.main = "<p>" + std::string(Say(language, "sign_in_lead")) + "</p>\n<ul class=\"choices\">\n";
  for (const auto& provider : parts_.providers) {
    page.main +=
        ChoiceHtml(language, "sign_in_with", *provider, std::string(kSignInPath) + "/" + provider->id() + suffix);
  }
  page.main += "</ul>\n";
  RouteAnswer answer = PageAnswer(200, page);
  KeepLanguage(request, answer);
  return answer;
}

RouteAnswer SignInPages::Begin(const RouteRequest& request) {
  IdentityProvider* const provider = Find(request.captures.at(0));
  if (!provider) return NoSuchPage(request);
  return ToProvider(request, *provider, {"", std::nullopt, ReturnPath(QueryValue(request, "to"))});
}

RouteAnswer SignInPages::ToProvider(const RouteRequest& request, IdentityProvider& provider, sso::SignInWish wish) {
  const auto party = provider.Ready();
  if (!party.ok()) return Refuse(request, provider.id(), sso::Code(party.error()), "provider", 503);
  auto begun = (*party)->Begin(std::move(wish));
  if (!begun.ok()) return Refuse(request, provider.id(), begun.error().code, "busy", 503);
  RouteAnswer answer = Onward(begun->url);
  const bool posted = provider.provider().profile.response_mode == sso::ResponseMode::kFormPost;
  const std::vector<std::string> others = SignInCookies(request);
  if (others.size() >= kSignInsAtOnce) {
    for (const std::string& name : others) answer.headers.emplace_back("Set-Cookie", GoneCookie(name));
  }
  answer.headers.emplace_back("Set-Cookie", CookieFor(SignInCookieName(begun->state), begun->browser_secret, posted,
                                                      sso::kPendingMicros / kMicrosPerSecond));
  return answer;
}

RouteAnswer SignInPages::Callback(const RouteRequest& request) {
  IdentityProvider* const provider = Find(request.captures.at(0));
  if (!provider) return NoSuchPage(request);
  const auto party = provider->Ready();
  if (!party.ok()) return Refuse(request, provider->id(), sso::Code(party.error()), "provider", 503);
  const auto form = sso::ParseForm(request.method == "POST" ? request.body : request.query);
  const std::string* state = form ? sso::ValueOf(*form, "state") : nullptr;
  const std::string cookie_name = state ? SignInCookieName(*state) : "";
  const sso::Callback callback{request.method, request.query, request.body, SignInHeader(request, "content-type"),
                               state ? CookieOf(request, cookie_name) : ""};
  const ClientPool::Borrowed http = provider->clients().Borrow();
  const auto identity = (*party)->Finish(callback, *http);
  RouteAnswer answer = identity.ok() ? Admit(request, *identity) : RefuseAs(request, identity.error());
  if (state) answer.headers.emplace_back("Set-Cookie", GoneCookie(cookie_name));
  return answer;
}

RouteAnswer SignInPages::UnknownPerson(const RouteRequest& request) {
  return PageInBoth(request, 403, [&](Language language) {
    WebPage page{.language = language, .title = std::string(Say(language, "unknown_person"))};
    page.main = "<p>" + std::string(Say(language, "unknown_person_lead")) + " <strong lang=\"vi\">" +
                Escaped(parts_.contact) + "</strong>.</p>\n";
    return page;
  });
}

RouteAnswer SignInPages::Admit(const RouteRequest& request, const sso::Identity& identity) {
  const auto people = parts_.people.Now();
  if (!people.ok()) return Refuse(request, identity.provider(), people.error().code, "busy", 503);
  const KnownPerson* const person = (*people)->ByNumber(identity.person_hmac());
  if (!person) {
    Write("sign_in_refused", identity.provider(), "person_unknown");
    return UnknownPerson(request);
  }
  if (identity.showed_anew()) {
    const auto before = parts_.gate.Find(request);
    if (!before) return Refuse(request, identity.provider(), "session_ended", "ended", 403);
    if (before->person->id != person->id) {
      return Refuse(request, identity.provider(), "person_differs", "other_person", 403);
    }
    if (!IsLater(identity, before->session->row)) {
      return Refuse(request, identity.provider(), sso::Code(RefusalReason::kClaimAuthTime), "invalid", 400);
    }
  }
  return BeginSession(request, identity, *person);
}

RouteAnswer SignInPages::BeginSession(const RouteRequest& request, const sso::Identity& identity,
                                      const KnownPerson& person) {
  const auto begun = parts_.sessions.Begin(identity, person.id, CookieOf(request, sso::kSessionCookie));
  if (!begun.ok()) {
    Log(LogLevel::kError, "session_not_kept", {{"error", begun.error().code}});
    return Refuse(request, identity.provider(), "session_not_kept", "busy", 503);
  }
  if (!*begun) return Refuse(request, identity.provider(), "logout_came_first", "again", 400);
  Write(identity.showed_anew() ? "stepped_up" : "signed_in", identity.provider());
  RouteAnswer answer = Onward(ReturnPath(identity.return_path()));
  answer.headers.emplace_back("Set-Cookie", sso::SetSessionCookie((*begun)->cookie));
  return answer;
}

RouteAnswer SignInPages::StepUp(const RouteRequest& request) {
  const Entered entered = parts_.gate.Enter(request);
  if (!entered.ok()) return entered.error();
  const std::string asked = QueryValue(request, "with");
  IdentityProvider* const provider = Find(asked.empty() ? entered->session->row.provider : asked);
  if (!provider) return NoSuchPage(request);
  if (!provider->provider().can_step_up()) return StepUpElsewhere(request, *provider);
  return ToProvider(request, *provider, {provider->step_up_level(), 0, ReturnPath(QueryValue(request, "to"))});
}

// The number ties both together: whoever shows it elsewhere is the person of this session, or is refused.
RouteAnswer SignInPages::StepUpElsewhere(const RouteRequest& request, const IdentityProvider& asked) {
  const Language language = LanguageOf(request);
  WebPage page{.language = language, .title = std::string(Say(language, "step_up_elsewhere"))};
  page.path = PathOf(request);
  std::string choices;
  for (const auto& provider : parts_.providers) {
    if (!provider->provider().can_step_up()) continue;
    choices += ChoiceHtml(
        language, "confirm_with", *provider,
        "/step-up?with=" + provider->id() + "&to=" + sso::FormEncoded(ReturnPath(QueryValue(request, "to"))));
  }
  page.main = "<p><span lang=\"vi\">" + Escaped(asked.title()) + "</span> " +
              std::string(Say(language, "step_up_elsewhere_lead")) + "</p>\n";
  page.main += choices.empty() ? "<p>" + std::string(Say(language, "step_up_nowhere")) + " <strong lang=\"vi\">" +
                                     Escaped(parts_.contact) + "</strong>.</p>\n"
                               : "<ul class=\"choices\">\n" + choices + "</ul>\n";
  RouteAnswer answer = PageAnswer(choices.empty() ? 403 : 200, page);
  KeepLanguage(request, answer);
  return answer;
}

RouteAnswer SignInPages::SignOut(const RouteRequest& request) {
  sso::Form form;
  const Entered entered = parts_.gate.EnterToWrite(request, form);
  if (!entered.ok()) return entered.error();
  const std::string provider_id = entered->session->row.provider;
  const auto id_token = parts_.sessions.SignOut(entered->cookie);
  if (!id_token.ok()) {
    Log(LogLevel::kError, "session_not_ended", {{"error", id_token.error().code}});
    return RefusalPage(request, 503, "busy", parts_.clock.Now());
  }
  Write("signed_out", provider_id);
  IdentityProvider* const provider = Find(provider_id);
  const auto party = provider ? provider->Ready() : sso::Checked<std::shared_ptr<sso::RelyingParty>>(nullptr);
  std::optional<sso::BegunLogout> logout;
  if (party.ok() && *party && !id_token->empty()) {
    logout = sso::BeginLogout((*party)->provider(), *id_token, parts_.random);
  }
  RouteAnswer answer = logout ? Onward(logout->url) : SignedOutPage(request, "signed_out_here_lead");
  answer.headers.emplace_back("Set-Cookie", sso::ClearSessionCookie());
  if (logout && !logout->state.empty()) {
    answer.headers.emplace_back("Set-Cookie", CookieFor(kSignOutCookie, logout->state, false, 600));
  }
  return answer;
}

RouteAnswer SignInPages::SignedOut(const RouteRequest& request) {
  const auto returned = sso::CheckLogoutReturn(request.query, CookieOf(request, kSignOutCookie));
  if (!returned.ok()) {
    Write("logout_refused", "", sso::Code(returned.error()));
    return RefuseAs(request, returned.error());
  }
  RouteAnswer answer = SignedOutPage(request, "signed_out_lead");
  answer.headers.emplace_back("Set-Cookie", GoneCookie(kSignOutCookie));
  return answer;
}

RouteAnswer SignInPages::BackchannelLogout(const RouteRequest& request) {
  RouteAnswer answer{400, "text/plain; charset=utf-8", "", {{"Cache-Control", "no-store"}}};  // section 2.8
  IdentityProvider* const provider = Find(request.captures.at(0));
  if (!provider) return answer;
  const auto party = provider->Ready();
  if (!party.ok()) {
    Write("logout_refused", provider->id(), sso::Code(party.error()));
    return answer;
  }
  const ClientPool::Borrowed http = provider->clients().Borrow();
  const auto order =
      (*party)->TakeLogout({request.method, SignInHeader(request, "content-type"), request.query, request.body}, *http);
  if (order.ok()) {
    const Status ended = parts_.sessions.EndOrdered(*order);
    if (!ended.ok()) Log(LogLevel::kError, "logout_not_kept", {{"error", ended.error().code}});
    if (!ended.ok()) return answer;  // the provider tries again
  }
  answer.status = sso::LogoutStatus(order);
  return answer;
}

}  // namespace mc
