#include "gateway/log_http.h"

#include "core/log.h"
#include "storage/log_files.h"

namespace mc {
namespace {

// tlog-tiles: a checkpoint for a few seconds, a tile for ever.
constexpr const char* kForSeconds = "public, max-age=5";
constexpr const char* kForEver = "public, max-age=31536000, immutable";

RouteAnswer NotFound() { return ProblemAnswer(404, "Not Found", "the signed log has no such file"); }

RouteAnswer FileAnswer(const char* content_type, const char* caching, std::string bytes) {
  return {200, content_type, std::move(bytes), {{"Cache-Control", caching}}};
}

RouteAnswer FailureAnswer(const Error& error) {
  if (error.code == "no_such_file") return NotFound();
  Log(LogLevel::kError, "log_unreadable", {{"error", error.code}});
  return error.error_class == ErrorClass::kTransient ? ProblemAnswer(503, "Service Unavailable")
                                                     : ProblemAnswer(500, "Internal Server Error");
}

}  // namespace

RouteAnswer LogApi::Checkpoint() {
  const auto head = ledger_.Head();
  if (!head.ok()) return FailureAnswer(head.error());
  if (head->checkpoint.empty()) return NotFound();
  return FileAnswer("text/plain; charset=utf-8", kForSeconds, head->checkpoint);
}

RouteAnswer LogApi::Answer(const RouteRequest& request) {
  const std::string& name = request.captures.front();
  const std::lock_guard lock(mutex_);
  if (name == "checkpoint") return Checkpoint();
  const auto path = ParseTilePath(name);
  if (!path) return NotFound();
  auto file = ReadTileFile(ledger_, *path);
  if (!file.ok()) return FailureAnswer(file.error());
  return FileAnswer("application/octet-stream", kForEver, std::move(file).value());
}

}  // namespace mc
