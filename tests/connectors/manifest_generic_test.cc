// Goal: the sections of the generic kinds are read strictly, and a stream read by time says
// what it relies on.
// Method: start from a good manifest, break one thing, compare code and place.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "connectors/manifest.h"

using namespace mc;

namespace {

Json Good() {
  return Json::parse(R"({"schema":"minhchung/manifest@1","id":"water","register":"water","title":"Nước",
    "owner":"Công ty","legal_basis":"-","assumptions":[],"kind":"http_json",
    "endpoints":{"read":{"method":"GET","path":"/v1/requests","success":{"status":[200],"field":"a/b","equals":["0"],
                         "empty":"error/code"}},
                 "token":{"method":"POST","path":"/token"}},
    "streams":[{"id":"requests","argument":"r"},
               {"id":"steps","records":{"format":"json","path":"steps","key":["id"],"order":"none"}}],
    "auth":{"kind":"oauth2","endpoint":"token","client_id":"client","secret":"client_secret","scope":"read"},
    "request":{"parameters":{"city":"hn"},"argument":"type","unit":"org","body":"query",
               "window":{"from":"from","to":"to","format":"iso","end":"excluded","selects":"changed"}},
    "paging":{"kind":"cursor","send":"after","read":"meta/next","size":"limit"},
    "records":{"format":"json","path":"data/items","key":["id","unit/code"],"prefix":"r|","time":"changed",
               "time_format":"iso","order":"ascending","total":"meta/total"},
    "limits":{"overlap_days":1,"lookback_days":3},"lag_limit_minutes":60,"expected_interval_minutes":15})");
}

Json Broken(const std::string& pointer, const std::string& value) {
  Json json = Good();
  const Json::json_pointer at(pointer);
  if (value == "-") {
    json.at(at.parent_pointer()).erase(at.back());
  } else {
    json[at] = Json::parse(value);
  }
  return json;
}

}  // namespace

TEST_CASE("the sections are read") {
  const auto manifest = ParseManifest(Good());
  REQUIRE_MESSAGE(manifest.ok(), (manifest.ok() ? "" : manifest.error().message));
  CHECK(manifest->request.window->selects == WindowSelects::kChanged);
  CHECK(manifest->request.parameters.front().second == "hn");
  CHECK(manifest->paging.kind == PagingKind::kCursor);
  CHECK(manifest->paging.read == "meta/next");
  CHECK(manifest->endpoints.at("read").success->empty == "error/code");
  CHECK(manifest->auth.Secrets() == std::vector<std::string>{"client", "client_secret"});
  const RecordSpec& spec = SpecOf(*manifest, manifest->streams[0]);
  CHECK(spec.path == ValuePath{"data", "items"});
  CHECK(spec.key.size() == 2);
  CHECK(spec.order == RecordOrder::kAscending);
  CHECK(SpecOf(*manifest, manifest->streams[1]).path == ValuePath{"steps"});
  CHECK(manifest->streams[1].endpoint == "read");
}

TEST_CASE("refusals name the place") {
  struct Row {
    const char* pointer;
    const char* value;  // "-" takes the member away
    const char* code;
    const char* in_message;
  };
  const Row rows[] = {
      {"/records", "-", "missing_key", "records"},
      {"/records/ordr", "\"none\"", "unknown_key", "order"},
      {"/records/format", "\"xml\"", "bad_format", "/records/format"},
      {"/records/key", "[]", "empty_list", "/records/key"},
      {"/records/path", "\"data//items\"", "bad_path", "/records/path"},
      {"/records/time_format", "-", "missing_key", "time_format"},
      {"/records/time_format", "\"yyyy-dd\"", "bad_format", "/records/time_format"},
      {"/records/time", "-", "bad_records", "time_format"},
      {"/records/namespace", "\"urn:x\"", "bad_records", "/records/namespace"},
      {"/records/order", "-", "no_order_guarantee", "records.order"},
      {"/streams/1/records/order", "-", "no_order_guarantee", "steps"},
      {"/limits/overlap_days", "-", "no_order_guarantee", "overlap_days"},
      {"/limits/overlap_days", "0", "no_order_guarantee", "overlap_days"},
      {"/request/window/end", "\"open\"", "unknown_name", "/request/window/end"},
      {"/request/window/selects", "-", "missing_key", "selects"},
      {"/request/numbers", "\"text\"", "bad_request", "/request/numbers"},
      {"/request/paramters", "{}", "unknown_key", "parameters"},
      {"/request/parameters/x", "1", "not_text", "/request/parameters/x"},
      {"/paging/kind", "\"curser\"", "unknown_name", "cursor"},
      {"/paging/page", "\"p\"", "unknown_key", "/paging"},
      {"/paging/read", "-", "bad_paging", "read_header"},
      {"/paging/read_header", "\"X-Next\"", "bad_paging", "read_header"},
      {"/paging/send", "-", "missing_key", "send"},
      {"/streams/0/endpoint", "\"raed\"", "unknown_name", "raed"},
      {"/endpoints", "{}", "missing_key", "/endpoints"},
      {"/endpoints/read/success", "{}", "no_test", "/endpoints/read/success"},
      {"/endpoints/read/success/status", "[100]", "out_of_range", "/endpoints/read/success/status/0"},
      {"/auth/endpoint", "\"read\"", "bad_auth", "POST"},
      {"/auth/header", "\"X\"", "bad_auth", "takes no"},
      {"/auth/client_id", "-", "missing_key", "client_id"},
      {"/auth/leeway_seconds", "601", "out_of_range", "leeway_seconds"},
      {"/auth", R"({"kind":"headers","headers":{}})", "too_many", "/auth/headers"},
      {"/auth", R"({"kind":"headers","headers":{"a b":"x"}})", "bad_header", "/auth/headers"},
      {"/auth", R"({"kind":"hmac","secret":"k","signature":"S","signed":["t"]})", "bad_auth", "timestamp"},
      {"/kind", "\"inbox\"", "unknown_key", "takes no"},
      {"/kind", "\"qlnv_tasks\"", "unknown_key", "takes no"}};
  for (const Row& row : rows) {
    const auto manifest = ParseManifest(Broken(row.pointer, row.value));
    INFO(row.pointer, " = ", row.value);
    REQUIRE_FALSE(manifest.ok());
    CHECK(manifest.error().error_class == ErrorClass::kConfig);
    CHECK_MESSAGE(manifest.error().code == row.code, manifest.error().message);
    CHECK_MESSAGE(manifest.error().message.find(row.in_message) != std::string::npos, manifest.error().message);
  }
}

