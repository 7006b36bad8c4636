#include "core/source_record.h"

namespace mc {
namespace {

void AppendPart(std::string& out, std::string_view part) {
  const auto length = static_cast<std::uint32_t>(part.size());
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(length >> shift & 0xFF));
  out.append(part);
}

}  // namespace

std::int64_t IkOf(const RecordKey& key) {
  std::string parts;
  AppendPart(parts, key.register_id);
  AppendPart(parts, key.native_id);
  AppendPart(parts, AsBytes(key.digest));
  const Digest digest = Sha256(parts);
  std::uint64_t ik = 0;
  for (std::size_t i = 0; i < 8; ++i) ik = ik << 8 | digest[i];
  return static_cast<std::int64_t>(ik);
}

std::string IkHex(std::int64_t ik) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(static_cast<std::uint64_t>(ik) >> shift & 0xFF));
  }
  return ToHex(bytes);
}

}  // namespace mc
