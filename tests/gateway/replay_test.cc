// Goal: an operator's recorded pull is a test: the same bytes lead to the same records,
// evidence and leaf hashes, without a network.
// Method: every folder of tests/golden/recordings through the real connector, mapper and
// store, with the clock at the recording's start and seeded randomness; counts and the root
// of the tree stand in expected.json (UPDATE_GOLDEN=1 writes it anew, e.g. after a change of
// a rule file, whose digest every evidence carries).
#include <nlohmann/json.hpp>

#include "core/http_record.h"
#include "core/json.h"
#include "gateway/collector.h"
#include "tests/gateway/gateway_support.h"

using namespace mc;
using namespace mc::test;

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = MC_SOURCE_DIR;
constexpr const char* kBaseUrl = "http://replay.example";

template <typename T>
T MustHold(Result<T> result) {
  REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message));
  return std::move(result).value();
}

// "origin\nsize\nroot\n...": the root, in base64.
std::string RootOf(const std::string& checkpoint) {
  std::istringstream lines(checkpoint);
  std::string line;
  for (int i = 0; i < 3; ++i) std::getline(lines, line);
  return line;
}

Json Replayed(const fs::path& folder) {
  const auto replay = MustHold(ReplayClient::Open(folder, kBaseUrl));
  const ManualClock clock(replay->started_at());
  const Manifest manifest = MustHold(ReadManifest((kRoot / "connectors" / (replay->source() + ".json")).string()));
  const auto mapper = MustHold(LoadMapper((kRoot / "mapping/rules" / (manifest.rules + ".json")).string()));
  SourceSettings settings;
  settings.base_url = kBaseUrl;
  for (const std::string& name : manifest.auth.Secrets()) settings.secrets[name] = kRedacted;
  settings.unit_codes = replay->unit_codes();
  settings.start = replay->start();
  const TempDir dir;
  SeededRandom random(7);
  const auto store = MustHold(OpenSqliteStore({.path = dir / "replay.db",
                                               .sealing_key = std::string(kSealKeyBytes, 's'),
                                               .signer = {"test.example/log", std::string(32, 'l')},
                                               .random = random,
                                               .clock = clock}));
  const auto connector = MustHold(MakeConnector(manifest, settings, {*replay, clock}));
  const RunContext context{*store, clock, manifest, *mapper, "replay", 60, nullptr};
  const SourceResult result = PullSource(context, *connector);
  REQUIRE_MESSAGE(!result.error, (result.error ? result.error->message : ""));
  CHECK(replay->AllSent());
  const LedgerHead head = MustHold(store->Head());
  return {{"fetched", result.counts.fetched},         {"new", result.counts.added},
          {"revised", result.counts.revised},         {"duplicate", result.counts.duplicate},
          {"quarantined", result.counts.quarantined}, {"leaves", head.size},
          {"root", RootOf(head.checkpoint)}};
}

}  // namespace

TEST_CASE("replay: every recording ends in the leaf hashes that it ended in") {
  int replayed = 0;
  for (const auto& entry : fs::directory_iterator(kRoot / "tests/golden/recordings")) {
    if (!entry.is_directory()) continue;
    CAPTURE(entry.path().filename().string());
    const Json got = Replayed(entry.path());
    const fs::path expected = entry.path() / "expected.json";
    if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(expected) << got.dump(1) << '\n';
    CHECK(got == MustHold(ReadJsonFile(expected.string())));
    ++replayed;
  }
  CHECK(replayed >= 6);
}

TEST_CASE("replay: twice gives one root, another byte gives another") {
  const fs::path source = kRoot / "tests/golden/recordings/citizen_reports";
  const TempDir dir;
  const fs::path copy = dir / "copy";
  fs::copy(source, copy, fs::copy_options::recursive);
  const Json first = Replayed(source);
  CHECK(first == Replayed(copy));
  for (const auto& entry : fs::directory_iterator(copy / "exchanges")) {
    std::string text = ReadWhole(entry.path().string());
    const auto at = text.find("mô phỏng số");
    if (at == std::string::npos) continue;
    text.replace(at, 1, "M");
    std::ofstream(entry.path()) << text;
    break;
  }
  const Json changed = Replayed(copy);
  CHECK(changed["new"] == first["new"]);
  CHECK(changed["root"] != first["root"]);
}
