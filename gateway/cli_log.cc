// log access, export, key, keys, rotate, sign.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/digest.h"
#include "core/signature.h"
#include "gateway/commands.h"
#include "gateway/installation.h"
#include "gateway/witness_state.h"
#include "storage/head_signing.h"
#include "storage/log_files.h"

namespace mc {
namespace {

std::vector<std::string> CosignersOf(const Installation& installation, const LedgerHead& head) {
  std::vector<std::string> names;
  for (const auto& [id, witness] : installation.settings().witnesses) {
    if (IsCosigned(head, witness.key)) names.push_back(KeyName(witness.key));
  }
  return names;
}

Json StateJson(const WitnessState& state) {
  return {{"id", state.id},
          {"name", state.name},
          {"cosigned", state.cosigned},
          {"size", state.size},
          {"backlog", state.backlog},
          {"cosigned_at", state.cosigned_at ? Json(FormatInstant(*state.cosigned_at)) : Json(nullptr)},
          {"error",
           state.error_code.empty() ? Json(nullptr) : Json{{"code", state.error_code}, {"message", state.error_text}}}};
}

std::string StateLine(const WitnessState& state) {
  const std::string who = "Nhân chứng " + state.id + " (" + state.name + "): ";
  if (state.cosigned) {
    return who + "đã cùng ký" + (state.cosigned_at ? " lúc " + FormatInstant(*state.cosigned_at) : "") + ".";
  }
  return who + "CHƯA cùng ký, còn " + std::to_string(state.backlog) + " lá [" + state.error_code + "] " +
         state.error_text;
}

Json AccessJson(const StoredAccess& stored) {
  Json rows = Json::array();
  for (const AccessRow& row : stored.counts.rows) {
    rows.push_back({{"event", row.event}, {"provider", row.provider}, {"reason", row.reason}, {"count", row.count}});
  }
  return {{"leaf", stored.leaf},
          {"from", FormatInstant(stored.counts.from)},
          {"to", FormatInstant(stored.counts.to)},
          {"process", stored.counts.process},
          {"rows", std::move(rows)}};
}

std::string AccessLine(const StoredAccess& stored, const AccessRow& row) {
  return FormatInstant(stored.counts.from) + "  lá " + std::to_string(stored.leaf) + "  " + row.event +
         (row.provider.empty() ? "" : " " + row.provider) + (row.reason.empty() ? "" : " [" + row.reason + "]") + "  " +
         std::to_string(row.count);
}

}  // namespace

// What happened at the gate on one city day.
CommandResult RunLogAccess(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenExistingStore());
  CivilDate day = CityDate(SystemClock().Now());
  if (!options.day.empty()) {
    MC_TRY(day, ParseDate(options.day));
  }
  MC_TRY(const std::vector<StoredAccess> all, store->ListAccess(StartOfDay(day), StartOfDay(CivilDate{day.days + 1})));
  Json list = Json::array();
  for (const StoredAccess& stored : all) {
    if (console.json()) list.push_back(AccessJson(stored));
    if (console.json()) continue;
    for (const AccessRow& row : stored.counts.rows) console.Line(AccessLine(stored, row));
  }
  if (console.json()) console.Print({{"day", FormatDate(day)}, {"access", std::move(list)}});
  if (!console.json() && all.empty())
    console.Line("Không có sự kiện đăng nhập nào trong ngày " + FormatDate(day) + ".");
  return ExitCode::kDone;
}

// For who will not wait for the next sync.
CommandResult RunLogSign(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const LedgerHead head, store->SignHead());
  MC_TRY(const std::vector<WitnessState> states, ReadWitnessStates(installation, *store, head));
  Json list = Json::array();
  ExitCode exit = ExitCode::kDone;
  if (!console.json()) console.Line("Đầu nhật ký: " + std::to_string(head.size) + " lá, đã ký.");
  for (const WitnessState& state : states) {
    if (!state.cosigned) exit = ExitCode::kFailed;
    list.push_back(StateJson(state));
    if (!console.json()) console.Line(StateLine(state));
  }
  if (console.json())
    console.Print({{"size", head.size}, {"checkpoint", head.checkpoint}, {"witnesses", std::move(list)}});
  return exit;
}

