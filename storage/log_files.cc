#include "storage/log_files.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/durable_file.h"

namespace mc {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTiles = "tile/";
constexpr std::string_view kEntries = "entries/";
constexpr std::string_view kPartial = ".p/";
constexpr std::size_t kMaxIndexGroups = 6;  // of three digits: an index below 10^18

Error NoSuchFile() {
  return DataError("no_such_file", "the signed log has no such file; read checkpoint for its size");
}

// 1234067 as "x001/x234/067".
std::string IndexText(std::int64_t index) {
  const auto group = [](std::int64_t n) { return std::to_string(1000 + n % 1000).substr(1); };
  std::string text = group(index);
  while ((index /= 1000) > 0) text = "x" + group(index) + "/" + text;
  return text;
}

// Digits only, at most 18 of them.
std::optional<std::int64_t> Number(std::string_view digits) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size() || number < 0) return std::nullopt;
  return number;
}

// The value of a spelling; that it is the one and only spelling is seen by writing it again.
std::optional<std::int64_t> ParseTileIndex(std::string_view text) {
  std::string digits;
  for (std::size_t groups = 0; text.starts_with('x') && text.size() > 5; text.remove_prefix(5)) {
    if (++groups == kMaxIndexGroups) return std::nullopt;
    digits += text.substr(1, 3);
  }
  return Number(digits + std::string(text));
}

void AppendLeaf(std::string& bundle, const std::string& leaf) {
  bundle += static_cast<char>(leaf.size() >> 8);
  bundle += static_cast<char>(leaf.size() & 0xFF);
  bundle += leaf;
}

Result<std::string> ReadBundle(LedgerReader& ledger, const TilePath& path) {
  MC_TRY(const auto leaves, ledger.ReadLeaves(path.tile.index * kTileWidth, path.width));
  std::string bundle;
  for (const std::string& leaf : leaves) AppendLeaf(bundle, leaf);
  return bundle;
}

Result<std::string> ReadHashes(LedgerReader& ledger, const TilePath& path) {
  MC_TRY(std::string hashes, ledger.ReadTile(path.tile));
  const std::size_t bytes = static_cast<std::size_t>(path.width) * kHashBytes;
  if (hashes.size() < bytes) return InternalError("bad_tile", "a tile of the ledger is too short; run fsck");
  hashes.resize(bytes);
  return hashes;
}

Result<std::string> ReadCovered(LedgerReader& ledger, const TilePath& path) {
  return path.entries ? ReadBundle(ledger, path) : ReadHashes(ledger, path);
}

// A tile that was exported before is the same for ever: a second export writes what is new.
bool IsThere(const fs::path& file, const std::string& bytes) {
  std::error_code ec;
  if (fs::file_size(file, ec) != bytes.size() || ec) return false;
  std::ifstream in(file, std::ios::binary);
  return in && std::string(std::istreambuf_iterator<char>(in), {}) == bytes;
}

Status WriteLogFile(const fs::path& file, const std::string& bytes) {
  if (IsThere(file, bytes)) return Ok();
  std::error_code ec;
  fs::create_directories(file.parent_path(), ec);  // where it fails, so does the next step, and says why
  return WriteDurably(file, bytes, kAllRead);
}

// Every file of a tree but the checkpoint.
class Exporter {
 public:
  Exporter(LedgerReader& ledger, std::string folder, std::int64_t size)
      : ledger_(ledger), folder_(std::move(folder)), size_(size) {}

  Status Write(const std::function<void(std::int64_t, std::int64_t)>& progress) {
    const std::int64_t total = FileCount();
    std::int64_t done = 0;
    for (int level = 0; TileCount(size_, level) > 0; ++level) {
      for (std::int64_t index = 0; index < TileCount(size_, level); ++index) {
        MC_CHECK_OK(WriteOne(false, {level, index}));
        if (level == 0) MC_CHECK_OK(WriteOne(true, {level, index}));
        done += level == 0 ? 2 : 1;
        if (progress) progress(done, total);
      }
    }
    return Ok();
  }

 private:
  std::int64_t FileCount() const {
    std::int64_t count = TileCount(size_, 0);  // of entries
    for (int level = 0; TileCount(size_, level) > 0; ++level) count += TileCount(size_, level);
    return count;
  }

  Status WriteOne(bool entries, const TileId& tile) {
    const TilePath path{entries, tile, TileEntries(size_, tile)};
    MC_TRY(const std::string bytes, ReadCovered(ledger_, path));
    return WriteLogFile(fs::path(folder_) / TilePathText(path), bytes);
  }

  LedgerReader& ledger_;
  const std::string folder_;
  const std::int64_t size_;
};

}  // namespace

std::string TilePathText(const TilePath& path) {
  std::string text(kTiles);
  text += path.entries ? std::string(kEntries) : std::to_string(path.tile.level) + "/";
  text += IndexText(path.tile.index);
  if (path.width < kTileWidth) text += std::string(kPartial) + std::to_string(path.width);
  return text;
}

std::optional<TilePath> ParseTilePath(std::string_view text) {
  const std::string_view whole = text;
  TilePath path;
  if (!text.starts_with(kTiles)) return std::nullopt;
  text.remove_prefix(kTiles.size());
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  path.entries = text.substr(0, slash + 1) == kEntries;
  const auto level = path.entries ? std::optional<std::int64_t>(0) : Number(text.substr(0, slash));
  text.remove_prefix(slash + 1);
  const auto partial = text.find(kPartial);
  const auto width = partial == std::string_view::npos ? kTileWidth : Number(text.substr(partial + kPartial.size()));
  const auto index = ParseTileIndex(text.substr(0, partial));
  if (!level || *level > kMaxPathLevel || !index || !width || *width < 1 || *width > kTileWidth) return std::nullopt;
  path.tile = {static_cast<int>(*level), *index};
  path.width = *width;
  if (TilePathText(path) != whole) return std::nullopt;
  return path;
}

Result<std::string> ReadTileFile(LedgerReader& ledger, const TilePath& path) {
  MC_TRY(const LedgerHead head, ledger.Head());
  if (path.tile.index >= TileCount(head.size, path.tile.level)) return NoSuchFile();
  if (path.width > TileEntries(head.size, path.tile)) return NoSuchFile();
  return ReadCovered(ledger, path);
}

Result<LedgerHead> ExportLog(LedgerReader& ledger, const std::string& folder,
                             const std::function<void(std::int64_t done, std::int64_t total)>& progress) {
  MC_TRY(LedgerHead head, ledger.Head());
  if (head.checkpoint.empty()) return DataError("no_such_file", "no head of the log is signed yet; run sync first");
  MC_CHECK_OK(Exporter(ledger, folder, head.size).Write(progress));
  MC_CHECK_OK(WriteLogFile(fs::path(folder) / "checkpoint", head.checkpoint));
  return head;
}

}  // namespace mc
