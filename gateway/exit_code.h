// Exit codes of the command line (a contract: blueprint section 5) and the mapping from
// error classes to them. Plain values; any thread.
#pragma once

#include <algorithm>
#include <string_view>

#include "core/result.h"

namespace mc {

enum class ExitCode {
  kDone = 0,        // quarantined records, insufficient_data and awaiting_* are results
  kFault = 1,       // the check asked for found a fault
  kWrongInput = 2,  // wrong use, settings or input file; nothing was taken from it
  kFailed = 3,      // a source, disk or service failed; the rest was done and committed
  kBug = 4,         // a bug of ours
};

// With several outcomes the highest stands.
inline ExitCode Highest(ExitCode a, ExitCode b) { return std::max(a, b); }

// A broken or full disk is not a bug of ours, although its errors are internal ones.
inline bool IsStoreError(const Error& error) {
  return error.code.starts_with("store_") || error.code == "seal_broken" || error.code == "unverified_evidence" ||
         error.code == "ledger_rollback" || error.code == "ledger_fork";
}

// Nor is a disk or folder that takes nothing more: it is emptied, rights are mended, and the work goes on.
inline bool IsDiskError(const Error& error) {
  return error.code == "cannot_write" || error.code == "cannot_move" || error.code == "store_full" ||
         error.code == "store_readonly";
}

// The store is another one than a witness has followed: it was put back from an old copy, or forked.
inline bool IsContradicted(const Error& error) {
  return error.code == "witness_rollback" || error.code == "witness_fork";
}

inline ExitCode ExitFor(const Error& error) {
  switch (error.error_class) {
    case ErrorClass::kConfig:
    case ErrorClass::kData: return ExitCode::kWrongInput;
    case ErrorClass::kTransient:
    case ErrorClass::kAuth: return ExitCode::kFailed;
    case ErrorClass::kInternal:
      return IsStoreError(error) || IsDiskError(error) || IsContradicted(error) ? ExitCode::kFailed : ExitCode::kBug;
  }
  return ExitCode::kBug;
}

}  // namespace mc
