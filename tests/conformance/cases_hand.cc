// What is brought and not asked for: files and messages that are cut or spoilt, and the rules of
// the inbox (docs/formats/inbox.md).

#include <algorithm>

#include "core/inbox.h"
#include "tests/conformance/cases.h"

namespace mc::conformance {
namespace {

using std::chrono::minutes;

const std::vector<ConnectorKind> kHandedKinds = {ConnectorKind::kFileDrop, ConnectorKind::kInbox};

// Nothing that is spoilt is taken for good or for all, what can be kept is kept, and the same
// thing brought whole mends it.
void HandFaultOf(Trial& trial, HandFault fault) {
  Stage stage(trial);
  stage.Fill(3);
  const std::string when = std::string("brought ") + Name(fault);
  const auto kept = stage.Bring(fault);
  stage.sender_works = false;
  const SourceResult spoilt = stage.Collect();
  trial.Expect(!spoilt.error, when + ": the run fails: " + (spoilt.error ? spoilt.error->message : ""));
  trial.Expect(!stage.CompleteThrough(), when + ": called complete");
  for (const std::string& bytes : kept) {
    trial.Expect(stage.SetAside(bytes), when + ": it is not kept with its bytes and a reason");
  }
  const bool nothing_came = spoilt.counts.fetched == 0;
  trial.Expect(nothing_came || !spoilt.notes.empty(), when + ": nobody is told");
  trial.Expect(stage.Doubled().empty() && stage.Faults().empty(), when + ": the store is not sound");
  stage.sender_works = true;
  stage.Pass(minutes(10));
  ExpectComplete(trial, stage, stage.Collect(), when + ", then whole");
}

void HandFaults(Trial& trial) {
  const auto platform = trial.row.make();
  trial.Expect(platform->hand_faults().size() >= 5, "too few faults to try");
  for (const HandFault fault : platform->hand_faults()) HandFaultOf(trial, fault);
}

// A sender whose clock is a day ahead completes nothing that is still to happen.
void SenderClock(Trial& trial) {
  Stage stage(trial);
  stage.Fill(2);
  const Instant now = stage.clock.Now();
  stage.Bring(HandFault::kNone, minutes(24 * 60));
  stage.sender_works = false;
  const SourceResult result = stage.Collect();
  trial.Expect(!result.error, "a sender's clock stops the run");
  trial.Expect(stage.CompleteThrough() <= now, "complete up to a time that is still to come");
  trial.Expect(result.notes.contains("sender_clock_ahead"), "nobody is told that the sender's clock is ahead");
}

PushRequest Message(const Stage& stage, const std::string& key, const std::string& body) {
  return {stage.manifest.id, key, body, {}, kPushToken, false};
}

// The same key and content: the same answer, byte by byte, also after it was read, and nothing added.
void PushAgain(Trial& trial) {
  Stage stage(trial);
  stage.Fill(1);
  stage.sender_works = false;
  const std::string body = "{\"items\":[" + stage.BytesOf(0) + "]}";
  const PushReply first = stage.Push(Message(stage, "k", body));
  trial.Expect(first.status == 202, "a good message is not taken");
  stage.Meddle(trial.spoil.after_push);
  stage.Pass(minutes(10));
  trial.Expect(stage.Push(Message(stage, "k", body)).body == first.body, "another answer to the same");
  trial.Expect(stage.Collect().counts.added == 1, "a message that came twice is not one message");
  stage.Collect();  // behind a stored position: now the inbox forgets it
  const std::int64_t leaves = stage.Leaves();
  trial.Expect(stage.Push(Message(stage, "k", body)).body == first.body, "another answer after it was read");
  trial.Expect(stage.Collect().counts.fetched == 0, "a message that was read is read again");
  trial.Expect(stage.Leaves() == leaves + 1, "it adds more than the receipt to the log");
  trial.Expect(stage.Push(Message(stage, "k", body + " ")).status == 422, "a key is taken for two things");
  ExpectAllHeld(trial, stage, "pushed again");
}

// Whom we do not know, and what cannot be told apart later, leaves nothing behind.
void PushRefused(Trial& trial) {
  Stage stage(trial);
  stage.Fill(1);
  stage.sender_works = false;
  const std::string body = "{\"items\":[" + stage.BytesOf(0) + "]}";
  PushRequest stranger = Message(stage, "k", body);
  for (const char* token : {"", "another"}) {
    stranger.token = token;
    trial.Expect(stage.Push(stranger).status == 401, "a stranger may push");
  }
  PushRequest elsewhere = Message(stage, "k", body);
  elsewhere.source = "other";
  trial.Expect(stage.Push(elsewhere).status == 401, "a source may push for another one");
  trial.Expect(stage.Push(Message(stage, "", body)).status == 400, "a message without a key is taken");
  trial.Expect(stage.Collect().counts.fetched == 0, "something that was refused is read");
  trial.Expect(stage.store().ReadInbox(stage.manifest.id, 0, 1).value().empty(), "something refused is kept");
}

// Full: told to wait, nothing of the refused one is kept; read, it takes again.
void PushFull(Trial& trial) {
  Stage stage(trial);
  stage.Fill(1);
  stage.sender_works = false;
  const std::string body = "{\"items\":[" + stage.BytesOf(0) + "]}";
  for (std::int64_t i = 1; i < kInboxMessagesLimit; ++i) {
    const auto put = stage.store().PutInbox(
        {stage.manifest.id, "fill-" + std::to_string(i), "application/json", R"({"items":[]})", {}, {}});
    if (!put.ok()) return trial.Expect(false, "refused before it is full: " + put.error().message);
  }
  stage.Meddle(trial.spoil.after_push);
  trial.Expect(stage.Push(Message(stage, "last", R"({"items":[]})")).status == 202, "full one too early");
  const PushReply full = stage.Push(Message(stage, "k", body));
  trial.Expect(full.status == 429, "an inbox that is full is answered with " + std::to_string(full.status));
  trial.Expect(full.head.find("Retry-After: ") != std::string::npos, "full, and not told when to come again");
  trial.Expect(!stage.Collect().error, "a full inbox cannot be read");
  stage.Collect();  // behind a stored position
  trial.Expect(stage.Push(Message(stage, "k", body)).status == 202, "read, and still full");
  stage.Collect();
  ExpectAllHeld(trial, stage, "after it was full");
}

}  // namespace

std::vector<Case> HandCases() {
  return {{"hand_faults", &HandFaults, kHandedKinds},
          {"sender_clock", &SenderClock, kHandedKinds},
          {"push_again", &PushAgain, {ConnectorKind::kInbox}},
          {"push_refused", &PushRefused, {ConnectorKind::kInbox}},
          {"push_full", &PushFull, {ConnectorKind::kInbox}}};
}

}  // namespace mc::conformance
