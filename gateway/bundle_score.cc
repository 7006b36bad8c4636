#include "gateway/bundle_score.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/json_at.h"
#include "mapping/catalogue.h"
#include "scoring/policy.h"
#include "scoring/sheet_case.h"
#include "storage/period_index.h"

namespace mc {
namespace {

Result<IndexProof> ReadProof(const JsonAt& at) {
  IndexProof proof;
  MC_CHECK_OK(at.Keys({"hashes", "position", "pseudonym"}));
  MC_TRY(const JsonAt pseudonym, at.Member("pseudonym"));
  MC_TRY(proof.pseudonym, pseudonym.Sha256());
  MC_TRY(const JsonAt position, at.Member("position"));
  MC_TRY(proof.position, position.Count(0, INT64_MAX));
  MC_TRY(const JsonAt hashes, at.Member("hashes"));
  MC_TRY(const std::vector<JsonAt> items, hashes.Items(kMaxProofHashes));
  for (const JsonAt& item : items) {
    MC_TRY(const Digest hash, item.Sha256());
    proof.hashes.push_back(hash);
  }
  return proof;
}

Result<PeriodIndex> TakeIndex(BundleReader& reader, const std::string& key, const std::string& note,
                              BundleReport& report) {
  const std::int64_t leaf = report.subject.index_leaf;
  MC_TRY(CheckedLeaf checked, CheckLeaf(reader, leaf, note, key));
  if (checked.leaf.kind != LeafKind::kPeriodIndex) {
    return DataError("wrong_kind", "leaf " + std::to_string(leaf) + ": it is no index of a period");
  }
  MC_TRY(PeriodIndex index, ParsePeriodIndex(checked.object));
  if (index.period != report.subject.period) {
    return DataError("other_period", "the index is of " + index.period + ", not of the period that the bundle names");
  }
  report.leaves.emplace(leaf, std::move(checked));
  return index;
}

// The person's list, opened against its entry in the index.
Result<PersonList> TakeList(BundleReader& reader, const PeriodIndex& index, const BundleSubject& subject) {
  MC_TRY(const std::string text, reader.Take(kListFile));
  MC_TRY(const std::string salt, reader.Take(kListSaltFile));
  MC_TRY(const std::string proof_text, reader.Take(kIndexProofFile));
  MC_TRY(const IndexProof proof, ParseIndexProof(proof_text));
  if (salt.size() != kSaltBytes) return DataError("bad_salt", "list.salt is not 32 bytes");
  const PeriodEntry entry{proof.pseudonym, Commit(salt, text)};
  const Status held = CheckInclusion(proof.position, index.entries, EntryHash(entry), index.root, proof.hashes);
  if (!held.ok()) return DataError("not_in_index", "list.json is not what the period's index holds at this place");
  MC_TRY(PersonList list, ParsePersonList(text));
  if (list.person != subject.person || list.period != subject.period) {
    return DataError("other_person", "list.json is of another person or period than the bundle names");
  }
  return list;
}

std::string Difference(const std::vector<std::int64_t>& from, const std::vector<std::int64_t>& without) {
  for (const std::int64_t leaf : from) {
    if (!std::binary_search(without.begin(), without.end(), leaf)) return std::to_string(leaf);
  }
  return "";
}

// Step 1 of completeness: exactly the list that was committed for this person.
Status CheckUsed(const SheetCase& sheet, const PersonList& list) {
  const std::vector<std::int64_t> used = LeavesUsed(sheet);
  if (const std::string leaf = Difference(list.leaves, used); !leaf.empty()) {
    return DataError("input_left_out", "leaf " + leaf + " is in the person's list, and case.json does not use it");
  }
  if (const std::string leaf = Difference(used, list.leaves); !leaf.empty()) {
    return DataError("input_slipped_in", "case.json uses leaf " + leaf + ", which is not in the person's list");
  }
  return Ok();
}

Result<Json> TakeDocument(BundleReader& reader, const char* name, const Digest& digest) {
  MC_TRY(const std::string text, reader.Take(name));
  if (Sha256(text) != digest) {
    return DataError("document_digest", std::string(name) + " is not the one that was locked");
  }
  return ReadCanonical(text, "bad_document", name);
}

Result<Policy> TakePolicy(BundleReader& reader, const PeriodIndex& index) {
  MC_TRY(const Json document, TakeDocument(reader, kPolicyFile, index.policy));
  auto policy = ParsePolicy(document);
  if (policy.ok()) return policy;
  return DataError("bad_document", std::string(kPolicyFile) + ": " + policy.error().message);
}

Result<Catalogue> TakeCatalogue(BundleReader& reader, const PeriodIndex& index) {
  MC_TRY(const Json document, TakeDocument(reader, kCatalogueFile, index.catalogue));
  auto catalogue = Catalogue::Parse(document);
  if (catalogue.ok()) return catalogue;
  return DataError("bad_document", std::string(kCatalogueFile) + ": " + catalogue.error().message);
}

Result<SheetCase> CheckSheet(BundleReader& reader, const PeriodIndex& index, const PersonList& list) {
  MC_TRY(const std::string case_text, reader.Take(kCaseFile));
  MC_TRY(const std::string score_text, reader.Take(kScoreFile));
  MC_TRY(const Policy policy, TakePolicy(reader, index));
  MC_TRY(const Catalogue catalogue, TakeCatalogue(reader, index));
  MC_TRY(SheetCase sheet, ParseSheetCase(case_text));
  if (sheet.subject.id != list.person) return DataError("other_person", "case.json is of another person");
  MC_CHECK_OK(CheckUsed(sheet, list));
  MC_CHECK_OK(CheckCoefficients(catalogue, sheet));
  MC_CHECK_OK(CheckArithmetic(policy, sheet, score_text));
  if (Sha256(case_text) != list.case_digest) return DataError("case_changed", "case.json is not what was locked");
  if (Sha256(score_text) != list.score_digest) return DataError("score_changed", "score.json is not what was locked");
  return sheet;
}

void AddErasedLines(const std::string& item, const std::vector<std::int64_t>& leaves, BundleReport& report) {
  for (const std::int64_t leaf : leaves) {
    const auto found = report.leaves.find(leaf);
    if (found != report.leaves.end() && found->second.erased_by >= 0) report.erased_lines.push_back({item, leaf});
  }
}

void NameErasedLines(const SheetCase& sheet, BundleReport& report) {
  for (std::size_t i = 0; i < sheet.sources.size(); ++i) {
    AddErasedLines(sheet.subject.lines[i].label, sheet.sources[i].leaves, report);
  }
  for (const BesideItem& beside : sheet.beside) AddErasedLines(beside.item, beside.leaves, report);
}

}  // namespace

Result<std::string> IndexProofText(const IndexProof& proof) {
  Json hashes = Json::array();
  for (const Digest& hash : proof.hashes) hashes.push_back(ToHex(hash));
  return CanonicalJson(
      Json{{"hashes", std::move(hashes)}, {"position", proof.position}, {"pseudonym", ToHex(proof.pseudonym)}});
}

Result<IndexProof> ParseIndexProof(std::string_view text) {
  const Error bad = DataError("bad_index_proof", "index-proof.json is not a proof in its one byte form");
  const auto json = ParseJson(text);
  if (!json.ok()) return bad;
  auto proof = ReadProof(JsonAt(*json));
  if (!proof.ok()) return bad;
  const auto again = IndexProofText(*proof);
  if (!again.ok() || *again != text) return bad;
  return proof;
}

Status CheckScore(BundleReader& reader, const std::string& key, BundleReport& report) {
  MC_TRY(const std::string note, reader.Take(kCheckpointFile));
  MC_TRY(const PeriodIndex index, TakeIndex(reader, key, note, report));
  MC_TRY(const PersonList list, TakeList(reader, index, report.subject));
  MC_TRY(const SheetCase sheet, CheckSheet(reader, index, list));
  MC_TRY(auto leaves, CheckLeaves(reader, list.leaves, report.erasures, key));
  for (const auto& [number, leaf] : leaves) {
    if (number < index.through) continue;
    return DataError("late_leaf", "leaf " + std::to_string(number) + " is younger than what the lock read");
  }
  report.leaves.merge(leaves);
  NameErasedLines(sheet, report);
  return Ok();
}

}  // namespace mc