TEST_CASE("a window by creation states how long records change; without a window nothing is asked") {
  Json json = Broken("/request/window/selects", "\"created\"");
  CHECK(ParseManifest(json).ok());
  json["limits"].erase("lookback_days");
  const auto refused = ParseManifest(json);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "no_order_guarantee");
  json["limits"]["lookback_days"] = 0;
  CHECK(ParseManifest(json).ok());
  json = Broken("/request/window", "-");
  json["records"].erase("order");
  json["streams"][1]["records"].erase("order");
  CHECK(ParseManifest(json).ok());
}

TEST_CASE("kinds of files and pushes take records alone") {
  for (const char* kind : {"file_drop", "inbox"}) {
    Json json = Broken("/kind", "\"" + std::string(kind) + "\"");
    for (const char* key : {"endpoints", "auth", "request", "paging"}) json.erase(key);
    json["records"]["format"] = "csv";
    const auto manifest = ParseManifest(json);
    REQUIRE_MESSAGE(manifest.ok(), (manifest.ok() ? "" : manifest.error().message));
    CHECK(manifest->records->format == RecordFormat::kCsv);
  }
}

TEST_CASE("a session needs a JSON body and a field that tells its end") {
  Json good = Good();
  good["request"]["body"] = "json";
  good["endpoints"] = Json::parse(R"({
    "read":{"method":"POST","path":"/g","success":{"field":"error_code","equals":["0"]}},
    "login":{"method":"POST","path":"/login","success":{"field":"error_code","equals":["0"]}}})");
  good["auth"] = Json::parse(R"({"kind":"session","endpoint":"login","user":"user","secret":"password",
    "headers":{"dstcode":"code"},"ended":["-1","-2"]})");
  const auto manifest = ParseManifest(good);
  REQUIRE_MESSAGE(manifest.ok(), (manifest.ok() ? "" : manifest.error().message));
  CHECK(manifest->auth.ended == std::vector<std::string>{"-1", "-2"});
  CHECK(manifest->auth.Secrets() == std::vector<std::string>{"code", "password", "user"});

  struct Row {
    const char* pointer;
    const char* value;  // "-" takes the member away
    const char* code;
    const char* in_message;
  };
  const Row rows[] = {{"/request/body", "\"form\"", "bad_auth", "body"},
                      {"/endpoints/read/method", "\"GET\"", "bad_auth", "\"read\""},
                      {"/endpoints/read/success", "-", "bad_auth", "\"read\""},
                      {"/endpoints/login/success", "{\"status\":[200]}", "bad_auth", "\"login\""},
                      {"/auth/endpoint", "\"logon\"", "bad_auth", "POST"},
                      {"/auth/endpoint", "-", "missing_key", "endpoint"},
                      {"/auth/user", "-", "missing_key", "user"},
                      {"/auth/ended", "[]", "empty_list", "/auth/ended"},
                      {"/auth/leeway_seconds", "1", "bad_auth", "takes no"}};
  for (const Row& row : rows) {
    INFO(row.pointer, " = ", row.value);
    Json json = good;
    const Json::json_pointer at(row.pointer);
    if (std::string(row.value) == "-") {
      json.at(at.parent_pointer()).erase(at.back());
    } else {
      json[at] = Json::parse(row.value);
    }
    const auto refused = ParseManifest(json);
    REQUIRE_FALSE(refused.ok());
    CHECK_MESSAGE(refused.error().code == row.code, refused.error().message);
    CHECK_MESSAGE(refused.error().message.find(row.in_message) != std::string::npos, refused.error().message);
  }
}
