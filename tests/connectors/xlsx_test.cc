// Goal: the rows of real workbooks, as texts that mean what the cells show, and limits that hold.
// Method: workbooks of one sheet, written part by part; one table row per quirk.
#include "connectors/xlsx.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "connectors/split_sheet.h"
#include "connectors/xlsx_value.h"
#include "core/csv.h"
#include "core/digest.h"
#include "tests/support/xlsx_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

// "2:a|b / 3:c" ; "!" in front of a cell with a fault.
std::string SheetRows(const Result<XlsxSheet>& sheet) {
  if (!sheet.ok()) return sheet.error().code;
  std::string all;
  for (const XlsxRow& row : sheet->rows) {
    all += (all.empty() ? "" : " / ") + std::to_string(row.number) + ":";
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      all += i ? "|" : "";
      if (row.cells[i].fault != CellFault::kNone) all += "!" + std::to_string(static_cast<int>(row.cells[i].fault));
      all += row.cells[i].text;
    }
  }
  return all;
}

std::string ReadBook(const Book& book) { return SheetRows(ReadXlsx(book.Bytes(), "")); }
std::string Cells(const std::string& cells) { return ReadBook({.data = "<row>" + cells + "</row>"}); }

RecordSpec SheetSpec() {
  RecordSpec spec;
  spec.format = RecordFormat::kXlsx;
  spec.key = {{"Mã"}};
  return spec;
}

struct Taken {
  Result<SplitAnswer> answer = SplitAnswer{};
  Page page;
  std::string Error() const { return answer.ok() ? "" : answer.error().code + ": " + answer.error().message; }
};

Taken Take(const std::string& bytes, const RecordSpec& spec = SheetSpec()) {
  Taken taken;
  taken.answer = SplitDocument(spec, bytes, {"s", "r", "all", 1 << 20, Instant{1}, {}}, {}, taken.page);
  return taken;
}

std::string Row(std::initializer_list<const char*> texts) {
  std::string row = "<row>";
  for (const char* text : texts) row += "<c t=\"str\"><v>" + std::string(text) + "</v></c>";
  return row + "</row>";
}

}  // namespace

TEST_CASE("xlsx: what a cell stands for") {
  struct Case {
    const char* cells;
    const char* rows;
  };
  const Case cases[] = {
      {R"(<c t="s"><v>0</v></c><c t="s"><v>1</v></c>)", "1:một|hai phần"},            // shared: plain, rich
      {R"(<c t="s"><v>2</v></c>)", "1:chữ"},                                          // its reading left out
      {R"(<c t="s"><v>9</v></c>)", "bad_xlsx"},                                       // not there
      {R"(<c t="inlineStr"><is><t>a</t></is></c>)", "1:a"},
      {R"(<c t="inlineStr"><is><r><t>a</t></r><r><t xml:space="preserve"> b</t></r></is></c>)", "1:a b"},
      {R"(<c t="str"><f>A2</f><v>từ công thức</v></c>)", "1:từ công thức"},
      {R"(<c t="str"><v>&lt;a&amp;b&gt; &#233;_x000D_</v></c>)", "1:<a&b> é\r"},
      {R"(<c t="inlineStr"><is><t>00071</t></is></c>)", "1:00071"},                   // leading zeros of a text
      {R"(<c s="3"><v>71</v></c>)", "1:00071"},                                       // and of a format
      {R"(<c s="3"><v>123456</v></c><c s="3"><v>-7</v></c>)", "1:123456|-7"},
      {R"(<c><v>12</v></c><c><v>1.1000000000000001</v></c><c><v>4.6183E+4</v></c>)", "1:12|1.1|46183"},
      {R"(<c t="b"><v>1</v></c><c t="b"><v>0</v></c>)", "1:true|false"},
      {R"(<c t="e"><v>#REF!</v></c>)", "1:!1#REF!"},
      {R"(<c><f>A2+1</f></c><c><f>A2</f><v>7</v></c>)", "1:!2|7"},                    // never computed; cached
      {R"(<c t="d"><v>2026-06-10T08:30:00</v></c>)", "1:2026-06-10T08:30:00"},
      {R"(<c t="x"><v>1</v></c>)", "bad_xlsx"},
      {R"(<c s="1"/><c r="C1"><v>3</v></c><c r="D1" s="1"></c>)", "1:||3"},           // styles alone say nothing
      {R"(<c r="AB1"><v>1</v></c><c><v>2</v></c>)", "1:|||||||||||||||||||||||||||1|2"},
      {R"(<c r="B1"><v>1</v></c><c r="A1"><v>2</v></c>)", "bad_xlsx"},
      {R"(<c r="B2"><v>1</v></c>)", "bad_xlsx"},
      {R"(<c t="str"><v>&nbsp;</v></c>)", "bad_xlsx"},
      {R"(<c t="str"><v><![CDATA[a<b]]></v></c>)", "1:a<b"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.cells);
    CHECK(Cells(one.cells) == one.rows);
  }
}

