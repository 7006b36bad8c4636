// A folder into which others put files: what lies there, and each file read only when it is
// whole. Nothing outside the folder is ever followed. Errors: kTransient "folder_missing" (also a
// vanished mount), "file_changing", kInternal "cannot_move". Safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"

namespace mc {

struct DroppedFile {
  std::string name;  // within the folder
  std::int64_t bytes = 0;
  std::int64_t modified_ns = 0;
  // 16 hex digits over name, size, times and inode: another text for every other content put
  // there by renaming or writing.
  std::string identity;
};

// Regular files by name. Left out: names that begin with a dot or end in .tmp, .part,
// .filepart or ~ (still being written), links, folders, pipes.
Result<std::vector<DroppedFile>> ListDropped(const std::string& folder);

// The bytes, when the file is still the one that was listed, before and after reading; else
// "file_changing": it is taken the next time. REQUIRES: file.bytes is within what memory holds.
Result<std::string> ReadDropped(const std::string& folder, const DroppedFile& file);
// Renames it into `folder`/taken, which is made when it is not there; a file of the same name
// there stays, and this one gets its identity in front. A file that is gone is no error.
Status MoveToTaken(const std::string& folder, const DroppedFile& file);

}  // namespace mc
