// inbox token.
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/random.h"
#include "gateway/commands.h"

namespace mc {
namespace {

constexpr std::size_t kTokenBytes = 32;

}  // namespace

// The token is printed once and kept nowhere: the platform gets it, the settings its hash.
CommandResult RunInboxToken(const Options&, Console& console) {
  SystemRandom random;
  const std::string token = ToHex(random.Bytes(kTokenBytes));
  const std::string hash = ToHex(Sha256(token));
  if (console.json()) {
    console.Print({{"token", token}, {"inbox_token_sha256", hash}});
    return ExitCode::kDone;
  }
  console.Line("Mã truy cập, chỉ in một lần; giao cho nền tảng:   " + token);
  console.Line("Ghi vào cấu hình, khóa inbox_token_sha256 của nguồn: " + hash);
  return ExitCode::kDone;
}

}  // namespace mc
