#include "gateway/sign_in.h"

#include <chrono>
#include <utility>

#include "core/log.h"
#include "sso/shared_sign_ins.h"

namespace mc {
namespace {

constexpr std::chrono::microseconds kSessionsEvery{sso::kRefreshMicros};
constexpr std::chrono::seconds kPeopleEvery{1}, kProvidersEvery{1};

// Once when it begins to fail, once when it is over.
void TellChange(const char* event, const Status& status, bool& failing) {
  if (!status.ok() && !failing) Log(LogLevel::kError, event, {{"error", status.error().code}});
  if (status.ok() && failing) Log(LogLevel::kInfo, event, {{"error", "none"}});
  failing = !status.ok();
}

}  // namespace

Result<std::unique_ptr<SignIn>> SignIn::Make(const Installation& installation, const Clock& clock) {
  if (!installation.settings().sign_in.IsOn()) return std::unique_ptr<SignIn>();
  std::unique_ptr<SignIn> made(new SignIn(installation, clock));
  MC_CHECK_OK(made->Prepare());
  return made;
}

// One file has one gateway; a database may have several, and a browser may come back to another one.
Status SignIn::PreparePending() {
  if (installation_.settings().StoresInFile()) {
    pending_ = std::make_unique<sso::SignInsInMemory>();
    return Ok();
  }
  MC_TRY(pending_store_, installation_.OpenStore());
  pending_ = std::make_unique<sso::SharedSignIns>(*pending_store_);
  return Ok();
}

Status SignIn::Prepare() {
  const SignInSettings& settings = installation_.settings().sign_in;
  MC_TRY(session_store_, installation_.OpenStore());
  MC_TRY(audit_store_, installation_.OpenStore());
  MC_TRY(people_store_, installation_.OpenStore());
  MC_CHECK_OK(PreparePending());
  MC_TRY(std::string person_key, installation_.PersonKey());
  const auto sign = [this]() -> Status {
    MC_TRY([[maybe_unused]] const LedgerHead head, audit_store_->SignHead());
    return Ok();
  };
  audit_ = std::make_unique<AccessLog>(*audit_store_, sign, clock_, random_);
  shared_.reset(new sso::SharedParts{clock_, random_, *audit_, *pending_, std::move(person_key)});
  MC_TRY(providers_, MakeIdentityProviders(settings, *shared_, [this] { return stop_.IsSet(); }));
  const sso::SessionSettings limits{settings.idle_secs, settings.absolute_secs, settings.sessions_per_person};
  MC_CHECK_OK(sso::CheckSessionSettings(limits));
  sessions_ = std::make_unique<sso::Sessions>(*session_store_, clock_, random_, limits);
  MC_CHECK_OK(sessions_->Refresh());
  people_ = std::make_unique<People>([this] { return people_store_->DirectoryLeaf(); },
                                     [this] { return installation_.ImportedDirectory(*people_store_); }, clock_);
  MC_CHECK_OK(people_->Refresh());
  gate_ = std::make_unique<WebGate>(*sessions_, *people_, *audit_, clock_, settings.public_url);
  sheets_ = std::make_unique<SheetReader>([this] { return installation_.OpenStore(); }, clock_);
  MC_CHECK_OK(sheets_->Refresh());
  files_ = std::make_unique<FileGate>(*gate_, *sheets_, *audit_, clock_);
  api_.reset(new ApiV1({installation_, *files_, *sheets_}));
  sheet_pages_.reset(new SheetPages({*files_, *sheets_}));
  pages_.reset(new SignInPages({providers_, *sessions_, *people_, *gate_, *audit_, random_, clock_, settings.contact}));
  account_.reset(new AccountPages(
      {providers_, *sessions_, *gate_, *audit_, clock_,
       [this](Language language, const Caller& caller) { return sheet_pages_->LinksFor(language, caller); }}));
  return Ok();
}

SignIn::~SignIn() {
  Stop();
  Join();
}

void SignIn::AddTo(HttpServer& server) {
  pages_->AddTo(server);
  account_->AddTo(server);
  sheet_pages_->AddTo(server);
  api_->AddTo(server);
}

void SignIn::Start() {
  std::vector<sso::Provider> providers;
  for (const auto& provider : providers_) providers.push_back(provider->provider());
  for (const sso::RelaxationFinding& finding : sso::RelaxationsOf(providers)) {
    Log(LogLevel::kWarn, "relaxation",
        {{"provider", finding.provider}, {"name", finding.relaxation}, {"meaning", finding.meaning}});
  }
  audit_->Start();
  session_thread_ = std::thread([this] { KeepSessions(); });
  people_thread_ = std::thread([this] { KeepPeople(); });
  sheet_thread_ = std::thread([this] { KeepSheets(); });
  provider_thread_ = std::thread([this] { KeepProviders(); });
}

void SignIn::Stop() {
  stop_.Set();
  if (audit_) audit_->Stop();
}

void SignIn::Join() {
  if (session_thread_.joinable()) session_thread_.join();
  if (people_thread_.joinable()) people_thread_.join();
  if (sheet_thread_.joinable()) sheet_thread_.join();
  if (provider_thread_.joinable()) provider_thread_.join();
  if (audit_) audit_->Join();
}

void SignIn::KeepSessions() {
  bool failing = false;
  while (stop_.Sleep(std::chrono::duration_cast<std::chrono::milliseconds>(kSessionsEvery))) {
    TellChange("sessions_not_refreshed", sessions_->Refresh(), failing);
  }
}

// Apart from the sessions: a large directory must not make them stale.
void SignIn::KeepPeople() {
  bool failing = false;
  do {
    TellChange("directory_not_read", people_->Refresh(), failing);
  } while (stop_.Sleep(kPeopleEvery));
}

// Apart from the people: it waits for a store behind those who look, and old rights let nobody in.
void SignIn::KeepSheets() {
  bool failing = false;
  do {
    TellChange("sheets_not_looked_at", sheets_->Refresh(), failing);
  } while (stop_.Sleep(kPeopleEvery));
}

// Apart from both: a provider that does not answer must not make anybody's rights old.
void SignIn::KeepProviders() {
  do {
    for (const auto& provider : providers_) {
      if (!stop_.IsSet()) (void)provider->Ready();
    }
  } while (stop_.Sleep(kProvidersEvery));
}

}  // namespace mc
