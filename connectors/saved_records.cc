// Saved documents of the generic kinds, through the same splitting as a pull.

#include "connectors/factories.h"
#include "connectors/sniff.h"
#include "connectors/split.h"

namespace mc {
namespace {

// A record that was saved alone, without the list around it.
Result<SplitAnswer> SplitAlone(RecordSpec spec, std::string_view bytes, const RecordContext& context, Page& page) {
  spec.path.clear();
  return SplitDocument(spec, bytes, context, {}, page);
}

// The stream that the file's first folder names, else the first one.
const ManifestStream& StreamOfName(const Manifest& manifest, std::string_view name) {
  const std::string_view folder = name.substr(0, name.find('/'));
  for (const ManifestStream& stream : manifest.streams) {
    if (stream.id == folder) return stream;
  }
  return manifest.streams.front();
}

}  // namespace

Result<Page> SavedRecords(const Manifest& manifest, std::string_view name, std::string_view bytes, Instant now) {
  const ManifestStream& stream = StreamOfName(manifest, name);
  const RecordSpec& spec = SpecOf(manifest, stream);
  const RecordContext context = ContextOf(manifest, stream.id, now);
  Page page;
  page.end = true;
  auto answer = SplitDocument(spec, bytes, context, {}, page);
  if (answer.ok() && !answer->has_rows && spec.format == RecordFormat::kJson) {
    answer = SplitAlone(spec, bytes, context, page);
  }
  if (answer.ok() && answer->has_rows && (page.unreadable.empty() || !page.records.empty())) return page;
  if (answer.ok()) {
    return DataError("not_this_format", "not of source " + manifest.id + ": it looks like " +
                                            DescribeBytes(bytes) + "; it holds no records of this source");
  }
  return DataError("not_this_format", "not of source " + manifest.id + ": it looks like " +
                                          DescribeBytes(bytes) + "; " + answer.error().message);
}

}  // namespace mc
