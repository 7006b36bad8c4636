// Goal: what is put into a folder arrives once, whatever form it has and wherever a pull stops.
// Method: a real folder; pulls to the end, from every cursor, and after changes in between.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "connectors/filed_lists.h"
#include "core/json.h"
#include "tests/support/fake_http.h"
#include "tests/support/xlsx_maker.h"
#include "tests/support/zip_maker.h"
#include "tests/support/temp_folder.h"

using namespace mc;
using namespace mc::testing;

namespace {

namespace fs = std::filesystem;

struct Drop {
  explicit Drop(const std::string& format, bool own = false, std::int64_t per_page = 3) {
    Json records = {{"format", format}};
    if (format != "edxml") records["key"] = {"id"};
    if (format == "csv") records["delimiter"] = ";";
    if (format == "xml") records["path"] = "list/item";
    Json json = {{"schema", "minhchung/manifest@1"}, {"id", "drop"},        {"register", "drop"},
                 {"title", "t"},                     {"owner", "o"},        {"legal_basis", "l"},
                 {"assumptions", Json::array()},     {"kind", "file_drop"}, {"streams", {{{"id", "all"}}}},
                 {"records", records},               {"limits", {{"records_per_page", per_page}}},
                 {"lag_limit_minutes", 60},          {"expected_interval_minutes", 60}};
    if (own) json["subscription"] = "own";
    auto parsed = ParseManifest(json);
    REQUIRE_MESSAGE(parsed.ok(), (parsed.ok() ? "" : parsed.error().message));
    manifest = *parsed;
    Make();
  }
  // As after a restart.
  void Make() {
    SourceSettings settings;
    settings.folder = folder;
    auto made = MakeConnector(manifest, settings, {http, clock});
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message));
    connector = std::move(made).value();
  }
  void Put(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder + "/.new", std::ios::binary) << bytes;
    fs::rename(folder + "/.new", folder + "/" + name);
  }
  Pulled Pull(std::optional<Cursor> cursor = std::nullopt) { return PullAll(*connector, "all", std::move(cursor)); }

  test::TempFolder own_folder;
  std::string folder = own_folder.path.string();
  Manifest manifest;
  ManualClock clock{At("2100-01-01T00:00:00Z")};  // behind every file
  FakeHttpClient http{[](const HttpRequest&) { return Answered("", 500); }};
  std::unique_ptr<Connector> connector;
};

std::string Lines(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += R"({"id":")" + std::to_string(i) + "\"}\n";
  return text;
}

std::string DroppedIds(const Pulled& pulled) {
  std::string text;
  for (const std::string& id : pulled.ids) text += id + " ";
  return text;
}

}  // namespace

TEST_CASE("file drop: each format, plain and in an archive") {
  struct Case {
    const char* format;
    std::string one, two;
  };
  const Case cases[] = {{"json", R"([{"id":"1"},{"id":2}])", R"([{"id":"3"}])"},
                        {"ndjson", Lines(1, 3), Lines(3, 4)},
                        {"csv", "id;x\n1;a\n2;b\n", "id;x\r\n3;\"c;\nd\"\r\n"}};
  for (const Case& one : cases) {
    CAPTURE(std::string(one.format));
    Drop drop(one.format);
    drop.Put("a", one.one);
    drop.Put("b.zip", test::Zip({{"x", one.two, true}}));
    const Pulled pulled = drop.Pull();
    REQUIRE_FALSE(pulled.error);
    CHECK(DroppedIds(pulled) == "1 2 3 ");
    CHECK(pulled.unreadable.empty());
    CHECK(pulled.control_total == 3);
    CHECK(pulled.complete_through);
    CHECK(DroppedIds(drop.Pull(pulled.cursors.back())) == "");
  }
}

