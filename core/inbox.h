// The inbox: what platforms push, kept until a connector has read it. The HTTP endpoint writes
// (docs/formats/inbox.md), the connector of kind `inbox` reads; the store implements both.
//
// Messages of one source stand in the order in which they came. Used by one thread at a time,
// like the store behind it; two processes may write at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace mc {

// Of one source, while unread; beyond either the sender must wait ("inbox_full").
inline constexpr std::int64_t kInboxMessagesLimit = 10'000;
inline constexpr std::int64_t kInboxBytesLimit = 256ll * 1024 * 1024;
inline constexpr std::int64_t kInboxKeyDays = 30;  // a key, and its answer, is known for so long

struct InboxPut {
  std::string source;
  std::string key;  // Idempotency-Key
  std::string media_type;
  std::string body;
  std::optional<Instant> complete_through;   // the sender says: every event up to here was sent
  std::optional<std::int64_t> record_count;  // the sender says: so many records are in here
};

// What the sender is told; the same for the same key and body.
struct InboxReceipt {
  std::int64_t position = 0;
  Instant received_at;
  std::string sha256;  // of the body, hex
};

struct InboxMessage {
  std::int64_t position = 0;
  std::string media_type;
  std::string body;
  Instant received_at;
  std::optional<Instant> complete_through;
  std::optional<std::int64_t> record_count;
};

class InboxWriter {
 public:
  virtual ~InboxWriter() = default;
  // Durable before it returns. kTransient "inbox_full"; kData "key_reused" (the key is known with
  // another body or other promises).
  virtual Result<InboxReceipt> PutInbox(const InboxPut& message) = 0;
};

class InboxReader {
 public:
  virtual ~InboxReader() = default;
  // The first unread messages behind `after`, at most `most`.
  virtual Result<std::vector<InboxMessage>> ReadInbox(const std::string& source, std::int64_t after,
                                                      std::int64_t most) = 0;
  // Destroys the bodies up to `through`, whose records are committed. Keys stay known.
  virtual Status ForgetInbox(const std::string& source, std::int64_t through) = 0;
};

}  // namespace mc