TEST_CASE("xlsx: dates are numbers that a format shows as dates") {
  // Styles of the maker: 1 dd/mm/yyyy, 2 with a time, 4 built-in 14, 5 h:mm, 6 [h]:mm, 7 General.
  const auto cell = [](int style, const char* value, bool from_1904 = false) {
    const std::string text = "<row><c s=\"" + std::to_string(style) + "\"><v>" + value + "</v></c></row>";
    return ReadBook({.data = text, .from_1904 = from_1904}).substr(2);
  };
  CHECK(cell(1, "46183") == "2026-06-10");
  CHECK(cell(1, "46183.99999") == "2026-06-10");  // the day that it shows
  CHECK(cell(2, "46183.354166666664") == "2026-06-10 08:30:00");
  CHECK(cell(2, "46183") == "2026-06-10 00:00:00");
  CHECK(cell(2, "46183.999999999") == "2026-06-11 00:00:00");
  CHECK(cell(4, "46183") == "2026-06-10");
  CHECK(cell(5, "0.354166666666667") == "08:30:00");
  CHECK(cell(6, "1.5") == "1.5");
  CHECK(cell(7, "46183") == "46183");
  CHECK(cell(99, "46183") == "46183");
  CHECK(cell(1, "44721", true) == "2026-06-10");
  CHECK(cell(1, "1") == "1900-01-01");
  CHECK(cell(1, "59") == "1900-02-28");
  CHECK(cell(1, "60") == "60");  // 29 February 1900 was no day
  CHECK(cell(1, "61") == "1900-03-01");
  CHECK(cell(1, "2958465") == "9999-12-31");
  CHECK(cell(1, "2958466") == "2958466");
  CHECK(cell(1, "-1") == "-1");
  CHECK(cell(1, "abc") == "abc");
}

TEST_CASE("xlsx: what number formats show") {
  const auto shown = [](const char* code) {
    const xlsx::Shown s = xlsx::ShownBy(code);
    return std::string(s.date ? "d" : "") + (s.time ? "t" : "") + (s.zeros ? std::to_string(s.zeros) : "");
  };
  CHECK(shown("dd/mm/yyyy") == "d");
  CHECK(shown("[$-42A]dd\\ \"tháng\"\\ mm\\ yyyy") == "d");
  CHECK(shown("mm/yyyy") == "d");
  CHECK(shown("dd/mm/yyyy hh:mm") == "dt");
  CHECK(shown("h:mm:ss AM/PM") == "t");
  CHECK(shown("[h]:mm") == "");
  CHECK(shown("General") == "");
  CHECK(shown("#,##0.00 \"đồng\"") == "");
  CHECK(shown("0.00E+00") == "");
  CHECK(shown("[Red]#,##0_);(#,##0)") == "");
  CHECK(shown("@") == "");
  CHECK(shown("00000") == "5");
  CHECK(shown("[=0]\"\";dd/mm/yyyy") == "d");
  CHECK(xlsx::ShownByBuiltIn(14).date);
  CHECK(xlsx::ShownByBuiltIn(22) == xlsx::Shown{.date = true, .time = true});
  CHECK_FALSE(xlsx::ShownByBuiltIn(46).time);
  CHECK_FALSE(xlsx::ShownByBuiltIn(4).date);
}

