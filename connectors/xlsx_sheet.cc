// The part of one worksheet: rows, cells, and which cells are merged (ECMA-376 18.3.1).

#include <algorithm>

#include "connectors/split.h"
#include "connectors/xlsx_part.h"
#include "core/text.h"

namespace mc::xlsx {
namespace {

constexpr std::int64_t kLastRow = 1'048'576;
constexpr std::int64_t kLastColumn = 16'384;

struct CellPlace {
  std::int64_t row = 0, column = 0;  // from 1
};

// "AB12"
std::optional<CellPlace> CellPlaceOf(std::string_view reference) {
  CellPlace place;
  std::size_t at = 0;
  for (; at < reference.size() && reference[at] >= 'A' && reference[at] <= 'Z'; ++at) {
    place.column = place.column * 26 + (reference[at] - 'A' + 1);
    if (place.column > kLastColumn) return std::nullopt;
  }
  const auto row = WholeNumber(reference.substr(at));
  if (at == 0 || !row || *row < 1 || *row > kLastRow) return std::nullopt;
  place.row = *row;
  return place;
}

struct Area {
  CellPlace first, last;
};

std::optional<Area> AreaOf(std::string_view reference) {
  const std::size_t colon = reference.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto first = CellPlaceOf(reference.substr(0, colon)), last = CellPlaceOf(reference.substr(colon + 1));
  if (!first || !last || last->row < first->row || last->column < first->column) return std::nullopt;
  return Area{*first, *last};
}

class SheetTaker final : public PartTaker {
 public:
  explicit SheetTaker(const Context& context) : context_(context) {}

  Status Open(std::string_view name, const AttributeList& attributes) override {
    if (name == "sheetData") in_data_ = true;
    if (name == "mergeCell") return OpenMerge(attributes);
    if (!in_data_) return Ok();
    if (name == "row") return OpenRow(attributes);
    if (name == "c") return OpenCell(attributes);
    if (name == "f") has_formula_ = true;
    inline_.Open(name);
    return Ok();
  }

  Status Close(std::string_view name, std::string text) override {
    if (name == "sheetData") in_data_ = false;
    if (!in_data_) return Ok();
    if (name == "v") {
      value_ = std::move(text);
      has_value_ = true;
      return Ok();
    }
    if (name == "c") return CloseCell();
    if (name == "row") return CloseRow();
    if (name == "is") has_value_ = true;
    inline_.Close(name, text);
    return Ok();
  }

  Result<std::vector<XlsxRow>> Finish() {
    for (const Area& area : merged_) MC_CHECK_OK(Merge(area));
    return std::move(rows_);
  }

 private:
  Status OpenRow(const AttributeList& attributes) {
    const std::int64_t number = NumberOf(attributes, "r").value_or(row_.number + 1);
    if (number <= row_.number || number > kLastRow) return BadWorkbook("its rows are not in order");
    row_ = {number, {}};
    column_ = 0;
    return Ok();
  }

  Status OpenCell(const AttributeList& attributes) {
    CellPlace place{row_.number, column_ + 1};
    if (const auto reference = AttributeOf(attributes, "r")) {
      const auto stated = CellPlaceOf(*reference);
      if (!stated) return BadWorkbook("a cell has no place");
      place = *stated;
    }
    if (place.row != row_.number || place.column <= column_) return BadWorkbook("its cells are not in order");
    column_ = place.column;
    type_ = AttributeOf(attributes, "t").value_or("n");
    style_ = NumberOf(attributes, "s").value_or(0);
    value_.clear();
    has_value_ = has_formula_ = false;
    (void)inline_.Take();
    return Ok();
  }

  Status CloseCell() {
    XlsxCell cell;
    if (!has_value_ && has_formula_) {
      cell.fault = CellFault::kNotComputed;
    } else if (has_value_) {
      MC_TRY(cell.text, TextOfCell());
      if (type_ == "e") cell.fault = CellFault::kError;
    }
    if (cell.text.empty() && cell.fault == CellFault::kNone) return Ok();
    return Put(row_, column_, std::move(cell));
  }

