// Goal: `doctor` names each thing that is wrong with an installation, once, at its own line, with what to do; and a
// good installation has no warning at all.
// Method: a good installation in a folder, spoiled in one way per row; the platform is a fake.
#include "gateway/doctor.h"

#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/json.h"
#include "gateway/doctor_texts.h"
#include "gateway/source_texts.h"
#include "tests/gateway/gateway_support.h"
#include "tests/support/fake_http.h"
#include "tests/support/tls_server.h"

using namespace mc;
using namespace mc::test;

namespace {

constexpr const char* kNoTasks = R"({"PageData":[],"TotalRows":0,"CurrentPage":1,"PageSize":1,"TotalPage":0})";
constexpr const char* kDirectory = R"({"schema":"minhchung/directory@1",
  "units":[{"id":"U1","name":"UBND phường Một","axis":"committee","parent":null,"ward":null,"codes":[{"code":"H26.101"}]}],
  "people":[{"id":"an","name":"Nguyễn Văn An","group":"civil_servant"}],"memberships":[],"staff_codes":[],"emails":[],
  "accounts":[],"labels":[]})";

// Nobody knows where it is.
class FakePlatform final : public PeerClient {
 public:
  explicit FakePlatform(mc::testing::FakeHttpClient::Answer answer) : http_(std::move(answer)) {}
  Result<HttpResponse> Send(const HttpRequest& request) override { return http_.Send(request); }
  const HttpPeer& Peer() const override { return peer_; }

 private:
  mc::testing::FakeHttpClient http_;
  HttpPeer peer_;
};

struct Patient {
  Patient() {
    WriteSettings(dir);
    dir.Write("bearer", "s3cret");
    for (const char* secret : {"sealing.key", "person.key", "log.key", "bearer"}) Mode(secret, 0600);
    for (const char* id : {"connectors", "mapping/rules", "policies"}) {
      std::filesystem::copy(std::string(MC_SOURCE_DIR) + "/" + id, dir / Folder(id));
    }
    Edit([](Json& settings) {
      for (const char* name : {"manifests", "rules", "policies"}) settings[name] = name;
      settings["sources"] = {
          {"hanoiwork", {{"base_url", "https://hanoiwork.example"}, {"secrets", {{"bearer", "file:bearer"}}}}}};
    });
    // As after a first pull: a directory, a receipt, a status.
    dir.Write("directory.json", kDirectory);
    REQUIRE(RunBinary(dir, "import directory directory.json").code == 0);
    const auto store = OpenStore();
    const auto run = store->BeginRun("hanoiwork", "hanoiwork");
    REQUIRE(run.ok());
    RunReceipt receipt;
    receipt.run = *run;
    receipt.source = receipt.register_id = "hanoiwork";
    receipt.started_at = receipt.ended_at = SystemClock().Now();
    REQUIRE(store->EndRun(receipt).ok());
    REQUIRE(store->SignHead().ok());
  }

  static std::string Folder(const std::string& id) {
    return id == "connectors" ? "manifests" : id == "policies" ? "policies" : "rules";
  }
  void Mode(const std::string& file, mode_t mode) const { REQUIRE(::chmod((dir / file).c_str(), mode) == 0); }
  void Edit(const std::function<void(Json&)>& edit, const std::string& file = "gateway.jsonc") const {
    Json document = Json::parse(ReadWhole(dir / file));
    edit(document);
    dir.Write(file, document.dump());
    if (file == "gateway.jsonc") Mode(file, 0640);
  }
  void Sql(const std::string& statement) const {
    REQUIRE(std::system(("sqlite3 '" + (dir / "mc.db") + "' \"" + statement + "\"").c_str()) == 0);
  }
  std::unique_ptr<Store> OpenStore() const {
    auto store = Installation::Load(dir / "gateway.jsonc")->OpenStore();
    REQUIRE(store.ok());
    return std::move(store).value();
  }

  Result<std::vector<Finding>> Look() const {
    const auto http = [&](const std::string&) { return std::make_unique<FakePlatform>(answer); };
    const SystemClock clock;
    return Diagnose(dir / "gateway.jsonc", {http, clock});
  }

  TempDir dir;
  mc::testing::FakeHttpClient::Answer answer = [](const HttpRequest&) { return mc::testing::Answered(kNoTasks); };
};

