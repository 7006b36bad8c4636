// The gate before rows: who asks, how they stand to what they ask for, and what the access table says of it. Default
// no. Whoever sees somebody else's file is noted before they see it, and once it is known that it is there: what is
// answered 403 or 404 is no look. Safe from any thread; what it borrows outlives it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/audit.h"
#include "core/json.h"
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
  // whether there is one. Notes nothing: NoteSheet, NoteItem and EnterRecord do, of what was found.
  Result<OpenedSheet, RouteAnswer> OpenSheet(const RouteRequest& request, const AccessRule& row);
  // What stands behind it, of the same unit; 404 where it went away meanwhile or is another's now.
  Result<Json, RouteAnswer> ExplanationOf(const RouteRequest& request, const OpenedSheet& opened);
  // The item of the path's third group, from the explanation.
  Result<Json, RouteAnswer> ItemOf(const RouteRequest& request, const OpenedSheet& opened);

  // Each before its answer is made; an answer instead where the look cannot be written.
  std::optional<RouteAnswer> NoteSheet(const RouteRequest& request, const AccessRule& row, const OpenedSheet& opened);
  // For whoever leads an item of it, too: it holds them whole.
  std::optional<RouteAnswer> NoteExplanation(const RouteRequest& request, const AccessRule& row,
                                             const OpenedSheet& opened, const Json& explanation);
  std::optional<RouteAnswer> NoteItem(const RouteRequest& request, const AccessRule& row, const OpenedSheet& opened,
                                      const Json& item);
  // Of the list of a person's sheets.
  std::optional<RouteAnswer> NoteList(const RouteRequest& request, const AccessRule& row, const Caller& caller);
  // The record of the path's fourth group: 404 where the item does not name it.
  std::optional<RouteAnswer> EnterRecord(const RouteRequest& request, const AccessRule& row, const OpenedSheet& opened,
                                         const Json& item);
  // Whether EnterRecord would let the caller in: for pages that link there. Refuses and notes nothing.
  bool MayOpenRecords(const RouteRequest& request, const OpenedSheet& opened, const Json& item) const;
  // Of the person in the path's first group, in the unit of today's post.
  Entered EnterPerson(const RouteRequest& request, const AccessRule& row);
  Entered EnterUnit(const RouteRequest& request, const AccessRule& row);  // of the unit in the first group
  // Of something else than what the caller entered for.
  bool MaySee(const AccessRule& row, const Caller& caller, const AccessTarget& target) const;

  const Clock& clock() const { return clock_; }

 private:
  bool MaySeeLeads(const AccessRule& row, const RouteRequest& request, const Caller& caller, const Json& item) const;
  Entered Decide(const RouteRequest& request, Caller caller, const AccessRule& row, const AccessTarget& target);
  RouteAnswer Forbidden(const RouteRequest& request, const Caller& caller);
  // For each of these people who is not the caller.
  std::optional<RouteAnswer> Note(const RouteRequest& request, const AccessRule& row, const Caller& caller,
                                  const std::vector<std::string>& people, const FileLook& look);

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
// 404; a program is told `detail`.
RouteAnswer NotThere(const RouteRequest& request, const std::string& detail);
// 503, of a store that could not be read; logged.
RouteAnswer StoreFailed(const RouteRequest& request, const Error& error);

}  // namespace mc
