// Goal: read-back calls each record what it is, keeps what it found with a leaf, and takes nothing away.
// Method: a source made by hand whose windows and whose pulls show different things, one difference per case.
#include "gateway/read_back.h"

#include <nlohmann/json.hpp>
#include <set>

#include "gateway_support.h"

using namespace mc;
using namespace mc::test;

namespace {

struct TaskState {
  std::string text;    // "id:status"
  std::string window;  // in which it is offered; empty: nowhere
  bool pulled = true;  // an ordinary pull brings it
};

// Rows in windows; each window is read in pages of two.
class Register final : public Connector {
 public:
  explicit Register(Manifest manifest) : manifest_(std::move(manifest)) {}
  std::vector<TaskState> rows;
  std::set<std::string> torn;            // windows of which not all is offered
  std::map<std::string, Error> failing;  // windows
  std::optional<Error> pull_fails;
  std::vector<SourceRecord> unreadable;  // in each window
  std::vector<std::string> asked;        // windows, one for each request
  int pulls = 0;
  std::function<void()> before_pull = [] {};

  const Manifest& manifest() const override { return manifest_; }
  Status Check() override { return Ok(); }
  std::vector<std::string> Streams() const override { return {"all"}; }

  Result<Page> Pull(const std::string&, const std::optional<Cursor>& cursor) override {
    ++pulls;
    if (pull_fails) return *pull_fails;
    before_pull();
    // A page for each window, as a pull that reads it whole would hand it over.
    std::set<std::string> windows;
    for (const TaskState& row : rows) windows.insert(row.window);
    windows.insert("empty");
    const std::size_t at = cursor && !cursor->text.ends_with("!") ? std::stoul(cursor->text) : 0;
    const std::string window = *std::next(windows.begin(), static_cast<std::ptrdiff_t>(at));
    Page page;
    for (const TaskState& row : rows) {
      if (row.window == window && row.pulled) page.records.push_back(RecordOf(row.text));
    }
    page.windows = {window};
    page.end = at + 1 == windows.size();
    page.next = Cursor{page.end ? "!" : std::to_string(at + 1)};
    return page;
  }

  Result<Page> ReadAgain(const std::string&, const std::string& window, const std::vector<RecordAsk>&,
                         const std::optional<Cursor>& at) override {
    asked.push_back(window);
    if (failing.contains(window)) return failing.at(window);
    Page page;
    std::size_t skip = at ? std::stoul(at->text) : 0;
    page.next = Cursor{std::to_string(skip + 2)};
    for (const TaskState& row : rows) {
      if (row.window != window) continue;
      if (skip > 0) {
        --skip;
      } else if (page.records.size() < 2) {
        page.records.push_back(RecordOf(row.text));
      } else {
        return page;
      }
    }
    for (const SourceRecord& bad : unreadable) page.unreadable.push_back({bad, {"bad_json", "", "", "it is cut"}});
    page.end = true;
    if (!torn.contains(window)) page.complete_through = Instant{1};
    return page;
  }

  SourceRecord RecordOf(const std::string& text) const {
    SourceRecord record;
    record.key = {manifest_.register_id, text.substr(0, text.find(':')), Sha256(text)};
    record.source = manifest_.id;
    record.stream = "all";
    record.media_type = "application/json";
    record.bytes = text;
    return record;
  }

 private:
  Manifest manifest_;
};

// States what stands before "#": bytes behind it change nothing.
class StatusMapper final : public Mapper {
 public:
  std::variant<Evidence, RejectionReason> Map(const SourceRecord& record) const override {
    auto outcome = lines_.Map(record);
    if (auto* evidence = std::get_if<Evidence>(&outcome)) {
      evidence->status = record.bytes.substr(0, record.bytes.find('#'));
    }
    return outcome;
  }
  const std::string& version() const override { return lines_.version(); }

