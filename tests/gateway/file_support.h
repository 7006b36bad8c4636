// A person's file behind the real routes: a small directory, a session for each of its people, sheets kept in a store
// and a server that listens. No sign-in: the sessions stand in the store that the gate asks.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/digest.h"
#include "gateway/api_v1.h"
#include "gateway/file_gate.h"
#include "gateway/installation.h"
#include "gateway/sheet_documents.h"
#include "gateway/sheet_pages.h"
#include "gateway/sheet_reader.h"
#include "gateway/web_gate.h"
#include "sso/base64url.h"
#include "sso/cookie.h"
#include "tests/gateway/gateway_support.h"
#include "tests/gateway/serve_support.h"
#include "tests/storage/conformance_sheets.h"
#include "tests/storage/sqlite_harness.h"

namespace mc::test {

inline constexpr const char* kFilePeriod = "2026-05";
// Who has a post or a duty in SmallOffice.
inline const std::vector<std::string>& OfficePeople() {
  static const std::vector<std::string> people = {"subject",          "colleague",      "head",    "deputy",
                                                  "member elsewhere", "head elsewhere", "auditor", "ward's auditor",
                                                  "approver",         "operator"};
  return people;
}

// A ward and another unit, each with a head; the city's auditor and approver, and an auditor of the ward alone.
inline DirectoryData SmallOffice() {
  DirectoryData office;
  for (const char* id : {"ward", "elsewhere"}) {
    OrgUnit unit;
    unit.id = unit.name = id;
    office.units.push_back(unit);
  }
  for (const std::string& id : OfficePeople()) {
    office.people.push_back({id, "Name of " + id, SubjectGroup::kCivilServant, ""});
  }
  const auto post = [&](const char* person, const char* unit, Role role) {
    Membership one;
    one.person = person;
    one.unit = unit;
    one.role = role;
    office.memberships.push_back(one);
  };
  post("subject", "ward", Role::kMember);
  post("colleague", "ward", Role::kMember);
  post("head", "ward", Role::kHead);
  post("deputy", "ward", Role::kDeputy);
  post("member elsewhere", "elsewhere", Role::kMember);
  post("head elsewhere", "elsewhere", Role::kHead);
  office.duties.push_back({"auditor", Duty::kAuditor, "", 0, {}});
  office.duties.push_back({"ward's auditor", Duty::kAuditor, "ward", 0, {}});
  office.duties.push_back({"approver", Duty::kApprover, "", 1, {}});
  office.duties.push_back({"operator", Duty::kOperator, "", 0, {}});
  return office;
}

// A session of each of them; it keeps no other.
class OfficeSessions final : public SessionStore {
 public:
  explicit OfficeSessions(const Clock& clock) : clock_(clock) {}
  static std::string CookieOfPerson(const std::string& person) {
    return sso::ToBase64Url(AsBytes(Sha256("session of " + person)));
  }
  Result<SessionChanges> SessionsSince(std::int64_t version) override {
    SessionChanges changes{1, {}};
    const Instant now = clock_.Now(), until{now.micros + 36'000 * kMicrosPerSecond};
    for (const std::string& person : OfficePeople()) {
      if (version > 0) break;
      changes.sessions.push_back({Sha256(CookieOfPerson(person)), person, "oidc", "", now, now, now, until});
    }
    return changes;
  }
  Result<bool> BeginSession(const NewSession&) override { return true; }
  Status EndSession(const Digest&) override { return Ok(); }
  Status EndSessionsOf(const std::string&) override { return Ok(); }
  Status EndSessionsFor(const std::string&, const std::string&, const std::string&) override { return Ok(); }
  Status TouchSessions(const std::vector<std::pair<Digest, Instant>>&) override { return Ok(); }
  Result<std::string> SessionIdToken(const Digest&) override { return std::string(); }
  Status ForgetSessions() override { return Ok(); }

 private:
  const Clock& clock_;
};

class FileAudit final : public AuditSink {
 public:
  void Write(const AuditEvent& event) override {
    const std::lock_guard lock(lock_);
    events_.push_back(event.event);
  }
  std::size_t Count(const std::string& event) {
    const std::lock_guard lock(lock_);
    return static_cast<std::size_t>(std::count(events_.begin(), events_.end(), event));
  }

