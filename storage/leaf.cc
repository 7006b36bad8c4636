#include "storage/leaf.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/json.h"

namespace mc {
namespace {

constexpr std::array<std::pair<LeafKind, std::string_view>, 6> kLeafKinds{{
    {LeafKind::kEvidence, "evidence"},
    {LeafKind::kRejection, "rejection"},
    {LeafKind::kReceipt, "receipt"},
    {LeafKind::kDirectory, "directory"},
    {LeafKind::kAssessments, "assessments"},
    {LeafKind::kCatalogue, "catalogue"},
}};

constexpr std::array<std::pair<RunOutcome, std::string_view>, 3> kRunOutcomes{{
    {RunOutcome::kComplete, "complete"},
    {RunOutcome::kFailed, "failed"},
    {RunOutcome::kSaved, "saved"},
}};

Error BadLeaf() { return DataError("bad_leaf", "the bytes are not a leaf of this log"); }

Json OptionalMicros(const std::optional<Instant>& at) { return at ? Json(at->micros) : Json(nullptr); }

}  // namespace

std::string_view Name(LeafKind kind) {
  for (const auto& [value, name] : kLeafKinds) {
    if (value == kind) return name;
  }
  std::abort();
}

Result<LeafKind> LeafKindFrom(std::string_view name) {
  for (const auto& [value, known] : kLeafKinds) {
    if (known == name) return value;
  }
  return BadLeaf();
}

std::string_view Name(RunOutcome outcome) {
  for (const auto& [value, name] : kRunOutcomes) {
    if (value == outcome) return name;
  }
  std::abort();
}

Result<RunOutcome> RunOutcomeFrom(std::string_view name) {
  for (const auto& [value, known] : kRunOutcomes) {
    if (known == name) return value;
  }
  return DataError("bad_outcome", "the run has an unknown outcome");
}

// Written by hand because one is made per record: keys in canonical order, nothing to escape.
std::string LeafBytes(const Leaf& leaf) {
  std::string text = R"({"commitment":")";
  text += ToHex(leaf.commitment);
  text += R"(","kind":")";
  text += Name(leaf.kind);
  text += R"(","time":)";
  text += std::to_string(leaf.recorded_at.micros);
  text += R"(,"v":1})";
  return text;
}

Result<Leaf> ParseLeaf(std::string_view bytes) {
  if (bytes.size() > kLeafLimitBytes) return BadLeaf();
  auto json = ParseJson(bytes);
  if (!json.ok() || !json->is_object() || json->size() != 4) return BadLeaf();
  const auto commitment = json->find("commitment");
  const auto kind = json->find("kind");
  const auto time = json->find("time");
  if (commitment == json->end() || !commitment->is_string() || kind == json->end() || !kind->is_string() ||
      time == json->end() || !time->is_number_integer()) {
    return BadLeaf();
  }
  const auto raw = FromHex(commitment->get_ref<const std::string&>());
  const auto digest = raw ? DigestFromBytes(*raw) : std::nullopt;
  auto leaf_kind = LeafKindFrom(kind->get_ref<const std::string&>());
  if (!digest || !leaf_kind.ok()) return BadLeaf();
  const Leaf leaf{*leaf_kind, Instant{time->get<std::int64_t>()}, *digest};
  if (LeafBytes(leaf) != bytes) return BadLeaf();  // another byte form, or another version
  return leaf;
}

Digest Commit(std::string_view salt, std::string_view object) {
  if (salt.size() != kSaltBytes) std::abort();
  std::string preimage;
  preimage.reserve(salt.size() + object.size());
  preimage.append(salt).append(object);
  return Sha256(preimage);
}

Result<std::string> FactsText(const std::map<std::string, std::string>& facts) {
  if (facts.empty()) return std::string("{}");
  return CanonicalJson(Json(facts));
}

Result<std::map<std::string, std::string>> FactsFromText(std::string_view text) {
  const Error bad = InternalError("bad_facts", "the stored facts of a record are not an object of texts");
  auto json = ParseJson(text);
  if (!json.ok() || !json->is_object()) return bad;
  std::map<std::string, std::string> facts;
  for (const auto& [key, value] : json->items()) {
    if (!value.is_string()) return bad;
    facts.emplace(key, value.get<std::string>());
  }
  auto back = FactsText(facts);
  if (!back.ok() || *back != text) return bad;
  return facts;
}