std::string LineOf(const Finding& finding) {
  return std::string(Name(finding.state)) + " " + finding.check + " " + finding.subject + " " + finding.code;
}

struct Spoiled {
  const char* what;
  void (*spoil)(Patient&);
  const char* line;  // "state check subject code"
};

// The secret files and keys.
const Spoiled kKeys[] = {
    {"a key that everybody reads", [](Patient& p) { p.Mode("sealing.key", 0604); },
     "fault key sealing secret_open_to_others"},
    {"a key that the group reads", [](Patient& p) { p.Mode("log.key", 0640); },
     "warning key log_signing secret_open_to_group"},
    {"a secret that everybody may write", [](Patient& p) { p.Mode("bearer", 0602); },
     "fault secret hanoiwork/bearer secret_open_to_others"},
    {"no key", [](Patient& p) { std::filesystem::remove(p.dir / "person.key"); },
     "fault key person_hmac secret_missing"},
    {"a short key", [](Patient& p) { p.dir.Write("person.key", "abc"); }, "fault key person_hmac bad_key"},
    {"one key twice", [](Patient& p) { p.dir.Write("person.key", ReadWhole(p.dir / "sealing.key")); },
     "fault key sealing key_reused"},
    {"the person key of another directory", [](Patient& p) { p.dir.Write("person.key", std::string(32, 'q')); },
     "fault directory  person_key"},
};

void TrustFile(Patient& p, const std::string& bytes, mode_t mode = 0644) {
  p.dir.Write("ca.pem", bytes);
  p.Mode("ca.pem", mode);
  p.Edit([](Json& s) { s["sources"]["hanoiwork"]["ca_file"] = "ca.pem"; });
}

std::string RootPem(long to_days) { return mc::testing::MakeAuthority("Root", to_days).Pem(); }

// What the connections trust.
const Spoiled kTrust[] = {
    {"no file of roots", [](Patient& p) { p.Edit([](Json& s) { s["sources"]["hanoiwork"]["ca_file"] = "none"; }); },
     "fault ca_file hanoiwork ca_missing"},
    {"roots that are no PEM", [](Patient& p) { TrustFile(p, "words"); }, "fault ca_file hanoiwork ca_not_pem"},
    {"roots that everybody writes", [](Patient& p) { TrustFile(p, RootPem(90), 0646); },
     "fault ca_file hanoiwork ca_file_open_to_others"},
    {"roots that the group writes", [](Patient& p) { TrustFile(p, RootPem(90), 0664); },
     "warning ca_file hanoiwork ca_file_open_to_group"},
    {"roots that are dead", [](Patient& p) { TrustFile(p, RootPem(-1) + RootPem(-2)); },
     "fault ca_file hanoiwork ca_expired"},
    {"roots that end soon", [](Patient& p) { TrustFile(p, RootPem(kCertificateWarningDays - 1) + RootPem(-2)); },
     "warning ca_file hanoiwork ca_ends_soon"},
    {"no TLS to an address beyond private networks",
     [](Patient& p) { p.Edit([](Json& s) { s["sources"]["hanoiwork"]["base_url"] = "http://hanoiwork.example"; }); },
     "warning source hanoiwork/certificate no_tls"},
};

const Spoiled kSettings[] = {
    {"an unknown key", [](Patient& p) { p.Edit([](Json& s) { s["stroe"] = "x"; }); }, "fault settings  unknown_key"},
    {"settings that everybody writes", [](Patient& p) { p.Mode("gateway.jsonc", 0646); },
     "fault settings_rights  settings_open_to_others"},
    {"settings that the group writes", [](Patient& p) { p.Mode("gateway.jsonc", 0660); },
     "warning settings_rights  settings_open_to_group"},
    {"a public address", [](Patient& p) { p.Edit([](Json& s) { s["listen"]["address"] = "0.0.0.0"; }); },
     "fault listen 0.0.0.0 public_bind"},
    {"no source", [](Patient& p) { p.Edit([](Json& s) { s["sources"] = Json::object(); }); },
     "warning sources  no_source"},
    {"an unknown policy", [](Patient& p) { p.Edit([](Json& s) { s["policy"] = "none"; }); },
     "fault policy none cannot_read"},
    {"no calendar", [](Patient& p) { p.Edit([](Json& s) { s["calendar"] = "none.json"; }); },
     "fault calendar  cannot_read"},
    {"no catalogue", [](Patient& p) { p.Edit([](Json& s) { s.erase("catalogue"); }); },
     "warning catalogue  no_catalogue"},
};

