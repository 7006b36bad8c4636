// `doctor`: what keeps a whole installation from working, or will soon. One finding per line,
// good ones too, so that a person sees what was looked at. Changes nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/http.h"
#include "core/result.h"
#include "core/settings.h"
#include "core/time.h"
#include "gateway/disk_room.h"
#include "gateway/installation.h"
#include "gateway/source_check.h"
#include "storage/store.h"

namespace mc {

struct Finding {
  std::string check;    // what was looked at, a word of doctor_texts.cc: "settings", "store_key", ...
  std::string subject;  // which one of several: a source, a key, a path; may be empty
  FindingState state = FindingState::kOk;
  std::string code;    // empty when kOk
  std::string detail;  // English, for the report: no secret, no payload
};

// --- what needs no store (doctor_host.cc)

std::vector<Finding> CheckSettingsFile(const Settings& settings);  // its rights, the address to listen on
// Of the keys and of every source's secrets: present, of the right length, for nobody else to read.
std::vector<Finding> CheckSecrets(const Settings& settings);
// The files of root certificates: there, as PEM, one of them still alive, for nobody else to write.
std::vector<Finding> CheckCaFiles(const Settings& settings, Instant now);
// The folder takes files, and there is room.
std::vector<Finding> CheckStorePlace(const Settings& settings);
FindingState DiskState(const DiskRoom& room);  // pure

// --- what stands in the store (doctor_store.cc)

// The last head is signed by our key, fits the tree and covers every leaf.
std::vector<Finding> CheckLedger(Store& store);
std::vector<Finding> CheckLogEnd(Store& store);  // storage/start_check.h, but for the head, which CheckLedger names
// Each witness is shown the last head: it knows this log and holds nothing that this store does not
// have. Nothing is kept of what it says. `witnesses` by id in the settings.
std::vector<Finding> CheckWitnesses(Store& store, const std::map<std::string, std::shared_ptr<Witness>>& witnesses);
// Our clock is not behind the last receipt. Pure.
std::vector<Finding> CheckClockAgainst(const std::vector<SourceTotals>& totals, Instant now);

// --- who signs in (doctor_sign_in.cc)

// Each provider: its settings and profile fit, its discovery is read, its keys are there. Then every relaxation in
// force.
std::vector<Finding> CheckSignInProviders(const SignInSettings& settings);

// --- everything

struct DoctorContext {
  // A client for one source; empty: the installation's own.
  std::function<std::unique_ptr<PeerClient>(const std::string& source)> http;
  const Clock& clock;
  std::function<void(const std::string& what)> progress = {};  // before what may take seconds; may be empty
};

// Never stops at a fault; what depends on something broken is left out. kConfig "cannot_read" where there is no
// settings file at all: wrong use, not a fault of an installation.
Result<std::vector<Finding>> Diagnose(const std::string& settings_file, const DoctorContext& context);

FindingState Worst(const std::vector<Finding>& findings);

}  // namespace mc
