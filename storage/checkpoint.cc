#include "storage/checkpoint.h"

#include <charconv>
#include <optional>

namespace mc {
namespace {

Error BadCheckpoint(const char* why) {
  return DataError("bad_checkpoint", std::string("the checkpoint is not valid: ") + why);
}

// The text up to the next newline, which is consumed; nullopt without one.
std::optional<std::string_view> TakeLine(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::int64_t> ParseSize(std::string_view text) {
  std::int64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (std::to_string(size) != text || size < 0) return std::nullopt;  // no sign, no leading zero
  return size;
}

}  // namespace

std::string CheckpointBody(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" + ToBase64(AsBytes(checkpoint.root)) + "\n";
}

Result<Checkpoint> ParseCheckpointBody(std::string_view body) {
  const auto origin = TakeLine(body);
  const auto size_text = TakeLine(body);
  const auto root_text = TakeLine(body);
  if (!origin || origin->empty() || !size_text || !root_text) return BadCheckpoint("it needs three lines");
  if (!body.empty()) return BadCheckpoint("extension lines are not used by this log");
  const auto size = ParseSize(*size_text);
  if (!size) return BadCheckpoint("the size is not a plain decimal number");
  const auto root_bytes = FromBase64(*root_text);
  const auto root = root_bytes ? DigestFromBytes(*root_bytes) : std::nullopt;
  if (!root) return BadCheckpoint("the root is not 32 bytes in base64");
  return Checkpoint{std::string(*origin), *size, *root};
}

std::string SignCheckpoint(const NoteSigner& signer, std::int64_t size, const Digest& root) {
  return SignNote(signer, CheckpointBody({signer.name, size, root}));
}

Result<Checkpoint> OpenCheckpoint(std::string_view note, std::string_view verifier_key) {
  MC_TRY(const std::string body, OpenNote(note, verifier_key));
  MC_TRY(Checkpoint checkpoint, ParseCheckpointBody(body));
  if (checkpoint.origin != verifier_key.substr(0, verifier_key.find('+'))) return BadCheckpoint("it is of another log");
  return checkpoint;
}

Result<Checkpoint> ReadCheckpoint(std::string_view note) {
  const auto parts = SplitNote(note);
  if (!parts) return BadCheckpoint("it is not a signed note");
  return ParseCheckpointBody(parts->text);
}

}  // namespace mc
