// Goal: exact slices, a bad record never hides a good one, and a document that is not whole
// gives nothing.
// Method: tables of documents; slices are compared byte by byte.

#include <doctest/doctest.h>

#include "connectors/split.h"

using namespace mc;

namespace {

RecordSpec JsonSpec() {
  RecordSpec spec;
  spec.path = {"data", "items"};
  spec.key = {{"id"}, {"unit", "code"}};
  spec.prefix = "m|";
  spec.time = {"at"};
  spec.time_format = "iso";
  spec.order = RecordOrder::kAscending;
  spec.total = {"meta", "total"};
  return spec;
}

RecordContext JsonContext() { return {"water", "water", "requests", 1000, Instant{7}, {{"unit", "H26.1"}}}; }

Result<SplitAnswer> Split(const RecordSpec& spec, std::string_view bytes, Page& page) {
  return SplitDocument(spec, bytes, JsonContext(), {"meta/next", "ok"}, page);
}

}  // namespace

TEST_CASE("slices are the bytes of the answer, with id, time, facts, total and what was wanted") {
  const std::string first = R"({ "id":7, "unit":{"code":" H26.1 "}, "at":"2026-06-01T08:00:00+07:00", "x":1e999 })";
  const std::string second = R"({"unit":{"code":"H26.2"},"id":"é\u0041\ud83d\ude00","at":"sau"})";
  const std::string body = "\xEF\xBB\xBF {\"ok\": true,\"data\" : {\"n\":[],\"items\":[ " + first + " ,\n" + second +
                           "]},\"meta\":{\"total\":\"2\",\"next\":\"a\\/b\"}}";
  Page page;
  const auto answer = Split(JsonSpec(), body, page);
  REQUIRE(answer.ok());
  CHECK(answer->has_rows);
  CHECK(answer->total == 2);
  CHECK(answer->fields.at("meta/next") == "a/b");
  CHECK(answer->fields.at("ok") == "true");
  CHECK_FALSE(answer->order_broken);
  CHECK(answer->marks.size() == 2);
  REQUIRE(page.records.size() == 2);
  CHECK(page.records[0].bytes == first);
  CHECK(page.records[0].key.native_id == "m|7|H26.1");
  CHECK(page.records[0].occurred_at == ParseInstant("2026-06-01T01:00:00Z").value());
  CHECK(page.records[0].facts.at("unit") == "H26.1");
  CHECK(page.records[1].bytes == second);
  CHECK(page.records[1].key.native_id == "m|éA😀|H26.2");
  CHECK_FALSE(page.records[1].occurred_at.has_value());
}

TEST_CASE("a bad record is set aside with its bytes and reason; those beside it stay") {
  const std::string good = R"({"id":1,"unit":{"code":"a"}})";
  struct Row {
    std::string bytes;
    const char* code;
  };
  const Row rows[] = {{R"({"id":-01,"unit":{"code":"a"}})", "bad_json"},
                      {R"({"id":1 "unit":{"code":"a"}})", "bad_json"},
                      {R"({"id":"\x","unit":{"code":"a"}})", "bad_json"},
                      {R"({"id":"\ud800","unit":{"code":"a"}})", "bad_json"},
                      {"{\"id\":\"a\tb\",\"unit\":{\"code\":\"a\"}}", "bad_json"},
                      {R"({"id":1,"unit":{"code":tru}})", "bad_json"},
                      {"{\"id\":\"\xFF\",\"unit\":{\"code\":\"a\"}}", "bad_utf8"},
                      {R"({"id":1,"unit":{}})", "missing_id"},
                      {R"({"id":null,"unit":{"code":"a"}})", "missing_id"},
                      {R"({"id":[1],"unit":{"code":"a"}})", "missing_id"},
                      {R"("text")", "not_an_object"},
                      {R"({"id":1,"unit":{"code":"a"},"x":")" + std::string(1000, 'x') + "\"}", "record_too_large"}};
  for (const Row& row : rows) {
    INFO(row.bytes);
    Page page;
    const auto answer = Split(JsonSpec(), "{\"data\":{\"items\":[" + good + "," + row.bytes + "," + good + "]}}", page);
    REQUIRE(answer.ok());
    CHECK(page.records.size() == 2);
    REQUIRE(page.unreadable.size() == 1);
    CHECK(page.unreadable[0].reason.code == row.code);
    CHECK(page.unreadable[0].record.bytes == row.bytes);
    CHECK(answer->marks.size() == 3);
  }
}

