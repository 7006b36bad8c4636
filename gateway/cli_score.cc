// score, explain, summary: everything that needs a scoring run; and the calculator
// `score --case`, which needs no settings, store or network.
#include <unistd.h>
#include <map>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "gateway/check_sources.h"
#include "gateway/commands.h"
#include "gateway/evidence_checks.h"
#include "gateway/explain.h"
#include "gateway/installation.h"
#include "gateway/locked_sheet.h"
#include "gateway/quality_cited.h"
#include "gateway/satisfaction_view.h"
#include "gateway/score_run.h"
#include "gateway/sheet_keeper.h"
#include "gateway/summary.h"
#include "gateway/whole_file.h"
#include "scoring/case_file.h"
#include "scoring/explain.h"
#include "scoring/score_json.h"
#include "scoring/text_vi.h"

namespace mc {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefaultCasePolicy = "nd335-2025";
constexpr const char* kDefaultCaseCatalogue = "catalogue-demo-2026.json";

Result<ScoreRules> RulesOf(const Options& options, const Installation& installation, Store& store) {
  ScoreRules rules;
  MC_TRY(rules.period, ParsePeriod(options.period));
  if (!options.as_of.empty()) {
    MC_TRY(rules.as_of, ParseInstant(options.as_of));
  }
  MC_TRY(rules.policy, installation.PolicyOf(options.policy));
  MC_TRY(rules.catalogue, installation.CatalogueOf(store));
  MC_TRY(rules.directory, installation.DirectoryOf(store));
  MC_TRY(rules.calendar, installation.Calendar());
  MC_TRY(rules.sources, installation.SourcesOfRegisters());
  return rules;
}

Result<ScoreRun> RunFor(const Options& options, const Installation& installation, Store& store, Console& console) {
  MC_TRY(ScoreRules rules, RulesOf(options, installation, store));
  console.Progress("Đang tính điểm kỳ " + options.period + "…");
  auto run = RunScoring(store, std::move(rules));
  console.EndProgress();
  return run;
}

// --- score --period

bool Wanted(const Options& options, const Subject& subject) {
  return (options.person.empty() || subject.id == options.person) &&
         (options.unit.empty() || subject.unit == options.unit);
}

// What stands beside a sheet's lines (decision 0001, rule 30).
struct Beside {
  Json held = Json::array();
  Json claims_not_counting = Json::array();
};

std::map<std::string, Beside> BesideOf(const ScoreRun& run) {
  std::map<std::string, Beside> beside;
  for (const OffSheetItem& off : StandingOffSheet(run)) {
    const WorkItem& item = *off.item;
    if (off.why == OffSheet::kAmbiguous) {
      for (const std::string& candidate : item.lead.candidates) beside[candidate].held.push_back(item.key);
    }
    Beside& lead = beside[item.lead.id];
    if (off.why == OffSheet::kHeld) lead.held.push_back(item.key);
    const bool claim = off.why == OffSheet::kClaimNotBacked || (off.why == OffSheet::kSelfSet && item.claimed);
    if (claim) lead.claims_not_counting.push_back(item.key);
  }
  return beside;
}

const PersonContext& PersonOf(const ScoreRun& run, const std::string& id) {
  const auto at = std::lower_bound(run.people.begin(), run.people.end(), id,
                                   [](const PersonContext& p, const std::string& wanted) { return p.person < wanted; });
  return *at;
}

Json SheetJson(const ScoreRun& run, std::size_t at, Beside beside) {
  const Subject& subject = run.sheets.subjects[at];
  Json card = CardToJson(run.sheets.cards[at]);
  card["unit"] = subject.unit;
  card["peer_group"] = subject.peer_group;
  card["waiting"] = subject.waiting_for_data;
  const SatisfactionBeside said = SatisfactionFor(run, PersonOf(run, subject.id));
  card["satisfaction"] = {{"own", said.own.size()}, {"unit", said.unit.size()}};  // `explain` opens them
  // A sheet that this policy does not cover says nothing about anybody's work.
  if (run.sheets.cards[at].status == ScoreStatus::kNotApplicable) beside = Beside{};
  card["held"] = std::move(beside.held);
  card["claims_not_counting"] = std::move(beside.claims_not_counting);
  return card;
}

void PrintSheetsJson(const ScoreRun& run, const std::vector<std::size_t>& chosen, Console& console) {
  Json subjects = Json::array();
  std::map<std::string, Beside> beside = BesideOf(run);
  std::set<std::string> units;
  for (const std::size_t at : chosen) {
    units.insert(run.sheets.subjects[at].unit);
    subjects.push_back(SheetJson(run, at, std::move(beside[run.sheets.subjects[at].id])));
  }
  console.Print({{"period", FormatPeriod(run.period)},
                 {"cutoff", FormatInstant(run.cutoff)},
                 {"as_of", FormatInstant(run.as_of)},
                 {"policy", run.policy.id},
                 {"policy_digest", run.policy.digest},
                 {"checkpoint", run.checkpoint},
                 {"quality", QualityOfRun(run, units)},
                 {"subjects", std::move(subjects)}});
}

std::string Shown(const std::optional<Ratio>& value) { return value ? ViRounded(*value, 2) : "-"; }

std::string ClassShown(const ScoreCard& card) {
  const auto& reached = card.class_after_quota ? card.class_after_quota : card.class_after_gates;
  return reached ? std::string(ViClass(*reached)) : "-";
}

void PrintSheets(const ScoreRun& run, const std::vector<std::size_t>& chosen, Console& console) {
  std::vector<std::vector<std::string>> rows = {{"Mã", "Đơn vị", "Trạng thái", "Số việc", "K", "Tổng", "Xếp loại"}};
  for (const std::size_t at : chosen) {
    const ScoreCard& card = run.sheets.cards[at];
    rows.push_back({card.subject, run.sheets.subjects[at].unit, std::string(ViStatus(card.status)),
                    std::to_string(card.lines.size()), Shown(card.results_points), Shown(card.total),
                    ClassShown(card)});
  }
  console.Line("Kỳ " + FormatPeriod(run.period) + ", nhìn tại " + FormatCity({run.as_of, false}) + ", chính sách " +
               run.policy.id);
  console.Line(FormatTable(rows));
}

CommandResult ScorePeriodCommand(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const ScoreRun run, RunFor(options, installation, *store, console));
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < run.sheets.subjects.size(); ++i) {
    if (Wanted(options, run.sheets.subjects[i])) chosen.push_back(i);
  }
  if (chosen.empty() && !(options.person.empty() && options.unit.empty())) {
    return ConfigError("nobody_chosen", "nobody of this person or unit id has a sheet in " + options.period);
  }
  if (console.json()) {
    PrintSheetsJson(run, chosen, console);
  } else {
    PrintSheets(run, chosen, console);
  }
  return ExitCode::kDone;
}

