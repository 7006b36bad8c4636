// The SQLite engine under test, in a folder that disappears with it.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>

#include "storage/sqlite_store.h"
#include "tests/storage/store_harness.h"

namespace mc::test {

class SqliteHarness final : public StoreHarness {
 public:
  SqliteHarness() {
    // In memory where there is such a folder: thousands of durable commits would wait for the disk.
    const std::filesystem::path shared = "/dev/shm";
    std::string name =
        (std::filesystem::is_directory(shared) ? shared : std::filesystem::temp_directory_path()) / "mc-storage-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
  }
  SqliteHarness(const SqliteHarness&) = delete;
  SqliteHarness& operator=(const SqliteHarness&) = delete;
  ~SqliteHarness() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  Result<std::unique_ptr<Store>> TryOpenWith(StoreSettings settings) override {
    return OpenSqliteStore(std::move(settings));
  }

  std::string path() const override { return (folder_ / "store.db").string(); }

  std::string ReadFile() const {
    std::ifstream in(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void WriteFile(const std::string& bytes) const { std::ofstream(path(), std::ios::binary | std::ios::trunc) << bytes; }

 private:
  std::filesystem::path folder_;
};

}  // namespace mc::test
