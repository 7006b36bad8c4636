// fsck, policy check, manifest check.
#include <nlohmann/json.hpp>
#include <string>

#include "gateway/commands.h"
#include "gateway/installation.h"
#include "gateway/period_lock.h"

namespace mc {
namespace {

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

// --- fsck

Json FaultsJson(const std::vector<Fault>& faults) {
  Json list = Json::array();
  for (const Fault& f : faults) list.push_back({{"what", f.what}, {"where", f.where}, {"detail", f.detail}});
  return list;
}

// --- fsck --index

CommandResult CheckPeriodIndexes(const Installation& installation, Store& store, Console& console) {
  MC_TRY(const std::string person_key, installation.PersonKey());
  MC_TRY(const IndexReport report, CheckIndexes(store, person_key));
  if (console.json()) {
    console.Print({{"periods", report.periods},
                   {"people", report.people},
                   {"attributed", report.attributed},
                   {"unattributed", report.unattributed},
                   {"not_comparable", report.not_comparable},
                   {"faults", FaultsJson(report.faults)}});
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

// --- fsck --rollups

CommandResult CheckRollups(Store& store, Console& console) {
  MC_TRY(const FsckReport report, store.FsckRollups());
  if (console.json()) {
    console.Print({{"records", report.records}, {"faults", FaultsJson(report.faults)}});
  } else {
    console.Line("Đã đếm lại bốn số đo từ " + std::to_string(report.records) + " bản ghi.");
    for (const Fault& f : report.faults) console.Line("SAI LỆCH " + f.what + " tại " + f.where + ": " + f.detail);
    if (report.faults.empty()) console.Line("Số đang giữ đúng bằng số đếm lại.");
  }
  return report.faults.empty() ? ExitCode::kDone : ExitCode::kFault;
}

}  // namespace

CommandResult RunFsck(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenExistingStore());
  if (options.index) return CheckPeriodIndexes(installation, *store, console);
  if (options.rollups) return CheckRollups(*store, console);
  MC_TRY(const FsckReport report, store->Fsck([&](std::int64_t done, std::int64_t total) {
    console.Progress("Đang kiểm tra " + std::to_string(done) + "/" + std::to_string(total));
  }));
  console.EndProgress();
  if (console.json()) {
    console.Print({{"records", report.records},
                   {"evidence", report.evidence},
                   {"rejections", report.rejections},
                   {"leaves", report.leaves},
                   {"receipts", report.receipts},
                   {"erased", report.erased},
                   {"faults", FaultsJson(report.faults)}});
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

CommandResult RunPolicyCheck(const Options& options, Console& console) {
  return CheckFile(options.file, console, DescribePolicy(options.file));
}

CommandResult RunManifestCheck(const Options& options, Console& console) {
  return CheckFile(options.file, console, DescribeManifest(options.file));
}

}  // namespace mc
