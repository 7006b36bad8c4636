// What a suite's tests use that must be in no log. tests/e2e/logs_check.mjs looks for it in all that was logged, its own
// stderr included (tests/e2e/keep_log.mjs).
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace mc::test {

inline constexpr std::size_t kShortestSecret = 8;  // of a value that can be told from chance; logs.mjs has the same

// `value` is of the kind that `what` names. Nothing is kept without MC_E2E_LOGS. Not for two threads at once.
inline void MustStaySecret(const std::string& what, const std::string& value) {
  const char* const folder = std::getenv("MC_E2E_LOGS");
  if (!folder || value.size() < kShortestSecret) return;
  std::ofstream out(std::string(folder) + "/suite-" + std::to_string(::getpid()) + ".values", std::ios::app);
  out << nlohmann::json{what, value}.dump() << "\n";
}

// What a program of this suite logged to a file of its own.
inline void KeepLog(const std::string& text) {
  const char* const folder = std::getenv("MC_E2E_LOGS");
  if (folder)
    std::ofstream(std::string(folder) + "/suite-" + std::to_string(::getpid()) + ".log", std::ios::app) << text;
}

}  // namespace mc::test
