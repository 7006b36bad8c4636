#include "gateway/sheet_reader.h"

#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/json.h"

namespace mc {

StorePool::Borrowed::~Borrowed() {
  if (!store_) return;  // moved from
  {
    const std::lock_guard lock(pool_->lock_);
    pool_->idle_.push_back(std::move(store_));
  }
  pool_->returned_.notify_one();
}

Result<StorePool::Borrowed> StorePool::Borrow() {
  std::unique_lock lock(lock_);
  returned_.wait(lock, [&] { return !idle_.empty() || made_ < most_; });
  if (!idle_.empty()) {
    Borrowed borrowed(*this, std::move(idle_.back()));
    idle_.pop_back();
    return borrowed;
  }
  ++made_;
  lock.unlock();
  auto opened = open_();
  if (opened.ok()) return Borrowed(*this, std::move(opened).value());
  lock.lock();
  --made_;
  lock.unlock();
  returned_.notify_one();
  return opened.error();
}

Status SheetReader::Refresh() {
  std::vector<SheetEdition> found;
  {
    MC_TRY(const StorePool::Borrowed store, stores_.Borrow());
    MC_TRY(found, store->SheetEditions());
  }
  const std::lock_guard lock(lock_);
  std::map<std::string, SheetEdition> editions;
  for (SheetEdition& edition : found) editions[edition.period] = std::move(edition);
  const auto is_old = [&](const std::string& period) {
    const auto now = editions.find(period);
    const auto before = editions_.find(period);
    return now == editions.end() || before == editions_.end() || now->second.edition != before->second.edition;
  };
  std::erase_if(held_, [&](const auto& entry) { return is_old(entry.first.first); });
  std::erase_if(counts_, [&](const auto& entry) { return is_old(entry.first); });
  if (held_.empty()) held_bytes_ = 0;
  editions_ = std::move(editions);
  return Ok();
}

std::vector<SheetEdition> SheetReader::Editions() const {
  const std::lock_guard lock(lock_);
  std::vector<SheetEdition> all;
  for (const auto& [ignored, edition] : editions_) all.push_back(edition);
  return all;
}

SheetRef SheetReader::Held(const Key& key) const {
  const std::lock_guard lock(lock_);
  const auto found = held_.find(key);
  return found == held_.end() ? nullptr : found->second;
}

std::int64_t SheetReader::EditionOf(const std::string& period) const {
  const std::lock_guard lock(lock_);
  const auto found = editions_.find(period);
  return found == editions_.end() ? 0 : found->second.edition;
}

// Not where a newer edition came while it was read.
void SheetReader::Hold(const Key& key, std::int64_t edition, SheetRef sheet) {
  const std::lock_guard lock(lock_);
  const auto now = editions_.find(key.first);
  if (now == editions_.end() || now->second.edition != edition) return;
  if (held_bytes_ > kSheetCacheBytes) {
    held_.clear();
    held_bytes_ = 0;
  }
  held_bytes_ += sheet->sheet.card.size() + sheet->sheet.brief.size() + 512;
  held_[key] = std::move(sheet);
}

Result<SheetRef> SheetReader::Find(const std::string& period, const std::string& person) {
  const Key key(period, person);
  if (SheetRef held = Held(key)) return held;
  const std::int64_t edition = EditionOf(period);
  if (edition == 0) return SheetRef();
  std::optional<StoredSheet> found;
  {
    MC_TRY(const StorePool::Borrowed store, stores_.Borrow());
    MC_TRY(found, store->FindSheet(period, person));
  }
  if (!found) return SheetRef();
  const Json brief = Json::parse(found->brief, nullptr, false);
  const auto lines = brief.is_object() ? brief.find("lines") : brief.end();
  found->explanation.clear();
  found->explanation.shrink_to_fit();
  auto sheet = std::make_shared<ReadSheet>();
  sheet->has_lines = lines != brief.end() && *lines != 0;
  sheet->etag = "\"" + ToHex(Sha256(found->card)).substr(0, 32) + "\"";
  sheet->sheet = std::move(*found);
  Hold(key, edition, sheet);
  return SheetRef(std::move(sheet));
}

Result<std::optional<StoredSheet>> SheetReader::Brief(const std::string& period, const std::string& person) {
  if (const SheetRef held = Held({period, person})) {
    const StoredSheet& sheet = held->sheet;
    return std::optional(StoredSheet{sheet.person, sheet.unit, sheet.status, sheet.brief, "", ""});
  }
  if (EditionOf(period) == 0) return std::optional<StoredSheet>();
  MC_TRY(const StorePool::Borrowed store, stores_.Borrow());
  return store->FindBrief(period, person);
}

Result<std::string> SheetReader::Explanation(const std::string& period, const StoredSheet& sheet) {
  MC_TRY(const StorePool::Borrowed store, stores_.Borrow());
  MC_TRY(std::optional<StoredSheet> found, store->FindSheet(period, sheet.person));
  return found && found->unit == sheet.unit ? std::move(found->explanation) : std::string();
}

Result<CountsRef> SheetReader::Counts(Store& store, const std::string& period) {
  const std::int64_t edition = EditionOf(period);
  {
    const std::lock_guard lock(lock_);
    if (const auto found = counts_.find(period); found != counts_.end()) return found->second;
  }
  MC_TRY(UnitCounts read, store.CountSheets(period));
  const auto counts = std::make_shared<const UnitCounts>(std::move(read));
  const std::lock_guard lock(lock_);
  const auto now = editions_.find(period);
  if (now != editions_.end() && now->second.edition == edition) counts_[period] = counts;
  return CountsRef(counts);
}

Result<std::string> SheetReader::LatestPeriodOf(const std::string& person) {
  constexpr std::size_t kMost = 12;
  const std::vector<SheetEdition> editions = Editions();
  std::size_t tried = 0;
  std::string bare;
  for (auto at = editions.rbegin(); at != editions.rend() && tried < kMost; ++at, ++tried) {
    MC_TRY(const SheetRef sheet, Find(at->period, person));
    if (sheet && sheet->has_lines) return at->period;
    if (sheet && bare.empty()) bare = at->period;
  }
  return bare;
}

Status SheetReader::Note(FileLook look) {
  const std::string same =
      look.viewer + "\n" + look.person + "\n" + look.what + "\n" + look.period + "\n" + look.detail;
  const Instant now = clock_.Now();
  look.at = now;
  {
    const std::lock_guard lock(looks_lock_);
    const auto found = looks_.find(same);
    // A clock that was set back is no reason to note nothing.
    const bool since = found != looks_.end() && now >= found->second;
    if (since && now.micros - found->second.micros < kSameLookMicros) return Ok();
  }
  {
    MC_TRY(const StorePool::Borrowed store, stores_.Borrow());
    MC_CHECK_OK(store->NoteLook(look));
  }
  const std::lock_guard lock(looks_lock_);
  if (looks_.size() >= kSameLooksMost) looks_.clear();
  looks_[same] = now;
  return Ok();
}

}  // namespace mc
