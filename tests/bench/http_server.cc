// The server that `--only http` measures: a plain text of as many bytes as the other servers' page, until it is killed.
#include "gateway/serve.h"

#include "tests/bench/bench.h"

namespace mc::bench {

int ServePlainText(int port) {
  const std::string page(kPlainPageBytes, 'a');
  HttpServer server([] { return Ok(); });
  server.Get("/plain", [&](const RouteRequest&) { return RouteAnswer{200, "text/plain; charset=utf-8", page, {}}; });
  std::printf("%d\n", Must(server.Bind("127.0.0.1", port)));
  std::fflush(stdout);
  server.Listen();
  return 0;
}

}  // namespace mc::bench
