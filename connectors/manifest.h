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
#include <utility>
#include <vector>

#include "connectors/record_spec.h"
#include "core/json.h"
#include "core/result.h"

namespace mc {

// One wire shape each; registry.h holds what there is to know about them.
enum class ConnectorKind {
  kEdxmlList,
  kDossierRead,
  kFieldReports,
  kQlnvTasks,
  kHttpJson,
  kHttpXml,
  kFileDrop,
  kInbox
};

// How an answer says that it is one. Needed where errors come with HTTP 200.
struct SuccessTest {
  std::string field;                 // a path, in kinds of their own a top-level name; empty: not tested
  std::vector<std::string> equals;   // texts that mean success ("0", "00"; true and 0 are compared as text)
  std::vector<std::int64_t> status;  // HTTP statuses that are answers; empty: 200 to 299
  std::string empty;                 // path of an error field that says nothing
};

struct Endpoint {
  std::string method;  // "GET" or "POST"
  std::string path;    // below base_url, starts with '/'
  std::optional<SuccessTest> success;
};

struct ManifestStream {
  std::string id;
  std::string argument;               // what the request says to choose it; empty where it says nothing
  std::string endpoint;               // generic kinds over HTTP: what it reads
  std::optional<RecordSpec> records;  // instead of the manifest's
};

enum class AuthKind { kNone, kHeader, kHeaders, kBearer, kBasic, kOAuth2, kHmac, kLogin, kSession };
enum class ClientAuth { kBasic, kForm };

struct HmacTimestamp {
  std::string header;
  std::string format;  // of time_text.h, or "vxp"
};

// Everything called a secret here is a name under which the installation gives the value.
struct ManifestAuth {
  AuthKind kind = AuthKind::kNone;
  std::string header;                                        // kHeader: the name of the header
  std::string secret;                                        // header's value, token, password, client secret, key
  std::vector<std::pair<std::string, std::string>> headers;  // kHeaders, kHmac, kLogin, kSession: header -> secret
  std::string user;                                          // kBasic, kLogin, kSession: secret
  std::string client_id;                                     // kOAuth2: secret
  std::string endpoint;                                      // kOAuth2: of the token; kSession: of the login
  ClientAuth client_auth = ClientAuth::kBasic;
  std::string scope;
  std::int64_t leeway_seconds = 30;
  std::string signature;                    // kHmac: header of the signature
  std::vector<std::string> signed_headers;  // kHmac, in order
  std::optional<HmacTimestamp> timestamp;
  std::string copy_prefix;  // kHmac: the signed headers are sent again under it
  std::string names;        // kHmac: header that lists the signed ones
  std::string login_path;   // kLogin: below base_url
  std::string application;  // kLogin: applicationCode; may be empty
  std::vector<std::string> ended;  // kSession: texts of the success field that say that the session is over

  std::vector<std::string> Secrets() const;  // all names, each once
};

// How a message hub words its list and its fetch (edxml_list).
struct MessageSpec {
  bool in_headers = false;                                 // parameters travel as headers, else in the query
  bool by_days = true;                                     // the list takes fromDate and toDate, else it is whole
  std::vector<std::pair<std::string, std::string>> fixed;  // sent with both
  ValuePath message;                                       // of the message in a JSON answer; empty: it is the answer
};

enum class BodyKind { kQuery, kJson, kForm };
enum class WindowSelects { kCreated, kChanged };

struct WindowSpec {
  std::string from, to;  // parameters
  std::string format;    // of time_text.h
  bool end_included = false;
  WindowSelects selects = WindowSelects::kChanged;
};

// How the generic kinds over HTTP word a request.
struct RequestSpec {
  std::vector<std::pair<std::string, std::string>> parameters;  // fixed
  std::string argument;  // parameter that carries the stream's argument; may be empty
  std::string unit;      // parameter that carries the unit code; may be empty
  std::optional<WindowSpec> window;
  BodyKind body = BodyKind::kQuery;
  bool numbers_as_text = false;  // of a JSON body
};

enum class PagingKind { kNone, kPage, kOffset, kCursor, kLinkHeader };

struct PagingSpec {
  PagingKind kind = PagingKind::kNone;
  std::string parameter;    // of the page number, offset or cursor
  std::int64_t first = 1;   // kPage
  std::string size;         // parameter; may be empty
  std::string read;         // kCursor: path in the answer, or
  std::string read_header;  // a header's name, in lower case
  std::string more;         // kCursor: path of a flag, "false" ends; may be empty
};

struct ManifestLimits {
  std::int64_t page_body_limit_bytes = 64ll * 1024 * 1024;  // of one answer, after decoding
  std::int64_t record_limit_bytes = 2ll * 1024 * 1024;      // over it a record is unreadable, the page goes on
  std::int64_t records_per_page = 100;  // asked for in one request; a Page holds fewer than twice as many,
  std::int64_t records_per_commit = 0;  // or than this and one request's more; 0: as records_per_page
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
  std::string rules;        // name of the rule file that reads its records; its id where not stated
  std::string title;        // Vietnamese, for people
  std::string owner;
  std::string legal_basis;
  std::vector<std::string> assumptions;  // what we could not check against a live system
  ConnectorKind kind = ConnectorKind::kEdxmlList;
  std::map<std::string, Endpoint> endpoints;
  std::vector<ManifestStream> streams;  // in the order in which a run pulls them
  ManifestAuth auth;
  ManifestLimits limits;
  RequestSpec request;  // where the kind takes these sections
  PagingSpec paging;
  MessageSpec messages;
  std::optional<RecordSpec> records;  // there exactly where the kind takes it
  std::int64_t lag_limit_minutes = 0;
  std::int64_t expected_interval_minutes = 0;
  bool own_subscription = false;  // an acknowledgement queue that is ours alone; else it only reads
};

// Strict reading: kConfig with JSON Pointer and rule; an unknown key names the nearest one.
Result<Manifest> ParseManifest(const Json& document);
Result<Manifest> ReadManifest(const std::string& path);

std::string_view Name(ConnectorKind kind);  // "edxml_list"

// How the records of a stream are read. REQUIRES a kind that takes "records".
const RecordSpec& SpecOf(const Manifest& manifest, const ManifestStream& stream);

}  // namespace mc