// --- score --publish

CommandResult PublishCommand(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const Period period, ParsePeriod(options.period));
  console.Progress("Đang tính điểm kỳ " + options.period + "…");
  const auto kept = KeepSheetsOf(installation, *store, period, SystemClock().Now(), [] { return false; });
  console.EndProgress();
  if (!kept.ok()) return kept.error();
  if (console.json()) {
    console.Print({{"period", kept->period}, {"edition", kept->edition}, {"as_of", FormatInstant(kept->as_of)}});
  } else {
    console.Line("Phiếu điểm kỳ " + kept->period + " đã sẵn sàng để xem (lần thứ " + std::to_string(kept->edition) +
                 ").");
  }
  return ExitCode::kDone;
}

// --- score --case

std::string InstalledPolicies() {
  std::error_code ec;
  const fs::path self = fs::read_symlink("/proc/self/exe", ec);
  return (self.parent_path().parent_path() / "share" / "minhchung" / "policies").string();
}

std::string CasePoliciesDir(const Options& options) {
  if (!options.policies_dir.empty()) return options.policies_dir;
  std::error_code ec;
  return fs::is_directory("policies", ec) ? "policies" : InstalledPolicies();
}

// The catalogue that stands beside the policies; a case that names no product needs none.
Result<std::optional<Catalogue>> CaseCatalogue(const std::string& policies_dir) {
  const std::string file = (fs::path(policies_dir) / kDefaultCaseCatalogue).string();
  std::error_code ec;
  if (!fs::exists(file, ec)) return std::optional<Catalogue>();
  MC_TRY(const Json document, ReadJsonFile(file));
  MC_TRY(Catalogue catalogue, Catalogue::Parse(document));
  return std::optional<Catalogue>(std::move(catalogue));
}

Result<std::vector<ScoreCard>> ScoreCase(const Policy& policy, const CaseFile& file) {
  std::vector<ScoreCard> cards;
  cards.reserve(file.subjects.size());
  for (const Subject& subject : file.subjects) cards.push_back(Score(policy, subject));
  ApplyQuota(policy, file.subjects, cards);
  return cards;
}

