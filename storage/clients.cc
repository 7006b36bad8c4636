#include "storage/clients.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/json.h"
#include "core/json_at.h"

namespace mc {
namespace {

constexpr std::array<std::string_view, 3> kClientSteps = {"created", "rotated", "revoked"};

Error BadClientStep(const std::string& rule) { return ConfigError("bad_client_step", rule); }

Status CheckClientStep(const ClientStep& step) {
  if (!IsClientId(step.client)) return BadClientStep("a client's id is c and 16 hex digits");
  if (!IsClientScope(step.scope)) {
    return BadClientStep("a scope is source:ID or unit:CODE of visible ASCII without quotes, at most " +
                         std::to_string(kClientScopeLimitBytes) + " bytes");
  }
  if (step.by.empty() || step.by.size() > kClientByLimitBytes) {
    return BadClientStep("say who does it, in at most " + std::to_string(kClientByLimitBytes) + " bytes");
  }
  if (step.secret_sha256.has_value() == (step.kind == ClientStepKind::kRevoked)) {
    return BadClientStep("a created or rotated client has a new secret, a revoked one has none");
  }
  const std::int64_t most = step.kind == ClientStepKind::kRotated ? kClientOverlapMostSecs : 0;
  if (step.overlap_secs < 0 || step.overlap_secs > most) {
    return BadClientStep("a secret that is replaced goes on for 0 to " + std::to_string(kClientOverlapMostHours) +
                         " hours");
  }
  return Ok();
}

Result<ClientStep> ReadClientStep(const JsonAt& at) {
  MC_CHECK_OK(at.Keys({"at", "by", "client", "overlap_secs", "scope", "secret_sha256", "step", "v"}));
  ClientStep step;
  MC_TRY(const JsonAt when, at.Member("at"));
  MC_TRY(step.at.micros, when.Count(INT64_MIN, INT64_MAX));
  MC_TRY(step.by, at.MemberText("by", kClientByLimitBytes));
  MC_TRY(step.client, at.MemberText("client", kClientIdDigits + 1));
  MC_TRY(const JsonAt overlap, at.Member("overlap_secs"));
  MC_TRY(step.overlap_secs, overlap.Count(0, kClientOverlapMostSecs));
  MC_TRY(step.scope, at.MemberText("scope", kClientScopeLimitBytes));
  MC_TRY(const JsonAt kind, at.Member("step"));
  MC_TRY(const std::size_t which, kind.OneOf({kClientSteps.begin(), kClientSteps.end()}));
  step.kind = static_cast<ClientStepKind>(which);
  if (at.Given("secret_sha256")) {
    MC_TRY(step.secret_sha256, at.MemberDigest("secret_sha256"));
  }
  return step;
}

Status Create(MachineClients& clients, const ClientStep& step) {
  if (clients.contains(step.client)) return ConfigError("client_known", "a client of that id exists: draw another id");
  MachineClient made{step.client, step.scope, step.at, step.by, {}, std::nullopt, ""};
  made.secrets.push_back({*step.secret_sha256, step.at, std::nullopt});
  clients.emplace(step.client, std::move(made));
  return Ok();
}

Status Rotate(MachineClient& client, const ClientStep& step) {
  const auto same = [&](const ClientSecret& secret) { return secret.sha256 == *step.secret_sha256; };
  if (std::any_of(client.secrets.begin(), client.secrets.end(), same)) {
    return ConfigError("secret_known", "the client has this secret already: draw another one");
  }
  client.secrets.erase(client.secrets.begin(), client.secrets.end() - 1);
  client.secrets.front().until = Instant{step.at.micros + step.overlap_secs * kMicrosPerSecond};
  client.secrets.push_back({*step.secret_sha256, step.at, std::nullopt});
  return Ok();
}

}  // namespace

std::string_view Name(ClientStepKind kind) { return kClientSteps.at(static_cast<std::size_t>(kind)); }

bool IsClientId(std::string_view text) {
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == kClientIdDigits + 1 && text.front() == 'c' && std::all_of(text.begin() + 1, text.end(), hex);
}

bool IsClientScope(std::string_view text) {
  const auto token = [](char c) { return c > 0x20 && c < 0x7F && c != '"' && c != '\\'; };
  const std::string_view kind = text.substr(0, text.find(':') + 1);
  return (kind == "source:" || kind == "unit:") && text.size() > kind.size() && text.size() <= kClientScopeLimitBytes &&
         std::all_of(text.begin(), text.end(), token);
}

Result<std::string> ClientStepObject(const ClientStep& step) {
  MC_CHECK_OK(CheckClientStep(step));
  return CanonicalJson(Json{{"at", step.at.micros},
                            {"by", step.by},
                            {"client", step.client},
                            {"overlap_secs", step.overlap_secs},
                            {"scope", step.scope},
                            {"secret_sha256", step.secret_sha256 ? Json(ToHex(*step.secret_sha256)) : Json(nullptr)},
                            {"step", std::string(Name(step.kind))},
                            {"v", 1}});
}

Result<ClientStep> ClientStepFromObject(std::string_view object) {
  const auto json = ParseJson(object);
  auto step = json.ok() ? ReadClientStep(JsonAt(*json)) : Result<ClientStep>(json.error());
  const auto again = step.ok() ? ClientStepObject(*step) : Result<std::string>(step.error());
  if (!again.ok() || *again != object) return BadClientStep("the object is no step of a client");
  return step;
}

Status ApplyClientStep(MachineClients& clients, const ClientStep& step) {
  if (step.kind == ClientStepKind::kCreated) return Create(clients, step);
  const auto found = clients.find(step.client);
  if (found == clients.end() || found->second.scope != step.scope) {
    return ConfigError("no_such_client", "no client has that id and scope; see minhchung client list");
  }
  if (found->second.revoked_at) {
    return ConfigError("client_revoked", "the client is revoked for good; create another one");
  }
  if (step.kind == ClientStepKind::kRotated) return Rotate(found->second, step);
  found->second.revoked_at = step.at;
  found->second.revoked_by = step.by;
  return Ok();
}

}  // namespace mc
