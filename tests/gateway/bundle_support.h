// Opens proof bundles, and puts changed ones together again as a careful forger would.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "core/json.h"
#include "core/zip_write.h"
#include "gateway/bundle_check.h"
#include "gateway_support.h"

namespace mc::test {

// "" when the bundle is right, else the code of the first fault.
inline std::string FirstFault(const std::string& archive, const std::string& key) {
  const auto bundle = OpenBundle(archive);
  if (!bundle.ok()) return bundle.error().code;
  const auto report = CheckBundle(*bundle, key);
  return report.ok() ? "" : report.error().code;
}

inline BundleFiles FilesOf(const std::string& archive) {
  auto bundle = OpenBundle(archive);
  REQUIRE_MESSAGE(bundle.ok(), (bundle.ok() ? "" : bundle.error().message));
  return bundle->files;
}

// What a forger who knows the format does: digests and archive made anew.
inline std::string PutTogether(BundleFiles files) {
  Json manifest = *ParseJson(files[kManifestFile]);
  manifest["files"] = Json::object();
  for (const auto& [name, content] : files) {
    if (name != kManifestFile) manifest["files"][name] = ToHex(Sha256(content));
  }
  files[kManifestFile] = *CanonicalJson(manifest);
  return *WriteZip(files);
}

// Another digit or letter that is as well formed as the one before.
inline void Turn(char& c, char one, char other) { c = c == one ? other : one; }

inline void Flip(std::string& bytes, std::size_t at) { bytes[at] = static_cast<char>(bytes[at] ^ 0x01); }

// Runs the lines of one kind ("python", "sh") that the README prints, in a folder that holds these
// files and nothing else; the exit status.
inline int RunReadme(const BundleFiles& files, const std::string& kind, const std::string& key) {
  const std::string readme(files.at(kReadmeFile));
  const auto from = readme.find("```" + kind + "\n") + kind.size() + 4;
  const std::string lines = readme.substr(from, readme.find("```", from) - from);
  const TempDir dir, tools;
  for (const auto& [name, content] : files) dir.Write(name, content);
  const std::string script = tools.Write("check", (kind == "sh" ? "set -e\n" : "") + lines);
  const std::string program = kind == "sh" ? "sh" : "python3 -I";
  return std::system(
      ("cd '" + dir.path() + "' && KEY='" + key + "' " + program + " " + script + " >/dev/null 2>&1").c_str());
}

}  // namespace mc::test
