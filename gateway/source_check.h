// `sources check`: what is wrong with a source, step by step, stopping at the first fault.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/http.h"
#include "core/result.h"
#include "core/time.h"
#include "gateway/installation.h"

namespace mc {

// In the order in which they are tried.
enum class CheckStep { kSettings, kAddress, kCertificate, kCredentials, kRights, kShape, kClock };

// A source's clock further from ours than this is a fault: windows would miss records.
inline constexpr std::int64_t kClockSkewLimitSeconds = 300;

struct StepResult {
  CheckStep step;
  std::optional<Error> error;  // none: in order
};

// The step that an error of the connection or of Connector::Check speaks of. `http_status` is
// that of the last answer, 0 without one. Pure.
CheckStep StepOf(const Error& error, int http_status);
// Our clock against the Date header of an answer (none, or unreadable: nothing to say). Pure.
std::optional<Error> CheckClock(const HttpResponse& response, Instant now);

// Two small requests at most per stream; the last result is the first fault, if there is one.
std::vector<StepResult> CheckSource(const Installation& installation, const std::string& source, Store& store,
                                    HttpClient& http, const Clock& clock);

std::string_view Name(CheckStep step);  // "address"

}  // namespace mc
