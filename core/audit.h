// The port through which what people did at the gate becomes a record: sign-ins, refusals, logouts.
#pragma once

#include <string>

#include "core/time.h"

namespace mc {

// One audit line. Holds nothing personal: no name, number, subject, token or address of a browser.
struct AuditEvent {
  Instant at;
  std::string event;     // "sign_in_refused", "logout_ordered"
  std::string provider;  // id in the settings
  std::string reason;    // stable code; empty where nothing was refused
  std::string text;      // one English sentence
};

// Implementations are safe to call from any thread and keep the order of one caller.
class AuditSink {
 public:
  virtual ~AuditSink() = default;
  virtual void Write(const AuditEvent& event) = 0;
};

}  // namespace mc
