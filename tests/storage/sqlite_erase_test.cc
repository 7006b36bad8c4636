// Goal: what was erased is nowhere in the engine's files, and fsck tells an erasure from damage.
// Method: a store of several pages in which rows move between pages, two erasures one after the other, and
// every file read byte for byte; then rows taken out, put back and marked behind the engine's back.
#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "storage/leaf.h"
#include "tests/storage/conformance_erasure.h"
#include "tests/storage/sqlite_harness.h"

using namespace mc;
using namespace mc::test;

namespace {

// All bytes of all files beside the store's, the write-ahead log among them.
std::string AllBytes(const SqliteHarness& harness) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(harness.path()).parent_path())) {
    std::ifstream in(entry.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  return all;
}

std::int64_t Occurrences(const std::string& bytes, const std::string& of) {
  std::int64_t count = 0;
  for (auto at = bytes.find(of); at != std::string::npos; at = bytes.find(of, at + 1)) ++count;
  return count;
}

std::string BigEndian(std::int64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(static_cast<std::uint64_t>(number) >> shift);
  return bytes;
}

std::string NameOf(int person) { return "Nguyen Van " + std::string(1, static_cast<char>('A' + person)) + " 0123"; }

IngestItem TaskOf(int person, int i) {
  IngestItem item = Task("task/" + NameOf(person) + "/" + std::to_string(i), "open", std::string(300, 'x'));
  std::get<Evidence>(item.outcome).lead.label = NameOf(person);
  item.record.facts = {{"asked_for", NameOf(person)}};
  return item;
}

// What a person's rows hold that nobody else's do: in clear, and the secrets that open what is sealed.
std::vector<std::string> TracesOf(SQLite::Database& raw, int person) {
  std::vector<std::string> traces{NameOf(person)};
  SQLite::Statement row(raw,
                        "SELECT p.wrapped_key, substr(p.box, 1, 24), s.salt, r.ik, r.digest FROM records r "
                        "JOIN payloads p USING (leaf_index) JOIN salts s USING (leaf_index) WHERE r.native_id LIKE ?");
  row.bind(1, "%" + NameOf(person) + "%");
  while (row.executeStep()) {
    for (const int column : {0, 1, 2, 4}) traces.push_back(row.getColumn(column).getString());
    traces.push_back(BigEndian(row.getColumn(3).getInt64()));
  }
  return traces;
}

std::int64_t FoundOf(const std::vector<std::string>& traces, const std::string& bytes) {
  return std::count_if(traces.begin(), traces.end(), [&](const auto& t) { return bytes.find(t) != std::string::npos; });
}

bool Has(const FsckReport& report, const std::string& what, const std::string& where) {
  return std::any_of(report.faults.begin(), report.faults.end(), [&](const Fault& fault) {
    return fault.what == what && fault.where.find(where) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("erase: nothing of the erased stays in the file, its free pages or the log") {
  SqliteHarness harness;
  const auto store = harness.Open();
  Collecting run(*store);
  constexpr int kPeople = 5, kTasks = 80;
  for (int i = 0; i < kTasks; ++i) {  // interleaved, so that every page holds rows of all of them
    std::vector<IngestItem> items;
    for (int person = 0; person < kPeople; ++person) items.push_back(TaskOf(person, i));
    items.push_back(Bad("bad/" + NameOf(i % kPeople) + "/" + std::to_string(i), "?" + std::to_string(i)));
    run.Append(items);
  }
  run.End();
  for (int i = 0; i < kTasks; ++i) {
    Must(store->OpenRecord(IkOfItem(TaskOf(0, i)), "explain " + NameOf(0)));
  }
  SQLite::Database raw(harness.path(), SQLite::OPEN_READONLY);
  std::vector<std::vector<std::string>> traces;
  for (int person = 0; person < kPeople; ++person) traces.push_back(TracesOf(raw, person));
  CHECK(traces[0].size() > 400);
  // One after the other: the first erasure moves rows of the second person between pages.
  for (const int person : {0, 3, 1}) {
    std::vector<std::int64_t> records;
    for (int i = 0; i < kTasks; ++i) {
      records.push_back(IkOfItem(TaskOf(person, i)));
      if (i % kPeople == person) {
        records.push_back(IkOfItem(Bad("bad/" + NameOf(person) + "/" + std::to_string(i), "?" + std::to_string(i))));
      }
    }
    const auto& of_person = traces[static_cast<std::size_t>(person)];
    CHECK(FoundOf(of_person, AllBytes(harness)) == static_cast<std::int64_t>(of_person.size()));
    Must(store->Erase(OrderFor(records)));
    Must(store->WipeErased());
    CHECK(FoundOf(of_person, AllBytes(harness)) == 0);
    CheckClean(*store);
  }
  for (const int person : {2, 4}) {
    const auto& of_person = traces[static_cast<std::size_t>(person)];
    CHECK(FoundOf(of_person, AllBytes(harness)) == static_cast<std::int64_t>(of_person.size()));
  }
  CHECK(Occurrences(AllBytes(harness), "asked on paper") == 0);  // who ordered it and why is sealed
  CHECK(AllEvidence(*store).size() == 2 * kTasks);
}

TEST_CASE("erase: while somebody reads, the log cannot be cut off; nothing is lost, and it is done later") {
  SqliteHarness harness;
  const auto store = harness.Open();
  Collecting run(*store);
  FillForErasure(run);
  run.End();
  SQLite::Database raw(harness.path(), SQLite::OPEN_READONLY);
  {
    SQLite::Transaction reader(raw);
    raw.execAndGet("SELECT count(*) FROM leaves");
    Must(store->Erase(OrderFor({IkOfItem(Task("T1", "open"))})));
    const Status wiped = store->WipeErased();
    REQUIRE_FALSE(wiped.ok());
    CHECK(wiped.error().code == "erased_not_wiped");
    CHECK(wiped.error().error_class == ErrorClass::kTransient);
    CHECK(AllBytes(harness).find("\"native_id\":\"T1\"") != std::string::npos);
  }
  Must(store->WipeErased());
  CHECK(AllBytes(harness).find("\"native_id\":\"T1\"") == std::string::npos);
  CheckClean(*store);
}

TEST_CASE("erase: a store that was open meanwhile goes on, and knows what was erased") {
  SqliteHarness harness;
  const auto store = harness.Open(), other = harness.Open();
  Collecting run(*other);
  FillForErasure(run);
  Must(store->Erase(OrderFor({IkOfItem(Task("T1", "open"))})));
  Must(store->WipeErased());
  CHECK(run.Append({Task("T1", "open"), Task("T1", "done", "z"), Task("T2", "done")}) == BatchCounts{3, 0, 1, 2, 0});
  run.End();
  CHECK(other->OpenRecord(IkOfItem(Task("T1", "open")), "test").error().code == "record_erased");
  CheckClean(*other);
  CheckClean(*store);
}

TEST_CASE("fsck: an erasure is clean, bytes that are gone without one are damage, and bytes that are back are named") {
  SqliteHarness harness;
  const auto store = harness.Open();
  Collecting run(*store);
  FillForErasure(run);
  run.End();
  SQLite::Database raw(harness.path(), SQLite::OPEN_READWRITE);
  // Gone without an erasure.
  raw.exec("CREATE TEMP TABLE kept AS SELECT * FROM payloads WHERE leaf_index = 1");
  raw.exec("DELETE FROM payloads WHERE leaf_index = 1");
  const std::string other = IkHex(IkOfItem(Task("T2", "open")));
  CHECK(Has(Must(store->Fsck({})), "payload_missing", other));
  raw.exec("INSERT INTO payloads SELECT * FROM kept");
  // Gone whole, and marked as erased by a leaf that says no such thing.
  raw.exec("CREATE TEMP TABLE row AS SELECT * FROM salts WHERE leaf_index = 1; DELETE FROM salts WHERE leaf_index = 1");
  CHECK(Has(Must(store->Fsck({})), "salt", other));
  raw.exec("INSERT INTO salts SELECT * FROM row");
  CheckClean(*store);
  for (const char* table : {"payloads", "evidence", "records", "salts"}) {
    raw.exec(std::string("CREATE TEMP TABLE t1_") + table + " AS SELECT * FROM " + table + " WHERE leaf_index = 0");
  }
  raw.exec("CREATE TEMP TABLE t1_rejections AS SELECT * FROM rejections WHERE leaf_index = 4");
  const Erasure erased = Must(store->Erase(OrderFor({IkOfItem(Task("T1", "open"))})));
  CheckClean(*store);
  // A note of who looked that names the record again.
  Must(store->NoteLook({"p-1", "head", Instant{1}, "record", "2026-06", ""}));
  raw.exec("UPDATE looks SET detail = '" + IkHex(IkOfItem(Task("T1", "open"))) + "'");
  CHECK(Has(Must(store->Fsck({})), "erasure_undone", "leaf 0"));
  raw.exec("UPDATE looks SET detail = '" + other + "'");
  CheckClean(*store);
  // Back again, one table at a time.
  for (const char* table : {"payloads", "evidence", "records", "salts", "rejections"}) {
    CAPTURE(table);
    raw.exec(std::string("INSERT INTO ") + table + " SELECT * FROM temp.t1_" + table);
    const FsckReport report = Must(store->Fsck({}));
    CHECK(Has(report, "erasure_undone", std::string(table) == "rejections" ? "leaf 4" : "leaf 0"));
    raw.exec(std::string("DELETE FROM ") + table + " WHERE leaf_index IN (SELECT leaf_index FROM temp.t1_" + table +
             ")");
    CheckClean(*store);
  }
  // The mark is gone: the leaf that says so still stands.
  raw.exec(
      "CREATE TEMP TABLE mark AS SELECT * FROM erased WHERE leaf_index = 0; DELETE FROM erased WHERE leaf_index = 0");
  CHECK(Has(Must(store->Fsck({})), "erasure_undone", "leaf 0"));
  raw.exec("INSERT INTO erased SELECT * FROM mark");
  // Marked as erased, and deleted as if it had been: no leaf says so.
  raw.exec("INSERT INTO erased SELECT 1, erasure, run, counted, record_tag, key_tag, statement_tag FROM mark");
  for (const char* table : {"payloads", "evidence", "records", "salts"}) {
    raw.exec(std::string("DELETE FROM ") + table + " WHERE leaf_index = 1");
  }
  const FsckReport forged = Must(store->Fsck({}));
  INFO(Describe(forged));
  CHECK(Has(forged, "erasure", "leaf " + std::to_string(erased.leaf)));
  raw.exec("UPDATE erased SET erasure = 6 WHERE leaf_index = 1");
  CHECK(Has(Must(store->Fsck({})), "erasure_missing", "leaf 1"));
}
