// Goal: a proof bundle shows what it says to a stranger, and every change of it is found and named.
// Method: a store with records of every fate; its bundles, opened, changed in one place, put
// together again as a careful forger would (manifest and archive made anew), and checked.
// The README's own Python and openssl lines run as printed.
#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "bundle_support.h"
#include "gateway/prove.h"
#include "tests/support/zip_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

const std::string kKey = VerifierKey({"test.example/log", std::string(32, 'l')});

std::string FirstFaultHere(const std::string& archive) { return test::FirstFault(archive, kKey); }

SourceRecord RecordOf(const std::string& id, const std::string& bytes) {
  SourceRecord record;
  record.key = {"ihanoi", id, Sha256(bytes)};
  record.source = "reports";
  record.stream = "all";
  record.media_type = "application/json";
  record.bytes = bytes;
  return record;
}

IngestItem Read(const std::string& id, const std::string& bytes, const std::string& status) {
  Evidence e;
  e.kind = EvidenceKind::kReport;
  e.register_id = "ihanoi";
  e.native_id = id;
  e.status = status;
  return {RecordOf(id, bytes), e};
}

// Seven leaves about: a record in two revisions, one that repeats, one rejected, one over the limit.
struct Stored {
  TempDir dir;
  SystemClock clock;
  std::unique_ptr<Store> store = OpenTestStore(dir, clock);

  Stored() {
    const auto lease = store->AcquireLease("reports", "test", 600);
    REQUIRE(lease.ok());
    const auto run = store->BeginRun("reports", "ihanoi");
    REQUIRE(run.ok());
    IngestBatch batch{"reports", "all", *run, lease->fence, {}, {}};
    batch.items.push_back(Read("1", "one", "open"));
    batch.items.push_back(Read("1", "one again", "closed"));
    batch.items.push_back(Read("1", "one, other bytes", "closed"));
    batch.items.push_back({RecordOf("2", "two"), RejectionReason{"unknown_status", "/status", "", "none"}});
    batch.items.push_back(Read("3", std::string(kPayloadLimitBytes + 1, 'x'), "open"));
    const auto counts = store->AppendBatch(batch);
    REQUIRE_MESSAGE(counts.ok(), (counts.ok() ? "" : counts.error().message));
  }

  std::string Prove(const std::string& id) {
    auto made = ProveEvidence(*store, id, kKey);
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message));
    return *made;
  }
};

}  // namespace

TEST_CASE("a bundle of each fate of a record verifies with the log's key and with no other") {
  Stored s;
  const std::string other = VerifierKey({"test.example/log", std::string(32, 'm')});
  const std::string record = IkHex(IkOf(RecordOf("1", "one, other bytes").key));
  for (const std::string& id : std::vector<std::string>{"0", "1", "2", "3", "4", record}) {
    CAPTURE(id);
    const std::string archive = s.Prove(id);
    CHECK(FirstFaultHere(archive) == "");
    CHECK(test::FirstFault(archive, other) == "bad_note");
  }
  CHECK(ProveEvidence(*s.store, "x", kKey).error().code == "bad_id");
  CHECK(ProveEvidence(*s.store, "01", kKey).error().code == "bad_id");
  CHECK(ProveEvidence(*s.store, "99", kKey).error().code == "no_such_leaf");
  CHECK(ProveEvidence(*s.store, "00000000000000ff", kKey).error().code == "no_such_record");
}

