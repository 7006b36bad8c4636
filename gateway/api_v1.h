// The read routes of /api/v1 (docs/openapi.yaml): a person's sheet and what is behind it, a unit, the system. JSON;
// errors as problem documents (RFC 9457). Who may ask is decided by gateway/access_table.h alone. A sheet has an ETag:
// If-None-Match with it is answered 304 (RFC 9110 section 13.1.2). Safe from any thread; what it borrows outlives it.
#pragma once

#include "gateway/file_gate.h"
#include "gateway/installation.h"
#include "gateway/serve.h"
#include "gateway/sheet_reader.h"

namespace mc {

inline constexpr std::size_t kQuarantineListed = 1'000;  // entries of one answer, the oldest

class ApiV1 {
 public:
  struct Parts {
    const Installation& installation;
    FileGate& gate;
    SheetReader& sheets;
  };
  explicit ApiV1(Parts parts) : parts_(parts) {}

  void AddTo(HttpServer& server);

 private:
  RouteAnswer Sheets(const RouteRequest& request, const AccessRule& row);
  RouteAnswer Sheet(const RouteRequest& request, const AccessRule& row);
  RouteAnswer Explanation(const RouteRequest& request, const AccessRule& row);
  RouteAnswer Item(const RouteRequest& request, const AccessRule& row);
  RouteAnswer Record(const RouteRequest& request, const AccessRule& row);
  RouteAnswer Looks(const RouteRequest& request, const AccessRule& row);
  RouteAnswer UnitSummary(const RouteRequest& request, const AccessRule& row);
  RouteAnswer Sources(const RouteRequest& request, const AccessRule& row);
  RouteAnswer Quality(const RouteRequest& request, const AccessRule& row);
  RouteAnswer Quarantine(const RouteRequest& request, const AccessRule& row);
  RouteAnswer Log(const RouteRequest& request, const AccessRule& row);

  const Parts parts_;
};

}  // namespace mc
