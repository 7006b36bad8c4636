// Goal: a manifest is read strictly and every refusal says where and why.
// Method: start from a good one, break one thing, compare code and JSON Pointer.

#include "connectors/manifest.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/fake_http.h"

using namespace mc;

namespace {

Json GoodManifest() {
  return Json::parse(R"({"schema":"minhchung/manifest@1","id":"documents","register":"edoc","title":"Trục",
    "owner":"Văn phòng","legal_basis":"28/2018","assumptions":[],"kind":"edxml_list",
    "endpoints":{"list":{"method":"GET","path":"/list","success":{"field":"success","equals":["true"]}},
                 "fetch":{"method":"GET","path":"/fetch"}},
    "streams":[{"id":"documents","argument":"edoc"}],
    "auth":{"kind":"header","header":"X-SecretKey","secret":"secret_key"},
    "limits":{"records_per_page":50},"lag_limit_minutes":60,"expected_interval_minutes":15})");
}

}  // namespace

TEST_CASE("the four manifests of the product are good, and state what is assumed") {
  for (const char* id : {"documents", "public_service", "citizen_reports", "hanoiwork"}) {
    const Manifest manifest = testing::ManifestNamed(id);
    CHECK(manifest.id == id);
    CHECK_FALSE(manifest.assumptions.empty());
    CHECK_FALSE(manifest.own_subscription);
  }
}

TEST_CASE("values, defaults and the optional subscription") {
  Json json = GoodManifest();
  auto manifest = ParseManifest(json);
  REQUIRE(manifest.ok());
  CHECK(manifest->register_id == "edoc");
  CHECK(manifest->limits.records_per_page == 50);
  CHECK(manifest->limits.max_attempts == ManifestLimits{}.max_attempts);
  CHECK(manifest->endpoints.at("list").success->field == "success");
  CHECK_FALSE(manifest->endpoints.at("fetch").success.has_value());
  json["subscription"] = "own";
  manifest = ParseManifest(json);
  REQUIRE(manifest.ok());
  CHECK(manifest->own_subscription);
}

