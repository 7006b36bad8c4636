#include "tests/conformance/stage.h"

#include <doctest/doctest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "core/seal.h"
#include "tests/support/secrets.h"

namespace mc::conformance {
namespace {

constexpr std::int64_t kLeaseSecs = 60;

template <typename T>
T Must(Result<T> result) {
  REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message));
  return std::move(result).value();
}

// In memory where there is such a place: losing power is another suite's matter, and hundreds
// of stores are written here.
std::string NewFolder() {
  std::error_code ec;
  const std::filesystem::path memory = "/dev/shm";
  const bool usable = std::filesystem::is_directory(memory, ec) && access(memory.c_str(), W_OK) == 0;
  std::string name = ((usable ? memory : std::filesystem::temp_directory_path()) / "mc_conformance_XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  return name;
}

bool IsGood(const Item& item) { return item.shape == Shape::kGood || item.shape == Shape::kNewField; }

std::string Named(const Item& item) { return item.stream + " " + item.id; }

std::string Some(const std::vector<std::string>& texts) {
  std::string out = texts.empty() ? "" : texts.front();
  return texts.size() < 2 ? out : out + " and " + std::to_string(texts.size() - 1) + " more";
}

// A connector that passes everything on; the wraps change one thing each.
class Around : public Connector {
 public:
  explicit Around(std::unique_ptr<Connector> inner) : inner_(std::move(inner)) {}
  const Manifest& manifest() const override { return inner_->manifest(); }
  Status Check() override { return inner_->Check(); }
  std::vector<std::string> SurplusScope() const override { return inner_->SurplusScope(); }
  std::vector<std::string> Streams() const override { return inner_->Streams(); }
  Result<Page> Pull(const std::string& stream, const std::optional<Cursor>& cursor) override {
    return inner_->Pull(stream, cursor);
  }

 private:
  std::unique_ptr<Connector> inner_;
};

class Stopping final : public Around {
 public:
  Stopping(std::unique_ptr<Connector> inner, int pages) : Around(std::move(inner)), left_(pages) {}
  Result<Page> Pull(const std::string& stream, const std::optional<Cursor>& cursor) override {
    if (left_-- <= 0) return TransientError("test_stop", "the test stops the run here");
    return Around::Pull(stream, cursor);
  }

 private:
  int left_;
};

class Hooked final : public Around {
 public:
  Hooked(std::unique_ptr<Connector> inner, int page, std::function<void()> hook)
      : Around(std::move(inner)), until_(page), hook_(std::move(hook)) {}
  Result<Page> Pull(const std::string& stream, const std::optional<Cursor>& cursor) override {
    if (until_-- == 0) hook_();
    return Around::Pull(stream, cursor);
  }

 private:
  int until_;
  std::function<void()> hook_;
};

}  // namespace

Wrap StopAfter(int pages) {
  return [pages](std::unique_ptr<Connector> inner) { return std::make_unique<Stopping>(std::move(inner), pages); };
}

Wrap Before(int page, std::function<void()> hook) {
  return [page, hook = std::move(hook)](std::unique_ptr<Connector> inner) {
    return std::make_unique<Hooked>(std::move(inner), page, hook);
  };
}

Stage::Stage(Trial& trial)
    : clock(ParseInstant(kNow).value()), trial_(trial), platform_(trial.row.make()), mapper_(platform_->MakeMapper()) {
  const Spoiler& spoil = trial.spoil;
  manifest = platform_->manifest();
  if (spoil.mapper) mapper_ = spoil.mapper(std::move(mapper_));
  for (const std::string& name : manifest.auth.Secrets()) {
    secrets[name] = "key-of-" + name;
    test::MustStaySecret("secret of a source", secrets[name]);
  }
  if (spoil.manifest) spoil.manifest(manifest);
  folder_ = NewFolder();
  http_ = MakeCurlClient();
  if (spoil.http) http_ = spoil.http(std::move(http_));
  server_ = std::make_unique<WireServer>([this](const WireRequest& request) { return Answer(request); });
  store_ = OpenAnotherStore();
  if (manifest.kind == ConnectorKind::kInbox) door_ = std::make_unique<PushDoor>(manifest.id, OpenAnotherStore());
  if (manifest.kind == ConnectorKind::kFileDrop) Bring(HandFault::kUnfinished);  // makes the folders
}

