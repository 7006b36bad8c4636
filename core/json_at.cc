#include "core/json_at.h"

#include <nlohmann/json.hpp>

#include "core/shown.h"

namespace mc {

std::string PointerToken(std::string_view token) {
  std::string out = "/";
  for (char c : token) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

Error JsonAt::Fail(std::string code, std::string_view rule) const {
  // As JSON text: names that the document chose must not forge a second line.
  const std::string quoted = WithoutControls(Json(pointer_).dump(-1, ' ', false, Json::error_handler_t::replace));
  return ConfigError(std::move(code), quoted + ": " + std::string(rule));
}

Status JsonAt::Keys(const std::vector<std::string>& known) const {
  if (!value_->is_object()) return Fail("not_object", "must be an object");
  return RefuseUnknownKeys(*value_, known, pointer_);
}

std::optional<JsonAt> JsonAt::Find(std::string_view key) const {
  const auto found = value_->find(std::string(key));
  if (found == value_->end()) return std::nullopt;
  return JsonAt(*found, pointer_ + PointerToken(key));
}

Result<JsonAt> JsonAt::Member(std::string_view key) const {
  if (auto found = Find(key)) return *found;
  return JsonAt(*value_, pointer_ + PointerToken(key)).Fail("missing_key", "is required");
}

std::optional<JsonAt> JsonAt::Given(std::string_view key) const {
  auto found = Find(key);
  if (found && found->value().is_null()) return std::nullopt;
  return found;
}

Result<std::string> JsonAt::MemberText(std::string_view key, std::size_t limit_bytes) const {
  MC_TRY(const JsonAt member, Member(key));
  return member.Text(limit_bytes);
}

Result<Digest> JsonAt::MemberDigest(std::string_view key) const {
  MC_TRY(const JsonAt member, Member(key));
  return member.Sha256();
}

Result<std::vector<JsonAt>> JsonAt::Items(std::size_t limit) const {
  if (!value_->is_array()) return Fail("not_array", "must be an array");
  if (value_->size() > limit) {
    return Fail("too_many", "holds more than " + std::to_string(limit) + " elements");
  }
  std::vector<JsonAt> items;
  items.reserve(value_->size());
  for (const Json& element : *value_) items.emplace_back(element, pointer_ + "/" + std::to_string(items.size()));
  return items;
}

Result<std::string> JsonAt::Text(std::size_t limit_bytes) const {
  if (!value_->is_string()) return Fail("not_text", "must be a string");
  const auto& text = value_->get_ref<const std::string&>();
  if (text.empty()) return Fail("empty_text", "must not be empty");
  if (text.size() > limit_bytes) {
    return Fail("text_too_long", "must be at most " + std::to_string(limit_bytes) + " bytes");
  }
  return text;
}

Result<Digest> JsonAt::Sha256() const {
  MC_TRY(const std::string hex, Text(2 * Digest().size()));
  const auto raw = FromHex(hex);
  const auto digest = raw ? DigestFromBytes(*raw) : std::nullopt;
  if (!digest) return Fail("bad_digest", "must be 64 hex digits");
  return *digest;
}

Result<bool> JsonAt::Bool() const {
  if (!value_->is_boolean()) return Fail("not_bool", "must be true or false");
  return value_->get<bool>();
}

Result<std::int64_t> JsonAt::Count(std::int64_t lowest, std::int64_t highest) const {
  if (!value_->is_number_integer()) return Fail("not_integer", "must be an integer");
  const bool too_large =
      value_->is_number_unsigned() && value_->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
  const std::int64_t count = too_large ? INT64_MAX : value_->get<std::int64_t>();
  if (too_large || count < lowest || count > highest) {
    return Fail("out_of_range", "must be within " + std::to_string(lowest) + ".." + std::to_string(highest));
  }
  return count;
}

Result<Ratio> JsonAt::Decimal() const {
  if (!value_->is_string()) return Fail("not_decimal_text", "decimals are strings, as in \"1.5\"");
  auto read = Ratio::FromDecimal(value_->get_ref<const std::string&>());
  if (!read.ok()) return Fail("bad_decimal", "must match ^\\d{1,9}(\\.\\d{1,6})?$");
  return read;
}

Result<Ratio> JsonAt::DecimalOrFraction() const {
  if (!value_->is_string() || value_->get_ref<const std::string&>().find('/') == std::string::npos) return Decimal();
  auto read = Ratio::FromFraction(value_->get_ref<const std::string&>());
  if (!read.ok()) return Fail("bad_ratio", "must be a fraction \"p/q\" in lowest terms");
  return read;
}

Result<CivilDate> JsonAt::Date() const {
  if (!value_->is_string()) return Fail("bad_date", "must be a date \"yyyy-mm-dd\"");
  auto read = ParseDate(value_->get_ref<const std::string&>());
  if (!read.ok()) return Fail("bad_date", "must be an existing date \"yyyy-mm-dd\"");
  return read;
}

Result<std::size_t> JsonAt::OneOf(const std::vector<std::string>& names) const {
  if (!value_->is_string()) return Fail("not_text", "must be a string");
  const auto& text = value_->get_ref<const std::string&>();
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return i;
    list += (i == 0 ? "" : ", ") + names[i];
  }
  const std::string nearest = NearestName(text, names);
  return Fail("unknown_name",
              "must be one of " + list + (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
}

}  // namespace mc
