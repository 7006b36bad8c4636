// Goal: a score in a locked period is proven to a stranger, and an edited one is found and named:
// an input left out or slipped in, a figure changed, another person's or period's list.
// Method: the built binary over hand-made exports of two dossiers; its bundle changed in one place,
// put together again with digests and archive as a forger would, and checked.
#include <doctest/doctest.h>

#include "gateway/bundle_score.h"
#include "locked_support.h"
#include "scoring/sheet_case.h"
#include "storage/period_index.h"

using namespace mc;
using namespace mc::test;

namespace {

void EditCase(BundleFiles& files, const std::function<void(SheetCase&)>& edit) {
  SheetCase sheet = *ParseSheetCase(files[kCaseFile]);
  edit(sheet);
  files[kCaseFile] = *SheetCaseText(sheet);
}

void EditJson(BundleFiles& files, const char* name, const std::function<void(Json&)>& edit) {
  Json json = *ParseJson(files[name]);
  edit(json);
  files[name] = *CanonicalJson(json);
}

}  // namespace

TEST_CASE("a score of a locked period verifies for a stranger, in two steps named apart") {
  Locked locked;
  const std::string archive = locked.Prove("an");
  CHECK(FirstFault(archive, locked.key) == "");
  const SheetCase sheet = *ParseSheetCase(FilesOf(archive)[kCaseFile]);
  CHECK(sheet.sources.size() == 2);
  CHECK(sheet.subject.lines[1].late == 1);
  CHECK(RunReadme(FilesOf(archive), "python", locked.key) == 0);
  CHECK(RunReadme(FilesOf(archive), "sh", locked.key) == 0);

  const TempDir empty;
  empty.Write("an.zip", archive);
  const std::string run = "env -i '" MC_BINARY "' verify an.zip --key '" + locked.key + "' ";
  CHECK(std::system(("cd '" + empty.path() + "' && " + run + "> out && " + run + "--json > json").c_str()) == 0);
  const std::string text = ReadWhole(empty / "out");
  CHECK(text.find("BƯỚC 1, ĐÚNG") != std::string::npos);
  CHECK(text.find("BƯỚC 2, GÓI NÀY KHÔNG CHỨNG MINH") != std::string::npos);
  const Json verdict = *ParseJson(ReadWhole(empty / "json"));
  CHECK(verdict["completeness"]["list_used_exactly"] == "proven");
  CHECK(verdict["completeness"]["lists_leave_nothing_out"] == "not_proven_by_this_bundle");

  CHECK(FirstFault(locked.Prove("bao"), locked.key) == "");  // somebody without any item
  CHECK(RunBinary(locked.dir, "prove score nobody --period 2026-06 --out x.zip").code == 2);
  CHECK(RunBinary(locked.dir, "prove score an --period 2026-05 --out x.zip").code == 2);
  CHECK(RunBinary(locked.dir, "lock --period 2026-06").code == 2);
  CHECK(RunBinary(locked.dir, "lock --period 2099-06").code == 2);
}