 private:
  std::mutex lock_;
  std::vector<std::string> events_;
};

// An item of an explanation, with all that its page shows.
inline Json ItemOf(const std::string& key, const Json& lead, const Json& unit, const std::string& record) {
  Json evidence = Json::array();
  evidence.push_back({{"source", "hanoiwork"}, {"record", record}, {"says_vi", "xong"}, {"assurance", "recorded"}});
  return {{"key", key},
          {"ref", ItemRef(key)},
          {"unit", unit},
          {"lead", lead},
          {"kind_vi", "việc"},
          {"product_name", nullptr},
          {"assigned_at", "2026-05-04"},
          {"due", nullptr},
          {"completions", Json::array()},
          {"checks_vi", ""},
          {"notes_vi", Json::array()},
          {"evidence", std::move(evidence)}};
}
inline Json LeadOf(const std::string& state, const Json& person, const Json& candidates = Json::array()) {
  return {{"state", state}, {"person", person}, {"candidates", candidates}};
}

struct Heard {
  int status = 0;
  std::string body;
  Json json() const { return ParseJson(body).value(); }
};

struct FileScene {
  FileScene() : installation(Installation::Load(WriteSettings(dir)).value()) {
    Collecting run(*store);
    run.Append({Task("T1", "open")});
    run.End();
    REQUIRE(sessions.Refresh().ok());
    REQUIRE(people.Refresh().ok());
    api.AddTo(server);
    pages.AddTo(server);
  }

  static std::string Record() { return IkHex(IkOf(Task("T1", "open").record.key)); }

  // The sheet of somebody in the ward whose explanation has these items.
  static StoredSheet SheetWith(const std::string& person, const std::vector<Json>& items,
                               const std::string& unit = "ward") {
    StoredSheet sheet = SheetOf(person, unit);
    Json explanation = {{"person", person},
                        {"unit", unit},
                        {"period", kFilePeriod},
                        {"as_of", "2026-06-01T00:00:00Z"},
                        {"policy", "nd335-2025"},
                        {"class", nullptr},
                        {"sheet", {{"status", "scored"}, {"lines", Json::array()}}},
                        {"figures_vi", Json::array()},
                        {"off_sheet", Json::array()},
                        {"items", Json::object()}};
    for (const Json& item : items) explanation["items"][item.at("key").get<std::string>()] = item;
    sheet.explanation = explanation.dump();
    return sheet;
  }
  void Keep(const std::vector<StoredSheet>& sheets, const std::string& period = kFilePeriod) {
    Must(KeepAll(*store, ScoringOf(period, 0), sheets));
    REQUIRE(reader.Refresh().ok());
  }

  Heard Get(const std::string& person, const std::string& path, const std::string& accept = "application/json") {
    if (!listening) listening.emplace(server);
    MustStaySecret("session", OfficeSessions::CookieOfPerson(person));
    RawClient client(listening->port, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept: " + accept +
                                          "\r\nCookie: " + std::string(sso::kSessionCookie) + "=" +
                                          OfficeSessions::CookieOfPerson(person) + "\r\n\r\n");
    const std::string all = client.HearAll();
    REQUIRE(all.size() > 12);
    return {std::stoi(all.substr(9, 3)), all.substr(all.find("\r\n\r\n") + 4)};
  }
  int StatusFor(const std::string& person, const std::string& path) { return Get(person, path).status; }

  // "viewer what detail" of each, the latest first.
  std::vector<std::string> LooksAt(const std::string& person) {
    std::vector<std::string> looks;
    for (const FileLook& look : Must(store->LooksAt(person, std::nullopt)).looks) {
      looks.push_back(look.viewer + " " + look.what + (look.detail.empty() ? "" : " " + look.detail));
    }
    return looks;
  }

  static std::string SheetRoute(const std::string& person, const std::string& period = kFilePeriod) {
    return "/people/" + person + "/sheets/" + period;
  }
  static std::string ItemRoute(const std::string& person, const std::string& key) {
    return SheetRoute(person) + "/items/" + ItemRef(key);
  }
  static std::string RecordRoute(const std::string& person, const std::string& key) {
    return ItemRoute(person, key) + "/records/" + Record();
  }

  TempDir dir;
  const Installation installation;
  SqliteHarness harness;
  const std::unique_ptr<Store> store = harness.Open();
  OfficeSessions session_store{harness.clock};
  SystemRandom random;
  sso::Sessions sessions{session_store, harness.clock, random, {}};
  DirectoryData directory = SmallOffice();
  std::int64_t directory_edition = 1;
  People people{[this]() -> Result<std::optional<std::int64_t>> { return std::optional(directory_edition); },
                [this]() -> Result<DirectoryData> { return directory; }, harness.clock};
  FileAudit audit;
  WebGate web{sessions, people, audit, harness.clock, "https://gateway.example"};
  SheetReader reader{[this]() -> Result<std::unique_ptr<Store>> { return harness.Open(); }, harness.clock};
  FileGate gate{web, reader, audit, harness.clock};
  ApiV1 api{{installation, gate, reader}};
  SheetPages pages{{gate, reader}};
  HttpServer server{[] { return Ok(); }};
  std::optional<Listening> listening;
};

}  // namespace mc::test
