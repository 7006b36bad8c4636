// Goal: a person's payloads are erased for ever and every proof stands: old bundles, other people's, the
// locked score's arithmetic; what no longer opens is named by prove, verify, explain and fsck, with day and leaf.
// Method: the built binary over hand-made exports of two dossiers in a locked period; bundles of before and
// after; the bundle of after changed in one place and put together again as a forger would.
#include <doctest/doctest.h>

#include <functional>
#include <set>

#include "gateway/bundle_score.h"
#include "locked_support.h"
#include "scoring/sheet_case.h"

using namespace mc;
using namespace mc::test;

namespace {

const std::string kPeople = " --category request --reason 'asked on paper' --requested-by bao --approved-by em ";
const std::string kOne = "H26.101-260602-00001";

Json Erased(Locked& locked, const std::string& what, const std::string& people = kPeople) {
  return *ParseJson(locked.Must("--json erase " + what + people + "--confirm").out);
}

// All bytes of the store's files.
std::string StoreBytes(const Locked& locked) {
  return ReadWhole(locked.dir / "mc.db") + ReadWhole(locked.dir / "mc.db-wal");
}

bool Contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Json Verdict(const Locked& locked, const std::string& archive) {
  locked.dir.Write("verified.zip", archive);
  const Ran ran = RunBinary(locked.dir, "--json verify verified.zip --key '" + locked.key + "'");
  REQUIRE_MESSAGE(ran.code == 0, ran.out << ran.err);
  return *ParseJson(ran.out);
}

std::string ErrorOf(Locked& locked, const std::string& arguments) {
  const Ran ran = RunBinary(locked.dir, "erase " + arguments);
  CHECK(ran.code == 2);
  return ran.err;
}

}  // namespace

TEST_CASE("erase: without --confirm it prints what would go, and takes nothing") {
  Locked locked;
  const Json plan = *ParseJson(locked.Must("--json erase an" + kPeople).out);
  CHECK(plan["erased"] == false);
  CHECK(plan["records"].size() == 6);  // two dossiers with two steps each
  CHECK(plan["leaves"] == 6);
  CHECK(plan["kept"].empty());
  REQUIRE(plan["locked"].size() == 1);
  CHECK(plan["locked"][0] == Json{{"period", "2026-06"}, {"person", "an"}, {"leaves", 6}});
  const Ran text = locked.Must("erase an" + kPeople);
  for (const char* said : {"SẼ XÓA 6 bản ghi", "KỲ ĐÃ CHỐT 2026-06", "Chưa xóa gì", "--confirm"}) {
    CHECK(Contains(text.out, said));
  }
  CHECK(ParseJson(locked.Must("--json fsck").out)->at("erased") == 0);
  const std::string category = " --category request --reason r ";
  CHECK(Contains(ErrorOf(locked, "an" + category + "--requested-by em --approved-by ' EM'"), "two_persons"));
  CHECK(Contains(ErrorOf(locked, "an" + category + "--requested-by em --approved-by an"), "own_erasure"));
  CHECK(Contains(ErrorOf(locked, "an" + category + "--requested-by em --approved-by 'nguyễn Văn An'"), "own_erasure"));
  CHECK(Contains(ErrorOf(locked, "nobody" + kPeople), "unknown_person"));
  CHECK(Contains(ErrorOf(locked, kPeople), "usage"));
  CHECK(Contains(ErrorOf(locked, "an --record 0123456789abcdef" + kPeople), "usage"));
  CHECK(Contains(ErrorOf(locked, "--record 0123456789abcdef" + kPeople), "no_such_record"));
  CHECK(Contains(ErrorOf(locked, "--record x" + kPeople), "bad_record"));
  CHECK(Contains(ErrorOf(locked, "an --category because --reason r --requested-by a --approved-by b"), "usage"));
  CHECK(Contains(ErrorOf(locked, "an --category request --requested-by a --approved-by b"), "usage"));
  CHECK(Contains(ErrorOf(locked, "an --category request --reason r --approved-by b"), "usage"));
  CHECK(Contains(ErrorOf(locked, "an --category request --reason r --requested-by b"), "usage"));
  CHECK(Contains(ErrorOf(locked, "an --category request --reason '' --requested-by bao --approved-by em --confirm"),
                 "bad_reason"));
}