TEST_CASE("refusals name the place") {
  struct Row {
    const char* pointer;  // where the value is set
    const char* value;    // JSON; "-" takes the member away
    const char* code;
    const char* in_message;
  };
  const Row rows[] = {
      {"/schema", "\"minhchung/manifest@2\"", "unknown_name", "/schema"},
      {"/lag_limit_minuts", "60", "unknown_key", "lag_limit_minutes"},
      {"/endpoints/list/sucess", "{}", "unknown_key", "success"},
      {"/endpoints/read", "{}", "unknown_key", "/endpoints"},
      {"/endpoints/fetch", "-", "missing_key", "/endpoints/fetch"},
      {"/endpoints/list/path", "\"list\"", "bad_path", "/endpoints/list/path"},
      {"/endpoints/list/path", "\"/a?b\"", "bad_path", "/endpoints/list/path"},
      {"/endpoints/list/method", "\"DELETE\"", "unknown_name", "/endpoints/list/method"},
      {"/endpoints/list/success/equals", "[]", "empty_list", "/endpoints/list/success/equals"},
      {"/kind", "\"edxml_lst\"", "unknown_name", "edxml_list"},
      {"/id", "\"Documents\"", "bad_name", "/id"},
      {"/streams", "[]", "empty_list", "/streams"},
      {"/streams/1", "{\"id\":\"documents\"}", "duplicate_id", "/streams/1/id"},
      {"/auth/kind", "\"basik\"", "unknown_name", "basic"},
      {"/auth/kind", "\"basic\"", "bad_auth", "/auth"},
      {"/request", "{}", "unknown_key", "/request"},
      {"/streams/0/endpoint", "\"list\"", "unknown_key", "/streams/0"},
      {"/endpoints/list/success/status", "[200]", "unknown_key", "/endpoints/list/success"},
      {"/auth/header", "-", "bad_auth", "/auth"},
      {"/auth/header", "\"X Key\"", "bad_header", "/auth/header"},
      {"/auth/secret", "-", "missing_key", "/auth/secret"},
      {"/auth/kind", "\"bearer\"", "bad_auth", "/auth"},
      {"/limits/record_limit_byte", "1000", "unknown_key", "record_limit_bytes"},
      {"/limits/records_per_page", "\"50\"", "not_integer", "/limits/records_per_page"},
      {"/limits/page_body_limit_bytes", "1024", "bad_limits", "/limits"},
      {"/subscription", "\"shared\"", "unknown_name", "/subscription"},
      {"/rules", "\"Documents\"", "bad_name", "/rules"},
      {"/messages", "{\"parameter\":\"query\"}", "unknown_key", "parameters"},
      {"/messages", "{\"parameters\":\"body\"}", "unknown_name", "/messages/parameters"},
      {"/messages", "{\"list\":\"day\"}", "unknown_name", "/messages/list"},
      {"/messages", "{\"message\":\"a//b\"}", "bad_path", "/messages/message"},
      {"/messages", "{\"fixed\":{\"X Y\":\"1\"}}", "bad_header", "/messages/fixed"},
      {"/messages", "{\"fixed\":{\"X-Y\":\"1\\r\\nZ: 2\"}}", "bad_text", "/messages/fixed"},
      {"/messages", "{\"fixed\":[]}", "not_object", "/messages/fixed"},
      {"/auth", R"({"kind":"login","path":"/l?x","user":"u","secret":"s"})", "bad_path", "/auth/path"},
      {"/auth", R"({"kind":"login","path":"/l","user":"u"})", "missing_key", "/auth"},
      {"/auth", R"({"kind":"login","path":"/l","user":"u","secret":"s","signature":"X"})", "bad_auth", "/auth"},
      {"/auth", R"({"kind":"login","path":"/l","user":"u","secret":"s","leeway_seconds":601})", "out_of_range", "leeway_seconds"},
      {"/title", "-", "missing_key", "/title"},
      {"/title", "\"\"", "empty_text", "/title"},
  };
  for (const Row& row : rows) {
    Json json = GoodManifest();
    const Json::json_pointer at(row.pointer);
    if (std::string(row.value) == "-") {
      json.at(at.parent_pointer()).erase(at.back());
    } else {
      json[at] = Json::parse(row.value);
    }
    const auto manifest = ParseManifest(json);
    INFO(row.pointer, " = ", row.value);
    REQUIRE_FALSE(manifest.ok());
    CHECK(manifest.error().error_class == ErrorClass::kConfig);
    CHECK(manifest.error().code == row.code);
    CHECK(manifest.error().message.find(row.in_message) != std::string::npos);
  }
}

TEST_CASE("each limit holds at its ends and not one past them") {
  struct Row {
    const char* name;
    std::int64_t lowest, highest;
  };
  const Row rows[] = {{"page_body_limit_bytes", 1024, 536870912},
                      {"record_limit_bytes", 256, 134217728},
                      {"records_per_page", 1, 1000},
                      {"records_per_commit", 1, 10000},
                      {"pages_per_pull", 1, 1000},
                      {"max_attempts", 1, 10},
                      {"request_timeout_ms", 100, 600000},
                      {"connect_timeout_ms", 100, 60000},
                      {"retry_after_limit_seconds", 0, 3600},
                      {"window_days", 1, 366},
                      {"overlap_days", 0, 31},
                      {"lookback_days", 0, 1000},
                      {"first_pull_days", 1, 3660}};
  for (const Row& row : rows) {
    INFO(row.name);
    const auto ok = [&](std::int64_t value) {
      Json json = GoodManifest();
      json["limits"] = {{"page_body_limit_bytes", 536870912}, {"record_limit_bytes", 256}};
      json["limits"][row.name] = value;
      return ParseManifest(json).ok();
    };
    CHECK(ok(row.lowest));
    CHECK(ok(row.highest));
    CHECK_FALSE(ok(row.lowest - 1));
    CHECK_FALSE(ok(row.highest + 1));
  }
}
