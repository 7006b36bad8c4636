// One installation on a stage: a platform behind a real socket, the real HTTP client, the
// connector under test, the collector and an SQLite store. Only the clock and the waits
// are the test's own.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "core/random.h"
#include "gateway/collector.h"
#include "gateway/read_back.h"
#include "storage/sqlite_store.h"
#include "tests/conformance/platform.h"
#include "tests/conformance/push_door.h"

namespace mc::conformance {

// Puts something around a connector, or gives it back as it is.
using Wrap = std::function<std::unique_ptr<Connector>(std::unique_ptr<Connector>)>;

// bite_test.cc puts one mistake in here; nothing of it is there when all is well.
struct Spoiler {
  Wrap connector = {};
  std::function<std::unique_ptr<HttpClient>(std::unique_ptr<HttpClient>)> http = {};
  std::function<std::unique_ptr<Mapper>(std::unique_ptr<Mapper>)> mapper = {};
  std::function<void(Manifest&)> manifest = {};
  std::function<void(PushRequest&)> push = {};
  // SQL by which a check of the store is got round.
  std::string before_run = {}, before_second_collector = {}, after_second_collector = {}, after_push = {};
};

// One case held against one platform. What is not as promised becomes a sentence.
struct Trial {
  const PlatformRow& row;
  Spoiler spoil = {};
  std::vector<std::string> problems = {};
  bool applies = true;  // false: there is nothing here that the case could ask for; waivers.cc says why

  // For cases that ask a source. False: nobody is asked here.
  bool Asks() { return applies = IsAsked(row); }

  void Expect(bool kept, const std::string& promise) {
    if (!kept) problems.push_back(promise);
  }
};

class Stage {
 public:
  static constexpr const char* kStart = "2026-06-08T01:00:00Z";  // the first item
  static constexpr const char* kNow = "2026-06-10T03:00:00Z";

  explicit Stage(Trial& trial);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  World world;
  ManualClock clock;
  std::map<std::string, std::string> secrets;
  std::vector<std::chrono::milliseconds> waits;  // asked for by the connector
  bool keep_waiting = true;
  bool refuse_all = false;  // whatever it shows

  Manifest manifest;
  WireServer& server() { return *server_; }
  Platform& platform() { return *platform_; }
  Store& store() { return *store_; }
  HttpClient& http() { return *http_; }

  // `per_stream` items in each stream, on three days, of two units.
  void Fill(int per_stream);
  void Pass(std::chrono::minutes time) { clock.Set({clock.Now().micros + time.count() * 60 * kMicrosPerSecond}); }

  Result<std::unique_ptr<Connector>> TryConnector() { return TryConnector(*store_); }
  std::unique_ptr<Connector> NewConnector() { return NewConnector(*store_); }
  // The sender, where there is one, brings what it has; see Platform::HandOver.
  std::vector<std::string> Bring(HandFault fault = HandFault::kNone, std::chrono::minutes clock_ahead = {});
  bool sender_works = true;
  std::string drop_folder() const { return folder_ + "/drop"; }
  PushReply Push(PushRequest request);  // REQUIRES a platform that pushes

  // One whole run with objects of its own, as after a restart; the sender brings something before.
  SourceResult Collect(const Wrap& around = {}, const std::string& holder = "here");
  SourceResult CollectInto(Store& store, const Wrap& around, const std::string& holder, std::int64_t lease_ttl_secs);
  // Reads back all that is held.
  ReadBackResult ReadBack();
  std::unique_ptr<Store> OpenAnotherStore();

  void Meddle(const std::string& sql);  // behind the store's back; empty: nothing

  // What the store says.
  std::vector<EvidenceRevision> Evidence();
  std::vector<std::string> Missing();  // good items of the world without evidence
  std::vector<std::string> Doubled();  // records with more than one evidence
  RunReceipt LastRun();
  std::int64_t Leaves();
  std::optional<Instant> CompleteThrough();
  std::vector<QuarantineEntry> Quarantine();
  bool SetAside(const std::string& bytes);  // in quarantine, whole, with digest and reason
  std::vector<std::string> Faults();  // of fsck

  std::string BytesOf(std::size_t index) const { return platform_->Bytes(world.items.at(index)); }

 private:
  WireReply Answer(const WireRequest& request);
  Result<std::unique_ptr<Connector>> TryConnector(Store& store);
  std::unique_ptr<Connector> NewConnector(Store& store);

  Trial& trial_;
  std::unique_ptr<Platform> platform_;
  std::unique_ptr<Mapper> mapper_;
  std::string folder_;
  SystemRandom random_;
  std::unique_ptr<HttpClient> http_;
  std::unique_ptr<WireServer> server_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<PushDoor> door_;
};

// Everything that the source has is held, once, and the store is sound.
void ExpectAllHeld(Trial& trial, Stage& stage, const std::string& when);
// The same run said so: no error, and complete up to its own beginning, or, where it took up
// an earlier one, up to that one's beginning `since` at least.
void ExpectComplete(Trial& trial, Stage& stage, const SourceResult& result, const std::string& when,
                    std::optional<Instant> since = std::nullopt);

// Fails the run after so many pages, as a crash between two of them.
Wrap StopAfter(int pages);
// Calls `hook` before page number `page` (0, 1, ...) of the run is asked for.
Wrap Before(int page, std::function<void()> hook);

}  // namespace mc::conformance