CommandResult ScoreCaseCommand(const Options& options, Console& console) {
  const std::string dir = CasePoliciesDir(options);
  MC_TRY(const Policy policy, LoadPolicy(dir, options.policy.empty() ? kDefaultCasePolicy : options.policy));
  MC_TRY(const std::optional<Catalogue> catalogue, CaseCatalogue(dir));
  MC_TRY(const Json document, ReadJsonFile(options.case_file));
  MC_TRY(const CaseFile file, ParseCase(document, policy, catalogue ? &*catalogue : nullptr));
  MC_TRY(const std::vector<ScoreCard> cards, ScoreCase(policy, file));
  if (console.json()) {
    console.Print(CaseOutput(policy, cards));
    return ExitCode::kDone;
  }
  for (const ScoreCard& card : cards) {
    console.Line("== " + card.subject);
    for (const std::string& text : ExplainCard(policy, card)) console.Line(text);
    console.Line();
  }
  return ExitCode::kDone;
}

// --- explain

// An item of the locked sheet whose raw data is gone.
CommandResult ExplainErased(const std::string& item, const LockedSheet& locked, Console& console) {
  if (console.json()) {
    console.Print({{"item", item}, {"records", Json::array()}, {"locked", LockedAsJson(locked)}});
  } else {
    console.Line("DỮ LIỆU GỐC của " + item);
    for (const std::string& text : ErasedItemAsText(locked, item)) console.Line(text);
  }
  return ExitCode::kDone;
}

CommandResult ExplainItem(const Options& options, const SheetView& view, const std::optional<LockedSheet>& locked,
                          CheckSources sources, Store& store, Console& console) {
  const auto sought = FindOnSheet(view, options.item);
  if (!sought.ok() && locked && !ErasedItemAsText(*locked, options.item).empty()) {
    return ExplainErased(options.item, *locked, console);
  }
  MC_TRY(const WorkItem* found, sought);
  WorkItem with_opinions = *found;
  for (EvidenceRef& ref : SatisfactionRecords(view.run, *found)) with_opinions.evidence.push_back(std::move(ref));
  const WorkItem* item = &with_opinions;
  MC_TRY(const auto opened, OpenItem(store, *item, "explain " + view.person.person + " " + item->key));
  MC_TRY(const EvidenceChecks made, EvidenceChecks::Make(store, view.run, {item}, std::move(sources)));
  const std::vector<CheckRows> checks = made.Of(*item);
  if (console.json()) {
    console.Print(OpenedAsJson(*item, opened, checks));
  } else {
    for (const std::string& text : OpenedAsText(*item, opened, checks, isatty(STDOUT_FILENO) == 1)) console.Line(text);
    if (locked) {
      for (const std::string& text : ErasedItemAsText(*locked, item->key)) console.Line(text);
    }
  }
  const bool all_match = std::all_of(opened.begin(), opened.end(), [](const auto& one) { return one.matches; });
  return all_match ? ExitCode::kDone : ExitCode::kFailed;
}

}  // namespace

CommandResult RunScore(const Options& options, Console& console) {
  if (!options.case_file.empty()) return ScoreCaseCommand(options, console);
  if (options.period.empty()) return ConfigError("usage", "score needs --period P, or --case FILE");
  return options.publish ? PublishCommand(options, console) : ScorePeriodCommand(options, console);
}

CommandResult RunExplain(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const ScoreRun run, RunFor(options, installation, *store, console));
  MC_TRY(const SheetView view, ViewSheet(run, options.person));
  MC_TRY(const std::optional<LockedSheet> locked,
         FindLockedSheet(*store, FormatPeriod(run.period), options.person, view.card));
  MC_TRY(CheckSources sources, CheckSourcesOf(installation, *store));
  if (!options.item.empty()) return ExplainItem(options, view, locked, std::move(sources), *store, console);
  MC_TRY(const EvidenceChecks checks, EvidenceChecks::Make(*store, run, ItemsOf(view), std::move(sources)));
  if (console.json()) {
    Json out = ExplainAsJson(view, checks);
    out["locked"] = LockedAsJson(locked);
    out["quality"] = CitedQuality(run).OfPerson(options.person);
    console.Print(out);
  } else {
    if (locked) {
      for (const std::string& text : LockedAsText(*locked)) console.Line(text);
      console.Line();
    }
    for (const std::string& text : ExplainAsText(view, checks)) console.Line(text);
    console.Line();
    for (const std::string& text : CitedQuality(run).OfPersonAsText(options.person)) console.Line(text);
  }
  return ExitCode::kDone;
}

CommandResult RunSummary(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const ScoreRun run, RunFor(options, installation, *store, console));
  MC_TRY(const Json summary, MakeSummary(*store, run));
  MC_CHECK_OK(WriteWhole(options.out_file, summary.dump(2) + "\n", FileReaders::kAll));
  if (console.json()) {
    console.Print(summary);
  } else {
    console.Line("Đã ghi " + options.out_file + ".");
  }
  return ExitCode::kDone;
}

}  // namespace mc
