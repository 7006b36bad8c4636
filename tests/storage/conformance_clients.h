// What every engine must do with machines' clients (storage/clients.h).
#pragma once

#include "storage/clients.h"
#include "storage/leaf.h"
#include "tests/storage/store_harness.h"

namespace mc::test {

inline constexpr const char* kSomeClient = "c0123456789abcdef";

inline ClientStep StepOf(ClientStepKind kind, const std::string& secret, std::int64_t overlap_secs = 0) {
  ClientStep step{kind, kSomeClient, "source:pushed", Sha256(secret), overlap_secs, "an", Instant{}};
  if (kind == ClientStepKind::kRevoked) step.secret_sha256.reset();
  return step;
}

// Names among these whose secret the client may come with now.
inline std::string GoodSecrets(StoreHarness& harness, Store& store, const std::vector<std::string>& names) {
  const StoredClients stored = Must(store.LoadClients());
  std::string good;
  for (const std::string& name : names) {
    for (const ClientSecret& secret : stored.clients.at(kSomeClient).secrets) {
      if (secret.sha256 == Sha256(name) && secret.IsGood(harness.clock.Now())) good += name;
    }
  }
  return good;
}

inline void AClientIsMadeAndItsSecretIsReplaced(StoreHarness& harness) {
  const auto here = harness.Open(), there = harness.Open();
  CHECK(Must(there->LastClientStep()) == -1);
  CHECK(Must(there->LoadClients()).clients.empty());
  const Instant created = harness.clock.Now();
  CHECK(Must(here->AppendClientStep(StepOf(ClientStepKind::kCreated, "a"))) == 0);
  CHECK(Must(there->LastClientStep()) == 0);
  const MachineClient made = Must(there->LoadClients()).clients.at(kSomeClient);
  CHECK(made == MachineClient{kSomeClient, "source:pushed", created, "an", {{Sha256("a"), created, {}}}, {}, ""});
  harness.Tick();
  CHECK(Must(there->AppendClientStep(StepOf(ClientStepKind::kRotated, "b", 3'600))) == 1);
  const Instant rotated = harness.clock.Now();
  // To the microsecond: at its end it is over.
  harness.clock.Set(Instant{rotated.micros + 3'600 * kMicrosPerSecond - 1});
  CHECK(GoodSecrets(harness, *here, {"a", "b"}) == "ab");
  harness.clock.Set(Instant{rotated.micros + 3'600 * kMicrosPerSecond});
  CHECK(GoodSecrets(harness, *here, {"a", "b"}) == "b");
  CHECK(Must(here->LoadClients()).last_step == 1);
  Must(here->SignHead());
  CheckClean(*here);
}

inline void AReplacedSecretEndsWithTheNextRotation(StoreHarness& harness) {
  const auto store = harness.Open();
  Must(store->AppendClientStep(StepOf(ClientStepKind::kCreated, "a")));
  Must(store->AppendClientStep(StepOf(ClientStepKind::kRotated, "b", 3'600)));
  Must(store->AppendClientStep(StepOf(ClientStepKind::kRotated, "c", 60)));
  CHECK(GoodSecrets(harness, *store, {"a", "b", "c"}) == "bc");
  Must(store->AppendClientStep(StepOf(ClientStepKind::kRotated, "d", 0)));
  CHECK(GoodSecrets(harness, *store, {"a", "b", "c", "d"}) == "d");
}

inline void ARevokedClientStaysSo(StoreHarness& harness) {
  const auto store = harness.Open();
  const auto refused = [&](const ClientStep& step) { return store->AppendClientStep(step).error().code; };
  CHECK(refused(StepOf(ClientStepKind::kRevoked, "")) == "no_such_client");
  CHECK(refused(StepOf(ClientStepKind::kRotated, "b")) == "no_such_client");
  Must(store->AppendClientStep(StepOf(ClientStepKind::kCreated, "a")));
  CHECK(refused(StepOf(ClientStepKind::kCreated, "b")) == "client_known");
  CHECK(refused(StepOf(ClientStepKind::kRotated, "a")) == "secret_known");
  ClientStep other_scope = StepOf(ClientStepKind::kRotated, "b");
  other_scope.scope = "source:other";
  CHECK(refused(other_scope) == "no_such_client");
  harness.Tick();
  Must(store->AppendClientStep(StepOf(ClientStepKind::kRevoked, "")));
  const MachineClient revoked = Must(store->LoadClients()).clients.at(kSomeClient);
  CHECK(revoked.revoked_at == harness.clock.Now());
  CHECK(revoked.revoked_by == "an");
  CHECK(refused(StepOf(ClientStepKind::kRevoked, "")) == "client_revoked");
  CHECK(refused(StepOf(ClientStepKind::kRotated, "b")) == "client_revoked");
  CHECK(refused(StepOf(ClientStepKind::kCreated, "b")) == "client_known");
  CHECK(LedgerSizeOf(*store) == 2);  // what was refused left nothing
  CheckClean(*store);
}

inline void EachStepOfAClientIsALeaf(StoreHarness& harness) {
  const auto store = harness.Open();
  ClientStep step = StepOf(ClientStepKind::kCreated, "a");
  Must(store->AppendClientStep(step));
  step.at = harness.clock.Now();
  const OpenedLeaf leaf = Must(store->OpenLeaf(0));
  CHECK(Must(ParseLeaf(leaf.bytes)).kind == LeafKind::kClient);
  CHECK(leaf.object == *ClientStepObject(step));
}

inline std::vector<ConformanceCase> ClientCases() {
  return {{"a client is made and its secret is replaced", AClientIsMadeAndItsSecretIsReplaced},
          {"a replaced secret ends with the next rotation", AReplacedSecretEndsWithTheNextRotation},
          {"a revoked client stays so", ARevokedClientStaysSo},
          {"each step of a client is a leaf", EachStepOfAClientIsALeaf}};
}

}  // namespace mc::test
