// Keeps what a pull exchanged, and answers from what was kept: docs/formats/recording.md.
//
// Both are HttpClients, used by one thread at a time. Nothing unredacted is ever written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/http.h"
#include "core/random.h"
#include "core/redact.h"
#include "core/time.h"

namespace mc {

class JsonAt;

inline constexpr std::int64_t kRecordedExchangesLimit = 100'000;  // of one source; the pull goes on unrecorded

struct RecordingOf {
  std::string source;
  std::string base_url;
  std::vector<std::string> secrets;  // as resolved
  // What else shapes the requests, so that a replay can ask the same.
  std::vector<std::string> unit_codes;
  std::optional<CivilDate> start;
};

// Wraps `inner`, which it does not own; both must outlive the connector. `folder` must not
// exist yet: kConfig "recording_exists", "cannot_write". A disk that fails later ends the
// pull with kInternal "cannot_write", since a recording with holes replays nothing.
Result<std::unique_ptr<HttpClient>> RecordTo(const std::filesystem::path& folder, RecordingOf what, HttpClient& inner,
                                             const Clock& clock, RandomSource& random);

// Answers in the order of the recording; each exchange once.
class ReplayClient final : public HttpClient {
 public:
  // kConfig "cannot_read", "bad_recording".
  static Result<std::unique_ptr<ReplayClient>> Open(const std::filesystem::path& folder, std::string base_url);

  const std::string& source() const { return source_; }
  Instant started_at() const { return started_at_; }
  const std::vector<std::string>& unit_codes() const { return unit_codes_; }
  std::optional<CivilDate> start() const { return start_; }

  // The answer of the next exchange with this method, url and body. Headers are not compared.
  // kInternal "not_recorded".
  Result<HttpResponse> Send(const HttpRequest& request) override;
  bool AllSent() const;  // every exchange was asked for

 private:
  struct Exchange {
    std::string method, url, body;
    std::variant<HttpResponse, Error> outcome;
    bool sent = false;
  };
  Status ReadHead(const JsonAt& root);
  Status Read(const std::filesystem::path& file);

  std::string source_;
  std::string base_url_;
  Instant started_at_;
  std::vector<std::string> unit_codes_;
  std::optional<CivilDate> start_;
  std::vector<Exchange> exchanges_;
};

}  // namespace mc
