// quarantine list|show|replay|drop.
#include <map>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/text.h"
#include "gateway/cli_records.h"
#include "gateway/commands.h"
#include "gateway/installation.h"
#include "gateway/listing_json.h"
#include "gateway/source_run.h"
#include "gateway/texts.h"

namespace mc {
namespace {

constexpr std::int64_t kSecondsPerDay = 24 * 60 * 60;

std::string AgeText(Instant since, Instant now) {
  const std::int64_t days = (now.micros - since.micros) / kMicrosPerSecond / kSecondsPerDay;
  return days < 1 ? "hôm nay" : std::to_string(days) + " ngày";
}

template <typename Entries, typename SourceOf>
void KeepSource(Entries& entries, const std::string& source, SourceOf source_of) {
  if (!source.empty()) std::erase_if(entries, [&](const auto& e) { return source_of(e) != source; });
}

void PrintEntries(const std::vector<QuarantineEntry>& entries, Console& console) {
  const Instant now = SystemClock().Now();
  std::vector<std::vector<std::string>> rows = {
      {"Bản ghi", "Nguồn", "Lấy lúc", "Đã chờ", "Byte", "Lý do", "Trường", "Diễn giải"}};
  for (const QuarantineEntry& e : entries) {
    rows.push_back({IkHex(e.ik), e.source, FormatCity({e.observed_at, false}), AgeText(e.observed_at, now),
                    std::to_string(e.bytes), e.reason.code, e.reason.field,
                    e.reason.message + (e.newer_read ? "; đã đọc được trạng thái mới hơn" : "")});
  }
  if (!entries.empty()) console.Line(FormatTable(rows));
  console.Line(std::to_string(entries.size()) + " bản ghi trong cách ly.");
}

void PrintDropped(const std::vector<DroppedEntry>& dropped, Console& console) {
  if (dropped.empty()) return;
  std::vector<std::vector<std::string>> rows = {{"Đã bỏ qua", "Nguồn", "Lúc", "Người quyết định", "Lý do bỏ qua"}};
  for (const DroppedEntry& d : dropped) {
    rows.push_back({IkHex(d.entry.ik), d.entry.source, FormatCity({d.dropped_at, false}), d.by, d.why});
  }
  console.Line(FormatTable(rows));
}

Json DroppedJson(const std::vector<DroppedEntry>& dropped) {
  Json list = Json::array();
  for (const DroppedEntry& d : dropped) {
    Json one = QuarantineJson(d.entry);
    one["dropped"] = {{"at", FormatInstant(d.dropped_at)}, {"by", d.by}, {"reason", d.why}};
    list.push_back(std::move(one));
  }
  return list;
}

// The entry of a record that was not read, dropped ones included.
Result<QuarantineEntry> Find(Store& store, std::int64_t ik) {
  MC_TRY(const std::vector<QuarantineEntry> open, store.ListQuarantine());
  for (const QuarantineEntry& e : open) {
    if (e.ik == ik) return e;
  }
  MC_TRY(const std::vector<DroppedEntry> dropped, store.ListDropped());
  for (const DroppedEntry& d : dropped) {
    if (d.entry.ik == ik) return d.entry;
  }
  return ConfigError("not_in_quarantine", "no record " + IkHex(ik) + " is in quarantine");
}

void PrintShown(const QuarantineEntry& e, const StoredRecord& stored, Console& console) {
  console.Line("Bản ghi " + IkHex(e.ik) + " · nguồn " + e.source + ", luồng " + e.stream + " · lấy lúc " +
               FormatCity({e.observed_at, false}) + " · lần chạy " + std::to_string(e.run) + " · lá " +
               std::to_string(e.leaf_index));
  for (const auto& [name, value] : stored.record.facts) console.Line("Yêu cầu nêu " + name + " = " + value);
  console.Line("Lý do: " + e.reason.code + (e.reason.field.empty() ? "" : " tại " + e.reason.field) +
               (e.reason.rule.empty() ? "" : ", quy tắc " + e.reason.rule));
  console.Line("       " + e.reason.message);
  console.Line("SHA-256 " + ToHex(stored.record.key.digest) + ", " + std::to_string(e.bytes) + " byte");
  if (!stored.whole) console.Line("Bản ghi dài hơn mức lưu giữ; chỉ còn độ dài và mã băm:");
  console.Line(IsValidUtf8(stored.record.bytes) ? stored.record.bytes
                                                : "(không phải UTF-8; dùng --json để lấy dạng base64)");
}

// The open entries that the command names, by source.
Result<std::map<std::string, std::vector<QuarantineEntry>>> Chosen(const Options& options, Store& store) {
  MC_TRY(const std::vector<QuarantineEntry> open, store.ListQuarantine());
  std::map<std::string, std::vector<QuarantineEntry>> by_source;
  if (options.records.empty()) {
    for (const QuarantineEntry& e : open) {
      if (options.source.empty() || options.source == e.source) by_source[e.source].push_back(e);
    }
    return by_source;
  }
  for (const std::string& name : options.records) {
    MC_TRY(const std::int64_t ik, RecordNamed(name));
    MC_TRY(const QuarantineEntry entry, Find(store, ik));
    by_source[entry.source].push_back(entry);
  }
  return by_source;
}

Json ReplayJson(const std::string& source, const ReplayResult& result) {
  Json unread = Json::array(), not_tried = Json::array();
  for (const auto& [ik, reason] : result.still_unread) {
    unread.push_back({{"record", IkHex(ik)}, {"code", reason.code}, {"field", reason.field}, {"rule", reason.rule}});
  }
  for (const auto& [ik, why] : result.not_tried) not_tried.push_back({{"record", IkHex(ik)}, {"why", why}});
  Json out = {{"source", source},
              {"tried", result.counts.fetched},
              {"new", result.counts.added},
              {"revised", result.counts.revised},
              {"still_unread", std::move(unread)},
              {"not_tried", std::move(not_tried)},
              {"error", nullptr}};
  if (result.error) out["error"] = {{"code", result.error->code}, {"message", result.error->message}};
  return out;
}

std::string NotTriedText(const std::string& why) {
  if (why == kNewerStateRead) {
    return "không đọc lại, vì đã đọc được trạng thái mới hơn của cùng bản ghi; hãy dùng `quarantine drop` (" + why +
           ").";
  }
  return "không thể đọc lại, kho không giữ toàn bộ dữ liệu gốc (" + why + ").";
}

void PrintReplay(const std::string& source, const ReplayResult& result, Console& console) {
  console.Line(source + ": đọc lại " + std::to_string(result.counts.fetched) + " bản ghi, nay đọc được " +
               std::to_string(result.counts.added + result.counts.revised) + ", vẫn chưa đọc được " +
               std::to_string(result.still_unread.size()) + ".");
  for (const auto& [ik, reason] : result.still_unread) {
    console.Line("  " + IkHex(ik) + ": " + reason.code + (reason.field.empty() ? "" : " tại " + reason.field) + ". " +
                 reason.message);
  }
  for (const auto& [ik, why] : result.not_tried) {
    console.Line("  " + IkHex(ik) + ": " + NotTriedText(why));
  }
  if (result.error) console.Note(source + ": " + ErrorText(*result.error));
}

}  // namespace

CommandResult RunQuarantineList(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(std::vector<QuarantineEntry> entries, store->ListQuarantine());
  KeepSource(entries, options.source, [](const QuarantineEntry& e) { return e.source; });
  std::vector<DroppedEntry> dropped;
  if (options.all) {
    MC_TRY(dropped, store->ListDropped());
    KeepSource(dropped, options.source, [](const DroppedEntry& d) { return d.entry.source; });
  }
  if (console.json()) {
    Json list = Json::array();
    for (const QuarantineEntry& e : entries) list.push_back(QuarantineJson(e));
    Json out = {{"quarantine", std::move(list)}};
    if (options.all) out["dropped"] = DroppedJson(dropped);
    console.Print(out);
    return ExitCode::kDone;
  }
  PrintEntries(entries, console);
  PrintDropped(dropped, console);
  return ExitCode::kDone;
}

CommandResult RunQuarantineShow(const Options& options, Console& console) {
  MC_TRY(const std::int64_t ik, RecordNamed(options.records.front()));
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const QuarantineEntry entry, Find(*store, ik));
  auto stored = store->OpenRecord(ik, "quarantine show");
  if (!stored.ok()) return AsWrongUse(stored.error());
  if (!console.json()) {
    PrintShown(entry, *stored, console);
    return ExitCode::kDone;
  }
  Json out = QuarantineJson(entry);
  out["sha256"] = ToHex(stored->record.key.digest);
  out["facts"] = stored->record.facts;
  out["whole"] = stored->whole;
  out["base64"] = ToBase64(stored->record.bytes);
  console.Print(out);
  return ExitCode::kDone;
}

