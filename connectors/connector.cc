#include "connectors/connector.h"

#include <algorithm>
#include <set>
#include <thread>

#include "connectors/factories.h"
#include "connectors/json_shape.h"
#include "connectors/pull_common.h"
#include "connectors/registry.h"
#include "core/text.h"

namespace mc {
namespace {

Status CheckPlace(const Manifest& manifest, const SourceSettings& settings) {
  const KindRow& row = RowOf(manifest.kind);
  const std::string& url = settings.base_url;
  const bool http = url.starts_with("http://") || url.starts_with("https://");
  if (row.needs_base_url && (!http || url.find_first_of(" ?#\r\n") != url.npos)) {
    return ConfigError("bad_base_url", "source " + manifest.id + ": base_url must start with http:// or https://");
  }
  if (row.needs_folder && settings.folder.empty()) {
    return ConfigError("no_folder", "source " + manifest.id + ": give the folder that its files are put in");
  }
  return Ok();
}

Status CheckSettings(const Manifest& manifest, const SourceSettings& settings) {
  MC_CHECK_OK(CheckPlace(manifest, settings));
  for (const std::string& secret : manifest.auth.Secrets()) {
    const auto found = settings.secrets.find(secret);
    if (found == settings.secrets.end() || found->second.empty()) {
      return ConfigError("missing_secret", "source " + manifest.id + ": give the secret \"" + secret + "\"");
    }
  }
  if (manifest.own_subscription && !RowOf(manifest.kind).may_acknowledge) {
    return ConfigError("not_supported",
                       "source " + manifest.id + ": this kind only reads, leave \"subscription\" away");
  }
  return Ok();
}

std::vector<std::string> ScopesOf(const std::vector<std::string>& codes) {
  std::set<std::string> sorted;
  for (const std::string& code : codes) {
    const std::string_view trimmed = Trim(code);
    if (!trimmed.empty()) sorted.insert(std::string(trimmed));
  }
  return {sorted.begin(), sorted.end()};
}

}  // namespace

Result<Page> Connector::ReadAgain(const std::string&, const std::string&, const std::vector<RecordAsk>&,
                                  const std::optional<Cursor>&) {
  return DataError("no_read_back", "source " + manifest().id + " cannot be asked for what it gave before");
}

bool SleepThread(std::chrono::milliseconds wait) {
  std::this_thread::sleep_for(wait);
  return true;
}

Result<PullContext> PlanPull(const Manifest& manifest, SourceSettings settings, const ConnectorContext& context,
                             PullNeeds needs) {
  PullPlan plan;
  plan.limits = manifest.limits;
  plan.start = settings.start;
  plan.whole_days = needs.whole_days;
  if (needs.by_unit) plan.scopes = ScopesOf(settings.unit_codes);
  if (plan.scopes.empty()) {
    return ConfigError("no_unit_codes", "source " + manifest.id + ": give the unit codes that it is asked for");
  }
  return PullContext{manifest, std::move(settings), std::move(plan), context.http, context.clock, context.sleep};
}

Result<std::unique_ptr<Connector>> MakePagedJsonOf(const Manifest& manifest, SourceSettings settings,
                                                   const ConnectorContext& context) {
  const std::unique_ptr<JsonShape> shape = ShapeOf(manifest.kind);
  MC_TRY(PullContext pull, PlanPull(manifest, std::move(settings), context, {shape->WholeDays(), shape->ByUnit()}));
  return MakePagedJson(std::move(pull));
}

Result<std::unique_ptr<Connector>> MakeEdxmlListOf(const Manifest& manifest, SourceSettings settings,
                                                   const ConnectorContext& context) {
  MC_TRY(PullContext pull, PlanPull(manifest, std::move(settings), context, {}));
  return MakeEdxmlList(std::move(pull));
}

Result<std::unique_ptr<Connector>> MakeConnector(const Manifest& manifest, SourceSettings settings,
                                                 const ConnectorContext& context) {
  MC_CHECK_OK(CheckSettings(manifest, settings));
  const KindRow& row = RowOf(manifest.kind);
  if (row.make) return row.make(manifest, std::move(settings), context);
  return ConfigError("not_supported", "source " + manifest.id + ": kind " + std::string(row.name) +
                                          " cannot be pulled here; read its saved files with sync --from");
}

Result<Page> ParseSaved(const Manifest& manifest, std::string_view name, std::string_view bytes, Instant now) {
  return RowOf(manifest.kind).parse_saved(manifest, name, bytes, now);
}

}  // namespace mc
