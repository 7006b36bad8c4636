// Goal: a page for people says the same in Vietnamese and in English, and no link leads nowhere.
// Method: pairs X.md and X.vi.md are found in their folders; headings, rows, points and every `name` of the program are
// compared. What a sentence says is for a reader to judge. To prove that it bites, pages that lie are fed to the same check.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/tidy/tidy_rules.h"

namespace mc {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = MC_SOURCE_DIR;
constexpr std::size_t kLinkWithinLines = 25;  // README.md shows what it is first; the others link on their third line

struct PageShape {
  int headings = 0, rows = 0, points = 0, blocks = 0;
  std::set<std::string> names;  // in backticks, of the program: commands, settings, codes, files
  bool operator==(const PageShape&) const = default;
};

std::string PageText(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Placeholders (`FILE`, `TỆP`) are said in the page's language, so they are no names; nor is anything with a space.
bool IsNameOfOurs(const std::string& quoted) {
  return !quoted.empty() && quoted.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.*-") == std::string::npos;
}

void AddNames(std::string line, std::set<std::string>& names) {
  for (std::size_t at = 0; (at = line.find(".vi.md")) != std::string::npos;) line.replace(at, 6, ".md");
  for (std::size_t at = line.find('`'); at != std::string::npos; at = line.find('`', at + 1)) {
    const std::size_t end = line.find('`', at + 1);
    if (end == std::string::npos) return;
    const std::string quoted = line.substr(at + 1, end - at - 1);
    if (IsNameOfOurs(quoted)) names.insert(quoted);
    at = end;
  }
}

bool IsPoint(const std::string& line) {
  const std::size_t digits = line.find_first_not_of("0123456789");
  return tidy::StartsWith(line, "- ") || (digits != 0 && digits != std::string::npos && line.substr(digits, 2) == ". ");
}

PageShape ShapeOf(const std::string& text) {
  PageShape shape;
  std::istringstream in(text);
  bool in_block = false;
  for (std::string line; std::getline(in, line);) {
    if (tidy::StartsWith(line, "```")) {
      shape.blocks += in_block ? 0 : 1;
      in_block = !in_block;
    }
    if (in_block) continue;
    shape.headings += tidy::StartsWith(line, "#") ? 1 : 0;
    shape.rows += tidy::StartsWith(line, "|") ? 1 : 0;
    shape.points += IsPoint(line) ? 1 : 0;
    AddNames(line, shape.names);
  }
  return shape;
}

bool LinksTo(const std::string& text, const std::string& other) {
  std::istringstream in(text);
  std::string line;
  for (std::size_t i = 0; i < kLinkWithinLines && std::getline(in, line); ++i) {
    if (line.find("](" + other + ")") != std::string::npos) return true;
  }
  return false;
}

// Pages for people, in English.
std::vector<fs::path> PagesForPeople() {
  std::vector<fs::path> pages = {kSource / "README.md", kSource / "deploy/README.md",
                                 kSource / "docs/connect-a-platform.md", kSource / "docs/formats/access-table.md",
                                 kSource / "docs/worked-examples.md"};
  for (const auto& entry : fs::directory_iterator(kSource / "docs/operating")) {
    if (!entry.path().string().ends_with(".vi.md")) pages.push_back(entry.path());
  }
  return pages;
}

// Of [text](target), those that are paths.
std::vector<std::string> LinkedPaths(const std::string& text) {
  std::vector<std::string> paths;
  for (std::size_t at = text.find("]("); at != std::string::npos; at = text.find("](", at + 1)) {
    std::string target = text.substr(at + 2, text.find(')', at) - at - 2);
    if (target.find(' ') != std::string::npos || target.find("://") != std::string::npos) continue;
    target.resize(std::min(target.find('#'), target.size()));
    if (!target.empty()) paths.push_back(target);
  }
  return paths;
}

}  // namespace

TEST_CASE("a page for people says the same in Vietnamese and in English, and each leads to the other") {
  const std::vector<fs::path> pages = PagesForPeople();
  CHECK(pages.size() > 10);
  for (const fs::path& en : pages) {
    const std::string stem = en.stem().string();
    const fs::path vi = en.parent_path() / (stem + ".vi.md");
    CAPTURE(en.string());
    REQUIRE_MESSAGE(fs::exists(vi), "it has no Vietnamese page " << vi.filename().string());
    const std::string in_english = PageText(en), in_vietnamese = PageText(vi);
    const PageShape a = ShapeOf(in_english), b = ShapeOf(in_vietnamese);
    CHECK(a.headings == b.headings);
    CHECK(a.rows == b.rows);
    CHECK(a.points == b.points);
    CHECK(a.blocks == b.blocks);
    for (const std::string& name : a.names)
      CHECK_MESSAGE(b.names.count(name), name << " stands in the English one only");
    for (const std::string& name : b.names)
      CHECK_MESSAGE(a.names.count(name), name << " stands in the Vietnamese one only");
    CHECK(LinksTo(in_english, stem + ".vi.md"));
    CHECK(LinksTo(in_vietnamese, stem + ".md"));
  }
  for (const auto& entry : fs::directory_iterator(kSource / "docs/operating")) {
    std::string name = entry.path().string();
    if (!name.ends_with(".vi.md")) continue;
    CHECK_MESSAGE(fs::exists(name.replace(name.size() - 6, 6, ".md")), name << " is not there in English");
  }
}

TEST_CASE("no link of a page leads nowhere") {
  std::vector<fs::path> pages;
  for (const auto& entry : fs::recursive_directory_iterator(kSource / "docs")) {
    if (entry.path().extension() == ".md") pages.push_back(entry.path());
  }
  for (const char* page : {"README.md", "README.vi.md", "CONTRIBUTING.md", "CHANGELOG.md"})
    pages.push_back(kSource / page);
  for (const fs::path& page : pages) {
    for (const std::string& path : LinkedPaths(PageText(page))) {
      CHECK_MESSAGE(fs::exists(page.parent_path() / path), page.string() << " leads to " << path);
    }
  }
}

TEST_CASE("pages that differ are found") {
  const std::string page = "# A\n\n[vi](a.vi.md)\n\n- `lease_ttl_secs`\n1. x\n| `fsck` | b |\n```\n# `no`\n```\n";
  const PageShape shape = ShapeOf(page);
  CHECK(shape.headings == 1);
  CHECK(shape.rows == 1);
  CHECK(shape.points == 2);
  CHECK(shape.blocks == 1);
  CHECK(shape.names == std::set<std::string>{"lease_ttl_secs", "fsck"});
  CHECK(LinksTo(page, "a.vi.md"));
  CHECK_FALSE(LinksTo(page, "a.md"));
  CHECK(LinksTo(std::string(kLinkWithinLines - 1, '\n') + "[x](a.md)", "a.md"));
  CHECK_FALSE(LinksTo(std::string(kLinkWithinLines, '\n') + "[x](a.md)", "a.md"));
  CHECK_FALSE(ShapeOf(page + "| one more |\n") == shape);
  CHECK_FALSE(ShapeOf(page + "`store_busy`\n") == shape);
  CHECK(ShapeOf(page + "`TỆP` and `FILE` and `a b`\n") == shape);
  CHECK(LinkedPaths("[a](b.md#c) [d](https://e) [f](#g) [h](i j)") == std::vector<std::string>{"b.md"});
}

}  // namespace mc
