// Citizens' field reports of one organisation, open or handled, by day of the report. The
// organisation is only in the request; the record gets it as a fact.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "connectors/json_shape.h"
#include "connectors/records.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr const char* kUnitFact = "MaDinhDanh";

// "H26.101", "000.00.05.H26", "H26": capital letters and digits, at least one digit, in
// dot-separated parts.
bool LooksLikeUnitCode(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (text.empty() || text.front() == '.' || text.back() == '.' || text.find("..") != std::string_view::npos)
    return false;
  if (!std::all_of(text.begin(), text.end(), [&](char c) { return is_digit(c) || is_upper(c) || c == '.'; }))
    return false;
  const bool dotted = text.find('.') != std::string_view::npos;
  return std::any_of(text.begin(), text.end(), is_digit) && (dotted || is_upper(text.front()));
}

class FieldReports final : public JsonShape {
 public:
  JsonLayout Layout() const override { return {"data", "totalrow"}; }
  bool ByUnit() const override { return true; }

  FetchRequest RequestFor(const ManifestStream& stream, const Position& position) const override {
    const nlohmann::ordered_json body = {{"LoaiXuLy", stream.argument},
                                         {"MaDinhDanh", position.scope},
                                         {"TuNgay", FormatDate(FirstDayOf(position))},
                                         {"DenNgay", FormatDate(LastDayOf(position))},
                                         {"Page", std::to_string(position.pages.page)},
                                         {"Perpage", std::to_string(position.page_size)}};
    return {"read", {}, body.dump()};
  }

  RecordId IdOf(const ManifestStream&) const override { return {"", {"PhanAnhID"}}; }

  std::map<std::string, std::string> FactsOf(const Position& position) const override {
    return {{kUnitFact, position.scope}};
  }

  std::vector<std::string> Marks() const override {
    return {"PhanAnhID", "NgayPhanAnh", "NoiDungPhanAnh", "ChuyenMucID"};
  }

  const ManifestStream& StreamOf(const Manifest& manifest, const JsonRow& row) const override {
    return StreamWith(manifest, row.Text("NgayTraLoi").empty() ? "0" : "1");
  }

  // A record's own field, if any, stays in its bytes for mapping to read.
  std::map<std::string, std::string> SavedFacts(std::string_view name, const JsonPage& page) const override {
    const std::size_t slash = name.find('/');
    const std::string_view folder = Trim(name.substr(0, slash == std::string_view::npos ? 0 : slash));
    if (LooksLikeUnitCode(folder)) return {{kUnitFact, std::string(folder)}};
    for (const char* field : {"MaDinhDanh", "MaDonVi"}) {
      const auto found = page.fields.find(field);
      if (page.has_rows && found != page.fields.end() && IsNativeId(Trim(found->second))) {
        return {{kUnitFact, std::string(Trim(found->second))}};
      }
    }
    return {};
  }
};

}  // namespace

std::unique_ptr<JsonShape> MakeFieldReports() { return std::make_unique<FieldReports>(); }

}  // namespace mc