const Spoiled kStore[] = {
    {"a folder that takes no file", [](Patient& p) { p.Edit([](Json& s) { s["store"] = "/proc/mc.db"; }); },
     "fault store_folder /proc not_writable"},
    {"another schema", [](Patient& p) { p.Sql("UPDATE meta SET value = '99' WHERE name = 'schema_version'"); },
     "fault store * store_version"},
    {"another sealing key", [](Patient& p) { p.dir.Write("sealing.key", std::string(64, 'd')); },
     "fault store * store_key"},
    {"another signing key", [](Patient& p) { p.dir.Write("log.key", std::string(64, 'd')); },
     "fault store * store_log"},
    {"a file that is no store", [](Patient& p) { p.dir.Write("mc.db", std::string(8192, 'x')); },
     "fault store * store_corrupt"},
    {"a forged head", [](Patient& p) { p.Sql("UPDATE heads SET note = replace(note, char(10), ' ' || char(10))"); },
     "fault log_head  bad_note"},
    {"a ledger shorter than its head", [](Patient& p) { p.Sql("UPDATE ledger SET size = size - 1"); },
     "fault log_head  ledger_rollback"},
    {"leaves without a head",
     [](Patient& p) {
       const auto store = p.OpenStore();
       Json catalogue = Json::parse(ReadWhole(std::string(MC_SOURCE_DIR) + "/policies/catalogue-demo-2026.json"));
       REQUIRE(store->ImportCatalogue(catalogue).ok());
     },
     "warning log_head  head_behind"},
    {"no store", [](Patient& p) { std::filesystem::remove(p.dir / "mc.db"); }, "warning store * no_store"},
    {"no directory",
     [](Patient& p) {
       p.Edit([](Json& s) { s["store"] = "other.db"; });
       p.OpenStore();
     },
     "warning directory  no_directory"},
    {"a clock that went back",
     [](Patient& p) {
       const auto store = p.OpenStore();
       const auto run = store->BeginRun("hanoiwork", "hanoiwork");
       RunReceipt receipt;
       receipt.run = *run;
       receipt.source = receipt.register_id = "hanoiwork";
       receipt.started_at = receipt.ended_at = {SystemClock().Now().micros + 3600 * kMicrosPerSecond};
       REQUIRE(store->EndRun(receipt).ok());
     },
     "fault clock  clock_behind"},
};

// The token is a JWT that says so itself: {"scope":"read write"}.
void MayWrite(Patient& p) {
  p.Edit([](Json& m) { m["auth"]["scope"] = "read"; }, "manifests/hanoiwork.json");
  p.dir.Write("bearer", "e30.eyJzY29wZSI6InJlYWQgd3JpdGUifQ.c2lnbmVk");
}

const Spoiled kSources[] = {
    {"no manifest", [](Patient& p) { std::filesystem::remove(p.dir / "manifests/hanoiwork.json"); },
     "fault manifest hanoiwork cannot_read"},
    {"a manifest with an unknown key",
     [](Patient& p) { p.Edit([](Json& m) { m["knid"] = 1; }, "manifests/hanoiwork.json"); },
     "fault manifest hanoiwork unknown_key"},
    {"no rules", [](Patient& p) { std::filesystem::remove(p.dir / "rules/hanoiwork.json"); },
     "fault rules hanoiwork cannot_read"},
    {"rules of another source",
     [](Patient& p) { p.dir.Write("rules/hanoiwork.json", ReadWhole(p.dir / "rules/citizen_reports.json")); },
     "fault rules_fit hanoiwork rules_do_not_fit"},
    {"a manifest of another source",
     [](Patient& p) { p.Edit([](Json& m) { m["id"] = "other"; }, "manifests/hanoiwork.json"); },
     "fault rules_fit hanoiwork rules_do_not_fit"},
    {"rules of another format",
     [](Patient& p) {
       p.dir.Write("rules/hanoiwork.json", ReadWhole(p.dir / "rules/documents.json"));
       p.Edit([](Json& r) { r["source"] = "hanoiwork"; }, "rules/hanoiwork.json");
     },
     "fault rules_fit hanoiwork rules_do_not_fit"},
    {"a platform that refuses us",
     [](Patient& p) { p.answer = [](const HttpRequest&) { return mc::testing::Answered("{}", 401); }; },
     "fault source hanoiwork/credentials refused"},
    {"a token that may also write", [](Patient& p) { MayWrite(p); }, "warning source hanoiwork/rights scope_too_wide"},
    {"a token that may also write, and no list",
     [](Patient& p) {
       MayWrite(p);
       p.answer = [](const HttpRequest&) { return mc::testing::Answered("{}"); };
     },
     "warning source hanoiwork/rights scope_too_wide"},
    {"a pull that failed",
     [](Patient& p) {
       const auto store = p.OpenStore();
       SourceStatus status;
       status.source = "hanoiwork";
       status.failures = 1;
       status.next_try = SystemClock().Now();
       status.error_code = "timeout";
       REQUIRE(store->SaveSourceStatus(status).ok());
     },
     "warning pulls hanoiwork pulls_failing"},
};

