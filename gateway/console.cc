#include "gateway/console.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "gateway/exit_code.h"

namespace mc {
namespace {

// NFC text: every byte that is not a continuation byte starts one visible letter.
std::size_t Width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string Sentence(const Error& error) {
  switch (error.error_class) {
    case ErrorClass::kConfig: return "cấu hình, cách dùng hoặc tệp đầu vào chưa đúng";
    case ErrorClass::kTransient: return "nguồn dữ liệu hoặc dịch vụ chưa đáp ứng, hãy thử lại sau";
    case ErrorClass::kAuth: return "nguồn dữ liệu từ chối thông tin xác thực";
    case ErrorClass::kData: return "dữ liệu đầu vào không đọc được";
    case ErrorClass::kInternal: break;
  }
  if (IsContradicted(error))
    return "nhân chứng đã ký đầu nhật ký mà kho này không có: không ký gì nữa, xem docs/operating/witness.vi.md";
  if (IsDiskError(error)) return "không ghi được vào đĩa: hãy xem còn chỗ, còn tệp (df, df -i) và quyền thư mục";
  if (error.code == "store_damaged") return "kho dữ liệu bị hỏng: không ghi thêm gì, chỉ đọc được những phần còn lành";
  return IsStoreError(error) ? "kho dữ liệu có lỗi, hãy chạy minhchung fsck" : "lỗi nội bộ của chương trình";
}

void Write(std::FILE* to, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), to);
  std::fflush(to);
}

}  // namespace

std::string ErrorText(const Error& error) {
  return "Lỗi: " + Sentence(error) + " [" + error.code + "]: " + error.message;
}

void Console::Line(const std::string& text) {
  EndProgress();
  Write(stdout, text + "\n");
}

void Console::Print(const Json& value) { Line(value.dump(2, ' ', false, Json::error_handler_t::replace)); }

void Console::Note(const std::string& text) {
  EndProgress();
  const std::lock_guard lock(mutex_);
  Write(stderr, text + "\n");
}

void Console::PrintError(const Error& error) { Note(ErrorText(error)); }

void Console::Progress(const std::string& text) {
  if (!isatty(STDERR_FILENO)) return;
  const std::lock_guard lock(mutex_);
  Write(stderr, "\r" + text + "\x1b[K");
  progress_shown_ = true;
}

void Console::EndProgress() {
  const std::lock_guard lock(mutex_);
  if (progress_shown_) Write(stderr, "\r\x1b[K");
  progress_shown_ = false;
}

std::string FormatTable(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    if (row.size() > widths.size()) widths.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += row[i];
      if (i + 1 < row.size()) out += std::string(widths[i] - Width(row[i]) + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

}  // namespace mc
