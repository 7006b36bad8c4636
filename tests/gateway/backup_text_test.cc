// Goal: backup.json has one form, and whatever is not that form is refused.
#include <doctest/doctest.h>

#include <string>

#include "gateway/backup.h"
#include "tests/gateway/gateway_support.h"

using namespace mc;

namespace {

const std::string kText =
    R"({"bytes":8192,"checkpoint":"","made_at":"2026-06-30T17:00:00.000000Z","origin":"test.example/log",)"
    R"("schema":"minhchung/backup@1","sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",)"
    R"("size":0})";

std::string Changed(const std::string& from, const std::string& to) {
  std::string text = kText;
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("backup.json: its one form") {
  const BackupManifest manifest{
      "test.example/log", *ParseInstant("2026-06-30T17:00:00.000000Z"), {0, ""}, Sha256("test"), 8192};
  CHECK(BackupText(manifest) == kText);
  const auto read = BackupFromText(kText);
  REQUIRE(read.ok());
  CHECK(BackupText(*read) == kText);
}

TEST_CASE("backup.json: every other form is refused") {
  const std::string other_forms[] = {
      "",
      "[]",
      "{}",
      kText + "\n",
      kText.substr(1),
      Changed("\"bytes\":8192", "\"bytes\":0"),
      Changed("\"bytes\":8192", "\"bytes\":8192.0"),
      Changed("\"bytes\":8192", "\"bytes\":08192"),
      Changed("\"size\":0", "\"size\":-1"),
      Changed("\"size\":0", "\"size\":0,\"size\":1"),
      Changed("\"size\":0", "\"size\":0,\"more\":1"),
      Changed("backup@1", "backup@2"),
      Changed("9f86", "9F86"),
      Changed("9f86", "9f8"),
      Changed(".000000Z", "Z"),
      Changed("\"origin\":\"test.example/log\"", "\"origin\":\"\""),
      Changed("\"checkpoint\":\"\"", "\"checkpoint\":null"),
      Changed("\"checkpoint\":\"\"", "\"checkpoint\":\"" + std::string(64 * 1024, 'x') + "\""),
  };
  for (const std::string& text : other_forms) {
    CAPTURE(text.substr(0, 300));
    const auto read = BackupFromText(text);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().code == "bad_backup");
  }
}
