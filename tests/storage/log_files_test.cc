// Goal: the log's files have the names and bytes of C2SP tlog-tiles, and show what is signed
// and nothing past it.
// Method: a table of spellings; each border of a head; an export read back into its root.
#include "storage/log_files.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "tests/storage/memory_ledger.h"
#include "tests/support/temp_folder.h"

using namespace mc;
namespace fs = std::filesystem;

namespace {

std::string Slurp(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::set<std::string> FilesIn(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) names.insert(fs::relative(entry.path(), folder).string());
  }
  return names;
}

// The bytes of the file with this name, or the code of its error.
std::string Read(LedgerReader& ledger, const std::string& name) {
  const auto path = ParseTilePath(name);
  if (!path) return "no path";
  const auto bytes = ReadTileFile(ledger, *path);
  return bytes.ok() ? *bytes : bytes.error().code;
}

}  // namespace

TEST_CASE("log_files: one spelling for each tile, as tlog-tiles has it") {
  struct Case {
    const char* text;
    TilePath path;
  };
  const std::int64_t whole = kTileWidth;
  for (const Case& c :
       {Case{"tile/0/000", {false, {0, 0}, whole}}, Case{"tile/63/999", {false, {63, 999}, whole}},
        Case{"tile/1/x001/000", {false, {1, 1000}, whole}}, Case{"tile/0/x001/x234/067", {false, {0, 1234067}, whole}},
        Case{"tile/0/x999/x999/x999/x999/x999/999", {false, {0, 999'999'999'999'999'999}, whole}},
        Case{"tile/0/000.p/1", {false, {0, 0}, 1}}, Case{"tile/2/x001/234.p/255", {false, {2, 1234}, 255}},
        Case{"tile/entries/x001/234.p/5", {true, {0, 1234}, 5}}, Case{"tile/entries/000", {true, {0, 0}, whole}}}) {
    CAPTURE(c.text);
    CHECK(TilePathText(c.path) == c.text);
    CHECK(ParseTilePath(c.text) == c.path);
  }
}

TEST_CASE("log_files: no other spelling is read") {
  for (const char* text : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/0/0",
                           "tile/0/00",
                           "tile/0/0000",
                           "tile/00/000",
                           "tile/64/000",
                           "tile/-1/000",
                           "tile/+1/000",
                           "tile/a/000",
                           "tile//000",
                           "tile/0/x000/001",
                           "tile/0/001/001",
                           "tile/0/x001",
                           "tile/0/x001/",
                           "tile/0/x001/x002",
                           "tile/0/X001/002",
                           "tile/0/x01/002",
                           "tile/0/1000",
                           "tile/0/x001/x000/x000/x000/x000/x000/000",
                           "tile/0/000.p",
                           "tile/0/000.p/",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/05",
                           "tile/0/000.p/-5",
                           "tile/0/000.p/5.p/5",
                           "tile/0/000.p/5/",
                           "tile/0/000/",
                           "tile/0/000 ",
                           " tile/0/000",
                           "/tile/0/000",
                           "tile/0/../000",
                           "tile/entries/",
                           "tile/entries/0",
                           "tile/entries/0/000",
                           "tile/Entries/000",
                           "tile/0/-01",
                           "tile/0/x-01/000",
                           "tile/0/99999999999999999999",
                           "checkpoint"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseTilePath(text));
  }
}

TEST_CASE("log_files: only what the last head covers, at each border and one past it") {
  MemoryLedger ledger(300);
  const auto hashes = [&](std::size_t from, std::size_t count) {
    std::string bytes;
    for (std::size_t i = from; i < from + count; ++i) bytes += AsBytes(ledger.hashes[i]);
    return bytes;
  };
  const std::string none = "no_such_file";
  CHECK(Read(ledger, "tile/0/000.p/1") == none);  // nothing is signed
  ledger.Sign(250);
  CHECK(Read(ledger, "tile/0/000.p/250") == hashes(0, 250));
  CHECK(Read(ledger, "tile/0/000.p/1") == hashes(0, 1));
  for (const char* past : {"tile/0/000.p/251", "tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1", "tile/entries/000",
                           "tile/entries/000.p/251", "tile/entries/001.p/1", "tile/8/000.p/1", "tile/63/000",
                           "tile/0/x999/x999/x999/x999/x999/999"}) {
    CAPTURE(past);
    CHECK(Read(ledger, past) == none);
  }
  ledger.Sign(256);
  CHECK(Read(ledger, "tile/0/000") == hashes(0, 256));
  CHECK(Read(ledger, "tile/1/000.p/1") == AsBytes(RootAt(ledger.tiles, 256)));
  CHECK(Read(ledger, "tile/0/001.p/1") == none);
  ledger.Sign(300);
  CHECK(Read(ledger, "tile/0/001.p/44") == hashes(256, 44));
  CHECK(Read(ledger, "tile/0/001.p/45") == none);
  CHECK(Read(ledger, "tile/1/000.p/2") == none);
  CHECK(Read(ledger, "tile/entries/001.p/2") == std::string("\0\x08leaf 256\0\x08leaf 257", 20));
}

TEST_CASE("log_files: a leaf of the longest length keeps it") {
  MemoryLedger ledger(0);
  ledger.Add(std::string(65'535, 'x'));
  ledger.Sign(1);
  CHECK(Read(ledger, "tile/entries/000.p/1") == "\xFF\xFF" + ledger.leaves[0]);
}

TEST_CASE("log_files: a damaged store is an error, not a file") {
  MemoryLedger ledger(300);
  ledger.Sign(300);
  ledger.tiles[{0, 1}].resize(43 * kHashBytes);
  ledger.leaves.pop_back();
  CHECK(Read(ledger, "tile/0/001.p/44") == "bad_tile");
  CHECK(Read(ledger, "tile/0/001.p/43").size() == 43 * kHashBytes);
  CHECK(Read(ledger, "tile/entries/001.p/44") == "store_leaf");
}

TEST_CASE("log_files: an export has all files of the head, and grows over an older one") {
  MemoryLedger ledger(600);
  const test::TempFolder folder;
  CHECK(ExportLog(ledger, folder.path, {}).error().code == "no_such_file");
  ledger.Sign(256);
  REQUIRE(ExportLog(ledger, folder.path, {}).ok());
  CHECK(FilesIn(folder.path) ==
        std::set<std::string>{"checkpoint", "tile/0/000", "tile/1/000.p/1", "tile/entries/000"});
  ledger.Sign(520);
  std::int64_t last = 0, all = 0;
  const auto head = ExportLog(ledger, folder.path, [&](std::int64_t done, std::int64_t total) {
    CHECK(done > last);
    last = done;
    all = total;
  });
  REQUIRE(head.ok());
  CHECK(head->size == 520);
  CHECK(last == all);
  CHECK(all == 7);
  CHECK(FilesIn(folder.path) == std::set<std::string>{"checkpoint", "tile/0/000", "tile/0/001", "tile/0/002.p/8",
                                                      "tile/1/000.p/1", "tile/1/000.p/2", "tile/entries/000",
                                                      "tile/entries/001", "tile/entries/002.p/8"});
  CHECK(Slurp(folder.path / "checkpoint") == ledger.head.checkpoint);
  const TileReader from_files = [&](const TileId& id) -> Result<std::string> {
    return Slurp(folder.path / TilePathText({false, id, TileEntries(520, id)}));
  };
  CHECK(TreeEdge::Load(520, from_files)->Root() == RootAt(ledger.tiles, 520));
}

TEST_CASE("log_files: an export that breaks off keeps the head that it had") {
  MemoryLedger ledger(600);
  const test::TempFolder folder;
  ledger.Sign(256);
  REQUIRE(ExportLog(ledger, folder.path, {}).ok());
  const std::string before = ledger.head.checkpoint;
  ledger.Sign(600);
  ledger.tiles.erase({0, 2});
  CHECK(ExportLog(ledger, folder.path, {}).error().code == "bad_tile");
  CHECK(Slurp(folder.path / "checkpoint") == before);
  const fs::path file = folder.path / "taken";
  std::ofstream(file) << "a file where the folder should be";
  CHECK(ExportLog(ledger, file, {}).error().code == "cannot_write");
}
