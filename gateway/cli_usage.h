// What was wrong with a command line, in words for people.
#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace mc {

// In Vietnamese: what is unknown, with the nearest name, or missing, and where to read on. `app` is the one that threw
// `error` while it parsed.
std::string UsageText(const CLI::App& app, const CLI::ParseError& error);

}  // namespace mc
