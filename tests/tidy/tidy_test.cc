// Goal: the borders and habits of docs and blueprint hold in every source file.
// Method: the whole tree through tidy_rules.h; before that, snippets that break one rule
// each, and their legal neighbours, so that the rules cannot pass by seeing nothing.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/tidy/tidy_rules.h"

namespace mc::tidy {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kFolders = {"core", "connectors", "mapping", "storage", "scoring", "sso", "gateway"};

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<SourceFile> Sources() {
  const fs::path root = MC_SOURCE_DIR;
  std::vector<SourceFile> files;
  for (const std::string& folder : kFolders) {
    if (!fs::exists(root / folder)) continue;
    for (fs::recursive_directory_iterator at(root / folder), end; at != end; ++at) {
      if (at->path().filename() == "node_modules") at.disable_recursion_pending();
      const auto extension = at->path().extension();
      if (extension != ".h" && extension != ".cc" && extension != ".hpp" && extension != ".cpp") continue;
      files.push_back({fs::relative(at->path(), root).generic_string(), ReadAll(at->path())});
    }
  }
  return files;
}

struct Snippet {
  const char* path;
  std::string text;
  const char* fault;  // nullptr: legal
};

void Expect(const std::vector<Snippet>& snippets) {
  for (const Snippet& snippet : snippets) {
    CAPTURE(snippet.path);
    CAPTURE(snippet.text);
    const auto faults = Check({snippet.path, snippet.text});
    if (!snippet.fault) {
      CHECK_MESSAGE(faults.empty(), (faults.empty() ? std::string() : faults.front()));
    } else {
      REQUIRE(faults.size() == 1);
      CHECK_MESSAGE(faults.front().find(snippet.fault) != std::string::npos, faults.front());
    }
  }
}

TEST_CASE("the rules bite: edges between folders") {
  Expect({
      {"core/a.cc", "#include \"core/b.h\"\n", nullptr},
      {"core/a.cc", "#include \"storage/store.h\"\n", "may not include"},
      {"core/a.h", "  #  include \"mapping/mapper.h\"\n", "may not include"},
      {"core/a.cc", "#include \"b.h\"\n", "may not include"},
      {"connectors/a.cc", "#include \"core/b.h\"\n#include \"connectors/c.h\"\n", nullptr},
      {"connectors/a.cc", "#include \"mapping/mapper.h\"\n", "may not include"},
      {"mapping/a.cc", "#include \"storage/store.h\"\n", "may not include"},
      {"storage/a.cc", "#include \"mapping/catalogue.h\"\n", "may not include"},
      {"storage/a.cc", "#include \"scoring/policy.h\"\n", "may not include"},
      {"sso/a.cc", "#include \"storage/store.h\"\n", "may not include"},
      {"scoring/a.cc", "#include \"mapping/catalogue.h\"\n#include \"storage/facts.h\"\n", nullptr},
      {"scoring/a.cc", "#include \"mapping/items.h\"\n", "may not include"},
      {"scoring/a.cc", "#include \"storage/store.h\"\n", "may not include"},
      {"scoring/a.cc", "#include \"gateway/serve.h\"\n", "may not include"},
      {"gateway/a.cc", "#include \"storage/store.h\"\n#include \"sso/session.h\"\n", nullptr},
      {"gateway/a.cc", "#include \"tests/support/fake.h\"\n", "may not include"},
      {"other/a.cc", "#include \"core/b.h\"\n", "not part of the house"},
  });
}

TEST_CASE("the rules bite: foreign headers") {
  Expect({
      {"core/a.h", "#include <string>\n#include <nlohmann/json_fwd.hpp>\n", nullptr},
      {"core/a.cc", "#include <nlohmann/json.hpp>\n#include <unistd.h>\n#include <sys/stat.h>\n", nullptr},
      {"core/a.h", "#include <nlohmann/json.hpp>\n", "does not belong"},
      {"core/a.h", "#include <unistd.h>\n", "unknown foreign header"},
      {"gateway/a.cc", "#include <CLI/CLI.hpp>\n", nullptr},
      {"gateway/a.h", "#include <CLI/CLI.hpp>\n", "does not belong"},
      {"gateway/a.cc", "#include <httplib.h>\n", "unknown foreign header"},
      {"storage/a.cc", "#include <CLI/CLI.hpp>\n", "does not belong"},
      {"core/http_curl.cc", "#include <curl/curl.h>\n", nullptr},
      {"connectors/a.cc", "#include <curl/curl.h>\n", "does not belong"},
      {"mapping/edxml.cc", "#include <pugixml.hpp>\n", nullptr},
      {"mapping/edxml.h", "#include <pugixml.hpp>\n", "does not belong"},
      {"mapping/mapper.cc", "#include <pugixml.hpp>\n", "does not belong"},
      {"storage/sqlite_store.cc", "#include <SQLiteCpp/SQLiteCpp.h>\n#include <sqlite3.h>\n", nullptr},
      {"storage/sqlite_store.h", "#include <SQLiteCpp/SQLiteCpp.h>\n", "does not belong"},
      {"storage/sqlite_connection.h", "#include <SQLiteCpp/SQLiteCpp.h>\n", nullptr},
      {"storage/sqlite_store.cc", "#include \"storage/sql_store.h\"\n", nullptr},
      {"storage/sqlite_store.cc", "#include \"storage/sqlite_store.h\"\n", nullptr},
      {"storage/sql_check.h", "#include \"storage/sql_store.h\"\n", nullptr},
      {"storage/sql_check.h", "#include <sqlite3.h>\n", "does not belong"},
      {"storage/sql_check.cc", "#include <SQLiteCpp/SQLiteCpp.h>\n", "does not belong"},
      {"storage/postgres_copy.cc", "#include <libpq-fe.h>\n", nullptr},
      {"storage/postgres_connection.h", "#include <libpq-fe.h>\n", nullptr},
      {"storage/postgres_copy.cc", "#include <sqlite3.h>\n", "does not belong"},
      {"storage/sql_check.cc", "#include <libpq-fe.h>\n", "does not belong"},
      {"storage/postgres_store.h", "#include <libpq-fe.h>\n", "does not belong"},
      {"gateway/serve.cc", "#include \"storage/sqlite_store.h\"\n", nullptr},
      {"gateway/serve.cc", "#include \"storage/postgres_connection.h\"\n", "engine's own files"},
      {"storage/sqlite_store.h", "#include \"storage/sql_store.h\"\n", "engine's own files"},
      {"storage/ledger.cc", "#include \"storage/sql_store.h\"\n", "engine's own files"},
      {"gateway/serve.cc", "#include \"storage/sql_store.h\"\n", "engine's own files"},
      {"storage/ledger.cc", "#include <sqlite3.h>\n", "does not belong"},
      {"core/seal.cc", "#include <openssl/evp.h>\n", nullptr},
      {"storage/ledger.cc", "#include <openssl/evp.h>\n", "does not belong"},
      {"core/ratio.cc", "#include <gmpxx.h>\n", nullptr},
      {"core/ratio.h", "#include <gmpxx.h>\n", "does not belong"},
      {"core/text.cc", "#include <unicode/normalizer2.h>\n", nullptr},
      {"mapping/a.cc", "#include <unicode/normalizer2.h>\n", "does not belong"},
      {"mapping/a.cc", "#include <simdjson.h>\n", nullptr},
      {"storage/a.cc", "#include <simdjson.h>\n", "does not belong"},
      {"core/log.cc", "#include <spdlog/spdlog.h>\n", nullptr},
      {"gateway/a.cc", "#include <spdlog/spdlog.h>\n", "does not belong"},
      {"core/a.cc", "#include <boost/asio.hpp>\n", "unknown foreign header"},
  });
}

TEST_CASE("the rules bite: floats, clocks, paths and leftovers") {
  Expect({
      {"scoring/a.cc", "double x;\n", "double in scoring/"},
      {"mapping/a.cc", "auto f(float);\n", "float in mapping/"},
      {"storage/a.h", "std::vector<double> v;\n", "double in storage/"},
      {"scoring/a.cc", "int double_dash; // a double\nauto s = \"float\";\n", nullptr},
      {"scoring/a.cc", "auto s = R\"x(double \" )x\"; /* double\ndouble */ int n = 1'000;\n", nullptr},
      {"scoring/a.cc", "char c = '\"'; double d; char e = '\"';\n", "double in scoring/"},
      {"core/a.cc", "double x;\n", nullptr},
      {"core/time.cc", "std::chrono::system_clock::now();\n", nullptr},
      {"gateway/a.cc", "std::chrono::system_clock::now();\n", "reads the clock"},
      {"storage/a.cc", "auto t = time(nullptr);\n", "reads the clock"},
      {"gateway/a.cc", "std::chrono::steady_clock::now();\n", nullptr},
      {"scoring/a.cc", "std::chrono::steady_clock::now();\n", "a clock in a pure folder"},
      {"core/a.cc", "auto p = \"/tmp/x\";\n", "path of one machine"},
      {"core/a.cc", "// see /home/somebody/notes\n", "path of one machine"},
      {"core/a.cc", "auto p = \"/root\";\n", "path of one machine"},
      {"core/a.cc", "auto p = \"~/x\";\n", "path of one machine"},
      {"core/a.cc", "auto p = \"https://h/tmp/x\"; auto q = \"docs/home\"; auto r = \"/workers\";\n", nullptr},
      {"core/a.cc", std::string("// TO") + "DO: later\n", "left behind"},
      {"core/a.cc", "using namespace std;\n", "using namespace"},
  });
}

std::string Repeated(const std::string& line, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += line;
  return text;
}

TEST_CASE("the rules bite: sizes, at the limit and one past it") {
  Expect({
      {"core/a.cc", Repeated("\n", kFileLines), nullptr},
      {"core/a.cc", Repeated("\n", kFileLines + 1), "file over 600 lines"},
      {"core/a.cc", std::string(kLineColumns, 'x') + "\n", nullptr},
      {"core/a.cc", std::string(kLineColumns + 1, 'x') + "\n", "line over 120 columns"},
      {"core/a.cc", "// " + Repeated("ế", kLineColumns - 3) + "\n", nullptr},
      {"core/a.cc", "// " + Repeated("ế", kLineColumns - 2) + "\n", "line over 120 columns"},
      {"core/a.cc", "int F(int a) {\n" + Repeated("  a++;\n", kFunctionLines - 2) + "}\n", nullptr},
      {"core/a.cc", "int F(int a) {\n" + Repeated("  a++;\n", kFunctionLines - 1) + "}\n", "function over 100 lines"},
      {"core/a.cc", "struct S {\n  void F() const {\n" + Repeated("    a();\n", kFunctionLines) + "  }\n};\n",
       "function over 100 lines"},
      {"core/a.cc", "class T final : B(x) {\n" + Repeated("  int a;\n", kFunctionLines + 1) + "};\n", nullptr},
      {"core/a.cc", Repeated("void F() {\n  if (a) {\n  }\n}\n", 40), nullptr},
  });
}

TEST_CASE("every source file keeps the rules of the house") {
  const auto files = Sources();
  CHECK(files.size() > 20);
  std::size_t includes = 0;
  for (const SourceFile& file : files) {
    for (const std::string& fault : Check(file)) FAIL_CHECK(fault);
    for (const std::string& line : Lines(file.text)) includes += StartsWith(line, "#include") ? 1 : 0;
  }
  CHECK(includes > 5 * files.size() / 2);
}

TEST_CASE("every folder with sources has a README of at most 40 lines") {
  for (const std::string& folder : kFolders) {
    const auto files = Sources();
    const bool has_sources = std::any_of(files.begin(), files.end(),
                                         [&](const SourceFile& file) { return FolderOf(file.path) == folder; });
    if (!has_sources) continue;
    CAPTURE(folder);
    const auto readme = Lines(ReadAll(fs::path(MC_SOURCE_DIR) / folder / "README.md"));
    CHECK(readme.size() > 3);
    CHECK(readme.size() <= kReadmeLines);
  }
}

TEST_CASE("every folder of tests is built") {
  const fs::path tests = fs::path(MC_SOURCE_DIR) / "tests";
  const std::string list = ReadAll(tests / "CMakeLists.txt");
  std::set<std::string> folders;
  for (const auto& entry : fs::recursive_directory_iterator(tests)) {
    if (EndsWith(entry.path().filename().string(), "_test.cc")) {
      folders.insert(entry.path().parent_path().lexically_relative(tests).generic_string());
    }
  }
  CHECK(folders.size() >= 2);
  for (const std::string& folder : folders) {
    CAPTURE(folder);
    CHECK(list.find("mc_test(" + folder + " ") != std::string::npos);
  }
}

}  // namespace
}  // namespace mc::tidy