TEST_CASE("file drop: workbooks, plain and in an archive, packed or not") {
  const auto book = [](const char* id) {
    const std::string row = "<row><c t=\"str\"><v>" + std::string(id) + "</v></c></row>";
    return test::Book{.data = "<row><c t=\"str\"><v>id</v></c></row>" + row}.Bytes();
  };
  Drop drop("xlsx");
  drop.Put("a.xlsx", book("1"));
  drop.Put("b.zip", test::Zip({{"x.xlsx", book("2"), true}, {"y.xlsx", book("3")}}));
  drop.Put("c.zip", test::Zip({{"inner.zip", test::Zip({{"x.xlsx", book("4")}})}}));
  drop.Put("d.xlsx", "id\n5\n");
  const Pulled pulled = drop.Pull();
  REQUIRE_FALSE(pulled.error);
  CHECK(DroppedIds(pulled) == "1 2 3 ");
  std::string codes;
  for (const std::string& code : pulled.unreadable) codes += code + " ";
  CHECK(codes == "nested_zip not_xlsx ");
  CHECK_FALSE(pulled.complete_through);
}

TEST_CASE("file drop: from every cursor the rest, and nothing before it") {
  Drop drop("ndjson");
  drop.Put("a", Lines(0, 8));
  drop.Put("b", Lines(8, 10));
  drop.Put("c", Lines(10, 11));
  const Pulled whole = drop.Pull();
  REQUIRE(whole.ids.size() == 11);
  REQUIRE(whole.cursors.size() >= 4);
  std::size_t before = 0;
  std::optional<Cursor> cursor;
  for (const Cursor& next : whole.cursors) {
    drop.Make();
    const Pulled rest = drop.Pull(cursor);
    CHECK(rest.ids == std::vector<std::string>(whole.ids.begin() + static_cast<std::ptrdiff_t>(before), whole.ids.end()));
    drop.Make();
    before += drop.connector->Pull("all", cursor).value().records.size();
    cursor = next;
  }
  CHECK(before == whole.ids.size());
}

TEST_CASE("file drop: ours alone, a file goes to taken/ only when a stored cursor is behind it") {
  Drop drop("ndjson", true);
  drop.Put("a", Lines(0, 4));
  const auto first = drop.connector->Pull("all", std::nullopt).value();
  const auto second = drop.connector->Pull("all", first.next).value();
  CHECK(second.records.size() == 1);
  CHECK(fs::exists(drop.folder + "/a"));  // its end may not be committed yet
  drop.Make();                            // killed before the cursor was stored: read again
  CHECK(drop.connector->Pull("all", first.next).value().records.size() == 1);
  const auto third = drop.connector->Pull("all", second.next).value();
  CHECK(third.records.empty());
  CHECK(third.end);
  CHECK_FALSE(fs::exists(drop.folder + "/a"));
  CHECK(fs::exists(drop.folder + "/taken/a"));
}

TEST_CASE("file drop: a file replaced in mid-way is read from its beginning") {
  Drop drop("ndjson");
  drop.Put("a", Lines(0, 5));
  const auto first = drop.connector->Pull("all", std::nullopt).value();
  CHECK(first.records.size() == 3);
  drop.Put("a", Lines(20, 24));
  const Pulled rest = drop.Pull(first.next);
  CHECK(DroppedIds(rest) == "20 21 22 23 ");
}

TEST_CASE("file drop: a changed file under an old name is read again") {
  Drop drop("ndjson");
  drop.Put("a", Lines(0, 2));
  const Pulled first = drop.Pull();
  drop.Put("a", Lines(0, 3));
  CHECK(DroppedIds(drop.Pull(first.cursors.back())) == "0 1 2 ");
}

TEST_CASE("file drop: what is not understood is set aside as a whole, and the rest goes on") {
  Drop drop("json", false, 100);
  drop.Put("a", "<html><body>Lỗi</body></html>");
  drop.Put("b", R"([{"id":"1"},{"id":""},{"x":1},7])");
  drop.Put("c.zip", test::Zip({{"in.zip", test::Zip({{"x", "[]"}})}, {"bad", "{"}, {"good", R"([{"id":"2"}])"}}));
  drop.Put("d.zip", "PK\x03\x04 cut");
  const auto page = drop.connector->Pull("all", std::nullopt).value();
  std::string reasons;
  for (const auto& bad : page.unreadable) reasons += bad.reason.code + " ";
  CHECK(reasons == "bad_json missing_id missing_id not_an_object nested_zip bad_json bad_zip ");
  CHECK(page.unreadable[0].reason.message.find("an HTML page") != std::string::npos);
  CHECK(page.unreadable[0].record.bytes == "<html><body>Lỗi</body></html>");
  CHECK(page.unreadable[4].reason.field == "entry 0");
  CHECK(page.records.size() == 2);
  CHECK(page.end);
  CHECK_FALSE(page.complete_through);  // something was not understood
}

