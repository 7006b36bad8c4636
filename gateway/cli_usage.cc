#include "gateway/cli_usage.h"

#include <CLI/CLI.hpp>
#include <vector>

#include "core/json.h"

namespace mc {
namespace {

const CLI::App& DeepestOf(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : DeepestOf(*chosen.front());
}

std::string PathOf(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : PathOf(*app.get_parent()) + " " + app.get_name();
}

std::vector<std::string> CommandsOf(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands({})) names.push_back(sub->get_name());
  return names;
}

std::vector<std::string> OptionsOf(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  if (app.get_parent() == nullptr) return names;
  for (std::string& name : OptionsOf(*app.get_parent())) names.push_back(std::move(name));
  return names;
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string Unknown(const std::string& what, const std::string& given, const std::vector<std::string>& known) {
  const std::string nearest = NearestName(given, known);
  return what + " \"" + given + "\"" + (nearest.empty() ? "" : "; có phải \"" + nearest + "\"?");
}

std::string NoCommand(const CLI::App& at, const std::vector<std::string>& extra) {
  if (!extra.empty() && !extra.front().starts_with("-")) {
    return Unknown(PathOf(at) + " không có lệnh", extra.front(), CommandsOf(at));
  }
  return "thiếu lệnh sau " + PathOf(at) + ": " + Joined(CommandsOf(at));
}

std::string NotExpected(const CLI::App& at, const std::vector<std::string>& extra) {
  const std::string& first = extra.front();
  if (first.starts_with("-")) return Unknown(PathOf(at) + " không có tùy chọn", first, OptionsOf(at));
  return PathOf(at) + " không nhận thêm tham số \"" + first + "\"";
}

// "A excludes B", "A requires B": the library's words around the two names.
std::string Between(const std::string& said, const std::string& word, const char* first, const char* then) {
  const std::size_t at = said.find(word);
  if (at == std::string::npos) return said;
  return first + said.substr(0, at) + then + said.substr(at + word.size());
}

std::string WhatIsWrong(const CLI::App& at, const std::vector<std::string>& extra, const CLI::ParseError& error) {
  const std::string said = error.what();
  const bool is_missing = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  if (is_missing && said.starts_with("A subcommand")) return NoCommand(at, extra);
  if (is_missing) return Between(said, " is required", "thiếu ", "");
  if (!extra.empty() && dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) return NotExpected(at, extra);
  if (dynamic_cast<const CLI::ExcludesError*>(&error) != nullptr)
    return Between(said, " excludes ", "không dùng cùng nhau được: ", " và ");
  if (dynamic_cast<const CLI::RequiresError*>(&error) != nullptr)
    return Between(said, " requires ", "", " phải đi cùng ");
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) return "thiếu hoặc thừa giá trị: " + said;
  return "giá trị không dùng được: " + said;
}

}  // namespace

std::string UsageText(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& at = DeepestOf(app);
  const std::string wrong = WhatIsWrong(at, app.remaining(true), error);
  return wrong + (wrong.ends_with("?") ? " Xem " : ". Xem ") + PathOf(at) + " --help";
}

}  // namespace mc
