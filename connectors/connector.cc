#include "connectors/connector.h"

#include <algorithm>
#include <set>
#include <thread>

#include "connectors/json_shape.h"
#include "connectors/pull_common.h"
#include "core/text.h"

namespace mc {
namespace {

Status CheckSettings(const Manifest& manifest, const SourceSettings& settings) {
  const std::string& url = settings.base_url;
  if (!(url.starts_with("http://") || url.starts_with("https://")) || url.find_first_of(" ?#\r\n") != url.npos) {
    return ConfigError("bad_base_url", "source " + manifest.id + ": base_url must start with http:// or https://");
  }
  const std::string& secret = manifest.auth.secret;
  const auto found = settings.secrets.find(secret);
  if (!secret.empty() && (found == settings.secrets.end() || found->second.empty())) {
    return ConfigError("missing_secret", "source " + manifest.id + ": give the secret \"" + secret + "\"");
  }
  if (manifest.own_subscription) {
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

bool SleepThread(std::chrono::milliseconds wait) {
  std::this_thread::sleep_for(wait);
  return true;
}

Result<std::unique_ptr<Connector>> MakeConnector(const Manifest& manifest, SourceSettings settings, HttpClient& http,
                                                 const Clock& clock, Sleeper sleep) {
  MC_CHECK_OK(CheckSettings(manifest, settings));
  PullPlan plan;
  plan.limits = manifest.limits;
  plan.start = settings.start;
  const std::unique_ptr<JsonShape> shape = ShapeOf(manifest.kind);
  if (shape) plan.whole_days = shape->WholeDays();
  if (shape && shape->ByUnit()) plan.scopes = ScopesOf(settings.unit_codes);
  if (plan.scopes.empty()) {
    return ConfigError("no_unit_codes", "source " + manifest.id + ": give the unit codes that it is asked for");
  }
  PullContext context{manifest, std::move(settings), std::move(plan), http, clock, std::move(sleep)};
  return shape ? MakePagedJson(std::move(context)) : MakeEdxmlList(std::move(context));
}

}  // namespace mc
