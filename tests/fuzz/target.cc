#include "tests/fuzz/target.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/shown.h"
#include "core/text.h"
#include "storage/leaf.h"

namespace mc::fuzz {
namespace {

namespace fs = std::filesystem;

bool IsOneLine(std::string_view text) {
  return IsValidUtf8(text) && !HasControls(text);
}

void AddFiles(const fs::path& path, std::vector<fs::path>& files) {
  if (fs::is_regular_file(path)) files.push_back(path);
  if (!fs::is_directory(path)) return;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
}

}  // namespace

const std::vector<Target>& Targets() {
  static const std::vector<Target> all = [] {
    std::vector<Target> targets;
    for (const auto& some : {CoreTargets(), DocumentTargets(), ConnectorTargets(), MappingTargets(), WireTargets(),
                             SignInTargets()}) {
      targets.insert(targets.end(), some.begin(), some.end());
    }
    return targets;
  }();
  return all;
}

std::vector<std::string> SeedsOf(const Target& target) {
  const fs::path root = MC_SOURCE_DIR;
  std::vector<fs::path> files;
  AddFiles(root / "tests/fuzz/corpus" / target.name, files);
  for (const std::string& seed : target.seeds) AddFiles(root / seed, files);
  std::sort(files.begin(), files.end());
  std::vector<std::string> seeds;
  for (const fs::path& file : files) {
    if (fs::file_size(file) > kSeedLimitBytes) continue;
    std::ifstream in(file, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return seeds;
}

void RequireError(const Error& error, ErrorClass expected) {
  Require(error.error_class == expected, "an error of its own class");
  Require(!error.code.empty() && IsOneLine(error.code), "an error has a code");
  Require(!error.message.empty() && IsOneLine(error.message), "a message is one printable line");
}

void RequireReason(const RejectionReason& reason) {
  Require(!reason.code.empty() && IsOneLine(reason.code), "a reason has a code");
  Require(!reason.message.empty() && IsOneLine(reason.message), "a reason's message is one printable line");
  Require(IsOneLine(reason.field) && reason.field.size() < 1'000, "a place is one bounded line");
}

void RequireStorable(const SourceRecord& record, const RejectionReason* reason) {
  Require(Sha256(record.bytes) == record.key.digest, "the digest is that of the bytes");
  RecordEnvelope envelope;
  envelope.key = record.key;
  envelope.source = record.source;
  envelope.stream = record.stream;
  envelope.media_type = record.media_type;
  envelope.occurred_at = record.occurred_at;
  const auto facts = FactsText(record.facts);
  Require(facts.ok(), "facts have a canonical form");
  envelope.facts = *facts;
  const auto text = EnvelopeText(envelope);
  Require(text.ok(), "a record's envelope has a canonical form");
  if (reason) Require(RejectionObject(*text, *reason, 1).ok(), "a rejection has a canonical form");
}

bool IsInside(std::string_view whole, std::string_view part) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace mc::fuzz
