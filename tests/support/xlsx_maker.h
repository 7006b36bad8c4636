// Workbooks for tests, written part by part: one main sheet, whose rows the test writes itself.
#pragma once

#include <string>
#include <vector>

#include "tests/support/zip_maker.h"

namespace mc::test {

struct BookSheet {
  std::string name, state, data;
};

struct Book {
  std::string data;  // of the main sheet: <row> elements
  std::vector<std::string> merged = {};
  std::string after = "";  // behind the rows
  std::string doctype = "";
  bool from_1904 = false;
  bool external = false;  // the sheet lies somewhere else
  std::string state = "";
  std::vector<BookSheet> more = {};
  std::size_t padding = 0;  // of one letter, in a part that is read

  std::string Bytes(bool deflate = true) const {
    const std::string head = "<?xml version=\"1.0\"?>\n";
    const std::string main = " xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    const std::string related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
    std::string sheets, relations;
    std::vector<ZipPart> parts;
    std::vector<BookSheet> all = {{"Nhiệm vụ", state, data}};
    all.insert(all.end(), more.begin(), more.end());
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string n = std::to_string(i + 1);
      sheets += "<sheet name=\"" + all[i].name + "\" sheetId=\"" + n + "\" r:id=\"s" + n + "\"" +
                (all[i].state.empty() ? "" : " state=\"" + all[i].state + "\"") + "/>";
      relations += "<Relationship Id=\"s" + n + "\" Type=\"" + related + "worksheet\" Target=\"worksheets/" + n +
                   ".xml\"" + (external ? " TargetMode=\"External\"" : "") + "/>";
      const std::string extra = i == 0 ? Merged() + after : "";
      parts.push_back({"xl/worksheets/" + n + ".xml", head + (i == 0 ? doctype : "") + "<worksheet" + main +
                                                          "><sheetData>" + all[i].data + "</sheetData>" + extra +
                                                          "</worksheet>",
                       deflate});
    }
    relations += "<Relationship Id=\"x\" Type=\"" + related + "sharedStrings\" Target=\"/xl/shared.xml\"/>" +
                 "<Relationship Id=\"y\" Type=\"" + related + "styles\" Target=\"./styles.xml\"/>";
    const std::string list = "<Relationships>", end = "</Relationships>";
    parts.push_back({"[Content_Types].xml", head + "<Types/>", deflate});
    parts.push_back({"_rels/.rels", head + list + "<Relationship Id=\"a\" Type=\"" + related +
                                        "officeDocument\" Target=\"xl/workbook.xml\"/>" + end,
                     deflate});
    parts.push_back({"xl/workbook.xml", head + "<workbook" + main + " xmlns:r=\"r\"><workbookPr" +
                                            (from_1904 ? " date1904=\"1\"" : "") + "/><sheets>" + sheets +
                                            "</sheets></workbook>",
                     deflate});
    parts.push_back({"xl/_rels/workbook.xml.rels", head + list + relations + end, deflate});
    parts.push_back({"xl/shared.xml", head + "<sst" + main + ">" + Shared() + "</sst>", deflate});
    parts.push_back({"xl/styles.xml", head + "<styleSheet" + main + ">" + Styles() + "</styleSheet>", deflate});
    return Zip(parts);
  }

 private:
  std::string Merged() const {
    if (merged.empty()) return "";
    std::string all = "<mergeCells>";
    for (const std::string& area : merged) all += "<mergeCell ref=\"" + area + "\"/>";
    return all + "</mergeCells>";
  }

  std::string Shared() const {
    return "<!--" + std::string(padding, 'x') + "--><si><t>một</t></si>" +
           "<si><r><t>hai</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\"> phần</t></r></si>" +
           "<si><t>chữ</t><rPh sb=\"0\" eb=\"1\"><t>đọc</t></rPh><phoneticPr fontId=\"1\"/></si>";
  }

  // 1 date, 2 date and time, 3 five digits, 4 built-in date, 5 time, 6 elapsed time, 7 General.
  static std::string Styles() {
    const std::vector<std::string> codes = {"dd/mm/yyyy", "dd/mm/yyyy\\ hh:mm", "00000", "", "h:mm", "[h]:mm", "General"};
    std::string formats, cells = "<xf numFmtId=\"0\"/>";
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const std::string id = codes[i].empty() ? "14" : std::to_string(164 + i);
      cells += "<xf numFmtId=\"" + id + "\"/>";
      if (!codes[i].empty()) formats += "<numFmt numFmtId=\"" + id + "\" formatCode=\"" + codes[i] + "\"/>";
    }
    return "<numFmts>" + formats + "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>" + cells +
           "</cellXfs>";
  }
};

}  // namespace mc::test
