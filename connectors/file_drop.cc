// Files that others put into a folder. A file is a page of records, or, as a ZIP archive,
// several; it is read as a whole and committed in slices.
//
// The cursor names the file in hand, how many of its records are committed, and which files
// are done with. With `"subscription": "own"` the folder is ours alone: a file is moved into
// taken/ once a stored cursor says that it is done. Otherwise files stay, and the cursor
// remembers them; one that is forgotten is read again and gives duplicates.

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "connectors/factories.h"
#include "connectors/filed_lists.h"
#include "connectors/slices.h"
#include "connectors/sniff.h"
#include "connectors/split.h"
#include "connectors/xlsx.h"
#include "core/digest.h"
#include "core/files.h"
#include "core/json.h"
#include "core/json_at.h"
#include "core/zip.h"

namespace mc {
namespace {

constexpr std::int64_t kDropCursorVersion = 1;
constexpr std::size_t kFilesRemembered = 10'000;  // done with, still lying there
constexpr std::size_t kIdentityBytes = 16;
constexpr std::int64_t kNanosPerMicro = 1'000;

// Where one stream stands.
struct DropPlace {
  std::string file;            // identity of the file in hand; empty: none
  std::int64_t committed = 0;  // records of it
  std::set<std::string> done;  // identities
  std::int64_t through = 0;    // micros: when the newest file that was taken was put there; 0: never
  bool gap = false;            // of this traversal: something could not be taken
  FiledLists lists;            // of which files are still to come
};

Result<DropPlace> Read(const Json& document) {
  const JsonAt root(document);
  MC_CHECK_OK(root.Keys({"v", "file", "committed", "done", "through", "gap", "lists"}));
  MC_TRY(const JsonAt version, root.Member("v"));
  MC_CHECK_OK(version.Count(kDropCursorVersion, kDropCursorVersion));
  DropPlace place;
  if (const auto file = root.Find("file")) {
    MC_TRY(place.file, file->Text(kIdentityBytes));
  }
  MC_TRY(const JsonAt committed, root.Member("committed"));
  MC_TRY(place.committed, committed.Count(0, INT64_MAX));
  MC_TRY(const JsonAt done, root.Member("done"));
  MC_TRY(const std::vector<JsonAt> items, done.Items(kFilesRemembered));
  for (const JsonAt& item : items) {
    MC_TRY(std::string identity, item.Text(kIdentityBytes));
    place.done.insert(std::move(identity));
  }
  MC_TRY(const JsonAt through, root.Member("through"));
  MC_TRY(place.through, through.Count(0, INT64_MAX));
  MC_TRY(const JsonAt gap, root.Member("gap"));
  MC_TRY(place.gap, gap.Bool());
  if (const auto lists = root.Find("lists")) {
    MC_TRY(place.lists, FiledLists::Read(*lists));
  }
  return place;
}

Result<DropPlace> DropPlaceOf(const std::optional<Cursor>& cursor, Instant now) {
  if (!cursor || cursor->text.empty()) return DropPlace{};
  const auto document = ParseJson(cursor->text);
  if (document.ok() && document->is_object()) {
    if (auto place = Read(*document); place.ok()) {
      MC_CHECK_OK(NotLaterThan(now, place->through));
      return place;
    }
  }
  return InternalError("bad_cursor",
                       "the saved position of this stream cannot be read: it was not written by this program");
}

Cursor CursorOf(const DropPlace& place) {
  Json json = {{"v", kDropCursorVersion},
               {"committed", place.committed},
               {"done", place.done},
               {"through", place.through},
               {"gap", place.gap}};
  if (!place.file.empty()) json["file"] = place.file;
  if (!place.lists.Whole()) json["lists"] = place.lists.ToJson();
  return {json.dump()};
}

class FileDrop final : public Connector {
 public:
  FileDrop(const Manifest& manifest, SourceSettings settings, const Clock& clock)
      : manifest_(manifest), folder_(std::move(settings.folder)), clock_(clock) {}

  const Manifest& manifest() const override { return manifest_; }

  std::vector<std::string> Streams() const override {
    std::vector<std::string> ids;
    for (const ManifestStream& stream : manifest_.streams) ids.push_back(stream.id);
    return ids;
  }

  Status Check() override {
    for (const ManifestStream& stream : manifest_.streams) MC_CHECK_OK(ListDropped(FolderOf(stream)));
    return Ok();
  }

