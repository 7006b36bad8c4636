// doctor.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "core/time.h"
#include "gateway/commands.h"
#include "gateway/doctor.h"
#include "gateway/doctor_texts.h"

namespace mc {
namespace {

std::string LineOf(const Finding& finding) {
  std::string line = "[" + ViFindingState(finding.state) + "] " + ViCheck(finding.check);
  if (!finding.subject.empty()) line += " " + finding.subject;
  if (finding.state != FindingState::kOk) line += ": " + ViFindingAdvice(finding) + " [" + finding.code + "]";
  if (!finding.detail.empty()) line += " (" + finding.detail + ")";
  return line;
}

Json FindingJson(const Finding& finding) {
  return {{"check", finding.check}, {"subject", finding.subject}, {"state", Name(finding.state)},
          {"code", finding.code},   {"detail", finding.detail},   {"advice", ViFindingAdvice(finding)}};
}

std::string CountOf(const std::vector<Finding>& findings, FindingState state) {
  return std::to_string(
      std::count_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.state == state; }));
}

}  // namespace

CommandResult RunDoctor(const Options& options, Console& console) {
  const SystemClock clock;
  const auto show = [&](const std::string& what) { console.Progress("Đang thử " + what + "…"); };
  MC_TRY(const std::vector<Finding> findings, Diagnose(options.config, {{}, clock, show}));
  if (console.json()) {
    Json list = Json::array();
    for (const Finding& finding : findings) list.push_back(FindingJson(finding));
    console.Print({{"state", Name(Worst(findings))}, {"findings", std::move(list)}});
  } else {
    for (const Finding& finding : findings) console.Line(LineOf(finding));
    console.Line("Kết luận: " + CountOf(findings, FindingState::kFault) + " lỗi, " +
                 CountOf(findings, FindingState::kWarning) + " cảnh báo.");
  }
  return Worst(findings) == FindingState::kFault ? ExitCode::kFault : ExitCode::kDone;
}

}  // namespace mc
