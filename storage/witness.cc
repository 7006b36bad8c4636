#include "storage/witness.h"

#include <charconv>
#include <optional>

namespace mc {
namespace {

constexpr std::string_view kSizeType = "text/x.tlog.size";

WitnessAnswer Failed(Error error) { return {WitnessAnswer::Kind::kFailed, {}, 0, std::move(error)}; }

WitnessAnswer Failed(const char* code, std::string message) { return Failed(TransientError(code, std::move(message))); }

// A size in decimal and a newline, and nothing else.
std::optional<std::int64_t> SizeIn(const HttpResponse& response) {
  const auto type = response.headers.find("content-type");
  if (type == response.headers.end() || !type->second.starts_with(kSizeType)) return std::nullopt;
  const std::string& body = response.body;
  std::int64_t size = 0;
  const auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), size);
  if (error != std::errc{} || size < 0 || std::to_string(size) + "\n" != body) return std::nullopt;
  return size;
}

// The protocol has two conflicts: another size than we named, which the answer must state, and
// another root at the size that both name.
WitnessAnswer ReadConflict(const HttpResponse& response, std::int64_t old_size, std::int64_t head_size) {
  const auto size = SizeIn(response);
  if (size && *size != old_size) return {WitnessAnswer::Kind::kOtherSize, {}, *size, {}};
  if (old_size == head_size) return {WitnessAnswer::Kind::kFork, {}, head_size, {}};
  return Failed("witness_answer", "the witness reports a conflict (409) but not the size that it has seen");
}

WitnessAnswer ReadCosignature(const HttpResponse& response, const LedgerHead& head, std::string_view witness_key) {
  const auto note = SplitNote(head.checkpoint);
  if (!note) return Failed("witness_answer", "the head that was shown is no signed note");
  auto cosignature = FindCosignature(response.body, note->text, witness_key);
  if (!cosignature.ok()) return Failed(cosignature.error());
  return {WitnessAnswer::Kind::kCosigned, std::move(cosignature).value(), head.size, {}};
}

}  // namespace

std::string AddCheckpointBody(std::int64_t old_size, const ProofHashes& proof, std::string_view checkpoint) {
  std::string body = "old " + std::to_string(old_size) + "\n";
  for (const Digest& hash : proof) body += ToBase64(AsBytes(hash)) + "\n";
  return body + "\n" + std::string(checkpoint);
}

WitnessAnswer ReadWitnessAnswer(const HttpResponse& response, std::int64_t old_size, const LedgerHead& head,
                                std::string_view witness_key) {
  switch (response.status) {
    case 200: return ReadCosignature(response, head, witness_key);
    case 403: return Failed("witness_key_unknown", "the witness does not trust the key of this log: give it `log key`");
    case 404: return Failed("witness_log_unknown", "the witness does not know this log: have its name and key entered");
    case 409: return ReadConflict(response, old_size, head.size);
    case 422:
      // From an empty tree there is no proof that could be wrong.
      if (old_size > 0) return {WitnessAnswer::Kind::kFork, {}, old_size, {}};
      break;
    default: break;
  }
  return Failed("witness_status", "the witness answered with HTTP status " + std::to_string(response.status));
}

}  // namespace mc
