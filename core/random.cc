#include "core/random.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "core/digest.h"

namespace mc {
namespace {

void AppendBigEndian64(std::string& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xFF));
}

// Salts and keys from anything but the generator would be worse than no program at all.
void Generate(unsigned char* to, std::size_t count) {
  if (count > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
      RAND_bytes(to, static_cast<int>(count)) != 1) {
    std::abort();
  }
}

// Random bytes of one thread, drawn ahead: a call of the generator costs a microsecond
// however little it is asked for. What was handed out is wiped, and a child process throws
// away what it inherits, so no byte is ever used twice.
class Pool {
 public:
  ~Pool() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

  void Take(std::string& to) {
    if (bytes_.size() - used_ < to.size()) {
      Generate(bytes_.data(), bytes_.size());
      used_ = 0;
    }
    std::memcpy(to.data(), bytes_.data() + used_, to.size());
    OPENSSL_cleanse(bytes_.data() + used_, to.size());
    used_ += to.size();
  }

  void Drop() { used_ = bytes_.size(); }

 private:
  std::array<unsigned char, 4096> bytes_{};
  std::size_t used_ = 4096;
};

constexpr std::size_t kPooledBytes = 64;  // a longer request is drawn for itself

Pool& ThreadPool() {
  static const int watched = pthread_atfork(nullptr, nullptr, [] { ThreadPool().Drop(); });
  if (watched != 0) std::abort();
  thread_local Pool pool;
  return pool;
}

}  // namespace

std::string SystemRandom::Bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (count <= kPooledBytes) {
    ThreadPool().Take(bytes);
  } else {
    Generate(reinterpret_cast<unsigned char*>(bytes.data()), count);
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
