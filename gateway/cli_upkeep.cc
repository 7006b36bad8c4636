// upkeep: what may go by the settings is printed, --confirm takes it; and how the database itself stands.
#include <nlohmann/json.hpp>

#include "core/inbox.h"
#include "core/time.h"
#include "gateway/commands.h"
#include "gateway/installation.h"
#include "storage/upkeep.h"

namespace mc {
namespace {

// --- what may go

RetentionRules RulesFrom(const RetentionSettings& settings) {
  return {settings.ended_sessions, settings.pushed_key_days};
}

// Also of the kinds that the settings keep, so that whoever decides sees how many there are.
RetentionRules EveryKind(const RetentionSettings& settings) {
  return {true, settings.pushed_key_days.value_or(kInboxKeyDays)};
}

std::string FateOf(bool allowed, bool confirmed, const std::string& setting) {
  if (!allowed) return "giữ lại, vì " + setting + " không cho xóa";
  return confirmed ? "ĐÃ XÓA" : "sẽ xóa";
}

void PrintRows(const RetainedRows& rows, const RetentionSettings& settings, bool confirmed, Console& console) {
  const std::string sessions = FateOf(settings.ended_sessions, confirmed, "retention.ended_sessions");
  const std::string keys = FateOf(settings.pushed_key_days.has_value(), confirmed, "retention.pushed_key_days");
  console.Line("Phiên đăng nhập đã kết thúc hơn một giờ: " + std::to_string(rows.ended_sessions) + " dòng, " +
               sessions + ".");
  console.Line("Lệnh đăng xuất của nhà cung cấp đã quá hạn nhớ: " + std::to_string(rows.logouts) + " dòng, " +
               sessions + ".");
  console.Line("Khóa của thông điệp đẩy đã đọc, cũ hơn " +
               std::to_string(settings.pushed_key_days.value_or(kInboxKeyDays)) +
               " ngày: " + std::to_string(rows.pushed_keys) + " dòng, " + keys + ".");
}

Json RowsJson(const RetainedRows& rows, const RetentionSettings& settings) {
  return {{"ended_sessions",
           {{"allowed", settings.ended_sessions}, {"rows", rows.ended_sessions}, {"logouts", rows.logouts}}},
          {"pushed_keys",
           {{"allowed", settings.pushed_key_days.has_value()},
            {"days", settings.pushed_key_days.value_or(kInboxKeyDays)},
            {"rows", rows.pushed_keys}}}};
}

// What is kept is counted; what the settings let go is what went.
RetainedRows Merged(RetainedRows counted, const RetainedRows& gone, const RetentionSettings& settings) {
  if (settings.ended_sessions) {
    counted.ended_sessions = gone.ended_sessions;
    counted.logouts = gone.logouts;
  }
  if (settings.pushed_key_days) counted.pushed_keys = gone.pushed_keys;
  return counted;
}

// --- the database

std::string MibText(std::int64_t bytes) { return std::to_string((bytes + 1024 * 1024 - 1) / (1024 * 1024)) + " MiB"; }

std::string WhenText(const std::optional<std::int64_t>& seconds) {
  return seconds ? FormatCity({*seconds * kMicrosPerSecond, false}) : "chưa lần nào";
}

Json WhenJson(const std::optional<std::int64_t>& seconds) {
  return seconds ? Json(FormatInstant({*seconds * kMicrosPerSecond})) : Json(nullptr);
}

Json FileJson(const std::optional<FileShape>& file) {
  if (!file) return nullptr;
  return {{"page_bytes", file->page_bytes},
          {"pages", file->pages},
          {"free_pages", file->free_pages},
          {"log_bytes", file->log_bytes},
          {"damage", file->damage}};
}

Json TablesJson(const std::vector<TableShape>& tables) {
  Json list = Json::array();
  for (const TableShape& table : tables) {
    list.push_back({{"table", table.table},
                    {"bytes", table.bytes},
                    {"rows", table.rows},
                    {"dead_rows", table.dead_rows},
                    {"vacuumed_at", WhenJson(table.vacuumed_at)},
                    {"analyzed_at", WhenJson(table.analyzed_at)}});
  }
  return list;
}

void PrintShape(const DatabaseShape& shape, Console& console) {
  if (const auto& file = shape.file) {
    console.Line("Tệp kho: " + MibText(file->pages * file->page_bytes) + ", trong đó trống " +
                 MibText(file->free_pages * file->page_bytes) +
                 " sẽ được dùng lại; nhật ký ghi trước (-wal): " + MibText(file->log_bytes) + ".");
    console.Line("Kiểm nhanh tệp kho: không thấy sai lệch (fsck mới tính lại từ dữ liệu gốc).");
    return;
  }
  std::vector<std::vector<std::string>> rows{{"Bảng", "Cỡ", "Dòng", "Dòng chết", "Vacuum", "Analyze"}};
  for (const TableShape& table : shape.tables) {
    rows.push_back({table.table, MibText(table.bytes), std::to_string(table.rows), std::to_string(table.dead_rows),
                    WhenText(table.vacuumed_at), WhenText(table.analyzed_at)});
  }
  console.Line(FormatTable(rows));
}

Status RefuseDamagedFile(const DatabaseShape& shape, Console& console) {
  if (!shape.file || shape.file->damage.empty()) return Ok();
  for (const std::string& line : shape.file->damage) console.Note("SAI LỆCH " + line);
  return InternalError("store_damaged",
                       "SQLite finds the store's file damaged, as named above; nothing was done. Keep the store as it "
                       "is, run fsck for the whole list, then put a copy back with restore "
                       "(docs/operating/damaged-store.md)");
}

std::string TidiedText(const DatabaseShape& shape, bool tidied) {
  if (!shape.file) return "Đã chạy ANALYZE cho các bảng trên.";
  if (tidied) return "Đã dồn nhật ký ghi trước vào tệp kho và cắt về 0.";
  return "CHƯA cắt được nhật ký ghi trước vì một tiến trình khác đang đọc: không sao, lần sau sẽ cắt.";
}

// --- both

struct UpkeepRun {
  const RetentionSettings& retention;
  DatabaseShape shape;
  RetainedRows rows;
  std::optional<bool> tidied;  // none: not confirmed
};

void PrintRun(const UpkeepRun& run, Console& console) {
  PrintShape(run.shape, console);
  PrintRows(run.rows, run.retention, run.tidied.has_value(), console);
  if (run.tidied) {
    console.Line(TidiedText(run.shape, *run.tidied));
  } else {
    console.Line("Chưa làm gì. Chạy lại với --confirm để xóa những dòng ghi \"sẽ xóa\" và " +
                 std::string(run.shape.file ? "dồn nhật ký ghi trước." : "chạy ANALYZE."));
  }
  console.Line("Minh chứng, lá nhật ký, biên nhận, quyết định và mọi thứ để chứng minh không bao giờ bị lệnh này xóa.");
}

Json RunJson(const UpkeepRun& run) {
  return {{"confirmed", run.tidied.has_value()},
          {"retention", RowsJson(run.rows, run.retention)},
          {"file", FileJson(run.shape.file)},
          {"tables", TablesJson(run.shape.tables)},
          {"tidied", run.tidied ? Json(*run.tidied) : Json(nullptr)}};
}

Result<DatabaseShape> LookAt(const Settings& settings, const std::string& password, Console& console) {
  console.Progress("Đang xem cơ sở dữ liệu của kho…");
  auto shape = LookAtDatabase(settings.store_path, password);
  console.EndProgress();
  return shape;
}

}  // namespace

CommandResult RunUpkeep(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  const Settings& settings = installation.settings();
  MC_TRY(auto store, installation.OpenExistingStore());
  std::string password;
  if (!settings.store_password.text.empty()) {
    MC_TRY(password, settings.store_password.Resolve());
  }
  UpkeepRun run{settings.retention, {}, {}, std::nullopt};
  MC_TRY(run.shape, LookAt(settings, password, console));
  MC_CHECK_OK(RefuseDamagedFile(run.shape, console));
  MC_TRY(run.rows, store->CountRows(EveryKind(run.retention)));
  if (options.confirm) {
    MC_TRY(const RetainedRows gone, store->DeleteRows(RulesFrom(run.retention)));
    run.rows = Merged(run.rows, gone, run.retention);
    store.reset();  // a reader of ours would be in the way
    MC_TRY(run.tidied, TidyDatabase(settings.store_path, password));
  }
  console.json() ? console.Print(RunJson(run)) : PrintRun(run, console);
  return ExitCode::kDone;
}

}  // namespace mc
