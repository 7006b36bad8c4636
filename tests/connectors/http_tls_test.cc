// Goal: the libcurl client takes a connection only from whom the settings trust, and names each way in which TLS
// fails by a code of its own, of the class that decides whether the source is tried again.
// Method: a real TLS server in a process of its own, whose certificates are made here.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/http_peer.h"
#include "tests/support/tls_server.h"

using namespace mc;
using namespace mc::testing;

namespace {

// A file that goes with the test.
struct PemFile {
  explicit PemFile(const std::string& bytes) {
    std::string name = (std::filesystem::temp_directory_path() / "mc_pem_XXXXXX").string();
    close(mkstemp(name.data()));
    path = name;
    std::ofstream(path) << bytes;
  }
  ~PemFile() { std::filesystem::remove(path); }
  std::string path;
};

Result<HttpResponse> Ask(const std::string& url, const std::string& ca_file, HttpPeer* peer = nullptr) {
  HttpRequest request;
  request.url = url;
  request.connect_timeout = std::chrono::seconds(5);
  request.total_timeout = std::chrono::seconds(10);
  const auto client = MakePeerClient({}, ca_file);
  auto answer = client->Send(request);
  if (peer) *peer = client->Peer();
  return answer;
}

std::string Hello(const std::string&, int) { return JsonAnswer("{}"); }

Instant In(long days) {
  return {SystemClock().Now().micros + days * kMicrosPerDay};
}

}  // namespace

TEST_CASE("TLS: a certificate of the trusted authority is taken, and its end is told") {
  const Identity root = MakeAuthority();
  const PemFile trusted(root.Pem());
  for (const char* name : {"IP:127.0.0.1", "DNS:other.example,IP:127.0.0.1"}) {
    const TlsServer server({MakeLeaf(root, {.name = name, .to_days = 40})}, Hello);
    HttpPeer peer;
    const auto answer = Ask(server.Url(), trusted.path, &peer);
    REQUIRE_MESSAGE(answer.ok(), (answer.ok() ? "" : answer.error().code));
    CHECK(answer->status == 200);
    CHECK(peer.address == "127.0.0.1");
    REQUIRE(peer.certificate_until);
    CHECK(*peer.certificate_until > In(39));
    CHECK(*peer.certificate_until < In(41));
  }
}

TEST_CASE("TLS: the name in the address is the one that counts") {
  const Identity root = MakeAuthority();
  const PemFile trusted(root.Pem());
  const TlsServer server({MakeLeaf(root, {.name = "DNS:localhost"})}, Hello);
  CHECK(Ask(server.Url("localhost"), trusted.path).ok());
  const auto other = Ask(server.Url("127.0.0.1"), trusted.path);
  REQUIRE_FALSE(other.ok());
  CHECK(other.error().code == "tls_name");
}

TEST_CASE("TLS: each fault has its code, its class and what to do") {
  const Identity root = MakeAuthority(), stranger = MakeAuthority("Another root");
  const Identity old_root = MakeAuthority("Old root", -1);
  const PemFile trusted(root.Pem()), old(old_root.Pem());
  using enum ErrorClass;
  struct Case {
    const char* what;
    Identity shown;
    const std::string& ca_file;
    const char* code;
    ErrorClass error_class;
    const char* says;
  };
  const Case cases[] = {
      {"expired", MakeLeaf(root, {.from_days = -40, .to_days = -1}), trusted.path, "tls_expired", kTransient, "renew"},
      {"its issuer expired", MakeLeaf(old_root), old.path, "tls_expired", kTransient, "issuer"},
      {"not valid yet", MakeLeaf(root, {.from_days = 1}), trusted.path, "tls_not_yet_valid", kTransient, "clock"},
      {"of another address", MakeLeaf(root, {.name = "IP:127.0.0.2"}), trusted.path, "tls_name", kConfig, "base_url"},
      {"of another host", MakeLeaf(root, {.name = "DNS:other.example"}), trusted.path, "tls_name", kConfig, "base_url"},
      {"without a name", MakeLeaf(root, {.name = ""}), trusted.path, "tls_name", kConfig, "base_url"},
      {"of another authority", MakeLeaf(stranger), trusted.path, "tls_untrusted", kConfig, "ca_file"},
      {"signed by itself", MakeIdentity("platform"), trusted.path, "tls_self_signed", kConfig, "ca_file"},
      // Whom the system trusts does not count beside a ca_file, and the other way round.
      {"of the city, without ca_file", MakeLeaf(root), "", "tls_untrusted", kConfig, "ca_file"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    const TlsServer server({c.shown}, Hello);
    const auto answer = Ask(server.Url(), c.ca_file);
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().code == c.code);
    CHECK(answer.error().error_class == c.error_class);
    CHECK_MESSAGE(answer.error().message.find(c.says) != std::string::npos, answer.error().message);
  }
}

