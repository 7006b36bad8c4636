// Sessions of signed-in people (core/session_store.h). A kWrite transaction has the store for itself, so that versions
// rise in the order of commits.
#include "core/session_store.h"
#include "storage/sql_row_codes_check.h"
#include "storage/sql_store.h"

namespace mc {
namespace {

#define MC_SESSION_COLUMNS \
  "id, person, provider, level, auth_time, begun_at, seen_at, until, ended, version, check_code"

std::string SessionContext(const Digest& id) { return "session|" + ToHex(id); }

std::string AboutSession(const std::string& provider_session) { return "session|" + provider_session; }
std::string AboutSubject(const std::string& subject) { return "subject|" + subject; }
// Those of the subject whose sign-in named no session.
std::string AboutUnnamed(const std::string& subject) { return "unnamed|" + subject; }

StoredSession SessionFrom(Query& row) {
  StoredSession session;
  session.id = DigestFromBytes(row.GetText(0)).value_or(Digest{});
  session.person = row.GetText(1);
  session.provider = row.GetText(2);
  session.level = row.GetText(3);
  session.auth_time = InstantOf(row.GetOptionalInt(4));
  session.begun_at = Instant{row.GetInt(5)};
  session.seen_at = Instant{row.GetInt(6)};
  session.until = Instant{row.GetInt(7)};
  session.ended = row.GetInt(8) != 0;
  return session;
}

}  // namespace

// Of all that decides who is let in, so that a row that another hand wrote lets nobody in.
std::string SqlStore::SessionCode(const StoredSession& session) const {
  const std::string auth_time = session.auth_time ? std::to_string(session.auth_time->micros) : "";
  return RowCode("session", {ToHex(session.id), session.person, session.provider, session.level, auth_time,
                             std::to_string(session.begun_at.micros), std::to_string(session.until.micros)});
}

// What a provider calls a session or a person, as a keyed hash; `about` says which.
std::string SqlStore::LogoutTag(const std::string& issuer, const std::string& about) const {
  return RowCode("logout", {issuer, about});
}

std::int64_t SqlStore::NextSessionVersion() {
  Query row(sql_["SELECT max(version) FROM sessions"]);
  row.Step();
  return row.GetOptionalInt(0).value_or(0) + 1;
}

bool SqlStore::LogoutCame(const SessionOrigin& origin) {
  const Instant now = settings_.clock.Now();
  const auto came_after = [&](const std::string& about, std::int64_t from) {
    const std::string tag = LogoutTag(origin.issuer, about);
    Query row(sql_["SELECT ordered_at FROM session_logouts WHERE tag = ?"]);
    return row.Blob(tag).Step() && row.GetInt(0) >= std::max(from, now.micros - kLogoutKeptMicros);
  };
  if (came_after(AboutSubject(origin.subject), origin.sign_in_begun_at.micros)) return true;
  if (origin.provider_session.empty()) {
    return came_after(AboutUnnamed(origin.subject), origin.sign_in_begun_at.micros);
  }
  return came_after(AboutSession(origin.provider_session), 0);
}

void SqlStore::EndSessionRow(const Digest& id) {
  const std::int64_t version = NextSessionVersion();
  // Without its code the row cannot be brought back to life by whoever can write into the database.
  Query(sql_["UPDATE sessions SET ended = 1, seen_at = ?, version = ?, check_code = ?, wrapped_key = NULL, box = NULL "
             "WHERE id = ? AND ended = 0"])
      .Int(settings_.clock.Now().micros)
      .Int(version)
      .Blob("")
      .Blob(AsBytes(id))
      .Run();
}

void SqlStore::EndSessionRows(const char* select, const std::string& key, bool blob) {
  std::vector<Digest> ids;
  {
    Query row(sql_[select]);
    blob ? row.Blob(key) : row.Text(key);
    while (row.Step()) ids.push_back(DigestFromBytes(row.GetText(0)).value_or(Digest{}));
  }
  for (const Digest& id : ids) EndSessionRow(id);
}

// So that with one more there are `most`.
void SqlStore::EndOldestSessions(const NewSession& begun) {
  std::vector<Digest> live;
  {
    const std::int64_t now = settings_.clock.Now().micros;
    Query row(
        sql_["SELECT id FROM sessions WHERE person = ? AND ended = 0 AND until > ? AND seen_at > ? "
             "ORDER BY begun_at, version"]);
    row.Text(begun.session.person).Int(now).Int(now - begun.idle_micros);
    while (row.Step()) live.push_back(DigestFromBytes(row.GetText(0)).value_or(Digest{}));
  }
  for (std::size_t i = 0; i + static_cast<std::size_t>(begun.most) < live.size() + 1; ++i) EndSessionRow(live[i]);
}

void SqlStore::InsertSession(const NewSession& begun) {
  const StoredSession& session = begun.session;
  const std::string subject = LogoutTag(begun.origin.issuer, AboutSubject(begun.origin.subject));
  const std::string named = begun.origin.provider_session.empty()
                                ? std::string()
                                : LogoutTag(begun.origin.issuer, AboutSession(begun.origin.provider_session));
  const std::string code = SessionCode(session);
  const SealedPayload sealed =
      Seal(settings_.sealing_key, SessionContext(session.id), begun.id_token, settings_.random);
  Query(sql_["INSERT INTO sessions (" MC_SESSION_COLUMNS ", subject_tag, session_tag, wrapped_key, box) "
             "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)"])
      .Blob(AsBytes(session.id))
      .Text(session.person)
      .Text(session.provider)
      .Text(session.level)
      .OptionalInt(MicrosOf(session.auth_time))
      .Int(session.begun_at.micros)
      .Int(session.seen_at.micros)
      .Int(session.until.micros)
      .Int(NextSessionVersion())
      .Blob(code)
      .Blob(subject)
      .Blob(named)
      .Blob(sealed.wrapped_key)
      .Blob(sealed.box)
      .Run();
}

Result<bool> SqlStore::BeginSession(const NewSession& begun) {
  return Guarded([&]() -> Result<bool> {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    // Also when this one is refused: the browser comes back from a sign-in, and what it held ends.
    if (begun.replaces) EndSessionRow(*begun.replaces);
    const bool refused = LogoutCame(begun.origin);
    if (!refused) {
      EndOldestSessions(begun);
      InsertSession(begun);
    }
    transaction.Commit();
    return !refused;
  });
}

Status SqlStore::EndSession(const Digest& id) {
  return Guarded([&]() -> Status {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    EndSessionRow(id);
    transaction.Commit();
    return Ok();
  });
}

Status SqlStore::EndSessionsOf(const std::string& person) {
  return Guarded([&]() -> Status {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    EndSessionRows("SELECT id FROM sessions WHERE person = ? AND ended = 0", person, false);
    transaction.Commit();
    return Ok();
  });
}

void SqlStore::RememberLogout(const std::string& tag) {
  Query(sql_["INSERT INTO session_logouts (tag, ordered_at) VALUES (?, ?) "
             "ON CONFLICT (tag) DO UPDATE SET ordered_at = excluded.ordered_at"])
      .Blob(tag)
      .Int(settings_.clock.Now().micros)
      .Run();
}

Status SqlStore::EndSessionsFor(const std::string& issuer, const std::string& subject,
                                const std::string& provider_session) {
  return Guarded([&]() -> Status {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    const std::string of_subject = LogoutTag(issuer, AboutSubject(subject));
    if (provider_session.empty()) {
      EndSessionRows("SELECT id FROM sessions WHERE subject_tag = ? AND ended = 0", of_subject, true);
      RememberLogout(of_subject);
    } else {
      const std::string named = LogoutTag(issuer, AboutSession(provider_session));
      EndSessionRows("SELECT id FROM sessions WHERE session_tag = ? AND ended = 0", named, true);
      RememberLogout(named);
    }
    if (!provider_session.empty() && !subject.empty()) {
      EndSessionRows("SELECT id FROM sessions WHERE subject_tag = ? AND length(session_tag) = 0 AND ended = 0",
                     of_subject, true);
      RememberLogout(LogoutTag(issuer, AboutUnnamed(subject)));
    }
    transaction.Commit();
    return Ok();
  });
}

Status SqlStore::TouchSessions(const std::vector<std::pair<Digest, Instant>>& seen) {
  if (seen.empty()) return Ok();
  return Guarded([&]() -> Status {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    std::int64_t version = NextSessionVersion();
    for (const auto& [id, at] : seen) {
      Query(sql_["UPDATE sessions SET seen_at = ?, version = ? WHERE id = ? AND ended = 0 AND seen_at < ?"])
          .Int(at.micros)
          .Int(version++)
          .Blob(AsBytes(id))
          .Int(at.micros)
          .Run();
    }
    transaction.Commit();
    return Ok();
  });
}

Result<SessionChanges> SqlStore::SessionsSince(std::int64_t version) {
  return Guarded([&]() -> Result<SessionChanges> {
    SessionChanges changes{version, {}};
    Query row(sql_["SELECT " MC_SESSION_COLUMNS " FROM sessions WHERE version > ? ORDER BY version"]);
    row.Int(version);
    while (row.Step()) {
      StoredSession session = SessionFrom(row);
      if (row.GetText(10) != SessionCode(session)) session.ended = true;  // not ours
      changes.version = row.GetInt(9);
      changes.sessions.push_back(std::move(session));
    }
    return changes;
  });
}

Result<std::string> SqlStore::SessionIdToken(const Digest& id) {
  return Guarded([&]() -> Result<std::string> {
    Query row(sql_["SELECT wrapped_key, box FROM sessions WHERE id = ? AND ended = 0"]);
    if (!row.Blob(AsBytes(id)).Step()) return std::string();
    return Open(settings_.sealing_key, SessionContext(id), {row.GetText(0), row.GetText(1)});
  });
}

Status SqlStore::ForgetSessions() {
  return Guarded([&]() -> Status {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    DeleteOverSessions(settings_.clock.Now());
    transaction.Commit();
    return Ok();
  });
}

// The newest row stays: versions only grow.
#define MC_OVER_SESSIONS "FROM sessions WHERE version < ? AND (until < ? OR (ended = 1 AND seen_at < ?))"
#define MC_OVER_LOGOUTS "FROM session_logouts WHERE ordered_at < ?"

void SqlStore::DeleteOverSessions(Instant now) {
  const std::int64_t before = now.micros - kEndedKeptMicros;
  const std::int64_t newest = NextSessionVersion() - 1;
  Query(sql_["DELETE " MC_OVER_SESSIONS]).Int(newest).Int(before).Int(before).Run();
  Query(sql_["DELETE " MC_OVER_LOGOUTS]).Int(now.micros - kLogoutKeptMicros).Run();
}

void SqlStore::CountOverSessions(Instant now, RetainedRows& rows) {
  const std::int64_t before = now.micros - kEndedKeptMicros;
  const std::int64_t newest = NextSessionVersion() - 1;
  Query sessions(sql_["SELECT count(*) " MC_OVER_SESSIONS]);
  sessions.Int(newest).Int(before).Int(before).Step();
  Query logouts(sql_["SELECT count(*) " MC_OVER_LOGOUTS]);
  logouts.Int(now.micros - kLogoutKeptMicros).Step();
  rows.ended_sessions = sessions.GetInt(0);
  rows.logouts = logouts.GetInt(0);
}

// When somebody was last seen, the version and the tags are covered by no code.
void RowCodeChecker::CheckSessions() {
  const auto scan = store_.db_->Scan("SELECT " MC_SESSION_COLUMNS ", wrapped_key, box FROM sessions");
  Query row(*scan);
  while (row.Step()) {
    const StoredSession session = SessionFrom(row);
    const std::string where = "session of " + session.person + ", begun " + FormatInstant(session.begun_at);
    const std::string code = session.ended ? std::string() : store_.SessionCode(session);
    if (row.GetText(10) != code || row.GetInt(8) > 1) {
      faults_.Add("session", where, "it was changed: it lets nobody in and goes when its time is over");
    }
    const SealedPayload sealed{row.GetText(11), row.GetText(12)};
    const bool fits = session.ended ? sealed.wrapped_key.empty() && sealed.box.empty()
                                    : Open(store_.settings_.sealing_key, SessionContext(session.id), sealed).ok();
    if (!fits) faults_.Add("session", where, "the provider's token beside it was changed: sign-out goes without it");
  }
}

}  // namespace mc
