#include "gateway/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>

namespace mc {
namespace {

AddressKind KindOfV4(std::uint32_t host_order) {
  const std::uint32_t a = host_order >> 24, b = (host_order >> 16) & 0xFF;
  if (a == 127) return AddressKind::kLoopback;
  const bool is_private = a == 10 || (a == 172 && b >= 16 && b <= 31) || (a == 192 && b == 168);  // RFC 1918
  return is_private ? AddressKind::kPrivate : AddressKind::kPublic;
}

AddressKind KindOfV6(const in6_addr& address) {
  if (IN6_IS_ADDR_LOOPBACK(&address)) return AddressKind::kLoopback;
  return (address.s6_addr[0] & 0xFE) == 0xFC ? AddressKind::kPrivate : AddressKind::kPublic;  // RFC 4193
}

struct SocketName {
  sockaddr_storage name{};
  socklen_t size = 0;
};

std::optional<SocketName> NameOf(const std::string& address, int port) {
  SocketName out;
  auto& v4 = reinterpret_cast<sockaddr_in&>(out.name);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(out.name);
  const std::string numbers = address == "localhost" ? "127.0.0.1" : address;
  if (inet_pton(AF_INET, numbers.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<std::uint16_t>(port));
    out.size = sizeof v4;
    return out;
  }
  if (inet_pton(AF_INET6, numbers.c_str(), &v6.sin6_addr) != 1) return std::nullopt;
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(static_cast<std::uint16_t>(port));
  out.size = sizeof v6;
  return out;
}

// No SO_REUSEPORT: two servers would share one port in silence.
int ListenAt(const SocketName& at) {
  const int socket = ::socket(at.name.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return -1;
  const int yes = 1;
  (void)setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const auto* name = reinterpret_cast<const sockaddr*>(&at.name);
  if (::bind(socket, name, at.size) == 0 && ::listen(socket, SOMAXCONN) == 0) return socket;
  ::close(socket);
  return -1;
}

int PortOf(int socket) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&name), &size) != 0) return 0;
  return ntohs(name.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(name).sin6_port
                                          : reinterpret_cast<const sockaddr_in&>(name).sin_port);
}

}  // namespace

Result<AddressKind> KindOfAddress(const std::string& address) {
  if (address == "localhost") return AddressKind::kLoopback;
  in_addr v4{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) return KindOfV4(ntohl(v4.s_addr));
  in6_addr v6{};
  if (inet_pton(AF_INET6, address.c_str(), &v6) == 1) return KindOfV6(v6);
  return ConfigError("bad_address", "/listen/address: must be an IP address or \"localhost\"");
}

Status CheckBind(const std::string& address, bool behind_proxy) {
  MC_TRY(const AddressKind kind, KindOfAddress(address));
  if (kind != AddressKind::kPublic || behind_proxy) return Ok();
  return ConfigError("public_bind", "/listen/address: " + address +
                                        " is reachable from outside; put a TLS proxy in front and set "
                                        "listen.behind_proxy, or use a loopback or private address");
}

Result<ListeningSocket> OpenListeningSocket(const std::string& address, int port) {
  const auto name = NameOf(address, port);
  if (const int socket = name ? ListenAt(*name) : -1; socket >= 0) return ListeningSocket{socket, PortOf(socket)};
  return TransientError("cannot_listen", "cannot listen on " + address + " port " + std::to_string(port) +
                                             "; is another program using it?");
}

}  // namespace mc
