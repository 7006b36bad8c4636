// How long X.509 certificates live (RFC 5280 section 4.1.2.5). Trust is decided elsewhere: by the TLS
// connection itself (core/http.h). Pure but for ReadCaFile; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace mc {

// The last instant of each PEM certificate in `pem`, in their order. kData "not_pem" where there is none,
// or one that is broken.
Result<std::vector<Instant>> CertificateEnds(std::string_view pem);

// The same of a file that a connection is to trust. kConfig "ca_missing" (cannot be read), "ca_not_pem".
Result<std::vector<Instant>> ReadCaFile(const std::string& file);

}  // namespace mc