TEST_CASE("erase: a person's payloads go, and every proof stands") {
  Locked locked;
  const std::string before = locked.Prove("an"), other = locked.Prove("bao");
  locked.Must("prove evidence 1 --out old.zip");
  const Json plan = *ParseJson(locked.Must("--json erase an" + kPeople).out);
  const std::string record = plan["records"][0]["record"].get<std::string>();
  CHECK(Contains(StoreBytes(locked), kOne));
  const Json erased = Erased(locked, "an");
  CHECK(erased["erased"] == true);
  CHECK(erased["wiped"] == true);
  CHECK(erased["records"].size() == 6);
  const std::string leaf = std::to_string(erased["leaf"].get<int>());
  CHECK_FALSE(Contains(StoreBytes(locked), kOne));  // nor in the audit of who opened it
  CHECK_FALSE(Contains(StoreBytes(locked), "asked on paper"));

  // Bundles of before and of others, and the store itself.
  CHECK(FirstFault(before, locked.key) == "");
  CHECK(FirstFault(other, locked.key) == "");
  CHECK(FirstFault(ReadWhole(locked.dir / "old.zip"), locked.key) == "");
  CHECK(FirstFault(locked.Prove("bao"), locked.key) == "");
  const Json fsck = *ParseJson(locked.Must("--json fsck").out);
  CHECK(fsck["faults"].empty());
  CHECK(fsck["erased"] == 6);
  const Json index = *ParseJson(locked.Must("--json fsck --index").out);
  CHECK(index["faults"].empty());
  CHECK(index["not_comparable"] == 6);

  // The locked score: its arithmetic is whole, and the lines that no longer open are named.
  const std::string after = locked.Prove("an");
  const Json verdict = Verdict(locked, after);
  REQUIRE(verdict["erased"].size() == 6);
  for (const Json& one : verdict["erased"]) {
    CHECK(one["erasure"] == erased["leaf"]);
    CHECK(one["reason"] == "request");
    CHECK(one["items"].size() == 1);
  }
  CHECK(verdict["completeness"]["list_used_exactly"] == "proven");
  CHECK(FilesOf(after).at(kScoreFile) == FilesOf(before).at(kScoreFile));
  CHECK(FilesOf(after).at(kCaseFile) == FilesOf(before).at(kCaseFile));
  CHECK(RunReadme(FilesOf(after), "python", locked.key) == 0);
  CHECK(RunReadme(FilesOf(after), "sh", locked.key) == 0);
  const Ran text = RunBinary(locked.dir, "verify verified.zip");
  CHECK(Contains(text.out, "theo lá " + leaf));
  CHECK(Contains(text.out, kOne));  // the line, as case.json names it
  CHECK(Contains(text.out, "không còn mở được"));

  // One record: by its leaf, and by the id that people see.
  for (const std::string& id : {std::string("1"), record}) {
    locked.Must("prove evidence " + id + " --out one.zip");
    const std::string one = ReadWhole(locked.dir / "one.zip");
    CHECK(FirstFault(one, locked.key) == "");
    CHECK(Verdict(locked, one)["payloads"] == 0);
    CHECK(Verdict(locked, one)["erased"][0]["erasure"] == erased["leaf"]);
    CHECK(RunReadme(FilesOf(one), "python", locked.key) == 0);
  }
  // Explain: the sheet as locked, and what became of its raw data.
  const std::string explained = locked.Must("explain an --period 2026-06").out;
  CHECK(Contains(explained, "ĐÃ CHỐT"));
  CHECK(Contains(explained, "KHÁC phiếu đã chốt"));
  CHECK(Contains(explained, "dữ liệu gốc đã xóa ngày"));
  CHECK(Contains(explained, "lá " + leaf));
  const Json sheet = *ParseJson(locked.Must("--json explain an --period 2026-06").out);
  CHECK(sheet["locked"]["erased"].size() == 6);
  CHECK(sheet["locked"]["same_as_now"] == false);
  const std::string item = sheet["locked"]["erased"][0]["item"].get<std::string>();
  CHECK(Contains(locked.Must("explain an --period 2026-06 --item '" + item + "'").out, "lá " + leaf));
  CHECK(RunBinary(locked.dir, "explain an --period 2026-06 --item 'hs|none'").code == 2);

  // The source says the same again: duplicates, and the sum holds. Nothing is left to erase.
  locked.Must("sync --from dvc public_service");
  CHECK(ParseJson(locked.Must("--json fsck").out)->at("evidence") == 0);
  CHECK(ParseJson(locked.Must("--json fsck").out)->at("faults").empty());
  CHECK(Erased(locked, "an")["erased"] == false);
  CHECK(Erased(locked, "--record " + record)["erased"] == false);
  CHECK(Contains(ErrorOf(locked, "--record " + record + kPeople), "record_erased"));
}

