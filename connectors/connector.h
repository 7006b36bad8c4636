// A connector pulls bytes from one platform and hands them on as pages of SourceRecords.
// It reads; it never changes anything in the platform.
//
// Fetch and parse are apart: Pull() does the I/O through the HttpClient it was given,
// ParseSaved() is a pure function over bytes, and both end in the same record splitting.
// A connector is used by one thread at a time and keeps no state that a restart would
// miss: its position is the Cursor, which the store saves with the page it closes.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/manifest.h"
#include "core/http.h"
#include "core/result.h"
#include "core/source_record.h"
#include "core/time.h"

namespace mc {

class InboxReader;  // core/inbox.h: what was pushed to us and not yet taken

// What one installation says about one source: its address, secrets and scope.
struct SourceSettings {
  std::string base_url;                        // "https://host/path", no trailing slash needed; over HTTP only
  std::string folder;                          // file_drop only
  std::map<std::string, std::string> secrets;  // resolved values, by the names that the manifest asks for
  std::vector<std::string> unit_codes;         // organisation codes to ask for, where the wire needs one
  std::optional<CivilDate> start;              // first day of interest
};

// A record that is asked for again.
struct RecordAsk {
  std::string native_id;
  std::map<std::string, std::string> facts;  // SourceRecord::facts
};

class Connector {
 public:
  virtual ~Connector() = default;

  virtual const Manifest& manifest() const = 0;

  // Address, credentials and shape, by one small request per stream. The error says what
  // to change; kAuth for credentials, kTransient when the source is down.
  virtual Status Check() = 0;

  // Words of scope that our credential has beyond those that the manifest names, as the source itself
  // said during the last Check() or Pull(); empty where it says nothing of it. A wider credential than
  // reading needs is no fault of a pull, but a risk to tell of.
  virtual std::vector<std::string> SurplusScope() const { return {}; }

  // Stream ids in the order in which a run pulls them.
  virtual std::vector<std::string> Streams() const = 0;

  // One bounded step after `cursor` (absent: from the start). Call again with page.next
  // until page.end. Retries, back-off, Retry-After and all limits are inside. On an error
  // nothing of this step was handed over, and the cursor stays where it was.
  virtual Result<Page> Pull(const std::string& stream, const std::optional<Cursor>& cursor) = 0;

  // One bounded step through a window in which records stood once (Page::windows), or through `asked` itself where
  // the source can be asked for one record; others may come, too. Absent `at`: from its beginning. Call again with
  // page.next until page.end. complete_through on the last page: all that the source offers there was seen. Under
  // the same limits, retries and errors as Pull, and no position of Pull is moved. kData "file_gone" where a file is
  // no longer there, "no_read_back" from a source that cannot be asked.
  virtual Result<Page> ReadAgain(const std::string& stream, const std::string& window,
                                 const std::vector<RecordAsk>& asked, const std::optional<Cursor>& at);
};

// Waits between attempts; false when the wait was cut short because the program ends.
using Sleeper = std::function<bool(std::chrono::milliseconds)>;
bool SleepThread(std::chrono::milliseconds wait);  // always waits to the end

// What a connector is given by the program around it. All outlive the connector.
struct ConnectorContext {
  HttpClient& http;
  const Clock& clock;
  Sleeper sleep = SleepThread;
  InboxReader* inbox = nullptr;  // kind inbox only
};

// kConfig "bad_base_url", "no_folder", "missing_secret", "no_unit_codes", "not_supported".
Result<std::unique_ptr<Connector>> MakeConnector(const Manifest& manifest, SourceSettings settings,
                                                 const ConnectorContext& context);

// One saved page or message of the manifest's wire format (`sync --from`): pure.
// `name` is the file's path below the given folder (its extension and first folder may say
// more). kData "not_this_format" with a sentence that names what it looks like, when the
// whole file is not of this source; bad records inside a good file are Page::unreadable.
Result<Page> ParseSaved(const Manifest& manifest, std::string_view name, std::string_view bytes, Instant now);

}  // namespace mc
