// Machines, put together for `serve`: their clients, the tokens that they get and the gate that asks for them, and the
// thread that keeps the clients fresh.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "gateway/access_log.h"
#include "gateway/installation.h"
#include "gateway/known_clients.h"
#include "gateway/machine_gate.h"
#include "gateway/token_endpoint.h"

namespace mc {

class Machines {
 public:
  // Null where the settings name no key for tokens. `audit`: where what happens is written; null: a log of its own.
  // kConfig: a key that is none. All that it is given outlives it.
  static Result<std::unique_ptr<Machines>> Make(const Installation& installation, const Clock& clock, AuditSink* audit);
  Machines(const Machines&) = delete;
  Machines& operator=(const Machines&) = delete;
  ~Machines();

  void AddTo(HttpServer& server) { tokens_->AddTo(server); }
  MachineGate& gate() { return *gate_; }

  void Start(bool may_write);  // not in a damaged store: then nothing of what happens is kept
  void Stop();                 // from any thread
  void Join();

 private:
  Machines() = default;
  Status Prepare(const Installation& installation, const Clock& clock, AuditSink* audit);
  void KeepFresh();

  SystemRandom random_;
  StopFlag stop_;
  std::unique_ptr<Store> client_store_, audit_store_;
  std::unique_ptr<AccessLog> own_audit_;
  std::unique_ptr<sso::TokenKeys> keys_;
  std::unique_ptr<KnownClients> clients_;
  std::unique_ptr<TokenEndpoint> tokens_;
  std::unique_ptr<MachineGate> gate_;
  std::thread thread_;
};

// As the settings say them: who gives tokens, and for whom they are ("ISSUER/api/v1").
std::string TokenIssuer(const Settings& settings);
Result<sso::TokenKeys> TokenKeysOf(const Settings& settings);

}  // namespace mc