Stage::~Stage() {
  door_.reset();
  server_.reset();  // it answers out of the members below
  store_.reset();
  std::error_code ec;
  std::filesystem::remove_all(folder_, ec);
}

WireReply Stage::Answer(const WireRequest& request) {
  if (refuse_all || !platform_->Admits(request, secrets)) return {401, R"({"message":"unauthorized"})"};
  return platform_->Answer(request, world);
}

std::unique_ptr<Store> Stage::OpenAnotherStore() {
  return Must(OpenSqliteStore({.path = folder_ + "/store.db",
                               .sealing_key = std::string(kSealKeyBytes, 's'),
                               .signer = {"conformance.example/log", std::string(32, 'l')},
                               .random = random_,
                               .clock = clock}));
}

void Stage::Fill(int per_stream) {
  constexpr std::int64_t kStepMicros = 9 * 3600 * kMicrosPerSecond;  // three days hold six
  const Instant start = ParseInstant(kStart).value();
  int number = static_cast<int>(world.items.size());
  for (const ManifestStream& stream : manifest.streams) {
    for (int i = 0; i < per_stream; ++i) {
      char id[16];
      std::snprintf(id, sizeof id, "%03d", ++number);
      const Instant at{start.micros + (i % 6) * kStepMicros + i * kMicrosPerSecond};
      world.items.push_back({id, stream.id, i % 3 == 2 ? "H26.102" : "H26.101", at});
    }
  }
}

std::vector<std::string> Stage::Bring(HandFault fault, std::chrono::minutes clock_ahead) {
  if (!sender_works) return {};
  const Instant theirs{clock.Now().micros + clock_ahead.count() * 60 * kMicrosPerSecond};
  return platform_->HandOver(world, {drop_folder(), door_ ? door_->port() : 0, theirs}, fault);
}

PushReply Stage::Push(PushRequest request) {
  if (trial_.spoil.push) trial_.spoil.push(request);
  return conformance::Push(door_->port(), request);
}

Result<std::unique_ptr<Connector>> Stage::TryConnector(Store& store) {
  SourceSettings settings;
  settings.base_url = server_->url();
  settings.folder = drop_folder();
  settings.secrets = secrets;
  settings.unit_codes = {"H26.101", "H26.102"};
  settings.start = CityDate(ParseInstant(kStart).value());
  const Sleeper sleep = [this](std::chrono::milliseconds wait) {
    waits.push_back(wait);
    return keep_waiting;
  };
  return MakeConnector(manifest, std::move(settings), {*http_, clock, sleep, &store});
}

std::unique_ptr<Connector> Stage::NewConnector(Store& store) {
  auto connector = Must(TryConnector(store));
  return trial_.spoil.connector ? trial_.spoil.connector(std::move(connector)) : std::move(connector);
}

SourceResult Stage::Collect(const Wrap& around, const std::string& holder) {
  return CollectInto(*store_, around, holder, kLeaseSecs);
}

SourceResult Stage::CollectInto(Store& store, const Wrap& around, const std::string& holder,
                                std::int64_t lease_ttl_secs) {
  Bring();
  Meddle(trial_.spoil.before_run);
  std::unique_ptr<Connector> connector = NewConnector(store);
  if (around) connector = around(std::move(connector));
  RunContext context{store, clock, manifest, *mapper_, holder, lease_ttl_secs, {}};
  server_->Sync();
  SourceResult result = PullSource(context, *connector);
  server_->Sync();
  return result;
}

ReadBackResult Stage::ReadBack() {
  const std::unique_ptr<Connector> connector = NewConnector(*store_);
  const RunContext context{*store_, clock, manifest, *mapper_, "here", kLeaseSecs, {}};
  server_->Sync();
  ReadBackResult result = ReadBackSource(context, *connector, {});
  server_->Sync();
  return result;
}

