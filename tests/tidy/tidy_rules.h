// The rules of the house that a machine can see: who may include whom, where foreign
// headers stand, and what a source text must not hold. Pure functions over one file's text;
// tidy_test.cc feeds them the tree and, to prove that they bite, bad snippets.
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mc::tidy {

inline constexpr std::size_t kFileLines = 600;
inline constexpr std::size_t kLineColumns = 120;
inline constexpr std::size_t kFunctionLines = 100;
inline constexpr std::size_t kReadmeLines = 40;
// What others include of the engines, and what shows the databases' libraries.
inline constexpr std::string_view kEngineDoors[] = {"storage/sqlite_store.h", "storage/postgres_store.h"};
inline constexpr std::string_view kSqliteLibrary = "storage/sqlite_connection.h";
inline constexpr std::string_view kPostgresLibrary = "storage/postgres_connection.h";

struct SourceFile {
  std::string path;  // from the project's root: "core/time.cc"
  std::string text;
};

inline std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

inline bool StartsWith(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }
inline bool EndsWith(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}
inline bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
inline std::string FolderOf(const std::string& path) { return path.substr(0, path.find('/')); }
inline std::string FileOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// `word` where it stands alone, as a token.
inline bool HasToken(std::string_view line, std::string_view word) {
  for (auto at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const bool before = at > 0 && IsWord(line[at - 1]) && IsWord(word.front());
    const auto end = at + word.size();
    const bool after = end < line.size() && IsWord(line[end]) && IsWord(word.back());
    if (!before && !after) return true;
  }
  return false;
}

// Blanks comments, strings and characters; line ends stay where they are.
class CodeOnly {
 public:
  explicit CodeOnly(std::string_view text) : in_(text) {}

  std::string Run() {
    while (at_ < in_.size()) Step();
    return out_;
  }

 private:
  bool Next(std::string_view what) const { return in_.substr(at_, what.size()) == what; }
  void Keep() { out_ += in_[at_++]; }
  void Blank() {
    out_ += in_[at_] == '\n' ? '\n' : ' ';
    ++at_;
  }
  void BlankThrough(std::string_view end) {
    while (at_ < in_.size() && !Next(end)) Blank();
    for (std::size_t i = 0; i < end.size() && at_ < in_.size(); ++i) Blank();
  }

  void Quoted(char quote) {
    Blank();
    while (at_ < in_.size() && in_[at_] != quote && in_[at_] != '\n') {
      if (in_[at_] == '\\' && at_ + 1 < in_.size()) Blank();
      Blank();
    }
    if (at_ < in_.size() && in_[at_] == quote) Blank();
  }

  void Raw() {
    const auto open = in_.find('(', at_);
    if (open == std::string_view::npos) return Keep();
    BlankThrough(")" + std::string(in_.substr(at_ + 2, open - at_ - 2)) + "\"");
  }

  void Step() {
    const char previous = at_ > 0 ? in_[at_ - 1] : ' ';
    if (Next("//")) {
      while (at_ < in_.size() && in_[at_] != '\n') Blank();
    } else if (Next("/*")) {
      BlankThrough("*/");
    } else if (Next("R\"") && !IsWord(previous)) {
      Raw();
    } else if (in_[at_] == '"') {
      Quoted('"');
    } else if (in_[at_] == '\'' && !IsWord(previous)) {  // 1'000 is no character
      Quoted('\'');
    } else {
      Keep();
    }
  }

  std::string_view in_;
  std::size_t at_ = 0;
  std::string out_;
};

class Checker {
 public:
  explicit Checker(const SourceFile& file)
      : file_(file), folder_(FolderOf(file.path)), lines_(Lines(file.text)), code_(Lines(CodeOnly(file.text).Run())) {}

  std::vector<std::string> Run() {
    if (lines_.size() > kFileLines) Fault(lines_.size(), "file over 600 lines");
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      CheckInclude(i);
      CheckWidth(i);
      CheckPaths(i);
      CheckWords(i);
    }
    CheckFunctions();
    return std::move(faults_);
  }

 private:
  void Fault(std::size_t line_index, const std::string& what) {
    faults_.push_back(file_.path + ":" + std::to_string(line_index + 1) + ": " + what);
  }
  std::string Code(std::size_t i) const { return i < code_.size() ? code_[i] : std::string(); }

  void CheckInclude(std::size_t i) {
    std::string_view line = lines_[i];
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    if (line.empty() || line.front() != '#') return;
    const auto word = line.find("include");
    if (word == std::string_view::npos) return;
    const auto open = line.find_first_of("\"<", word);
    if (open == std::string_view::npos) return;
    const char close = line[open] == '<' ? '>' : '"';
    const auto end = line.find(close, open + 1);
    const std::string name(line.substr(open + 1, end == std::string_view::npos ? end : end - open - 1));
    if (IsEnginePrivate(name) && !IsEngineFile(file_.path)) {
      Fault(i, "only the engine's own files may include it: " + name);
    } else if (close == '"') {
      CheckEdge(i, name);
    } else {
      CheckForeign(i, name);
    }
  }

  // The arrows of the house.
  void CheckEdge(std::size_t i, const std::string& name) {
    static const std::map<std::string, std::set<std::string>> kFolders = {
        {"core", {"core"}},
        {"connectors", {"connectors", "core"}},
        {"mapping", {"mapping", "core"}},
        {"storage", {"storage", "core"}},
        {"sso", {"sso", "core"}},
        {"scoring", {"scoring", "core"}},
        {"gateway", {"gateway", "core", "connectors", "mapping", "storage", "scoring", "sso"}},
    };
    static const std::map<std::string, std::set<std::string>> kHeaders = {
        {"scoring", {"mapping/catalogue.h", "storage/facts.h"}}};
    const auto folders = kFolders.find(folder_);
    if (folders == kFolders.end()) return Fault(i, "folder is not part of the house");
    if (name.find('/') != std::string::npos && folders->second.contains(FolderOf(name))) return;
    const auto headers = kHeaders.find(folder_);
    if (headers != kHeaders.end() && headers->second.contains(name)) return;
    Fault(i, folder_ + "/ may not include \"" + name + "\"");
  }

  // Headers of the engines other than their doors stay among the engines' own files: two of
  // them show a database's library.
  static bool IsEngineFile(std::string_view path) {
    const bool named = StartsWith(path, "storage/sql") || StartsWith(path, "storage/postgres");
    return named && std::find(std::begin(kEngineDoors), std::end(kEngineDoors), path) == std::end(kEngineDoors);
  }
  static bool IsEnginePrivate(std::string_view path) { return IsEngineFile(path) && EndsWith(path, ".h"); }
  bool ShowsLibrary(std::string_view files, std::string_view header) const {
    return (StartsWith(file_.path, files) && IsCc()) || file_.path == header;
  }

  bool IsCc() const { return EndsWith(file_.path, ".cc"); }
  bool In(std::string_view folder) const { return folder_ == folder; }

  // Foreign headers: each in its place, anything unknown nowhere.
  void CheckForeign(std::size_t i, const std::string& name) {
    struct Home {
      std::string_view prefix;
      bool here;
    };
    const bool sqlite = ShowsLibrary("storage/sqlite", kSqliteLibrary);
    const std::vector<Home> homes = {
        {"nlohmann/json_fwd.hpp", true},
        {"nlohmann/", IsCc()},
        {"CLI/", In("gateway") && IsCc()},
        {"curl/", file_.path == "core/http_curl.cc"},
        {"zip.h", file_.path == "core/zip.cc"},
        {"openssl/", In("core") && IsCc()},
        {"gmp", file_.path == "core/ratio.cc"},
        {"unicode/", file_.path == "core/text.cc"},
        {"spdlog/", file_.path == "core/log.cc"},
        {"pugixml.hpp", FileOf(file_.path).find("xml") != std::string::npos && IsCc()},
        {"prometheus/", file_.path == "gateway/metrics.cc"},
        {"simdjson.h", (In("connectors") || In("mapping")) && IsCc()},
        {"SQLiteCpp/", sqlite},
        {"sqlite3.h", sqlite},
        {"libpq-fe.h", ShowsLibrary("storage/postgres", kPostgresLibrary)},
        {"sys/", IsCc()},
        {"arpa/", IsCc()},
        {"netinet/", IsCc()},
    };
    static const std::set<std::string> kSystem = {"unistd.h", "fcntl.h", "signal.h", "poll.h", "termios.h", "pthread.h",
                                               "pwd.h"};
    for (const Home& home : homes) {
      if (!StartsWith(name, home.prefix)) continue;
      if (!home.here) Fault(i, "<" + name + "> does not belong in this file");
      return;
    }
    const bool standard = name.find_first_of("./") == std::string::npos;
    if (!standard && !(kSystem.contains(name) && IsCc())) Fault(i, "unknown foreign header <" + name + ">");
  }

  void CheckWidth(std::size_t i) {
    const auto columns = std::count_if(lines_[i].begin(), lines_[i].end(), [](char c) { return (c & 0xC0) != 0x80; });
    if (static_cast<std::size_t>(columns) > kLineColumns) Fault(i, "line over 120 columns");
  }

  // Paths of somebody's machine, wherever they stand: code, text or comment.
  void CheckPaths(std::size_t i) {
    static constexpr std::array<std::string_view, 6> kPlaces = {"/tmp", "/home", "/root", "/Users", "/work", "~/"};
    const std::string& line = lines_[i];
    for (const std::string_view place : kPlaces) {
      for (auto at = line.find(place); at != std::string::npos; at = line.find(place, at + 1)) {
        const char before = at == 0 ? ' ' : line[at - 1];
        const auto end = at + place.size();
        const char after = end < line.size() ? line[end] : ' ';
        const bool starts = !IsWord(before) && before != '.' && before != '/' && before != '>' && before != '-';
        const bool ends = place.back() == '/' || !(IsWord(after) || after == '-' || after == '.');
        if (starts && ends) Fault(i, "path of one machine: " + std::string(place));
      }
    }
  }

  void CheckWords(std::size_t i) {
    const std::string code = Code(i);
    for (const char* word : {"TODO", "FIXME"}) {
      if (HasToken(lines_[i], word)) Fault(i, std::string(word) + " left behind");
    }
    if (HasToken(code, "using namespace")) Fault(i, "using namespace");
    if (In("mapping") || In("storage") || In("scoring")) {
      for (const char* word : {"float", "double"}) {
        if (HasToken(code, word)) Fault(i, std::string(word) + " in " + folder_ + "/");
      }
    }
    if (file_.path == "core/time.cc") return;
    for (const char* word : {"system_clock", "high_resolution_clock", "gettimeofday", "clock_gettime", "std::time",
                             "time(nullptr)", "time(NULL)"}) {
      if (HasToken(code, word)) Fault(i, std::string("reads the clock outside core/time.cc: ") + word);
    }
    if ((In("mapping") || In("scoring")) && HasToken(code, "steady_clock")) Fault(i, "a clock in a pure folder");
  }

  // A function's head: a line that ends in '{' after a ')', and is no statement.
  static bool OpensFunction(const std::string& code) {
    const auto last = code.find_last_not_of(" \t");
    const auto first = code.find_first_not_of(" \t");
    if (last == std::string::npos || code[last] != '{' || code.find(')') == std::string::npos) return false;
    for (const char* statement : {"if", "for", "while", "switch", "else", "do", "}", "catch", "return", "namespace",
                                  "struct", "class", "enum"}) {
      if (StartsWith(std::string_view(code).substr(first), statement) &&
          !(IsWord(statement[0]) && IsWord(code[first + std::string_view(statement).size()]))) {
        return false;
      }
    }
    return true;
  }

  void CheckFunctions() {
    for (std::size_t i = 0; i < code_.size(); ++i) {
      if (!OpensFunction(code_[i])) continue;
      int depth = 0;
      std::size_t end = i;
      for (; end < code_.size(); ++end) {
        for (const char c : code_[end]) depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        if (depth <= 0) break;
      }
      if (end - i + 1 > kFunctionLines) Fault(i, "function over 100 lines");
    }
  }

  const SourceFile& file_;
  std::string folder_;
  std::vector<std::string> lines_;
  std::vector<std::string> code_;
  std::vector<std::string> faults_;
};

inline std::vector<std::string> Check(const SourceFile& file) { return Checker(file).Run(); }

}  // namespace mc::tidy
