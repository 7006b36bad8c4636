#include "gateway/bundle.h"

#include <nlohmann/json.hpp>
#include <set>

#include "core/digest.h"
#include "core/json_at.h"
#include "core/zip.h"
#include "core/zip_write.h"

namespace mc {
namespace {

constexpr const char* kSchema = "minhchung/bundle@1";
constexpr const char* kSchemaWithErasures = "minhchung/bundle@2";
constexpr std::size_t kTextLimitBytes = 1'000;
constexpr std::int64_t kLeafIndexLimit = INT64_MAX;

struct BundleManifest {
  BundleSubject subject;
  std::string log_key;
  std::map<std::string, std::string> digests;  // by file name
};

Json SubjectJson(const BundleSubject& subject) {
  if (subject.kind == BundleKind::kEvidence) return {{"kind", "evidence"}, {"leaves", subject.leaves}};
  return {
      {"kind", "score"}, {"index_leaf", subject.index_leaf}, {"period", subject.period}, {"person", subject.person}};
}

Result<std::vector<std::int64_t>> LeavesFrom(const JsonAt& at) {
  MC_TRY(const std::vector<JsonAt> items, at.Items(static_cast<std::size_t>(kBundleFileLimit)));
  std::vector<std::int64_t> leaves;
  for (const JsonAt& item : items) {
    MC_TRY(const std::int64_t leaf, item.Count(leaves.empty() ? 0 : leaves.back() + 1, kLeafIndexLimit));
    leaves.push_back(leaf);
  }
  if (leaves.empty()) return at.Fail("no_leaf", "must name at least one leaf");
  return leaves;
}

Result<BundleSubject> SubjectFrom(const JsonAt& at) {
  BundleSubject subject;
  MC_CHECK_OK(at.Keys({"kind", "leaves", "index_leaf", "period", "person"}));
  MC_TRY(const JsonAt kind_at, at.Member("kind"));
  MC_TRY(const std::size_t kind, kind_at.OneOf({"evidence", "score"}));
  if (kind == 0) {
    MC_CHECK_OK(at.Keys({"kind", "leaves"}));
    MC_TRY(const JsonAt leaves, at.Member("leaves"));
    MC_TRY(subject.leaves, LeavesFrom(leaves));
    return subject;
  }
  subject.kind = BundleKind::kScore;
  MC_CHECK_OK(at.Keys({"kind", "index_leaf", "period", "person"}));
  MC_TRY(const JsonAt leaf, at.Member("index_leaf"));
  MC_TRY(subject.index_leaf, leaf.Count(0, kLeafIndexLimit));
  MC_TRY(const JsonAt period, at.Member("period"));
  MC_TRY(subject.period, period.Text(kTextLimitBytes));
  MC_TRY(const JsonAt person, at.Member("person"));
  MC_TRY(subject.person, person.Text(kTextLimitBytes));
  return subject;
}

Result<BundleManifest> ReadParts(const JsonAt& at) {
  BundleManifest manifest;
  MC_CHECK_OK(at.Keys({"erasures", "files", "log_key", "schema", "subject"}));
  MC_TRY(const JsonAt schema, at.Member("schema"));
  MC_TRY(const std::size_t version, schema.OneOf({kSchema, kSchemaWithErasures}));
  MC_TRY(const JsonAt key, at.Member("log_key"));
  MC_TRY(manifest.log_key, key.Text(kTextLimitBytes));
  MC_TRY(const JsonAt subject, at.Member("subject"));
  MC_TRY(manifest.subject, SubjectFrom(subject));
  if (version == 0) {
    MC_CHECK_OK(at.Keys({"files", "log_key", "schema", "subject"}));
  } else {
    MC_TRY(const JsonAt erasures, at.Member("erasures"));
    MC_TRY(manifest.subject.erasures, LeavesFrom(erasures));
  }
  MC_TRY(const JsonAt files, at.Member("files"));
  if (!files.value().is_object()) return files.Fail("not_object", "must be an object of digests");
  for (const auto& [name, digest] : files.value().items()) {
    MC_TRY(manifest.digests[name], JsonAt(digest, files.pointer() + PointerToken(name)).Text(kTextLimitBytes));
  }
  return manifest;
}

Result<BundleManifest> ReadManifestFile(const BundleFiles& files) {
  const auto found = files.find(kManifestFile);
  if (found == files.end()) return DataError("missing_file", "manifest.json is missing: this is no proof bundle");
  MC_TRY(const Json json, ReadCanonical(found->second, "bad_manifest", kManifestFile));
  auto manifest = ReadParts(JsonAt(json));
  if (manifest.ok()) return manifest;
  return DataError("bad_manifest", "manifest.json: " + manifest.error().message);
}

Status CheckListed(const BundleFiles& files, const BundleManifest& manifest) {
  for (const auto& [name, digest] : manifest.digests) {
    if (!files.contains(name)) return DataError("missing_file", name + " is listed in manifest.json and not there");
  }
  for (const auto& [name, content] : files) {
    if (name == kManifestFile) continue;
    const auto listed = manifest.digests.find(name);
    if (listed == manifest.digests.end()) return DataError("unlisted_file", name + " is not listed in manifest.json");
    if (listed->second != ToHex(Sha256(content))) {
      return DataError("file_digest", name + " is not the file whose SHA-256 manifest.json states");
    }
  }
  return Ok();
}

// Everything that is not name or content of a file has one form only.
Status CheckArchiveForm(std::string_view archive, const BundleFiles& files) {
  MC_TRY(const std::string form, WriteZip(files));
  if (archive == form) return Ok();
  return DataError("archive_form",
                   "the archive is not in the one form of a bundle: its files are whole, but bytes "
                   "around them were changed, or it was packed again");
}

std::size_t LittleAt(std::string_view bytes, std::size_t at, std::size_t count) {
  std::size_t value = 0;
  for (std::size_t i = count; i > 0; --i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i - 1]);
  return value;
}

// Named here, because the library that unfolds calls both just no archive. What is otherwise
// wrong with the archive's end or list is left to it.
Status CheckEndAndNames(std::string_view archive) {
  constexpr std::size_t kEndBytes = 22, kCentralBytes = 46;  // APPNOTE 4.3.16, 4.3.12
  const std::size_t end = archive.rfind("PK\x05\x06");
  if (end == std::string_view::npos || end + kEndBytes > archive.size()) return Ok();
  if (end + kEndBytes < archive.size()) {
    return DataError("trailing_data",
                     std::to_string(archive.size() - end - kEndBytes) + " bytes follow the archive's end");
  }
  std::set<std::string_view> names;
  for (std::size_t at = LittleAt(archive, end + 16, 4); at + kCentralBytes <= end;) {
    const std::size_t bytes = LittleAt(archive, at + 28, 2);
    if (at + kCentralBytes + bytes > end) return Ok();
    const std::string_view name = archive.substr(at + kCentralBytes, bytes);
    if (!names.insert(name).second) return DataError("duplicate_file", std::string(name) + " stands twice");
    at += kCentralBytes + bytes + LittleAt(archive, at + 30, 2) + LittleAt(archive, at + 32, 2);
  }
  return Ok();
}

Result<BundleFiles> ReadFiles(std::string_view archive) {
  MC_CHECK_OK(CheckEndAndNames(archive));
  const ZipLimits limits{.entries = kBundleFileLimit, .entry_bytes = kBundleByteLimit, .total_bytes = kBundleByteLimit};
  BundleFiles files;
  MC_CHECK_OK(ReadZip(archive, limits, [&](ZipEntry entry) -> Status {
    if (entry.fault) return DataError(entry.fault->code, entry.name + ": " + entry.fault->message);
    files.emplace(std::move(entry.name), std::move(entry.bytes));
    return Ok();
  }));
  return files;
}

}  // namespace