TEST_CASE("file drop: too large stays, at the limit is taken") {
  Drop drop("ndjson");
  drop.manifest.limits.page_body_limit_bytes = 1024;
  drop.Make();
  std::string at_limit = Lines(1, 2);
  at_limit += std::string(1024 - at_limit.size(), '\n');
  drop.Put("a", at_limit);
  drop.Put("b", at_limit + "\n");
  const Pulled pulled = drop.Pull();
  CHECK(DroppedIds(pulled) == "1 ");
  CHECK(pulled.notes == std::vector<std::string>{"file_too_large"});
  CHECK_FALSE(pulled.complete_through);
  CHECK(fs::exists(drop.folder + "/b"));
}

TEST_CASE("file drop: an empty folder is an empty pull, a missing one a failed pull") {
  Drop drop("ndjson");
  const Pulled empty = drop.Pull();
  CHECK_FALSE(empty.error);
  CHECK_FALSE(empty.complete_through);  // nobody was there who could say that nothing is missing
  fs::remove_all(drop.folder);
  const Pulled missing = drop.Pull(empty.cursors.back());
  REQUIRE(missing.error);
  CHECK(missing.error->code == "folder_missing");
  CHECK(drop.connector->Check().error().code == "folder_missing");
}

TEST_CASE("file drop: a bad row of a sheet costs itself only; a sheet of another source is told") {
  Drop drop("csv", false, 100);
  drop.Put("a", "id;x\n1;a\n2\n3;\"open\n4;\xff\n5;b\n");
  drop.Put("b", "ma;x\n1;a\n");
  const auto page = drop.connector->Pull("all", std::nullopt).value();
  std::string rows;
  for (const auto& record : page.records) rows += record.bytes + "|";
  CHECK(rows == "id;x\n1;a|id;x\n5;b|");
  REQUIRE(page.unreadable.size() == 4);
  CHECK(page.unreadable[0].reason.code == "wrong_field_count");
  CHECK(page.unreadable[0].reason.rule == "2 columns, line 3");
  CHECK(page.unreadable[1].reason.code == "bad_csv");
  CHECK(page.unreadable[2].reason.code == "bad_utf8");
  CHECK(page.unreadable[3].reason.message.find("no column \"id\"") != std::string::npos);
  CHECK(page.records[0].facts.at("csv_delimiter") == ";");
}

TEST_CASE("file drop: a file of tomorrow completes nothing that is still to come") {
  Drop drop("ndjson");
  drop.Put("a", Lines(0, 1));
  drop.clock.Set(At("2020-01-01T00:00:00Z"));
  const Pulled pulled = drop.Pull();
  CHECK(DroppedIds(pulled) == "0 ");
  CHECK(pulled.complete_through == At("2020-01-01T00:00:00Z"));
  CHECK(pulled.notes == std::vector<std::string>{"sender_clock_ahead"});
  CHECK_FALSE(drop.Pull(pulled.cursors.back()).error);
  drop.clock.Set(At("2019-12-31T23:59:59Z"));
  const Pulled refused = drop.Pull(pulled.cursors.back());
  REQUIRE(refused.error);
  CHECK(refused.error->code == "future_cursor");
}

namespace {

// One list of `total` in files; ids [from, to) in each.
std::string PageOf(int total, int from, int to) {
  std::string rows;
  for (int i = from; i < to; ++i) rows += (i > from ? "," : "") + (R"({"id":")" + std::to_string(i) + "\"}");
  return R"({"total":)" + std::to_string(total) + ",\"items\":[" + rows + "]}";
}