TEST_CASE("xlsx: numbers are decimals of 15 digits") {
  const auto plain = [](const char* text) { return xlsx::PlainNumber(text).value_or("?"); };
  CHECK(plain("0") == "0");
  CHECK(plain("-0.0") == "0");
  CHECK(plain("007") == "7");
  CHECK(plain("123456789012345") == "123456789012345");
  CHECK(plain("1234567890123456") == "1234567890123460");
  CHECK(plain("0.99999999999999999") == "1");
  CHECK(plain("1E-3") == "0.001");
  CHECK(plain("-1.50") == "-1.5");
  CHECK(plain("1E29") == "1" + std::string(29, '0'));
  CHECK(plain("1E30") == "?");
  CHECK(plain("1E-30") == "0." + std::string(29, '0') + "1");
  CHECK(plain("1E-31") == "?");
  CHECK(plain("1E99999") == "?");
  CHECK(plain("1,5") == "?");
  CHECK(plain("") == "?");
}

TEST_CASE("xlsx: rows, merged cells and what stands around them") {
  CHECK(ReadBook(
            {.data = "<row r=\"3\"><c><v>1</v></c></row><row r=\"4\"/><row r=\"9\"><c r=\"B9\"><v>2</v></c></row>"}) ==
        "3:1 / 9:|2");
  CHECK(ReadBook({.data = "<row r=\"3\"/><row r=\"3\"/>"}) == "bad_xlsx");
  CHECK(ReadBook({.data = Row({"a", "b"}) + Row({"", "c"}) + Row({"", "d"}), .merged = {"A1:A2"}}) ==
        "1:a|b / 2:a|c / 3:|d");
  CHECK(ReadBook({.data = Row({"a", "b"}) + Row({"c", "d", "e"}), .merged = {"A2:B2"}}) == "1:a|b / 2:!3c|!3c|e");
  CHECK(ReadBook({.data = Row({"a", "b"}), .merged = {"A1"}}) == "bad_xlsx");
  CHECK(ReadBook({.data = "<x:row><x:c><x:v>1</x:v></x:c></x:row>"}) == "1:1");  // prefixes are the writer's
  CHECK(ReadBook({.data = Row({"a"}), .after = "<extLst><ext><row><c><v>9</v></c></row></ext></extLst>"}) == "1:a");
  CHECK(ReadBook({.data = "<row><c><v>1</v></c>"}) == "bad_xlsx");
}

TEST_CASE("xlsx: the sheet named, or the first one shown") {
  Book book{.data = Row({"một"})};
  book.more = {{"Ẩn", "hidden", Row({"ẩn"})}, {"Hai", "", Row({"hai"})}};
  const auto named = [&](const char* name) { return SheetRows(ReadXlsx(book.Bytes(), name)); };
  CHECK(named("") == "1:một");
  CHECK(named("Hai") == "1:hai");
  CHECK(named("A\u0302\u0309n") == "1:ẩn");  // decomposed
  CHECK(named("Ba") == "no_such_sheet");
  book.state = "hidden";
  CHECK(named("") == "1:hai");
  CHECK(ReadXlsx(book.Bytes(), "")->name == "Hai");
}

TEST_CASE("xlsx: what is no workbook is refused with what to do") {
  const auto code = [](const std::string& bytes) {
    const auto sheet = ReadXlsx(bytes, "");
    REQUIRE_FALSE(sheet.ok());
    CHECK(sheet.error().error_class == ErrorClass::kData);
    return sheet.error().code;
  };
  CHECK(code("") == "not_xlsx");
  CHECK(code("a,b\n") == "not_xlsx");
  CHECK(code("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old or encrypted") == "not_xlsx");
  CHECK(code(Zip({{"a.csv", "a,b"}})) == "not_xlsx");
  const std::string whole = Book{.data = Row({"a"})}.Bytes();
  CHECK(code(whole.substr(0, whole.size() - 40)) == "not_xlsx");
  CHECK(code(Book{.data = Row({"a"}), .external = true}.Bytes()) == "no_such_sheet");
  CHECK(code(Book{.data = Row({"a"}), .doctype = "<!DOCTYPE x [<!ENTITY a \"b\">]>"}.Bytes()) == "dtd_refused");
  CHECK(code(Zip({{"[Content_Types].xml", "<Types/>"}})) == "bad_xlsx");
  CHECK(code(Book{.data = Row({"\xff"})}.Bytes()) == "bad_xlsx");
}

