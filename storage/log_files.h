// The log as static files, C2SP tlog-tiles: "checkpoint", "tile/<L>/<N>[.p/<W>]" and
// "tile/entries/<N>[.p/<W>]" below one prefix, the same over HTTP and in a folder. Only what
// the last signed head covers is there; a tile's bytes never change.
//
// Path functions are pure. A reader is used by one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "storage/ledger_reader.h"

namespace mc {

// The levels that a path can name, 0 to this one; tlog-tiles, "Merkle Tree".
inline constexpr int kMaxPathLevel = 63;

struct TilePath {
  bool entries = false;             // the leaves themselves; then tile.level is 0
  TileId tile;
  std::int64_t width = kTileWidth;  // hashes or leaves; below kTileWidth for a partial tile
  bool operator==(const TilePath&) const = default;
};

std::string TilePathText(const TilePath& path);  // "tile/0/x001/234.p/5"
// Strict inverse: the one spelling that TilePathText gives; nullopt for all else.
std::optional<TilePath> ParseTilePath(std::string_view text);

// Hashes one after the other, or leaves, each behind its length in 2 big-endian bytes. kData
// "no_such_file" when the last head does not cover the whole of it.
Result<std::string> ReadTileFile(LedgerReader& ledger, const TilePath& path);

// Writes all files of the last head below `folder`, which is made when it is not there; over an
// older export of the same log it adds. The checkpoint comes last: a copy that was broken off
// still ends with the head that it had. Returns that head. kData "no_such_file" when none was
// signed, kTransient "cannot_write"; the reader's errors.
Result<LedgerHead> ExportLog(LedgerReader& ledger, const std::string& folder,
                             const std::function<void(std::int64_t done, std::int64_t total)>& progress);

}  // namespace mc