TEST_CASE("a bundle of an overlap of two keys opens under each, and names one that signed it") {
  Stored s;
  const std::string next = VerifierKey({"test.example/log", std::string(32, 'm')});
  const std::string stranger = VerifierKey({"test.example/log", std::string(32, 'x')});
  const auto key_for = [](const OpenedBundle& bundle, const std::vector<std::string>& trusted) {
    const auto key = KeyFor(bundle, trusted);
    return key.ok() ? *key : key.error().code;
  };
  const OpenedBundle before = *OpenBundle(s.Prove("2"));
  CHECK(key_for(before, {}) == kKey);
  CHECK(key_for(before, {next, kKey}) == kKey);
  CHECK(key_for(before, {next}) == "other_key");
  REQUIRE(s.store->RotateLogKey({"test.example/log", std::string(32, 'm')}).ok());
  const OpenedBundle both = *OpenBundle(*ProveEvidence(*s.store, "2", next));
  CHECK(key_for(both, {next}) == next);
  CHECK(key_for(both, {kKey}) == kKey);
  CHECK(key_for(both, {stranger, kKey}) == kKey);
  CHECK(key_for(both, {stranger}) == "other_key");
  for (const std::string& key : {kKey, next}) CHECK(CheckBundle(both, key).ok());
  CHECK(CheckBundle(both, next)->other_signatures == 0);
  // A manifest that names a key of somebody else is not saved by a good signature.
  OpenedBundle forged = both;
  forged.log_key = stranger;
  CHECK(key_for(forged, {kKey}) == "other_key");
}

TEST_CASE("cosignatures are asked for by key, each of them") {
  Stored s;
  const std::string note = OpenBundle(s.Prove("2"))->files.at(kCheckpointFile);
  const NoteSigner one{"one.example", std::string(32, '1')}, two{"two.example", std::string(32, '2')};
  const std::string text(SplitNote(note)->text);
  OpenedBundle bundle = *OpenBundle(s.Prove("2"));
  const std::string cosigned = note + CosignNote(one, text, 1782864000).line;
  for (auto& [name, content] : bundle.files) {
    if (const auto at = content.find(note); at != std::string::npos) content.replace(at, note.size(), cosigned);
  }
  const auto report = CheckBundle(bundle, kKey, {CosignerKey(one)});
  REQUIRE_MESSAGE(report.ok(), (report.ok() ? "" : report.error().message));
  REQUIRE(report->cosigners.size() == 1);
  CHECK(report->cosigners[0].name == "one.example");
  CHECK(report->cosigners[0].at == Instant{1782864000 * kMicrosPerSecond});
  CHECK(report->other_signatures == 0);
  CHECK(CheckBundle(bundle, kKey)->other_signatures == 1);
  CHECK(CheckBundle(bundle, kKey, {CosignerKey(one), CosignerKey(two)}).error().code == "no_cosignature");
  OpenedBundle changed = bundle;
  changed.files[kCheckpointFile] = note + CosignNote(one, "a\n1\nb\n", 1).line;
  CHECK(CheckBundle(changed, kKey, {CosignerKey(one)}).error().code == "bad_cosignature");
}

TEST_CASE("a record that repeats a revision comes with it") {
  Stored s;
  const auto bundle = OpenBundle(s.Prove(IkHex(IkOf(RecordOf("1", "one, other bytes").key))));
  REQUIRE(bundle.ok());
  CHECK(bundle->subject.leaves == std::vector<std::int64_t>{1, 2});
}

TEST_CASE("every change of a bundle's archive is found") {
  Stored s;
  const std::string archive = s.Prove("2");
  for (std::size_t at = 0; at < archive.size(); ++at) {
    std::string changed = archive;
    Flip(changed, at);
    const std::string fault = FirstFaultHere(changed);
    CHECK_MESSAGE(fault != "", "byte " << at << " of " << archive.size());
  }
  CHECK(FirstFaultHere(archive + "x") == "trailing_data");
  CHECK(FirstFaultHere("x" + archive) != "");
  CHECK(FirstFaultHere(archive.substr(0, archive.size() - 1)) != "");
  CHECK(FirstFaultHere("") == "bad_zip");
}

