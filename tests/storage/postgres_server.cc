#include "tests/storage/postgres_server.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace mc::test {
namespace {

std::string NewestPostgres() {
  std::string best;
  std::error_code none;
  for (const auto& each : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    const std::string bin = each.path() / "bin";
    if (std::filesystem::exists(bin + "/initdb") && bin > best) best = bin;
  }
  return best;
}

int FreePostgresPort() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  ::bind(fd, reinterpret_cast<sockaddr*>(&address), length);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  ::close(fd);
  return ntohs(address.sin_port);
}

// Who the server runs as: it refuses root.
const passwd* ServerOwner() { return ::geteuid() == 0 ? ::getpwnam("postgres") : ::getpwuid(::geteuid()); }

[[noreturn]] void BecomePostgres(const std::vector<std::string>& words, const std::string& log) {
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  ::dup2(out, 1);
  ::dup2(out, 2);
  const passwd* const owner = ServerOwner();
  if (::geteuid() == 0 && (::setgid(owner->pw_gid) != 0 || ::setuid(owner->pw_uid) != 0)) ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // its own word for "stop at once"
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

struct PostgresClose {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* result) const { PQclear(result); }
};

std::string ServerUri(int port, const std::string& rest) {
  return "postgresql://postgres@127.0.0.1:" + std::to_string(port) + "/" + rest;
}

}  // namespace

PostgresServer* PostgresServer::Get() {
  static const std::unique_ptr<PostgresServer> server = []() -> std::unique_ptr<PostgresServer> {
    const std::string bin = NewestPostgres();
    std::unique_ptr<PostgresServer> made(new PostgresServer);
    if (!bin.empty() && ServerOwner() != nullptr && made->Start(bin)) return made;
    const char* const ci = std::getenv("CI");
    REQUIRE_MESSAGE((ci == nullptr || std::string(ci) != "true"), "PostgreSQL is not installed or does not start");
    std::fprintf(stderr, "\n*** SKIPPED: PostgreSQL is not installed (scripts/install test). ***\n\n");
    return nullptr;
  }();
  return server.get();
}

int PostgresServer::Call(const std::vector<std::string>& words) const {
  const pid_t child = ::fork();
  if (child == 0) BecomePostgres(words, folder_ + "/log");
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

bool PostgresServer::Start(const std::string& bin) {
  bin_ = bin;
  const std::filesystem::path shared = "/dev/shm";
  folder_ = (std::filesystem::is_directory(shared) ? shared : std::filesystem::temp_directory_path()) /
            "mc-postgres-XXXXXX";
  if (::mkdtemp(folder_.data()) == nullptr) return false;
  if (::geteuid() == 0 && ::chown(folder_.c_str(), ServerOwner()->pw_uid, ServerOwner()->pw_gid) != 0) return false;
  port_ = FreePostgresPort();
  return Call({bin_ + "/initdb", "-D", folder_ + "/data", "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C",
               "--no-sync"}) == 0 &&
         Launch();
}

bool PostgresServer::Launch() {
  process_ = ::fork();
  if (process_ == 0) {
    BecomePostgres({bin_ + "/postgres", "-D", folder_ + "/data", "-c", "listen_addresses=127.0.0.1", "-c",
            "port=" + std::to_string(port_), "-c", "unix_socket_directories=" + folder_, "-c", "fsync=off", "-c",
            "full_page_writes=off", "-c", "max_connections=60", "-c", "shared_buffers=64MB"},
           folder_ + "/log");
  }
  const std::string uri = ServerUri(port_, "postgres");
  for (int i = 0; i < 300; ++i) {
    if (PQping(uri.c_str()) == PQPING_OK) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

void PostgresServer::Restart() {
  ::kill(process_, SIGQUIT);
  ::waitpid(process_, nullptr, 0);
  REQUIRE(Launch());
}

PostgresServer::~PostgresServer() {
  if (process_ > 0) {
    ::kill(process_, SIGQUIT);
    ::waitpid(process_, nullptr, 0);
  }
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

std::string PostgresServer::NewSchema() {
  const std::string schema = "case" + std::to_string(++made_);
  AskPostgres(ServerUri(port_, "postgres"), "CREATE SCHEMA " + schema);
  return ServerUri(port_, "postgres?sslmode=disable&options=-csearch_path%3D" + schema);
}

std::string PostgresServer::NewDatabase(const std::string& options) {
  const std::string database = "own" + std::to_string(++made_);
  AskPostgres(ServerUri(port_, "postgres"), "CREATE DATABASE " + database + " TEMPLATE template0 " + options);
  return ServerUri(port_, database);
}

std::vector<std::vector<std::string>> AskPostgres(const std::string& uri, const std::string& sql) {
  const std::unique_ptr<PGconn, PostgresClose> connection(PQconnectdb(uri.c_str()));
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  const std::unique_ptr<PGresult, PostgresClose> result(PQexec(connection.get(), sql.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  const bool answered = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
  REQUIRE_MESSAGE(answered, (sql + ": " + PQerrorMessage(connection.get())));
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < PQntuples(result.get()); ++i) {
    std::vector<std::string>& row = rows.emplace_back();
    for (int j = 0; j < PQnfields(result.get()); ++j) row.emplace_back(PQgetvalue(result.get(), i, j));
  }
  return rows;
}

}  // namespace mc::test
