// The gate before rows: who asks, how they stand to what they ask for, and what the access table says of it. Default
// no. Whoever sees somebody else's file is noted before they see it. Safe from any thread; what it borrows outlives it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/audit.h"
#include "gateway/access_table.h"
#include "gateway/route.h"
#include "gateway/serve.h"
#include "gateway/sheet_reader.h"
#include "gateway/web_gate.h"

namespace mc {

struct OpenedSheet {
  Caller caller;
  SheetRef sheet;  // never null
};

class FileGate {
 public:
  FileGate(WebGate& gate, SheetReader& sheets, AuditSink& audit, const Clock& clock)
      : gate_(gate), sheets_(sheets), audit_(audit), clock_(clock) {}

  // The row of this route; aborts where the table has none: such a route is never registered.
  static const AccessRule& RowOf(std::string_view method, std::string_view pattern);

  Entered Enter(const RouteRequest& request, const AccessRule& row, const AccessTarget& target);
  // Of the person and period in the path's first two groups. 403 comes before 404: who may not see a sheet is not told
  // whether there is one. `what` and `detail` are what is noted.
  Result<OpenedSheet, RouteAnswer> OpenSheet(const RouteRequest& request, const AccessRule& row,
                                             const std::string& what, const std::string& detail);
  // Of the person in the path's first group, in the unit of today's post.
  Entered EnterPerson(const RouteRequest& request, const AccessRule& row);
  Entered EnterUnit(const RouteRequest& request, const AccessRule& row);  // of the unit in the first group

  const Clock& clock() const { return clock_; }

 private:
  Entered Decide(const RouteRequest& request, Caller caller, const AccessRule& row, const AccessTarget& target);
  RouteAnswer Forbidden(const RouteRequest& request, const Caller& caller);

  WebGate& gate_;
  SheetReader& sheets_;
  AuditSink& audit_;
  const Clock& clock_;
};

// `pages` answers GET of `pattern` by a member that is told the route's row.
template <typename Pages>
void AddGet(HttpServer& server, Pages* pages, const char* pattern,
            RouteAnswer (Pages::*answer)(const RouteRequest&, const AccessRule&)) {
  const AccessRule& row = FileGate::RowOf("GET", pattern);
  server.Get(pattern, [=, &row](const RouteRequest& request) { return (pages->*answer)(request, row); });
}

// A page or problem document that says what is the matter, by the keys of gateway/page_texts.h.
RouteAnswer SayNo(const RouteRequest& request, int status, const std::string& title_key, const std::string& lead_key);
// 503, of a store that could not be read; logged.
RouteAnswer StoreFailed(const RouteRequest& request, const Error& error);

}  // namespace mc
