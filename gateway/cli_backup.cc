// backup, restore.
#include <nlohmann/json.hpp>
#include <string>

#include "gateway/backup.h"
#include "gateway/commands.h"
#include "gateway/installation.h"

namespace mc {
namespace {

Json ManifestJson(const std::string& folder, const BackupManifest& manifest) {
  return {{"folder", folder},
          {"made_at", FormatInstant(manifest.made_at)},
          {"size", manifest.head.size},
          {"bytes", manifest.bytes},
          {"sha256", ToHex(manifest.sha256)}};
}

std::string HeadText(const BackupManifest& manifest) {
  return manifest.head.checkpoint.empty() ? "chưa có đầu nhật ký nào được ký"
                                          : "đầu nhật ký đã ký: " + std::to_string(manifest.head.size) + " lá";
}

Json WordJson(const WitnessWord& word) {
  return {{"id", word.id},
          {"contradicts", word.contradicts},
          {"error", word.error ? Json{{"code", word.error->code}, {"message", word.error->message}} : Json(nullptr)}};
}

std::string WordLine(const WitnessWord& word) {
  if (!word.error) return "Nhân chứng " + word.id + ": không biết đầu nào mới hơn.";
  const std::string said = " [" + word.error->code + "] " + word.error->message;
  if (word.contradicts) return "Nhân chứng " + word.id + ": ĐÃ THẤY NHIỀU HƠN BẢN NÀY, sẽ không ký được nữa." + said;
  return "Nhân chứng " + word.id + ": CHƯA hỏi được, chưa biết bản này có phải bản mới nhất không." + said;
}

void TellRestored(const Restored& restored, Console& console) {
  console.Line("Đã phục hồi bản sao lúc " + FormatCity({restored.manifest.made_at, false}) + ", " +
               HeadText(restored.manifest) + ".");
  console.Line("Đã tính lại toàn bộ: " + std::to_string(restored.report.records) + " bản ghi, " +
               std::to_string(restored.report.leaves) + " lá, không có sai lệch.");
  for (const WitnessWord& word : restored.witnesses) console.Line(WordLine(word));
  console.Line(
      "Việc tiếp theo: chạy sync (nguồn được đọc lại từ chỗ bản sao đã đọc đến), yêu cầu các nguồn tự gửi đến gửi lại "
      "từ lúc ấy, rồi log sign. Xem docs/operating/backup.vi.md.");
}

}  // namespace

CommandResult RunBackup(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  console.Progress("Đang sao lưu…");
  const auto manifest = MakeBackup(installation, options.out_dir, SystemClock());
  console.EndProgress();
  if (!manifest.ok()) return manifest.error();
  if (console.json()) {
    console.Print(ManifestJson(options.out_dir, *manifest));
  } else {
    console.Line("Đã sao lưu vào " + options.out_dir + ": " + std::to_string(manifest->bytes) + " byte, " +
                 HeadText(*manifest) + ".");
    console.Line("Bản sao KHÔNG có khóa: cất khóa niêm phong và khóa ký ở nơi khác. Xem docs/operating/backup.vi.md.");
  }
  return ExitCode::kDone;
}

CommandResult RunRestore(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  RestoreOptions how;
  how.older = options.older;
  how.progress = [&](std::int64_t done, std::int64_t total) {
    console.Progress("Đang tính lại " + std::to_string(done) + "/" + std::to_string(total));
  };
  how.on_faults = [&](const FsckReport& report) {
    console.EndProgress();
    for (const Fault& f : report.faults) console.Note("SAI LỆCH " + f.what + " tại " + f.where + ": " + f.detail);
  };
  const auto restored = RestoreBackup(installation, options.from_dir, how);
  console.EndProgress();
  if (!restored.ok()) return restored.error();
  ExitCode exit = ExitCode::kDone;
  Json witnesses = Json::array();
  for (const WitnessWord& word : restored->witnesses) {
    if (word.error) exit = ExitCode::kFailed;
    witnesses.push_back(WordJson(word));
  }
  if (console.json()) {
    Json out = ManifestJson(options.from_dir, restored->manifest);
    out["records"] = restored->report.records;
    out["leaves"] = restored->report.leaves;
    out["witnesses"] = std::move(witnesses);
    console.Print(out);
  } else {
    TellRestored(*restored, console);
  }
  return exit;
}

}  // namespace mc
