// Synthetic input: dossiers as the one-stop system answers, messages, and the golden
// records of the mapping tests. Deterministic; no real person or dossier.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/source_record.h"

namespace mc::bench {

inline constexpr std::int64_t kPageRecords = 500;

// A one-to-one walk over 32 bits (multiplication by an odd number), as eight hex digits.
std::string SpreadHex(std::int64_t n);

// Dossier number `n` (from 0); its id is spread so that neighbours do not sort together.
std::string DossierRow(std::int64_t n);

// Page `page` (from 1) of `pages`: kPageRecords rows and the total of all.
std::string DossierPage(std::int64_t page, std::int64_t pages);

// Writes pages 1..pages as <page>.json.
void WritePages(const std::string& dir, std::int64_t pages);

// An edXML document message with an attachment of so many bytes (base64 in the message).
std::string Message(std::size_t attachment_bytes);

// A golden record of tests/golden/<source>/<name>, as the connector would hand it on.
SourceRecord Golden(const std::string& source, const std::string& name);

std::string ReadBytes(const std::string& path);
std::string SourcePath(const std::string& below_root);

}  // namespace mc::bench
