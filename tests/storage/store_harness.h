// A store under test, whatever its engine, and short makers of what is put into it.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/random.h"
#include "core/signature.h"
#include "core/time.h"
#include "storage/head_signing.h"
#include "storage/store_settings.h"

namespace mc::test {

// One empty database of an engine. Open() gives another Store object over it, as another
// process would have; the objects may be open together.
class StoreHarness {
 public:
  virtual ~StoreHarness() = default;
  Result<std::unique_ptr<Store>> TryOpen() { return TryOpenWith(Settings()); }
  virtual Result<std::unique_ptr<Store>> TryOpenWith(StoreSettings settings) = 0;
  virtual std::string path() const = 0;  // of StoreSettings
  std::unique_ptr<Store> Open() {
    auto store = TryOpen();
    REQUIRE_MESSAGE(store.ok(), (store.ok() ? "" : store.error().message));
    return std::move(store).value();
  }

  StoreSettings Settings() {
    return {.path = path(),
            .sealing_key = sealing_key,
            .signer = signer,
            .former_signer = former_signer,
            .random = random,
            .clock = clock,
            .payload_limit_bytes = payload_limit_bytes,
            .actor = "tester",
            .shared = writer,
            .witnesses = witnesses,
            .ik_of = ik_of};
  }

  // The clock by which leases run out, and how finely it can be set.
  virtual void SetLeaseClock(Instant at) { clock.Set(at); }
  virtual std::int64_t LeaseClockStep() const { return 1; }

  ManualClock clock{Instant{1'780'000'000 * kMicrosPerSecond}};
  SeededRandom random{42};
  NoteSigner signer{"test.example/log", std::string(32, 'l')};
  std::optional<NoteSigner> former_signer;
  std::string sealing_key = std::string(32, 's');
  std::int64_t payload_limit_bytes = 1024;
  // Of stores opened from now on.
  Witnesses witnesses;
  std::shared_ptr<SharedWriter> writer;
  std::function<std::int64_t(const RecordKey&)> ik_of = IkOf;

  void Tick() { clock.Set(Instant{clock.Now().micros + kMicrosPerSecond}); }
};

using HarnessMaker = std::function<std::unique_ptr<StoreHarness>()>;

struct ConformanceCase {
  const char* name;
  void (*run)(StoreHarness&);
};

inline SourceRecord RecordOf(const std::string& native_id, const std::string& bytes,
                             const std::string& stream = "tasks", const std::string& source = "hanoiwork") {
  SourceRecord record;
  record.key = {"hanoiwork", native_id, Sha256(bytes)};
  record.source = source;
  record.stream = stream;
  record.media_type = "application/json";
  record.bytes = bytes;
  record.observed_at = Instant{1'770'000'000 * kMicrosPerSecond};
  record.facts = {{"asked", "H26.1"}};
  return record;
}

// A record whose evidence states `status`. `noise` changes the bytes and nothing else.
inline IngestItem Task(const std::string& native_id, const std::string& status, const std::string& noise = "",
                       const std::string& stream = "tasks") {
  Evidence evidence;
  evidence.kind = EvidenceKind::kTask;
  evidence.register_id = "hanoiwork";
  evidence.native_id = native_id;
  evidence.status = status;
  evidence.mapping_version = "00112233aabbccdd";
  return {RecordOf(native_id, native_id + "|" + status + "|" + noise, stream), evidence};
}

inline IngestItem Bad(const std::string& native_id, const std::string& bytes) {
  return {RecordOf(native_id, bytes),
          RejectionReason{"bad_date", "/HanXuLy", "date", "the deadline of " + native_id + " is not a date"}};
}

template <typename T>
T Must(Result<T> result) {
  if (!result.ok()) FAIL(result.error().code << ": " << result.error().message);
  return std::move(result).value();
}

// One run of one source: holds its lease, sums its counts.
class Collecting {
 public:
  explicit Collecting(Store& store, const std::string& source = "hanoiwork")
      : store_(store), lease_(Must(store.AcquireLease(source, "test", 60))) {
    receipt.run = Must(store.BeginRun(source, "hanoiwork"));
    receipt.source = source;
    receipt.register_id = "hanoiwork";
    receipt.ended_at = Instant{1'790'000'000 * kMicrosPerSecond};
  }

  IngestBatch Batch(std::vector<IngestItem> items, const std::string& cursor = "") const {
    const std::string stream = items.empty() ? "tasks" : items.front().record.stream;
    return {receipt.source, stream, receipt.run, lease_.fence, std::move(items), Cursor{cursor}};
  }
  BatchCounts Append(std::vector<IngestItem> items, const std::string& cursor = "") {
    const BatchCounts counts = Must(store_.AppendBatch(Batch(std::move(items), cursor)));
    receipt.counts += counts;
    return counts;
  }
  void End(RunOutcome outcome = RunOutcome::kComplete) {
    receipt.outcome = outcome;
    Must(store_.EndRun(receipt));
  }
  const Lease& lease() const { return lease_; }

  RunReceipt receipt;

 private:
  Store& store_;
  Lease lease_;
};

inline std::int64_t LedgerSizeOf(Store& store) { return Must(store.SignHead()).size; }

inline std::vector<EvidenceRevision> AllEvidence(Store& store) {
  std::vector<EvidenceRevision> all;
  Must(store.ScanEvidence([&](const EvidenceRevision& revision) -> Status {
    all.push_back(revision);
    return Ok();
  }));
  return all;
}

// "T1#1=open T1#2=done*": each revision in leaf order, the latest ones starred.
inline std::string Written(Store& store) {
  std::string text;
  for (const EvidenceRevision& r : AllEvidence(store)) {
    if (!text.empty()) text += " ";
    text += r.evidence.native_id + "#" + std::to_string(r.revision) + "=" + r.evidence.status + (r.latest ? "*" : "");
  }
  return text;
}

inline std::string Describe(const FsckReport& report) {
  std::string text;
  for (const Fault& fault : report.faults) text += fault.what + " | " + fault.where + " | " + fault.detail + "\n";
  return text;
}

inline void CheckClean(Store& store) {
  const FsckReport report = Must(store.Fsck({}));
  CHECK(Describe(report) == "");
}

}  // namespace mc::test