// Everything that is not in order, as lines; a path in the store's line becomes "*".
std::vector<std::string> Complaints(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (Finding finding : findings) {
    if (finding.state == FindingState::kOk || finding.check == "disk") continue;  // how full it is, is not ours
    if (finding.check == "store") finding.subject = "*";
    lines.push_back(LineOf(finding));
  }
  return lines;
}

template <std::size_t N>
void CheckEach(const Spoiled (&table)[N]) {
  for (const Spoiled& spoiled : table) {
    CAPTURE(spoiled.what);
    Patient patient;
    spoiled.spoil(patient);
    const auto findings = patient.Look();
    REQUIRE(findings.ok());
    const auto lines = Complaints(*findings);
    CAPTURE(lines.size());
    CHECK_MESSAGE(std::count(lines.begin(), lines.end(), spoiled.line) == 1,
                  (lines.empty() ? std::string("no complaint") : lines.front()) << " | " << lines.back());
    for (const Finding& finding : *findings) {
      CHECK(ViCheck(finding.check) != finding.check);
      if (finding.state != FindingState::kOk) CHECK(ViFindingAdvice(finding) != ViAdvice(""));
    }
  }
}

}  // namespace

TEST_CASE("doctor: a good installation") {
  const Patient patient;
  const auto findings = patient.Look();
  REQUIRE(findings.ok());
  // How full the disk of the machine is, is not a matter of this test.
  for (const Finding& finding : *findings) {
    if (finding.check != "disk") CHECK_MESSAGE(finding.state == FindingState::kOk, LineOf(finding));
  }
  const auto has = [&](const char* check) {
    return std::any_of(findings->begin(), findings->end(), [&](const Finding& f) { return f.check == check; });
  };
  for (const char* check :
       {"settings", "settings_rights", "listen",    "key",    "secret",   "store_folder", "disk",
        "store",    "log_head",        "clock",     "policy", "calendar", "catalogue",    "directory",
        "manifest", "rules",           "rules_fit", "source", "pulls",    "relaxations"}) {
    CHECK_MESSAGE(has(check), check);
  }
}

TEST_CASE("doctor: a rule file that several manifests share") {
  Patient patient;
  patient.Edit([](Json& m) { m["rules"] = "tasks"; }, "manifests/hanoiwork.json");
  patient.Edit([](Json& r) { r["source"] = "tasks"; }, "rules/hanoiwork.json");
  std::filesystem::rename(patient.dir / "rules/hanoiwork.json", patient.dir / "rules/tasks.json");
  const auto findings = patient.Look();
  REQUIRE(findings.ok());
  const auto lines = Complaints(*findings);
  CHECK_MESSAGE(std::none_of(lines.begin(), lines.end(), [](const auto& l) { return l.find("rules") != l.npos; }),
                (lines.empty() ? std::string() : lines.front()));
}

TEST_CASE("doctor: spoiled keys") { CheckEach(kKeys); }
TEST_CASE("doctor: spoiled trust") {
  CheckEach(kTrust);
  Patient patient;  // an old root beside its successor is as it should be
  TrustFile(patient, RootPem(-2) + RootPem(kCertificateWarningDays + 1));
  CHECK(Complaints(*patient.Look()).empty());
}
TEST_CASE("doctor: spoiled settings") { CheckEach(kSettings); }
TEST_CASE("doctor: spoiled stores") { CheckEach(kStore); }
TEST_CASE("doctor: spoiled sources") { CheckEach(kSources); }

