// Goal: how long certificates live is read from PEM, and what is no certificate is refused.
#include "core/certificate.h"

#include <filesystem>
#include <fstream>

#include "tests/support/tls_server.h"

using namespace mc;
using mc::testing::MakeIdentity;

namespace {

std::string PemOf(long to_days) { return MakeIdentity("x", {.to_days = to_days}).Pem(); }

std::int64_t DaysFromNow(Instant at) {
  return (at.micros - SystemClock().Now().micros + kMicrosPerDay / 2) / kMicrosPerDay;
}

}  // namespace

TEST_CASE("certificates: each end, in order, other blocks and words between them passed over") {
  const auto ends = CertificateEnds("Root of the city\n" + PemOf(10) + "\n-----BEGIN X-----\nAAAA\n-----END X-----\n" +
                                    PemOf(20'000));
  REQUIRE(ends.ok());
  REQUIRE(ends->size() == 2);
  CHECK(DaysFromNow((*ends)[0]) == 10);
  CHECK(DaysFromNow((*ends)[1]) == 20'000);  // past 2050, where the format changes (RFC 5280 4.1.2.5)
}

TEST_CASE("certificates: none, or a broken one, is refused whole") {
  const std::string good = PemOf(10);
  std::string broken = PemOf(10);
  broken.replace(40, 4, "!!!!");
  for (const std::string& bad : {std::string(), std::string("words"), good.substr(0, good.size() / 2), good + broken}) {
    CAPTURE(bad);
    REQUIRE_FALSE(CertificateEnds(bad).ok());
    CHECK(CertificateEnds(bad).error().code == "not_pem");
  }
  CHECK(CertificateEnds(good).ok());  // nothing of the failures is left behind
}

TEST_CASE("certificates: a file that is not there, or no PEM") {
  const auto file = std::filesystem::temp_directory_path() / ("mc_ca_" + std::to_string(getpid()));
  CHECK(ReadCaFile(file.string()).error().code == "ca_missing");
  std::ofstream(file) << "words";
  CHECK(ReadCaFile(file.string()).error().code == "ca_not_pem");
  std::ofstream(file) << PemOf(10);
  CHECK(ReadCaFile(file.string()).ok());
  std::filesystem::remove(file);
}
