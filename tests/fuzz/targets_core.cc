// Core: JSON, sheets, archives, times, texts, recordings, and what a ledger or an auditor reads.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "connectors/json_scan.h"
#include "core/csv.h"
#include "core/digest.h"
#include "core/http_record.h"
#include "core/json.h"
#include "core/json_repair.h"
#include "core/ratio.h"
#include "core/redact.h"
#include "core/signature.h"
#include "core/text.h"
#include "core/time.h"
#include "core/zip.h"
#include "gateway/bundle_check.h"
#include "storage/checkpoint.h"
#include "storage/erasure.h"
#include "storage/leaf.h"
#include "storage/period_index.h"
#include "tests/fuzz/target.h"

namespace mc::fuzz {
namespace {

void RequireCanonical(const Json& value) {
  const auto text = CanonicalJson(value);
  if (!text.ok()) return;  // a number with a fraction
  const auto again = ParseJson(*text);
  Require(again.ok() && *again == value, "canonical JSON says the same");
  Require(*CanonicalJson(*again) == *text, "canonical JSON of canonical JSON is itself");
}

// Two readers of ours, written apart: what one takes the other must not refuse, but for what only a tree sees.
void RequireSameJudgement(std::string_view input, const Result<Json>& parsed) {
  const auto whole = json_scan::Whole(input, kJsonDepthLimit);
  const bool strict = whole && json_scan::IsStrict(*whole);
  if (parsed.ok() && StripBom(input).size() == input.size()) {
    Require(strict, "what the parser reads is strict JSON to the scanner");
  } else if (strict && IsValidUtf8(input)) {
    const std::string& why = parsed.error().message;
    Require(why.find("twice") != std::string::npos || why.find("out of range") != std::string::npos,
            "what is strict JSON to the scanner is read, but for double keys and numbers out of range");
  }
}

void RunJson(std::string_view input) {
  const auto parsed = ParseJson(input);
  const auto commented = ParseJson(input, true);
  for (const auto* one : {&parsed, &commented}) {
    if (!one->ok()) {
      RequireError(one->error(), ErrorClass::kConfig);
    } else {
      RequireCanonical(**one);
    }
  }
  if (parsed.ok()) Require(commented.ok() && *commented == *parsed, "comments only add to what is read");
  RequireSameJudgement(input, parsed);
}

void RunJsonRepair(std::string_view input) {
  const auto repaired = QuoteLeadingZeros(input);
  if (!repaired) return;
  std::size_t at = 0;  // of the input
  for (const char c : *repaired) {
    if (at < input.size() && input[at] == c) {
      ++at;
    } else {
      Require(c == '"', "a repair adds quotes and nothing else");
    }
  }
  Require(at == input.size(), "a repair takes nothing away");
  Require(repaired->size() > input.size(), "a repair adds something");
}

void RunCsv(std::string_view input) {
  for (const char delimiter : {',', ';', '\t'}) {
    CsvReader reader(input, delimiter);
    CsvRow row;
    const char* behind = input.data();
    std::int64_t line = 0;
    while (reader.Next(row)) {
      Require(IsInside(input, row.bytes) && row.bytes.data() >= behind, "rows are slices, one behind the other");
      behind = row.bytes.data() + row.bytes.size();
      Require(row.line > line, "lines rise");
      line = row.line;
      Require(row.broken == row.fields.empty(), "a row has fields, or is broken");
      if (row.broken) continue;
      CsvReader alone(row.bytes, delimiter);
      CsvRow same;
      if (row.bytes.starts_with("\xEF\xBB\xBF")) continue;  // a mark inside the sheet is text, at its front it is none
      Require(alone.Next(same) && same.fields.size() == row.fields.size(), "a row alone has as many fields");
      for (std::size_t i = 0; i < same.fields.size(); ++i) {
        Require(Trim(same.fields[i]) == Trim(row.fields[i]), "a row alone says the same");
      }
    }
  }
}

void RunZip(std::string_view input) {
  const ZipLimits limits{.entries = 20, .entry_bytes = 100'000, .total_bytes = 200'000, .ratio = 50};
  std::int64_t entries = 0, total = 0, last = -1;
  const Status read = ReadZip(input, limits, [&](ZipEntry entry) -> Status {
    ++entries;
    Require(entry.index > last, "entries come in order");
    last = entry.index;
    total += static_cast<std::int64_t>(entry.bytes.size());
    Require(static_cast<std::int64_t>(entry.bytes.size()) <= limits.entry_bytes, "an entry keeps its limit");
    if (entry.fault) {
      RequireError(*entry.fault, ErrorClass::kData);
      Require(entry.bytes.empty(), "what cannot be read gives no bytes");
    }
    return Ok();
  });
  Require(entries <= limits.entries && total <= limits.total_bytes, "an archive keeps its limits");
  if (!read.ok()) RequireError(read.error(), ErrorClass::kData);
}

void RunRedact(std::string_view input) {
  const std::string secret = "S3cr3t/Value";
  Redactor redactor(std::string(32, 'k'), {secret});
  if (!redactor.LearnFrom(input)) return;
  for (const std::string& text : {std::string(input), std::string(input) + secret + std::string(input)}) {
    const std::string cleaned = redactor.Clean(text);
    Require(cleaned.find(secret) == std::string::npos, "no secret is left");
  }
}

template <typename Value>
void RequireInverse(std::string_view text, Result<Value> (*parse)(std::string_view), std::string (*print)(Value)) {
  const auto value = parse(text);
  if (!value.ok()) return RequireError(value.error(), ErrorClass::kData);
  const auto again = parse(print(*value));
  Require(again.ok() && *again == *value, "what was printed is read as the same");
}

void RunValues(std::string_view input) {
  RequireInverse<Instant>(input, ParseInstant, FormatInstant);
  RequireInverse<CivilDate>(input, ParseDate, FormatDate);
  RequireInverse<Period>(input, ParsePeriod, FormatPeriod);
  RequireInverse<Moment>(input, ParseMoment, [](Moment m) { return FormatMoment(m); });
  RequireInverse<Ratio>(input, Ratio::FromFraction, [](Ratio r) { return r.ToFraction(); });
  if (const auto ratio = Ratio::FromDecimal(input); ratio.ok()) {
    Require(*Ratio::FromDecimal(ratio->ToDecimal(6)) == *ratio, "a decimal has at most six places");
  }
  if (const auto bytes = FromBase64(input)) Require(ToBase64(*bytes) == input, "base64 has one form");
  if (const auto bytes = FromHex(input)) Require(ToHex(*bytes) == ToLowerAscii(input), "hex says the same");
  const auto composed = ToNfc(input);
  Require(composed.has_value() == IsValidUtf8(input), "text is composed exactly when it is UTF-8");
  if (composed) Require(ToNfc(*composed) == *composed, "composing again changes nothing");
  Require(IsInside(input, Trim(input)) && Trim(Trim(input)) == Trim(input), "trimming again changes nothing");
  std::string quoted;
  if (AppendJsonText(quoted, input)) Require(ParseJson(quoted).value() == Json(input), "a quoted text is the text");
}

const NoteSigner& Signer() {
  static const NoteSigner signer{"minhchung.example/log", std::string(32, '\x07')};
  return signer;
}

void RunCheckpoint(std::string_view input) {
  if (const auto body = ParseCheckpointBody(input); body.ok()) {
    Require(CheckpointBody(*body) == input, "a checkpoint has one form");
  } else {
    RequireError(body.error(), ErrorClass::kData);
  }
  const auto note = OpenNote(input, VerifierKey(Signer()));
  if (note.ok()) {
    Require(input.starts_with(*note) && note->ends_with('\n'), "the text of a note stands at its front");
  } else {
    RequireError(note.error(), ErrorClass::kData);
  }
  const auto open = OpenCheckpoint(input, VerifierKey(Signer()));
  if (open.ok()) Require(open->origin == Signer().name, "a checkpoint is of the log that signed it");
  const auto cosignature = FindCosignature(input, "minhchung.example/log\n1\n", CosignerKey(Signer()));
  if (!cosignature.ok()) RequireError(cosignature.error(), ErrorClass::kData);
  const auto foreign_key = OpenNote("minhchung.example/log\n1\n\n", input);
  Require(!foreign_key.ok(), "nothing verifies without a signature");
}

void RunLeaf(std::string_view input) {
  if (const auto leaf = ParseLeaf(input); leaf.ok()) {
    Require(LeafBytes(*leaf) == input, "a leaf has one form");
  } else {
    RequireError(leaf.error(), ErrorClass::kData);
  }
  if (const auto facts = FactsFromText(input); facts.ok()) {
    Require(FactsText(*facts).value() == input, "facts have one form");
  }
}

// Objects behind leaves, as a bundle carries them: each has one form.
void RunCommitted(std::string_view input) {
  if (const auto erasure = ParseErasure(input); erasure.ok()) {
    Require(ErasureText(*erasure).value() == input, "an erasure has one form");
    Require(!erasure->leaves.empty(), "an erasure names a leaf");
  } else {
    RequireError(erasure.error(), ErrorClass::kData);
  }
  if (const auto index = ParsePeriodIndex(input); index.ok()) {
    Require(PeriodIndexObject(*index).value() == input, "the index of a period has one form");
  } else {
    RequireError(index.error(), ErrorClass::kData);
  }
  if (const auto list = ParsePersonList(input); list.ok()) {
    Require(PersonListText(*list).value() == input, "a person's list has one form");
  } else {
    RequireError(list.error(), ErrorClass::kData);
  }
}

// What a stranger hands to `verify`.
void RunBundle(std::string_view input) {
  const auto bundle = OpenBundle(input);
  if (!bundle.ok()) return RequireError(bundle.error(), ErrorClass::kData);
  const auto report = CheckBundle(*bundle, bundle->log_key);
  if (!report.ok()) RequireError(report.error(), ErrorClass::kData);
}

// The head of a recording, a line "---", and its first exchange.
void RunRecording(std::string_view input) {
  namespace fs = std::filesystem;
  constexpr std::string_view kBetween = "\n---\n";
  static const fs::path folder = fs::temp_directory_path() / ("mc-fuzz-" + std::to_string(::getpid()));
  const std::size_t cut = std::min(input.find(kBetween), input.size());
  const std::string_view exchange = cut == input.size() ? "{}" : input.substr(cut + kBetween.size());
  fs::create_directories(folder / "exchanges");
  std::ofstream(folder / "recording.json", std::ios::binary) << input.substr(0, cut);
  std::ofstream(folder / "exchanges/000001.json", std::ios::binary) << exchange;
  const auto replay = ReplayClient::Open(folder, "https://x.example");
  fs::remove_all(folder);
  if (!replay.ok()) {
    Require(!replay.error().message.empty(), "a refusal says why");
    return;
  }
  Require(!(*replay)->AllSent(), "nothing was asked for yet");
  HttpRequest request;
  request.method = "GET";
  request.url = "https://x.example/none/such";
  (void)(*replay)->Send(request);
}

}  // namespace

std::vector<Target> CoreTargets() {
  return {{"json", RunJson, {"tests/golden/public_service", "gateway.example.jsonc"}},
          {"json_repair", RunJsonRepair, {"tests/golden/reports_open311"}},
          {"csv", RunCsv, {}},
          {"zip", RunZip, {}},
          {"redact", RunRedact, {"tests/golden/recordings"}},
          {"values", RunValues, {}},
          {"checkpoint", RunCheckpoint, {}},
          {"leaf", RunLeaf, {}},
          {"committed", RunCommitted, {}},
          {"bundle", RunBundle, {}},
          {"recording", RunRecording, {}}};
}

}  // namespace mc::fuzz
