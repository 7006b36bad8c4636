// Platforms that are data alone: the manifests and rule files that are shipped, word by word.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/conformance/platform.h"

namespace mc::conformance {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr const char* kShippedDay = "yyyy-MM-dd";
constexpr const char* kShippedStamp = "yyyy-MM-ddTHH:mm:ss";
constexpr const char* kShippedPacked = "yyyyMMddHHmmss";

Manifest ShippedManifest(const std::string& id) {
  auto manifest = ReadManifest(std::string(MC_SOURCE_DIR) + "/connectors/" + id + ".json");
  REQUIRE_MESSAGE(manifest.ok(), (manifest.ok() ? "" : manifest.error().message));
  return *manifest;
}

std::string ShippedHeader(const WireRequest& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

// Spoilt as asked; `key` identifies the record, `time` is a field that its rules require.
std::string WrittenByShipped(OrderedJson record, Shape shape, const std::string& key, const std::string& time) {
  if (shape == Shape::kNewField) record["truongMoi"] = {{"giaTri", 1}};
  if (shape == Shape::kNoKey) record.erase(key);
  if (shape == Shape::kNoTime) record.erase(time);
  if (shape == Shape::kWrongType) record[time] = {{"nam", 2026}};
  if (shape == Shape::kTooLong) record["ghiChu"] = std::string(5'000, 'x');
  std::string text = record.dump();
  if (shape == Shape::kNotUtf8) text.insert(text.size() - 1, ",\"ghiChu\":\"\xFF\xFE\"");
  return text;
}

std::string Joined(const Platform& platform, const std::vector<Item>& items, const char* between) {
  std::string rows;
  for (const Item& item : items) rows += (rows.empty() ? "" : between) + platform.Bytes(item);
  return rows;
}

// Dossiers of the interface after 2025: tokens that end early, cursors, two endpoints.
class Dossiers2025 final : public Platform {
 public:
  Dossiers2025() : Platform(ShippedManifest("dossiers_2025")) {}

  std::string Bytes(const Item& item) const override {
    const std::string id = item.unit + "-260601-00" + item.id;
    if (item.stream == "steps") {
      return WrittenByShipped({{"IDHoSo", id},
                               {"NguoiXuLy", "Cán bộ số " + std::to_string(item.version)},
                               {"ThoiDiemXuLy", "2026-06-01T08:00:00"},
                               {"TrangThai", 2}},
                              item.shape, "IDHoSo", "ThoiDiemXuLy");
    }
    return WrittenByShipped({{"IdHoSo", id},
                             {"MaDichVuCong", "1.001193.000.00.00.H26"},
                             {"NgayTiepNhan", "2026-06-01T08:00:00"},
                             {"TrangThai", item.version + 1}},
                            item.shape, "IdHoSo", "NgayTiepNhan");
  }

  bool Admits(const WireRequest& request, const std::map<std::string, std::string>& secrets) override {
    if (request.path() == TokenPath()) {
      return request.body == "grant_type=client_credentials&client_id=" + secrets.at("client_id") +
                                 "&client_secret=" + secrets.at("client_secret");
    }
    return ShippedHeader(request, "authorization") == "Bearer t" + std::to_string(given_) && ++uses_ <= kTokenUses;
  }

  WireReply Answer(const WireRequest& request, World& world) override {
    if (request.path() == TokenPath()) {
      uses_ = 0;
      return {200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"t)" + std::to_string(++given_) + "\"}"};
    }
    const bool steps = request.path() == manifest().endpoints.at("steps").path;
    const std::string cursor = request.Query("cursor");
    Asked asked{steps ? "steps" : "dossiers",
                "",
                CityInstant(request.Query("from"), kShippedStamp),
                CityInstant(request.Query("to"), kShippedStamp),
                cursor.empty() ? 1 : std::stoi(cursor.substr(1)),
                std::stoi(request.Query("limit"))};
    const Listed listed = ListFor(world, asked);
    const std::string next = listed.more ? "\"c" + std::to_string(asked.page + 1) + "\"" : "null";
    return {200, R"({"code":"200","data":{"total":)" + std::to_string(listed.total) + R"(,"next":)" + next +
                     R"(,"items":[)" + Joined(*this, listed.rows, ",") + "]}}"};
  }

  // The source selects by the time of the last change.
  void Edit(World& world, std::size_t index, Instant now) const override {
    Platform::Edit(world, index, now);
    world.items[index].at = now;
  }

 private:
  const std::string& TokenPath() const { return manifest().endpoints.at("token").path; }
  int given_ = 0, uses_ = 0;
};

// The national adapter: a session in the body of every call, which ends without a word.
class AtTheAdapter : public Platform {
 public:
  bool Admits(const WireRequest& request, const std::map<std::string, std::string>& secrets) override {
    if (ShippedHeader(request, "dstcode") != secrets.at("dstcode")) return false;
    if (request.path() != LoginPath()) return true;
    const auto body = nlohmann::json::parse(request.body);
    return body["username"] == secrets.at("username") && body["password"] == secrets.at("password");
  }

  WireReply Answer(const WireRequest& request, World& world) override {
    if (request.path() == LoginPath()) {
      uses_ = 0;
      return {200, R"({"error_code":"0","session":"phien-1"})"};
    }
    const auto body = nlohmann::json::parse(request.body);
    if (body["session"] != "phien-1" || ++uses_ > kTokenUses) return {200, R"({"error_code":"-1"})"};
    return {200, Served(body, world)};
  }

 protected:
  explicit AtTheAdapter(const std::string& manifest) : Platform(ShippedManifest(manifest)) {}
  virtual std::string Served(const nlohmann::json& body, World& world) = 0;

 private:
  const std::string& LoginPath() const { return manifest().endpoints.at("login").path; }
  int uses_ = 0;
};

class DossierAdapter final : public AtTheAdapter {
 public:
  DossierAdapter() : AtTheAdapter("dossiers_adapter") {}

  std::string Bytes(const Item& item) const override {
    const std::string id = item.unit + "-260601-00" + item.id;
    if (item.stream == "steps") {
      return WrittenByShipped({{"MAHOSO", id},
                               {"NGUOIXULY", "Cán bộ số " + std::to_string(item.version)},
                               {"THOIDIEMXULY", "20260601080000"},
                               {"TRANGTHAI", "2"}},
                              item.shape, "MAHOSO", "THOIDIEMXULY");
    }
    return WrittenByShipped({{"MAHOSO", id},
                             {"MATTHC", "1.001193.H26"},
                             {"NGAYTIEPNHAN", "20260601080000"},
                             {"TRANGTHAIHOSO", std::to_string(item.version + 1)}},
                            item.shape, "MAHOSO", "NGAYTIEPNHAN");
  }

  // The source selects by the time of the last change.
  void Edit(World& world, std::size_t index, Instant now) const override {
    Platform::Edit(world, index, now);
    world.items[index].at = now;
  }

 private:
  std::string Served(const nlohmann::json& body, World& world) override {
    const Listed listed =
        ListFor(world, {StreamWith(body["service"]).id, body["madonvi"], CityInstant(body["tuNgay"], kShippedPacked),
                        CityInstant(body["denNgay"], kShippedPacked), std::stoi(body["trang"].get<std::string>()),
                        std::stoi(body["soLuong"].get<std::string>())});
    return R"({"error_code":0,"totalrow":)" + std::to_string(listed.total) + R"(,"result":[)" +
           Joined(*this, listed.rows, ",") + "]}";
  }
};

// GeoReport v2: moments, both included, no total, the document is the list.
class Open311 : public Platform {
 public:
  Open311() : Open311("reports_open311") {}

  std::string Bytes(const Item& item) const override {
    OrderedJson record;
    for (const auto& [name, text] : FieldsOf(item)) record[name] = text;
    return WrittenByShipped(record, item.shape, "service_request_id", "requested_datetime");
  }

  WireReply Answer(const WireRequest& request, World& world) override {
    return {200, "[" + Joined(*this, ListFor(world, AskedOf(request)).rows, ",") + "]"};
  }

 protected:
  explicit Open311(const std::string& manifest) : Platform(ShippedManifest(manifest)) {}

  static std::vector<std::pair<std::string, std::string>> FieldsOf(const Item& item) {
    return {{"service_request_id", item.stream + item.id},
            {"status", item.stream},
            {"service_code", "00" + std::to_string(item.version)},
            {"agency_code", item.unit},
            {"requested_datetime", FormatInstant(item.at)},
            {"updated_datetime", FormatInstant(item.at)}};
  }

  Asked AskedOf(const WireRequest& request) const {
    return {StreamWith(request.Query("status")).id,
            "",
            ParseInstant(request.Query("start_date")).value(),
            {ParseInstant(request.Query("end_date")).value().micros + 1},
            std::stoi(request.Query("page")),
            std::stoi(request.Query("page_size"))};
  }
};

std::string ShippedTag(const std::string& name, const std::string& content) {
  return "<" + name + ">" + content + "</" + name + ">";
}

class Open311Xml final : public Open311 {
 public:
  Open311Xml() : Open311("reports_open311_xml") {}

  std::string Bytes(const Item& item) const override {
    std::string fields;
    for (const auto& [name, text] : FieldsOf(item)) {
      const bool time = name == "requested_datetime";
      if (item.shape == Shape::kNoKey && name == "service_request_id") continue;
      if (item.shape == Shape::kNoTime && time) continue;
      fields += ShippedTag(name, item.shape == Shape::kWrongType && time ? ShippedTag("year", "2026") : text);
    }
    if (item.shape == Shape::kNewField) fields += ShippedTag("note", "1");
    if (item.shape == Shape::kNotUtf8) fields += ShippedTag("note", "\xFF\xFE");
    if (item.shape == Shape::kTooLong) fields += ShippedTag("note", std::string(5'000, 'x'));
    return ShippedTag("request", fields);
  }

  WireReply Answer(const WireRequest& request, World& world) override {
    return {200,
            R"(<?xml version="1.0" encoding="UTF-8"?>)" +
                ShippedTag("service_requests", Joined(*this, ListFor(world, AskedOf(request)).rows, "\n")),
            "application/xml"};
  }
};

// Reports with guids: days, pages from 0.
class GuidReports final : public Platform {
 public:
  GuidReports() : Platform(ShippedManifest("reports_p3")) {}

  std::string Bytes(const Item& item) const override {
    return WrittenByShipped({{"maPhanAnh", "0f8fad5b-" + item.id},
                             {"maDonViXuLy", item.unit},
                             {"guidChuDe", "chu-de-" + std::to_string(item.version)},
                             {"thoiGianGui", CityText(item.at, kShippedStamp)}},
                            item.shape, "maPhanAnh", "thoiGianGui");
  }

  WireReply Answer(const WireRequest& request, World& world) override {
    const Listed listed = ListFor(world, {manifest().streams.front().id,
                                          "",
                                          CityInstant(request.Query("tuNgay"), kShippedDay),
                                          {CityInstant(request.Query("denNgay"), kShippedDay).micros + kMicrosPerDay},
                                          std::stoi(request.Query("pageIndex")) + 1,
                                          std::stoi(request.Query("pageSize"))});
    return {200, R"({"success":true,"data":{"total":)" + std::to_string(listed.total) + R"(,"items":[)" +
                     Joined(*this, listed.rows, ",") + "]}}"};
  }
};

// Questions of citizens, at the adapter: no days and no pages, the whole list of a unit at once.
class Questions final : public AtTheAdapter {
 public:
  Questions() : AtTheAdapter("reports_p1") {}

  std::string Bytes(const Item& item) const override {
    return WrittenByShipped({{"HOIDAPID", std::stoi(item.id)},
                             {"MADONVI", item.unit},
                             {"MALINHVUC", "LV-" + std::to_string(item.version)},
                             {"NGAYHOI", CityText(item.at, "yyyy-MM-dd HH:mm:ss")}},
                            item.shape, "HOIDAPID", "NGAYHOI");
  }

 private:
  std::string Served(const nlohmann::json& body, World& world) override {
    Asked asked;
    asked.stream = StreamWith(body["service"]).id;
    asked.unit = body["madonvi"];
    asked.to = {366ll * 1'000 * kMicrosPerDay};
    return R"({"error_code":"0","result":[)" + Joined(*this, ListFor(world, asked).rows, ",") + "]}";
  }
};

}  // namespace

std::unique_ptr<Platform> MakeDossierAdapter() { return std::make_unique<DossierAdapter>(); }
std::unique_ptr<Platform> MakeQuestions() { return std::make_unique<Questions>(); }
std::unique_ptr<Platform> MakeDossiers2025() { return std::make_unique<Dossiers2025>(); }
std::unique_ptr<Platform> MakeOpen311() { return std::make_unique<Open311>(); }
std::unique_ptr<Platform> MakeOpen311Xml() { return std::make_unique<Open311Xml>(); }
std::unique_ptr<Platform> MakeGuidReports() { return std::make_unique<GuidReports>(); }

}  // namespace mc::conformance
