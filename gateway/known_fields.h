// Which fields the streams of one source have sent so far, so that an operator hears of another one,
// once. Names alone; what is stored is for operation and no evidence, and nothing of a pull or of
// what is kept depends on it.
//
// A stream is learned in silence up to the end of the first complete pull that brings some of it.
// More names than the limit, and names that hold numbers, are told of once and no further. Used by
// one thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "core/source_record.h"

namespace mc {

inline constexpr std::size_t kFieldNamesLimit = 500;  // of one source, all streams together
inline constexpr std::size_t kFieldNameLimitBytes = 100;
inline constexpr std::size_t kFieldNameDigitsLimit = 5;  // in a row; more may be the number of a person or a record
// What stands for every name that is not shown, and for those past the limit.
inline constexpr std::string_view kHiddenField = "?";
inline constexpr std::string_view kFurtherFields = "...";

class KnownFields {
 public:
  // As Saved() wrote it; another text: nothing is known yet, and it learns.
  explicit KnownFields(const std::optional<Cursor>& saved);

  // "stream/name" of what these records bring that was never there, now known; none while it learns.
  std::vector<std::string> See(const std::vector<SourceRecord>& records);
  void Learned();  // a complete pull has ended

  bool changed() const { return changed_; }  // since it was read or last saved
  Cursor Saved();

 private:
  struct Stream {
    std::set<std::string, std::less<>> names;
    bool learned = false;
  };
  Status Read(const Json& document);
  std::optional<std::string_view> Add(Stream& stream, std::string_view name);

  std::map<std::string, Stream> streams_;
  std::size_t count_ = 0;  // of names, without those that stand for others past the limit
  bool changed_ = false;
};

}  // namespace mc
