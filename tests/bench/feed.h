// A source in this process: pages that were made before, through the gateway's own pull (lease, mapping,
// commits, receipt, signed head), without a network. For what is measured behind the store's door.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "storage/store.h"
#include "tests/bench/bench.h"

namespace mc::bench {

// One officer's dossier as the one-stop system holds it, and its two steps: each is read when it is
// received and again when it is done, so that every dossier has two revisions.
struct Dossier {
  std::int64_t number = 0;  // makes its code; unique in a store
  std::int64_t officer = 0;
  int year = 2026, month = 6;
};
inline constexpr std::int64_t kRevisionsPerDossier = 4;  // of dossier and steps together

std::string OfficerLabel(std::int64_t officer);  // as the steps write it
SourceRecord DossierRecord(const Manifest& manifest, const Dossier& dossier, bool done);
SourceRecord StepRecord(const Manifest& manifest, const Dossier& dossier, bool done);

// The public service's manifest with both streams.
Manifest FeedManifest();

using FeedPages = std::map<std::string, std::vector<Page>>;  // by stream

// Adds the records to a stream, in pages of `commit_records`: one commit each.
void AddPages(std::vector<SourceRecord> records, std::int64_t commit_records, std::vector<Page>& pages);

struct FeedRun {
  FeedPages pages;
  std::function<void()> before_page = {};  // may wait
  std::function<void(const BatchCounts& so_far)> committed = {};
};

// One pull of these pages; ends the program unless it succeeds. The head is signed when it returns.
BatchCounts PullFeed(Store& store, const Manifest& manifest, FeedRun run);

}  // namespace mc::bench
