// What every engine of the store must do for read-back: choosing at random, keeping results. Part of
// ConformanceCases() of store_conformance.h.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "storage/leaf.h"
#include "tests/storage/store_harness.h"

namespace mc::test {

inline BatchCounts AppendPage(Store& store, Collecting& run, std::vector<IngestItem> items,
                              std::vector<std::string> windows) {
  IngestBatch batch = run.Batch(std::move(items));
  batch.windows = std::move(windows);
  const BatchCounts counts = Must(store.AppendBatch(batch));
  run.receipt.counts += counts;
  return counts;
}

inline std::vector<SampledRecord> SampleOf(Store& store, std::int64_t most, Instant since = Instant{0}) {
  return Must(store.SampleRecords("hanoiwork", since, most));
}

inline std::string IdsOf(const std::vector<SampledRecord>& records) {
  std::multiset<std::string> ids;
  for (const SampledRecord& record : records) ids.insert(record.key.native_id);
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : " ") + id;
  return text;
}

inline ReadBack ReadBackOf(std::vector<Contradiction> contradicted, std::vector<std::int64_t> returned = {}) {
  ReadBack read_back;
  read_back.source = "hanoiwork";
  read_back.started_at = Instant{1};
  read_back.ended_at = Instant{2};
  for (const Contradiction& c : contradicted) {
    ++(c.verdict == ReadBackVerdict::kGone ? read_back.counts.gone : read_back.counts.differs);
  }
  read_back.contradicted = std::move(contradicted);
  read_back.returned = std::move(returned);
  return read_back;
}

// Only what a source said last, was read, is held and says where it stood.
inline void OnlyTheLastWordIsChosen(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  AppendPage(*store, run, {Task("T1", "open"), Task("T2", "open"), Bad("T3", "?"), Task("T4", "open")}, {"w1"});
  run.Append({Task("T9", "open")});  // nowhere to be read again
  harness.Tick();
  const Instant second = harness.clock.Now();
  AppendPage(*store, run, {Task("T1", "done"), Task("T2", "open", "other bytes")}, {"w2", "w3"});
  AppendPage(*store, run, {Task("T1", "done")}, {"w4"});  // a duplicate keeps its place
  AppendPage(*store, run, {Task("T1", "seen", "", "others")}, {"w5"});
  // T2 stands twice: both byte forms are held for one statement.
  const auto all = SampleOf(*store, 100);
  CHECK(IdsOf(all) == "T1 T1 T2 T2 T4");
  for (const SampledRecord& record : all) {
    const bool others = record.stream == "others";
    if (record.key.native_id == "T1") {
      CHECK(record.windows == (others ? std::vector<std::string>{"w5"} : std::vector<std::string>{"w2", "w3"}));
      CHECK(record.key.digest == Sha256(others ? "T1|seen|" : "T1|done|"));
    }
    CHECK(record.facts == std::map<std::string, std::string>{{"asked", "H26.1"}});
    CHECK(record.ik == IkOf(record.key));
    const auto leaves = Must(store->LeavesOfRecord(record.ik));  // with the one that it repeats
    CHECK(std::find(leaves.begin(), leaves.end(), record.leaf) != leaves.end());
  }
  CHECK(IdsOf(SampleOf(*store, 100, second)) == "T1 T1 T2");
  CHECK(SampleOf(*store, 100, Instant{second.micros + 1}).empty());
  CHECK(Must(store->SampleRecords("documents", Instant{0}, 100)).empty());
  run.End();
  Must(store->Erase({{IkOf(Task("T4", "open").record.key)}, ErasureReason::kOrder, "by order", "an", "bao"}));
  CHECK(IdsOf(SampleOf(*store, 100)) == "T1 T1 T2 T2");
  CheckClean(*store);
}

// Each record as often as any other, whatever page it came with.
inline void TheSampleIsUniform(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  std::int64_t number = 0;
  for (const int rows : {1, 4, 15}) {
    std::vector<IngestItem> items;
    for (int i = 0; i < rows; ++i) items.push_back(Task("T" + std::to_string(++number), "open"));
    AppendPage(*store, run, std::move(items), {"w" + std::to_string(rows)});
  }
  std::map<std::string, int> chosen;
  constexpr int kDraws = 2'000;
  for (int i = 0; i < kDraws; ++i) {
    const auto sample = SampleOf(*store, 5);
    REQUIRE(sample.size() == 5);
    std::set<std::int64_t> leaves;
    for (const SampledRecord& record : sample) {
      leaves.insert(record.leaf);
      ++chosen[record.key.native_id];
    }
    REQUIRE(leaves.size() == 5);  // none twice
  }
  REQUIRE(chosen.size() == 20);
  // Expected 500 each, standard deviation 19.4; the seed is fixed.
  for (const auto& [id, times] : chosen) CHECK((times > 400 && times < 600));
  CHECK(SampleOf(*store, 0).empty());
  CHECK(SampleOf(*store, 20).size() == 20);
  CHECK(SampleOf(*store, 21).size() == 20);
}

inline std::string ContradictedOf(Store& store) {
  std::string text;
  for (const ContradictedRecord& one : Must(store.ListContradicted())) {
    CHECK(one.source == "hanoiwork");
    text += (text.empty() ? "" : ", ") + one.native_id + " " + std::string(Name(one.verdict)) + " " + one.period;
  }
  return text;
}

