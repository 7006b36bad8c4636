// A value of a JSON document of our own together with where it stands, so that every
// refusal names the JSON Pointer (RFC 6901) and the rule that was broken.
//
// Borrows the document: it must outlive every JsonAt made from it. Safe from any thread
// while nobody changes the document. All errors are kConfig; the message starts with the
// pointer in quotes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.h"
#include "core/json.h"
#include "core/ratio.h"
#include "core/result.h"
#include "core/time.h"

namespace mc {

class JsonAt {
 public:
  explicit JsonAt(const Json& value, std::string pointer = "") : value_(&value), pointer_(std::move(pointer)) {}

  const Json& value() const { return *value_; }
  const std::string& pointer() const { return pointer_; }

  // An object with no other keys than these ("not_object", "unknown_key").
  Status Keys(const std::vector<std::string>& known) const;
  // A member that must be there ("missing_key"); REQUIRES an object (call Keys first).
  Result<JsonAt> Member(std::string_view key) const;
  // A member that may be absent; null is a value, not an absence.
  std::optional<JsonAt> Find(std::string_view key) const;
  // As Find, but null is an absence too.
  std::optional<JsonAt> Given(std::string_view key) const;
  // Text() and Sha256() of a member that must be there.
  Result<std::string> MemberText(std::string_view key, std::size_t limit_bytes) const;
  Result<Digest> MemberDigest(std::string_view key) const;
  // The elements of an array of at most `limit` ("not_array", "too_many").
  Result<std::vector<JsonAt>> Items(std::size_t limit) const;

  // Text of 1..limit bytes ("not_text", "empty_text", "text_too_long").
  Result<std::string> Text(std::size_t limit_bytes) const;
  Result<Digest> Sha256() const;                                                // as 64 hex digits ("bad_digest")
  Result<bool> Bool() const;                                                    // "not_bool"
  Result<std::int64_t> Count(std::int64_t lowest, std::int64_t highest) const;  // "not_integer", "out_of_range"
  // A decimal as text, as Ratio::FromDecimal reads it. A JSON number is refused: it may
  // have passed through a float ("not_decimal_text", "bad_decimal").
  Result<Ratio> Decimal() const;
  Result<Ratio> DecimalOrFraction() const;  // "0.25" or "1/4"
  Result<CivilDate> Date() const;           // "bad_date"
  // Position of the text in `names` ("unknown_name", naming the nearest).
  Result<std::size_t> OneOf(const std::vector<std::string>& names) const;

  Error Fail(std::string code, std::string_view rule) const;

 private:
  const Json* value_;
  std::string pointer_;
};

// `token` as one reference token of a JSON Pointer, with its slash.
std::string PointerToken(std::string_view token);

}  // namespace mc
