#include "storage/start_check.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "storage/merkle.h"

namespace mc {
namespace {

// Not what the disk or server refuses now: that is no damage, and passes.
bool IsDamage(const Error& error) {
  if (error.error_class == ErrorClass::kData) return true;  // a note or leaf that does not read
  return error.error_class == ErrorClass::kInternal && error.code != "store_io" && error.code != "store_full" &&
         error.code != "store_readonly";
}

std::string NameOf(const TileId& id) { return "tile " + std::to_string(id.level) + "/" + std::to_string(id.index); }

std::string NameOf(std::int64_t leaf) { return "leaf " + std::to_string(leaf); }

std::string_view HashIn(const std::string& tile, std::int64_t entry) {
  return std::string_view(tile).substr(static_cast<std::size_t>(entry) * kHashBytes, kHashBytes);
}

class StartChecker {
 public:
  explicit StartChecker(Store& store) : store_(store) {}

  Result<std::vector<Fault>> Run() {
    MC_TRY(const bool size_known, CheckHead());
    if (size_ > 0) {
      MC_CHECK_OK(CheckTree());
      MC_CHECK_OK(CheckLastLeaves());
    }
    if (size_known) MC_CHECK_OK(CheckNothingBehind());
    return std::move(faults_);
  }

 private:
  // Damage is listed; any other error ends the check.
  Status Take(const Error& error, const std::string& where) {
    if (!IsDamage(error)) return error;
    faults_.push_back({error.code, where, error.message});
    return Ok();
  }

  // How many leaves there were at one moment. They only grow, so that a head signed between the two questions makes it
  // smaller than what there is, never larger.
  Result<std::int64_t> Size() {
    MC_TRY(const LedgerHead head, store_.Head());
    size_ = head.size;
    MC_TRY(const std::int64_t more, store_.UnsignedLeaves());
    return head.size + more;
  }

  // False: no more is known than what the head covers.
  Result<bool> CheckHead() {
    const auto size = Size();
    if (size.ok()) size_ = *size;
    if (!size.ok()) MC_CHECK_OK(Take(size.error(), kSignedHead));
    return size.ok();
  }

  // Null: it is damaged, and listed once.
  Result<const std::string*> TileAt(const TileId& id) {
    const auto known = tiles_.find(id);
    if (known != tiles_.end()) return known->second ? &*known->second : nullptr;
    std::optional<std::string>& tile = tiles_[id];
    auto read = store_.ReadTile(id);
    const auto bytes = static_cast<std::size_t>(TileEntries(size_, id)) * kHashBytes;
    if (!read.ok()) {
      MC_CHECK_OK(Take(read.error(), NameOf(id)));
    } else if (read->size() < bytes) {
      faults_.push_back({"tile", NameOf(id), "it is shorter than the tree"});
    } else {
      tile = std::move(read).value();
    }
    return tile ? &*tile : nullptr;
  }

  // The last entry of each level is the root of the last full tile below it.
  Status CheckTree() {
    std::int64_t below = size_;
    for (int level = 1; (below /= kTileWidth) > 0; ++level) {
      const TileId above{level, (below - 1) / kTileWidth}, under{level - 1, below - 1};
      MC_TRY(const std::string* const upper, TileAt(above));
      MC_TRY(const std::string* const lower, TileAt(under));
      if (!upper || !lower) continue;
      const Digest root = SubtreeRoot(std::string_view(*lower).substr(0, kTileWidth * kHashBytes));
      if (HashIn(*upper, (below - 1) % kTileWidth) == AsBytes(root)) continue;
      faults_.push_back({"tile", NameOf(above), "its entry for " + NameOf(under) + " is not that tile's root"});
    }
    return Ok();
  }

  Status CheckLastLeaves() {
    const std::int64_t first = (size_ - 1) / kTileWidth * kTileWidth;
    MC_TRY(const std::string* const tile, TileAt({0, first / kTileWidth}));
    for (std::int64_t leaf = first; leaf < size_; ++leaf) {
      const auto bytes = store_.ReadLeaves(leaf, 1);
      if (!bytes.ok()) {
        MC_CHECK_OK(Take(bytes.error(), NameOf(leaf)));
      } else if (tile && HashIn(*tile, leaf - first) != AsBytes(LeafHash(bytes->front()))) {
        faults_.push_back({"leaf", NameOf(leaf), "its bytes are not what the tree holds"});
      } else if (leaf >= size_ - kOpenedAtStart) {
        MC_CHECK_OK(CheckObject(leaf));
      }
    }
    return Ok();
  }

  Status CheckObject(std::int64_t leaf) {
    const auto opened = store_.OpenLeaf(leaf);
    if (opened.ok() || opened.error().code == "leaf_erased") return Ok();
    return Take(opened.error(), NameOf(leaf));
  }

  // A leaf and the size that counts it are written in one transaction.
  Status CheckNothingBehind() {
    const std::int64_t end = size_;
    const auto opened = store_.OpenLeaf(end);
    if (!opened.ok() && opened.error().code == "no_such_leaf") return Ok();
    MC_TRY(const std::int64_t now, Size());
    if (now > end) return Ok();  // another process wrote meanwhile
    faults_.push_back({"leaf", NameOf(end), "it stands behind the end of the tree"});
    return Ok();
  }

  Store& store_;
  std::int64_t size_ = 0;
  std::map<TileId, std::optional<std::string>> tiles_;
  std::vector<Fault> faults_;
};

}  // namespace

Result<std::vector<Fault>> CheckAtStart(Store& store) { return StartChecker(store).Run(); }

}  // namespace mc
