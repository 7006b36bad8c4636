// Read-back: a random sample of what we hold of a source is asked for again and compared (docs/decisions/0017).
//
// Nothing that is held changes by it but in the ordinary way: what differs is taken in as a new revision. Whatever
// was read, the result is kept with its own leaf, also of one that failed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "connectors/connector.h"
#include "core/json.h"
#include "core/result.h"
#include "gateway/collector.h"
#include "storage/read_back.h"

namespace mc {

struct ReadBackLimits {
  std::int64_t records = 600;  // in one sample; +-4 percentage points at 95 %
  std::int64_t age_days = 31;  // by when they came to us
};

struct ReadBackResult {
  std::string source;
  bool asked = true;  // false: the source cannot be asked, and nothing is known of it
  ReadBack read_back;
  std::int64_t leaf = -1;      // of the result; -1: it could not be kept
  BatchCounts taken;           // what differed, as it was taken in
  std::optional<Error> error;  // what stopped it
};

// REQUIRES: the source is pulled by nobody else on this machine (WithRun). The windows of the chosen records are read
// again without moving any position. Where a record is missing there or reads otherwise, an ordinary pull follows,
// which tells what the source tells by itself from what it does not.
ReadBackResult ReadBackSource(const RunContext& context, Connector& connector, const ReadBackLimits& limits);

Json ReadBackToJson(const ReadBackResult& result);
std::string ReadBackText(const ReadBackResult& result);  // one line for people

}  // namespace mc
