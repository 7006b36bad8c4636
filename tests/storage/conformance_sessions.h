// What every engine must do with sessions (core/session_store.h).
#pragma once

#include <map>
#include <utility>

#include "tests/storage/store_harness.h"

namespace mc::test {

inline NewSession SessionNamed(const StoreHarness& harness, const std::string& name,
                               const std::string& person = "p-1") {
  NewSession begun;
  const Instant now = harness.clock.Now();
  begun.session = {Sha256(name), person, "op", "LoA2", now, now, now, Instant{now.micros + 3'600 * kMicrosPerSecond}};
  begun.origin = {"https://op.example", "subject of " + person, "at the provider: " + name, now};
  begun.id_token = "id token of " + name;
  begun.most = 2;
  begun.idle_micros = 1'800 * kMicrosPerSecond;
  return begun;
}

// Names whose sessions are live, as a gateway that starts anew would have them.
inline std::string LiveOf(Store& store, const std::vector<std::string>& names) {
  std::map<Digest, bool> live;
  for (const StoredSession& row : Must(store.SessionsSince(0)).sessions) live[row.id] = !row.ended;
  std::string found;
  for (const std::string& name : names) {
    if (live[Sha256(name)]) found += (found.empty() ? "" : " ") + name;
  }
  return found;
}

inline void SessionsAreSeenByOthersInOrder(StoreHarness& harness) {
  const auto here = harness.Open(), there = harness.Open();
  CHECK(Must(there->SessionsSince(0)).version == 0);
  const NewSession a = SessionNamed(harness, "a", "p-1"), b = SessionNamed(harness, "b", "p-2");
  CHECK(Must(here->BeginSession(a)));
  const SessionChanges first = Must(there->SessionsSince(0));
  REQUIRE(first.sessions.size() == 1);
  CHECK(first.sessions[0] == a.session);
  CHECK(Must(there->BeginSession(b)));
  Must(there->EndSession(a.session.id));
  const SessionChanges second = Must(here->SessionsSince(first.version));
  REQUIRE(second.sessions.size() == 2);
  CHECK(second.sessions[0] == b.session);
  CHECK(second.sessions[1].id == a.session.id);
  CHECK(second.sessions[1].ended);
  CHECK(second.version > first.version);
  CHECK(Must(here->SessionsSince(second.version)).sessions.empty());
  CHECK(Must(here->SessionsSince(second.version)).version == second.version);
  Must(here->EndSession(a.session.id));  // once more: nothing to tell
  Must(here->EndSession(Sha256("nobody's")));
  CHECK(Must(here->SessionsSince(second.version)).sessions.empty());
}

inline void ASessionMayReplaceAnother(StoreHarness& harness) {
  const auto store = harness.Open();
  Must(store->BeginSession(SessionNamed(harness, "a")));
  NewSession b = SessionNamed(harness, "b");
  b.replaces = Sha256("a");
  CHECK(Must(store->BeginSession(b)));
  CHECK(LiveOf(*store, {"a", "b"}) == "b");
}

inline void APersonHasSoManySessionsAndTheOldestEnds(StoreHarness& harness) {
  const auto store = harness.Open();
  for (const char* name : {"a", "b", "c"}) {
    Must(store->BeginSession(SessionNamed(harness, name)));
    harness.Tick();
  }
  Must(store->BeginSession(SessionNamed(harness, "other", "p-2")));
  CHECK(LiveOf(*store, {"a", "b", "c", "other"}) == "b c other");
  // What is idle or past its end takes nobody's place.
  harness.clock.Set(Instant{harness.clock.Now().micros + 1'800 * kMicrosPerSecond});
  Must(store->BeginSession(SessionNamed(harness, "d")));
  Must(store->BeginSession(SessionNamed(harness, "e")));
  CHECK(LiveOf(*store, {"b", "c", "d", "e"}) == "b c d e");
}

// At its time, to the microsecond: one that is over makes room, one that is not takes it.
inline void OverIsOverAtItsTime(StoreHarness& harness) {
  const std::int64_t idle = 1'800 * kMicrosPerSecond;
  for (const std::int64_t early : {std::int64_t{0}, std::int64_t{1}}) {
    const auto store = harness.Open();
    const std::string who = "p" + std::to_string(early), a = who + "a", b = who + "b", c = who + "c";
    NewSession ends = SessionNamed(harness, a, who);
    ends.session.until = Instant{harness.clock.Now().micros + idle};
    Must(store->BeginSession(ends));
    Must(store->BeginSession(SessionNamed(harness, b, who)));  // idle at the same moment
    harness.clock.Set(Instant{harness.clock.Now().micros + idle - early});
    Must(store->BeginSession(SessionNamed(harness, c, who)));
    CHECK(LiveOf(*store, {a, b, c}) == (early ? b + " " + c : a + " " + b + " " + c));  // rows: `a` was ended, or over
  }
}

inline void AProviderEndsOneOrAll(StoreHarness& harness) {
  const auto store = harness.Open();
  for (const char* name : {"a", "b"}) Must(store->BeginSession(SessionNamed(harness, name, "p-1")));
  for (const char* name : {"x", "y"}) Must(store->BeginSession(SessionNamed(harness, name, "p-2")));
  Must(store->EndSessionsFor("https://other.example", "subject of p-1", ""));
  Must(store->EndSessionsFor("https://op.example", "subject of p-1", "at the provider: x"));  // names x, not its person
  CHECK(LiveOf(*store, {"a", "b", "x", "y"}) == "a b y");
  Must(store->EndSessionsFor("https://op.example", "subject of p-1", ""));
  Must(store->EndSessionsFor("https://op.example", "nobody", ""));
  CHECK(LiveOf(*store, {"a", "b", "x", "y"}) == "y");
  // A sign-in that named no session is reached by an order that names one and its person.
  NewSession unnamed = SessionNamed(harness, "unnamed", "p-3");
  unnamed.origin.provider_session.clear();
  unnamed.origin.sign_in_begun_at = Instant{harness.clock.Now().micros + 1};
  Must(store->BeginSession(unnamed));
  Must(store->EndSessionsFor("https://op.example", "", "any"));
  CHECK(LiveOf(*store, {"unnamed"}) == "unnamed");
  Must(store->EndSessionsFor("https://op.example", "subject of p-3", "any"));
  CHECK(LiveOf(*store, {"unnamed"}) == "");
  unnamed.origin.sign_in_begun_at = Instant{harness.clock.Now().micros - 1};
  unnamed.session.id = Sha256("unnamed too late");
  CHECK_FALSE(Must(store->BeginSession(unnamed)));
  Must(store->EndSessionsOf("p-2"));
  CHECK(LiveOf(*store, {"a", "b", "x", "y"}) == "");
}

inline void ALogoutThatCameFirstHolds(StoreHarness& harness) {
  const auto store = harness.Open();
  const auto later = [&](std::int64_t micros) { harness.clock.Set(Instant{harness.clock.Now().micros + micros}); };
  const NewSession waiting = SessionNamed(harness, "a");
  later(kMicrosPerSecond);
  Must(store->EndSessionsFor("https://op.example", "", "at the provider: a"));
  Must(store->EndSessionsFor("https://op.example", "subject of p-2", ""));
  CHECK_FALSE(Must(store->BeginSession(waiting)));
  NewSession other = SessionNamed(harness, "b", "p-2");
  other.origin.sign_in_begun_at = Instant{harness.clock.Now().micros - 1};
  CHECK_FALSE(Must(store->BeginSession(other)));
  // A sign-in of the same person that began after the order is another one.
  later(1);
  CHECK(Must(store->BeginSession(SessionNamed(harness, "c", "p-2"))));
  // The provider's name for a session is not used twice, so its order holds for as long as it is remembered.
  later(kLogoutKeptMicros - 1);
  CHECK_FALSE(Must(store->BeginSession(waiting)));
  later(1);
  CHECK(Must(store->BeginSession(waiting)));
}

inline void ARefusedSessionStillEndsWhatItReplaces(StoreHarness& harness) {
  const auto store = harness.Open();
  Must(store->BeginSession(SessionNamed(harness, "old")));
  NewSession begun = SessionNamed(harness, "new");
  begun.replaces = Sha256("old");
  Must(store->EndSessionsFor("https://op.example", "", "at the provider: new"));
  CHECK_FALSE(Must(store->BeginSession(begun)));
  CHECK(LiveOf(*store, {"old", "new"}) == "");
}

inline void RequestsAreRememberedAndNeverBackwards(StoreHarness& harness) {
  const auto store = harness.Open();
  const NewSession a = SessionNamed(harness, "a");
  Must(store->BeginSession(a));
  const SessionChanges before = Must(store->SessionsSince(0));
  const Instant seen{a.session.seen_at.micros + 60 * kMicrosPerSecond};
  Must(store->TouchSessions({{a.session.id, seen}, {Sha256("nobody's"), seen}}));
  const SessionChanges after = Must(store->SessionsSince(before.version));
  REQUIRE(after.sessions.size() == 1);
  CHECK(after.sessions[0].seen_at == seen);
  Must(store->TouchSessions({{a.session.id, Instant{seen.micros - 1}}}));
  CHECK(Must(store->SessionsSince(after.version)).sessions.empty());
}

inline void TheHintIsThereUntilTheEnd(StoreHarness& harness) {
  const auto store = harness.Open();
  Must(store->BeginSession(SessionNamed(harness, "a")));
  CHECK(Must(store->SessionIdToken(Sha256("a"))) == "id token of a");
  CHECK(Must(store->SessionIdToken(Sha256("b"))) == "");
  Must(store->EndSession(Sha256("a")));
  CHECK(Must(store->SessionIdToken(Sha256("a"))) == "");
}

inline void WhatIsOverIsForgottenAndVersionsStillRise(StoreHarness& harness) {
  const auto store = harness.Open();
  for (const char* name : {"ended", "over", "live"}) Must(store->BeginSession(SessionNamed(harness, name, name)));
  Must(store->EndSession(Sha256("ended")));
  const auto rows = [&] { return Must(store->SessionsSince(0)).sessions.size(); };
  const std::int64_t version = Must(store->SessionsSince(0)).version;
  harness.clock.Set(Instant{harness.clock.Now().micros + kEndedKeptMicros});
  Must(store->ForgetSessions());
  CHECK(rows() == 3);  // for as long as it may be asked for
  harness.Tick();
  NewSession live = SessionNamed(harness, "newest", "live");
  Must(store->BeginSession(live));
  Must(store->ForgetSessions());
  CHECK(rows() == 3);  // `ended` went; the others were over only now
  harness.clock.Set(Instant{harness.clock.Now().micros + kEndedKeptMicros});
  Must(store->ForgetSessions());
  CHECK(rows() == 1);
  CHECK(Must(store->SessionsSince(version)).version > version);
  // The newest row stays, whatever became of it.
  Must(store->EndSession(Sha256("newest")));
  const std::int64_t last = Must(store->SessionsSince(0)).version;
  harness.clock.Set(Instant{harness.clock.Now().micros + 10 * kEndedKeptMicros});
  Must(store->ForgetSessions());
  Must(store->BeginSession(SessionNamed(harness, "a")));
  CHECK(Must(store->SessionsSince(last)).sessions.size() == 1);
}

inline std::vector<ConformanceCase> SessionCases() {
  return {{"sessions are seen by others in order", SessionsAreSeenByOthersInOrder},
          {"a session may replace another", ASessionMayReplaceAnother},
          {"a person has so many sessions and the oldest ends", APersonHasSoManySessionsAndTheOldestEnds},
          {"over is over at its time", OverIsOverAtItsTime},
          {"a provider ends one or all", AProviderEndsOneOrAll},
          {"a logout that came first holds", ALogoutThatCameFirstHolds},
          {"a refused session still ends what it replaces", ARefusedSessionStillEndsWhatItReplaces},
          {"requests are remembered and never backwards", RequestsAreRememberedAndNeverBackwards},
          {"the hint is there until the end", TheHintIsThereUntilTheEnd},
          {"what is over is forgotten and versions still rise", WhatIsOverIsForgottenAndVersionsStillRise}};
}

}  // namespace mc::test