// Whether 006 may be read as a text is for the rule file to say, so the bytes pass as they are.
TEST_CASE("a number with a leading zero is left to the rules") {
  Page page;
  const std::string record = R"({"id":1,"unit":{"code":"a"},"service_code":006})";
  REQUIRE(Split(JsonSpec(), "{\"data\":{\"items\":[" + record + "]}}", page).ok());
  REQUIRE(page.records.size() == 1);
  CHECK(page.records[0].bytes == record);
}

TEST_CASE("a record at its size limit is taken") {
  const std::string head = R"({"id":1,"unit":{"code":"a"},"x":")";
  const std::string record = head + std::string(1000 - head.size() - 2, 'x') + "\"}";
  REQUIRE(record.size() == 1000);
  Page page;
  REQUIRE(Split(JsonSpec(), "{\"data\":{\"items\":[" + record + "]}}", page).ok());
  CHECK(page.records.size() == 1);
}

TEST_CASE("a document that is not whole gives nothing") {
  const std::string good = R"({"data":{"items":[{"id":1,"unit":{"code":"a"}},{"id":2,"unit":{"code":"a"}}]}})";
  for (std::size_t length = 0; length < good.size(); ++length) {
    Page page;
    const auto answer = Split(JsonSpec(), good.substr(0, length), page);
    INFO(length);
    CHECK_FALSE(answer.ok());
    CHECK(page.records.empty());
  }
  for (const char* tail : {"x", "{}", "]", ","}) {
    Page page;
    CHECK_FALSE(Split(JsonSpec(), good + tail, page).ok());
  }
  Page page;
  const auto broken = Split(JsonSpec(), R"({"data":{"items":[{"id":1,"unit":{"code":"a"}} {"id":2}]}})", page);
  REQUIRE_FALSE(broken.ok());
  CHECK(broken.error().code == "bad_json");
  CHECK(page.records.empty());
}

TEST_CASE("where the list is: nothing, null, one object, the document itself") {
  struct Row {
    const char* body;
    bool has_rows;
    std::size_t records;
  };
  const Row rows[] = {{R"({"data":{}})", false, 0},
                      {R"({"data":null})", false, 0},
                      {R"({"data":{"items":null}})", true, 0},
                      {R"({"data":{"items":[]}})", true, 0},
                      {R"({"data":{"items":{"id":1,"unit":{"code":"a"}}}})", true, 1}};
  for (const Row& row : rows) {
    INFO(row.body);
    Page page;
    const auto answer = Split(JsonSpec(), row.body, page);
    REQUIRE(answer.ok());
    CHECK(answer->has_rows == row.has_rows);
    CHECK(page.records.size() == row.records);
  }
  RecordSpec bare = JsonSpec();
  bare.path.clear();
  Page page;
  REQUIRE(Split(bare, R"([{"id":1,"unit":{"code":"a"}}])", page).ok());
  CHECK(page.records.size() == 1);
}

TEST_CASE("nesting holds at its limit and not one past it") {
  const auto body = [](std::size_t depth) {
    return R"({"data":{"items":[{"id":1,"unit":{"code":"a"},"x":)" + std::string(depth - 4, '[') +
           std::string(depth - 4, ']') + "}]}}";
  };
  Page page;
  CHECK(Split(JsonSpec(), body(kSplitDepthLimit), page).ok());
  CHECK(page.records.size() == 1);
  CHECK_FALSE(Split(JsonSpec(), body(kSplitDepthLimit + 1), page).ok());
}