TEST_CASE("explain says that a period is locked, and by which leaf") {
  Locked locked;
  const Json sheet = *ParseJson(locked.Must("--json explain an --period 2026-06").out);
  CHECK(sheet["locked"]["listed"] == true);
  CHECK(sheet["locked"]["same_as_now"] == true);
  CHECK(sheet["locked"]["sheet"]["results_points"] == sheet["sheet"]["results_points"]);
  const std::string leaf = std::to_string(sheet["locked"]["leaf"].get<int>());
  const std::string text = locked.Must("explain an --period 2026-06").out;
  CHECK(Contains(text, "chỉ mục kỳ là lá " + leaf));
  CHECK(Contains(text, "vẫn đúng như vậy"));
  CHECK(ParseJson(locked.Must("--json explain an --period 2026-07").out)->at("locked").is_null());
  CHECK_FALSE(Contains(locked.Must("explain an --period 2026-07").out, "ĐÃ CHỐT"));
}

TEST_CASE("erase: what also stands for somebody else stays, unless it is ordered record by record") {
  Locked locked;
  // After the lock it turns out that bao finished the first dossier: it stands in an's locked list, and is bao's now.
  locked.dir.Write("late/dossiers.json", R"({"error_code":0,"totalrow":0,"data":[]})");
  locked.dir.Write("late/steps.json", "[" + Step(kOne, "9", "20260603100000", "Lê Bảo") + "]");
  locked.Must("sync --from late public_service");
  const std::string people = " --category order --reason r --requested-by an --approved-by em ";
  const Json of_bao = *ParseJson(locked.Must("--json erase bao" + people).out);
  CHECK(of_bao["kept"].size() == 3);  // the dossier and an's two steps
  CHECK(of_bao["records"].size() == 1);
  CHECK(of_bao["records"][0]["stands_for"] == Json::array({"bao"}));
  const Json of_an = *ParseJson(locked.Must("--json erase an" + kPeople).out);
  CHECK(of_an["records"].size() == 3);  // the other dossier
  for (const Json& kept : of_an["kept"]) CHECK(kept["stands_for"].size() >= 1);
  Erased(locked, "an");
  CHECK(ParseJson(locked.Must("--json fsck --index").out)->at("faults").empty());
  // A joint record, by order: the plan says for whom it stands.
  const std::string joint = of_bao["kept"][0]["record"].get<std::string>();
  const Json plan = *ParseJson(locked.Must("--json erase --record " + joint + people).out);
  CHECK(plan["records"][0]["stands_for"] == Json::array({"an", "bao"}));
  CHECK(Erased(locked, "--record " + joint, people)["erased"] == true);
  CHECK(ParseJson(locked.Must("--json fsck").out)->at("faults").empty());
  CHECK(ParseJson(locked.Must("--json fsck --index").out)->at("faults").empty());
  const std::string both = locked.Prove("an");
  CHECK(FirstFault(both, locked.key) == "");
  const Json verdict = Verdict(locked, both);
  CHECK(verdict["erased"].size() == 4);
  std::set<std::string> reasons;
  for (const Json& one : verdict["erased"]) reasons.insert(one["reason"].get<std::string>());
  CHECK(reasons == std::set<std::string>{"order", "request"});
  const Json manifest = *ParseJson(FilesOf(both).at(kManifestFile));
  REQUIRE(manifest["erasures"].size() == 2);
  // An erasure more than a bundle needs, and a bundle of two records of which one was erased.
  const auto with = [&](const std::string& id, const std::function<void(Json&)>& edit, const BundleFiles& more) {
    locked.Must("prove evidence " + id + " --out one.zip");
    BundleFiles files = FilesOf(ReadWhole(locked.dir / "one.zip"));
    for (const auto& [name, content] : more) {
      if (name.starts_with("leaves/")) files.try_emplace(name, content);
    }
    Json own = *ParseJson(files[kManifestFile]);
    edit(own);
    files[kManifestFile] = *CanonicalJson(own);
    return FirstFault(PutTogether(files), locked.key);
  };
  const auto of_erasure = [&](const Json& leaf) {
    BundleFiles files;
    for (const char* part : {"leaf", "salt", "object", "tlog-proof"}) {
      const std::string name = LeafFile(leaf.get<std::int64_t>(), part);
      files[name] = FilesOf(both).at(name);
    }
    return files;
  };
  const std::string erased_leaf = std::to_string(of_an["records"][0]["leaves"][0].get<int>());
  CHECK(with(erased_leaf, [](Json&) {}, {}) == "");
  for (const Json& erasure : manifest["erasures"]) {
    const auto both_named = [&](Json& own) { own["erasures"] = manifest["erasures"]; };
    if (with(
            erased_leaf, [](Json&) {}, of_erasure(erasure)) == "")
      continue;  // its own
    CHECK(with(erased_leaf, both_named, of_erasure(erasure)) == "unneeded_erasure");
  }
  const std::int64_t open_leaf = of_bao["kept"][1]["leaves"][0].get<std::int64_t>();
  locked.Must("prove evidence " + std::to_string(open_leaf) + " --out open.zip");
  BundleFiles mixed = FilesOf(ReadWhole(locked.dir / "one.zip"));
  mixed.merge(FilesOf(ReadWhole(locked.dir / "open.zip")));
  Json subject = *ParseJson(mixed[kManifestFile]);
  std::set<std::int64_t> leaves{open_leaf, std::stoll(erased_leaf)};
  subject["subject"]["leaves"] = leaves;
  mixed[kManifestFile] = *CanonicalJson(subject);
  CHECK(FirstFault(PutTogether(mixed), locked.key) == "other_record");
}