  Result<Page> Pull(const std::string& stream_id, const std::optional<Cursor>& cursor) override {
    const auto& streams = manifest_.streams;
    const auto stream = std::find_if(streams.begin(), streams.end(), [&](const auto& s) { return s.id == stream_id; });
    if (stream == streams.end()) return InternalError("unknown_stream", "this source has no such stream");
    MC_TRY(DropPlace place, DropPlaceOf(cursor, clock_.Now()));
    MC_TRY(std::vector<DroppedFile> files, ListDropped(FolderOf(*stream)));
    MC_CHECK_OK(PutAway(*stream, place, files));
    Page page;
    for (const DroppedFile& file : files) {
      if (place.done.contains(file.identity)) continue;
      if (Full(page)) return GoOn(place, std::move(page));
      MC_CHECK_OK(TakeFrom(*stream, file, place, page));
      if (!place.file.empty()) return GoOn(place, std::move(page));  // more of it to come
    }
    return End(place, std::move(page));
  }

  // The window is a file; one that changed is another one, and the next pull takes it.
  Result<Page> ReadAgain(const std::string& stream_id, const std::string& window, const std::vector<RecordAsk>&,
                         const std::optional<Cursor>&) override {
    const auto& streams = manifest_.streams;
    const auto stream = std::find_if(streams.begin(), streams.end(), [&](const auto& s) { return s.id == stream_id; });
    if (stream == streams.end()) return InternalError("unknown_stream", "this source has no such stream");
    MC_TRY(const std::vector<DroppedFile> files, ListDropped(FolderOf(*stream)));
    const auto file = std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.identity == window; });
    if (file == files.end()) return DataError("file_gone", "the file is no longer in the folder");
    if (file->bytes > manifest_.limits.page_body_limit_bytes) {
      return DataError("file_too_large", "the file is longer than page_body_limit_bytes");
    }
    MC_TRY(const std::string bytes, ReadDropped(FolderOf(*stream), *file));
    Page page;
    std::vector<Part> in_hand = std::exchange(parts_, {});
    const bool understood = Split(*stream, bytes, page);
    parts_ = std::move(in_hand);
    page.end = true;
    if (understood) page.complete_through = clock_.Now();
    return page;
  }

 private:
  std::string FolderOf(const ManifestStream& stream) const {
    return stream.argument.empty() ? folder_ : (std::filesystem::path(folder_) / stream.argument).string();
  }

  std::int64_t Most() const { return manifest_.limits.records_per_page; }
  bool Full(const Page& page) const { return RowsOf(page) >= Most(); }

  // What the stored cursor is done with is committed. Files that are no longer there are
  // forgotten, and beyond the limit some that are.
  Status PutAway(const ManifestStream& stream, DropPlace& place, std::vector<DroppedFile>& files) const {
    std::set<std::string> kept;
    for (const DroppedFile& file : files) {
      if (!place.done.contains(file.identity)) continue;
      if (manifest_.own_subscription) {
        MC_CHECK_OK(MoveToTaken(FolderOf(stream), file));
      } else if (kept.size() < kFilesRemembered) {
        kept.insert(file.identity);
      }
    }
    if (manifest_.own_subscription) {
      std::erase_if(files, [&](const DroppedFile& file) { return place.done.contains(file.identity); });
    }
    place.done = std::move(kept);
    return Ok();
  }

  // The next slice of one file. An error is never one of the file: what it cannot give is set
  // aside, or waits.
  Status TakeFrom(const ManifestStream& stream, const DroppedFile& file, DropPlace& place, Page& page) {
    if (file.bytes > manifest_.limits.page_body_limit_bytes) {
      page.notes.push_back("file_too_large");
      place.gap = true;  // it stays where it is, and every pull says so
      return Ok();
    }
    if (held_ != file.identity) {
      auto bytes = ReadDropped(FolderOf(stream), file);
      if (!bytes.ok()) {
        page.notes.push_back("file_changing");
        place.gap = true;  // it waits, and the next pull meets it again
        return Ok();
      }
      whole_ = {};
      parts_.clear();
      understood_ = Split(stream, *bytes, whole_);
      held_ = file.identity;
    }
    if (place.file != file.identity) place.committed = 0;
    place.file = file.identity;
    page.windows.push_back(file.identity);
    return TakeSlice(file, place, page);
  }

  Status TakeSlice(const DroppedFile& file, DropPlace& place, Page& page) {
    const std::int64_t all = RowsOf(whole_);
    place.committed = mc::TakeSlice(whole_, place.committed, Most(), page);
    if (place.committed < all) return Ok();
    if (!understood_) {
      page.notes.push_back("file_not_understood");
      place.gap = true;
    }
    for (const Part& part : parts_) place.lists.Add(part.total, part.rows, part.page);
    pages_taken_ = pages_taken_ || !parts_.empty();
    page.notes.insert(page.notes.end(), whole_.notes.begin(), whole_.notes.end());
    page.control_total = page.control_total.value_or(0) + all;
    page.offered = page.offered.value_or(0) + all;
    Finish(file, place, page);
    return Ok();
  }

