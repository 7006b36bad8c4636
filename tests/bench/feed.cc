#include "tests/bench/feed.h"

#include <algorithm>

#include "connectors/records.h"
#include "gateway/collector.h"
#include "mapping/mapper.h"
#include "tests/bench/corpus.h"

namespace mc::bench {
namespace {

constexpr std::int64_t kLeaseSecs = 60;

std::string TwoDigits(std::int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); }

// Day of receipt 1..20, due and done within the month.
std::string DayOf(const Dossier& dossier, std::int64_t later) {
  return std::to_string(dossier.year) + TwoDigits(dossier.month) + TwoDigits(1 + dossier.number % 20 + later);
}

std::string CodeOf(const Dossier& dossier) {
  return "H26.101-" + DayOf(dossier, 0).substr(2) + "-" + SpreadHex(dossier.number);
}

RecordContext Context(const Manifest& manifest, const std::string& stream) {
  return ContextOf(manifest, stream, SystemClock().Now());
}

class Feed final : public Connector {
 public:
  Feed(const Manifest& manifest, FeedRun& run) : manifest_(manifest), run_(run) {}

  const Manifest& manifest() const override { return manifest_; }
  Status Check() override { return Ok(); }
  std::vector<std::string> Streams() const override {
    std::vector<std::string> streams;
    for (const auto& [stream, pages] : run_.pages) streams.push_back(stream);
    return streams;
  }
  // The store's cursor is of an earlier run: this one goes by its own count.
  Result<Page> Pull(const std::string& stream, const std::optional<Cursor>&) override {
    if (run_.before_page) run_.before_page();
    std::vector<Page>& pages = run_.pages.at(stream);
    const std::size_t at = next_[stream]++;
    Page page = std::move(pages.at(at));
    page.next = Cursor{std::to_string(at)};
    page.end = at + 1 == pages.size();
    if (page.end) page.complete_through = SystemClock().Now();
    return page;
  }

 private:
  const Manifest& manifest_;
  FeedRun& run_;
  std::map<std::string, std::size_t> next_;
};

}  // namespace

std::string OfficerLabel(std::int64_t officer) { return "Cán bộ mẫu " + std::to_string(officer); }

SourceRecord DossierRecord(const Manifest& manifest, const Dossier& dossier, bool done) {
  const std::string code = CodeOf(dossier);
  const std::string bytes =
      R"({"MaHoSo":")" + code +
      R"(","MaHoSoKhac":"","MaTTHC":"1.001193.000.00.00.H26","TenTTHC":"Đăng ký khai sinh","MaLinhVuc":"LV01",)"
      R"("ChuHoSo":"Công dân mẫu )" +
      std::to_string(dossier.number % 977) +
      R"(","LoaiDoiTuong":"1","MaDoiTuong":"000000001","Email":"congdan@example.org",)"
      R"("SoDienThoai":"0900000000","TrichYeuHoSo":"null","NgayTiepNhan":")" +
      DayOf(dossier, 0) + R"(083000","NgayHenTra":")" + DayOf(dossier, 7) + R"(170000","TrangThaiHoSo":")" +
      (done ? "9" : "4") +
      R"(","NgayTra":"","NgayKetThucXuLy":"","DonViXuLy":"UBND phường Một","TaiLieuNop":[],)"
      R"("DanhSachHoSoBoSung":[]})";
  return MakeRecord(Context(manifest, "dossiers"), bytes, "application/json", "hs|" + code);
}

SourceRecord StepRecord(const Manifest& manifest, const Dossier& dossier, bool done) {
  const std::string code = CodeOf(dossier), at = DayOf(dossier, done ? 6 : 0) + (done ? "100000" : "091500");
  const std::string status = done ? "9" : "4";
  const std::string bytes = R"({"MaHoSo":")" + code + R"(","NguoiXuLy":")" + OfficerLabel(dossier.officer) +
                            R"(","ThoiDiemXuLy":")" + at + R"(","TrangThai":")" + status + "\"}";
  return MakeRecord(Context(manifest, "steps"), bytes, "application/json", "td|" + code + "|" + at + "|" + status);
}

Manifest FeedManifest() { return Must(ReadManifest(SourcePath("connectors/public_service.json"))); }

void AddPages(std::vector<SourceRecord> records, std::int64_t commit_records, std::vector<Page>& pages) {
  for (SourceRecord& record : records) {
    if (pages.empty() || pages.back().records.size() >= static_cast<std::size_t>(commit_records)) pages.emplace_back();
    pages.back().records.push_back(std::move(record));
  }
}

BatchCounts PullFeed(Store& store, const Manifest& manifest, FeedRun run) {
  static const auto mapper = Must(LoadMapper(SourcePath("mapping/rules/public_service.json")));
  const SystemClock clock;
  Feed feed(manifest, run);
  const SourceResult result = PullSource({store, clock, manifest, *mapper, "bench", kLeaseSecs, run.committed}, feed);
  Need(!result.error, result.error ? result.error->code + ": " + result.error->message : "");
  Need(result.counts.fetched == result.counts.added + result.counts.revised, "a made record is no new revision");
  return result.counts;
}

}  // namespace mc::bench
