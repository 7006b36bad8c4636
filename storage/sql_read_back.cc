// Read-back: which records may be asked for again, and what came of it.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "core/json.h"
#include "storage/sql_store.h"
#include "storage/quality_sums.h"

// That of the marks `m` which no later one of the same record replaced.
#define MC_LAST_MARK                                    \
  "NOT EXISTS (SELECT 1 FROM read_back_marks n WHERE n.record_leaf = m.record_leaf AND n.leaf_index > m.leaf_index)"

namespace mc {
namespace {

constexpr std::int64_t kDrawsPerRecord = 50;  // leaves looked at for one that may be chosen, on average, at most

// In [0, below). The bias is below 2^-20 for any log that fits on a disk.
std::int64_t DrawBelow(RandomSource& random, std::int64_t below) {
  std::uint64_t number = 0;
  for (const char byte : random.Bytes(sizeof number)) number = number << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(number % static_cast<std::uint64_t>(below));
}

// The numbers [0, count) in random order, one after the other: Fisher and Yates, keeping only what was moved.
class Shuffle {
 public:
  Shuffle(RandomSource& random, std::int64_t count) : random_(random), left_(count) {}

  std::optional<std::int64_t> Next() {
    if (left_ == 0) return std::nullopt;
    const std::int64_t drawn = DrawBelow(random_, left_);
    const std::int64_t number = At(drawn);
    moved_[drawn] = At(--left_);
    return number;
  }

 private:
  std::int64_t At(std::int64_t place) const {
    const auto found = moved_.find(place);
    return found == moved_.end() ? place : found->second;
  }

  RandomSource& random_;
  std::int64_t left_;
  std::unordered_map<std::int64_t, std::int64_t> moved_;
};

// Leaves of several pages as one row of numbers.
class PagedLeaves {
 public:
  explicit PagedLeaves(const std::vector<PageRow>& pages) : pages_(pages) {
    for (const PageRow& page : pages) ends_.push_back(count() + page.last - page.first + 1);
  }
  std::int64_t count() const { return ends_.empty() ? 0 : ends_.back(); }
  std::pair<std::int64_t, const PageRow*> At(std::int64_t number) const {
    const auto end = std::upper_bound(ends_.begin(), ends_.end(), number);
    const PageRow& page = pages_[static_cast<std::size_t>(end - ends_.begin())];
    return {page.last - (*end - 1 - number), &page};
  }

