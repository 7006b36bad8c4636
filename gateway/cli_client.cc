// client create, rotate, revoke, list: machines that push, and their secrets (docs/operating/machines.md).
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/directory.h"
#include "core/random.h"
#include "core/shown.h"
#include "gateway/cli_records.h"
#include "gateway/commands.h"
#include "gateway/installation.h"
#include "storage/clients.h"

namespace mc {
namespace {

constexpr std::size_t kClientSecretBytes = 32;
constexpr std::int64_t kHourSecs = 3'600;

std::string RandomHex(std::size_t bytes) { return ToHex(SystemRandom().Bytes(bytes)); }

Status CheckUnitKnown(const Installation& installation, Store& store, const std::string& code) {
  MC_TRY(const DirectoryData directory, installation.ImportedDirectory(store));
  const auto has_code = [&](const OrgUnit& unit) {
    return std::any_of(unit.codes.begin(), unit.codes.end(), [&](const UnitCode& one) { return one.code == code; });
  };
  if (std::any_of(directory.units.begin(), directory.units.end(), has_code)) return Ok();
  return ConfigError("unknown_unit", "the directory has no unit with the code " + code + "; see import directory");
}

Result<std::string> WantedScope(const Installation& installation, Store& store, const Options& options) {
  if (options.source.empty() == options.unit.empty()) {
    return ConfigError("usage", "say what the machine is for: --source ID or --unit CODE");
  }
  if (!options.unit.empty()) {
    MC_CHECK_OK(CheckUnitKnown(installation, store, options.unit));
    return "unit:" + options.unit;
  }
  MC_CHECK_OK(installation.ChooseSources({options.source}));
  if (!installation.InboxSources().contains(options.source)) {
    return ConfigError("no_inbox",
                       "the source " + options.source + " is not pushed to: its manifest is not of kind inbox");
  }
  return "source:" + options.source;
}

Status KeepStep(Store& store, ClientStep step, const Options& options) {
  step.by = options.by.empty() ? OsUser() : options.by;
  MC_CHECK_OK(store.AppendClientStep(std::move(step)));
  MC_CHECK_OK(store.SignHead());
  return Ok();
}

Result<MachineClient> ClientNamed(Store& store, const std::string& id) {
  MC_TRY(const StoredClients stored, store.LoadClients());
  const auto found = stored.clients.find(id);
  if (found == stored.clients.end()) {
    return ConfigError("no_such_client", "no client has the id " + WithoutControls(id) + "; see minhchung client list");
  }
  return found->second;
}

void TellTokenKey(const Installation& installation, Console& console) {
  if (installation.settings().machines.IsOn()) return;
  console.Note("Chưa đặt keys.token_signing trong cấu hình: serve chưa cấp mã truy cập cho máy nào.");
}

// The only time that the secret is anywhere but with the machine.
void ShowSecret(const MachineClient& client, const std::string& secret, Console& console) {
  if (console.json()) {
    console.Print({{"client", client.id}, {"secret", secret}, {"scope", client.scope}});
    return;
  }
  console.Line("Mã máy:     " + client.id + " (" + client.scope + ")");
  console.Line("Mã bí mật:  " + secret + "   chỉ in một lần; giao cho máy, không lưu ở đây");
}

Json ClientJson(const MachineClient& client) {
  Json secrets = Json::array();
  for (const ClientSecret& secret : client.secrets) {
    secrets.push_back({{"since", FormatInstant(secret.since)},
                       {"until", secret.until ? Json(FormatInstant(*secret.until)) : Json(nullptr)}});
  }
  return {{"client", client.id},
          {"scope", client.scope},
          {"created_at", FormatInstant(client.created_at)},
          {"created_by", client.created_by},
          {"secrets", std::move(secrets)},
          {"revoked_at", client.revoked_at ? Json(FormatInstant(*client.revoked_at)) : Json(nullptr)},
          {"revoked_by", client.revoked_by}};
}

std::string ClientLine(const MachineClient& client) {
  std::string line =
      client.id + "  " + client.scope + "  tạo " + FormatInstant(client.created_at) + " (" + client.created_by + ")";
  if (client.revoked_at) {
    return line + "  ĐÃ THU HỒI " + FormatInstant(*client.revoked_at) + " (" + client.revoked_by + ")";
  }
  for (const ClientSecret& secret : client.secrets) {
    line += "  mã từ " + FormatInstant(secret.since);
    if (secret.until) line += " đến " + FormatInstant(*secret.until);
  }
  return line;
}

}  // namespace

CommandResult RunClientCreate(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const std::string scope, WantedScope(installation, *store, options));
  const std::string secret = RandomHex(kClientSecretBytes);
  ClientStep step{ClientStepKind::kCreated, "c" + RandomHex(kClientIdDigits / 2), scope, Sha256(secret), 0, "", {}};
  const std::string id = step.client;
  MC_CHECK_OK(KeepStep(*store, std::move(step), options));
  MC_TRY(const MachineClient client, ClientNamed(*store, id));
  ShowSecret(client, secret, console);
  TellTokenKey(installation, console);
  return ExitCode::kDone;
}

CommandResult RunClientRotate(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const MachineClient before, ClientNamed(*store, options.id));
  const std::string secret = RandomHex(kClientSecretBytes);
  MC_CHECK_OK(KeepStep(
      *store,
      {ClientStepKind::kRotated, before.id, before.scope, Sha256(secret), options.overlap_hours * kHourSecs, "", {}},
      options));
  ShowSecret(before, secret, console);
  if (!console.json()) {
    console.Line("Mã trước đó còn dùng được " + std::to_string(options.overlap_hours) + " giờ.");
  }
  return ExitCode::kDone;
}

CommandResult RunClientRevoke(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  MC_TRY(const MachineClient before, ClientNamed(*store, options.id));
  MC_CHECK_OK(KeepStep(*store, {ClientStepKind::kRevoked, before.id, before.scope, std::nullopt, 0, "", {}}, options));
  if (console.json()) {
    console.Print({{"client", before.id}, {"revoked", true}});
  } else {
    console.Line("Đã thu hồi " + before.id + " (" + before.scope +
                 "). Mọi cổng đang chạy từ chối trong vòng một giây.");
  }
  return ExitCode::kDone;
}

CommandResult RunClientList(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenExistingStore());
  MC_TRY(const StoredClients stored, store->LoadClients());
  if (console.json()) {
    Json list = Json::array();
    for (const auto& [id, client] : stored.clients) list.push_back(ClientJson(client));
    console.Print({{"clients", std::move(list)}});
    return ExitCode::kDone;
  }
  for (const auto& [id, client] : stored.clients) console.Line(ClientLine(client));
  if (stored.clients.empty()) console.Line("Chưa có máy nào: minhchung client create --source NGUỒN.");
  return ExitCode::kDone;
}

}  // namespace mc
