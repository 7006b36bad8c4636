// "My score and why" as pages without script: the sheet, each line down to its evidence and to the record as it was
// received, who looked, and a unit's list. Vietnamese first, English beside it; what data says stays Vietnamese. Who
// may see which is decided by gateway/access_table.h alone. Safe from any thread; what it borrows outlives it.
#pragma once

#include <string>

#include "gateway/file_gate.h"
#include "gateway/page_texts.h"
#include "gateway/serve.h"
#include "gateway/sheet_reader.h"

namespace mc {

class SheetPages {
 public:
  struct Parts {
    FileGate& gate;
    SheetReader& sheets;
  };
  explicit SheetPages(Parts parts) : parts_(parts) {}

  void AddTo(HttpServer& server);
  // What the first page offers this person: their latest sheet, who looked, the units that they may see.
  std::string LinksFor(Language language, const Caller& caller) const;

 private:
  RouteAnswer Sheet(const RouteRequest& request, const AccessRule& row);
  RouteAnswer Item(const RouteRequest& request, const AccessRule& row);
  RouteAnswer Record(const RouteRequest& request, const AccessRule& row);
  RouteAnswer Looks(const RouteRequest& request, const AccessRule& row);
  RouteAnswer Unit(const RouteRequest& request, const AccessRule& row);
  std::string PeriodsHtml(Language language, const RouteRequest& request, const AccessRule& row,
                          const Caller& caller) const;

  const Parts parts_;
};

}  // namespace mc
