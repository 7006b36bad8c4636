#include "storage/tlog_proof.h"

#include <charconv>

namespace mc {
namespace {

constexpr std::string_view kHeader = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

Error BadProof(const char* why) { return DataError("bad_tlog_proof", std::string("the proof is not valid: ") + why); }

// The lines of a text, each taken without its newline.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  std::string_view rest() const { return rest_; }
  std::optional<std::string_view> Take() {
    const auto end = rest_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }

 private:
  std::string_view rest_;
};

std::optional<std::int64_t> ParseLeafIndex(std::string_view line) {
  if (!line.starts_with(kIndex)) return std::nullopt;
  const std::string_view digits = line.substr(kIndex.size());
  std::int64_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc{} || index < 0 || std::to_string(index) != digits) return std::nullopt;
  return index;
}

// The hash lines and the empty line after them.
Result<ProofHashes> ParseHashes(Lines& lines) {
  ProofHashes hashes;
  for (;;) {
    const auto line = lines.Take();
    if (!line) return BadProof("the empty line before the checkpoint is missing");
    if (line->empty()) return hashes;
    if (hashes.size() == kMaxProofHashes) return BadProof("it has more hashes than any tree is high");
    const auto bytes = FromBase64(*line);
    const auto hash = bytes ? DigestFromBytes(*bytes) : std::nullopt;
    if (!hash) return BadProof("a hash is not 32 bytes in base64");
    hashes.push_back(*hash);
  }
}

}  // namespace

std::string TlogProofText(const TlogProof& proof) {
  std::string text = std::string(kHeader) + "\n";
  if (proof.extra) text += std::string(kExtra) + ToBase64(*proof.extra) + "\n";
  text += std::string(kIndex) + std::to_string(proof.index) + "\n";
  for (const Digest& hash : proof.hashes) text += ToBase64(AsBytes(hash)) + "\n";
  return text + "\n" + proof.checkpoint;
}

Result<TlogProof> ParseTlogProof(std::string_view text) {
  Lines lines(text);
  TlogProof proof;
  if (lines.Take() != kHeader) return BadProof("the first line is not c2sp.org/tlog-proof@v1");
  auto line = lines.Take();
  if (line && line->starts_with(kExtra)) {
    proof.extra = FromBase64(line->substr(kExtra.size()));
    if (!proof.extra) return BadProof("the extra data is not base64");
    line = lines.Take();
  }
  const auto index = line ? ParseLeafIndex(*line) : std::nullopt;
  if (!index) return BadProof("the index is not a plain decimal number");
  proof.index = *index;
  MC_TRY(proof.hashes, ParseHashes(lines));
  if (lines.rest().empty()) return BadProof("the checkpoint is missing");
  proof.checkpoint = lines.rest();
  return proof;
}

Result<Checkpoint> CheckTlogProof(const TlogProof& proof, const Digest& leaf_hash, std::string_view verifier_key) {
  MC_TRY(Checkpoint head, OpenCheckpoint(proof.checkpoint, verifier_key));
  MC_CHECK_OK(CheckInclusion(proof.index, head.size, leaf_hash, head.root, proof.hashes));
  return head;
}

}  // namespace mc