// Goal: whoever was trusted for one request is not trusted for the next one by that alone.
TEST_CASE("TLS: a certificate that is swapped between two requests of one client is judged anew") {
  const Identity root = MakeAuthority(), stranger = MakeAuthority("Another root");
  const PemFile trusted(root.Pem());
  const Identity good = MakeLeaf(root, {.to_days = 40}), renewed = MakeLeaf(root, {.to_days = 80});
  const std::pair<Identity, const char*> swaps[] = {{MakeLeaf(root, {.from_days = -9, .to_days = -1}), "tls_expired"},
                                                    {MakeLeaf(root, {.name = "DNS:other.example"}), "tls_name"},
                                                    {MakeLeaf(stranger), "tls_untrusted"},
                                                    {MakeIdentity("platform"), "tls_self_signed"}};
  for (const auto& [swapped, code] : swaps) {
    CAPTURE(code);
    const TlsServer server({good, swapped, renewed}, Hello);
    const auto client = MakePeerClient({}, trusted.path);
    HttpRequest request;
    request.url = server.Url();
    REQUIRE(client->Send(request).ok());
    const auto answer = client->Send(request);
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().code == code);
    CHECK(*client->Peer().certificate_until < In(41));
    REQUIRE(client->Send(request).ok());
    CHECK(*client->Peer().certificate_until > In(79));
  }
}

TEST_CASE("TLS: 1.2 is taken, 1.1 is not") {
  const Identity root = MakeAuthority();
  const PemFile trusted(root.Pem());
  const TlsServer now({MakeLeaf(root)}, Hello, TLS1_2_VERSION), before({MakeLeaf(root)}, Hello, TLS1_1_VERSION);
  CHECK(Ask(now.Url(), trusted.path).ok());
  const auto answer = Ask(before.Url(), trusted.path);
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().code == "tls_version");
  CHECK(answer.error().error_class == ErrorClass::kConfig);
}

TEST_CASE("TLS: a file of roots that cannot be used stops the request") {
  const Identity root = MakeAuthority();
  const TlsServer server({MakeLeaf(root)}, Hello);
  const PemFile empty(""), words("not a certificate");
  for (const std::string& file : {empty.path, words.path, empty.path + ".none"}) {
    CAPTURE(file);
    const auto answer = Ask(server.Url(), file);
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().code == "bad_ca_file");
    CHECK(answer.error().error_class == ErrorClass::kConfig);
  }
}

TEST_CASE("TLS: old and new root in one file, and a certificate that is trusted by itself") {
  const Identity old_root = MakeAuthority("Old root"), new_root = MakeAuthority("New root");
  const Identity alone = MakeIdentity("platform");
  const PemFile trusted(old_root.Pem() + new_root.Pem() + alone.Pem());
  for (const Identity& shown : {MakeLeaf(old_root), MakeLeaf(new_root), alone}) {
    const TlsServer server({shown}, Hello);
    CHECK(Ask(server.Url(), trusted.path).ok());
  }
}
