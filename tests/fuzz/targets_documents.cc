// Documents of our own, as somebody's editor or another program wrote them. Read strictly: each is taken, or
// refused in one line that names the place.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "connectors/manifest.h"
#include "core/directory.h"
#include "core/evidence.h"
#include "core/evidence_text.h"
#include "core/settings.h"
#include "core/work_calendar.h"
#include "mapping/catalogue.h"
#include "mapping/organisation_codes.h"
#include "mapping/rule_set.h"
#include "scoring/case_file.h"
#include "scoring/policy.h"
#include "tests/fuzz/target.h"

namespace mc::fuzz {
namespace {

constexpr const char* kPersonKey = "0123456789abcdef0123456789abcdef";

// The document, when the input is JSON at all.
std::optional<Json> Document(std::string_view input, bool comments = false) {
  auto parsed = ParseJson(input, comments);
  return parsed.ok() ? std::optional(std::move(parsed).value()) : std::nullopt;
}

template <typename Value>
bool Taken(const Result<Value>& read) {
  if (!read.ok()) RequireError(read.error(), ErrorClass::kConfig);
  return read.ok();
}

void RunManifest(std::string_view input) {
  const auto document = Document(input, true);
  if (!document) return;
  const auto manifest = ParseManifest(*document);
  if (!Taken(manifest)) return;
  Require(!manifest->streams.empty(), "a manifest has streams");
  for (const auto& stream : manifest->streams) {
    if (manifest->records) Require(!Name(SpecOf(*manifest, stream).format).empty(), "each stream has a format");
  }
}

void RunRules(std::string_view input) {
  const auto document = Document(input);
  if (!document) return;
  const auto rules = ParseRuleSet(*document);
  if (Taken(rules)) Require(!rules->records.empty() && rules->version.size() == 16, "rules read some kind of record");
}

void RunCatalogue(std::string_view input) {
  const auto document = Document(input);
  if (!document) return;
  const auto catalogue = Catalogue::Parse(*document);
  if (!Taken(catalogue)) return;
  for (const CatalogueEdition& edition : catalogue->editions()) {
    for (const Product& product : edition.products) {
      const auto found = catalogue->Find(product.code, edition.effective_from);
      Require(found && found->product->coefficient > Ratio(0), "what an edition lists is found, and counts something");
    }
  }
}

void RunPolicy(std::string_view input) {
  const auto document = Document(input);
  if (!document) return;
  const bool taken = Taken(ParsePolicy(*document));
  const auto findings = CheckPolicy(*document);
  const bool faults = std::any_of(findings.begin(), findings.end(), [](const auto& finding) { return finding.fault; });
  Require(taken != faults, "a policy is taken exactly when the check finds no fault");
}

void RequireOneNotation(const DirectoryData& data) {
  const OrganisationCodes codes(data.organisation_codes);
  const CivilDate day = MakeDate(2026, 6, 30).value();
  for (const OrganisationCode& row : data.organisation_codes) {
    const std::string one = codes.Canonical(row.old_code, day);
    Require(codes.Canonical(one, day) == one, "the one notation of a notation is its own");
    Require(codes.Notations(row.old_code, day).front() == one, "it stands first among the notations");
    for (const std::string& other : codes.Notations(one, day)) {
      Require(codes.Canonical(other, day) == one, "all notations lead to the one");
    }
    (void)codes.Successors(row.old_code, day);
  }
}

void RunDirectory(std::string_view input) {
  const auto document = Document(input);
  if (!document) return;
  const auto data = ParseDirectory(*document, kPersonKey);
  if (!Taken(data)) return;
  RequireOneNotation(*data);
  const auto sealed = SealDirectory(*document, kPersonKey);
  Require(sealed.ok(), "what can be read can be sealed");
  Require(sealed->dump(-1, ' ', false, Json::error_handler_t::replace).find("\"national_id\"") == std::string::npos,
          "no personal number is kept");
  const auto again = ParseDirectory(*sealed, kPersonKey);
  Require(again.ok() && again->people.size() == data->people.size(), "a sealed directory is read as the same people");
}

void RunSettings(std::string_view input) {
  const auto document = Document(input, true);
  if (document) (void)Taken(ParseSettings(*document, "/base"));
}

void RunWorkCalendar(std::string_view input) {
  const auto document = Document(input);
  if (!document) return;
  const auto calendar = WorkCalendar::Parse(*document);
  if (!Taken(calendar)) return;
  const Instant start = ParseInstant("2026-06-30T16:00:00+07:00").value();
  Instant last = start;
  for (const std::int64_t hours : {0, 1, 8, 41}) {
    const auto end = calendar->AddWorkingHours(start, hours);
    if (!Taken(end)) return;
    Require(*end >= last, "more hours end no earlier");
    last = *end;
  }
}

void RunAssessments(std::string_view input) {
  const auto document = Document(input);
  if (!document) return;
  const auto assessments = ParseAssessments(*document);
  if (!Taken(assessments)) return;
  for (const Assessment& one : *assessments) Require(one.person != one.assessor, "nobody assesses themselves");
}

void RunCase(std::string_view input) {
  static const Policy policy = LoadPolicy(std::string(MC_SOURCE_DIR) + "/policies", "nd335-2025").value();
  const auto document = Document(input);
  if (document) (void)Taken(ParseCase(*document, policy, nullptr));
}

void RunEvidence(std::string_view input) {
  const auto document = Document(input);
  if (!document) return;
  const auto evidence = EvidenceFromJson(*document);
  if (!evidence.ok()) return;
  const auto written = WriteEvidence(*evidence);
  Require(written.ok(), "evidence that was read can be written");
  Require(written->canonical == CanonicalJson(EvidenceToJson(*evidence)).value(), "both writers write the same");
  const auto again = EvidenceFromJson(ParseJson(written->canonical).value());
  Require(again.ok() && EvidenceToJson(*again) == EvidenceToJson(*evidence), "it is read as the same");
}

}  // namespace

std::vector<Target> DocumentTargets() {
  return {{"manifest",
           RunManifest,
           {"connectors/documents.json", "connectors/documents_vxp.json", "connectors/documents_lgsp.json",
            "connectors/public_service.json", "connectors/reports_open311.json", "connectors/reports_open311_xml.json"}},
          {"rules", RunRules, {"mapping/rules"}},
          {"catalogue", RunCatalogue, {"policies/catalogue-demo-2026.json"}},
          {"policy", RunPolicy, {"policies/nd335-2025.json"}},
          {"directory", RunDirectory, {}},
          {"settings", RunSettings, {"gateway.example.jsonc"}},
          {"work_calendar", RunWorkCalendar, {"policies/work-calendar-2026.json"}},
          {"assessments", RunAssessments, {}},
          {"case", RunCase, {}},
          {"evidence", RunEvidence, {"tests/golden/hanoiwork/task-claimed", "tests/golden/documents/document"}}};
}

}  // namespace mc::fuzz