std::string LeafFile(std::int64_t leaf, std::string_view part) {
  return "leaves/" + std::to_string(leaf) + "." + std::string(part);
}

std::string PayloadFile(std::string_view digest_hex) { return "payloads/" + std::string(digest_hex); }

Result<Json> ReadCanonical(std::string_view text, const std::string& code, const std::string& name) {
  const Error bad = DataError(code, name + " is not canonical JSON");
  auto json = ParseJson(text);
  if (!json.ok()) return bad;
  const auto again = CanonicalJson(*json);
  if (!again.ok() || *again != text) return bad;
  return std::move(json).value();
}

Result<std::string> PackBundle(BundleFiles files, const BundleSubject& subject, const std::string& log_key) {
  const bool with_erasures = !subject.erasures.empty();
  files[kReadmeFile] = BundleReadme(with_erasures);
  Json digests = Json::object();
  for (const auto& [name, content] : files) digests[name] = ToHex(Sha256(content));
  Json manifest = {{"files", std::move(digests)},
                   {"log_key", log_key},
                   {"schema", with_erasures ? kSchemaWithErasures : kSchema},
                   {"subject", SubjectJson(subject)}};
  if (with_erasures) manifest["erasures"] = subject.erasures;
  MC_TRY(files[kManifestFile], CanonicalJson(manifest));
  return WriteZip(files);
}

Result<OpenedBundle> OpenBundle(std::string_view archive) {
  OpenedBundle bundle;
  MC_TRY(bundle.files, ReadFiles(archive));
  MC_TRY(BundleManifest manifest, ReadManifestFile(bundle.files));
  MC_CHECK_OK(CheckListed(bundle.files, manifest));
  MC_CHECK_OK(CheckArchiveForm(archive, bundle.files));
  const auto readme = bundle.files.find(kReadmeFile);
  if (readme == bundle.files.end()) return DataError("missing_file", "README.md is missing");
  if (readme->second != BundleReadme(!manifest.subject.erasures.empty())) {
    return DataError("readme_changed", "README.md is not that of the bundle's schema");
  }
  bundle.subject = std::move(manifest.subject);
  bundle.log_key = std::move(manifest.log_key);
  return bundle;
}

}  // namespace mc
