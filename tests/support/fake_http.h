// An HttpClient whose answers a test writes, and manifests as they are on disk.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "connectors/registry.h"
#include "core/http.h"

namespace mc::testing {

class FakeHttpClient final : public HttpClient {
 public:
  using Answer = std::function<Result<HttpResponse>(const HttpRequest&)>;

  explicit FakeHttpClient(Answer answer) : answer_(std::move(answer)) {}
  Result<HttpResponse> Send(const HttpRequest& request) override {
    requests.push_back(request);
    return answer_(request);
  }

  std::vector<HttpRequest> requests;

 private:
  Answer answer_;
};

inline HttpResponse Answered(std::string body, int status = 200, std::map<std::string, std::string> headers = {}) {
  return {status, std::move(headers), std::move(body)};
}

// The value of one parameter of a query, %XX decoded.
inline std::string QueryValue(const std::string& url, const std::string& name) {
  const std::size_t mark = url.find('?');
  for (std::size_t at = mark; at != std::string::npos; at = url.find('&', at + 1)) {
    if (url.compare(at + 1, name.size() + 1, name + "=") != 0) continue;
    std::string text;
    for (std::size_t i = at + name.size() + 2; i < url.size() && url[i] != '&'; ++i) {
      const bool escaped = url[i] == '%';
      text += escaped ? static_cast<char>(std::stoi(url.substr(i + 1, 2), nullptr, 16)) : url[i];
      if (escaped) i += 2;
    }
    return text;
  }
  return "";
}

inline Manifest ManifestNamed(const std::string& id) {
  auto manifest = ReadManifest(std::string(MC_SOURCE_DIR) + "/connectors/" + id + ".json");
  REQUIRE_MESSAGE(manifest.ok(), (manifest.ok() ? "" : manifest.error().message));
  return *manifest;
}

// Also for constants, before any test runs.
inline Instant At(const std::string& text) { return ParseInstant(text).value(); }

inline SourceSettings SettingsFor(const Manifest& manifest, CivilDate start) {
  SourceSettings settings;
  settings.base_url = "http://source.example/";
  for (const std::string& name : manifest.auth.Secrets()) settings.secrets[name] = "s3cret";
  settings.unit_codes = {"H26.101", "H26.102 "};
  settings.start = start;
  if (RowOf(manifest.kind).needs_folder) settings.folder = "/nowhere";
  return settings;
}

// A connector over a fake, with the waits that it asked for.
struct Rig {
  explicit Rig(Manifest m, FakeHttpClient::Answer answer, const std::string& now = "2026-06-10T03:00:00Z",
               CivilDate start = *MakeDate(2026, 6, 8))
      : manifest(std::move(m)), http(std::move(answer)), clock(At(now)) {
    settings = SettingsFor(manifest, start);
    Make();
  }

  // As after a restart: nothing is left but manifest and settings.
  void Make() {
    const Sleeper sleep = [this](std::chrono::milliseconds wait) {
      waits.push_back(wait);
      return keep_waiting;
    };
    auto made = MakeConnector(manifest, settings, {http, clock, sleep});
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message));
    connector = std::move(made).value();
  }

  Manifest manifest;
  SourceSettings settings;
  FakeHttpClient http;
  ManualClock clock;
  std::vector<std::chrono::milliseconds> waits;
  bool keep_waiting = true;
  std::unique_ptr<Connector> connector;
};

struct Pulled {
  std::vector<std::string> ids;         // of records, in order, repeats included
  std::vector<std::string> unreadable;  // reason codes
  std::vector<std::string> notes;
  std::vector<Cursor> cursors;  // after each page
  std::int64_t control_total = 0;
  std::optional<Instant> complete_through;
  std::optional<Error> error;
};

// Pulls to the end of the stream, or to the first error.
inline Pulled PullAll(Connector& connector, const std::string& stream, std::optional<Cursor> cursor = std::nullopt) {
  constexpr int kMostPages = 500;
  Pulled out;
  for (int i = 0; i < kMostPages; ++i) {
    const auto page = connector.Pull(stream, cursor);
    if (!page.ok()) {
      out.error = page.error();
      return out;
    }
    for (const auto& record : page->records) out.ids.push_back(record.key.native_id);
    for (const auto& bad : page->unreadable) out.unreadable.push_back(bad.reason.code);
    out.notes.insert(out.notes.end(), page->notes.begin(), page->notes.end());
    out.control_total += page->control_total.value_or(0);
    out.cursors.push_back(page->next);
    cursor = page->next;
    out.complete_through = page->complete_through;
    if (page->end) return out;
  }
  FAIL("the pull does not end");
  return out;
}

}  // namespace mc::testing