  void Finish(const DroppedFile& file, DropPlace& place, Page& page) {
    place.file.clear();
    place.committed = 0;
    place.done.insert(file.identity);
    const Instant put{file.modified_ns / kNanosPerMicro};
    place.through = std::max(place.through, NoLaterThan(clock_.Now(), put, page.notes).micros);
    held_.clear();
    whole_ = {};
  }

  // False when something in the file is no document of this source; its bytes are set aside.
  bool Split(const ManifestStream& stream, std::string_view bytes, Page& page) {
    const bool workbooks = SpecOf(manifest_, stream).format == RecordFormat::kXlsx;
    if (Sniff(bytes) != LooksLike::kZip || (workbooks && IsOfficeArchive(bytes))) return SplitOne(stream, bytes, page);
    bool understood = true;
    const Status read = ReadZip(bytes, {.entry_bytes = manifest_.limits.page_body_limit_bytes}, [&](ZipEntry entry) {
      if (entry.fault) {
        SetAside(stream, bytes, entry.fault->code, entry.fault->message, entry.index, page);
        understood = false;
      } else if (Sniff(entry.bytes) == LooksLike::kZip && !(workbooks && IsOfficeArchive(entry.bytes))) {
        SetAside(stream, entry.bytes, "nested_zip", "an archive inside the archive is not opened", entry.index, page);
        understood = false;
      } else {
        understood = SplitOne(stream, entry.bytes, page) && understood;
      }
      return Ok();
    });
    if (read.ok()) return understood;
    SetAside(stream, bytes, read.error().code, read.error().message, std::nullopt, page);
    return false;
  }

  bool SplitOne(const ManifestStream& stream, std::string_view bytes, Page& page) {
    const RecordSpec& spec = SpecOf(manifest_, stream);
    const std::int64_t before = RowsOf(page);
    const auto answer = SplitDocument(spec, bytes, ContextOf(manifest_, stream.id, clock_.Now()), {}, page);
    if (answer.ok() && answer->has_rows) {
      if (answer->total) parts_.push_back({*answer->total, RowsOf(page) - before, HashId(bytes)});
      if (answer->order_broken) page.notes.push_back("order_broken");
      return true;
    }
    const std::string why = answer.ok() ? "it holds no list of records" : answer.error().message;
    SetAside(stream, bytes, answer.ok() ? "not_this_format" : answer.error().code,
             "the file looks like " + DescribeBytes(bytes) + "; " + why, std::nullopt, page);
    return false;
  }

  void SetAside(const ManifestStream& stream, std::string_view bytes, std::string code, std::string message,
                std::optional<std::int64_t> entry, Page& page) const {
    const std::string where = entry ? "entry " + std::to_string(*entry) : "";
    TakeUnreadable(ContextOf(manifest_, stream.id, clock_.Now()), bytes, "application/octet-stream",
                   HashId(bytes) + (entry ? "|" + std::to_string(*entry) : ""),
                   {std::move(code), where, std::string(Name(SpecOf(manifest_, stream).format)), std::move(message)},
                   page);
  }

  static Page GoOn(const DropPlace& place, Page page) {
    page.next = CursorOf(place);
    return page;
  }

  // A folder cannot say that nothing is missing: it is complete as far as somebody put files
  // there, and an empty one says nothing.
  Page End(DropPlace& place, Page page) {
    page.end = true;
    if (!place.lists.Whole()) page.notes.push_back("pages_missing");  // each pull says so, until they are there
    if (pages_taken_) page.control_total = page.control_total.value_or(0) + place.lists.Missing();
    pages_taken_ = false;
    if (!place.gap && place.lists.Whole() && place.through > 0) page.complete_through = Instant{place.through};
    place.gap = false;
    page.next = CursorOf(place);
    return page;
  }

  const Manifest manifest_;
  const std::string folder_;
  const Clock& clock_;
  // The file in hand, split; made again after a restart.
  std::string held_;
  Page whole_;
  bool understood_ = true;
  // Its documents that state a total.
  struct Part {
    std::int64_t total, rows;
    std::string page;
  };
  std::vector<Part> parts_;
  bool pages_taken_ = false;  // in this traversal
};

}  // namespace

Result<std::unique_ptr<Connector>> MakeFileDrop(const Manifest& manifest, SourceSettings settings,
                                                const ConnectorContext& context) {
  return std::unique_ptr<Connector>(std::make_unique<FileDrop>(manifest, std::move(settings), context.clock));
}

}  // namespace mc
