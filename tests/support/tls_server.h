// An HTTPS server on the loopback interface with certificates made on the spot, in a process of its own: the test
// stays without threads, and nothing of OpenSSL is shared with the client under test.
#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mc::testing {

constexpr long kDaySeconds = 86'400;

// A certificate with its key.
struct Identity {
  std::shared_ptr<EVP_PKEY> key;
  std::shared_ptr<X509> certificate;

  std::string Pem() const {
    const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_X509(out.get(), certificate.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }
};

struct IdentityWish {
  std::string name = "IP:127.0.0.1";  // subjectAltName; empty: none
  long from_days = -1, to_days = 90;  // from now
  bool authority = false;
  const Identity* issuer = nullptr;  // none: signed by itself
};

inline void AddExtension(X509* to, int nid, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
  REQUIRE(extension != nullptr);
  X509_add_ext(to, extension, -1);
  X509_EXTENSION_free(extension);
}

inline Identity MakeIdentity(const std::string& common_name, const IdentityWish& wish = {}) {
  static long serial = 1000;
  Identity made{{EVP_EC_gen("P-256"), &EVP_PKEY_free}, {X509_new(), &X509_free}};
  X509* x = made.certificate.get();
  REQUIRE(made.key != nullptr);
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(x), wish.from_days * kDaySeconds);
  X509_gmtime_adj(X509_getm_notAfter(x), wish.to_days * kDaySeconds);
  X509_set_pubkey(x, made.key.get());
  X509_NAME* name = X509_get_subject_name(x);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common_name.c_str()), -1,
                             -1, 0);
  const Identity& issuer = wish.issuer ? *wish.issuer : made;
  X509_set_issuer_name(x, X509_get_subject_name(issuer.certificate.get()));
  AddExtension(x, NID_basic_constraints, wish.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!wish.name.empty() && !wish.authority) AddExtension(x, NID_subject_alt_name, wish.name);
  REQUIRE(X509_sign(x, issuer.key.get(), EVP_sha256()) > 0);
  return made;
}

inline Identity MakeAuthority(const std::string& name = "Test root", long to_days = 365) {
  return MakeIdentity(name, {.name = "", .to_days = to_days, .authority = true});
}

inline Identity MakeLeaf(const Identity& authority, IdentityWish wish = {}) {
  wish.issuer = &authority;
  return MakeIdentity("platform", wish);
}

class TlsServer {
 public:
  // The whole answer to a whole request, which is the nth connection's (from 0) only one.
  using Answer = std::function<std::string(const std::string& request, int n)>;

  // The nth connection is shown `shown[n]`, later ones the last. `newest` is the highest TLS version offered.
  TlsServer(std::vector<Identity> shown, Answer answer, int newest = TLS1_3_VERSION) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(listen(listener_, 16) == 0);
    socklen_t length = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    child_ = fork();
    REQUIRE(child_ >= 0);
    if (child_ == 0) Serve(shown, answer, newest);
    close(listener_);
  }
  ~TlsServer() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string Url(const std::string& host = "127.0.0.1") const {
    return "https://" + host + ":" + std::to_string(port_);
  }

 private:
  [[noreturn]] void Serve(const std::vector<Identity>& shown, const Answer& answer, int newest) const {
    signal(SIGPIPE, SIG_IGN);
    alarm(120);  // it ends, whatever becomes of the test
    for (int n = 0;; ++n) {
      const int connection = accept(listener_, nullptr, nullptr);
      if (connection < 0) _exit(0);
      const auto at = std::min(static_cast<std::size_t>(n), shown.size() - 1);
      One(connection, shown[at], answer, newest, n);
      close(connection);
    }
  }

  static void One(int connection, const Identity& identity, const Answer& answer, int newest, int n) {
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_security_level(context, 0);  // else TLS below 1.2 is out of reach
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, newest);
    SSL_CTX_use_certificate(context, identity.certificate.get());
    SSL_CTX_use_PrivateKey(context, identity.key.get());
    SSL* ssl = SSL_new(context);
    SSL_set_fd(ssl, connection);
    if (SSL_accept(ssl) == 1) {
      const std::string text = answer(ReadRequest(ssl), n);
      SSL_write(ssl, text.data(), static_cast<int>(text.size()));
      SSL_shutdown(ssl);
    }
    SSL_free(ssl);
    SSL_CTX_free(context);
  }

  // Its head and, where a Content-Length is given, its body.
  static std::string ReadRequest(SSL* ssl) {
    std::string request;
    char buffer[4096];
    for (std::size_t wanted = 0; wanted == 0 || request.size() < wanted;) {
      const int n = SSL_read(ssl, buffer, sizeof buffer);
      if (n <= 0) break;
      request.append(buffer, static_cast<std::size_t>(n));
      const std::size_t head = request.find("\r\n\r\n");
      if (head == std::string::npos) continue;
      const std::size_t length = request.find("Content-Length: ");
      wanted = head + 4 + (length < head ? std::stoul(request.substr(length + 16)) : 0);
    }
    return request;
  }

  int listener_ = -1;
  int port_ = 0;
  pid_t child_ = -1;
};

// 200 with a JSON body, the connection closed behind it.
inline std::string JsonAnswer(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + body;
}

}  // namespace mc::testing