TEST_CASE("erase: a line of which one record went may fall to somebody else; fsck --index does not compare it") {
  // Both set the first dossier to 9: an first. Without an's row it is bao's.
  Locked locked("," + Step(kOne, "9", "20260612100000", "Lê Bảo"));
  const Json of_bao = *ParseJson(locked
                                     .Must("--json erase bao --category order --reason r --requested-by an "
                                           "--approved-by em")
                                     .out);
  CHECK(of_bao["records"].empty());
  REQUIRE(of_bao["kept"].size() == 1);  // names bao, stands for an
  CHECK(of_bao["kept"][0]["stands_for"] == Json::array({"an"}));
  const std::string step = [&] {
    const Json plan = *ParseJson(locked.Must("--json erase an" + kPeople).out);
    for (const Json& record : plan["records"]) {
      const std::string id = record["native_id"].get<std::string>();
      if (Contains(id, kOne) && Contains(id, "20260611100000")) return record["record"].get<std::string>();
    }
    return std::string();
  }();
  REQUIRE(step != "");
  CHECK(Erased(locked, "--record " + step)["leaves"] == 1);
  const Json sheet = *ParseJson(locked.Must("--json explain bao --period 2026-06").out);
  CHECK(sheet["sheet"]["lines"].size() == 1);
  const Json index = *ParseJson(locked.Must("--json fsck --index").out);
  CHECK(index["faults"] == Json::array());
  CHECK(index["not_comparable"] == 4);
  // What is left of the item opens still, and the locked line says what does not.
  const std::string archive = locked.Prove("an");
  const Json verdict = Verdict(locked, archive);
  REQUIRE(verdict["erased"].size() == 1);
  CHECK(verdict["payloads"] == 6);
}

