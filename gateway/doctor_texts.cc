#include "gateway/doctor_texts.h"

#include <array>
#include <utility>

#include "gateway/source_texts.h"

namespace mc {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr std::array kDoctorChecks = {
    Entry{"settings", "tệp cấu hình"},
    Entry{"settings_rights", "quyền truy cập tệp cấu hình"},
    Entry{"listen", "địa chỉ lắng nghe"},
    Entry{"key", "khóa"},
    Entry{"secret", "tệp bí mật của nguồn"},
    Entry{"ca_file", "tệp chứng thư gốc"},
    Entry{"store_folder", "thư mục kho dữ liệu"},
    Entry{"disk", "dung lượng đĩa còn trống"},
    Entry{"store", "kho dữ liệu"},
    Entry{"log_head", "chữ ký nhật ký minh chứng"},
    Entry{"log_end", "cuối nhật ký và các lá cuối"},
    Entry{"witness", "nhân chứng"},
    Entry{"clock", "đồng hồ của máy"},
    Entry{"policy", "chính sách chấm điểm"},
    Entry{"calendar", "lịch làm việc"},
    Entry{"catalogue", "danh mục sản phẩm chuẩn"},
    Entry{"directory", "danh bạ"},
    Entry{"sources", "danh sách nguồn"},
    Entry{"manifest", "bản mô tả nguồn"},
    Entry{"rules", "bảng quy tắc đọc"},
    Entry{"rules_fit", "bản mô tả và bảng quy tắc khớp nhau"},
    Entry{"source", "kết nối nguồn"},
    Entry{"pulls", "thu thập của nguồn"},
    Entry{"provider", "nhà cung cấp định danh"},
    Entry{"relaxations", "nới lỏng kiểm soát"},
};

constexpr std::array kDoctorAdvice = {
    Entry{"bad_setting", "sửa giá trị ở vị trí nêu bên cạnh theo docs/operating/settings.vi.md"},
    Entry{"unknown_key", "tên lạ: sửa theo gợi ý bên cạnh"},
    Entry{"missing_setting", "thiếu giá trị bắt buộc: bổ sung vào tệp cấu hình"},
    Entry{"literal_secret", "bí mật không được ghi thẳng: dùng env:TÊN hoặc file:ĐƯỜNG_DẪN, và thay bí mật đã lộ"},
    Entry{"settings_open_to_others", "mọi tài khoản đều sửa được: chạy chmod o-w trên tệp"},
    Entry{"settings_open_to_group", "cả nhóm sửa được: nếu không chủ ý thì chạy chmod g-w trên tệp"},
    Entry{"secret_open_to_others", "mọi tài khoản đều đọc hoặc sửa được: chạy chmod 600 trên tệp rồi thay bí mật"},
    Entry{"secret_open_to_group", "cả nhóm đọc hoặc sửa được: nếu không chủ ý thì chạy chmod 600 trên tệp"},
    Entry{"ca_missing", "không đọc được tệp chứng thư gốc: kiểm tra sources.*.ca_file và quyền đọc"},
    Entry{"ca_not_pem", "tệp không chứa chứng thư dạng PEM hoặc có chứng thư hỏng: xin lại chứng thư gốc từ nơi cấp"},
    Entry{"ca_expired", "mọi chứng thư gốc trong tệp đã hết hạn: xin chứng thư gốc mới từ nơi cấp"},
    Entry{"ca_ends_soon", "chứng thư gốc sắp hết hạn (dưới 21 ngày): xin chứng thư gốc mới, để cả hai trong tệp"},
    Entry{"ca_file_open_to_others", "mọi tài khoản đều sửa được tệp chứng thư gốc: chạy chmod o-w trên tệp"},
    Entry{"ca_file_open_to_group", "cả nhóm sửa được tệp chứng thư gốc: nếu không chủ ý thì chạy chmod g-w trên tệp"},
    Entry{"bad_key", "khóa phải dài 32 byte, thô hoặc 64 chữ số thập lục phân: khôi phục từ bản sao lưu khóa"},
    Entry{"key_reused", "hai mục đích dùng chung một khóa: tạo khóa riêng trước khi thu thập dữ liệu thật"},
    Entry{"public_bind", "địa chỉ công khai: đặt sau máy chủ ủy quyền có TLS và khai báo listen.behind_proxy"},
    Entry{"bad_address", "địa chỉ lắng nghe không đúng: sửa listen.address"},
    Entry{"bad_log_origin", "tên nhật ký không dùng được: sửa log_origin"},
    Entry{"not_writable", "không ghi được tệp vào thư mục: kiểm tra thư mục, quyền và hệ tệp"},
    Entry{"disk_low", "đĩa sắp đầy: thêm chỗ; cảnh báo dưới 5 GiB hoặc 1.000 tệp, lỗi dưới 1 GiB hoặc 100 tệp"},
    Entry{"no_store", "chưa có kho dữ liệu: lần sync hoặc import đầu tiên sẽ tạo; từng có thì kiểm tra store"},
    Entry{"store_version", "kho dữ liệu thuộc phiên bản khác: dùng đúng phiên bản chương trình hoặc chuyển đổi kho"},
    Entry{"store_key", "khóa niêm phong không phải của kho này: khôi phục đúng khóa từ bản sao lưu"},
    Entry{"person_key", "không phải khóa thay số định danh của danh bạ: khôi phục đúng khóa, hoặc nhập lại danh bạ"},
    Entry{"store_log", "khóa ký hoặc tên nhật ký không phải của kho này: khôi phục đúng khóa và log_origin"},
    Entry{"store_path", "không mở được tệp kho dữ liệu: kiểm tra đường dẫn và quyền"},
    Entry{"store_login", "cơ sở dữ liệu từ chối đăng nhập: kiểm tra người dùng, mật khẩu, tên cơ sở dữ liệu, pg_hba"},
    Entry{"store_connection", "không nối được tới cơ sở dữ liệu: kiểm tra địa chỉ, mạng và máy chủ PostgreSQL"},
    Entry{"store_corrupt", "kho dữ liệu hỏng: dừng thu thập, chạy minhchung fsck, khôi phục từ bản sao lưu"},
    Entry{"store_damaged", "kho dữ liệu hỏng, không ghi thêm: chạy minhchung fsck, phục hồi (restore) từ bản sao lưu"},
    Entry{"head_behind", "chữ ký chậm hơn dữ liệu (lần chạy trước dừng trước khi ký): lần sync kế tiếp sẽ ký"},
    Entry{"bad_note", "chữ ký nhật ký sai: dừng thu thập, giữ nguyên kho và chạy minhchung fsck"},
    Entry{"bad_checkpoint", "điểm kiểm tra của nhật ký sai: dừng thu thập, giữ nguyên kho và chạy minhchung fsck"},
    Entry{"ledger_rollback", "nhật ký ngắn hơn bản đã ký: dừng thu thập, giữ nguyên kho và chạy minhchung fsck"},
    Entry{"ledger_fork", "nhật ký khác bản đã ký: dừng thu thập, giữ nguyên kho và chạy minhchung fsck"},
    Entry{"witness_behind", "đầu nhật ký cuối chưa có chữ ký của nhân chứng: lần sync kế tiếp hoặc minhchung log sign"},
    Entry{"not_cosigned", "nhân chứng chưa cùng ký: kiểm tra witnesses.*.url, mạng, rồi báo đơn vị giữ nhân chứng"},
    Entry{"witness_log_unknown", "nhân chứng chưa biết nhật ký này: gửi họ log_origin và kết quả minhchung log key"},
    Entry{"witness_key_unknown", "nhân chứng không tin khóa của nhật ký này: gửi họ kết quả minhchung log key"},
    Entry{"witness_rollback", "kho dữ liệu cũ hơn bản mà nhân chứng đã ký: dừng thu thập, tìm bản sao lưu mới nhất"},
    Entry{"witness_fork", "nhân chứng đã ký một nhật ký khác cùng tên: dừng thu thập, tìm kho mà nhân chứng đã theo"},
    Entry{"clock_behind", "đồng hồ máy chậm hơn biên nhận cuối cùng: đồng bộ NTP trước khi thu thập tiếp"},
    Entry{"no_catalogue", "chưa có danh mục sản phẩm chuẩn: chạy minhchung import catalogue TỆP"},
    Entry{"relaxed", "một kiểm soát đang tắt: bỏ dòng này dưới relaxations khi nhà cung cấp không còn cần"},
    Entry{"provider_unfit",
          "cấu hình nhà cung cấp định danh chưa dùng được: xem bên cạnh, docs/operating/sign-in.vi.md"},
    Entry{"provider_incomplete", "hồ sơ nhà cung cấp thiếu địa chỉ: bổ sung endpoints, hoặc đặt discovery"},
    Entry{"discovery_unreachable", "không hỏi được nhà cung cấp định danh: kiểm tra address, mạng, chứng thư"},
    Entry{"token_unreachable",
          "không hỏi được địa chỉ token của nhà cung cấp định danh: kiểm tra hồ sơ, mạng, chứng thư"},
    Entry{"userinfo_unreachable", "không hỏi được địa chỉ userinfo của nhà cung cấp: kiểm tra hồ sơ, mạng, chứng thư"},
    Entry{"discovery_issuer", "nhà cung cấp tự xưng một issuer khác: kiểm tra issuer trước khi cho đăng nhập"},
    Entry{"keys_unavailable", "không lấy được khóa công khai của nhà cung cấp định danh: hỏi nơi vận hành nó"},
    Entry{"no_source", "chưa khai báo nguồn nào: bổ sung mục sources"},
    Entry{"rules_do_not_fit", "bản mô tả và bảng quy tắc không cùng một nguồn: kiểm tra tên tệp, id và streams"},
    Entry{"pulls_late", "dữ liệu quá hạn cập nhật: xem minhchung sources list"},
    Entry{"pulls_failing", "lần thu thập gần nhất lỗi: xem minhchung sources list"},
    Entry{"pulls_stopped", "nguồn đã dừng, chờ người vận hành: xem minhchung sources list, sửa rồi chạy sync"},
    Entry{"pulls_never", "chưa thu thập lần nào: chạy minhchung sync hoặc serve"},
    Entry{"pulls_unknown", "bản mô tả nguồn sai: chạy minhchung manifest check TỆP"},
};

// Where a code is of the file's own format.
constexpr std::array kByCheck = {
    Entry{"settings", "sửa tệp cấu hình ở vị trí nêu bên cạnh"},
    Entry{"policy", "chính sách sai: chạy minhchung policy check TỆP"},
    Entry{"calendar", "lịch làm việc sai: sửa tệp ở vị trí nêu bên cạnh"},
    Entry{"catalogue", "danh mục sai: sửa tệp ở vị trí nêu bên cạnh rồi nhập lại"},
    Entry{"directory", "danh bạ sai: sửa tệp ở vị trí nêu bên cạnh rồi nhập lại"},
    Entry{"manifest", "bản mô tả nguồn sai: chạy minhchung manifest check TỆP"},
    Entry{"rules", "bảng quy tắc sai: sửa tệp ở vị trí nêu bên cạnh"},
    Entry{"provider", "nhà cung cấp định danh trả lời không dùng được: xem bên cạnh, hỏi nơi vận hành nó"},
    Entry{"store", "không mở được kho dữ liệu: xem thông báo bên cạnh, chạy minhchung fsck"},
};

template <std::size_t N>
std::string Look(const std::array<Entry, N>& table, std::string_view key) {
  for (const auto& [name, text] : table) {
    if (name == key) return std::string(text);
  }
  return "";
}

}  // namespace

std::string ViFindingState(FindingState state) {
  switch (state) {
    case FindingState::kOk: return "tốt";
    case FindingState::kWarning: return "CẢNH BÁO";
    case FindingState::kFault: return "LỖI";
  }
  return "";
}

std::string ViCheck(std::string_view check) {
  const std::string text = Look(kDoctorChecks, check);
  return text.empty() ? std::string(check) : text;
}

std::string ViFindingAdvice(const Finding& finding) {
  if (finding.state == FindingState::kOk) return "";
  const std::string vague = ViAdvice("");
  if (std::string text = Look(kDoctorAdvice, finding.code); !text.empty()) return text;
  if (std::string text = ViAdvice(finding.code); text != vague) return text;
  const std::string text = Look(kByCheck, finding.check);
  return text.empty() ? vague : text;
}

}  // namespace mc