// Goal: a diagnosis writes nothing, also where a head is behind.
TEST_CASE("doctor: leaves the store as it found it") {
  Patient patient;
  const Json catalogue = Json::parse(ReadWhole(std::string(MC_SOURCE_DIR) + "/policies/catalogue-demo-2026.json"));
  REQUIRE(patient.OpenStore()->ImportCatalogue(catalogue).ok());
  const auto dump = [&](const std::string& name) {
    const std::string command = "sqlite3 '" + (patient.dir / "mc.db") + "' .dump > '" + (patient.dir / name) + "'";
    REQUIRE(std::system(command.c_str()) == 0);
    return ReadWhole(patient.dir / name);
  };
  const std::string before = dump("before");
  REQUIRE(before.size() > 1000);
  for (int i = 0; i < 2; ++i) {
    const auto lines = Complaints(*patient.Look());
    CHECK(std::count(lines.begin(), lines.end(), "warning log_head  head_behind") == 1);
    CHECK(dump("after") == before);
  }
  REQUIRE(patient.OpenStore()->SignHead().ok());
  CHECK(Complaints(*patient.Look()).empty());
}

TEST_CASE("doctor: free space, at both limits and one past") {
  CHECK(DiskState({kFreeDiskWarningBytes, kFreeDiskWarningFiles}) == FindingState::kOk);
  CHECK(DiskState({kFreeDiskWarningBytes - 1, kFreeDiskWarningFiles}) == FindingState::kWarning);
  CHECK(DiskState({kFreeDiskFaultBytes, kFreeDiskWarningFiles}) == FindingState::kWarning);
  CHECK(DiskState({kFreeDiskFaultBytes - 1, kFreeDiskWarningFiles}) == FindingState::kFault);
  CHECK(DiskState({kFreeDiskWarningBytes, kFreeDiskWarningFiles - 1}) == FindingState::kWarning);
  CHECK(DiskState({kFreeDiskWarningBytes, kFreeDiskFaultFiles}) == FindingState::kWarning);
  CHECK(DiskState({kFreeDiskWarningBytes, kFreeDiskFaultFiles - 1}) == FindingState::kFault);
  CHECK(DiskState({kFreeDiskWarningBytes, std::nullopt}) == FindingState::kOk);
}

TEST_CASE("doctor: the clock, at the last receipt and before it") {
  SourceTotals totals;
  totals.last_run = RunReceipt();
  totals.last_run->ended_at = Instant{1000};
  CHECK(CheckClockAgainst({totals}, Instant{1000})[0].state == FindingState::kOk);
  CHECK(CheckClockAgainst({totals}, Instant{999})[0].code == "clock_behind");
  CHECK(CheckClockAgainst({}, Instant{0})[0].state == FindingState::kOk);
}

// Goal: exit code and both forms of the output of the built program; no secret in either.
TEST_CASE("doctor: the command") {
  Patient patient;
  patient.Edit([](Json& s) { s["sources"]["hanoiwork"]["base_url"] = "https://127.0.0.1:1"; });
  const Ran text = RunBinary(patient.dir, "doctor");
  CHECK(text.code == 1);
  CHECK(text.out.find("[LỖI] kết nối nguồn hanoiwork/address: máy chủ không nhận kết nối") != std::string::npos);
  CHECK(text.out.find("[tốt] nới lỏng kiểm soát (none)") != std::string::npos);
  CHECK(text.out.find("Kết luận: 1 lỗi") != std::string::npos);
  const Ran json = RunBinary(patient.dir, "doctor --json");
  CHECK(json.code == 1);
  const Json out = Json::parse(json.out);
  CHECK(out["state"] == "fault");
  CHECK(std::count_if(out["findings"].begin(), out["findings"].end(),
                      [](const Json& f) { return f["code"] == "connect_refused"; }) == 1);
  for (const Ran* ran : {&text, &json}) {
    CHECK((ran->out + ran->err).find("s3cret") == std::string::npos);
    CHECK((ran->out + ran->err).find(std::string(64, 'a')) == std::string::npos);
  }
  patient.Edit([](Json& s) { s["sources"] = Json::object(); });
  CHECK(RunBinary(patient.dir, "doctor").code == 0);  // warnings are no fault
  CHECK(RunBinary(patient.dir, "--config none.jsonc doctor").code == 2);
}
