#include "gateway/known_fields.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "connectors/field_names.h"
#include "core/json.h"
#include "core/json_at.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr std::int64_t kFieldsVersion = 1;

// The name as it may be told: the words of an interface, and no content that stands where a name should.
std::string_view Shown(std::string_view name) {
  std::size_t digits = 0, most = 0;
  for (const char c : name) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    most = std::max(most, digits);
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return kHiddenField;
  }
  const bool plain = !name.empty() && name.size() <= kFieldNameLimitBytes && IsValidUtf8(name);
  return plain && most <= kFieldNameDigitsLimit ? name : kHiddenField;
}

}  // namespace

Status KnownFields::Read(const Json& document) {
  const JsonAt root(document);
  MC_CHECK_OK(root.Keys({"v", "streams"}));
  MC_TRY(const JsonAt version, root.Member("v"));
  MC_CHECK_OK(version.Count(kFieldsVersion, kFieldsVersion));
  MC_TRY(const JsonAt streams, root.Member("streams"));
  if (!streams.value().is_object()) return streams.Fail("not_object", "streams with their names");
  for (const auto& [id, value] : streams.value().items()) {
    const JsonAt at(value);
    MC_CHECK_OK(at.Keys({"learned", "names"}));
    MC_TRY(const JsonAt learned, at.Member("learned"));
    MC_TRY(streams_[id].learned, learned.Bool());
    MC_TRY(const JsonAt names, at.Member("names"));
    MC_TRY(const std::vector<JsonAt> items, names.Items(kFieldNamesLimit + 2));
    for (const JsonAt& item : items) {
      MC_TRY(std::string name, item.Text(kFieldNameLimitBytes));
      if (name != kFurtherFields) ++count_;
      streams_[id].names.insert(std::move(name));
    }
  }
  return Ok();
}

KnownFields::KnownFields(const std::optional<Cursor>& saved) {
  if (!saved) return;
  const auto document = ParseJson(saved->text);
  if (document.ok() && document->is_object() && Read(*document).ok()) return;
  streams_.clear();
  count_ = 0;
}

void KnownFields::Learned() {
  for (auto& [id, stream] : streams_) {
    if (stream.learned || stream.names.empty()) continue;
    stream.learned = true;
    changed_ = true;
  }
}

// The name under which it is known from now on; none where that was known already. Past the limit
// one name more is taken, which stands for all that follow.
std::optional<std::string_view> KnownFields::Add(Stream& stream, std::string_view name) {
  const bool room = count_ < kFieldNamesLimit;
  const std::string_view kept = room ? name : kFurtherFields;
  if (!stream.names.emplace(kept).second) return std::nullopt;
  if (room) ++count_;
  changed_ = true;
  return kept;
}

std::vector<std::string> KnownFields::See(const std::vector<SourceRecord>& records) {
  std::vector<std::string> fresh;
  for (const SourceRecord& record : records) {
    Stream& stream = streams_[record.stream];
    EachFieldName(record, [&](std::string_view raw) {
      if (stream.names.contains(raw)) return;
      const auto added = Add(stream, Shown(raw));
      if (added && stream.learned) fresh.push_back(record.stream + "/" + std::string(*added));
    });
  }
  return fresh;
}

Cursor KnownFields::Saved() {
  changed_ = false;
  Json streams = Json::object();
  for (const auto& [id, stream] : streams_) streams[id] = {{"learned", stream.learned}, {"names", stream.names}};
  return {Json({{"v", kFieldsVersion}, {"streams", std::move(streams)}}).dump()};
}

}  // namespace mc
