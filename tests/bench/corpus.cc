#include "tests/bench/corpus.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/json.h"
#include "tests/bench/bench.h"

namespace mc::bench {
namespace {

namespace fs = std::filesystem;

std::string Two(std::int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); }

}  // namespace

std::string SpreadHex(std::int64_t n) {
  const std::uint32_t mixed = static_cast<std::uint32_t>(n) * 2'654'435'761u;
  char text[16];
  std::snprintf(text, sizeof text, "%08x", mixed);
  return text;
}

std::string DossierRow(std::int64_t n) {
  const std::string day = "202606" + Two(1 + n % 20);
  const std::string due = "202606" + Two(8 + n % 20);
  const bool done = n % 3 != 0;
  return R"({"MaHoSo":"H26.)" + std::to_string(101 + n % 126) + "-2606" + Two(1 + n % 20) + "-" + SpreadHex(n) +
         R"(","MaHoSoKhac":"","MaTTHC":"1.001193.000.00.00.H26","TenTTHC":"Đăng ký khai sinh","MaLinhVuc":"LV01",)"
         R"("ChuHoSo":"Công dân mẫu )" +
         std::to_string(n % 977) +
         R"(","LoaiDoiTuong":"1","MaDoiTuong":"000000001","Email":"congdan@example.org",)"
         R"("SoDienThoai":"0900000000","TrichYeuHoSo":"null","NgayTiepNhan":")" +
         day + R"(083000","NgayHenTra":")" + due + R"(170000","TrangThaiHoSo":")" + (done ? "10" : "4") +
         R"(","NgayTra":")" + (done ? due + "090000" : "") + R"(","NgayKetThucXuLy":")" + (done ? due + "083011" : "") +
         R"(","DonViXuLy":"Ủy ban nhân dân Phường Ngọc Hà","TaiLieuNop":[],"DanhSachHoSoBoSung":[]})";
}

std::string DossierPage(std::int64_t page, std::int64_t pages) {
  std::string text =
      R"({"error_code":"0","message":"","totalrow":)" + std::to_string(pages * kPageRecords) + R"(,"data":[)";
  for (std::int64_t i = 0; i < kPageRecords; ++i) {
    if (i > 0) text += ",";
    text += DossierRow((page - 1) * kPageRecords + i);
  }
  return text + "]}";
}

void WritePages(const std::string& dir, std::int64_t pages) {
  fs::create_directories(dir);
  for (std::int64_t page = 1; page <= pages; ++page) {
    std::ofstream out(dir + "/" + std::to_string(page) + ".json", std::ios::binary);
    out << DossierPage(page, pages);
    Need(out.good(), "cannot write the pages to " + dir);
  }
}

std::string Message(std::size_t attachment_bytes) {
  std::string message = ReadBytes(SourcePath("tests/golden/documents/document/message.edxml"));
  std::string raw;
  for (std::int64_t i = 0; raw.size() < attachment_bytes; ++i) raw += AsBytes(Sha256(std::to_string(i)));
  raw.resize(attachment_bytes);
  const std::size_t end = message.rfind("</");
  message.insert(end, "<edXML:AttachmentEncoded><edXML:Attachment><edXML:ContentTransferEncoded>" + ToBase64(raw) +
                          "</edXML:ContentTransferEncoded></edXML:Attachment></edXML:AttachmentEncoded>");
  return message;
}

SourceRecord Golden(const std::string& source, const std::string& name) {
  const fs::path folder = SourcePath("tests/golden/" + source + "/" + name);
  const bool xml = fs::exists(folder / "message.edxml");
  SourceRecord record;
  record.bytes = ReadBytes((folder / (xml ? "message.edxml" : "record.json")).string());
  record.source = source;
  record.media_type = xml ? "application/xml" : "application/json";
  const Digest digest = Sha256(record.bytes);
  record.key = {source, ToHex(digest), digest};
  if (fs::exists(folder / "facts.json")) {
    record.facts = Must(ReadJsonFile((folder / "facts.json").string())).get<std::map<std::string, std::string>>();
  }
  return record;
}

std::string ReadBytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  Need(in.good(), "cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string SourcePath(const std::string& below_root) { return std::string(MC_SOURCE_DIR) + "/" + below_root; }

}  // namespace mc::bench