CommandResult RunQuarantineReplay(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  if (!options.source.empty()) {
    MC_CHECK_OK(installation.ChooseSources({options.source}));
  }
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const auto by_source, Chosen(options, *store));
  Json list = Json::array();
  ExitCode exit = ExitCode::kDone;
  for (const auto& [source, entries] : by_source) {
    ReplayResult result;
    const auto replay = [&, &records = entries](const RunContext& context, Store&) {
      result = ReplayQuarantine(context, records);
    };
    const Status opened = WithRun(installation, source, nullptr, replay);
    if (!opened.ok()) result.error = opened.error();
    if (result.error) exit = Highest(exit, ExitFor(*result.error));
    if (console.json()) {
      list.push_back(ReplayJson(source, result));
    } else {
      PrintReplay(source, result, console);
    }
  }
  if (console.json()) console.Print({{"replayed", std::move(list)}});
  if (!console.json() && by_source.empty()) console.Line("Không có bản ghi nào trong cách ly.");
  return exit;
}

CommandResult RunQuarantineDrop(const Options& options, Console& console) {
  MC_TRY(const std::int64_t ik, RecordNamed(options.records.front()));
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  const std::string by = options.by.empty() ? OsUser() : options.by;
  const Status dropped = store->DropQuarantined(ik, by, options.reason);
  if (!dropped.ok()) return AsWrongUse(dropped.error());
  MC_CHECK_OK(store->SignHead());
  if (console.json()) {
    console.Print({{"record", IkHex(ik)}, {"by", by}, {"reason", options.reason}});
  } else {
    console.Line("Đã bỏ bản ghi " + IkHex(ik) + " khỏi danh sách cách ly (" + by + "). Dữ liệu gốc vẫn được giữ.");
  }
  return ExitCode::kDone;
}

}  // namespace mc
