#include "gateway/source_check.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "connectors/http_pull.h"
#include "core/text.h"
#include "gateway/serve.h"

namespace mc {
namespace {

constexpr std::int64_t kCheckAttempts = 2;  // a check is quick; only a pull is patient
constexpr std::array kSteps = {CheckStep::kSettings,    CheckStep::kAddress, CheckStep::kCertificate,
                               CheckStep::kCredentials, CheckStep::kRights,  CheckStep::kShape};

// Keeps the last answer's status and headers.
class Watching final : public HttpClient {
 public:
  explicit Watching(HttpClient& inner) : inner_(inner) {}

  Result<HttpResponse> Send(const HttpRequest& request) override {
    auto response = inner_.Send(request);
    last_ = {};
    if (response.ok()) {
      last_.status = response.value().status;
      last_.headers = response.value().headers;
    }
    return response;
  }
  const HttpResponse& last() const { return last_; }

 private:
  HttpClient& inner_;
  HttpResponse last_;
};

bool IsOneOf(std::string_view code, std::initializer_list<std::string_view> codes) {
  for (const std::string_view each : codes) {
    if (each == code) return true;
  }
  return false;
}

StepResult FaultAt(CheckStep step, const Error& error) {
  return {step, FindingState::kFault, error.code, error.message};
}

// Everything before the first fault is in order.
std::vector<StepResult> UpTo(CheckStep fault, const Error& error) {
  std::vector<StepResult> results;
  for (const CheckStep step : kSteps) {
    if (step == fault) break;
    results.push_back({step, FindingState::kOk, "", ""});
  }
  results.push_back(FaultAt(fault, error));
  return results;
}

// The host of "http://host:port/path", without the brackets of an IPv6 address.
std::string HostOf(std::string_view url) {
  url.remove_prefix(std::min(url.size(), url.find("://") + 3));
  url = url.substr(0, url.find('/'));
  if (url.starts_with('[')) return std::string(url.substr(1, url.find(']') - 1));
  return std::string(url.substr(0, url.find(':')));
}

// By the address that answered; without one by the address in the URL, where it holds one.
bool StaysNear(const std::string& base_url, const HttpPeer& peer) {
  const auto kind = KindOfAddress(peer.address.empty() ? HostOf(base_url) : peer.address);
  return kind.ok() && kind.value() != AddressKind::kPublic;
}

// `surplus` is what the source said of our rights, also where something else is the matter.
Status Try(const Installation& installation, const std::string& source, Store& store, const ConnectorContext& context,
           std::vector<std::string>& surplus) {
  MC_TRY(Manifest manifest, installation.ManifestOf(source));
  MC_TRY(const auto mapper, installation.MapperOf(source));
  MC_TRY(SourceSettings settings, installation.SourceSettingsOf(source, store));
  manifest.limits.max_attempts = kCheckAttempts;
  MC_TRY(const auto connector, MakeConnector(manifest, std::move(settings), context));
  const Status status = connector->Check();
  surplus = connector->SurplusScope();
  return status;
}

// RFC 6749 section 3.3: the characters of a scope token. Another word is the source's own business.
bool IsScopeToken(const std::string& word) {
  return word.size() <= kShownScopeBytes && std::all_of(word.begin(), word.end(), [](char c) {
           return c > 0x20 && c < 0x7F && c != '"' && c != '\\';
         });
}

// What there is to say of a step that has no fault.
StepResult Told(StepResult result, const std::string& base_url, const HttpPeer& peer, Instant now,
                const std::vector<std::string>& surplus) {
  if (result.state == FindingState::kFault) return result;
  if (result.step == CheckStep::kCertificate) return CheckCertificate(base_url, peer, now);
  return result.step == CheckStep::kRights ? CheckRights(surplus) : result;
}

}  // namespace

CheckStep StepOf(const Error& error, int http_status) {
  if (IsOneOf(error.code, {"bad_url", "resolve_failed", "connect_refused", "connect_failed"})) {
    return CheckStep::kAddress;
  }
  if (error.code.starts_with("tls")) return CheckStep::kCertificate;
  if (error.error_class == ErrorClass::kAuth) {
    return http_status == 403 ? CheckStep::kRights : CheckStep::kCredentials;
  }
  // Nothing was sent: what is wrong stands in our own files.
  if (http_status == 0 && error.error_class == ErrorClass::kConfig) return CheckStep::kSettings;
  if (http_status == 0) return CheckStep::kAddress;
  return CheckStep::kShape;
}

std::optional<Error> CheckClock(const HttpResponse& response, Instant now) {
  const auto date = response.headers.find("date");
  if (date == response.headers.end()) return std::nullopt;
  // The reader of HTTP dates counts from the instant that it is given: here the epoch's.
  const auto theirs = RetryAfterOf({0, {{"retry-after", date->second}}, ""}, Instant{0});
  if (!theirs) return std::nullopt;
  const std::int64_t skew = now.micros / kMicrosPerSecond - theirs->count();
  if (std::llabs(skew) <= kClockSkewLimitSeconds) return std::nullopt;
  return ConfigError("clock_skew", "our clock is " + std::to_string(std::llabs(skew)) + " s " +
                                       (skew > 0 ? "ahead of" : "behind") +
                                       " the source's: set both by NTP before the next pull");
}

StepResult CheckCertificate(const std::string& base_url, const HttpPeer& peer, Instant now) {
  constexpr CheckStep kStep = CheckStep::kCertificate;
  if (base_url.empty()) return {kStep, FindingState::kOk, "not_over_http", "not read over HTTP, so there is none"};
  if (!ToLowerAscii(base_url).starts_with("https:")) {
    if (StaysNear(base_url, peer)) {
      return {kStep, FindingState::kOk, "no_certificate", "none: plain http within this machine or a private network"};
    }
    return {kStep, FindingState::kWarning, "no_tls",
            "none: plain http to an address beyond private networks; have the source offer https, or reach it by a "
            "private network"};
  }
  if (!peer.certificate_until) return {kStep, FindingState::kOk, "", ""};
  const std::string until = "valid until " + FormatInstant(*peer.certificate_until);
  const bool soon = peer.certificate_until->micros - now.micros < kCertificateWarningDays * kMicrosPerDay;
  if (soon) return {kStep, FindingState::kWarning, "certificate_ends_soon", until};
  return {kStep, FindingState::kOk, "", until};
}

StepResult CheckRights(const std::vector<std::string>& surplus) {
  if (surplus.empty()) return {CheckStep::kRights, FindingState::kOk, "", ""};
  std::string names;
  std::size_t shown = 0;
  for (const std::string& word : surplus) {
    if (shown == kShownScopes || !IsScopeToken(word)) continue;
    names += (names.empty() ? "" : ", ") + word;
    ++shown;
  }
  if (const std::size_t more = surplus.size() - shown; more > 0) {
    names += (names.empty() ? "" : " and ") + std::to_string(more) + " more";
  }
  return {CheckStep::kRights, FindingState::kWarning, "scope_too_wide",
          "beyond the scope of the manifest the credential may also: " + names};
}

std::vector<StepResult> CheckSource(const Installation& installation, const std::string& source, Store& store,
                                    PeerClient& http, const Clock& clock) {
  Watching watching(http);
  std::vector<std::string> surplus;
  const Status status = Try(installation, source, store, {watching, clock}, surplus);
  std::vector<StepResult> results;
  if (!status.ok()) {
    results = UpTo(StepOf(status.error(), watching.last().status), status.error());
  } else {
    for (const CheckStep step : kSteps) results.push_back({step, FindingState::kOk, "", ""});
    const auto skew = CheckClock(watching.last(), clock.Now());
    results.push_back(skew ? FaultAt(CheckStep::kClock, *skew) : StepResult{CheckStep::kClock, {}, "", ""});
  }
  const auto& all = installation.settings().sources;
  const auto settings = all.find(source);
  if (settings == all.end()) return results;
  for (StepResult& result : results) {
    result = Told(std::move(result), settings->second.base_url, http.Peer(), clock.Now(), surplus);
  }
  return results;
}

FindingState Worst(const std::vector<StepResult>& steps) {
  FindingState worst = FindingState::kOk;
  for (const StepResult& step : steps) worst = std::max(worst, step.state);
  return worst;
}

std::string_view Name(CheckStep step) {
  switch (step) {
    case CheckStep::kSettings: return "settings";
    case CheckStep::kAddress: return "address";
    case CheckStep::kCertificate: return "certificate";
    case CheckStep::kCredentials: return "credentials";
    case CheckStep::kRights: return "rights";
    case CheckStep::kShape: return "shape";
    case CheckStep::kClock: return "clock";
  }
  return "";
}

std::string_view Name(FindingState state) {
  switch (state) {
    case FindingState::kOk: return "ok";
    case FindingState::kWarning: return "warning";
    case FindingState::kFault: return "fault";
  }
  return "";
}

}  // namespace mc
