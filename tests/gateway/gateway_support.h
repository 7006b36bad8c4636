// A folder of its own, a store in it, a platform made by hand, and the built binary.
#pragma once

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "connectors/manifest.h"
#include "core/json.h"
#include "core/random.h"
#include "core/seal.h"
#include "mapping/mapper.h"
#include "storage/sqlite_store.h"
#include "tests/support/secrets.h"
#include "tests/support/temp_folder.h"

namespace mc::test {

class TempDir {
 public:
  std::string operator/(const std::string& name) const { return (folder_.path / name).string(); }
  std::string path() const { return folder_.path.string(); }

  std::string Write(const std::string& name, const std::string& bytes) const {
    const std::filesystem::path file = folder_.path / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
    return file.string();
  }

 private:
  TempFolder folder_;
};

inline std::string ReadWhole(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

struct Ran {
  int code = -1;
  std::string out, err;
};

inline bool Has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Runs the built binary in `dir` and waits for its end. Arguments are for a shell.
inline Ran RunBinary(const TempDir& dir, const std::string& arguments) {
  const std::string command = "cd '" + dir.path() + "' && '" MC_BINARY "' " + arguments + " >'" + (dir / "stdout") +
                              "' 2>'" + (dir / "stderr") + "'";
  const int status = std::system(command.c_str());
  const Ran ran{WIFEXITED(status) ? WEXITSTATUS(status) : -1, ReadWhole(dir / "stdout"), ReadWhole(dir / "stderr")};
  KeepLog(ran.err);
  return ran;
}

// What it printed with --json.
inline Json ParseOut(const Ran& ran) {
  auto json = ParseJson(ran.out);
  REQUIRE_MESSAGE(json.ok(), ran.out << ran.err);
  return *json;
}

inline std::unique_ptr<Store> OpenTestStore(const TempDir& dir, const Clock& clock) {
  static SystemRandom random;
  StoreSettings settings{.path = dir / "test.db",
                         .sealing_key = std::string(kSealKeyBytes, 's'),
                         .signer = {"test.example/log", std::string(32, 'l')},
                         .random = random,
                         .clock = clock};
  auto store = OpenSqliteStore(std::move(settings));
  REQUIRE_MESSAGE(store.ok(), (store.ok() ? "" : store.error().message));
  return std::move(store).value();
}

// A settings file with three keys beside it and no source.
inline std::string WriteSettings(const TempDir& dir, const std::string& sources = "{}") {
  for (const auto& [name, fill] : {std::pair{"sealing.key", 'a'}, {"person.key", 'b'}, {"log.key", 'c'}}) {
    dir.Write(name, std::string(64, fill));
    MustStaySecret("key", std::string(64, fill));
  }
  const std::string root = MC_SOURCE_DIR;
  return dir.Write("gateway.jsonc", R"({"store": "mc.db",
    "keys": {"sealing": "file:sealing.key", "person_hmac": "file:person.key", "log_signing": "file:log.key"},
    "policies": ")" + root + R"(/policies", "catalogue": ")" +
                                        root + R"(/policies/catalogue-demo-2026.json",
    "manifests": ")" + root + R"(/connectors", "rules": ")" +
                                        root + R"(/mapping/rules",
    "listen": {"port": 0}, "lease_ttl_secs": 1, "sources": )" +
                                        sources + "}");
}

// Reads a record "id:status" as a report; "bad" is rejected.
class LineMapper final : public Mapper {
 public:
  std::variant<Evidence, RejectionReason> Map(const SourceRecord& record) const override {
    if (record.bytes == "bad") return RejectionReason{"unknown_status", "/status", "", "no such status"};
    Evidence e;
    e.kind = EvidenceKind::kReport;
    e.register_id = record.key.register_id;
    e.native_id = record.key.native_id;
    e.status = record.bytes;
    e.unit.code = "H26.1";
    return e;
  }
  const std::string& version() const override { return version_; }

 private:
  std::string version_ = "0011223344556677";
};

// Pages written in advance; the cursor is the number of the next page.
class ScriptedConnector final : public Connector {
 public:
  explicit ScriptedConnector(Manifest manifest) : manifest_(std::move(manifest)) {}

  struct Step {
    std::vector<std::string> records;  // "id:status", or "bad"
    std::optional<Error> error;
    std::optional<std::int64_t> control_total;
    std::optional<Instant> complete_through;
    std::vector<std::string> notes = {};
    std::optional<std::int64_t> offered = {};
  };
  std::vector<std::string> order;
  std::map<std::string, std::vector<Step>> steps;
  std::vector<std::string> asked;  // "stream@cursor"

  const Manifest& manifest() const override { return manifest_; }
  Status Check() override { return Ok(); }
  std::vector<std::string> Streams() const override { return order; }

  Result<Page> Pull(const std::string& stream, const std::optional<Cursor>& cursor) override {
    asked.push_back(stream + "@" + (cursor ? cursor->text : "-"));
    const auto& pages = steps[stream];
    const std::size_t at = cursor && !cursor->text.empty() ? std::stoul(cursor->text) : 0;
    Page page;
    page.next = Cursor{std::to_string(at)};
    page.end = true;
    if (at >= pages.size()) return page;
    const Step& step = pages[at];
    if (step.error) return *step.error;
    for (const std::string& text : step.records) page.records.push_back(RecordOf(stream, text));
    page.next = Cursor{std::to_string(at + 1)};
    page.end = at + 1 == pages.size();
    page.control_total = step.control_total;
    page.offered = step.offered;
    page.complete_through = step.complete_through;
    page.notes = step.notes;
    return page;
  }

  SourceRecord RecordOf(const std::string& stream, const std::string& text) const {
    SourceRecord record;
    record.key = {manifest_.register_id, text.substr(0, text.find(':')), Sha256(text)};
    record.source = manifest_.id;
    record.stream = stream;
    record.media_type = "application/json";
    record.bytes = text;
    return record;
  }

 private:
  Manifest manifest_;
};

inline Manifest TestManifest() {
  Manifest manifest;
  manifest.id = "reports";
  manifest.register_id = "ihanoi";
  return manifest;
}

}  // namespace mc::test
