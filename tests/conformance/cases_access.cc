// Settings, credentials, and what a connector sends.

#include <algorithm>
#include <filesystem>
#include <set>

#include "tests/conformance/cases.h"

namespace mc::conformance {
namespace {

bool Shows(const std::string& text, const Stage& stage) {
  return std::any_of(stage.secrets.begin(), stage.secrets.end(),
                     [&](const auto& secret) { return text.find(secret.second) != std::string::npos; });
}

// Each secret, left away: refused when the connector is made, with its name. So is a place that is
// left away, or none.
void Settings(Trial& trial) {
  Stage stage(trial);
  trial.Expect(stage.TryConnector().ok(), "good settings are refused");
  const auto nowhere = MakeConnector(stage.manifest, {}, {stage.http(), stage.clock});
  trial.Expect(!nowhere.ok() && nowhere.error().error_class == ErrorClass::kConfig, "settings without a place are taken");
  const auto all = stage.secrets;
  for (const auto& [name, value] : all) {
    stage.secrets = all;
    stage.secrets.erase(name);
    const auto made = stage.TryConnector();
    trial.Expect(!made.ok() && made.error().error_class == ErrorClass::kConfig &&
                     made.error().message.find(name) != std::string::npos,
                 "a missing secret is not named: " + name);
  }
}

// A source that knows us not: one sentence without the secret, asked at most twice.
void Credentials(Trial& trial) {
  if (!trial.Asks()) return;
  Stage stage(trial);
  stage.Fill(2);
  stage.refuse_all = true;
  const Status checked = stage.NewConnector()->Check();
  trial.Expect(!checked.ok() && checked.error().error_class == ErrorClass::kAuth, "check: no error of class auth");
  stage.server().Sync();
  stage.server().ForgetRequests();
  const SourceResult result = stage.Collect();
  trial.Expect(result.error && result.error->error_class == ErrorClass::kAuth, "run: no error of class auth");
  trial.Expect(result.error && !Shows(result.error->message, stage), "run: the error shows a secret");
  trial.Expect(!checked.ok() && !Shows(checked.error().message, stage), "check: the error shows a secret");
  trial.Expect(stage.server().Sync().size() <= 2, "it goes on asking after it was refused");
  trial.Expect(stage.LastRun().outcome == RunOutcome::kFailed, "the receipt does not say failed");
  trial.Expect(!stage.CompleteThrough(), "called complete");
}

// Names, sizes and times of everything below a folder.
std::string LookOf(const std::string& folder) {
  namespace fs = std::filesystem;
  std::set<std::string> lines;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const auto size = entry.is_regular_file() ? entry.file_size() : 0;
    lines.insert(entry.path().string() + " " + std::to_string(size) + " " +
                 std::to_string(entry.last_write_time().time_since_epoch().count()));
  }
  std::string look;
  for (const std::string& line : lines) look += line + "\n";
  return look;
}

// The folder of others stays as they left it.
void FolderUntouched(Trial& trial) {
  Stage stage(trial);
  stage.Fill(3);
  stage.Bring();
  stage.sender_works = false;
  const std::string before = LookOf(stage.drop_folder());
  trial.Expect(stage.NewConnector()->Check().ok(), "check of a good folder fails");
  stage.Collect();
  stage.Collect();  // behind a stored position
  trial.Expect(!before.empty() && LookOf(stage.drop_folder()) == before, "something in the folder was changed");
}

// Nothing but the endpoints of the manifest, and no secret in an address.
void ReadsOnly(Trial& trial) {
  if (trial.row.kind == ConnectorKind::kFileDrop) return FolderUntouched(trial);
  if (!trial.Asks()) return;
  Stage stage(trial);
  stage.Fill(3);
  trial.Expect(stage.NewConnector()->Check().ok(), "check of a good source fails");
  stage.Collect();
  for (const WireRequest& request : stage.server().Sync()) {
    const auto& endpoints = stage.manifest.endpoints;
    const bool login = request.method == "POST" && request.path() == stage.manifest.auth.login_path;
    const bool named = login || std::any_of(endpoints.begin(), endpoints.end(), [&](const auto& endpoint) {
                         return endpoint.second.method == request.method && endpoint.second.path == request.path();
                       });
    trial.Expect(named, "asks " + request.method + " " + request.path() + ", which the manifest does not name");
    trial.Expect(!Shows(request.target, stage), "a secret stands in the address");
  }
}

// A credential that may also write is told of, by name, and one that may not is not; it stops nothing.
void TooWide(Trial& trial) {
  Stage stage(trial);
  trial.applies = stage.platform().tells_rights();
  if (!trial.applies) return;
  for (const bool wide : {false, true}) {
    stage.world.wide_rights = wide;
    const auto connector = stage.NewConnector();
    trial.Expect(connector->Check().ok(), "rights beyond reading fail the check");
    const auto surplus = connector->SurplusScope();
    const bool told = surplus == std::vector<std::string>{"items.write"};
    trial.Expect(wide ? told : surplus.empty(), wide ? "nobody is told that the credential may write"
                                                     : "rights that it does not have are told of");
    const SourceResult result = stage.Collect();
    const bool noted = result.notes.contains("scope_too_wide");
    trial.Expect(!result.error && noted == wide, "the run tells of no rights, or of wrong ones");
  }
}

}  // namespace

std::vector<Case> AccessCases() {
  return {{"settings", &Settings},
          {"credentials", &Credentials},
          {"reads_only", &ReadsOnly},
          {"too_wide_credentials", &TooWide}};
}

}  // namespace mc::conformance
