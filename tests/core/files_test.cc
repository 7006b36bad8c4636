// Goal: only whole files of a folder are taken, each as it was listed.
#include "core/files.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace mc;

namespace {

namespace fs = std::filesystem;

struct Folder : test::TempFolder {
  void Write(const std::string& name, const std::string& bytes) const { std::ofstream(path / name) << bytes; }
  std::vector<DroppedFile> List() const {
    auto files = ListDropped(path);
    REQUIRE(files.ok());
    return *files;
  }
};

}  // namespace

TEST_CASE("files: what is finished, by name; nothing that is being written, linked or nested") {
  const Folder folder;
  for (const char* name : {"b.json", "a.csv", ".hidden", "c.json.tmp", "d.PART", "e.filepart", "f~"}) {
    folder.Write(name, "x");
  }
  fs::create_directory(folder.path / "sub");
  fs::create_symlink("/etc/hostname", folder.path / "link.json");
  REQUIRE(::mkfifo((folder.path / "pipe").c_str(), 0600) == 0);
  std::string names;
  for (const DroppedFile& file : folder.List()) names += file.name + " ";
  CHECK(names == "a.csv b.json ");
}

TEST_CASE("files: a folder that is not there is told from an empty one") {
  const Folder folder;
  CHECK(folder.List().empty());
  const auto missing = ListDropped(folder.path / "nothing");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().code == "folder_missing");
  CHECK(missing.error().error_class == ErrorClass::kTransient);
}

TEST_CASE("files: a time that no clock shows is the nearest that one can") {
  const Folder folder;
  folder.Write("a", "x");
  for (const std::int64_t seconds : {-5ll, 32'472'144'000ll /* the year 2999 */}) {
    const timespec at{static_cast<time_t>(seconds), 0};
    const timespec times[2] = {at, at};
    REQUIRE(::utimensat(AT_FDCWD, (folder.path / "a").c_str(), times, 0) == 0);
    const std::int64_t seen = folder.List().front().modified_ns / 1'000'000'000;
    CHECK(seen >= 0);
    CHECK((seen == 0) == (seconds < 0));
    if (seconds > 0) CHECK(seen > 7'000'000'000);  // far in the future; some file systems end in 2446
  }
}

TEST_CASE("files: read only as they were listed") {
  const Folder folder;
  folder.Write("a", "one");
  const DroppedFile listed = folder.List().at(0);
  CHECK(ReadDropped(folder.path, listed).value() == "one");
  folder.Write("a", "two");  // same length
  CHECK(ReadDropped(folder.path, listed).error().code == "file_changing");
  const DroppedFile second = folder.List().at(0);
  CHECK(second.identity != listed.identity);
  CHECK(ReadDropped(folder.path, second).value() == "two");
  fs::remove(folder.path / "a");
  fs::create_symlink("/etc/hostname", folder.path / "a");
  CHECK(ReadDropped(folder.path, second).error().code == "file_changing");
}

TEST_CASE("files: put away, never over another one, and never a newer one of that name") {
  const Folder folder;
  folder.Write("a", "one");
  const DroppedFile first = folder.List().at(0);
  REQUIRE(MoveToTaken(folder.path, first).ok());
  CHECK(folder.List().empty());
  REQUIRE(MoveToTaken(folder.path, first).ok());  // gone already
  folder.Write("a", "two");
  REQUIRE(MoveToTaken(folder.path, first).ok());  // another file now: it stays
  REQUIRE(folder.List().size() == 1);
  const DroppedFile second = folder.List().at(0);
  REQUIRE(MoveToTaken(folder.path, second).ok());
  CHECK(fs::exists(folder.path / "taken/a"));
  CHECK(fs::exists(folder.path / "taken" / (second.identity + "-a")));
}
