// Splitting a page of JSON into the exact bytes of its records. Pure; any thread.
//
// A bad record never costs its page: records are cut out by a scan that knows strings and
// brackets only, and each is then validated on its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/manifest.h"
#include "core/result.h"
#include "core/source_record.h"
#include "core/time.h"

namespace mc {

struct JsonPage {
  std::vector<std::string_view> records;  // into the caller's bytes
  std::string envelope;                   // the page with its records replaced by []
  std::optional<std::int64_t> total;      // the source's own count
};

// The array stands under one of manifest.record_arrays, at the top, one level down
// ("Data", "daTa"), or is the whole page. A lone object with an id is a page of one.
// kTransient "bad_json" for a page that is cut or no JSON; kData "no_records" for JSON
// without such an array. A BOM and bytes before the first bracket are skipped.
Result<JsonPage> SplitJsonPage(const Manifest& manifest, std::string_view bytes);

// What a record says, as far as a connector may read it: texts and numbers as text,
// trimmed; nullopt when absent, null or empty.
class RecordFields {
 public:
  // nullopt: not a JSON object (or invalid UTF-8, too deep).
  static std::optional<RecordFields> Read(std::string_view record, const std::vector<std::string>& wanted);
  std::optional<std::string> Get(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// True iff an endpoint's own answer means success: success flag, error_code 0 / "0" / "00".
bool EnvelopeSaysOk(const std::string& envelope);

// What stands around a record; the key is filled in by MakeRecord.
struct RecordContext {
  std::string source, register_id;
  Instant observed_at;
  std::map<std::string, std::string> facts;
};

// Cut records into the page's records and unreadable ones (too large, no JSON, no id).
void TakeJsonRecords(const Manifest& manifest, const StreamSpec& stream, const std::vector<std::string_view>& records,
                     const RecordContext& context, Page& page);

// A record that cannot be understood, kept under the hash of its bytes.
UnreadableRecord MakeUnreadable(std::string_view bytes, const std::string& stream, const RecordContext& context,
                                std::string media_type, RejectionReason reason);

}  // namespace mc
