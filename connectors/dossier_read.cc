// Dossiers and their progress rows: objects as in DongBoHoSoMC / CapNhatTienDoHoSoMC, read
// by time of last change. The windowed read service is our assumption (see the manifest).

#include <cstdio>

#include "connectors/json_shape.h"

namespace mc {
namespace {

constexpr const char* kSteps = "CapNhatTienDoHoSoMC";
constexpr const char* kDossiers = "DongBoHoSoMC";

// yyyyMMddHHmmss, city time.
std::string PackedTime(Instant at) {
  const CivilDate day = CityDate(at);
  int year = 0, month = 0, date = 0;
  SplitDate(day, year, month, date);
  const std::int64_t second = (at.micros - StartOfDay(day).micros) / kMicrosPerSecond;
  char text[64];
  std::snprintf(text, sizeof text, "%04d%02d%02d%02d%02d%02d", year, month, date, static_cast<int>(second / 3600),
                static_cast<int>(second / 60 % 60), static_cast<int>(second % 60));
  return text;
}

class DossierRead final : public JsonShape {
 public:
  JsonLayout Layout() const override { return {"data", "totalrow"}; }
  bool WholeDays() const override { return false; }

  FetchRequest RequestFor(const ManifestStream& stream, const Position& position) const override {
    return {"read",
            {{"service", stream.argument},
             {"tuNgay", PackedTime(position.window_from)},
             {"denNgay", PackedTime(position.window_to)},
             {"trang", std::to_string(position.pages.page)},
             {"soLuong", std::to_string(position.page_size)}},
            ""};
  }

  RecordId IdOf(const ManifestStream& stream) const override {
    if (stream.argument == kSteps) return {"td|", {"MaHoSo", "ThoiDiemXuLy", "TrangThai"}};
    return {"hs|", {"MaHoSo"}};
  }

  std::vector<std::string> Marks() const override {
    return {"MaHoSo", "MaTTHC", "TrangThaiHoSo", "NgayTiepNhan", "ThoiDiemXuLy"};
  }

  const ManifestStream& StreamOf(const Manifest& manifest, const JsonRow& row) const override {
    return StreamWith(manifest, row.fields.contains("ThoiDiemXuLy") ? kSteps : kDossiers);
  }
};

}  // namespace

std::unique_ptr<JsonShape> MakeDossierRead() { return std::make_unique<DossierRead>(); }

}  // namespace mc
