// Debian's PostgreSQL for the tests of one run: made in a temporary folder, on a free loopback port, and gone with the
// process, however that ends. It does not wait for its disk.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace mc::test {

class PostgresServer {
 public:
  // Started by the first who asks; null where none is installed, which is said loudly, and fails with CI=true.
  static PostgresServer* Get();
  ~PostgresServer();

  // The URI of a new, empty schema.
  std::string NewSchema();
  // Of a database of its own.
  std::string NewDatabase(const std::string& options);
  void Restart();  // at once, as after a power cut

 private:
  PostgresServer() = default;
  bool Start(const std::string& bin);
  bool Launch();
  int Call(const std::vector<std::string>& words) const;

  std::string bin_, folder_;
  int port_ = 0, process_ = -1, made_ = 0;
};

// Rows of texts; fails the case when the server refuses.
std::vector<std::vector<std::string>> AskPostgres(const std::string& uri, const std::string& sql);

}  // namespace mc::test
