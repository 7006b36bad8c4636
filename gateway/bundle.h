// A proof bundle as a file: its archive, its manifest and its README (docs/formats/bundle.md).
// What the files prove is checked in bundle_check.h.
//
// Pure; safe from any thread. Errors of reading are kData and name the first thing that is wrong.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/result.h"

namespace mc {

// Of one bundle: a sheet of 10,000 lines with four leaves each fits.
inline constexpr std::int64_t kBundleFileLimit = 50'000;
inline constexpr std::int64_t kBundleByteLimit = 512ll * 1024 * 1024;  // unfolded

enum class BundleKind { kEvidence, kScore };

// What a bundle is about.
struct BundleSubject {
  BundleKind kind = BundleKind::kEvidence;
  std::vector<std::int64_t> leaves;  // evidence: rising, at least one
  std::int64_t index_leaf = 0;       // score: leaf of the period's index
  std::string period, person;        // score
  // Leaves that say which of the bundle's other leaves were erased; rising. Not empty: bundle@2.
  std::vector<std::int64_t> erasures;
};

using BundleFiles = std::map<std::string, std::string>;  // name -> content

inline constexpr const char* kManifestFile = "manifest.json";
inline constexpr const char* kReadmeFile = "README.md";
inline constexpr const char* kCheckpointFile = "checkpoint";

// "leaves/12.leaf"; part is "leaf", "salt", "object" or "tlog-proof".
std::string LeafFile(std::int64_t leaf, std::string_view part);
std::string PayloadFile(std::string_view digest_hex);  // "payloads/<hex>"

// The one text of bundle@1, or of bundle@2: for an auditor's own hands, in Vietnamese and English.
std::string_view BundleReadme(bool with_erasures);

// Adds README and manifest and writes the archive. `log_key` is the log's verifier key.
// kData "zip_too_large".
Result<std::string> PackBundle(BundleFiles files, const BundleSubject& subject, const std::string& log_key);

struct OpenedBundle {
  BundleFiles files;  // all, also manifest and README
  BundleSubject subject;
  std::string log_key;
};
// "bad_zip", "zip_*", "duplicate_file", "missing_file", "bad_manifest", "unlisted_file",
// "file_digest", "readme_changed", "trailing_data", "archive_form".
Result<OpenedBundle> OpenBundle(std::string_view archive);

// The JSON behind a canonical text; kData `code` when the text is not its one byte form.
Result<Json> ReadCanonical(std::string_view text, const std::string& code, const std::string& name);

}  // namespace mc