TEST_CASE("a promise of order that is broken is seen, in both directions") {
  const auto body = [](const char* first, const char* second) {
    const auto record = [](const std::string& at) { return R"({"id":1,"unit":{"code":"a"},"at":")" + at + "\"}"; };
    return "{\"data\":{\"items\":[" + record(first) + "," + record(second) + "]}}";
  };
  const char* early = "2026-06-01T00:00:00Z";
  const char* late = "2026-06-02T00:00:00Z";
  for (const RecordOrder order : {RecordOrder::kAscending, RecordOrder::kDescending, RecordOrder::kNone}) {
    RecordSpec spec = JsonSpec();
    spec.order = order;
    Page page;
    CHECK(Split(spec, body(early, late), page)->order_broken == (order == RecordOrder::kDescending));
    CHECK(Split(spec, body(late, early), page)->order_broken == (order == RecordOrder::kAscending));
    CHECK_FALSE(Split(spec, body(late, late), page)->order_broken);
  }
}

TEST_CASE("ids of every format are bounded, and a record without a good one is kept") {
  RecordSpec spec;
  spec.key = {{"id"}};
  const std::string at(kNativeIdLimitBytes, 'x');
  struct Row {
    RecordFormat format;
    const char *front, *end;  // around the id
  };
  const Row rows[] = {{RecordFormat::kJson, "[{\"id\":\"", "\"}]"},
                      {RecordFormat::kNdjson, "{\"id\":\"", "\"}\n"},
                      {RecordFormat::kCsv, "id,a\n\"", "\",1\n"},
                      {RecordFormat::kXml, "<list><r><id>", "</id></r></list>"}};
  for (const Row& row : rows) {
    CAPTURE(std::string(Name(row.format)));
    spec.format = row.format;
    spec.path = row.format == RecordFormat::kXml ? ValuePath{"list", "r"} : ValuePath{};
    Page page;
    REQUIRE(Split(spec, row.front + at + row.end, page).ok());
    CHECK(page.records.size() == 1);
    REQUIRE(Split(spec, row.front + at + "x" + row.end, page).ok());
    CHECK(page.records.size() == 1);
    REQUIRE(page.unreadable.size() == 1);
    CHECK(page.unreadable[0].reason.code == "bad_id");
    CHECK(page.unreadable[0].reason.field == "id");
    CHECK(page.unreadable[0].record.key.native_id == HashId(page.unreadable[0].record.bytes));
    // Bytes that are not UTF-8 never become an id.
    REQUIRE(Split(spec, std::string(row.front) + "\xFF" + row.end, page).ok());
    REQUIRE(page.unreadable.size() == 2);
    CHECK(page.unreadable[1].reason.code == "bad_utf8");
    CHECK(page.unreadable[1].record.key.native_id == HashId(page.unreadable[1].record.bytes));
  }
}

TEST_CASE("the records of one document are counted: at the limit taken, one past it nothing is") {
  struct Row {
    RecordFormat format;
    const char *front, *record, *end;
  };
  const Row rows[] = {{RecordFormat::kJson, "[{}", ",{}", "]"},
                      {RecordFormat::kNdjson, "{}", "\n{}", ""},
                      {RecordFormat::kCsv, "id,\n1,", "\n1,", ""},
                      {RecordFormat::kXml, "<l><r/>", "<r/>", "</l>"}};
  for (const Row& row : rows) {
    CAPTURE(std::string(Name(row.format)));
    RecordSpec spec;
    spec.format = row.format;
    spec.key = {{"id"}};
    if (row.format == RecordFormat::kXml) spec.path = {"l", "r"};
    std::string body = row.front;
    for (std::size_t i = 1; i < kRowsLimit; ++i) body += row.record;
    Page page;
    REQUIRE(Split(spec, body + row.end, page).ok());
    CHECK(page.records.size() + page.unreadable.size() == kRowsLimit);
    Page over;
    const auto refused = Split(spec, body + row.record + row.end, over);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == "too_many_rows");
    CHECK(over.records.size() + over.unreadable.size() == 0);
  }
}
