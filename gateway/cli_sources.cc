// sources list, sources check.
#include <nlohmann/json.hpp>
#include <string>

#include "core/time.h"
#include "gateway/commands.h"
#include "gateway/doctor_texts.h"
#include "gateway/installation.h"
#include "gateway/listing_json.h"
#include "gateway/schedule.h"
#include "gateway/source_check.h"
#include "gateway/source_state.h"
#include "gateway/source_texts.h"

namespace mc {
namespace {

std::string At(const std::optional<Instant>& at, const char* none) {
  return at ? FormatCity({*at, false}) : std::string(none);
}

std::string NextTry(const SourceState& state) {
  if (!state.scheduled) return "chưa có lịch";
  return At(state.status.next_try, "không, chờ người vận hành");
}

std::string Lag(const SourceState& state) {
  const std::string limit = "/" + std::to_string(state.lag_limit_minutes);
  return state.lag_minutes ? std::to_string(*state.lag_minutes) + limit : "?" + limit;
}

void PrintStates(const std::vector<SourceState>& states, Console& console) {
  std::vector<std::vector<std::string>> rows = {
      {"Nguồn", "Tình trạng", "Trễ/hạn (phút)", "Lần đủ gần nhất", "Lần thử tới", "Lỗi liên tiếp", "Cách ly"}};
  for (const SourceState& s : states) {
    rows.push_back({s.id, ViHealth(s.health), Lag(s), At(s.last_success, "chưa lần nào"), NextTry(s),
                    std::to_string(s.status.failures), std::to_string(s.quarantined)});
  }
  console.Line(FormatTable(rows));
  for (const SourceState& s : states) {
    if (!StateCode(s).empty()) {
      console.Line(s.id + ": " + ViAdvice(StateCode(s)) + " [" + StateCode(s) + "] " + StateText(s));
    }
  }
}

Json StepsJson(const std::vector<StepResult>& steps) {
  Json list = Json::array();
  for (const StepResult& step : steps) {
    const bool fault = step.state == FindingState::kFault;
    Json one = {{"step", Name(step.step)}, {"ok", !fault}, {"state", Name(step.state)}};
    if (!step.code.empty()) {
      one[fault ? "error" : "note"] = {{"code", step.code}, {"message", step.text}};
      one["advice"] = ViAdvice(step.code);
    }
    list.push_back(std::move(one));
  }
  return list;
}

std::string StateText(const StepResult& step) {
  if (step.code.empty()) return step.text.empty() ? "tốt" : "tốt (" + step.text + ")";
  if (step.state == FindingState::kOk) return ViAdvice(step.code);
  return ViFindingState(step.state) + ", " + ViAdvice(step.code) + " [" + step.code + "] " + step.text;
}

void PrintSteps(const std::string& source, const std::vector<StepResult>& steps, Console& console) {
  const FindingState worst = Worst(steps);
  console.Line(source + ": " + (worst == FindingState::kFault ? "CÓ LỖI" : ViFindingState(worst)));
  for (const StepResult& step : steps) console.Line("  " + ViStep(step.step) + ": " + StateText(step));
}

}  // namespace

CommandResult RunSourcesList(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const std::vector<SourceState> states, ReadSourceStates(installation, *store, SystemClock().Now()));
  if (!console.json()) {
    PrintStates(states, console);
    return ExitCode::kDone;
  }
  Json list = Json::array();
  for (const SourceState& state : states) list.push_back(SourceStateJson(state));
  console.Print({{"sources", std::move(list)}});
  return ExitCode::kDone;
}

CommandResult RunSourcesCheck(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const std::vector<std::string> sources, installation.ChooseSources(options.sources));
  MC_TRY(const auto store, installation.OpenStore());
  const SystemClock clock;
  Json list = Json::array();
  ExitCode exit = ExitCode::kDone;
  for (const std::string& source : sources) {
    console.Progress("Đang thử " + source + "…");
    const auto http = installation.HttpClientOf(source);
    const std::vector<StepResult> steps = CheckSource(installation, source, *store, *http, clock);
    const bool fault = Worst(steps) == FindingState::kFault;
    Json shown = nullptr;
    if (fault) shown = {{"code", steps.back().code}, {"message", steps.back().text}};
    list.push_back({{"source", source}, {"ok", !fault}, {"error", std::move(shown)}, {"steps", StepsJson(steps)}});
    if (!console.json()) PrintSteps(source, steps, console);
    if (fault) exit = ExitCode::kFault;
  }
  if (console.json()) console.Print({{"sources", std::move(list)}});
  return exit;
}

}  // namespace mc
