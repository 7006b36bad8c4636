// `sources check`: what is wrong with a source, or will soon be, step by step, stopping at the first fault.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/http_peer.h"
#include "core/result.h"
#include "core/time.h"
#include "gateway/installation.h"

namespace mc {

// In the order in which they are tried.
enum class CheckStep { kSettings, kAddress, kCertificate, kCredentials, kRights, kShape, kClock };

// A source's clock further from ours than this is a fault: windows would miss records.
inline constexpr std::int64_t kClockSkewLimitSeconds = 300;

// A certificate that ends within so many days is a warning: its keeper needs that long.
inline constexpr std::int64_t kCertificateWarningDays = 21;

// So many words of scope are shown by name, each of so many bytes at most; of the others how many they are.
inline constexpr std::size_t kShownScopes = 5;
inline constexpr std::size_t kShownScopeBytes = 64;

// What a look at something found.
enum class FindingState { kOk, kWarning, kFault };

struct StepResult {
  CheckStep step;
  FindingState state = FindingState::kOk;
  std::string code;  // empty: in order, and nothing to say about it
  std::string text;  // English: Error::message where it is a fault
};

// The step that an error of the connection or of Connector::Check speaks of. `http_status` is
// that of the last answer, 0 without one. Pure.
CheckStep StepOf(const Error& error, int http_status);
// Our clock against the Date header of an answer (none, or unreadable: nothing to say). Pure.
std::optional<Error> CheckClock(const HttpResponse& response, Instant now);

// What there is to say of a certificate that was accepted, or of a connection that has none: plain http beyond
// this machine and private networks is a warning. `base_url` is empty for a source that is not read over HTTP. Pure.
StepResult CheckCertificate(const std::string& base_url, const HttpPeer& peer, Instant now);

// A credential that may more than reading needs (Connector::SurplusScope) is a warning: nothing fails, but whoever
// steals it may write. Pure.
StepResult CheckRights(const std::vector<std::string>& surplus);

// Two small requests at most per stream; the last result is the first fault, if there is one.
std::vector<StepResult> CheckSource(const Installation& installation, const std::string& source, Store& store,
                                    PeerClient& http, const Clock& clock);

// The worst of them. REQUIRES: there is one.
FindingState Worst(const std::vector<StepResult>& steps);

std::string_view Name(CheckStep step);       // "address"
std::string_view Name(FindingState state);  // "ok", "warning", "fault"

}  // namespace mc
