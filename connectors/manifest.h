// What a platform is, as data: docs/formats/manifest.md (`minhchung/manifest@1`).
//
// A closed grammar: ids, paths, parameters, numbers with their unit in the name; no
// expressions. What differs between installations (address, secrets, scope) is not here but
// in SourceSettings. Plain values; safe from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/result.h"

namespace mc {

// One wire shape; each has its own .cc here.
enum class ConnectorKind { kEdxmlList, kDossierRead, kFieldReports, kQlnvTasks };

// How an answer says that it is one: a top-level field whose text is in the list
// ("0", "00", true and 0 are compared as text). Needed where errors come with HTTP 200.
struct SuccessTest {
  std::string field;
  std::vector<std::string> equals;
};

struct Endpoint {
  std::string method;  // "GET" or "POST"
  std::string path;    // below base_url, starts with '/'
  std::optional<SuccessTest> success;
};

struct ManifestStream {
  std::string id;
  std::string argument;  // what the request says to choose it; empty where it says nothing
};

enum class AuthKind { kNone, kHeader, kBearer };

struct ManifestAuth {
  AuthKind kind = AuthKind::kNone;
  std::string header;  // kHeader: the name of the header
  std::string secret;  // the name under which the installation gives the value
};

struct ManifestLimits {
  std::int64_t page_body_limit_bytes = 64ll * 1024 * 1024;  // of one answer, after decoding
  std::int64_t record_limit_bytes = 2ll * 1024 * 1024;      // over it a record is unreadable, the page goes on
  std::int64_t records_per_page = 100;  // asked for in one request; a Page holds fewer than twice as many
  std::int64_t pages_per_pull = 20;     // answers read for one Page
  std::int64_t max_attempts = 5;        // of one request
  std::int64_t request_timeout_ms = 30'000;
  std::int64_t connect_timeout_ms = 5'000;
  std::int64_t retry_after_limit_seconds = 120;  // a longer Retry-After ends the pull instead
  std::int64_t window_days = 7;                  // width of one window of the read service
  std::int64_t overlap_days = 1;                 // re-read before the position reached
  std::int64_t lookback_days = 0;                // re-read in each run, where records change after their window
  std::int64_t first_pull_days = 120;            // reach of the first pull, where the installation sets no start
};

struct Manifest {
  std::string id;
  std::string register_id;  // the system of record behind it
  std::string title;        // Vietnamese, for people
  std::string owner;
  std::string legal_basis;
  std::vector<std::string> assumptions;  // what we could not check against a live system
  ConnectorKind kind = ConnectorKind::kEdxmlList;
  std::map<std::string, Endpoint> endpoints;
  std::vector<ManifestStream> streams;  // in the order in which a run pulls them
  ManifestAuth auth;
  ManifestLimits limits;
  std::int64_t lag_limit_minutes = 0;
  std::int64_t expected_interval_minutes = 0;
  bool own_subscription = false;  // an acknowledgement queue that is ours alone; else it only reads
};

// Strict reading: kConfig with JSON Pointer and rule; an unknown key names the nearest one.
Result<Manifest> ParseManifest(const Json& document);
Result<Manifest> ReadManifest(const std::string& path);

std::string_view Name(ConnectorKind kind);  // "edxml_list"

}  // namespace mc
