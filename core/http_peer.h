// An HttpClient that trusts what one source's settings say, and tells whom it reached (libcurl inside http_curl.cc).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/http.h"
#include "core/time.h"

namespace mc {

struct HttpPeer {
  std::string address;                       // IP; empty before the first answer
  std::optional<Instant> certificate_until;  // last instant of its certificate; none over plain http
};

class PeerClient : public HttpClient {
 public:
  virtual const HttpPeer& Peer() const = 0;  // of the last answer
};

// `stopped` as in MakeCurlClient. `ca_file` holds the root certificates to trust, as PEM, instead of the system's;
// empty: the system's.
std::unique_ptr<PeerClient> MakePeerClient(std::function<bool()> stopped, std::string ca_file);

}  // namespace mc
