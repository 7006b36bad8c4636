// Goal: an operator who locks a period dishonestly, with every digest, root and signature right, is found out: by
// verify where the score is not that of its inputs, by fsck --index where the lists are not what is attributed. And
// every kind of byte of a score's bundle, changed, is found and named.
// Method: an honest lock, opened; its entries edited, committed to anew and locked into a second store of the same
// exports, as only the operator can. Then an honest bundle, with and without erased leaves, byte by byte.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "gateway/bundle_score.h"
#include "gateway/installation.h"
#include "locked_support.h"
#include "scoring/score_json.h"
#include "scoring/sheet_case.h"
#include "storage/period_index.h"

using namespace mc;
using namespace mc::test;

namespace {

std::unique_ptr<Store> StoreOf(const Collected& installation) {
  auto loaded = Installation::Load(installation.dir / "gateway.jsonc");
  REQUIRE_MESSAGE(loaded.ok(), (loaded.ok() ? "" : loaded.error().message));
  auto store = loaded->OpenStore();
  REQUIRE_MESSAGE(store.ok(), (store.ok() ? "" : store.error().message));
  return std::move(*store);
}

// One entry, as its maker has it in hand.
struct Entry {
  SheetCase sheet;
  Json card;
};

void CommitAnew(LockedEntry& entry, const Entry& made) {
  PersonList list = *ParsePersonList(entry.list);
  entry.case_text = *SheetCaseText(made.sheet);
  entry.score_text = *CanonicalJson(made.card);
  list.leaves = LeavesUsed(made.sheet);
  list.case_digest = Sha256(entry.case_text);
  list.score_digest = Sha256(entry.score_text);
  entry.list = *PersonListText(list);
  entry.entry.commitment = Commit(entry.salt, entry.list);
}

using Edit = std::function<void(const std::string& person, Entry& entry)>;
using EditAll = std::function<void(PeriodLock& lock)>;

// The honest lock of one store, edited, as the lock of another store of the same exports.
struct Dishonest {
  Collected store;
  Locked honest;

  void Lock(const Edit& edit, const EditAll& edit_all = {}) {
    const auto from = StoreOf(honest);
    const LockedPeriod locked = **from->FindPeriod("2026-06");
    PeriodLock lock{locked.index, locked.key, locked.rules, {}};
    const auto listed = from->PeriodEntries(locked.leaf);
    for (const PeriodEntry& each : *listed) {
      LockedEntry entry = *from->OpenEntry(locked, each.pseudonym);
      Entry made{*ParseSheetCase(entry.case_text), *ParseJson(entry.score_text)};
      edit(made.sheet.subject.id, made);
      CommitAnew(entry, made);
      lock.entries.push_back(std::move(entry));
    }
    if (edit_all) edit_all(lock);
    std::vector<PeriodEntry> entries;
    for (const LockedEntry& entry : lock.entries) entries.push_back(entry.entry);
    lock.index.entries = static_cast<std::int64_t>(entries.size());
    lock.index.root = PeriodRoot(entries);
    const auto into = StoreOf(store);
    const auto done = into->LockPeriod(lock);
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
    REQUIRE(into->SignHead().ok());
  }
  // What the two checks of the store say: codes of `fsck`, then of `fsck --index`.
  std::string Fsck(const std::string& how) {
    std::set<std::string> codes;
    const Json report = *ParseJson(RunBinary(store.dir, "--json fsck" + how).out);
    for (const Json& fault : report["faults"]) codes.insert(fault["what"].get<std::string>());
    std::string text;
    for (const std::string& code : codes) text += code + " ";
    return text;
  }
  // "" when a bundle of this person is made and verifies.
  std::string Prove(const std::string& person) {
    const Ran ran = RunBinary(store.dir, "prove score " + person + " --period 2026-06 --out x.zip");
    return ran.code == 0 ? "" : ran.err;
  }
};

Json CardOf(const Dishonest& dishonest, const SheetCase& sheet) {
  const LockedPeriod locked = **StoreOf(dishonest.honest)->FindPeriod("2026-06");
  return CardToJson(Score(*ParsePolicy(ParseJson(locked.rules)->at("policy")), sheet.subject));
}

void Nothing(const std::string&, Entry&) {}

}  // namespace

TEST_CASE("a dishonest lock: an honest one, made this way, is right") {
  Dishonest d;
  d.Lock(Nothing);
  CHECK(d.Fsck("") == "");
  CHECK(d.Fsck(" --index") == "");
  CHECK(d.Prove("an") == "");
}

TEST_CASE("a dishonest lock: a line left out with its score, or a leaf slipped in, is named by fsck --index alone") {
  Dishonest out, in;
  out.Lock([&](const std::string& person, Entry& entry) {
    if (person != "an") return;
    entry.sheet.subject.lines.pop_back();
    entry.sheet.sources.pop_back();
    entry.card = CardOf(out, entry.sheet);
  });
  CHECK(out.Fsck("") == "");
  CHECK(out.Prove("an") == "");  // step 1 holds: exactly the list that was committed to
  CHECK(out.Fsck(" --index") == "index_left_out ");
  in.Lock([&](const std::string& person, Entry& entry) {
    if (person == "bao") entry.sheet.beside.push_back({"task:x", "held", {1}});
  });
  CHECK(in.Fsck("") == "");
  CHECK(in.Prove("bao") == "");
  CHECK(in.Fsck(" --index") == "index_slipped_in ");
}

