// The rows of one sheet of an .xlsx workbook (ECMA-376: a ZIP archive of XML parts), as the texts
// that its cells stand for.
//
// Debian 12 has no small library for this: FreeXL 1 reads only .xls, and orcus brings a whole
// document model. What counts here is to be sure of every text and of every limit, so the parts
// are scanned without a tree. A formula is never computed, a link is never followed, a document
// type is refused. Pure; safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mc {

inline constexpr std::int64_t kXlsxPartLimitBytes = 64ll * 1024 * 1024;    // of one part, unfolded
inline constexpr std::int64_t kXlsxTotalLimitBytes = 128ll * 1024 * 1024;  // of all, unfolded
inline constexpr std::int64_t kXlsxPackedRatioLimit = 200;  // unfolded to packed, of one part over 1 MiB
inline constexpr std::int64_t kXlsxRowLimit = 100'000;      // that hold something
inline constexpr std::int64_t kXlsxColumnLimit = 1'000;     // the last one that holds something
inline constexpr std::int64_t kXlsxCellLimit = 1'000'000;   // of all rows, each up to its last filled one
inline constexpr std::int64_t kXlsxMergeLimit = 10'000;
inline constexpr std::int64_t kXlsxStringLimit = 1'000'000;  // shared texts
inline constexpr std::int64_t kXlsxStyleLimit = 65'536;

enum class CellFault : std::uint8_t {
  kNone,
  kError,        // #REF!, #N/A: there is no value
  kNotComputed,  // a formula that no program computed yet
  kMerged,       // part of an area over several columns: which one does its text mean?
};

struct XlsxCell {
  std::string text;
  CellFault fault = CellFault::kNone;
};

struct XlsxRow {
  std::int64_t number = 0;  // as the sheet counts, from 1
  std::vector<XlsxCell> cells;  // by column; the last one holds something
};

struct XlsxSheet {
  std::string name;
  std::vector<XlsxRow> rows;  // those that hold something, in order
};

// The sheet of this name, or the first one that is shown. What a cell stands for: its text as it
// is, `true` or `false`, a number in plain decimals (15 significant digits; with the leading zeros
// that a format such as 00000 shows), and where the cell's format shows a date, `2026-06-10`,
// `2026-06-10 08:30:00` or `08:30:00`. The text of an area that is merged over one column
// stands in each of its rows.
//
// kData "not_xlsx" (another kind of file, or one with a password), "no_such_sheet", "bad_xlsx",
// "dtd_refused", "xlsx_too_large" (the message names the limit), and those of ReadZip.
Result<XlsxSheet> ReadXlsx(std::string_view workbook, std::string_view sheet);

// An archive that is a workbook (or another Office file), not one of files.
bool IsOfficeArchive(std::string_view bytes);

}  // namespace mc
