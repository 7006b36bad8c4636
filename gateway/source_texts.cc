#include "gateway/source_texts.h"

#include <array>
#include <utility>

namespace mc {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr std::array kSourceAdvice = {
    Entry{"resolve_failed", "không tìm thấy tên máy chủ: kiểm tra base_url và DNS"},
    Entry{"connect_refused", "máy chủ không nhận kết nối: hỏi đơn vị vận hành nền tảng, kiểm tra cổng trong base_url"},
    Entry{"connect_failed", "không tới được máy chủ: kiểm tra mạng, tường lửa và base_url"},
    Entry{"timeout", "nền tảng trả lời quá chậm: chờ lần thử sau, nếu kéo dài thì báo đơn vị vận hành nền tảng"},
    Entry{"reset", "kết nối bị ngắt giữa chừng: chờ lần thử sau, nếu kéo dài thì kiểm tra mạng"},
    Entry{"truncated_body", "câu trả lời bị cắt giữa chừng: chờ lần thử sau, nếu kéo dài thì báo đơn vị vận hành"},
    Entry{"tls_expired", "chứng thư số của nền tảng đã hết hạn: yêu cầu đơn vị vận hành gia hạn"},
    Entry{"tls_not_yet_valid", "chứng thư số chưa có hiệu lực: kiểm tra đồng hồ máy này, rồi báo đơn vị vận hành"},
    Entry{"tls_name", "chứng thư số không đúng tên máy chủ: sửa base_url theo tên ghi trên chứng thư"},
    Entry{"tls_untrusted", "chưa tin cậy nơi cấp chứng thư số: khai báo chứng thư gốc của nơi cấp ở sources.*.ca_file"},
    Entry{"tls_self_signed", "chứng thư số tự ký: yêu cầu chứng thư của một nơi cấp, hoặc khai báo nó ở ca_file"},
    Entry{"tls_version", "nền tảng chỉ có TLS cũ hơn 1.2: yêu cầu đơn vị vận hành bật TLS 1.2 trở lên"},
    Entry{"tls", "không lập được kết nối TLS: kiểm tra https và cổng trong base_url, rồi báo đơn vị vận hành"},
    Entry{"bad_ca_file", "không dùng được tệp chứng thư gốc: kiểm tra sources.*.ca_file, chạy minhchung doctor"},
    Entry{"certificate_ends_soon", "chứng thư số còn dưới 21 ngày: nhắc đơn vị vận hành gia hạn"},
    Entry{"no_tls",
          "không có (http ra ngoài mạng riêng): dữ liệu và mật khẩu có thể bị đọc trên đường truyền; yêu cầu "
          "nền tảng mở https hoặc nối qua mạng riêng, rồi sửa base_url"},
    Entry{"no_certificate", "không có (http trong máy này hoặc mạng riêng)"},
    Entry{"not_over_http", "không có (nguồn không đọc qua HTTP)"},
    Entry{"refused", "nền tảng từ chối thông tin xác thực: kiểm tra khóa còn hạn và quyền được cấp, rồi chạy sync"},
    Entry{"token_refused", "nền tảng không cấp thẻ truy cập: kiểm tra tên, mật khẩu hoặc khóa, và quyền được cấp"},
    Entry{"login_refused", "nền tảng không cho đăng nhập: kiểm tra tên, mật khẩu và mã hệ thống (dstcode)"},
    Entry{"session_refused",
          "đăng nhập được nhưng phiên bị từ chối: kiểm tra quyền, và không ai khác dùng tài khoản này"},
    Entry{"scope_too_wide",
          "khóa truy cập có quyền rộng hơn mức cần để đọc: xin khóa chỉ có quyền đọc, rồi thay trong "
          "sources.*.secrets"},
    Entry{"missing_secret", "thiếu thông tin xác thực: khai báo trong sources.*.secrets"},
    Entry{"secret_missing", "không đọc được bí mật: kiểm tra biến môi trường hoặc tệp đã khai báo"},
    Entry{"bad_url", "địa chỉ không dùng được: sửa base_url"},
    Entry{"bad_base_url", "địa chỉ không dùng được: base_url phải bắt đầu bằng http:// hoặc https://"},
    Entry{"no_unit_codes", "chưa có mã cơ quan để hỏi: khai báo unit_codes hoặc nhập danh bạ"},
    Entry{"no_directory", "chưa có danh bạ: chạy minhchung import directory TỆP"},
    Entry{"cannot_read", "không đọc được tệp: kiểm tra đường dẫn và quyền đọc"},
    Entry{"http_status", "nền tảng báo lỗi: xem mã trạng thái bên cạnh, nếu kéo dài thì báo đơn vị vận hành"},
    Entry{"not_offered", "nền tảng không có dịch vụ ở địa chỉ này: kiểm tra base_url và phiên bản giao diện"},
    Entry{"redirected", "nền tảng chuyển sang địa chỉ khác: ghi địa chỉ cuối cùng vào base_url"},
    Entry{"html_instead_of_data", "nền tảng trả trang web thay vì dữ liệu: thường là trang đăng nhập hoặc bảo trì"},
    Entry{"empty_answer", "nền tảng trả lời rỗng: báo đơn vị vận hành nền tảng"},
    Entry{"unexpected_answer", "câu trả lời không có danh sách bản ghi: kiểm tra base_url và phiên bản giao diện"},
    Entry{"source_error", "nền tảng báo xử lý không thành công: nếu kéo dài thì báo đơn vị vận hành nền tảng"},
    Entry{"token_endpoint", "nơi cấp thẻ truy cập trả lời sai hoặc đang lỗi: nếu kéo dài thì báo đơn vị vận hành"},
    Entry{"token_request",
          "nơi cấp thẻ truy cập không nhận yêu cầu: kiểm tra scope, client_auth và đường dẫn trong manifest"},
    Entry{"body_too_large",
          "trang dữ liệu quá dài: giảm records_per_page hoặc tăng page_body_limit_bytes trong manifest"},
    Entry{"clock_skew", "đồng hồ hai bên lệch quá 5 phút: đồng bộ NTP cả hai máy"},
    Entry{"store_full", "đĩa đầy: giải phóng dung lượng nơi đặt kho dữ liệu"},
    Entry{"store_connection", "mất kết nối tới cơ sở dữ liệu: chờ lần thử sau, kiểm tra máy chủ PostgreSQL"},
    Entry{"store_busy", "kho dữ liệu đang bận: chờ lần thử sau"},
    Entry{"lease_held", "tiến trình hoặc máy khác đang thu thập nguồn này: không cần làm gì"},
    Entry{"interrupted", "lần thu thập bị dừng giữa chừng: lần sau sẽ đi tiếp"},
};

}  // namespace

