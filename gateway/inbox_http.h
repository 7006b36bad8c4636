// POST /api/v1/inbox/{source}: takes a pushed message, answers when it is durable
// (docs/formats/inbox.md; Idempotency-Key as in draft-ietf-httpapi-idempotency-key-header).
//
// Nothing of the body is read here beyond its size; a connector does that at its own pace.
// Safe from several threads; the store behind it is used by one at a time.
#pragma once

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

// A source that may push.
struct InboxSource {
  std::string token_sha256;  // 64 hex digits
  RecordFormat format = RecordFormat::kJson;
};

class InboxApi {
 public:
  // REQUIRES: the writer outlives it.
  InboxApi(std::map<std::string, InboxSource> sources, InboxWriter& writer)
      : sources_(std::move(sources)), writer_(writer) {}

  // Before the body is read: the answer that refuses the request, if it is to be refused. An unknown
  // source and a wrong token are told the same.
  std::optional<RouteAnswer> Refuse(const RouteRequest& request) const;
  RouteAnswer Take(const RouteRequest& request);

 private:
  const std::map<std::string, InboxSource> sources_;
  InboxWriter& writer_;
  std::mutex mutex_;
};

}  // namespace mc