TEST_CASE("each way to forge a bundle is found and named") {
  Stored s;
  const std::string archive = s.Prove("1");
  const std::string foreign = s.Prove("0");
  const BundleFiles other = FilesOf(foreign);
  const std::string payload = PayloadFile(ToHex(Sha256("one again")));
  const struct {
    const char* name;
    const char* fault;
    std::function<void(BundleFiles&)> change;
  } cases[] = {
      {"payload changed", "payload_digest", [&](BundleFiles& f) { Flip(f[payload], 0); }},
      {"payload deleted", "missing_file", [&](BundleFiles& f) { f.erase(payload); }},
      {"payload slipped in", "unexpected_file", [&](BundleFiles& f) { f["payloads/00"] = "x"; }},
      {"file slipped in", "unexpected_file", [](BundleFiles& f) { f["score.json"] = "{}"; }},
      {"leaf changed", "commitment", [](BundleFiles& f) { Turn(f["leaves/1.leaf"][17], '0', '1'); }},
      {"leaf no leaf", "bad_leaf", [](BundleFiles& f) { f["leaves/1.leaf"] += " "; }},
      {"leaf's time changed", "bad_inclusion",
       [](BundleFiles& f) { Turn(f["leaves/1.leaf"][f["leaves/1.leaf"].find("\"v\"") - 2], '1', '2'); }},
      {"leaf deleted", "missing_file", [](BundleFiles& f) { f.erase("leaves/1.leaf"); }},
      {"leaf swapped", "commitment", [&](BundleFiles& f) { f["leaves/1.leaf"] = other.at("leaves/0.leaf"); }},
      {"salt changed", "commitment", [](BundleFiles& f) { Flip(f["leaves/1.salt"], 31); }},
      {"salt cut", "bad_salt", [](BundleFiles& f) { f["leaves/1.salt"].pop_back(); }},
      {"object changed", "commitment", [](BundleFiles& f) { Flip(f["leaves/1.object"], 20); }},
      {"object deleted", "missing_file", [](BundleFiles& f) { f.erase("leaves/1.object"); }},
      {"whole leaf swapped", "proof_index",
       [&](BundleFiles& f) {
         for (const char* part : {"leaf", "salt", "object", "tlog-proof"})
           f[LeafFile(1, part)] = other.at(LeafFile(0, part));
       }},
      {"proof's index changed", "proof_index", [](BundleFiles& f) { f["leaves/1.tlog-proof"][29] = '2'; }},
      {"proof's hash changed", "bad_inclusion", [](BundleFiles& f) { Turn(f["leaves/1.tlog-proof"][35], 'A', 'B'); }},
      {"proof with extra data", "proof_extra",
       [](BundleFiles& f) { f["leaves/1.tlog-proof"].insert(23, "extra eA==\n"); }},
      {"proof no proof", "bad_tlog_proof", [](BundleFiles& f) { f["leaves/1.tlog-proof"] = "x"; }},
      {"proof deleted", "missing_file", [](BundleFiles& f) { f.erase("leaves/1.tlog-proof"); }},
      {"proof under another head", "proof_checkpoint",
       [](BundleFiles& f) { Flip(f["leaves/1.tlog-proof"], f["leaves/1.tlog-proof"].size() - 3); }},
      {"checkpoint's root changed", "bad_note", [](BundleFiles& f) { f[kCheckpointFile][21] ^= 1; }},
      {"checkpoint unsigned", "bad_note", [](BundleFiles& f) { f[kCheckpointFile].resize(70); }},
      {"checkpoint deleted", "missing_file", [](BundleFiles& f) { f.erase(kCheckpointFile); }},
      {"README changed", "readme_changed", [](BundleFiles& f) { f[kReadmeFile] += "\n"; }},
      {"README deleted", "missing_file", [](BundleFiles& f) { f.erase(kReadmeFile); }},
      {"manifest deleted", "missing_file", [](BundleFiles& f) { f.erase(kManifestFile); }},
  };
  REQUIRE(FirstFaultHere(PutTogether(FilesOf(archive))) == "");
  for (const auto& c : cases) {
    INFO(std::string(c.name));
    BundleFiles files = FilesOf(archive);
    c.change(files);
    CHECK(FirstFaultHere(files.contains(kManifestFile) ? PutTogether(files) : *WriteZip(files)) ==
          std::string(c.fault));
  }
}

