// Who sends this request, for every page and every route of the API that is about a person. Default: nobody.
//
// Without a live session a page leads to the sign-in, everything else hears 401; a write needs besides a token of its
// own session and an Origin that is ours (OWASP: CSRF). The session's person is looked up in the directory at every
// request: who is no longer in it, is nobody from then on. Safe from any thread; what it borrows outlives it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/audit.h"
#include "gateway/people.h"
#include "gateway/route.h"
#include "sso/form.h"
#include "sso/sessions.h"

namespace mc {

// Somebody with a live session. `person` belongs to `edition`.
struct Caller {
  sso::SessionRef session;
  std::string cookie;  // a secret: for CsrfToken and the end of the session
  std::shared_ptr<const PeopleIndex> edition;
  const KnownPerson* person = nullptr;
};

// The caller, or what this request is answered instead.
using Entered = Result<Caller, RouteAnswer>;

// A program asks, not a person on a way through pages: the path of the API, an XMLHttpRequest, or who does not take
// text/html and is not said by a browser to navigate (Fetch Metadata).
bool IsForPrograms(const RouteRequest& request);

class WebGate {
 public:
  WebGate(sso::Sessions& sessions, const People& people, AuditSink& audit, const Clock& clock, std::string public_url);

  Entered Enter(const RouteRequest& request);
  // As Enter, of a POST of a form with "csrf" in it; its parameters go to `form`.
  Entered EnterToWrite(const RouteRequest& request, sso::Form& form);
  // For HttpServer::Post: no body is read for somebody who is nobody.
  std::optional<RouteAnswer> RefuseStranger(const RouteRequest& request);
  // Without an answer made: who it is, where it is anybody.
  std::optional<Caller> Find(const RouteRequest& request);

 private:
  Result<std::optional<Caller>> Look(const RouteRequest& request);
  RouteAnswer Forged(const RouteRequest& request, const Caller& caller, const std::string& reason);

  sso::Sessions& sessions_;
  const People& people_;
  AuditSink& audit_;
  const Clock& clock_;
  const std::string public_url_;
};

// The value of one of our cookies; empty when there is none, or the header cannot be read.
std::string CookieOf(const RouteRequest& request, std::string_view name);

// A page that says why not, in the words of SayRefusal; status and time with it. `kind` is also the code that is shown.
RouteAnswer RefusalPage(const RouteRequest& request, int status, std::string_view kind, Instant now);

}  // namespace mc