TEST_CASE("each way to edit a score is found and named") {
  Locked locked;
  const std::string archive = locked.Prove("an");
  const BundleFiles other = FilesOf(locked.Prove("bao"));
  const struct {
    const char* name;
    const char* fault;
    std::function<void(BundleFiles&)> change;
  } cases[] = {
      {"a line left out", "input_left_out",
       [](BundleFiles& f) { EditCase(f, [](SheetCase& s) { s.sources.pop_back(), s.subject.lines.pop_back(); }); }},
      {"one leaf of a line left out", "input_left_out",
       [](BundleFiles& f) { EditCase(f, [](SheetCase& s) { s.sources[0].leaves.pop_back(); }); }},
      {"a leaf slipped in", "input_slipped_in",
       [](BundleFiles& f) { EditCase(f, [](SheetCase& s) { s.sources[0].leaves.push_back(99); }); }},
      {"a line slipped in", "input_slipped_in",
       [](BundleFiles& f) {
         EditCase(f, [](SheetCase& s) {
           s.subject.lines.push_back(s.subject.lines[0]);
           s.sources.push_back(s.sources[0]);
           s.sources.back().leaves = {98};
         });
       }},
      {"a late forgiven, score as before", "score",
       [](BundleFiles& f) { EditCase(f, [](SheetCase& s) { s.subject.lines[1].late = 0; }); }},
      {"a reason edited, score to match", "case_changed",
       [](BundleFiles& f) {
         EditCase(f, [](SheetCase& s) { s.subject.waiting_for_data[0] += "."; });
         EditJson(f, kScoreFile,
                  [&](Json& j) { j["status_reason"] = ParseSheetCase(f[kCaseFile])->subject.waiting_for_data[0]; });
       }},
      {"a coefficient raised", "coefficient",
       [](BundleFiles& f) { EditCase(f, [](SheetCase& s) { s.subject.lines[0].coefficient += Ratio(1); }); }},
      {"a line of another day", "case_changed",
       [](BundleFiles& f) { EditCase(f, [](SheetCase& s) { s.sources[0].assigned_on = *ParseDate("2026-06-03"); }); }},
      {"case of another form", "bad_case", [](BundleFiles& f) { f[kCaseFile] += " "; }},
      {"case with an unknown member", "bad_case",
       [](BundleFiles& f) { EditJson(f, kCaseFile, [](Json& j) { j["more"] = 1; }); }},
      {"points raised", "score",
       [](BundleFiles& f) { EditJson(f, kScoreFile, [](Json& j) { j["results_points"] = "70.00"; }); }},
      {"class raised", "score",
       [](BundleFiles& f) { EditJson(f, kScoreFile, [](Json& j) { j["class_by_score"] = "excellent"; }); }},
      {"class after quota raised", "score_changed",
       [](BundleFiles& f) { EditJson(f, kScoreFile, [](Json& j) { j["class_after_quota"] = "excellent"; }); }},
      {"score with an unknown member", "score",
       [](BundleFiles& f) { EditJson(f, kScoreFile, [](Json& j) { j["more"] = 1; }); }},
      {"score of somebody else", "score", [&](BundleFiles& f) { f[kScoreFile] = other.at(kScoreFile); }},
      {"case of somebody else", "other_person", [&](BundleFiles& f) { f[kCaseFile] = other.at(kCaseFile); }},
      {"list edited", "not_in_index",
       [](BundleFiles& f) { EditJson(f, kListFile, [](Json& j) { j["leaves"].erase(0); }); }},
      {"list's salt changed", "not_in_index", [](BundleFiles& f) { Flip(f[kListSaltFile], 0); }},
      {"list's salt cut", "bad_salt", [](BundleFiles& f) { f[kListSaltFile].pop_back(); }},
      {"list of somebody else", "other_person",
       [&](BundleFiles& f) {
         for (const char* name : {kListFile, kListSaltFile, kIndexProofFile}) f[name] = other.at(name);
       }},
      {"index proof's position changed", "not_in_index",
       [](BundleFiles& f) {
         EditJson(f, kIndexProofFile, [](Json& j) { j["position"] = 1 - j["position"].get<int>(); });
       }},
      {"index proof's hash changed", "not_in_index",
       [](BundleFiles& f) { EditJson(f, kIndexProofFile, [](Json& j) { j["hashes"][0] = std::string(64, '0'); }); }},
      {"index proof no proof", "bad_index_proof", [](BundleFiles& f) { f[kIndexProofFile] = "{}"; }},
      {"policy changed", "document_digest",
       [](BundleFiles& f) { EditJson(f, kPolicyFile, [](Json& j) { j["title"] = "x"; }); }},
      {"catalogue changed", "document_digest", [](BundleFiles& f) { Flip(f[kCatalogueFile], 100); }},
      {"policy deleted", "missing_file", [](BundleFiles& f) { f.erase(kPolicyFile); }},
      {"person renamed", "other_person",
       [](BundleFiles& f) { EditJson(f, kManifestFile, [](Json& j) { j["subject"]["person"] = "bao"; }); }},
      {"period renamed", "other_period",
       [](BundleFiles& f) { EditJson(f, kManifestFile, [](Json& j) { j["subject"]["period"] = "2026-07"; }); }},
      {"index of another leaf", "wrong_kind",
       [](BundleFiles& f) { EditJson(f, kManifestFile, [](Json& j) { j["subject"]["index_leaf"] = 0; }); }},
      {"evidence's payload changed", "payload_digest",
       [](BundleFiles& f) { Flip(f.lower_bound("payloads/")->second, 3); }},
      {"evidence's leaf deleted", "missing_file", [](BundleFiles& f) { f.erase("leaves/1.leaf"); }},
      {"a leaf more", "unexpected_file", [](BundleFiles& f) { f["leaves/77.leaf"] = "x"; }},
  };
  REQUIRE(FirstFault(PutTogether(FilesOf(archive)), locked.key) == "");
  for (const auto& c : cases) {
    INFO(std::string(c.name));
    BundleFiles files = FilesOf(archive);
    c.change(files);
    CHECK(FirstFault(PutTogether(files), locked.key) == std::string(c.fault));
  }
}

TEST_CASE("fsck --index makes the lists again and names a leaf that was left out of them") {
  Locked locked;
  const Json report = *ParseJson(locked.Must("--json fsck --index").out);
  CHECK(report["faults"].empty());
  CHECK(report["periods"] == 1);
  CHECK(report["people"] == 2);
  CHECK(report["attributed"] > 0);
  CHECK(locked.Must("--json fsck").code == 0);
  // What comes after the lock changes nothing that was locked.
  const std::string late = "H26.101-260602-00003";
  // A new dossier, and an older one stated anew: its extension moves it out of the period.
  std::string extended = Dossier("H26.101-260602-00001");
  extended.replace(extended.find("20260612170000"), 14, "20260712170000");
  locked.dir.Write("late/dossiers.json",
                   R"({"error_code":0,"totalrow":2,"data":[)" + Dossier(late) + "," + extended + "]}");
  locked.dir.Write("late/steps.json", "[" + Step(late, "4", "20260602091500") + "]");
  locked.Must("sync --from late public_service");
  CHECK(ParseJson(locked.Must("--json fsck --index").out)->at("faults").empty());
}