  Result<std::string> TextOfCell() {
    if (type_ == "s") {
      const auto index = WholeNumber(value_);
      if (!index || *index >= static_cast<std::int64_t>(context_.strings.size())) {
        return BadWorkbook("a cell names a shared text that is not there");
      }
      return context_.strings[static_cast<std::size_t>(*index)];
    }
    if (type_ == "inlineStr") return inline_.Take();
    if (type_ == "str") return Unescaped(value_);
    if (type_ == "b") return std::string(Trim(value_) == "1" || Trim(value_) == "true" ? "true" : "false");
    if (type_ == "e" || type_ == "d") return std::string(Trim(value_));
    if (type_ != "n") return BadWorkbook("a cell is of an unknown kind");
    const auto style = static_cast<std::size_t>(style_);
    const Shown shown = style < context_.styles.size() ? context_.styles[style] : Shown{};
    return NumberText(value_, shown, context_.from_1904);
  }

  // Counts what the rows take, up to the last filled cell of each.
  Status Put(XlsxRow& row, std::int64_t column, XlsxCell cell) {
    if (column > kXlsxColumnLimit) return TooLarge("columns", kXlsxColumnLimit);
    const auto at = static_cast<std::size_t>(column - 1);
    if (at >= row.cells.size()) {
      cells_ += column - static_cast<std::int64_t>(row.cells.size());
      if (cells_ > kXlsxCellLimit) return TooLarge("cells", kXlsxCellLimit);
      row.cells.resize(at + 1);
    }
    row.cells[at] = std::move(cell);
    return Ok();
  }

  Status CloseRow() {
    if (row_.cells.empty()) return Ok();
    if (static_cast<std::int64_t>(rows_.size()) == kXlsxRowLimit) return TooLarge("rows", kXlsxRowLimit);
    rows_.push_back(std::move(row_));
    row_ = {rows_.back().number, {}};
    return Ok();
  }

  Status OpenMerge(const AttributeList& attributes) {
    const auto area = AreaOf(AttributeOf(attributes, "ref").value_or(""));
    if (!area) return BadWorkbook("a merged area has no place");
    if (static_cast<std::int64_t>(merged_.size()) == kXlsxMergeLimit) return TooLarge("merged areas", kXlsxMergeLimit);
    merged_.push_back(*area);
    return Ok();
  }

  // Over one column the text stands in each row that holds something; an area over several
  // columns has no one meaning.
  Status Merge(const Area& area) {
    const bool one_column = area.first.column == area.last.column;
    auto row = std::lower_bound(rows_.begin(), rows_.end(), area.first.row,
                                [](const XlsxRow& r, std::int64_t number) { return r.number < number; });
    XlsxCell top;
    if (row != rows_.end() && row->number == area.first.row) top = At(*row, area.first.column);
    if (one_column) {
      if (top.text.empty() && top.fault == CellFault::kNone) return Ok();
    } else {
      top.fault = CellFault::kMerged;
    }
    for (; row != rows_.end() && row->number <= area.last.row; ++row) {
      for (std::int64_t c = area.first.column; c <= std::min(area.last.column, kXlsxColumnLimit); ++c) {
        if (++touched_ > kXlsxCellLimit) return TooLarge("merged cells", kXlsxCellLimit);
        MC_CHECK_OK(Put(*row, c, top));
      }
    }
    return Ok();
  }

  static XlsxCell At(const XlsxRow& row, std::int64_t column) {
    const auto at = static_cast<std::size_t>(column - 1);
    return at < row.cells.size() ? row.cells[at] : XlsxCell{};
  }

  const Context& context_;
  bool in_data_ = false;
  std::vector<XlsxRow> rows_;
  std::vector<Area> merged_;
  std::int64_t cells_ = 0, touched_ = 0;
  // The row and the cell in hand.
  XlsxRow row_;
  std::int64_t column_ = 0, style_ = 0;
  std::string type_, value_;
  bool has_value_ = false, has_formula_ = false;
  RichText inline_;
};

}  // namespace

Result<std::vector<XlsxRow>> ReadSheetPart(std::string_view part, const Context& context) {
  SheetTaker taker(context);
  MC_CHECK_OK(WalkPart(part, taker));
  return taker.Finish();
}

}  // namespace mc::xlsx