struct ListDrop : Drop {
  ListDrop() : Drop("json", false, 100) {
    manifest.records->path = {"items"};
    manifest.records->total = {"total"};
    Make();
  }
  // What a pull says of completeness; it goes on behind the last one.
  std::string Says() {
    const Pulled pulled = Pull(last);
    REQUIRE_FALSE(pulled.error);
    last = pulled.cursors.back();
    std::string text = pulled.complete_through ? "complete" : "not complete";
    for (const std::string& note : pulled.notes) text += " " + note;
    return text;
  }
  std::optional<Cursor> last;
};

}  // namespace

TEST_CASE("file drop: pages of a longer list complete nothing until all of them are there") {
  ListDrop drop;
  drop.Put("whole", PageOf(2, 0, 2));
  CHECK(drop.Says() == "complete");
  drop.Put("a", PageOf(5, 10, 12));
  CHECK(drop.Says() == "not complete pages_missing");
  CHECK(drop.Says() == "not complete pages_missing");  // nor does the next pull, which finds nothing new
  drop.Make();                                         // nor after a restart
  drop.Put("a-again", PageOf(5, 10, 12));              // the same page under another name
  CHECK(drop.Says() == "not complete pages_missing");
  drop.Put("b", PageOf(5, 12, 14));
  CHECK(drop.Says() == "not complete pages_missing");
  drop.Put("c", PageOf(5, 14, 15));
  CHECK(drop.Says() == "complete");
  CHECK(drop.Says() == "complete");
}

TEST_CASE("file drop: pages that overlap do not say what is missing; a whole list put in later does") {
  ListDrop drop;
  drop.Put("a", PageOf(4, 0, 3));
  drop.Put("b", PageOf(4, 1, 3));
  CHECK(drop.Says() == "not complete pages_missing");
  drop.Put("c", PageOf(9, 0, 2));  // another list
  drop.Put("d", PageOf(0, 0, 0));  // an empty list is no answer
  CHECK(drop.Says() == "not complete pages_missing");
  drop.Put("e", PageOf(5, 0, 5));
  CHECK(drop.Says() == "complete");
}

TEST_CASE("file drop: the pages of a list in one archive, and how many records it lacks") {
  ListDrop drop;
  drop.Put("a", mc::test::Zip({{"1.json", PageOf(5, 0, 2)}, {"2.json", PageOf(5, 2, 4)}}));
  const Pulled less = drop.Pull();
  CHECK(less.notes == std::vector<std::string>{"pages_missing"});
  CHECK(less.control_total == 5);
  drop.Put("b", PageOf(5, 4, 5));
  const Pulled all = drop.Pull(less.cursors.back());
  CHECK(all.notes.empty());
  CHECK(all.control_total == 1);
}

TEST_CASE("filed lists: at their limits and one past") {
  FiledLists lists;
  for (std::size_t i = 0; i < kOpenLists + 1; ++i) lists.Add(static_cast<std::int64_t>(100 + i), 50, "p");
  CHECK(lists.Missing() == 16 * 50 + 120);
  const Json kept = lists.ToJson();
  CHECK(FiledLists::Read(JsonAt(kept)).value().Missing() == lists.Missing());
  lists.Add(7, 7, "whole");
  CHECK(lists.Whole());
  for (std::size_t i = 0; i < kPagesOfAList; ++i) lists.Add(2002, 1, std::to_string(i));
  CHECK(lists.Missing() == 2);
  lists.Add(2002, 1, "one past");
  CHECK(lists.Missing() == 2);
}

TEST_CASE("file drop: a cursor of somebody else is refused") {
  Drop drop("ndjson");
  for (const char* text : {"x", "{}", R"({"v":2})", R"({"v":1,"committed":-1,"done":[],"through":0,"gap":false})"}) {
    const auto page = drop.connector->Pull("all", Cursor{text});
    REQUIRE_FALSE(page.ok());
    CHECK(page.error().code == "bad_cursor");
  }
}
