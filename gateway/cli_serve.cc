// serve: /healthz and /readyz until a signal ends it.
#include <string>

#include "core/log.h"
#include "gateway/commands.h"
#include "gateway/installation.h"
#include "gateway/serve.h"
#include "gateway/signals.h"

namespace mc {

CommandResult RunServe(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  const Settings& settings = installation.settings();
  MC_CHECK_OK(CheckBind(settings.listen_address, settings.behind_proxy));
  MC_TRY(const auto store, installation.OpenStore());
  HttpServer server([&store]() -> Status {
    MC_TRY(const LedgerHead head, store->Head());
    (void)head;
    return Ok();
  });
  MC_TRY(const int port, server.Bind(settings.listen_address, static_cast<int>(settings.listen_port)));
  console.Line("Đang lắng nghe tại http://" + settings.listen_address + ":" + std::to_string(port) +
               " (/healthz, /readyz). Nhấn Ctrl-C để dừng.");
  Log(LogLevel::kInfo, "listening", {{"address", settings.listen_address}, {"port", std::to_string(port)}});
  {
    const SignalWatch signals([&server] { server.Stop(); });
    server.Listen();
  }
  Log(LogLevel::kInfo, "stopped");
  return ExitCode::kDone;
}

}  // namespace mc
