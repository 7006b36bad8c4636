// quality --findings [--period P]
#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/all_evidence.h"
#include "gateway/commands.h"
#include "gateway/installation.h"
#include "gateway/suppression.h"

namespace mc {
namespace {

constexpr std::size_t kRowsShown = 10;  // of one finding; --json shows all that are kept

void Show(const SuppressionFinding& finding, Console& console) {
  console.Line(ViFindingPlace(finding) + ": " + ViFinding(finding) + ".");
  for (std::size_t i = 0; i < std::min(kRowsShown, finding.rows.size()); ++i) {
    const FindingRow& row = finding.rows[i];
    std::string line = "  - " + row.what;
    if (row.ik != 0) line += " (bản ghi " + IkHex(row.ik) + ")";
    console.Line(row.detail.empty() ? line : line + " " + row.detail);
  }
  const auto more = finding.count - static_cast<std::int64_t>(std::min(kRowsShown, finding.rows.size()));
  if (more > 0) console.Line("  … và " + std::to_string(more) + " dòng khác");
}

}  // namespace

// A finding is no fault of the store: the exit code stays 0.
CommandResult RunFindings(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const std::vector<EvidenceRevision> evidence, AllEvidence(*store));
  MC_TRY(const std::vector<LoggedReceipt> receipts, ReadReceipts(*store));
  MC_TRY(const auto marks, store->ReadBackMarks());
  std::vector<SuppressionFinding> findings = FindSuppression({evidence, receipts, marks});
  // What is of no single month concerns every month.
  if (!options.period.empty()) {
    std::erase_if(findings,
                  [&](const SuppressionFinding& f) { return !f.period.empty() && f.period != options.period; });
  }
  if (console.json()) {
    console.Print({{"findings", FindingsToJson(findings)}});
    return ExitCode::kDone;
  }
  for (const SuppressionFinding& finding : findings) Show(finding, console);
  console.Line(findings.empty()
                   ? "Không thấy dấu hiệu nào."
                   : "Có " + std::to_string(findings.size()) + " dấu hiệu; đó là điều cần hỏi, không phải kết luận.");
  return ExitCode::kDone;
}

}  // namespace mc
