// What people do here, put together for `serve`: providers, sessions, people, the audit, sheets as they are kept, the
// pages and /api/v1, and the threads that keep them fresh.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "core/result.h"
#include "gateway/access_log.h"
#include "gateway/account_pages.h"
#include "gateway/api_v1.h"
#include "gateway/file_gate.h"
#include "gateway/identity_providers.h"
#include "gateway/installation.h"
#include "gateway/people.h"
#include "gateway/sheet_pages.h"
#include "gateway/sheet_reader.h"
#include "gateway/sign_in_pages.h"
#include "gateway/web_gate.h"

namespace mc {

class SignIn {
 public:
  // Null where the settings name no provider. Asks no provider; loads sessions and directory. kConfig: a setting or
  // profile that does not fit; the errors of the store. `installation` and `clock` outlive it.
  static Result<std::unique_ptr<SignIn>> Make(const Installation& installation, const Clock& clock);
  SignIn(const SignIn&) = delete;
  SignIn& operator=(const SignIn&) = delete;
  ~SignIn();

  // REQUIRES: it outlives the server.
  void AddTo(HttpServer& server);
  WebGate& gate() { return *gate_; }
  AuditSink& audit() { return *audit_; }

  void Start();  // logs the relaxations in force
  void Stop();   // from any thread
  void Join();

 private:
  SignIn(const Installation& installation, const Clock& clock) : installation_(installation), clock_(clock) {}
  Status Prepare();
  Status PreparePending();
  void KeepSessions();
  void KeepPeople();
  void KeepSheets();
  void KeepProviders();

  const Installation& installation_;
  const Clock& clock_;
  SystemRandom random_;
  StopFlag stop_;
  std::unique_ptr<Store> session_store_, audit_store_, people_store_, pending_store_;
  std::unique_ptr<AccessLog> audit_;
  std::unique_ptr<sso::PendingSignIns> pending_;
  std::unique_ptr<sso::SharedParts> shared_;
  std::vector<std::unique_ptr<IdentityProvider>> providers_;
  std::unique_ptr<sso::Sessions> sessions_;
  std::unique_ptr<People> people_;
  std::unique_ptr<WebGate> gate_;
  std::unique_ptr<SheetReader> sheets_;
  std::unique_ptr<FileGate> files_;
  std::unique_ptr<ApiV1> api_;
  std::unique_ptr<SheetPages> sheet_pages_;
  std::unique_ptr<SignInPages> pages_;
  std::unique_ptr<AccountPages> account_;
  std::thread session_thread_, people_thread_, sheet_thread_, provider_thread_;
};

}  // namespace mc