void Stage::Meddle(const std::string& sql) {
  if (sql.empty()) return;
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open((folder_ + "/store.db").c_str(), &database) == SQLITE_OK);
  sqlite3_busy_timeout(database, 5'000);
  const int done = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr);
  sqlite3_close(database);
  REQUIRE(done == SQLITE_OK);
}

std::vector<EvidenceRevision> Stage::Evidence() {
  std::vector<EvidenceRevision> all;
  const Status scanned = store_->ScanEvidence([&](const EvidenceRevision& revision) {
    all.push_back(revision);
    return Ok();
  });
  REQUIRE(scanned.ok());
  return all;
}

std::vector<std::string> Stage::Missing() {
  std::set<Digest> held;
  for (const EvidenceRevision& revision : Evidence()) held.insert(revision.record_digest);
  std::vector<std::string> missing;
  for (const Item& item : world.items) {
    if (IsGood(item) && !held.contains(Sha256(platform_->Bytes(item)))) missing.push_back(Named(item));
  }
  return missing;
}

std::vector<std::string> Stage::Doubled() {
  std::set<Digest> held;
  std::vector<std::string> doubled;
  for (const EvidenceRevision& revision : Evidence()) {
    if (!held.insert(revision.record_digest).second) doubled.push_back(IkHex(revision.ik));
  }
  return doubled;
}

RunReceipt Stage::LastRun() {
  const auto totals = Must(store_->Totals());
  REQUIRE(totals.size() == 1);
  REQUIRE(totals.front().last_run.has_value());
  return *totals.front().last_run;
}

std::int64_t Stage::Leaves() { return Must(store_->Head()).size; }
std::optional<Instant> Stage::CompleteThrough() {
  const auto reached = Must(store_->CompleteThrough(manifest.register_id));
  const auto own = reached.find(manifest.id);
  return own == reached.end() ? std::nullopt : std::optional(own->second);
}
std::vector<QuarantineEntry> Stage::Quarantine() { return Must(store_->ListQuarantine()); }

bool Stage::SetAside(const std::string& bytes) {
  for (const QuarantineEntry& entry : Quarantine()) {
    const auto opened = store_->OpenRecord(entry.ik, "conformance");
    if (opened.ok() && opened->record.bytes == bytes) {
      return opened->record.key.digest == Sha256(bytes) && !entry.reason.code.empty() && !entry.reason.message.empty();
    }
  }
  return false;
}

std::vector<std::string> Stage::Faults() {
  std::vector<std::string> faults;
  for (const Fault& fault : Must(store_->Fsck({})).faults) faults.push_back(fault.what + " " + fault.where);
  return faults;
}

void ExpectAllHeld(Trial& trial, Stage& stage, const std::string& when) {
  const auto missing = stage.Missing(), doubled = stage.Doubled(), faults = stage.Faults();
  trial.Expect(missing.empty(), when + ": not held: " + Some(missing));
  trial.Expect(doubled.empty(), when + ": held twice: " + Some(doubled));
  trial.Expect(faults.empty(), when + ": fsck finds " + Some(faults));
}

void ExpectComplete(Trial& trial, Stage& stage, const SourceResult& result, const std::string& when,
                    std::optional<Instant> since) {
  trial.Expect(!result.error, when + ": the run fails: " + (result.error ? result.error->message : ""));
  const RunReceipt receipt = stage.LastRun();
  trial.Expect(receipt.outcome == RunOutcome::kComplete, when + ": the receipt does not say complete");
  const Instant now = stage.clock.Now();
  const auto& through = receipt.complete_through;
  trial.Expect(through && *through >= since.value_or(now) && *through <= now,
               when + ": not complete up to the beginning of what it read");
  const BatchCounts& counts = receipt.counts;
  trial.Expect(counts.fetched == counts.added + counts.revised + counts.duplicate + counts.quarantined,
               when + ": the counts do not reconcile");
  ExpectAllHeld(trial, stage, when);
}

}  // namespace mc::conformance
