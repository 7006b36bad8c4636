// POST /api/v1/inbox/{source}: takes a pushed message, answers when it is durable
// (docs/formats/inbox.md; Idempotency-Key as in draft-ietf-httpapi-idempotency-key-header).
//
// Nothing of the body is read here beyond its size; a connector does that at its own pace.
// Safe from several threads; the store behind it is used by one at a time.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "connectors/record_spec.h"
#include "core/inbox.h"
#include "core/result.h"
#include "gateway/serve.h"

namespace mc {

inline constexpr std::int64_t kInboxBodyLimitBytes = 16ll * 1024 * 1024;
inline constexpr std::size_t kIdempotencyKeyLimitBytes = 255;
inline constexpr const char* kInboxPattern = "/api/v1/inbox/([a-z0-9_]{1,64})";

// A source that is pushed to.
struct InboxSource {
  RecordFormat format = RecordFormat::kJson;
};

// The answer that refuses who is not the sender of `source` (gateway/machine_gate.h); nothing: it is.
using SenderCheck = std::function<std::optional<RouteAnswer>(const RouteRequest&, const std::string& source)>;

class InboxApi {
 public:
  // `check` is asked before the body, `check_whole` when it has come. REQUIRES: the writer outlives it.
  InboxApi(std::map<std::string, InboxSource> sources, InboxWriter& writer, SenderCheck check, SenderCheck check_whole)
      : sources_(std::move(sources)), writer_(writer), check_(std::move(check)), check_whole_(std::move(check_whole)) {}

  // Before the body is read: the answer that refuses the request, if it is to be refused. The sender is asked for
  // first, so that a stranger learns of no source.
  std::optional<RouteAnswer> Refuse(const RouteRequest& request) const;
  // Asks for the sender again. REQUIRES: Refuse let this request pass.
  RouteAnswer Take(const RouteRequest& request);

 private:
  const std::map<std::string, InboxSource> sources_;
  InboxWriter& writer_;
  const SenderCheck check_, check_whole_;
  std::mutex mutex_;
};

}  // namespace mc
