// Goal: one row or message becomes one record, or one unreadable record with its bytes.
// Method: tables per quirk, each limit at it and one past it.

#include "connectors/records.h"

#include <doctest/doctest.h>

#include "core/digest.h"

using namespace mc;

namespace {

RecordContext Context(std::int64_t limit = 1000) {
  return {"source", "reg", "stream", limit, Instant{5}, {{"k", "v"}}};
}

Page TakeJson(const std::string& row, const RecordId& id, std::int64_t limit = 1000) {
  const std::string body = "[" + row + "]";
  const auto split = SplitJson(body, {"data", "total"});
  REQUIRE(split.ok());
  Page page;
  for (const JsonRow& r : split->rows) TakeRow(Context(limit), id, r, page);
  return page;
}

}  // namespace

TEST_CASE("a row becomes a record under its native id") {
  struct Row {
    const char* json;
    RecordId id;
    const char* native;
  };
  const Row rows[] = {
      {R"({"PhanAnhID":12})", {"", {"PhanAnhID"}}, "12"},
      {R"({"PhanAnhID":" 12 \n"})", {"", {"PhanAnhID"}}, "12"},
      {R"({"MaHoSo":"000.00.05.H26-260601-00001"})", {"hs|", {"MaHoSo"}}, "hs|000.00.05.H26-260601-00001"},
      {R"({"TrangThai":9,"MaHoSo":"A","ThoiDiemXuLy":"20260601080000"})",
       {"td|", {"MaHoSo", "ThoiDiemXuLy", "TrangThai"}},
       "td|A|20260601080000|9"},
  };
  for (const Row& row : rows) {
    const Page page = TakeJson(row.json, row.id);
    REQUIRE(page.records.size() == 1);
    const SourceRecord& record = page.records[0];
    CHECK(record.key.native_id == row.native);
    CHECK(record.key.register_id == "reg");
    CHECK(record.bytes == row.json);
    CHECK(record.key.digest == Sha256(row.json));
    CHECK(record.media_type == "application/json");
    CHECK(record.facts.at("k") == "v");
  }
}

TEST_CASE("a row that cannot be taken keeps its bytes and says why") {
  struct Row {
    const char* json;
    const char* code;
    const char* field;
  };
  const Row rows[] = {
      {R"({"x":1})", "missing_id", "MaHoSo"},
      {R"({"MaHoSo":null,"T":"1"})", "missing_id", "MaHoSo"},
      {R"({"MaHoSo":"  ","T":"1"})", "missing_id", "MaHoSo"},
      {R"({"MaHoSo":"1"})", "missing_id", "T"},
      {R"("text")", "not_an_object", ""},
      {R"([1])", "not_an_object", ""},
      {"{\"MaHoSo\":\"1\",\"T\":\"\xFF\"}", "bad_utf8", ""},
  };
  for (const Row& row : rows) {
    INFO(row.json);
    const Page page = TakeJson(row.json, {"td|", {"MaHoSo", "T"}});
    CHECK(page.records.empty());
    REQUIRE(page.unreadable.size() == 1);
    CHECK(page.unreadable[0].reason.code == row.code);
    CHECK(page.unreadable[0].reason.field == row.field);
    CHECK(page.unreadable[0].record.bytes == row.json);
  }
  CHECK(TakeJson("{}", {"", {"id"}}).unreadable[0].record.key.native_id == "sha256:" + ToHex(Sha256("{}")));
}

TEST_CASE("the record limit: at it a record, one byte past it unreadable") {
  const std::string row = R"({"id":"1","x":"abcdef"})";
  const auto size = static_cast<std::int64_t>(row.size());
  CHECK(TakeJson(row, {"", {"id"}}, size).records.size() == 1);
  const Page over = TakeJson(row, {"", {"id"}}, size - 1);
  REQUIRE(over.unreadable.size() == 1);
  CHECK(over.unreadable[0].reason.code == "record_too_large");
  CHECK(over.unreadable[0].record.key.native_id == "1");
  CHECK(over.unreadable[0].record.bytes == row);
}

TEST_CASE("a native id is bounded: length, control characters, UTF-8") {
  const auto row = [](const std::string& id) { return "{\"id\":\"" + id + "\"}"; };
  const auto take = [](const std::string& json, const std::string& prefix = "") {
    return TakeJson(json, {prefix, {"id"}}, 10'000);
  };
  const std::string at(kNativeIdLimitBytes, 'x');
  REQUIRE(take(row(at)).records.size() == 1);
  CHECK(take(row(at)).records[0].key.native_id == at);
  CHECK(take(row(at.substr(3)), "td|").records.size() == 1);
  CHECK(take(row("Số 7\\u00a0/UB")).records.size() == 1);
  for (const std::string& bad : {at + "x", std::string("a\\u0000b"), std::string("a\\nb"), std::string("a\\u007f"),
                                 std::string("a\\u009b31m"), std::string("a\xC2\x80")}) {
    CAPTURE(bad);
    const Page page = take(row(bad));
    CHECK(page.records.empty());
    REQUIRE(page.unreadable.size() == 1);
    CHECK(page.unreadable[0].reason.code == "bad_id");
    CHECK(page.unreadable[0].reason.field == "id");
    CHECK(page.unreadable[0].record.bytes == row(bad));
    CHECK(page.unreadable[0].record.key.native_id == HashId(row(bad)));
  }
  CHECK(take(row(at.substr(2)), "td|").unreadable.size() == 1);
  // Another fault is named first, but the id is no better for it.
  const Page two = TakeJson(row(at + "x"), {"", {"id"}}, 100);
  CHECK(two.unreadable.at(0).reason.code == "record_too_large");
  CHECK(two.unreadable.at(0).record.key.native_id == HashId(row(at + "x")));
}

TEST_CASE("edXML messages") {
  struct Row {
    const char* xml;
    const char* code;  // empty: a record
  };
  const Row rows[] = {
      {"<edXML:edXML xmlns:edXML=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"><a/></edXML:edXML>", ""},
      {"\xEF\xBB\xBF"
       "1212<?xml version=\"1.0\"?>\r\n<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"></edXML>\n",
       ""},
      {"<EdXMLEnvelope xmlns=\"http://www.go.vn/eDoc\"></EdXMLEnvelope>", ""},
      {"<edXML xmlns=\"http://www.e-doc.vn/Schema/\"></edXML>", "unsupported_dialect"},
      {"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><a "
       "xmlns=\"http://www.e-doc.vn/Schema/\"/></s:Body></s:Envelope>",
       "unsupported_dialect"},
      {"<Envelope></Envelope>", "unknown_vocabulary"},
      {"<edXML><a>", "bad_xml"},
      {"<?xml version=\"1.0\"?>", "bad_xml"},
      {"no xml at all", "bad_xml"},
  };
  for (const Row& row : rows) {
    INFO(row.xml);
    Page page;
    TakeEdxml(Context(), row.xml, page);
    REQUIRE(page.records.size() + page.unreadable.size() == 1);
    const bool taken = std::string(row.code).empty();
    REQUIRE(page.records.size() == (taken ? 1 : 0));
    const SourceRecord& record = taken ? page.records[0] : page.unreadable[0].record;
    CHECK(record.bytes == row.xml);
    CHECK(record.key.native_id == ToHex(Sha256(row.xml)));
    if (!taken) CHECK(page.unreadable[0].reason.code == row.code);
  }
}