inline void ReadBacksAreKeptWithTheirMarks(StoreHarness& harness) {
  const auto store = harness.Open();
  CHECK_FALSE(Must(store->ReadBackSince("hanoiwork")));
  Collecting run(*store);
  AppendPage(*store, run, {Task("T1", "open"), Task("T2", "open"), Task("T3", "open")}, {"w"});
  const Instant came = harness.clock.Now();
  CHECK(Must(store->ReadBackSince("hanoiwork")) == came);
  const std::int64_t ik = IkOf(Task("T1", "open").record.key), other = IkOf(Task("T2", "open").record.key);
  const ReadBack first = ReadBackOf({{0, ReadBackVerdict::kGone}, {1, ReadBackVerdict::kDiffers}});
  const std::int64_t leaf = Must(store->AppendReadBack(first));
  CHECK(Must(store->ReadBackSince("hanoiwork")) == first.ended_at);
  CHECK(Must(ParseLeaf(Must(store->OpenLeaf(leaf)).bytes)).kind == LeafKind::kReadBack);
  CHECK(Must(store->OpenLeaf(leaf)).object == *ReadBackObject(first));
  auto marks = Must(store->ReadBackMarks());
  REQUIRE(marks.size() == 2);
  CHECK(marks[ik].verdict == ReadBackVerdict::kGone);
  CHECK(marks[ik].at == first.ended_at);
  CHECK(marks[ik].read_back == leaf);
  CHECK(marks[other].verdict == ReadBackVerdict::kDiffers);
  CHECK(ContradictedOf(*store) == "T1 gone 2026-02, T2 differs 2026-02");
  CHECK(Must(store->Totals())[0].contradicted == 2);
  CHECK(Must(store->LastReadBacks()) == std::vector<ReadBack>{first});
  CHECK(IdsOf(Must(store->GoneRecords("hanoiwork", 10))) == "T1");
  CHECK(Must(store->GoneRecords("hanoiwork", 0)).empty());
  CHECK(Must(store->GoneRecords("documents", 10)).empty());

  const ReadBack later = ReadBackOf({{2, ReadBackVerdict::kGone}}, {0});
  const std::int64_t second = Must(store->AppendReadBack(later));
  CHECK(ContradictedOf(*store) == "T2 differs 2026-02, T3 gone 2026-02");
  CHECK(Must(store->LastReadBacks()) == std::vector<ReadBack>{later});
  marks = Must(store->ReadBackMarks());
  CHECK_FALSE(marks.contains(ik));
  CHECK(IdsOf(Must(store->GoneRecords("hanoiwork", 10))) == "T3");
  AppendPage(*store, run, {Task("T3", "done")}, {"w"});  // it came back as a revision
  CHECK(Must(store->GoneRecords("hanoiwork", 10)).empty());

  ReadBack wrong = ReadBackOf({{0, ReadBackVerdict::kGone}});
  ++wrong.counts.differs;
  CHECK(store->AppendReadBack(wrong).error().code == "bad_read_back");
  const auto kept = Must(store->ListReadBacks("hanoiwork"));
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].leaf == leaf);
  CHECK(kept[0].read_back == first);
  CHECK(kept[1].leaf == second);
  CHECK(Must(store->ListReadBacks("")).size() == 2);
  CHECK(Must(store->ListReadBacks("documents")).empty());
  Must(store->SignHead());
  CheckClean(*store);
}

// What the sums of measure::kReadBack say, "month: num/den", those of no single month first.
inline std::string ReadBackSums(Store& store) {
  std::string text;
  for (const QualityCell& cell : Must(store.ListQuality(std::nullopt))) {
    if (cell.measure != measure::kReadBack) continue;
    text += (text.empty() ? "" : " ") + cell.period + ":" + std::to_string(cell.num) + "/" + std::to_string(cell.den);
  }
  return text;
}

// A record that is found wrong twice lacks once; one that is back lacks no more, an erased one neither.
inline void WhatIsContradictedLacksOnce(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  AppendPage(*store, run, {Task("T1", "open"), Task("T2", "open"), Task("T3", "open")}, {"w"});
  CHECK(ReadBackSums(*store).empty());
  ReadBack first = ReadBackOf({{0, ReadBackVerdict::kGone}, {1, ReadBackVerdict::kDiffers}});
  first.counts.match = 5;
  first.counts.revised = 2;
  Must(store->AppendReadBack(first));
  CHECK(ReadBackSums(*store) == ":7/7 2026-02:0/2");
  Must(store->AppendReadBack(ReadBackOf({{0, ReadBackVerdict::kGone}})));
  CHECK(ReadBackSums(*store) == "2026-02:0/2");
  Must(store->AppendReadBack(ReadBackOf({}, {0})));
  CHECK(ReadBackSums(*store) == "2026-02:0/1");
  CHECK(Must(store->FsckRollups()).faults.empty());
  Must(store->Erase({{IkOf(Task("T2", "open").record.key)}, ErasureReason::kRequest, "why", "p1", "p2"}));
  CHECK(ReadBackSums(*store).empty());
  Must(store->SignHead());
  CheckClean(*store);
}

inline std::vector<ConformanceCase> ReadBackCases() {
  return {{"only the last word is chosen", OnlyTheLastWordIsChosen},
          {"the sample is uniform", TheSampleIsUniform},
          {"read-backs are kept with their marks", ReadBacksAreKeptWithTheirMarks},
          {"what is contradicted lacks once", WhatIsContradictedLacksOnce}};
}

}  // namespace mc::test