TEST_CASE("xlsx: each limit holds, and one past it does not") {
  const auto cell_in = [](std::int64_t column) {
    std::string name;
    for (; column > 0; column = (column - 1) / 26) name.insert(0, 1, static_cast<char>('A' + (column - 1) % 26));
    return ReadBook({.data = "<row><c r=\"" + name + "1\"><v>1</v></c></row>"});
  };
  CHECK(cell_in(kXlsxColumnLimit) == "1:" + std::string(kXlsxColumnLimit - 1, '|') + "1");
  CHECK(cell_in(kXlsxColumnLimit + 1) == "xlsx_too_large");

  const auto rows = [](std::int64_t count, const std::string& row) {
    std::string data;
    for (std::int64_t i = 0; i < count; ++i) data += row;
    return ReadXlsx(Book{.data = data}.Bytes(false), "");
  };
  const std::string one = "<row><c><v>1</v></c></row>";
  CHECK(rows(kXlsxRowLimit, one)->rows.size() == kXlsxRowLimit);
  CHECK(SheetRows(rows(kXlsxRowLimit + 1, one)) == "xlsx_too_large");
  const std::string wide = "<row><c/><c/><c/><c/><c/><c/><c/><c/><c/><c r=\"CV%\"><v>1</v></c></row>";  // 100 cells
  std::string data;
  for (std::int64_t i = 1; i <= kXlsxCellLimit / 100; ++i) {
    data += wide;
    data.replace(data.rfind('%'), 1, std::to_string(i));
  }
  CHECK(ReadXlsx(Book{.data = data}.Bytes(false), "")->rows.size() == kXlsxCellLimit / 100);
  CHECK(SheetRows(ReadXlsx(Book{.data = data + one}.Bytes(false), "")) == "xlsx_too_large");

  Book merged{.data = Row({"a"})};
  merged.merged.assign(kXlsxMergeLimit, "A1:A2");
  CHECK(ReadBook(merged) == "1:a");
  merged.merged.push_back("A1:A2");
  CHECK(ReadBook(merged) == "xlsx_too_large");
}

TEST_CASE("xlsx: what a part unfolds to is limited, in bytes and in ratio") {
  Book bomb{.data = Row({"a"})};
  bomb.padding = static_cast<std::size_t>(kXlsxPartLimitBytes);
  const auto stored = ReadXlsx(bomb.Bytes(false), "");
  REQUIRE_FALSE(stored.ok());
  CHECK(stored.error().code == "zip_entry_too_large");
  bomb.padding = 8 << 20;
  CHECK(SheetRows(ReadXlsx(bomb.Bytes(false), "")) == "1:a");
  CHECK(SheetRows(ReadXlsx(bomb.Bytes(true), "")) == "zip_ratio");
}

TEST_CASE("xlsx records: header and row as lines, with where they stood") {
  const std::string head = Row({"Mã", "Tên,\nđơn vị", ""});
  const std::string bytes = Book{.data = head + "<row/>" + Row({"NV-1", "a &quot;b&quot;"}) + Row({"NV-2"})}.Bytes();
  const Taken taken = Take(bytes);
  REQUIRE_MESSAGE(taken.answer.ok(), taken.Error());
  REQUIRE(taken.page.records.size() == 2);
  const SourceRecord& first = taken.page.records[0];
  CHECK(first.bytes == "Mã,\"Tên,\nđơn vị\"\nNV-1,\"a \"\"b\"\"\"");
  CHECK(first.key.native_id == "NV-1");
  CHECK(first.media_type == "text/csv");
  CHECK(first.facts.at("csv_delimiter") == ",");
  CHECK(first.facts.at("xlsx_place") == "Nhiệm vụ!3");
  CHECK(first.facts.at("xlsx_sha256") == ToHex(Sha256(bytes)));
  CHECK(taken.page.records[1].bytes == "Mã,\"Tên,\nđơn vị\"\nNV-2,");
  // What stands under no name is kept, too.
  CHECK(Take(Book{.data = Row({"Mã"}) + Row({"1", "", "x"})}.Bytes()).page.records[0].bytes == "Mã,,\n1,,x");
}

