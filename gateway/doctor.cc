#include "gateway/doctor.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>

#include "core/json.h"
#include "gateway/source_state.h"
#include "mapping/rule_set.h"
#include "storage/schema.h"

#include <nlohmann/json.hpp>

namespace mc {
namespace {

// A status as a finding; `detail` is shown when all is well.
Finding Of(const std::string& check, const std::string& subject, const Status& status, const std::string& detail = "") {
  if (status.ok()) return {check, subject, FindingState::kOk, "", detail};
  return {check, subject, FindingState::kFault, status.error().code, status.error().message};
}

template <typename T>
Finding OfResult(const std::string& check, const std::string& subject, const Result<T>& result) {
  return Of(check, subject, result.ok() ? Ok() : Status(result.error()));
}

// Something that a new installation does not have yet, as a warning.
Finding Softened(Finding finding, std::string_view code) {
  if (finding.code == code) finding.state = FindingState::kWarning;
  return finding;
}

bool ReadsEdxml(const Manifest& manifest) {
  const bool records = manifest.records && manifest.records->format == RecordFormat::kEdxml;
  return manifest.kind == ConnectorKind::kEdxmlList || records;
}

Error Mismatch(const std::string& what) { return ConfigError("rules_do_not_fit", what); }

// Each file is right by itself; here, whether they speak of one source.
Status BelongTogether(const std::string& source, const Manifest& manifest, const RuleSet& rules) {
  if (manifest.id != source) return Mismatch("the manifest's id is " + manifest.id);
  if (rules.source != manifest.rules) return Mismatch("the rules are of source " + rules.source);
  if (ReadsEdxml(manifest) != (rules.format == WireFormat::kEdxml)) {
    return Mismatch("manifest and rules read different formats");
  }
  std::set<std::string> streams;
  for (const ManifestStream& stream : manifest.streams) streams.insert(stream.id);
  for (const RecordRule& rule : rules.records) {
    if (rule.stream.empty() || streams.contains(rule.stream)) continue;
    return Mismatch("the rules name the stream " + rule.stream + ", which the manifest does not have");
  }
  return Ok();
}

// `name`: of the source, or of the rule file that its manifest shares with others.
Result<RuleSet> RulesOf(const Settings& settings, const std::string& name) {
  const std::string file = (std::filesystem::path(settings.rules_dir) / (name + ".json")).string();
  MC_TRY(const Json document, ReadJsonFile(file));
  return ParseRuleSet(document);
}

class Doctor {
 public:
  Doctor(const Installation& installation, const DoctorContext& context)
      : installation_(installation), settings_(installation.settings()), context_(context) {}

  std::vector<Finding> Run() {
    Add({"settings", "", FindingState::kOk, "", settings_.file});
    AddAll(CheckSettingsFile(settings_));
    AddAll(CheckSecrets(settings_));
    AddAll(CheckCaFiles(settings_, context_.clock.Now()));
    AddAll(CheckStorePlace(settings_));
    OpenStore();
    if (store_) LookIntoStore();
    Add(OfResult("policy", settings_.policy, installation_.PolicyOf("")));
    Add(OfResult("calendar", "", installation_.Calendar()));
    if (store_) Add(Softened(OfResult("catalogue", "", installation_.CatalogueOf(*store_)), "no_catalogue"));
    if (store_) Add(Softened(OfResult("directory", "", installation_.DirectoryOf(*store_)), "no_directory"));
    if (settings_.sources.empty()) Add({"sources", "", FindingState::kWarning, "no_source", ""});
    for (const auto& [source, ignored] : settings_.sources) LookAtSource(source);
    AddAll(CheckSignInProviders(settings_.sign_in));
    return std::move(findings_);
  }

 private:
  void Add(Finding finding) { findings_.push_back(std::move(finding)); }
  void AddAll(std::vector<Finding> findings) {
    for (Finding& finding : findings) Add(std::move(finding));
  }

  // A store that is not there is not made: the next sync does that.
  void OpenStore() {
    auto store = installation_.OpenExistingStore();
    Add(Softened(Of("store", settings_.store_path, store.ok() ? Ok() : Status(store.error()),
                    "schema version " + std::to_string(kSchemaVersion)),
                 "no_store"));
    if (store.ok()) store_ = std::move(store).value();
  }

  void LookIntoStore() {
    AddAll(CheckLedger(*store_));
    AddAll(CheckLogEnd(*store_));
    AddAll(CheckWitnesses(*store_, installation_.MakeWitnesses()));
    const auto totals = store_->Totals();
    if (!totals.ok()) return Add(OfResult("clock", "", totals));
    AddAll(CheckClockAgainst(*totals, context_.clock.Now()));
  }

  void LookAtSource(const std::string& source) {
    const auto manifest = installation_.ManifestOf(source);
    const bool shared = manifest.ok() && manifest->rules != manifest->id;
    const auto rules = RulesOf(settings_, shared ? manifest->rules : source);
    Add(OfResult("manifest", source, manifest));
    Add(OfResult("rules", source, rules));
    if (!manifest.ok() || !rules.ok()) return;
    Add(Of("rules_fit", source, BelongTogether(source, *manifest, *rules)));
    if (!store_) return;
    if (context_.progress) context_.progress(source);
    LookAtPlatform(source);
    LookAtPulls(source);
  }

  void LookAtPlatform(const std::string& source) {
    const auto http = context_.http ? context_.http(source) : installation_.HttpClientOf(source);
    for (const StepResult& step : CheckSource(installation_, source, *store_, *http, context_.clock)) {
      const std::string code = step.state == FindingState::kOk ? "" : step.code;
      Add({"source", source + "/" + std::string(Name(step.step)), step.state, code, step.text});
    }
  }

  void LookAtPulls(const std::string& source) {
    const auto states = ReadSourceStates(installation_, *store_, context_.clock.Now());
    if (!states.ok()) return Add(OfResult("pulls", source, states));
    for (const SourceState& state : *states) {
      if (state.id != source) continue;
      const bool good = state.health == SourceHealth::kGood;
      Add({"pulls", source, good ? FindingState::kOk : FindingState::kWarning,
           good ? "" : "pulls_" + std::string(Name(state.health)), state.status.error_code});
    }
  }

  const Installation& installation_;
  const Settings& settings_;
  const DoctorContext& context_;
  std::unique_ptr<Store> store_;
  std::vector<Finding> findings_;
};

}  // namespace

Result<std::vector<Finding>> Diagnose(const std::string& settings_file, const DoctorContext& context) {
  const auto installation = Installation::Load(settings_file);
  if (installation.ok()) return Doctor(*installation, context).Run();
  if (installation.error().code == "cannot_read") return installation.error();
  return std::vector<Finding>{OfResult("settings", "", installation)};
}

FindingState Worst(const std::vector<Finding>& findings) {
  FindingState worst = FindingState::kOk;
  for (const Finding& finding : findings) worst = std::max(worst, finding.state);
  return worst;
}

}  // namespace mc
