// The three paged JSON wires of their own.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/conformance/platform.h"

namespace mc::conformance {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr const char* kJsonDay = "yyyy-MM-dd";
constexpr const char* kJsonSlashDay = "yyyy/MM/dd";
constexpr const char* kStamp = "yyyy-MM-dd HH:mm:ss";
constexpr const char* kJsonSlashStamp = "yyyy/MM/dd HH:mm:ss";
constexpr const char* kPacked = "yyyyMMddHHmmss";

Manifest Shipped(const std::string& id) {
  auto manifest = ReadManifest(std::string(MC_SOURCE_DIR) + "/connectors/" + id + ".json");
  REQUIRE_MESSAGE(manifest.ok(), (manifest.ok() ? "" : manifest.error().message));
  return *manifest;
}

Instant NextDay(Instant at) { return {at.micros + kMicrosPerDay}; }

// The record as its wire writes it, spoilt as asked. `key` identifies it, `time` is a field
// that its rules require.
std::string Written(OrderedJson record, Shape shape, const std::string& key, const std::string& time) {
  if (shape == Shape::kNewField) record["TruongMoi"] = {{"GiaTri", 1}};
  if (shape == Shape::kNoKey) record.erase(key);
  if (shape == Shape::kNoTime) record.erase(time);
  if (shape == Shape::kWrongType) record[time] = {{"Nam", 2026}};
  if (shape == Shape::kTooLong) record["GhiChu"] = std::string(5'000, 'x');
  std::string text = record.dump();
  if (shape == Shape::kNotUtf8) text.insert(text.size() - 1, ",\"GhiChu\":\"\xFF\xFE\"");
  return text;
}

std::string Joined(const Platform& platform, const std::vector<Item>& items) {
  std::string rows;
  for (const Item& item : items) rows += (rows.empty() ? "" : ", ") + platform.Bytes(item);
  return "[" + rows + "]";
}

class Dossiers final : public Platform {
 public:
  Dossiers() : Platform(Shipped("public_service")) {}

  std::string Bytes(const Item& item) const override {
    const std::string id = item.unit + "-260601-00" + item.id;
    if (item.stream == "steps") {
      return Written({{"MaHoSo", id},
                      {"NguoiXuLy", "Cán bộ số " + std::to_string(item.version)},
                      {"ThoiDiemXuLy", "20260601080000"},
                      {"TrangThai", "2"}},
                     item.shape, "MaHoSo", "ThoiDiemXuLy");
    }
    return Written({{"MaHoSo", id},
                    {"MaTTHC", "1.001193.H26"},
                    {"NgayTiepNhan", "20260601080000"},
                    {"TrangThaiHoSo", std::to_string(item.version + 1)}},
                   item.shape, "MaHoSo", "NgayTiepNhan");
  }

  WireReply Answer(const WireRequest& request, World& world) override {
    Asked asked;
    asked.stream = StreamWith(request.Query("service")).id;
    asked.from = CityInstant(request.Query("tuNgay"), kPacked);
    asked.to = CityInstant(request.Query("denNgay"), kPacked);
    asked.page = std::stoi(request.Query("trang"));
    asked.size = std::stoi(request.Query("soLuong"));
    const Listed listed = ListFor(world, asked);
    return {200, R"({"error_code":"0","totalrow":")" + std::to_string(listed.total) + R"(","data":)" +
                     Joined(*this, listed.rows) + "}"};
  }

  // The source selects by the time of the last change.
  void Edit(World& world, std::size_t index, Instant now) const override {
    Platform::Edit(world, index, now);
    world.items[index].at = now;
  }
};

class Reports final : public Platform {
 public:
  Reports() : Platform(Shipped("citizen_reports")) {}

  std::string Bytes(const Item& item) const override {
    OrderedJson record = {{"PhanAnhID", item.stream + item.id},
                          {"ChuyenMucID", std::to_string(item.version)},
                          {"NgayPhanAnh", CityText(item.at, kStamp)},
                          {"NgayTraLoi", nullptr}};
    if (item.stream == "handled") record["NgayTraLoi"] = CityText(item.at, kStamp);
    return Written(record, item.shape, "PhanAnhID", "NgayPhanAnh");
  }

  WireReply Answer(const WireRequest& request, World& world) override {
    const auto body = nlohmann::json::parse(request.body);
    Asked asked;
    asked.stream = StreamWith(body["LoaiXuLy"]).id;
    asked.unit = body["MaDinhDanh"];
    asked.from = CityInstant(body["TuNgay"], kJsonDay);
    asked.to = NextDay(CityInstant(body["DenNgay"], kJsonDay));
    asked.page = std::stoi(body["Page"].get<std::string>());
    asked.size = std::stoi(body["Perpage"].get<std::string>());
    const Listed listed = ListFor(world, asked);
    return {200, R"({"totalrow":)" + std::to_string(listed.total) + R"(,"data":)" + Joined(*this, listed.rows) + "}"};
  }
};

class Tasks final : public Platform {
 public:
  Tasks() : Platform(Shipped("hanoiwork")) {}

  std::string Bytes(const Item& item) const override {
    return Written({{"MaNV", "NV-" + item.id},
                    {"LoaiNhiemVuId", "NV03"},
                    {"NguoiGiaoId", "lanhdao.1"},
                    {"MaDonViTheoDoi", item.unit},
                    {"CanBoId", "canbo." + std::to_string(item.version)},
                    {"HanXuLy", "2026/06/30"},
                    {"NgayTao", CityText(item.at, kJsonSlashStamp)},
                    {"MaTrangThai", "DANG_THUC_HIEN"}},
                   item.shape, "MaNV", "NgayTao");
  }

  WireReply Answer(const WireRequest& request, World& world) override {
    const auto body = nlohmann::json::parse(request.body);
    Asked asked;
    asked.stream = manifest().streams.front().id;
    asked.from = CityInstant(body["NgayTaoNhiemVu"]["FromDate"], kJsonSlashDay);
    asked.to = NextDay(CityInstant(body["NgayTaoNhiemVu"]["ToDate"], kJsonSlashDay));
    asked.page = body["Index"];
    asked.size = body["Size"];
    const Listed listed = ListFor(world, asked);
    return {200, R"({"daTa":{"PageData":)" + Joined(*this, listed.rows) + R"(,"TotalRows":)" +
                     std::to_string(listed.total) + "}}"};
  }
};

}  // namespace

std::unique_ptr<Platform> MakeDossierPlatform() { return std::make_unique<Dossiers>(); }
std::unique_ptr<Platform> MakeReportPlatform() { return std::make_unique<Reports>(); }
std::unique_ptr<Platform> MakeTaskPlatform() { return std::make_unique<Tasks>(); }

}  // namespace mc::conformance