TEST_CASE("each way to forge a bundle with erased leaves is found and named") {
  Locked locked;
  const BundleFiles whole = FilesOf(locked.Prove("an"));
  const Json erased = Erased(locked, "an");
  const std::string archive = locked.Prove("an");
  const std::int64_t by = erased["leaf"].get<std::int64_t>();
  const std::int64_t index = ParseJson(whole.at(kManifestFile))->at("subject")["index_leaf"].get<std::int64_t>();
  const auto manifest = [](BundleFiles& f, const std::function<void(Json&)>& edit) {
    Json json = *ParseJson(f[kManifestFile]);
    edit(json);
    f[kManifestFile] = *CanonicalJson(json);
  };
  const struct {
    const char* name;
    const char* fault;
    std::function<void(BundleFiles&)> change;
  } cases[] = {
      {"no erasure named", "bad_manifest",
       [&](BundleFiles& f) { manifest(f, [](Json& m) { m["erasures"] = Json::array(); }); }},
      {"erasures left out", "bad_manifest", [&](BundleFiles& f) { manifest(f, [](Json& m) { m.erase("erasures"); }); }},
      {"said to be bundle@1", "bad_manifest",
       [&](BundleFiles& f) { manifest(f, [](Json& m) { m["schema"] = "minhchung/bundle@1"; }); }},
      {"said to be without erasures", "readme_changed",
       [&](BundleFiles& f) {
         manifest(f, [](Json& m) {
           m["schema"] = "minhchung/bundle@1";
           m.erase("erasures");
         });
       }},
      {"said to be without erasures, README to match", "missing_file",
       [&](BundleFiles& f) {
         manifest(f, [](Json& m) {
           m["schema"] = "minhchung/bundle@1";
           m.erase("erasures");
         });
         f[kReadmeFile] = BundleReadme(false);
       }},
      {"README of bundle@1", "readme_changed", [](BundleFiles& f) { f[kReadmeFile] = BundleReadme(false); }},
      {"another leaf as erasure", "wrong_kind",
       [&](BundleFiles& f) { manifest(f, [&](Json& m) { m["erasures"] = {index}; }); }},
      {"erasure of another leaf more", "missing_file",
       [&](BundleFiles& f) { manifest(f, [&](Json& m) {
                               m["erasures"] = {by, by + 1};
                             }); }},
      {"erasure deleted", "missing_file", [&](BundleFiles& f) { f.erase(LeafFile(by, "object")); }},
      {"erasure edited", "commitment",
       [&](BundleFiles& f) {
         Json object = *ParseJson(f[LeafFile(by, "object")]);
         object["leaves"].push_back(by - 1);
         f[LeafFile(by, "object")] = *CanonicalJson(object);
       }},
      {"erased leaf changed", "bad_inclusion", [](BundleFiles& f) { Turn(f["leaves/1.leaf"][17], '0', '1'); }},
      {"erased leaf no leaf", "bad_leaf", [](BundleFiles& f) { f["leaves/1.leaf"] += " "; }},
      {"erased leaf deleted", "missing_file", [](BundleFiles& f) { f.erase("leaves/1.leaf"); }},
      {"its proof of another leaf", "proof_index",
       [](BundleFiles& f) { f["leaves/1.tlog-proof"] = f.at("leaves/2.tlog-proof"); }},
      {"its salt slipped in", "unexpected_file",
       [&](BundleFiles& f) { f["leaves/1.salt"] = whole.at("leaves/1.salt"); }},
      {"its object slipped in", "unexpected_file", [](BundleFiles& f) { f["leaves/1.object"] = "{}"; }},
      {"a payload slipped in", "unexpected_file", [&](BundleFiles& f) { f.insert(*whole.lower_bound("payloads/")); }},
      {"the index passed off as erased", "missing_file", [&](BundleFiles& f) { f.erase(LeafFile(index, "salt")); }},
      {"an edition of the directory passed off as erased", "missing_file",
       [&](BundleFiles& f) {
         const Json sheet = *ParseJson(f[kCaseFile]);
         f.erase(LeafFile(sheet["context"][0].get<std::int64_t>(), "salt"));
       }},
      {"a line left out", "input_left_out",
       [](BundleFiles& f) {
         SheetCase sheet = *ParseSheetCase(f[kCaseFile]);
         sheet.sources.pop_back();
         sheet.subject.lines.pop_back();
         f[kCaseFile] = *SheetCaseText(sheet);
       }},
      {"points raised", "score",
       [](BundleFiles& f) {
         Json score = *ParseJson(f[kScoreFile]);
         score["results_points"] = "70.00";
         f[kScoreFile] = *CanonicalJson(score);
       }},
  };
  REQUIRE(FirstFault(PutTogether(FilesOf(archive)), locked.key) == "");
  for (const auto& c : cases) {
    INFO(std::string(c.name));
    BundleFiles files = FilesOf(archive);
    c.change(files);
    CHECK(FirstFault(PutTogether(files), locked.key) == std::string(c.fault));
  }
  // The README's own Python finds what it can see.
  for (const std::string name : {"leaves/1.leaf", "leaves/1.tlog-proof"}) {
    BundleFiles changed = FilesOf(archive);
    Flip(changed[name], changed[name].size() / 2);
    manifest(changed, [&](Json& m) { m["files"][name] = ToHex(Sha256(changed[name])); });
    CHECK(RunReadme(changed, "python", locked.key) != 0);
  }
}
