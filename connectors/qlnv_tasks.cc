// Tasks of the `qlnv` module, by day of creation. The answer may be wrapped in Data or daTa.

#include <nlohmann/json.hpp>

#include "connectors/json_shape.h"

namespace mc {
namespace {

class QlnvTasks final : public JsonShape {
 public:
  JsonLayout Layout() const override { return {"PageData", "TotalRows"}; }

  FetchRequest RequestFor(const ManifestStream&, const Position& position) const override {
    const nlohmann::ordered_json created = {{"FromDate", DayText(FirstDayOf(position), '/')},
                                            {"ToDate", DayText(LastDayOf(position), '/')}};
    const nlohmann::ordered_json body = {{"Index", position.pages.page},
                                         {"Size", position.page_size},
                                         {"NgayTaoNhiemVu", created},
                                         {"IsSortByHanXuLy", false}};
    return {"read", {}, body.dump()};
  }

  RecordId IdOf(const ManifestStream&) const override { return {"", {"MaNV"}}; }

  std::vector<std::string> Marks() const override { return {"MaNV", "NoiDungTheoDoi", "HanXuLy", "LoaiNhiemVuId"}; }

  const ManifestStream& StreamOf(const Manifest& manifest, const JsonRow&) const override {
    return manifest.streams.front();
  }
};

}  // namespace

std::unique_ptr<JsonShape> MakeQlnvTasks() { return std::make_unique<QlnvTasks>(); }

}  // namespace mc
