// Goal: the registry is whole, and every manifest that is shipped can be made a connector.
// Method: walk the table and the folder; nothing here names a kind or a file.

#include "connectors/registry.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include "tests/support/fake_http.h"

using namespace mc;

TEST_CASE("rows stand in the order of their kinds, under names of their own") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < KindTable().size(); ++i) {
    const KindRow& row = KindTable()[i];
    INFO(row.name);
    CHECK(static_cast<std::size_t>(row.kind) == i);
    CHECK(&RowOf(row.kind) == &row);
    CHECK(Name(row.kind) == row.name);
    CHECK(names.insert(row.name).second);
    CHECK(static_cast<bool>(row.parse_saved));
    CHECK((row.needs_base_url || !row.sections.request));
  }
  CHECK(names.size() == static_cast<std::size_t>(ConnectorKind::kInbox) + 1);
}

TEST_CASE("every manifest that is shipped is read, and makes a connector where its kind can be pulled") {
  int seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(MC_SOURCE_DIR) + "/connectors")) {
    if (entry.path().extension() != ".json") continue;
    INFO(entry.path().string());
    ++seen;
    const Manifest manifest = testing::ManifestNamed(entry.path().stem().string());
    testing::FakeHttpClient http([](const HttpRequest&) { return testing::Answered("{}"); });
    const ManualClock clock(testing::At("2026-06-10T03:00:00Z"));
    const auto made = MakeConnector(manifest, testing::SettingsFor(manifest, *MakeDate(2026, 6, 8)), {http, clock});
    if (!RowOf(manifest.kind).make) continue;
    REQUIRE(made.ok());
    CHECK((*made)->Streams().size() == manifest.streams.size());
  }
  CHECK(seen >= 4);
}
