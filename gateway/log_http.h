// /log/...: the signed log for anybody, as C2SP tlog-tiles (storage/log_files.h).
//
// Safe from several threads; the reader behind it is used by one at a time.
#pragma once

#include <mutex>

#include "gateway/serve.h"
#include "storage/ledger_reader.h"

namespace mc {

inline constexpr const char* kLogPattern = "/log/(.*)";

class LogApi {
 public:
  // REQUIRES: the reader outlives it.
  explicit LogApi(LedgerReader& ledger) : ledger_(ledger) {}

  // 404 for a path that is none, and for what no signed head covers.
  RouteAnswer Answer(const RouteRequest& request);

 private:
  RouteAnswer Checkpoint();

  LedgerReader& ledger_;
  std::mutex mutex_;
};

}  // namespace mc
