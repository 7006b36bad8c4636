// Where the server listens, and that nobody from outside reaches it without a proxy in front.
#pragma once

#include <string>

#include "core/result.h"

namespace mc {

enum class AddressKind { kLoopback, kPrivate, kPublic };

// kConfig "bad_address" when it is no IP address (nor "localhost").
Result<AddressKind> KindOfAddress(const std::string& address);

// kConfig "public_bind" for a public or wildcard address without `behind_proxy`.
Status CheckBind(const std::string& address, bool behind_proxy);

struct ListeningSocket {
  int socket = -1;  // the caller closes it
  int port = 0;
};

// Port 0: the system chooses. kTransient "cannot_listen".
Result<ListeningSocket> OpenListeningSocket(const std::string& address, int port);

}  // namespace mc