std::string ViHealth(SourceHealth health) {
  switch (health) {
    case SourceHealth::kGood: return "tốt";
    case SourceHealth::kLate: return "QUÁ HẠN CẬP NHẬT";
    case SourceHealth::kFailing: return "đang lỗi, sẽ thử lại";
    case SourceHealth::kStopped: return "ĐÃ DỪNG, chờ người vận hành";
    case SourceHealth::kNever: return "chưa thu thập lần nào";
    case SourceHealth::kUnknown: return "BẢN MÔ TẢ NGUỒN SAI";
  }
  return "";
}

std::string ViStep(CheckStep step) {
  switch (step) {
    case CheckStep::kSettings: return "cấu hình";
    case CheckStep::kAddress: return "địa chỉ";
    case CheckStep::kCertificate: return "chứng thư số";
    case CheckStep::kCredentials: return "thông tin xác thực";
    case CheckStep::kRights: return "quyền";
    case CheckStep::kShape: return "dạng dữ liệu";
    case CheckStep::kClock: return "đồng hồ";
  }
  return "";
}

std::string ViAdvice(std::string_view code) {
  for (const auto& [key, text] : kSourceAdvice) {
    if (key == code) return std::string(text);
  }
  return "xem mã lỗi và thông báo bên cạnh";
}

}  // namespace mc