CommandResult RunLogRotate(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  if (!options.key_ref.starts_with("file:") && !options.key_ref.starts_with("env:")) {
    return ConfigError("literal_secret", "the new key must be given as file:PATH or env:NAME, never the key itself");
  }
  MC_TRY(const std::string seed, SecretRef{options.key_ref}.ResolveKey());
  MC_TRY(const auto store, installation.OpenStore());
  const NoteSigner next{installation.settings().log_origin, seed};
  MC_TRY([[maybe_unused]] const LedgerHead before, store->SignHead());  // all that was there, under the old key alone
  MC_TRY(const std::int64_t leaf, store->RotateLogKey(next));
  MC_TRY(const LedgerHead head, store->SignHead());
  if (console.json()) {
    console.Print({{"verifier_key", VerifierKey(next)}, {"leaf", leaf}, {"checkpoint", head.checkpoint}});
  } else {
    console.Line("Khóa mới, nêu tại lá " + std::to_string(leaf) + ", đầu nhật ký đã mang cả hai chữ ký:");
    console.Line(VerifierKey(next));
    console.Line(
        "Việc tiếp theo: trong cấu hình đặt keys.log_signing là khóa mới, keys.log_signing_former là khóa cũ;");
    console.Line("công bố khóa mới cạnh khóa cũ và gửi cho các nhân chứng. Xem docs/operating/log-key.vi.md.");
  }
  return ExitCode::kDone;
}

CommandResult RunLogKeys(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const std::vector<LogKey> keys, store->LogKeys());
  Json list = Json::array();
  for (const LogKey& key : keys) {
    Json entry = {{"verifier_key", key.key}, {"leaf", nullptr}};
    if (key.leaf) {
      MC_TRY(const OpenedLeaf opened, store->OpenLeaf(*key.leaf));
      entry["leaf"] = *key.leaf;
      entry["bytes"] = opened.bytes;
      entry["salt"] = ToHex(opened.salt);
      entry["object"] = opened.object;
      if (const auto proof = ProveLeaf(*store, *key.leaf); proof.ok()) entry["proof"] = TlogProofText(*proof);
    }
    if (!console.json()) console.Line(key.key + (key.leaf ? "  (từ lá " + std::to_string(*key.leaf) + ")" : ""));
    list.push_back(std::move(entry));
  }
  if (console.json()) console.Print({{"keys", std::move(list)}});
  return ExitCode::kDone;
}

CommandResult RunLogExport(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const LedgerHead head, ExportLog(*store, options.out_dir, [&](std::int64_t done, std::int64_t total) {
           console.Progress("Đang ghi " + std::to_string(done) + "/" + std::to_string(total) + " tệp");
         }));
  console.EndProgress();
  if (console.json()) {
    console.Print({{"folder", options.out_dir},
                   {"size", head.size},
                   {"checkpoint", head.checkpoint},
                   {"cosigned_by", CosignersOf(installation, head)}});
  } else {
    console.Line("Đã ghi nhật ký " + std::to_string(head.size) + " lá vào " + options.out_dir +
                 " (C2SP tlog-tiles): checkpoint, tile/.");
    for (const std::string& name : CosignersOf(installation, head)) console.Line("Nhân chứng " + name + " đã cùng ký.");
  }
  return ExitCode::kDone;
}

CommandResult RunLogKey(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  const Settings& settings = installation.settings();
  MC_TRY(const std::string seed, settings.log_key.ResolveKey());
  const std::string key = VerifierKey({settings.log_origin, seed});
  if (console.json()) {
    console.Print({{"origin", settings.log_origin}, {"verifier_key", key}});
  } else {
    console.Line(key);
  }
  return ExitCode::kDone;
}

}  // namespace mc
