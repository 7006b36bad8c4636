// One document's bytes -> exact record slices: the one splitting of every generic kind,
// whether the bytes were pulled, dropped, pushed or saved.
//
// Pure; safe from any thread. A record that cannot be read is set aside with its bytes and
// the reason; a document that is not whole is an error, and then `page` is untouched.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/record_spec.h"
#include "connectors/records.h"
#include "core/result.h"
#include "core/source_record.h"

namespace mc {

inline constexpr std::size_t kSplitDepthLimit = 64;  // of values or elements inside each other
// XML: namespace declarations along one path. Those around a record are kept beside each of its kind.
inline constexpr std::size_t kInheritedLimit = 64;
inline constexpr std::size_t kInheritedLimitBytes = 2'048;  // prefixes and URIs together

// What one document says beside its records.
struct SplitAnswer {
  bool has_rows = false;           // a list was there, even an empty one
  std::vector<std::string> marks;  // 16 hex digits of the digest of each row, in order, for paging
  std::optional<std::int64_t> total;
  std::map<std::string, std::string> fields;  // of `wanted`: scalars as text; absent, null, lists: not there
  bool order_broken = false;                  // the order promised by the spec does not hold in here
};

// Appends to page.records and page.unreadable. `wanted`: paths ("meta/next") of scalars
// outside the records. Errors: kData "bad_json", "bad_xml", "bad_csv", "dtd_refused", "too_deep",
// "bad_encoding", "too_many_namespaces", and those of ReadXlsx: nothing of the document can be told
// apart; "too_many_rows": over kRowsLimit.
Result<SplitAnswer> SplitDocument(const RecordSpec& spec, std::string_view bytes, const RecordContext& context,
                                  const std::vector<std::string>& wanted, Page& page);

// A row whose slice is known: sets it aside or makes it a record. `reject` is set where the
// row cannot be read as its format. Shared by the formats.
struct SplitRow {
  std::string_view bytes;
  std::string native_id;  // empty: `missing` names the part of the key that is not there
  std::string missing;
  std::optional<std::string> time;  // as the record states it, when it does
  std::optional<RejectionReason> reject;
  std::map<std::string, std::string> facts;  // of this record alone
  std::string place;                         // where in the document, for a rejection's rule: "line 7"
};
class RowTaker {
 public:
  // REQUIRES: all arguments outlive it.
  RowTaker(const RecordSpec& spec, const RecordContext& context, std::string media_type, Page& page,
           SplitAnswer& answer)
      : spec_(spec), context_(context), media_type_(std::move(media_type)), page_(page), answer_(answer) {}
  void Take(SplitRow row);
  // One more row is over kRowsLimit.
  bool Full() const { return answer_.marks.size() >= kRowsLimit; }

 private:
  void Compare(Instant at);

  const RecordSpec& spec_;
  const RecordContext& context_;
  std::string media_type_;
  Page& page_;
  SplitAnswer& answer_;
  std::optional<Instant> last_;
};

// Joins the parts of a key: prefix + "a|b". Empty when one is missing; `missing` names it.
std::string JoinKey(const RecordSpec& spec, const std::vector<std::string>& parts, std::string& missing);

std::optional<std::int64_t> WholeNumber(std::string_view text);  // trimmed, not negative
ValuePath PathOf(std::string_view text);                         // "a/b"

// The formats; SplitDocument chooses.
Result<SplitAnswer> SplitJsonRecords(const RecordSpec& spec, std::string_view bytes, const RecordContext& context,
                                     const std::vector<std::string>& wanted, Page& page);
Result<SplitAnswer> SplitNdjsonRecords(const RecordSpec& spec, std::string_view bytes, const RecordContext& context,
                                       Page& page);
Result<SplitAnswer> SplitCsvRecords(const RecordSpec& spec, std::string_view bytes, const RecordContext& context,
                                    Page& page);
Result<SplitAnswer> SplitXlsxRecords(const RecordSpec& spec, std::string_view bytes, const RecordContext& context,
                                     Page& page);
Result<SplitAnswer> SplitXmlRecords(const RecordSpec& spec, std::string_view bytes, const RecordContext& context,
                                    const std::vector<std::string>& wanted, Page& page);

}  // namespace mc
