// The operating log: one structured line per event on stderr (spdlog inside log.cc).
//
// A line is `time level event key=value ...` in UTC. It never holds a payload, a token, a
// name or a personal number: callers hand over codes, counts, source ids and file names.
// Safe from any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace mc {

enum class LogLevel { kDebug, kInfo, kWarn, kError };

struct LogField {
  std::string_view key;
  std::string value;
};

// "debug", "info", "warn", "error"; anything else is taken as "info".
void SetLogLevel(std::string_view level);
void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

// `key=value`, quoted and escaped where white space, quotes or control bytes ask for it,
// so that one event can never look like two.
std::string LogFieldText(const LogField& field);

}  // namespace mc
