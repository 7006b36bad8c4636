// Goal: whatever byte, row or order is changed in the database, fsck finds it and says where.
// Method: one store with every kind of row; every column of every table that the database
// itself lists is changed in every row, rows are deleted, added and exchanged, pages of the
// file are overwritten. A new column is in the table by itself: it is either checked or
// stands in kUnchecked with its reason.
#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "core/json.h"
#include "storage/leaf.h"
#include "tests/storage/conformance_read_back.h"
#include "tests/storage/conformance_sessions.h"
#include "tests/storage/conformance_sheets.h"
#include "tests/storage/fake_witness.h"
#include "tests/storage/sqlite_harness.h"

using namespace mc;
using namespace mc::test;

namespace {

// Tables that hold no evidence and have no code: who collects now, who opened what, where a witness stands, who is
// about to sign in, who looked at whose file.
const std::set<std::string> kUnchecked{"leases",    "audit",           "source_status", "inbox",
                                       "witnesses", "session_logouts", "sign_ins",      "looks"};
// Of a session: what changes while it lasts, and by which a provider ends it; no code covers them.
const std::set<std::string> kUncheckedColumns{"sessions.seen_at", "sessions.version", "sessions.subject_tag",
                                              "sessions.session_tag"};
// A lost position is read again from the start, and every record of it is a duplicate; without its page a record is
// read back no more; without a session somebody signs in again.
const std::set<std::string> kMayBeDeleted{"cursors", "pages", "sessions"};

// Two people, in the order of the index.
PeriodLock LockOf(std::int64_t through) {
  PeriodLock lock;
  lock.key = std::string(kPeriodKeyBytes, 'k');
  lock.rules = "{}";
  std::vector<PeriodEntry> entries;
  for (const char* person : {"an", "em"}) {
    LockedEntry entry{{}, std::string(kSaltBytes, 's'), "", "{}", "{}"};
    entry.list = Must(PersonListText({person, "2026-06", {1}, Sha256("{}"), Sha256("{}")}));
    entry.entry = {PersonPseudonym(lock.key, person), Commit(entry.salt, entry.list)};
    lock.entries.push_back(entry);
  }
  std::sort(lock.entries.begin(), lock.entries.end(), [](const auto& a, const auto& b) { return a.entry < b.entry; });
  for (const LockedEntry& entry : lock.entries) entries.push_back(entry.entry);
  lock.index.period = "2026-06";
  lock.index.policy_id = "p";
  lock.index.through = through;
  lock.index.entries = 2;
  lock.index.root = PeriodRoot(entries);
  lock.index.key_digest = Sha256(lock.key);
  return lock;
}

// Evidence, a revision, a revert, a repeat, a rejection, one that left quarantine, a stub,
// receipts of each outcome, a decision, imports of each kind, a locked period, erased records of each fate, heads and
// leaves after the last one; a page that can be read again, and a read-back with each mark.
void Fill(StoreHarness& harness, Store& store) {
  Collecting first(store);
  first.Append({Task("T1", "open"), Task("T2", "open"), Task("T1", "done"), Task("T2", "open", "x"), Bad("T3", "?"),
                Bad("T4", "!"), Task("T5", "open", std::string(2'000, 'x'))},
               "page 1");
  first.receipt.control_total = 7;
  first.receipt.offered = 7;
  first.receipt.unread = 2;
  first.receipt.complete_through = Instant{9};
  first.End();
  Must(store.SignHead());
  harness.Tick();
  Collecting second(store);
  IngestItem readable = Task("T4", "open");
  readable.record = Bad("T4", "!").record;
  second.Append({Task("T1", "open"), readable, Bad("T2", "??")}, "page 2");
  second.receipt.error_code = "timeout";
  second.End(RunOutcome::kFailed);
  Must(store.DropQuarantined(IkOf(Bad("T3", "?").record.key), "an", "sent by mistake"));
  Must(store.ImportDirectory(Json{{"name", "a"}}));
  Must(store.ImportAssessments(Json{{"name", "b"}}));
  Must(store.ImportCatalogue(Json{{"name", "c"}}));
  Must(store.AppendLink(Json{{"name", "d"}}, -1));
  const LedgerHead head = Must(store.SignHead());
  Must(store.LockPeriod(LockOf(head.size)));
  Must(store.SignHead());
  const NoteSigner next{harness.signer.name, std::string(32, 'n')};
  Must(store.RotateLogKey(next));
  Must(store.SignHead());
  harness.former_signer = std::exchange(harness.signer, next);
  harness.Tick();
  Collecting erased(store);
  erased.Append({Task("T8", "open"), Task("T8", "done"), Task("T8", "done", "x"), Bad("T8", "?")});
  erased.End();
  Must(store.Erase({{IkOf(Task("T8", "open").record.key)}, ErasureReason::kOrder, "by order", "an", "bao"}));
  Must(store.WipeErased());
  Must(store.SignHead());
  harness.Tick();
  Collecting third(store);
  third.Append({Task("T6", "open"), Task("T7", "open")});
  third.receipt.lag_limit_minutes = 60;
  third.End(RunOutcome::kSaved);
  Collecting fourth(store);
  AppendPage(store, fourth, {Task("T9", "open"), Task("T10", "open")}, {"w"});
  fourth.End(RunOutcome::kReadBack);
  Must(store.AppendReadBack(ReadBackOf({{0, ReadBackVerdict::kGone}, {1, ReadBackVerdict::kDiffers}}, {3})));
  Must(store.AppendAccess({"00112233445566ff", Instant{1}, Instant{2}, {{"signed_in", "oidc", "", 1}}}));
  const ClientStep created{ClientStepKind::kCreated, "c0123456789abcdef", "source:pushed", Sha256("a"), 0, "an", {}};
  Must(store.AppendClientStep(created));
  Must(store.AppendClientStep({ClientStepKind::kRevoked, created.client, created.scope, std::nullopt, 0, "an", {}}));
  const SheetEdition scoring = ScoringOf("2026-06", Must(store.Head()).size);
  Must(KeepAll(store, scoring, {SheetOf("p-1", "u-1"), SheetOf("p-2", "u-2")}));
  Must(store.BeginSession(SessionNamed(harness, "live")));
  Must(store.CloseQualityDay(CivilDate{20'600}, {{"s", "H26.1", "2026-06", "clean", 2, 3}}));
}

std::vector<std::string> TablesOf(SQLite::Database& raw) {
  std::vector<std::string> tables;
  SQLite::Statement rows(raw, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
  while (rows.executeStep()) {
    if (!kUnchecked.contains(rows.getColumn(0).getString())) tables.push_back(rows.getColumn(0).getString());
  }
  return tables;
}

std::vector<std::string> ColumnsOf(SQLite::Database& raw, const std::string& table) {
  std::vector<std::string> columns;
  SQLite::Statement rows(raw, "PRAGMA table_info(" + table + ")");
  while (rows.executeStep()) columns.push_back(rows.getColumn(1).getString());
  return columns;
}

std::vector<std::int64_t> RowsOf(SQLite::Database& raw, const std::string& table) {
  std::vector<std::int64_t> ids;
  SQLite::Statement rows(raw, "SELECT rowid FROM " + table + " ORDER BY rowid");
  while (rows.executeStep()) ids.push_back(rows.getColumn(0).getInt64());
  return ids;
}

// Texts of which one must be in a fault's place: the row's record or its leaf. Empty for
// tables whose rows are of no single leaf.
std::vector<std::string> NamesOf(SQLite::Database& raw, const std::string& table, std::int64_t row) {
  static const std::set<std::string> kOfLeaves{"leaves",   "salts",      "records", "payloads",
                                               "evidence", "rejections", "imports"};
  if (table == "kept_sheets") {
    const auto person = raw.execAndGet("SELECT person FROM kept_sheets WHERE rowid = " + std::to_string(row));
    return {"sheet of " + person.getString() + ", ", "sheets of 2026-06"};
  }
  if (!kOfLeaves.contains(table)) return {};
  SQLite::Statement record(
      raw, "SELECT ik FROM records WHERE leaf_index = ?1 UNION SELECT ik FROM evidence WHERE leaf_index = ?1");
  record.bind(1, row);
  std::vector<std::string> names{"leaf " + std::to_string(row)};
  while (record.executeStep()) names.push_back(IkHex(record.getColumn(0).getInt64()));
  if (names.size() > 1) names.erase(names.begin());  // a record's row must be named by its record
  return names;
}

bool NamesOne(const FsckReport& report, const std::vector<std::string>& names) {
  for (const Fault& fault : report.faults) {
    for (const std::string& name : names) {
      if (fault.where.find(name) != std::string::npos) return true;
    }
  }
  return names.empty();
}

std::string Flipped(std::string text, std::size_t at) {
  if (text.empty()) return "x";
  text[at] = static_cast<char>(text[at] ^ 1);
  return text;
}

// SQL values that differ from this one a little: one flipped byte, or the next number.
std::vector<std::string> ChangesOf(SQLite::Database& raw, const std::string& table, const std::string& column,
                                   std::int64_t row) {
  SQLite::Statement read(raw, "SELECT typeof(" + column + "), " + column + " FROM " + table + " WHERE rowid = ?");
  read.bind(1, row);
  REQUIRE(read.executeStep());
  const std::string type = read.getColumn(0).getString();
  if (type == "null") return {"1"};
  if (type == "integer") return {std::to_string(read.getColumn(1).getInt64() + 1'000'000), "NULL"};
  const std::string bytes = read.getColumn(1).getString();
  std::vector<std::string> changes;
  for (const std::size_t at : std::set<std::size_t>{0, bytes.size() / 2, bytes.empty() ? 0 : bytes.size() - 1}) {
    changes.push_back((type == "text" ? "CAST(x'" : "(x'") + ToHex(Flipped(bytes, at)) +
                      (type == "text" ? "' AS TEXT)" : "')"));
  }
  return changes;
}

class Tampering {
 public:
  Tampering() {
    harness_.witnesses = {std::make_shared<FakeWitness>("witness.example")};
    store_ = harness_.Open();
    Fill(harness_, *store_);
    CheckClean(*store_);
    store_.reset();
    pristine_ = harness_.ReadFile();
    store_ = harness_.Open();
    raw_ = std::make_unique<SQLite::Database>(harness_.path(), SQLite::OPEN_READWRITE);
  }

  SQLite::Database& raw() { return *raw_; }

  // Applies the damage, asks for a fault at one of `names`, and takes the damage back.
  // False when the database itself does not allow it.
  bool Finds(const std::string& damage, const std::vector<std::string>& names) {
    try {
      raw_->exec(damage);
    } catch (const SQLite::Exception&) {
      return false;
    }
    const FsckReport report = Must(store_->Fsck({}));
    INFO(damage);
    INFO(Describe(report));
    CHECK_FALSE(report.faults.empty());
    CHECK(NamesOne(report, names));
    Restore();
    return true;
  }

 private:
  void Restore() {
    raw_.reset();
    store_.reset();
    harness_.WriteFile(pristine_);
    store_ = harness_.Open();
    raw_ = std::make_unique<SQLite::Database>(harness_.path(), SQLite::OPEN_READWRITE);
  }

  SqliteHarness harness_;
  std::unique_ptr<Store> store_;
  std::string pristine_;
  std::unique_ptr<SQLite::Database> raw_;
};

}  // namespace

TEST_CASE("fsck: finds a changed byte in every column of every row of every table") {
  Tampering tampering;
  int applied = 0;
  for (const std::string& table : TablesOf(tampering.raw())) {
    const std::vector<std::int64_t> rows = RowsOf(tampering.raw(), table);
    CAPTURE(table);
    CHECK_FALSE(rows.empty());  // a table without a row would be a table without a test
    for (const std::string& column : ColumnsOf(tampering.raw(), table)) {
      if (kUncheckedColumns.contains(table + "." + column)) continue;
      int of_column = 0;
      for (const std::int64_t row : rows) {
        const std::vector<std::string> names = NamesOf(tampering.raw(), table, row);
        for (const std::string& change : ChangesOf(tampering.raw(), table, column, row)) {
          std::vector<std::string> allowed = names;
          if (table + column == "kept_sheetsperson") allowed.push_back(", 2026-06");
          if (column == "ik") allowed.push_back(IkHex(std::strtoll(change.c_str(), nullptr, 10)));
          of_column += tampering.Finds(
              "UPDATE " + table + " SET " + column + " = " + change + " WHERE rowid = " + std::to_string(row), allowed);
        }
      }
      CAPTURE(column);
      CHECK(of_column > 0);
      applied += of_column;
    }
  }
  CHECK(applied > 500);
}

TEST_CASE("fsck: finds a cosignature that was changed, exchanged or put there by nobody known") {
  Tampering tampering;
  const std::string note = tampering.raw().execAndGet("SELECT note FROM heads ORDER BY size DESC LIMIT 1").getString();
  const std::string body(SplitNote(note)->text);
  const NoteSigner witness{"witness.example", std::string(32, 'w')};
  const NoteSigner stranger{"stranger.example", std::string(32, 's')};
  std::vector<std::string> changed{note + CosignNote(stranger, body, 1).line,
                                   note.substr(0, note.find(witness.name)) + "x" + note.substr(note.find(witness.name)),
                                   note + CosignNote(witness, "a\n1\nb\n", 1).line};
  for (const std::size_t from_end : {2, 20, 90, 120}) changed.push_back(Flipped(note, note.size() - from_end));
  for (const std::string& each : changed) {
    CAPTURE(each);
    CHECK(tampering.Finds(
        "UPDATE heads SET note = CAST(x'" + ToHex(each) + "' AS TEXT) WHERE size = (SELECT max(size) FROM heads)",
        {"checkpoint of size"}));
  }
}

TEST_CASE("fsck: finds a key of the log that no leaf states") {
  Tampering tampering;
  CHECK(tampering.Finds("INSERT INTO log_keys SELECT max(leaf_index), (SELECT max(key) FROM log_keys) FROM leaves",
                        {"log_keys"}));
}

TEST_CASE("fsck: finds a session that was brought back to life") {
  SqliteHarness harness;
  const auto store = harness.Open();
  Must(store->BeginSession(SessionNamed(harness, "a")));
  Must(store->EndSession(Sha256("a")));
  CheckClean(*store);
  SQLite::Database(harness.path(), SQLite::OPEN_READWRITE).exec("UPDATE sessions SET ended = 0");
  CHECK(Describe(Must(store->Fsck({}))).find("session of p-1") != std::string::npos);
}

TEST_CASE("fsck: finds every deleted row") {
  Tampering tampering;
  for (const std::string& table : TablesOf(tampering.raw())) {
    if (kMayBeDeleted.contains(table)) continue;
    for (const std::int64_t row : RowsOf(tampering.raw(), table)) {
      auto names = NamesOf(tampering.raw(), table, row);
      // With the row its record's key may be gone from the whole database.
      if (!names.empty()) names.push_back("leaf " + std::to_string(row));
      CHECK(tampering.Finds("DELETE FROM " + table + " WHERE rowid = " + std::to_string(row), names));
    }
  }
}

TEST_CASE("fsck: finds every added row") {
  Tampering tampering;
  // What has to differ for the row to be allowed by the unique indexes.
  const std::map<std::string, std::map<std::string, std::string>> overrides{
      {"records", {{"native_id", "native_id || 'x'"}}},
      {"evidence", {{"revision", "revision + 100"}}},
      {"runs", {{"leaf_index", "NULL"}}},
      {"decisions", {{"subject", "subject + 1"}}},
      {"periods", {{"period", "period || 'x'"}}},
      {"quality_days", {{"day", "day || 'x'"}}},
      {"meta", {{"name", "name || 'x'"}}},
      {"sessions", {{"version", "version + 1"}}},
      {"cursors", {{"stream", "stream || 'x'"}}},
      {"tiles", {{"tile_index", "tile_index + 1000000"}}}};
  for (const std::string& table : TablesOf(tampering.raw())) {
    for (const std::int64_t row : RowsOf(tampering.raw(), table)) {
      std::string columns, values;
      for (const std::string& column : ColumnsOf(tampering.raw(), table)) {
        const auto changes = overrides.find(table);
        const bool changed = changes != overrides.end() && changes->second.contains(column);
        const bool is_key = columns.empty() && !(changes != overrides.end() &&
                                                 (table == "meta" || table == "cursors" || table == "tiles"));
        columns += (columns.empty() ? "" : ", ") + column;
        values += (values.empty() ? "" : ", ") + (changed  ? changes->second.at(column)
                                                  : is_key ? column + " + 1000000"
                                                           : column);
      }
      CHECK(tampering.Finds("INSERT INTO " + table + " (" + columns + ") SELECT " + values + " FROM " + table +
                                " WHERE rowid = " + std::to_string(row),
                            {}));
    }
  }
}

TEST_CASE("fsck: finds any two rows that changed places") {
  Tampering tampering;
  for (const std::string table :
       {"leaves", "salts", "records", "payloads", "evidence", "rejections", "imports", "heads", "runs"}) {
    const std::vector<std::int64_t> rows = RowsOf(tampering.raw(), table);
    CAPTURE(table);
    REQUIRE(rows.size() >= 2);
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
      const auto move = [&](std::int64_t from, std::int64_t to) {
        return std::string("UPDATE ") + table + " SET rowid = " + std::to_string(to) +
               " WHERE rowid = " + std::to_string(from) + ";";
      };
      CHECK(tampering.Finds(move(rows[i], -5) + move(rows[i + 1], rows[i]) + move(-5, rows[i + 1]),
                            NamesOf(tampering.raw(), table, rows[i])));
    }
  }
}

TEST_CASE("fsck: finds a payload that was sealed again, and a tree that was made again without the key") {
  Tampering tampering;
  // Everything about the record is consistent but its own leaf: only the signed tree tells.
  CHECK(
      tampering.Finds("UPDATE leaves SET bytes = (SELECT bytes FROM leaves WHERE leaf_index = 1) WHERE leaf_index = 0;"
                      "UPDATE salts SET salt = (SELECT salt FROM salts WHERE leaf_index = 1) WHERE leaf_index = 0",
                      {"leaf 0", IkHex(IkOf(Task("T1", "open").record.key))}));
  CHECK(
      tampering.Finds("DELETE FROM heads WHERE size = (SELECT max(size) FROM heads);"
                      "UPDATE ledger SET heads = heads - 1",
                      {}));
}

TEST_CASE("fsck: finds a changed byte in tiles of both levels and names the leaf") {
  SqliteHarness harness;
  const auto store = harness.Open();
  Collecting run(*store);
  std::vector<IngestItem> many;
  for (int i = 0; i < 520; ++i) many.push_back(Task("T" + std::to_string(i), "open"));
  run.Append(many);
  run.End();
  CheckClean(*store);
  SQLite::Database raw(harness.path(), SQLite::OPEN_READWRITE);
  struct Case {
    int level, index, byte;
    std::string where;
  };
  for (const Case& c : {Case{0, 0, 32 * 7 + 31, "leaf 7,"}, Case{0, 1, 0, "leaf 256,"}, Case{0, 2, 32 * 8, "leaf 520"},
                        Case{1, 0, 40, "tile 1/0"}}) {
    const std::string where =
        " WHERE level = " + std::to_string(c.level) + " AND tile_index = " + std::to_string(c.index);
    std::string hashes = raw.execAndGet("SELECT hashes FROM tiles" + where).getString();
    const auto at = static_cast<std::size_t>(c.byte);
    raw.exec("UPDATE tiles SET hashes = x'" + ToHex(Flipped(hashes, at)) + "'" + where);
    const FsckReport report = Must(store->Fsck({}));
    INFO(Describe(report));
    CHECK(NamesOne(report, {c.where}));
    raw.exec("UPDATE tiles SET hashes = x'" + ToHex(hashes) + "'" + where);
  }
  CheckClean(*store);
}

TEST_CASE("fsck: finds a record that stands twice") {
  SqliteHarness harness;
  const auto store = harness.Open();
  Fill(harness, *store);
  SQLite::Database raw(harness.path(), SQLite::OPEN_READWRITE);
  raw.exec("CREATE TEMP TABLE one AS SELECT * FROM records LIMIT 1");
  raw.exec("UPDATE one SET leaf_index = 100000");
  raw.exec("INSERT INTO records SELECT * FROM one");
  const FsckReport report = Must(store->Fsck({}));
  INFO(Describe(report));
  const std::string record = IkHex(raw.execAndGet("SELECT ik FROM one").getInt64());
  CHECK(std::any_of(report.faults.begin(), report.faults.end(), [&](const Fault& fault) {
    return fault.what == "record_key" && fault.where.find(record) != std::string::npos;
  }));
}

namespace {

// Whether fsck names this detail, and where.
bool Tells(Store& store, const std::string& what, const std::string& where, const std::string& detail) {
  const FsckReport report = Must(store.Fsck({}));
  INFO(Describe(report));
  const bool found = std::any_of(report.faults.begin(), report.faults.end(), [&](const Fault& fault) {
    return fault.what == what && fault.where.find(where) != std::string::npos &&
           fault.detail.find(detail) != std::string::npos;
  });
  CHECK(found);
  return found;
}

// T1 in three revisions at leaves 0, 2, 3; T2 in one at leaf 1, T3 at leaf 4; the receipt is leaf 5.
struct Chains {
  SqliteHarness harness;
  std::unique_ptr<Store> store;
  std::unique_ptr<SQLite::Database> raw;
  const std::string t1_first = IkHex(IkOf(Task("T1", "a").record.key));
  const std::string t1_second = IkHex(IkOf(Task("T1", "b").record.key));
  const std::string t1_last = IkHex(IkOf(Task("T1", "c").record.key));
  const std::string t2 = IkHex(IkOf(Task("T2", "a").record.key));
  const std::string t3 = IkHex(IkOf(Task("T3", "a").record.key));

  explicit Chains(bool one_number = false) {
    if (one_number) harness.ik_of = [](const RecordKey&) { return std::int64_t{7}; };
    store = harness.Open();
    Collecting run(*store);
    run.Append({Task("T1", "a"), Task("T2", "a"), Task("T1", "b"), Task("T1", "c"), Task("T3", "a")});
    run.End();
    CheckClean(*store);
    raw = std::make_unique<SQLite::Database>(harness.path(), SQLite::OPEN_READWRITE);
  }
};

}  // namespace

TEST_CASE("fsck: names what is wrong in a chain of revisions") {
  const std::string exchange =
      "UPDATE evidence SET leaf_index = -1 WHERE leaf_index = 0; UPDATE evidence SET leaf_index = 0 WHERE leaf_index = "
      "2;"
      "UPDATE evidence SET leaf_index = 2 WHERE leaf_index = -1";
  const std::tuple<std::string, const std::string Chains::*, std::string> cases[] = {
      {"UPDATE evidence SET latest = 0 WHERE leaf_index = 3", &Chains::t1_last, "the last revision is not marked"},
      {"UPDATE evidence SET latest = 0 WHERE leaf_index = 1", &Chains::t2, "the last revision is not marked"},
      {"UPDATE evidence SET latest = 2 WHERE leaf_index = 1", &Chains::t2, "neither 0 nor 1"},
      {"UPDATE evidence SET latest = 1 WHERE leaf_index = 2", &Chains::t1_second, "a later revision stands"},
      {"DELETE FROM evidence WHERE leaf_index = 0", &Chains::t1_second, "a revision is missing before it"},
      {"DELETE FROM evidence WHERE leaf_index = 2", &Chains::t1_last, "a revision is missing before it"},
      {"UPDATE evidence SET revision = 2 WHERE leaf_index = 1", &Chains::t2, "a revision is missing before it"},
      {exchange, &Chains::t1_second, "its leaf is older"},
      // A leaf that is gone moves the others' places, not their indexes: T3 has the place of the receipt.
      {"DELETE FROM leaves WHERE leaf_index = 0; UPDATE evidence SET latest = 0 WHERE leaf_index = 4", &Chains::t3,
       "the last revision is not marked"},
  };
  for (const auto& [damage, record, detail] : cases) {
    CAPTURE(damage);
    Chains chains;
    chains.raw->exec(damage);
    CHECK(Tells(*chains.store, "revision", chains.*record, detail));
  }
}

TEST_CASE("a revision that states an older record is verified down to that one's bytes") {
  SqliteHarness harness;
  const auto store = harness.Open();
  Collecting first(*store);
  first.Append({Task("T1", "a"), Task("T1", "b")});
  first.End();
  Collecting second(*store);
  second.Append({Task("T1", "a")});  // the source went back: leaf 3 states the record of leaf 0
  second.End();
  Must(store->SignHead());
  const std::vector<EvidenceRef> back{{IkOf(Task("T1", "a").record.key), 3, "", ""}};
  CHECK(store->VerifyEvidence(back).ok());
  SQLite::Database(harness.path(), SQLite::OPEN_READWRITE).exec("DELETE FROM payloads WHERE leaf_index = 0");
  const auto verified = store->VerifyEvidence(back);
  CHECK((!verified.ok() && verified.error().code == "unverified_evidence"));
}

TEST_CASE("fsck: chains and records that meet in one number are told apart") {
  Chains chains(true);
  chains.raw->exec("UPDATE evidence SET latest = 0 WHERE leaf_index = 1");
  CHECK(Tells(*chains.store, "revision", IkHex(7), "the last revision is not marked"));
}

TEST_CASE("fsck: finds a row at a leaf of another kind, where none belongs") {
  for (const std::string table : {"records", "evidence", "payloads"}) {
    CAPTURE(table);
    Chains chains;
    chains.raw->exec("CREATE TEMP TABLE one AS SELECT * FROM " + table + " WHERE leaf_index = 1");
    chains.raw->exec("UPDATE one SET leaf_index = 5");  // the receipt's
    chains.raw->exec("INSERT INTO " + table + " SELECT * FROM one");
    CHECK(Tells(*chains.store, "orphan", table == "payloads" ? "leaf 5" : "table " + table, ""));
  }
}

TEST_CASE("fsck: names a row that stands at no leaf, before the first, between and behind the last") {
  for (const std::string table : {"records", "evidence", "payloads", "salts"}) {
    for (const char* leaf : {"-1", "6", "1000000"}) {
      CAPTURE(table);
      Chains chains;
      chains.raw->exec("CREATE TEMP TABLE one AS SELECT * FROM " + table + " WHERE leaf_index = 1");
      chains.raw->exec(std::string("UPDATE one SET leaf_index = ") + leaf);
      chains.raw->exec("INSERT INTO " + table + " SELECT * FROM one");
      CHECK(Tells(*chains.store, "orphan", "", std::string("stands at leaf ") + leaf));
    }
  }
}

TEST_CASE("fsck: a run's counts are those of the rows that it stored") {
  for (const char* counted : {"added", "revised"}) {
    Chains chains;
    chains.raw->exec(std::string("UPDATE runs SET fetched = fetched + 1, ") + counted + " = " + counted + " + 1");
    CHECK(Tells(*chains.store, "run_counts", "run ", "not those of what it stored"));
  }
  SqliteHarness harness;
  const auto store = harness.Open();
  Fill(harness, *store);
  SQLite::Database raw(harness.path(), SQLite::OPEN_READWRITE);
  raw.exec("UPDATE runs SET quarantined = quarantined - 1, duplicate = duplicate + 1 WHERE quarantined > 0");
  CHECK(Tells(*store, "run_counts", "run ", "not those of what it stored"));
}

TEST_CASE("fsck: a damaged file is a fault or an error of its own, never a crash, and never goes unseen") {
  SqliteHarness harness;
  {
    const auto store = harness.Open();
    Fill(harness, *store);
  }
  const std::string pristine = harness.ReadFile();
  const auto header = [&](std::size_t at) -> std::size_t { return static_cast<unsigned char>(pristine[at]); };
  const std::size_t page_bytes = header(16) * 256 + header(17);  // as the file says
  int found = 0;
  const std::size_t pages = pristine.size() / page_bytes;
  for (std::size_t page = 0; page < pages; ++page) {
    std::string damaged = pristine;
    // The page's own header: type, first free block, number of cells.
    for (std::size_t i = 0; i < 8; ++i) damaged[page * page_bytes + (page == 0 ? 100 : 0) + i] ^= '\x55';
    harness.WriteFile(damaged);
    const auto store = OpenSqliteStore(harness.Settings());
    if (!store.ok()) {
      CHECK(store.error().error_class == ErrorClass::kInternal);
      ++found;
      continue;
    }
    const auto report = (*store)->Fsck({});
    if (!report.ok() || !report->faults.empty()) ++found;
  }
  CHECK(found == static_cast<int>(pages));
  harness.WriteFile(pristine.substr(0, pristine.size() - page_bytes));
  const auto shorter = OpenSqliteStore(harness.Settings());
  if (shorter.ok()) {
    const auto report = (*shorter)->Fsck({});
    CHECK((!report.ok() || !report->faults.empty()));
  }
}

TEST_CASE("fsck: a report holds so many faults and says that there are more") {
  SqliteHarness harness;
  const auto store = harness.Open();
  Collecting run(*store);
  std::vector<IngestItem> many;
  for (int i = 0; i < 1'200; ++i) many.push_back(Task("T" + std::to_string(i), "open"));
  run.Append(many);
  SQLite::Database(harness.path(), SQLite::OPEN_READWRITE).exec("UPDATE salts SET salt = zeroblob(32)");
  const FsckReport report = Must(store->Fsck({}));
  CHECK(report.faults.size() == 1'001);
  CHECK(report.faults.back().what == "more");
}
