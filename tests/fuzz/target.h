// What is fuzzed: one target per parser of foreign bytes, each with what must hold whatever the bytes are.
//
// The table is shared by fuzz_test (fixed seeds and mutations, in ctest) and mc_fuzz (libFuzzer, on demand).
// A target is a pure function of its input; safe from one thread at a time.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/source_record.h"

namespace mc::fuzz {

struct Target {
  std::string name;                // also its folder below corpus/
  void (*run)(std::string_view input) = nullptr;
  std::vector<std::string> seeds;  // more of them: files, or folders of files, of this repository
};

// In the order of the folders core, connectors, mapping, scoring, storage, gateway, sso.
const std::vector<Target>& Targets();

std::vector<Target> CoreTargets();
std::vector<Target> DocumentTargets();  // documents of our own: manifest, rules, policy, ...
std::vector<Target> ConnectorTargets();
std::vector<Target> MappingTargets();
std::vector<Target> WireTargets();
std::vector<Target> SignInTargets();

// Bytes of every seed: corpus/<name>/ and Target::seeds, in the order of their paths. Longer ones than
// kSeedLimitBytes are left out: they slow a fuzzer down and find nothing that a short one does not.
inline constexpr std::size_t kSeedLimitBytes = 64 * 1024;
std::vector<std::string> SeedsOf(const Target& target);

// What a broken property throws; nothing of the product catches it.
struct Broken : std::logic_error {
  using std::logic_error::logic_error;
};
inline void Require(bool holds, const char* what) {
  if (!holds) throw Broken(what);
}

// An error of this class with a code and one line of message: printable, so that no foreign byte of it
// can steer a terminal.
void RequireError(const Error& error, ErrorClass expected);
void RequireReason(const RejectionReason& reason);
// Everything of the record and reason that the ledger commits to has a canonical form.
void RequireStorable(const SourceRecord& record, const RejectionReason* reason);

// True when `part` is a view into `whole`, or empty.
bool IsInside(std::string_view whole, std::string_view part);

}  // namespace mc::fuzz