 private:
  const std::vector<PageRow>& pages_;
  std::vector<std::int64_t> ends_;
};

Result<std::vector<std::string>> WindowsFrom(const std::string& text) {
  const auto json = ParseJson(text);
  std::vector<std::string> windows;
  if (!json.ok() || !json->is_array()) return InternalError("store_page", "a row of pages was changed; run fsck");
  for (const Json& window : *json) {
    if (!window.is_string()) return InternalError("store_page", "a row of pages was changed; run fsck");
    windows.push_back(window.get<std::string>());
  }
  return windows;
}

ReadBackVerdict VerdictFrom(const std::string& mark) {
  return mark == Name(ReadBackVerdict::kGone) ? ReadBackVerdict::kGone : ReadBackVerdict::kDiffers;
}

PageRow PageFrom(const Query& row) {
  return {row.GetInt(0), row.GetInt(1), row.GetText(2), row.GetText(3), row.GetText(4), Instant{row.GetInt(5)}};
}

}  // namespace

// Leaves of one batch stand side by side: it is one transaction.
void SqlStore::KeepPage(const IngestBatch& batch, std::int64_t first, std::int64_t last) {
  if (batch.windows.empty() || last < first) return;
  const PageRow page{first, last, batch.source, batch.stream, Json(batch.windows).dump(), settings_.clock.Now()};
  const std::string check = PageCheck(page);
  Query(sql_["INSERT INTO pages (leaf_index, last, source, stream, windows, recorded_at, check_code) "
             "VALUES (?, ?, ?, ?, ?, ?, ?)"])
      .Int(page.first)
      .Int(page.last)
      .Text(page.source)
      .Text(page.stream)
      .Text(page.windows)
      .Int(page.recorded_at.micros)
      .Blob(check)
      .Run();
}

std::string SqlStore::PageCheck(const PageRow& page) const {
  std::string row = "page|" + std::to_string(page.first) + "|" + std::to_string(page.last) + "|" +
                    std::to_string(page.recorded_at.micros);
  for (const std::string* part : {&page.source, &page.stream, &page.windows}) {
    row += "|" + std::to_string(part->size()) + "|" + *part;
  }
  return std::string(AsBytes(HmacSha256(settings_.sealing_key, row)));
}

std::vector<PageRow> SqlStore::PagesOf(const std::string& source, Instant since) {
  std::vector<PageRow> pages;
  Query row(
      sql_["SELECT leaf_index, last, source, stream, windows, recorded_at FROM pages "
           "WHERE source = ? AND recorded_at >= ? ORDER BY recorded_at, leaf_index"]);
  row.Text(source).Int(since.micros);
  while (row.Step()) pages.push_back(PageFrom(row));
  return pages;
}

// The record of that leaf, where it is what source and stream said last of its native id. A later one that only
// says the same in other bytes replaces nothing: both are held for one statement.
std::optional<SampledRecord> SqlStore::SampledAt(std::int64_t leaf, const std::vector<std::string>& windows) {
  const std::optional<RecordRow> record = ReadRecord(leaf);
  if (!record) return std::nullopt;
  const RecordKey& key = record->envelope.key;
  const std::int64_t chain = ChainFor(key);
  Query row(
      sql_["SELECT leaf_index, record_leaf, statement FROM evidence WHERE chain = ? AND register_id = ? AND "
           "native_id = ? AND source = ? AND stream = ? ORDER BY revision DESC LIMIT 1"]);
  row.Int(chain).Text(key.register_id).Text(key.native_id);
  row.Text(record->envelope.source).Text(record->envelope.stream);
  if (!row.Step()) return std::nullopt;
  if (row.GetInt(1) != leaf && record->repeats != row.GetInt(0)) return std::nullopt;
  const auto facts = FactsFromText(record->envelope.facts);
  if (!facts.ok()) return std::nullopt;  // fsck names it
  return SampledRecord{leaf, record->ik, key, record->envelope.stream, *facts, row.GetText(2), windows};
}

Result<std::vector<SampledRecord>> SqlStore::SampleRecords(const std::string& source, Instant since,
                                                              std::int64_t most) {
  return Guarded([&]() -> Result<std::vector<SampledRecord>> {
    const SqlTransaction one_moment(*db_, SqlTransaction::kRead);
    const std::vector<PageRow> pages = PagesOf(source, since);
    const PagedLeaves leaves(pages);
    Shuffle shuffle(settings_.random, leaves.count());
    std::vector<SampledRecord> chosen;
    for (std::int64_t draws = most * kDrawsPerRecord; draws > 0; --draws) {
      if (static_cast<std::int64_t>(chosen.size()) == most) break;
      const auto number = shuffle.Next();
      if (!number) break;
      const auto [leaf, page] = leaves.At(*number);
      MC_TRY(const std::vector<std::string> windows, WindowsFrom(page->windows));
      if (auto record = SampledAt(leaf, windows)) chosen.push_back(std::move(*record));
    }
    return chosen;
  });
}

Result<std::vector<SampledRecord>> SqlStore::GoneRecords(const std::string& source, std::int64_t most) {
  return Guarded([&]() -> Result<std::vector<SampledRecord>> {
    const SqlTransaction one_moment(*db_, SqlTransaction::kRead);
    std::vector<SampledRecord> gone;
    Query row(
        sql_["SELECT p.windows, m.record_leaf FROM read_back_marks m "
             "JOIN read_backs b ON b.leaf_index = m.leaf_index AND b.source = ? "
             "JOIN pages p ON p.leaf_index = (SELECT max(leaf_index) FROM pages WHERE leaf_index <= m.record_leaf) "
             "WHERE m.verdict = 'gone' AND " MC_LAST_MARK " "
             "ORDER BY m.leaf_index, m.record_leaf"]);
    row.Text(source);
    while (static_cast<std::int64_t>(gone.size()) < most && row.Step()) {
      MC_TRY(const std::vector<std::string> windows, WindowsFrom(row.GetText(0)));
      if (auto record = SampledAt(row.GetInt(1), windows)) gone.push_back(std::move(*record));
    }
    return gone;
  });
}

Result<std::int64_t> SqlStore::AppendReadBack(const ReadBack& read_back) {
  MC_TRY(const std::string object, ReadBackObject(read_back));
  return Guarded([&]() -> Result<std::int64_t> {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    MC_TRY(Ledger ledger, OpenLedger());
    MC_TRY(const std::int64_t leaf, AddLeaf(ledger, LeafKind::kReadBack, settings_.clock.Now(), object));
    MC_CHECK_OK(CloseLedger(ledger));
    Query(sql_["INSERT INTO read_backs (leaf_index, source, object) VALUES (?, ?, ?)"])
        .Int(leaf)
        .Text(read_back.source)
        .Text(object)
        .Run();
    const auto mark = [&](std::int64_t record, const std::string& verdict) {
      Query(sql_["INSERT INTO read_back_marks (record_leaf, leaf_index, verdict) VALUES (?, ?, ?)"])
          .Int(record)
          .Int(leaf)
          .Text(verdict)
          .Run();
    };
    for (const Contradiction& c : read_back.contradicted) mark(c.leaf, std::string(Name(c.verdict)));
    for (const std::int64_t record : read_back.returned) mark(record, "returned");
    MC_CHECK_OK(CountReadBacks());
    transaction.Commit();
    return leaf;
  });
}

Result<std::vector<StoredReadBack>> SqlStore::ListReadBacks(const std::string& source) {
  return Guarded([&]() -> Result<std::vector<StoredReadBack>> {
    std::vector<StoredReadBack> all;
    Query row(sql_["SELECT leaf_index, object FROM read_backs WHERE source = ?1 OR ?1 = '' ORDER BY leaf_index"]);
    row.Text(source);
    while (row.Step()) {
      auto read_back = ReadBackFromObject(row.GetText(1));
      if (!read_back.ok()) return InternalError("store_read_back", "a stored read-back was changed; run fsck");
      all.push_back({row.GetInt(0), std::move(read_back).value()});
    }
    return all;
  });
}

Result<std::vector<ReadBack>> SqlStore::LastReadBacks() {
  return Guarded([&]() -> Result<std::vector<ReadBack>> { return LastOfEachSource(); });
}

Result<std::vector<ReadBack>> SqlStore::LastOfEachSource() {
  std::vector<ReadBack> last;
  Query row(
      sql_["SELECT object FROM read_backs WHERE leaf_index IN "
           "(SELECT max(leaf_index) FROM read_backs GROUP BY source) ORDER BY source"]);
  while (row.Step()) {
    auto read_back = ReadBackFromObject(row.GetText(0));
    if (!read_back.ok()) return InternalError("store_read_back", "a stored read-back was changed; run fsck");
    last.push_back(std::move(read_back).value());
  }
  return last;
}

// The newest mark of each record; that it came back takes the mark away.
Result<std::map<std::int64_t, RecordMark>> SqlStore::ReadBackMarks() {
  MC_TRY(const std::vector<StoredReadBack> all, ListReadBacks(""));
  std::map<std::int64_t, Instant> ended;
  for (const StoredReadBack& each : all) ended[each.leaf] = each.read_back.ended_at;
  return Guarded([&]() -> Result<std::map<std::int64_t, RecordMark>> {
    std::map<std::int64_t, RecordMark> marks;
    Query row(
        sql_["SELECT r.ik, m.verdict, m.leaf_index FROM read_back_marks m "
             "JOIN records r ON r.leaf_index = m.record_leaf "
             "WHERE m.verdict <> 'returned' AND " MC_LAST_MARK " ORDER BY m.leaf_index"]);
    while (row.Step()) {
      marks[row.GetInt(0)] = {VerdictFrom(row.GetText(1)), ended[row.GetInt(2)], row.GetInt(2)};
    }
    return marks;
  });
}

Result<std::vector<ContradictedRecord>> SqlStore::ListContradicted() {
  return Guarded([&]() -> Result<std::vector<ContradictedRecord>> {
    const SqlTransaction one_moment(*db_, SqlTransaction::kRead);
    return Contradicted();
  });
}

// Each where it counts itself; what was erased since counts nowhere.
std::vector<ContradictedRecord> SqlStore::Contradicted() {
  std::vector<ContradictedRecord> all;
  Query row(
      sql_["SELECT m.record_leaf, m.verdict FROM read_back_marks m WHERE m.verdict <> 'returned' AND " MC_LAST_MARK
           " ORDER BY m.record_leaf"]);
  while (row.Step()) {
    const std::optional<RecordRow> record = ReadRecord(row.GetInt(0));
    const auto cell = record ? CorrectCell(*record) : std::nullopt;
    if (!cell) continue;
    all.push_back({record->ik, cell->source, record->envelope.key.native_id, cell->unit, cell->period,
                   VerdictFrom(row.GetText(1))});
  }
  return all;
}

Result<std::optional<Instant>> SqlStore::ReadBackSince(const std::string& source) {
  return Guarded([&]() -> Result<std::optional<Instant>> {
    const SqlTransaction one_moment(*db_, SqlTransaction::kRead);
    Query last(sql_["SELECT object FROM read_backs WHERE source = ? ORDER BY leaf_index DESC LIMIT 1"]);
    last.Text(source);
    if (last.Step()) {
      const auto read_back = ReadBackFromObject(last.GetText(0));
      if (!read_back.ok()) return InternalError("store_read_back", "a stored read-back was changed; run fsck");
      return std::optional(read_back->ended_at);
    }
    Query first(sql_["SELECT min(recorded_at) FROM pages WHERE source = ?"]);
    first.Text(source);
    first.Step();
    const auto at = first.GetOptionalInt(0);
    return at ? std::optional(Instant{*at}) : std::nullopt;
  });
}

std::optional<std::string> SqlStore::ReadBackObjectAt(std::int64_t leaf) {
  Query row(sql_["SELECT object FROM read_backs WHERE leaf_index = ?"]);
  if (!row.Int(leaf).Step()) return std::nullopt;
  return row.GetText(0);
}

// Every source's last read-back as a whole, and each record that is contradicted still, where it counts itself. So a
// record that is found wrong twice lacks once.
Result<std::vector<QualityCell>> SqlStore::ReadBackCells() {
  QualitySums sums;
  const std::string name(measure::kReadBack);
  MC_TRY(const std::vector<ReadBack> last, LastOfEachSource());
  for (const ReadBack& one : last) {
    const std::int64_t same = one.counts.match + one.counts.revised;
    sums.Add({one.source, "", "", name, same, same});
  }
  for (const ContradictedRecord& one : Contradicted()) {
    sums.Add({one.source, one.unit_named, one.period, name, 0, 1});
  }
  return sums.Cells();
}

// Inside of a transaction of the caller's.
Status SqlStore::CountReadBacks() {
  MC_TRY(const std::vector<QualityCell> cells, ReadBackCells());
  db_->Execute("DELETE FROM quality_state WHERE measure = 'read_back'");
  AddQuality(cells);
  return Ok();
}

}  // namespace mc