TEST_CASE("a dishonest lock: an edited score, an edited input and a raised coefficient are named by verify") {
  Dishonest score, input, coefficient;
  score.Lock([](const std::string&, Entry& entry) { entry.card["results_points"] = "70.00"; });
  CHECK(score.Fsck("") == "");
  CHECK(score.Prove("an").find("score.json") != std::string::npos);
  input.Lock([](const std::string& person, Entry& entry) {
    if (person == "an") entry.sheet.subject.lines[1].late = 0;
  });
  CHECK(input.Prove("an").find("score.json") != std::string::npos);
  coefficient.Lock([&](const std::string& person, Entry& entry) {
    if (person != "an") return;
    entry.sheet.subject.lines[0].coefficient += Ratio(1);
    entry.card = CardOf(coefficient, entry.sheet);
  });
  CHECK(coefficient.Prove("an").find("coefficient") != std::string::npos);
}

TEST_CASE("a dishonest lock: somebody without an entry, and an entry of nobody, are named by fsck --index") {
  Dishonest missing, twice;
  missing.Lock(Nothing, [](PeriodLock& lock) {
    std::erase_if(lock.entries, [](const LockedEntry& e) { return ParsePersonList(e.list)->person == "bao"; });
  });
  CHECK(missing.Fsck("") == "");
  CHECK(missing.Fsck(" --index") == "index_entry ");
  twice.Lock(Nothing, [](PeriodLock& lock) {
    LockedEntry second = lock.entries.front();
    PersonList list = *ParsePersonList(second.list);
    list.person = "ghost";
    second.list = *PersonListText(list);
    second.entry = {PersonPseudonym(lock.key, "ghost"), Commit(second.salt, second.list)};
    lock.entries.push_back(second);
    std::sort(lock.entries.begin(), lock.entries.end(), [](const auto& a, const auto& b) { return a.entry < b.entry; });
  });
  CHECK(twice.Fsck("") == "");
  CHECK(twice.Fsck(" --index") == "index_entry ");
}

namespace {

// "leaf", "tlog-proof", "payload", "case.json": what a file of a bundle is.
std::string ClassOf(const std::string& name) {
  if (name.starts_with("payloads/")) return "payload";
  if (name.starts_with("leaves/")) return name.substr(name.find('.') + 1);
  return name;
}

std::string FaultOf(const std::string& archive, const std::string& key) { return FirstFault(archive, key); }

// The first and the last file of each class: first, middle and last byte, as a stranger's disk would change them,
// and as a forger who makes manifest and archive anew. Returns how many classes there were.
std::size_t ChangeEachClass(const std::string& archive, const std::string& key) {
  const BundleFiles files = FilesOf(archive);
  std::map<std::string, std::set<std::string>> classes;
  for (const auto& [name, content] : files) classes[ClassOf(name)].insert(name);
  for (const auto& [kind, names] : classes) {
    for (const std::string& name : {*names.begin(), *names.rbegin()}) {
      const std::size_t size = files.at(name).size();
      for (const std::size_t at : {std::size_t{0}, size / 2, size - 1}) {
        INFO(name << ", byte " << at << " of " << size);
        BundleFiles changed = files;
        Flip(changed[name], at);
        CHECK(FaultOf(*WriteZip(changed), key) != "");
        CHECK(FaultOf(kind == kManifestFile ? *WriteZip(changed) : PutTogether(changed), key) != "");
      }
    }
  }
  return classes.size();
}

// Every byte that is no file's content: local headers, central directory, end record.
void ChangeBetweenFiles(const std::string& archive, const std::string& key) {
  std::vector<bool> content(archive.size());
  for (const auto& [name, bytes] : FilesOf(archive)) {
    const auto at = archive.find(name + bytes);  // stored: behind the name in its local header
    REQUIRE(at != std::string::npos);
    for (std::size_t i = 0; i < bytes.size(); ++i) content[at + name.size() + i] = true;
  }
  std::size_t changed_bytes = 0;
  // One in seven: 7 divides no field's length, so that every field of every header is met.
  for (std::size_t at = 0, seen = 0; at < archive.size(); ++at) {
    if (content[at] || seen++ % 7 != 0) continue;
    std::string changed = archive;
    Flip(changed, at);
    ++changed_bytes;
    CHECK_MESSAGE(FaultOf(changed, key) != "", "byte " << at << " of " << archive.size());
  }
  CHECK(changed_bytes > 300);
}

}  // namespace

TEST_CASE("a score's bundle: every class of its bytes, changed, is found and named") {
  Locked locked;
  const std::string archive = locked.Prove("an");
  REQUIRE(FirstFault(archive, locked.key) == "");
  CHECK(ChangeEachClass(archive, locked.key) == 15);
  ChangeBetweenFiles(archive, locked.key);
}

TEST_CASE("a score's bundle with erased leaves: every class of its bytes, changed, is found and named") {
  Locked locked;
  locked.Must("erase an --category order --reason r --requested-by bao --approved-by em --confirm");
  const std::string archive = locked.Prove("an");
  REQUIRE(FirstFault(archive, locked.key) == "");
  CHECK(ChangeEachClass(archive, locked.key) == 14);  // no payload
  // Two erasures: one that names no leaf of the bundle, and a record of which not every leaf was erased.
  locked.Must("prove evidence 1 --out one.zip");
  BundleFiles one = FilesOf(ReadWhole(locked.dir / "one.zip"));
  CHECK(ParseJson(one[kManifestFile])->at("erasures").size() == 1);
}
