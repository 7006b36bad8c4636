// Settings, credentials, and what a connector sends.

#include <algorithm>

#include "tests/conformance/cases.h"

namespace mc::conformance {
namespace {

bool Shows(const std::string& text, const Stage& stage) {
  return std::any_of(stage.secrets.begin(), stage.secrets.end(),
                     [&](const auto& secret) { return text.find(secret.second) != std::string::npos; });
}

// Each secret, left away: refused when the connector is made, with its name.
void Settings(Trial& trial) {
  Stage stage(trial);
  trial.Expect(stage.TryConnector().ok(), "good settings are refused");
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

// Nothing but the endpoints of the manifest, and no secret in an address.
void ReadsOnly(Trial& trial) {
  Stage stage(trial);
  stage.Fill(3);
  trial.Expect(stage.NewConnector()->Check().ok(), "check of a good source fails");
  stage.Collect();
  for (const WireRequest& request : stage.server().Sync()) {
    const auto& endpoints = stage.manifest.endpoints;
    const bool named = std::any_of(endpoints.begin(), endpoints.end(), [&](const auto& endpoint) {
      return endpoint.second.method == request.method && endpoint.second.path == request.path();
    });
    trial.Expect(named, "asks " + request.method + " " + request.path() + ", which the manifest does not name");
    trial.Expect(!Shows(request.target, stage), "a secret stands in the address");
  }
}

// A credential that may also write is warned of.
void TooWide(Trial& trial) {
  Stage stage(trial);
  stage.server().SetPlan({});
  const Status checked = stage.NewConnector()->Check();
  trial.Expect(!checked.ok(), "check does not tell whether the credential may write");
}

}  // namespace

std::vector<Case> AccessCases() {
  return {{"settings", &Settings},
          {"credentials", &Credentials},
          {"reads_only", &ReadsOnly},
          {"too_wide_credentials", &TooWide}};
}

}  // namespace mc::conformance
