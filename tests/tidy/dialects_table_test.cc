// Goal: docs/formats/dialects.md promises nothing that is not shown: every row names a golden
// case or a test that is there, and what reads it; every platform that is shipped has a row.
// Method: walk the table as the page has it. To prove that it bites, rows that lie are fed to the same check.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/tidy/tidy_rules.h"

namespace mc {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = MC_SOURCE_DIR;

std::string ReadText(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Texts between backticks.
std::vector<std::string> Quoted(const std::string& cell) {
  std::vector<std::string> all;
  for (std::size_t at = cell.find('`'); at != std::string::npos; at = cell.find('`', at + 1)) {
    const std::size_t end = cell.find('`', at + 1);
    if (end == std::string::npos) break;
    all.push_back(cell.substr(at + 1, end - at - 1));
    at = end;
  }
  return all;
}

// "| a | b | c |" -> a, b, c; empty for any other line, the head and the rule below it.
std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  if (!tidy::StartsWith(line, "| ") || tidy::StartsWith(line, "| What ")) return cells;
  for (std::size_t at = 0; at + 1 < line.size();) {
    const std::size_t end = line.find(" |", at + 1);
    if (end == std::string::npos) break;
    cells.push_back(line.substr(at + 2, end - at - 2));
    at = end + 1;
  }
  return cells;
}

// A golden case ("documents/status-06") or "folder/file_test.cc: name of the case".
bool IsThere(const std::string& shown) {
  const std::size_t colon = shown.find(": ");
  if (colon == std::string::npos) return fs::is_directory(kRoot / "tests/golden" / shown);
  const std::string text = ReadText(kRoot / "tests" / shown.substr(0, colon));
  const std::string name = shown.substr(colon + 2);
  return !name.empty() && (text.find("TEST_CASE(\"" + name + "\")") != std::string::npos ||
                           text.find("test('" + name + "'") != std::string::npos);
}

// Paths from the project's root; a word without a slash is no path.
bool IsReader(const std::string& reader) {
  return reader.find('/') == std::string::npos || fs::exists(kRoot / reader);
}

// What is wrong with one row; empty: nothing.
std::string Fault(const std::string& line) {
  const std::vector<std::string> cells = Cells(line);
  if (cells.empty()) return "";
  if (cells.size() != 3) return "not three cells: " + line;
  const auto readers = Quoted(cells[1]), shown = Quoted(cells[2]);
  if (readers.empty()) return "nothing reads it: " + line;
  if (shown.empty()) return "nothing shows it: " + line;
  for (const std::string& reader : readers) {
    if (!IsReader(reader)) return "no such file: " + reader;
  }
  for (const std::string& name : shown) {
    if (!IsThere(name)) return "no such case or test: " + name;
  }
  return "";
}

TEST_CASE("every row of the table of dialects names what reads it and what shows it") {
  std::size_t rows = 0;
  for (const std::string& line : tidy::Lines(ReadText(kRoot / "docs/formats/dialects.md"))) {
    CHECK_MESSAGE(Fault(line).empty(), Fault(line));
    if (!Cells(line).empty()) ++rows;
  }
  CHECK(rows >= 80);
}

TEST_CASE("every platform that is shipped has a row") {
  const std::string page = ReadText(kRoot / "docs/formats/dialects.md");
  for (const auto& entry : fs::directory_iterator(kRoot / "connectors")) {
    if (entry.path().extension() != ".json") continue;
    const std::string name = "`connectors/" + entry.path().filename().string() + "`";
    CHECK_MESSAGE(page.find(name) != std::string::npos, name);
  }
}

TEST_CASE("a row that lies is found") {
  CHECK(Fault("| a | `mapping/edxml.cc` | `documents/status-06`, `tidy/dialects_table_test.cc: a row that lies is found` |")
            .empty());
  CHECK(Fault("Some text").empty());
  CHECK_FALSE(Fault("| a | `mapping/edxml.cc` | `documents/status-07` |").empty());
  CHECK_FALSE(Fault("| a | `mapping/edxml.cc` | `tidy/dialects_table_test.cc: no such case` |").empty());
  CHECK_FALSE(Fault("| a | `mapping/edxml.cc` | `tidy/no_test.cc: a row that lies is found` |").empty());
  CHECK_FALSE(Fault("| a | `mapping/none.cc` | `documents/status-06` |").empty());
  CHECK_FALSE(Fault("| a | mapping | `documents/status-06` |").empty());
  CHECK_FALSE(Fault("| a | `edxml` | to be done |").empty());
  CHECK_FALSE(Fault("| a | `edxml` |").empty());
}

}  // namespace
}  // namespace mc
