#include "storage/leaf.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/evidence_text.h"
#include "core/json.h"

namespace mc {
namespace {

constexpr std::array<std::pair<LeafKind, std::string_view>, 15> kLeafKinds{{
    {LeafKind::kEvidence, "evidence"},
    {LeafKind::kRejection, "rejection"},
    {LeafKind::kReceipt, "receipt"},
    {LeafKind::kDirectory, "directory"},
    {LeafKind::kAssessments, "assessments"},
    {LeafKind::kCatalogue, "catalogue"},
    {LeafKind::kLink, "link"},
    {LeafKind::kDecision, "decision"},
    {LeafKind::kPeriodIndex, "period_index"},
    {LeafKind::kErasure, "erasure"},
    {LeafKind::kLogKey, "log_key"},
    {LeafKind::kReadBack, "read_back"},
    {LeafKind::kQuality, "quality"},
    {LeafKind::kAccess, "access"},
    {LeafKind::kClient, "client"},
}};

constexpr std::array<std::pair<RunOutcome, std::string_view>, 5> kRunOutcomes{{
    {RunOutcome::kComplete, "complete"},
    {RunOutcome::kFailed, "failed"},
    {RunOutcome::kSaved, "saved"},
    {RunOutcome::kReplay, "replay"},
    {RunOutcome::kReadBack, "read_back"},
}};

Error BadLeaf() { return DataError("bad_leaf", "the bytes are not a leaf of this log"); }

Result<std::string> Quoted(const std::string& text) {
  std::string quoted;
  quoted.reserve(text.size() + 2);
  if (AppendJsonText(quoted, text)) return quoted;
  return InternalError("not_canonical", "a text that is not UTF-8 has no canonical form");
}

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

// Cuts the parts out where LeafBytes puts them; writing them again shows whether they were.
Result<Leaf> ParseLeaf(std::string_view bytes) {
  if (bytes.size() > kLeafLimitBytes) return BadLeaf();
  constexpr std::string_view kBeforeCommitment = R"({"commitment":")";
  constexpr std::string_view kBeforeKind = R"(","kind":")";
  constexpr std::string_view kBeforeTime = R"(","time":)";
  constexpr std::size_t kHexBytes = 2 * std::tuple_size_v<Digest>;
  const std::size_t kind_at = kBeforeCommitment.size() + kHexBytes + kBeforeKind.size();
  const std::size_t kind_end = bytes.find('"', std::min(kind_at, bytes.size()));
  if (kind_end == std::string_view::npos) return BadLeaf();
  const auto raw = FromHex(bytes.substr(kBeforeCommitment.size(), kHexBytes));
  const auto commitment = raw ? DigestFromBytes(*raw) : std::nullopt;
  const auto kind = LeafKindFrom(bytes.substr(kind_at, kind_end - kind_at));
  const std::string_view time_text = bytes.substr(std::min(kind_end + kBeforeTime.size(), bytes.size()));
  std::int64_t micros = 0;
  const auto [end, error] = std::from_chars(time_text.data(), time_text.data() + time_text.size(), micros);
  if (!commitment || !kind.ok() || error != std::errc{}) return BadLeaf();
  const Leaf leaf{*kind, Instant{micros}, *commitment};
  if (LeafBytes(leaf) != bytes) return BadLeaf();  // another byte form, or another version
  return leaf;
}

Digest Commit(std::string_view salt, std::string_view object) {
  if (salt.size() != kSaltBytes) std::abort();
  return Sha256({salt, object});
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

// Written by hand, like all that is made once per record: keys stand in canonical order.
Result<std::string> EnvelopeText(const RecordEnvelope& envelope) {
  MC_TRY(const std::string media_type, Quoted(envelope.media_type));
  MC_TRY(const std::string native_id, Quoted(envelope.key.native_id));
  MC_TRY(const std::string register_id, Quoted(envelope.key.register_id));
  MC_TRY(const std::string source, Quoted(envelope.source));
  MC_TRY(const std::string stream, Quoted(envelope.stream));
  std::string text = R"({"digest":")";
  text.append(ToHex(envelope.key.digest)).append(R"(","facts":)").append(envelope.facts);
  text.append(R"(,"length":)").append(std::to_string(envelope.length));
  text.append(R"(,"media_type":)").append(media_type);
  text.append(R"(,"native_id":)").append(native_id);
  text.append(R"(,"observed_at":)").append(std::to_string(envelope.observed_at.micros));
  text.append(R"(,"occurred_at":)");
  text.append(envelope.occurred_at ? std::to_string(envelope.occurred_at->micros) : "null");
  text.append(R"(,"payload_digest":")").append(ToHex(envelope.payload_digest));
  text.append(R"(","recorded_at":)").append(std::to_string(envelope.recorded_at.micros));
  text.append(R"(,"register":)").append(register_id);
  text.append(R"(,"source":)").append(source);
  text.append(R"(,"stream":)").append(stream).append("}");
  return text;
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
  MC_TRY(EvidenceBytes bytes, WriteEvidence(evidence));
  const std::string_view text = bytes.canonical;
  const Digest statement = Sha256({text.substr(0, bytes.provenance_at), text.substr(bytes.provenance_end)});
  return EvidenceText{std::move(bytes.canonical), statement};
}

Result<std::string> EvidenceObject(std::string_view envelope, std::string_view evidence, std::int64_t revision,
                                   const Provenance& from) {
  MC_TRY(const std::string source, Quoted(from.source));
  MC_TRY(const std::string stream, Quoted(from.stream));
  std::string object = R"({"evidence":)";
  object.append(evidence).append(R"(,"record":)").append(envelope);
  object.append(R"(,"revision":)").append(std::to_string(revision));
  object.append(R"(,"run":)").append(std::to_string(from.run));
  return object.append(R"(,"source":)").append(source).append(R"(,"stream":)").append(stream).append("}");
}

std::string RepeatObject(std::string_view envelope, std::int64_t repeats, std::int64_t run) {
  std::string object = R"({"record":)";
  object.append(envelope).append(R"(,"repeats":)").append(std::to_string(repeats));
  return object.append(R"(,"run":)").append(std::to_string(run)).append("}");
}

Result<std::string> RejectionObject(std::string_view envelope, const RejectionReason& reason, std::int64_t run) {
  MC_TRY(const std::string rejection,
         CanonicalJson(
             Json{{"code", reason.code}, {"field", reason.field}, {"message", reason.message}, {"rule", reason.rule}}));
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
      {"offered", receipt.offered ? Json(*receipt.offered) : Json(nullptr)},
      {"outcome", std::string(Name(receipt.outcome))},
      {"register", receipt.register_id},
      {"run", receipt.run},
      {"source", receipt.source},
      {"started_at", receipt.started_at.micros},
      {"unread", receipt.unread},
  });
}

Result<std::string> DecisionObject(const Decision& decision) {
  return CanonicalJson(Json{{"action", decision.action},
                            {"at", decision.at.micros},
                            {"by", decision.by},
                            {"subject", decision.subject},
                            {"why", decision.why}});
}

Result<std::string> LogKeyObject(const std::string& before, const std::string& key) {
  return CanonicalJson(Json{{"before", before}, {"key", key}});
}

std::string ImportObject(LeafKind kind, const Digest& digest, std::int64_t length, Instant imported_at) {
  return R"({"digest":")" + ToHex(digest) + R"(","imported_at":)" + std::to_string(imported_at.micros) +
         R"(,"kind":")" + std::string(Name(kind)) + R"(","length":)" + std::to_string(length) + "}";
}

}  // namespace mc