Result<std::string> EnvelopeText(const RecordEnvelope& envelope) {
  // `facts` is canonical already and the keys around it sort around it.
  MC_TRY(const std::string before, CanonicalJson(Json{{"digest", ToHex(envelope.key.digest)}}));
  MC_TRY(const std::string after, CanonicalJson(Json{
                                      {"length", envelope.length},
                                      {"media_type", envelope.media_type},
                                      {"native_id", envelope.key.native_id},
                                      {"observed_at", envelope.observed_at.micros},
                                      {"occurred_at", OptionalMicros(envelope.occurred_at)},
                                      {"payload_digest", ToHex(envelope.payload_digest)},
                                      {"recorded_at", envelope.recorded_at.micros},
                                      {"register", envelope.key.register_id},
                                      {"source", envelope.source},
                                      {"stream", envelope.stream},
                                  }));
  return before.substr(0, before.size() - 1) + ",\"facts\":" + envelope.facts + "," + after.substr(1);
}

std::string StubFor(std::int64_t length, const Digest& digest) {
  return R"({"length":)" + std::to_string(length) + R"(,"sha256":")" + ToHex(digest) +
         R"(","stub":"over_payload_limit"})";
}

std::string SealContext(std::int64_t ik, const RecordKey& key) {
  // The native id comes last: the parts before it have no '|' or a fixed length.
  return "record|" + IkHex(ik) + "|" + ToHex(key.digest) + "|" + std::to_string(key.register_id.size()) + "|" +
         key.register_id + "|" + key.native_id;
}

Result<EvidenceText> TextOf(const Evidence& evidence) {
  Json json = EvidenceToJson(evidence);
  EvidenceText text;
  MC_TRY(text.canonical, CanonicalJson(json));
  json.erase("mapping_version");
  json.erase("marks");
  MC_TRY(const std::string statement, CanonicalJson(json));
  text.statement = Sha256(statement);
  return text;
}

Result<std::string> EvidenceObject(std::string_view envelope, std::string_view evidence, std::int64_t revision,
                                   const Provenance& from) {
  MC_TRY(const std::string tail, CanonicalJson(Json{{"revision", revision},
                                                    {"run", from.run},
                                                    {"source", from.source},
                                                    {"stream", from.stream}}));
  std::string object = R"({"evidence":)";
  object.append(evidence).append(R"(,"record":)").append(envelope).append(",").append(tail, 1);
  return object;
}

std::string RepeatObject(std::string_view envelope, std::int64_t repeats, std::int64_t run) {
  std::string object = R"({"record":)";
  object.append(envelope).append(R"(,"repeats":)").append(std::to_string(repeats));
  return object.append(R"(,"run":)").append(std::to_string(run)).append("}");
}

Result<std::string> RejectionObject(std::string_view envelope, const RejectionReason& reason, std::int64_t run) {
  MC_TRY(const std::string rejection, CanonicalJson(Json{{"code", reason.code},
                                                         {"field", reason.field},
                                                         {"message", reason.message},
                                                         {"rule", reason.rule}}));
  std::string object = R"({"record":)";
  object.append(envelope).append(R"(,"rejection":)").append(rejection);
  return object.append(R"(,"run":)").append(std::to_string(run)).append("}");
}

Result<std::string> ReceiptObject(const RunReceipt& receipt) {
  const BatchCounts& counts = receipt.counts;
  return CanonicalJson(Json{
      {"complete_through", OptionalMicros(receipt.complete_through)},
      {"control_total", receipt.control_total ? Json(*receipt.control_total) : Json(nullptr)},
      {"counts",
       {{"duplicate", counts.duplicate},
        {"fetched", counts.fetched},
        {"new", counts.added},
        {"quarantined", counts.quarantined},
        {"revised", counts.revised}}},
      {"ended_at", receipt.ended_at.micros},
      {"error_code", receipt.error_code},
      {"outcome", std::string(Name(receipt.outcome))},
      {"register", receipt.register_id},
      {"run", receipt.run},
      {"source", receipt.source},
      {"started_at", receipt.started_at.micros},
  });
}

std::string ImportObject(LeafKind kind, const Digest& digest, std::int64_t length, Instant imported_at) {
  return R"({"digest":")" + ToHex(digest) + R"(","imported_at":)" + std::to_string(imported_at.micros) +
         R"(,"kind":")" + std::string(Name(kind)) + R"(","length":)" + std::to_string(length) + "}";
}

}  // namespace mc
