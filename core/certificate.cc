#include "core/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <optional>

namespace mc {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(ASN1_TIME* time) const { ASN1_TIME_free(time); }
};

std::optional<Instant> LastInstant(const X509* certificate) {
  const std::unique_ptr<ASN1_TIME, Free> epoch(ASN1_TIME_set(nullptr, 0));
  int days = 0, seconds = 0;
  if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch.get(), X509_get0_notAfter(certificate)) != 1) return std::nullopt;
  return Instant{days * kMicrosPerDay + seconds * kMicrosPerSecond};
}

Error NotPem() { return DataError("not_pem", "holds no PEM certificate, or one that is broken"); }

}  // namespace

Result<std::vector<Instant>> CertificateEnds(std::string_view pem) {
  const std::unique_ptr<BIO, Free> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::vector<Instant> ends;
  const auto next = [&] {
    static char no_password[] = "";  // else an encrypted one would ask at the terminal
    return std::unique_ptr<X509, Free>(PEM_read_bio_X509(in.get(), nullptr, nullptr, no_password));
  };
  while (const auto one = next()) {
    const auto end = LastInstant(one.get());
    if (!end) return NotPem();
    ends.push_back(*end);
  }
  // The loop ends with an error in any case; this one says that there is no further certificate.
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end || ends.empty()) return NotPem();
  return ends;
}

Result<std::vector<Instant>> ReadCaFile(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (in.bad() || !in) return ConfigError("ca_missing", file + " cannot be read: check the path and its rights");
  auto ends = CertificateEnds(bytes);
  if (!ends.ok()) return ConfigError("ca_not_pem", file + " " + ends.error().message);
  return ends;
}

}  // namespace mc
