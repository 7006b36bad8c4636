#include "core/random.h"

#include <openssl/rand.h>

#include <cstdlib>
#include <limits>

#include "core/digest.h"

namespace mc {
namespace {

void AppendBigEndian64(std::string& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xFF));
}

}  // namespace

std::string SystemRandom::Bytes(std::size_t count) {
  std::string bytes(count, '\0');
  // Salts and keys from anything but the generator would be worse than no program at all.
  if (count > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
      RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
    std::abort();
  }
  return bytes;
}

std::string SeededRandom::Bytes(std::size_t count) {
  std::string bytes;
  while (bytes.size() < count) {
    std::string block;
    AppendBigEndian64(block, seed_);
    AppendBigEndian64(block, counter_++);
    bytes.append(AsBytes(Sha256(block)));
  }
  bytes.resize(count);
  return bytes;
}

}  // namespace mc
