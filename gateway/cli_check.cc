// fsck, quality, policy check, manifest check.
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "core/shown.h"
#include "core/source_record.h"
#include "gateway/commands.h"
#include "gateway/installation.h"
#include "gateway/period_lock.h"
#include "gateway/quality.h"
#include "gateway/quality_rows.h"
#include "gateway/score_run.h"
#include "gateway/texts.h"
#include "mapping/items.h"
#include "scoring/text_vi.h"

namespace mc {
namespace {

// --- quality

std::string Percent(const std::optional<Share>& share) {
  if (!share) return "chưa biết";
  const std::string parts = std::to_string(share->num) + "/" + std::to_string(share->den);
  if (share->den == 0) return parts;
  return parts + " (" + ViRounded(Ratio(share->num * 100, share->den), 1) + "%)";
}

// What the numbers are made of.
struct Measured {
  std::vector<SourceTotals> totals;
  std::vector<EvidenceRevision> evidence;
  std::vector<WorkItem> items;
  std::unique_ptr<IdentityIndex> identity;
};

// Items decide which evidence is clean. Without a directory nothing resolves, and without
// a period the items are taken as they stand now.
Result<Measured> Measure(const Options& options, const Installation& installation, Store& store) {
  MC_TRY(const Policy policy, installation.PolicyOf(options.policy));
  MC_TRY(const WorkCalendar calendar, installation.Calendar());
  MC_TRY(DirectoryData directory, installation.DirectoryOf(store));
  Instant as_of = SystemClock().Now();
  if (!options.period.empty()) {
    MC_TRY(const Period period, ParsePeriod(options.period));
    as_of = CutOff(policy, period);
  }
  if (!options.as_of.empty()) {
    MC_TRY(as_of, ParseInstant(options.as_of));
  }
  Measured measured;
  measured.identity = std::make_unique<IdentityIndex>(std::move(directory));
  MC_CHECK_OK(store.ScanEvidence([&](const EvidenceRevision& revision) {
    measured.evidence.push_back(revision);
    return Ok();
  }));
  const ItemSettings settings{policy.min_assurance, policy.report_due_working_hours, &calendar};
  measured.items = BuildItems(measured.evidence, *measured.identity, settings, as_of);
  MC_TRY(measured.totals, store.Totals());
  return measured;
}

std::string NumberText(std::string_view number) {
  if (number == "correct") return "Đúng";
  if (number == "complete") return "Đủ";
  return number == "clean" ? "Sạch" : "Sống";
}

void PrintRows(const std::vector<QualityRow>& rows, Console& console) {
  std::vector<std::vector<std::string>> table = {{"Nguồn", "Số đo", "Bản ghi", "Là", "Vì sao", ""}};
  for (const QualityRow& row : rows) {
    table.push_back({row.source, NumberText(row.number), row.ik == 0 ? "-" : IkHex(row.ik),
                     row.what.empty() ? "-" : WithoutControls(row.what), ViReason(row.reason),
                     WithoutControls(row.detail)});
  }
  console.Line(rows.empty() ? "Không có dòng nào kéo số đo xuống." : FormatTable(table));
}

// policy check, manifest check: 1 when the file is read and found wrong, 2 when there is no
// such file.
CommandResult CheckFile(const std::string& file, Console& console, const Result<std::string>& good) {
  if (!good.ok() && good.error().code == "cannot_read") return good.error();
  if (console.json()) {
    Json out = {{"file", file}, {"valid", good.ok()}};
    if (!good.ok()) out["error"] = {{"code", good.error().code}, {"message", good.error().message}};
    console.Print(out);
  } else {
    console.Line(good.ok() ? file + ": đúng (" + *good + ")"
                           : file + ": SAI [" + good.error().code + "] " + good.error().message);
  }
  return good.ok() ? ExitCode::kDone : ExitCode::kFault;
}

Result<std::string> DescribePolicy(const std::string& file) {
  MC_TRY(const Json document, ReadJsonFile(file));
  MC_TRY(const Policy policy, ParsePolicy(document));
  return policy.id + ", sha256 " + policy.digest;
}

Result<std::string> DescribeManifest(const std::string& file) {
  MC_TRY(const Manifest manifest, ReadManifest(file));
  return manifest.id + ", sổ gốc " + manifest.register_id;
}

// --- fsck --index

CommandResult CheckPeriodIndexes(const Installation& installation, Store& store, Console& console) {
  MC_TRY(const std::string person_key, installation.PersonKey());
  MC_TRY(const IndexReport report, CheckIndexes(store, person_key));
  if (console.json()) {
    Json faults = Json::array();
    for (const Fault& f : report.faults) faults.push_back({{"what", f.what}, {"where", f.where}, {"detail", f.detail}});
    console.Print({{"periods", report.periods},
                   {"people", report.people},
                   {"attributed", report.attributed},
                   {"unattributed", report.unattributed},
                   {"not_comparable", report.not_comparable},
                   {"faults", std::move(faults)}});
  } else {
    console.Line("Đã làm lại chỉ mục của " + std::to_string(report.periods) + " kỳ, " + std::to_string(report.people) +
                 " danh sách: " + std::to_string(report.attributed) + " lá minh chứng thuộc về ai đó, " +
                 std::to_string(report.unattributed) + " lá không thuộc về ai trong kỳ.");
    if (report.not_comparable > 0) {
      console.Line("Không so lại được " + std::to_string(report.not_comparable) +
                   " lá của các dòng có dữ liệu gốc đã xóa.");
    }
    for (const Fault& f : report.faults) console.Line("SAI LỆCH " + f.what + " tại " + f.where + ": " + f.detail);
    if (report.faults.empty()) console.Line("Mỗi danh sách là đúng mọi lá thuộc về người đó, không thiếu, không thừa.");
  }
  return report.faults.empty() ? ExitCode::kDone : ExitCode::kFault;
}

}  // namespace

CommandResult RunFsck(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  // Opening would make an empty store, and an empty store has no fault.
  const std::string& path = installation.settings().store_path;
  if (std::error_code ec; !std::filesystem::exists(path, ec)) {
    return ConfigError("no_store",
                       "there is no store at " + path + "; check /store in the settings, or run sync first");
  }
  MC_TRY(const auto store, installation.OpenStore());
  if (options.index) return CheckPeriodIndexes(installation, *store, console);
  MC_TRY(const FsckReport report, store->Fsck([&](std::int64_t done, std::int64_t total) {
    console.Progress("Đang kiểm tra " + std::to_string(done) + "/" + std::to_string(total));
  }));
  console.EndProgress();
  if (console.json()) {
    Json faults = Json::array();
    for (const Fault& f : report.faults) faults.push_back({{"what", f.what}, {"where", f.where}, {"detail", f.detail}});
    console.Print({{"records", report.records},
                   {"evidence", report.evidence},
                   {"rejections", report.rejections},
                   {"leaves", report.leaves},
                   {"receipts", report.receipts},
                   {"erased", report.erased},
                   {"faults", std::move(faults)}});
  } else {
    console.Line("Đã kiểm tra " + std::to_string(report.records) + " bản ghi, " + std::to_string(report.evidence) +
                 " minh chứng, " + std::to_string(report.rejections) + " bản ghi cách ly, " +
                 std::to_string(report.leaves) + " lá, " + std::to_string(report.receipts) + " biên nhận.");
    if (report.erased > 0)
      console.Line("Dữ liệu gốc của " + std::to_string(report.erased) + " lá đã xóa, có lá ghi lại.");
    for (const Fault& f : report.faults) console.Line("SAI LỆCH " + f.what + " tại " + f.where + ": " + f.detail);
    console.Line(report.faults.empty() ? "Không có sai lệch."
                                       : "Có " + std::to_string(report.faults.size()) + " sai lệch.");
  }
  return report.faults.empty() ? ExitCode::kDone : ExitCode::kFault;
}

CommandResult RunQuality(const Options& options, Console& console) {
  if (options.findings) return RunFindings(options, console);
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const Measured measured, Measure(options, installation, *store));
  const auto quality = MeasureQuality(measured.totals, measured.evidence, measured.items, *measured.identity);
  std::vector<QualityRow> behind;
  if (options.list) {
    MC_TRY(const std::vector<QuarantineEntry> quarantine, store->ListQuarantine());
    behind = RowsBehind(measured.totals, quarantine, measured.evidence, measured.items, *measured.identity);
  }
  if (console.json()) {
    Json out = {{"quality", QualityToJson(quality)}};
    if (options.list) out["rows"] = RowsToJson(behind);
    console.Print(out);
    return ExitCode::kDone;
  }
  std::vector<std::vector<std::string>> rows = {{"Nguồn", "Đúng", "Đủ", "Sạch", "Sống"}};
  for (const SourceQuality& q : quality) {
    rows.push_back({q.source, Percent(q.correct), Percent(q.complete), Percent(q.clean), Percent(q.live)});
  }
  console.Line(FormatTable(rows));
  if (options.list) PrintRows(behind, console);
  return ExitCode::kDone;
}

CommandResult RunPolicyCheck(const Options& options, Console& console) {
  return CheckFile(options.file, console, DescribePolicy(options.file));
}

CommandResult RunManifestCheck(const Options& options, Console& console) {
  return CheckFile(options.file, console, DescribeManifest(options.file));
}

}  // namespace mc