TEST_CASE("xlsx records: a bad row is set aside with its texts, the others are read") {
  const std::string data = Row({"Mã", "Hạn"}) + Row({"1", "a"}) + Row({"", "tổng: 3"}) +
                           "<row><c t=\"str\"><v>4</v></c><c t=\"e\"><v>#N/A</v></c></row>" +
                           "<row><c t=\"str\"><v>5</v></c><c><f>NOW()</f></c></row>" + Row({"6", "gộp"}) +
                           "<row><c t=\"str\"><v>7</v></c><c/><c t=\"e\"><v>#N/A</v></c></row>" +
                           Row({"8", std::string(kCsvRowLineLimit, '\n').append("x").c_str()}) +
                           Row({"9", std::string(kCsvRowLineLimit - 1, '\n').append("x").c_str()});
  const Taken taken = Take(Book{.data = data, .merged = {"A6:B6"}}.Bytes());
  REQUIRE_MESSAGE(taken.answer.ok(), taken.Error());
  std::string ids, codes;
  for (const auto& record : taken.page.records) ids += record.key.native_id + " ";
  for (const auto& bad : taken.page.unreadable) codes += bad.reason.code + " " + bad.reason.rule + "; ";
  CHECK(ids == "1 7 9 ");  // an error under no name says nothing
  CHECK(codes == "missing_id row 3; error_cell row 4; formula_not_computed row 5; merged_cells one column, row 6; "
                 "too_many_lines 100 lines, row 8; ");
  CHECK(taken.page.unreadable[1].record.bytes == "Mã,Hạn\n4,#N/A");
}

TEST_CASE("xlsx records: a sheet whose header does not fit is refused with a sentence") {
  const auto refusal = [](const Book& book) {
    const Taken taken = Take(book.Bytes());
    CHECK(taken.page.records.empty());
    return taken.Error();
  };
  const std::string no_fit = "bad_xlsx: the sheet does not fit this source: ";
  CHECK(refusal({.data = ""}) == "bad_xlsx: the sheet has no header");
  CHECK(refusal({.data = Row({"Tên"}) + Row({"x"})}) == no_fit + "it has no column \"Mã\"");
  CHECK(refusal({.data = Row({"Mã", "Mã "}) + Row({"x"})}) == no_fit + "two columns have one name, \"Mã\"");
  CHECK(Take(Book{.data = Row({"Mã", "T\xC2\x9B", "T\xC2\x9B"}) + Row({"x"})}.Bytes()).Error() ==
        no_fit + "two columns have one name, \"T?\"");  // no foreign byte steers a terminal
  CHECK(refusal({.data = Row({"DANH SÁCH"}) + "<row/>" + Row({"Mã", "Tên"}) + Row({"x"})}) ==
        no_fit + "the names of its columns stand in row 3: delete what stands above them");
  CHECK(refusal({.data = Row({"Mã", "Tên"}) + Row({"x"}), .merged = {"A1:B1"}}) ==
        no_fit + "cells of its header are merged");
  RecordSpec spec = SheetSpec();
  spec.sheet = "Khác";
  CHECK(Take(Book{.data = Row({"Mã"})}.Bytes(), spec).Error() == "no_such_sheet: the workbook has no sheet \"Khác\"");
}

TEST_CASE("sheets: header and all records together are limited") {
  CHECK(CheckSheetSize("bad_csv", kSheetHeaderLimitBytes, 1).ok());
  CHECK_FALSE(CheckSheetSize("bad_csv", kSheetHeaderLimitBytes + 1, 1).ok());
  const std::int64_t most = kSheetTotalLimitBytes / static_cast<std::int64_t>(kSheetHeaderLimitBytes);
  CHECK(CheckSheetSize("bad_csv", kSheetHeaderLimitBytes, most).ok());
  const Status over = CheckSheetSize("bad_csv", kSheetHeaderLimitBytes, most + 1);
  REQUIRE_FALSE(over.ok());
  CHECK(over.error().code == "bad_csv");
}
