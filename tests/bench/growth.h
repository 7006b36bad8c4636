// What may grow with a store: its start and what comes on top of it. Part of `ledger`, over its filled store.
#pragma once

#include <map>
#include <string>

#include "storage/store.h"
#include "tests/bench/bench.h"

namespace mc::bench {

// Runs this program with `word` on the store that lies in the work folder, as a process of its own: what it tells.
std::map<std::string, double> RunTelling(const Options& options, const std::string& word, std::size_t figures);

// REQUIRES: no one has the store open. Opening and looking at it as every start of the gateway does, in a program of
// its own each time; limits: a second, 300 MB.
void BenchStart(const Options& options, Report& report);
// The child that BenchStart watches.
int StartAndTell(const Place& place);

// Pulls new dossiers, numbered from `first` on, into the store.
void BenchOnTop(Store& store, std::int64_t first, Report& report);

}  // namespace mc::bench
