// Answers that are none: once at each request, and for good from one request on.

#include <algorithm>
#include <memory>

#include "tests/conformance/cases.h"

namespace mc::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr int kWireItems = 3;  // per stream
constexpr milliseconds kDripTimeout{300};

// Where tokens are given; empty where there are none.
std::string IssuerOf(const Manifest& manifest) {
  const ManifestAuth& auth = manifest.auth;
  return auth.endpoint.empty() ? auth.login_path : manifest.endpoints.at(auth.endpoint).path;
}

// Every request meets the fault at its first attempt and is answered at its second.
void Once(Trial& trial, WireFault fault) {
  Stage stage(trial);
  stage.Fill(fault == WireFault::kDrip ? 1 : kWireItems);
  if (fault == WireFault::kDrip) {
    stage.manifest.limits.request_timeout_ms = kDripTimeout.count();
    stage.manifest.limits.window_days = 7;
  }
  const auto spoilt = std::make_shared<int>(0);
  // A client that is refused its token is another matter than a token that has ended.
  const std::string spared = fault == WireFault::kRefused ? IssuerOf(stage.manifest) : "";
  stage.server().SetPlan([fault, spoilt, spared](const WireRequest& request, int before) {
    if (before > 0 || request.path() == spared) return WireFault::kNone;
    ++*spoilt;
    return fault;
  });
  const std::string when = std::string(Name(fault)) + " once";
  ExpectComplete(trial, stage, stage.Collect(), when);
  trial.Expect(stage.Quarantine().empty(), when + ": something good is in quarantine");
  const auto requests = stage.server().Sync();
  std::size_t faulty = 0;
  for (const WireRequest& request : requests) {
    faulty += std::count_if(requests.begin(), requests.end(), [&](const WireRequest& other) {
                return other.target == request.target && other.body == request.body;
              }) > 1;
  }
  trial.Expect(faulty == requests.size(), when + ": a request was not asked again");
  if (fault != WireFault::kTooMany) return;
  const auto patient = std::count_if(stage.waits.begin(), stage.waits.end(), [](const milliseconds& wait) {
    return wait >= std::chrono::seconds(kRetryAfterSeconds);
  });
  trial.Expect(patient > 0 && patient == *spoilt, when + ": it asks again before Retry-After is over");
}

void FaultOnce(Trial& trial) {
  if (!trial.Asks()) return;
  for (const WireFault fault :
       {WireFault::kTooMany, WireFault::kUnavailable, WireFault::kReset, WireFault::kCutBody, WireFault::kShortLength,
        WireFault::kCutGzip, WireFault::kDrip, WireFault::kHtml, WireFault::kEmpty}) {
    Once(trial, fault);
  }
}

// A token that is refused once in the middle is shown or asked for again.
void TokenExpires(Trial& trial) {
  if (trial.Asks()) Once(trial, WireFault::kRefused);
}

// From request number `good` on, nothing is answered well; later all is well again.
void ForGood(Trial& trial, WireFault fault, int good) {
  Stage stage(trial);
  stage.Fill(kWireItems);
  int asked = 0;
  stage.server().SetPlan(
      [&asked, fault, good](const WireRequest&, int) { return asked++ < good ? WireFault::kNone : fault; });
  const std::string when = std::string(Name(fault)) + " from request " + std::to_string(good) + " on";
  const Instant since = stage.clock.Now();
  const SourceResult failed = stage.Collect();
  trial.Expect(failed.error.has_value(), when + ": the run does not fail");
  if (failed.error) {
    const ErrorClass expected = fault == WireFault::kRefused ? ErrorClass::kAuth : ErrorClass::kTransient;
    trial.Expect(failed.error->error_class == expected, when + ": called " + failed.error->code);
  }
  const RunReceipt receipt = stage.LastRun();
  trial.Expect(receipt.outcome == RunOutcome::kFailed, when + ": the receipt does not say failed");
  trial.Expect(failed.error && receipt.error_code == failed.error->code, when + ": the receipt names another error");
  trial.Expect(!stage.CompleteThrough(), when + ": called complete");
  trial.Expect(stage.Doubled().empty() && stage.Faults().empty(), when + ": the store is not sound");
  // What was read before is handed over first, so that the failure may be met twice.
  const std::int64_t patience = 2 * stage.manifest.limits.max_attempts;
  trial.Expect(asked - good <= patience, when + ": it goes on asking (" + std::to_string(asked - good) + " times)");
  stage.server().SetPlan({});
  stage.Pass(minutes(60));
  ExpectComplete(trial, stage, stage.Collect(), when + ", mended", since);
  trial.Expect(stage.Quarantine().empty(), when + ": something good is in quarantine");
}

// The third request, or the last one where a whole pull takes fewer.
int InTheMiddle(Trial& trial) {
  Stage stage(trial);
  stage.Fill(kWireItems);
  stage.Collect();
  const auto asked = static_cast<int>(stage.server().Sync().size());
  trial.Expect(asked >= 2, "a pull of one request has no middle");
  return std::min(2, asked - 1);
}

void FaultForGood(Trial& trial) {
  if (!trial.Asks()) return;
  const int middle = InTheMiddle(trial);
  for (const WireFault fault : {WireFault::kTooMany, WireFault::kUnavailable, WireFault::kReset, WireFault::kCutBody,
                                WireFault::kHtml, WireFault::kRefused}) {
    for (const int good : {0, middle}) ForGood(trial, fault, good);
  }
}

}  // namespace

std::vector<Case> WireCases() {
  return {{"fault_once", &FaultOnce}, {"token_expires", &TokenExpires}, {"fault_for_good", &FaultForGood}};
}

}  // namespace mc::conformance