TEST_CASE("a manifest that lies is found and named") {
  Stored s;
  const std::string archive = s.Prove("1");
  const struct {
    const char* name;
    const char* fault;
    std::function<void(Json&)> change;
  } cases[] = {
      {"file not listed", "unlisted_file", [](Json& m) { m["files"].erase("leaves/1.salt"); }},
      {"listed file not there", "missing_file", [](Json& m) { m["files"]["leaves/9.leaf"] = std::string(64, '0'); }},
      {"digest changed", "file_digest", [](Json& m) { m["files"]["leaves/1.salt"] = std::string(64, '0'); }},
      {"subject of another leaf", "missing_file", [](Json& m) { m["subject"]["leaves"] = {0}; }},
      {"subject of one leaf more", "missing_file",
       [](Json& m) {
         m["subject"]["leaves"] = {0, 1};
       }},
      {"leaf twice", "bad_manifest",
       [](Json& m) {
         m["subject"]["leaves"] = {1, 1};
       }},
      {"no leaf", "bad_manifest", [](Json& m) { m["subject"]["leaves"] = Json::array(); }},
      {"negative leaf", "bad_manifest", [](Json& m) { m["subject"]["leaves"] = {-1}; }},
      {"unknown kind", "bad_manifest", [](Json& m) { m["subject"]["kind"] = "proof"; }},
      {"unknown key", "bad_manifest", [](Json& m) { m["note"] = "x"; }},
      {"other schema", "bad_manifest", [](Json& m) { m["schema"] = "minhchung/bundle@2"; }},
      {"no subject", "bad_manifest", [](Json& m) { m.erase("subject"); }},
      {"files no object", "bad_manifest", [](Json& m) { m["files"] = 1; }},
  };
  for (const auto& c : cases) {
    INFO(std::string(c.name));
    BundleFiles files = FilesOf(archive);
    Json manifest = *ParseJson(files[kManifestFile]);
    c.change(manifest);
    files[kManifestFile] = *CanonicalJson(manifest);
    CHECK(FirstFaultHere(*WriteZip(files)) == std::string(c.fault));
  }
  BundleFiles files = FilesOf(archive);
  files[kManifestFile] += " ";
  CHECK(FirstFaultHere(*WriteZip(files)) == "bad_manifest");
}

TEST_CASE("an archive of the same files in another form is found and named") {
  Stored s;
  const std::string archive = s.Prove("1");
  std::vector<ZipPart> parts;
  for (const auto& [name, content] : FilesOf(archive)) parts.push_back({name, content});
  auto packed = parts;
  packed[0].deflate = true;
  CHECK(FirstFaultHere(Zip(packed)) == "archive_form");
  auto swapped = parts;
  std::swap(swapped[0], swapped[1]);
  CHECK(FirstFaultHere(Zip(swapped)) == "archive_form");
  auto twice = parts;
  twice.push_back(parts[0]);
  CHECK(FirstFaultHere(Zip(twice)) == "duplicate_file");
  auto more = parts;
  more.push_back({"x", "x"});
  CHECK(FirstFaultHere(Zip(more)) == "unlisted_file");
}

TEST_CASE("evidence bundles do not take leaves of another record or kind") {
  Stored s;
  BundleFiles both = FilesOf(s.Prove("1"));
  both.merge(FilesOf(s.Prove("3")));
  Json manifest = *ParseJson(both[kManifestFile]);
  manifest["subject"]["leaves"] = {1, 3};
  both[kManifestFile] = *CanonicalJson(manifest);
  CHECK(FirstFaultHere(PutTogether(both)) == "other_record");
}

TEST_CASE("the README's Python and openssl lines check a bundle as printed") {
  Stored s;
  const std::string archive = s.Prove(IkHex(IkOf(RecordOf("1", "one, other bytes").key)));
  BundleFiles files = FilesOf(archive);
  CHECK(RunReadme(files, "python", kKey) == 0);
  CHECK(RunReadme(files, "sh", kKey) == 0);
  for (const std::string name :
       {"leaves/1.salt", "leaves/2.object", "leaves/2.leaf", "checkpoint", "leaves/1.tlog-proof"}) {
    CAPTURE(name);
    BundleFiles changed = files;
    Flip(changed[name], changed[name].size() / 2);
    Json manifest = *ParseJson(changed[kManifestFile]);
    manifest["files"][name] = ToHex(Sha256(changed[name]));
    changed[kManifestFile] = *CanonicalJson(manifest);
    CHECK(RunReadme(changed, "python", kKey) != 0);
  }
  BundleFiles signed_by_other = files;
  signed_by_other[kCheckpointFile].replace(18, 1, "9");
  CHECK(RunReadme(signed_by_other, "sh", kKey) != 0);
}
