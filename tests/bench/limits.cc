#include "tests/bench/limits.h"

#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <simdjson.h>

#include <cstring>
#include <pugixml.hpp>

#include "core/digest.h"
#include "tests/bench/corpus.h"

namespace mc::bench {
namespace {

class Hasher {
 public:
  void operator()(std::string_view bytes) {
    EVP_DigestInit_ex2(ctx_, md_, nullptr);
    EVP_DigestUpdate(ctx_, bytes.data(), bytes.size());
    EVP_DigestFinal_ex(ctx_, digest_, nullptr);
    Keep(digest_);
  }

 private:
  EVP_MD* md_ = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* ctx_ = EVP_MD_CTX_new();
  unsigned char digest_[32]{};
};

class Sealer {
 public:
  // Key and nonces of one record, its wrapped key and its box.
  void operator()(std::string_view context, std::string_view plain) {
    constexpr int kKey = 32, kNonce = 12;
    unsigned char fresh[kKey + 2 * kNonce];
    RAND_bytes(fresh, sizeof fresh);
    box_.resize(plain.size() + 16);
    Box(master_, fresh + kKey, context, {reinterpret_cast<const char*>(fresh), kKey}, wrapped_);
    Box(fresh, fresh + kKey + kNonce, context, plain, reinterpret_cast<unsigned char*>(box_.data()));
    Keep(box_);
  }

 private:
  void Box(const unsigned char* key, const unsigned char* nonce, std::string_view context, std::string_view plain,
           unsigned char* out) {
    int written = 0;
    EVP_EncryptInit_ex2(ctx_, cipher_, key, nonce, nullptr);
    EVP_EncryptUpdate(ctx_, nullptr, &written, Bytes(context), static_cast<int>(context.size()));
    EVP_EncryptUpdate(ctx_, out, &written, Bytes(plain), static_cast<int>(plain.size()));
    EVP_EncryptFinal_ex(ctx_, out + plain.size(), &written);
    EVP_CIPHER_CTX_ctrl(ctx_, EVP_CTRL_AEAD_GET_TAG, 16, out + plain.size());
  }
  static const unsigned char* Bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  }

  EVP_CIPHER* cipher_ = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  EVP_CIPHER_CTX* ctx_ = EVP_CIPHER_CTX_new();
  unsigned char master_[32]{1};
  unsigned char wrapped_[64]{};
  std::string box_;
};

double HashSeconds(const Work& work) {
  Hasher hash;
  std::size_t at = 0;
  return SecondsEach([&] {
    const std::string& row = work.rows[at++ % work.rows.size()];
    hash(row);
    hash(std::string_view(row).substr(0, 80));  // register, native id and digest, length-prefixed
  });
}

double MerkleSeconds() {
  Hasher hash;
  const std::string node(65, 'n');
  return SecondsEach([&] { hash(node); });
}

double SealSeconds(const Work& work) {
  Sealer seal;
  const std::string context(110, 'c');
  std::size_t at = 0;
  return SecondsEach([&] { seal(context, work.rows[at++ % work.rows.size()]); });
}

std::size_t Discard(char*, std::size_t size, std::size_t count, void* total) {
  *static_cast<std::size_t*>(total) += size * count;
  return size * count;
}

}  // namespace

double Budget::PerRecord() const {
  return parse + hash + row + unique + commit / static_cast<double>(batch) + fresh * (merkle + seal);
}

double FetchAndDiscard(const std::string& base_url, std::int64_t pages) {
  CURL* handle = curl_easy_init();
  std::size_t bytes = 0;
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Discard);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &bytes);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  const double seconds = Seconds([&] {
    for (std::int64_t page = 1; page <= pages; ++page) {
      const std::string url = base_url + "/api/hoso?service=DongBoHoSoMC&trang=" + std::to_string(page);
      curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
      Need(curl_easy_perform(handle) == CURLE_OK, "nginx does not answer");
    }
  });
  curl_easy_cleanup(handle);
  Need(bytes > 0, "nginx sends nothing");
  return seconds;
}

double DomParseSeconds(const std::string& page) {
  simdjson::dom::parser parser;
  const simdjson::padded_string text(page);
  return SecondsEach([&] {
    simdjson::dom::element root;
    Need(parser.parse(text).get(root) == simdjson::SUCCESS, "simdjson refuses the page");
    Keep(root);
  });
}

// In place over a buffer that is kept: pugixml's fastest way. The copy that it needs is
// part of the work, as parsing changes the bytes and a record's bytes must stay.
double PugixmlParseSeconds(const std::string& message, unsigned options) {
  pugi::xml_document document;
  std::string buffer(message.size(), '\0');
  return SecondsEach([&] {
    std::memcpy(buffer.data(), message.data(), message.size());
    Need(bool(document.load_buffer_inplace(buffer.data(), buffer.size(), options, pugi::encoding_utf8)),
         "pugixml refuses the message");
    Keep(document);
  });
}

double Sha256BytesPerSecond() {
  Hasher hash;
  const std::string bytes(1 << 20, 'x');
  return static_cast<double>(bytes.size()) / SecondsEach([&] { hash(bytes); });
}

double MemcpyBytesPerSecond() {
  const std::string from(std::size_t{64} << 20, 'x');
  std::string to(from.size(), '\0');
  return static_cast<double>(from.size()) / SecondsEach([&] {
           std::memcpy(to.data(), from.data(), from.size());
           Keep(to);
         });
}

Budget MeasureBudget(const Work& work) {
  Budget budget;
  budget.parse = DomParseSeconds(work.page) / static_cast<double>(kPageRecords);
  budget.hash = HashSeconds(work);
  budget.merkle = MerkleSeconds();
  budget.seal = SealSeconds(work);
  const RowCosts rows = MeasureRows(work);
  budget.row = rows.row;
  budget.unique = rows.unique;
  budget.commit = CommitSeconds(work.dir);
  budget.batch = work.batch;
  budget.fresh = static_cast<double>(FreshOf(work.records, work.repeat_every)) / static_cast<double>(work.records);
  return budget;
}

}  // namespace mc::bench