 private:
  LineMapper lines_;
};

struct ReadBackBench {
  TempDir dir;
  ManualClock clock{Instant{1'780'000'000'000'000}};
  std::unique_ptr<Store> store = OpenTestStore(dir, clock);
  StatusMapper mapper;
  Manifest manifest = TestManifest();
  RunContext context{*store, clock, manifest, mapper, "here", 60, {}};
  Register source{manifest};

  // Five records in two windows, pulled.
  ReadBackBench() {
    source.rows = {{"1:open", "a"}, {"2:open", "a"}, {"3:open", "a"}, {"4:open", "b"}, {"5:open", "b"}};
    REQUIRE_FALSE(PullSource(context, source).error);
    source.pulls = 0;
  }
  ReadBackResult Read(ReadBackLimits limits = {}) {
    clock.Set(Instant{clock.Now().micros + kMicrosPerSecond});
    return ReadBackSource(context, source, limits);
  }
  std::vector<EvidenceRevision> Evidence() {
    std::vector<EvidenceRevision> all;
    REQUIRE(store
                ->ScanEvidence([&](const EvidenceRevision& r) {
                  all.push_back(r);
                  return Ok();
                })
                .ok());
    return all;
  }
  std::int64_t IkOfText(const std::string& text) { return IkOf(source.RecordOf(text).key); }
  std::map<std::int64_t, RecordMark> Marks() { return store->ReadBackMarks().value(); }
  void CheckSound() { CHECK(store->Fsck({}).value().faults.empty()); }
  std::optional<Cursor> Position() { return store->CursorFor("reports", "all").value(); }
};

ReadBackCounts Counts(const ReadBackResult& result) { return result.read_back.counts; }

}  // namespace

TEST_CASE("read-back: what is as it was matches, and nothing is pulled for it") {
  ReadBackBench b;
  const auto position = b.Position();
  const ReadBackResult result = b.Read();
  REQUIRE_FALSE(result.error);
  CHECK(Counts(result) == ReadBackCounts{5, 0, 0, 0, 0});
  CHECK(result.read_back.contradicted.empty());
  CHECK(b.source.pulls == 0);
  CHECK(b.Position() == position);
  CHECK(b.source.asked == std::vector<std::string>{"a", "a", "b"});  // each window once, page by page
  CHECK(b.store->OpenLeaf(result.leaf).value().object == *ReadBackObject(result.read_back));
  b.CheckSound();
}

TEST_CASE("read-back: a record that is offered no more is gone, stays, is marked, and returns") {
  ReadBackBench b;
  const TaskState hidden = b.source.rows[1];
  b.source.rows.erase(b.source.rows.begin() + 1);
  const auto before = b.Evidence();
  const ReadBackResult result = b.Read();
  REQUIRE_FALSE(result.error);
  CHECK(Counts(result) == ReadBackCounts{4, 0, 0, 1, 0});
  REQUIRE(result.read_back.contradicted.size() == 1);
  CHECK(result.read_back.contradicted[0].leaf == before[1].leaf_index);
  CHECK(b.source.pulls > 0);  // it could have moved to another window
  const auto after = b.Evidence();
  REQUIRE(after.size() == before.size());
  CHECK(after[1].latest);
  REQUIRE(b.Marks().contains(b.IkOfText("2:open")));
  CHECK(b.Marks()[b.IkOfText("2:open")].verdict == ReadBackVerdict::kGone);
  CHECK(b.Marks()[b.IkOfText("2:open")].at == result.read_back.ended_at);

  SUBCASE("still gone: it is asked for again, and counted only where it was chosen") {
    const ReadBackResult again = b.Read({.records = 1, .age_days = 31});
    CHECK(Counts(again).Checked() == 1);
    CHECK(again.read_back.returned.empty());
    CHECK(b.Marks().contains(b.IkOfText("2:open")));
  }
  SUBCASE("back again, outside of the sample") {
    b.source.rows.push_back(hidden);
    b.clock.Set(Instant{b.clock.Now().micros + 40 * kMicrosPerDay});
    const ReadBackResult again = b.Read();
    CHECK(Counts(again) == ReadBackCounts{});  // all are too old to be chosen
    CHECK(again.read_back.returned == std::vector<std::int64_t>{before[1].leaf_index});
    CHECK_FALSE(b.Marks().contains(b.IkOfText("2:open")));
  }
  SUBCASE("back again in another window") {
    b.source.rows.push_back({hidden.text, "c"});
    const ReadBackResult again = b.Read();
    CHECK(Counts(again) == ReadBackCounts{5, 0, 0, 0, 0});
    CHECK(again.read_back.returned == std::vector<std::int64_t>{before[1].leaf_index});
    CHECK(b.Marks().empty());
  }
  b.CheckSound();
}

TEST_CASE("read-back: a change that a pull tells is revised, one that none tells differs") {
  ReadBackBench b;
  b.source.rows[0].text = "1:done";
  b.source.rows[3].text = "4:done";
  b.source.rows[3].pulled = false;
  const auto before = b.Evidence();
  const ReadBackResult result = b.Read();
  REQUIRE_FALSE(result.error);
  CHECK(Counts(result) == ReadBackCounts{3, 1, 1, 0, 0});
  REQUIRE(result.read_back.contradicted.size() == 1);
  CHECK(result.read_back.contradicted[0] == Contradiction{before[3].leaf_index, ReadBackVerdict::kDiffers});
  CHECK(result.taken == BatchCounts{1, 0, 1, 0, 0});
  const auto after = b.Evidence();
  REQUIRE(after.size() == 7);
  CHECK_FALSE(after[0].latest);
  CHECK_FALSE(after[3].latest);
  CHECK(after[6].evidence.status == "4:done");
  CHECK(after[6].latest);
  CHECK(after[6].leaf_index < b.Marks()[b.IkOfText("4:open")].read_back);
  const ReadBackResult again = b.Read();  // what was taken in is now what we hold
  CHECK(Counts(again) == ReadBackCounts{5, 0, 0, 0, 0});
  CHECK(b.store->Totals().value().front().last_run->outcome == RunOutcome::kComplete);
  b.CheckSound();
}

TEST_CASE("read-back: a record that moved on to another window is no fault") {
  ReadBackBench b;
  b.source.rows[1].window = "c";
  b.source.rows[2] = {"3:done", "c"};
  const ReadBackResult result = b.Read();
  CHECK(Counts(result) == ReadBackCounts{4, 1, 0, 0, 0});
  CHECK(b.Marks().empty());
}

TEST_CASE("read-back: other bytes that state the same match") {
  ReadBackBench b;
  b.source.rows[1] = {"2:open", "a"};
  b.source.rows[1].text = "2:open#seen 7 times";
  b.source.rows[1].pulled = false;
  const std::size_t before = b.Evidence().size();
  CHECK(Counts(b.Read()) == ReadBackCounts{5, 0, 0, 0, 0});
  CHECK(b.source.pulls == 0);
  CHECK(b.Evidence().size() == before);
}

TEST_CASE("read-back: what can no longer be read as evidence differs, and lies in quarantine") {
  ReadBackBench b;
  b.source.rows[1].pulled = false;
  SourceRecord bad = b.source.RecordOf("bad");
  class Spoilt final : public Connector {
   public:
    explicit Spoilt(Register& inner) : inner_(inner) {}
    const Manifest& manifest() const override { return inner_.manifest(); }
    Status Check() override { return Ok(); }
    std::vector<std::string> Streams() const override { return inner_.Streams(); }
    Result<Page> Pull(const std::string& stream, const std::optional<Cursor>& cursor) override {
      return inner_.Pull(stream, cursor);
    }
    Result<Page> ReadAgain(const std::string& stream, const std::string& window, const std::vector<RecordAsk>& asked,
                           const std::optional<Cursor>& at) override {
      auto page = inner_.ReadAgain(stream, window, asked, at);
      for (SourceRecord& record : page->records) {
        if (record.bytes != "2:open") continue;
        record.bytes = "bad";
        record.key.digest = Sha256("bad");
      }
      return page;
    }

   private:
    Register& inner_;
  } spoilt(b.source);
  const ReadBackResult result = ReadBackSource(b.context, spoilt, {});
  CHECK(Counts(result) == ReadBackCounts{4, 0, 1, 0, 0});
  CHECK(result.taken == BatchCounts{1, 0, 0, 0, 1});
  CHECK(b.store->ListQuarantine().value().size() == 1);
  b.CheckSound();
}

TEST_CASE("read-back: what could not be asked is unknown, never gone and never a match") {
  ReadBackBench b;
  b.source.rows.erase(b.source.rows.begin() + 1);
  SUBCASE("a window of which the source itself says that something is missing") { b.source.torn = {"a"}; }
  SUBCASE("a row that cannot be read and was not like that before") {
    b.source.unreadable = {b.source.RecordOf("2:op")};
  }
  const ReadBackResult result = b.Read();
  REQUIRE_FALSE(result.error);
  CHECK(Counts(result) == ReadBackCounts{4, 0, 0, 0, 1});
  CHECK(b.Marks().empty());
}

TEST_CASE("read-back: a window that this source is asked for no more is unknown, and stops nothing") {
  ReadBackBench b;
  b.source.failing.emplace("a", DataError("window_moved", "it is gone"));
  const ReadBackResult result = b.Read();
  CHECK_FALSE(result.error);
  CHECK(Counts(result) == ReadBackCounts{2, 0, 0, 0, 3});
  CHECK(b.Marks().empty());
}

// Else one broken row in a window would hide whatever goes missing there.
TEST_CASE("read-back: a row that lay in quarantine before hides nothing") {
  ReadBackBench b;
  b.source.rows.push_back({"bad", "b"});
  REQUIRE_FALSE(PullSource(b.context, b.source).error);
  b.source.rows.pop_back();
  b.source.unreadable = {b.source.RecordOf("bad")};
  b.source.rows.erase(b.source.rows.begin() + 1);
  CHECK(Counts(b.Read()) == ReadBackCounts{4, 0, 0, 1, 0});
}

TEST_CASE("read-back: a source that fails leaves a result that says so") {
  ReadBackBench b;
  b.source.rows.erase(b.source.rows.begin() + 1);
  const std::int64_t leaves = b.store->Head().value().size;
  SUBCASE("while its windows are read") {
    b.source.failing.emplace("b", TransientError("timeout", "it does not answer"));
    const ReadBackResult result = b.Read();
    REQUIRE(result.error);
    CHECK(result.error->code == "timeout");
    CHECK(result.read_back.error_code == "timeout");
    // What window a showed was seen; what is missing there may stand where nobody looked.
    CHECK(Counts(result) == ReadBackCounts{2, 0, 0, 0, 3});
    CHECK(result.leaf == leaves);
  }
  SUBCASE("in the pull that tells what was told") {
    b.source.pull_fails = TransientError("timeout", "it does not answer");
    const ReadBackResult result = b.Read();
    REQUIRE(result.error);
    CHECK(Counts(result) == ReadBackCounts{4, 0, 0, 0, 1});
    CHECK(result.leaf > leaves);
  }
  SUBCASE("because the program ends") {
    b.context.stopped = [] { return true; };
    const ReadBackResult result = b.Read();
    REQUIRE(result.error);
    CHECK(result.error->code == "interrupted");
    CHECK(Counts(result) == ReadBackCounts{0, 0, 0, 0, 5});
  }
  CHECK(b.Marks().empty());
  CHECK(b.store->ListReadBacks("reports").value().size() == 1);
  b.CheckSound();
}

TEST_CASE("read-back: the sample is no larger and no older than the settings say") {
  ReadBackBench b;
  CHECK(Counts(b.Read({.records = 2, .age_days = 31})).Checked() == 2);
  CHECK(Counts(b.Read({.records = 0, .age_days = 31})).Checked() == 0);
  b.clock.Set(Instant{1'780'000'000'000'000 + 31 * kMicrosPerDay - kMicrosPerSecond});
  CHECK(Counts(b.Read()).Checked() == 5);  // 31 days old to the second
  CHECK(Counts(b.Read()).Checked() == 0);
}

TEST_CASE("read-back: an inbox is not asked, and nothing is said of it") {
  ReadBackBench b;
  b.manifest.kind = ConnectorKind::kInbox;
  const std::int64_t leaves = b.store->Head().value().size;
  const ReadBackResult result = b.Read();
  CHECK_FALSE(result.asked);
  CHECK(result.leaf == -1);
  CHECK(b.store->Head().value().size == leaves);
  CHECK(ReadBackToJson(result)["read_back"].is_null());
}
