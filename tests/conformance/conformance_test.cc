// Goal: every connector that there is keeps every promise, or says with a reason which not.
// Method: walk the registry of kinds; hold each case against each platform, over a real
// socket into a real store. A waived case must go on failing.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "connectors/registry.h"
#include "tests/conformance/cases.h"

using namespace mc;
using namespace mc::conformance;

namespace {

bool Covers(const Waiver& waiver, const std::string& platform) {
  const auto& names = waiver.platforms;
  return names.empty() || std::find(names.begin(), names.end(), platform) != names.end();
}

bool IsWaived(const std::string& platform, const std::string& test) {
  return std::any_of(Waivers().begin(), Waivers().end(),
                     [&](const Waiver& waiver) { return waiver.test == test && Covers(waiver, platform); });
}

void Hold(const PlatformRow& row, const Case& test) {
  CAPTURE(row.name);
  CAPTURE(test.name);
  Trial trial{row};
  test.run(trial);
  if (IsWaived(row.name, test.name)) {
    CHECK_MESSAGE((!trial.problems.empty() || !trial.applies), "the waiver is no longer needed: take it away");
    return;
  }
  CHECK_MESSAGE(trial.applies, "the case asks for nothing here, and no waiver says why");
  for (const std::string& problem : trial.problems) FAIL_CHECK(problem);
}

void HoldAll(const std::vector<Case>& cases) {
  for (const PlatformRow& row : Platforms()) {
    for (const Case& test : cases) {
      if (IsAbout(test, row.kind)) Hold(row, test);
    }
  }
}

}  // namespace

TEST_CASE("every kind that can be pulled has a platform here") {
  for (const KindRow& kind : KindTable()) {
    CAPTURE(kind.name);
    const bool here = std::any_of(Platforms().begin(), Platforms().end(),
                                  [&](const PlatformRow& row) { return row.kind == kind.kind; });
    CHECK(here == (kind.make != nullptr));
  }
}

// What of a manifest chooses code: two of one shape differ by names and numbers alone.
std::string ShapeOf(const Manifest& manifest) {
  const Json shape = {Name(manifest.kind),
                      manifest.auth.kind,
                      manifest.auth.client_auth,
                      manifest.auth.timestamp ? manifest.auth.timestamp->format : "",
                      manifest.paging.kind,
                      manifest.paging.read_header.empty(),
                      manifest.request.body,
                      manifest.request.window.has_value(),
                      manifest.messages.in_headers,
                      manifest.messages.by_days,
                      manifest.messages.message.empty()};
  return shape.dump();
}

TEST_CASE("every manifest that is shipped has a platform of its shape here") {
  std::set<std::string> held;
  for (const PlatformRow& row : Platforms()) held.insert(ShapeOf(row.make()->manifest()));
  int manifests = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(MC_SOURCE_DIR) + "/connectors")) {
    if (entry.path().extension() != ".json") continue;
    CAPTURE(entry.path().filename().string());
    const auto manifest = ReadManifest(entry.path().string());
    REQUIRE(manifest.ok());
    CHECK_MESSAGE(held.contains(ShapeOf(*manifest)), "no platform of this shape; write one: tests/conformance/README.md");
    ++manifests;
  }
  CHECK(manifests >= 10);
}

TEST_CASE("every credential and every paging that a manifest can ask for has a platform here") {
  std::set<AuthKind> auth;
  std::set<ClientAuth> clients;
  std::set<PagingKind> paging;
  for (const PlatformRow& row : Platforms()) {
    const auto platform = row.make();
    const Manifest& manifest = platform->manifest();
    auth.insert(manifest.auth.kind);
    if (manifest.auth.kind == AuthKind::kOAuth2) clients.insert(manifest.auth.client_auth);
    if (RowOf(manifest.kind).sections.paging) paging.insert(manifest.paging.kind);
  }
  CHECK(auth.size() == static_cast<std::size_t>(AuthKind::kSession) + 1);
  CHECK(clients.size() == 2);
  CHECK(paging.size() == static_cast<std::size_t>(PagingKind::kLinkHeader) + 1);
}

TEST_CASE("waivers name a case, platforms and a reason") {
  for (const Waiver& waiver : Waivers()) {
    CAPTURE(waiver.test);
    CHECK(std::any_of(Cases().begin(), Cases().end(), [&](const Case& test) { return test.name == waiver.test; }));
    for (const std::string& name : waiver.platforms) {
      CAPTURE(name);
      CHECK(std::any_of(Platforms().begin(), Platforms().end(), [&](const auto& row) { return row.name == name; }));
    }
    CHECK(waiver.reason.size() > 40);
  }
}

TEST_CASE("access") { HoldAll(AccessCases()); }
TEST_CASE("pulls") { HoldAll(PullCases()); }
TEST_CASE("wire") { HoldAll(WireCases()); }
TEST_CASE("records") { HoldAll(RecordCases()); }
TEST_CASE("handed over") { HoldAll(HandCases()); }
TEST_CASE("runs") { HoldAll(RunCases()); }
