// The inbox: pushed messages, sealed until their records are committed.
#include "storage/sql_store.h"

namespace mc {
namespace {

std::string InboxContext(const std::string& source, std::int64_t position, const Digest& digest) {
  return "inbox|" + std::to_string(position) + "|" + ToHex(digest) + "|" + source;
}

}  // namespace

// Keys of messages that were read, from before an instant. Never the newest row: positions only grow.
#define MC_READ_KEYS "FROM inbox WHERE box IS NULL AND received_at < ? AND position < ?"

std::int64_t SqlStore::LastInboxPosition() {
  Query row(sql_["SELECT max(position) FROM inbox"]);
  row.Step();
  return row.GetOptionalInt(0).value_or(0);
}

std::int64_t SqlStore::CountReadKeys(Instant before, std::int64_t most) {
  Query row(sql_["SELECT count(*) FROM (SELECT position " MC_READ_KEYS " ORDER BY position LIMIT ?) AS counted"]);
  row.Int(before.micros).Int(LastInboxPosition()).Int(most).Step();
  return row.GetInt(0);
}

void SqlStore::DeleteReadKeys(Instant before, std::int64_t most) {
  Query(sql_["DELETE FROM inbox WHERE position IN (SELECT position " MC_READ_KEYS " ORDER BY position LIMIT ?)"])
      .Int(before.micros)
      .Int(LastInboxPosition())
      .Int(most)
      .Run();
}

// The receipt of a key that is known; nothing where it is not.
Result<std::optional<InboxReceipt>> SqlStore::KnownInbox(const InboxPut& message, const Digest& digest) {
  Query row(
      sql_["SELECT position, received_at, digest, complete_through, record_count, media_type FROM inbox "
           "WHERE source = ? AND idempotency_key = ?"]);
  if (!row.Text(message.source).Text(message.key).Step()) return std::optional<InboxReceipt>();
  const bool same = row.GetText(2) == AsBytes(digest) && InstantOf(row.GetOptionalInt(3)) == message.complete_through &&
                    row.GetOptionalInt(4) == message.record_count && row.GetText(5) == message.media_type;
  if (!same) return DataError("key_reused", "this Idempotency-Key came before with another content: use a new key");
  return std::optional(InboxReceipt{row.GetInt(0), Instant{row.GetInt(1)}, ToHex(digest)});
}

Result<InboxReceipt> SqlStore::PutInbox(const InboxPut& message) {
  return Guarded([&]() -> Result<InboxReceipt> {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    const Digest digest = Sha256(message.body);
    const Instant now = settings_.clock.Now();
    MC_TRY(const auto known, KnownInbox(message, digest));
    if (known) return *known;
    {
      Query row(
          sql_["SELECT count(*), CAST(coalesce(sum(length), 0) AS BIGINT) FROM inbox "
               "WHERE source = ? AND box IS NOT NULL"]);
      row.Text(message.source).Step();
      const auto length = static_cast<std::int64_t>(message.body.size());
      if (row.GetInt(0) >= kInboxMessagesLimit || row.GetInt(1) + length > kInboxBytesLimit) {
        return TransientError("inbox_full", "the inbox of this source is full: send again later");
      }
    }
    const std::int64_t position = LastInboxPosition() + 1;
    Query(sql_["DELETE " MC_READ_KEYS]).Int(now.micros - kInboxKeyDays * kMicrosPerDay).Int(position - 1).Run();
    const SealedPayload sealed =
        Seal(settings_.sealing_key, InboxContext(message.source, position, digest), message.body, settings_.random);
    Query(sql_["INSERT INTO inbox (position, source, idempotency_key, media_type, digest, length, received_at, "
               "complete_through, record_count, wrapped_key, box) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"])
        .Int(position)
        .Text(message.source)
        .Text(message.key)
        .Text(message.media_type)
        .Blob(AsBytes(digest))
        .Int(static_cast<std::int64_t>(message.body.size()))
        .Int(now.micros)
        .OptionalInt(MicrosOf(message.complete_through))
        .OptionalInt(message.record_count)
        .Blob(sealed.wrapped_key)
        .Blob(sealed.box)
        .Run();
    transaction.Commit();
    return InboxReceipt{position, now, ToHex(digest)};
  });
}

Result<std::vector<InboxMessage>> SqlStore::ReadInbox(const std::string& source, std::int64_t after,
                                                      std::int64_t most) {
  return Guarded([&]() -> Result<std::vector<InboxMessage>> {
    Query row(
        sql_["SELECT position, media_type, digest, received_at, complete_through, record_count, wrapped_key, "
             "box FROM inbox WHERE source = ? AND position > ? AND box IS NOT NULL ORDER BY position LIMIT ?"]);
    row.Text(source).Int(after).Int(most);
    std::vector<InboxMessage> messages;
    while (row.Step()) {
      const Digest digest = DigestFromBytes(row.GetText(2)).value_or(Digest{});
      InboxMessage message;
      message.position = row.GetInt(0);
      message.media_type = row.GetText(1);
      message.received_at = Instant{row.GetInt(3)};
      message.complete_through = InstantOf(row.GetOptionalInt(4));
      message.record_count = row.GetOptionalInt(5);
      MC_TRY(message.body, Open(settings_.sealing_key, InboxContext(source, message.position, digest),
                                {row.GetText(6), row.GetText(7)}));
      messages.push_back(std::move(message));
    }
    return messages;
  });
}

Status SqlStore::ForgetInbox(const std::string& source, std::int64_t through) {
  return Guarded([&]() -> Status {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    Query(sql_["UPDATE inbox SET wrapped_key = NULL, box = NULL "
               "WHERE source = ? AND position <= ? AND box IS NOT NULL"])
        .Text(source)
        .Int(through)
        .Run();
    transaction.Commit();
    return Ok();
  });
}

}  // namespace mc
