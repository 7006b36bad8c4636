#include "gateway/texts.h"

#include <array>
#include <utility>

namespace mc {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr std::array kReasons = {
    Entry{"read_back_gone", "đọc lại thì nguồn không còn bản ghi này"},
    Entry{"read_back_differs", "đọc lại thì nguồn nói khác mà không báo"},
    // held
    Entry{"no_product", "loại việc chưa được gắn sản phẩm chuẩn"},
    Entry{"outside_calendar", "hạn tính theo giờ làm việc vượt quá những ngày mà lịch làm việc có, cần bổ sung lịch"},
    Entry{"acceptor_unknown",
          "chưa rõ ai đã nghiệm thu: tài khoản hoặc nhãn ấy không có trong danh bạ, hoặc của nhiều người"},
    Entry{"type_not_in_table", "loại việc không có trong bảng quy đổi"},
    Entry{"several_results", "nhiều kết quả cho một việc"},
    Entry{"shared_result", "kết quả được nhiều việc cùng viện dẫn"},
    Entry{"result_in_conflict", "kết quả được viện dẫn đang có điều trái nhau, chờ nguồn đính chính"},
    Entry{"two_officials", "hai người được ghi cùng lúc, không rõ ai chủ trì"},
    Entry{"completed_before_assigned", "ghi hoàn thành trước khi được giao hoặc tiếp nhận"},
    Entry{"reopened", "đã kết thúc rồi lại mở, không phải do bị trả lại"},
    Entry{"ids_overlap", "chung một mã với hồ sơ khác mà không hồ sơ nào nêu hồ sơ kia"},
    Entry{"assigned_rewritten", "nguồn sửa ngày giao hoặc ngày tiếp nhận"},
    Entry{"due_rewritten", "nguồn sửa hạn mà không có gia hạn, hẹn trả mới hoặc văn bản cập nhật"},
    Entry{"completed_rewritten", "nguồn sửa thời điểm hoàn thành mà không có lần trả lại nào ở giữa"},
    Entry{"newer_state_unread",
          "nguồn đã gửi trạng thái mới hơn nhưng chưa đọc được, đang cách ly; chờ đọc lại (`quarantine replay`)"},
    Entry{"document_not_seen", "chỉ thấy trạng thái xử lý, chưa thấy văn bản"},
    Entry{"successor_unclear", "cơ quan kế thừa đã xử lý văn bản nhưng không rõ thay cho cơ quan cũ nào"},
    Entry{"synthetic_close", "dòng kết thúc do hệ thống tự sinh, không có thời điểm kết thúc xử lý"},
    Entry{"closed_without_time", "đã kết thúc nhưng không có thời điểm"},
    Entry{"stopped", "hồ sơ dừng xử lý"},
    Entry{"ids_disagree", "một mã hồ sơ nối các hồ sơ có ngày tiếp nhận hoặc thủ tục khác nhau, không rõ có phải một"},
    Entry{"recall_or_update_agreed", "nơi nhận đồng ý (15) nhưng không rõ với việc lấy lại hay việc cập nhật văn bản"},
    // left
    Entry{"recalled_by_assigner", "người giao đã thu hồi trước khi có kết quả được tính"},
    Entry{"recalled_by_sender", "nơi gửi thu hồi văn bản và nơi nhận đồng ý"},
    Entry{"refused", "nơi nhận từ chối văn bản"},
    Entry{"not_accepted", "hồ sơ không được tiếp nhận"},
    Entry{"withdrawn", "công dân rút hồ sơ"},
    Entry{"duplicate", "phản ánh trùng, đã gộp"},
    // verdicts on what a claim names
    Entry{"passes", "đạt"},
    Entry{"not_found", "không tìm thấy kết quả được viện dẫn"},
    Entry{"instruction", "viện dẫn chính văn bản giao việc"},
    Entry{"not_finished", "kết quả chưa hoàn thành"},
    Entry{"other_unit", "kết quả của đơn vị khác"},
    Entry{"other_person", "kết quả của người khác"},
    Entry{"before_assignment", "kết quả có trước khi giao việc"},
    Entry{"after_claim", "kết quả có sau ngày báo cáo"},
    Entry{"returned", "đã bị trả lại sau kết quả này"},
    Entry{"unknown_lead", "chưa xác định được người chủ trì"},
    Entry{"in_conflict", "kết quả đang có điều trái nhau"},
    // links
    Entry{"nobody_named", "nguồn không nêu ai"},
    Entry{"unit_only", "chỉ thuộc đơn vị"},
    Entry{"unknown_key", "khóa định danh không có trong danh bạ"},
    Entry{"unknown_label", "nhãn tài khoản không có trong danh bạ"},
    Entry{"unit_unknown", "chưa xác định được đơn vị"},
    Entry{"no_unit_named", "nguồn không nêu đơn vị"},
    Entry{"not_held", "nguồn báo có, kho chưa có"},
    Entry{"silent_too_long", "số phút không có lần lấy nào trong độ trễ cho phép"},
    Entry{"no_time", "bản ghi không có thời điểm"},
    Entry{"unknown_unit", "đơn vị không có trong danh bạ"},
    Entry{"two_owners", "hai người cùng giữ một khóa định danh"},
    // notes of items and of pages
    Entry{"no_deadline", "không có hạn"},
    Entry{"closed_by_sender", "phần mềm gửi tự thêm dòng kết thúc; dòng đó không nêu ai"},
    Entry{"status_rewritten",
          "phần mềm gửi ghi đã xong, nhưng tiến độ dừng ở bước chờ bổ sung, chờ nộp phí hoặc dừng xử lý"},
    Entry{"document_revised", "nơi ban hành đã cập nhật hoặc thay thế văn bản khi đang xử lý"},
    Entry{"recall_after_completion", "thu hồi sau khi đã hoàn thành, không làm thay đổi kết quả"},
    Entry{"unit_apart", "là một phần của việc nhiều sản phẩm, tính riêng theo hạn hoặc trạng thái của chính nó"},
    Entry{"units_apart", "một phần số lượng được tính riêng, theo hạn hoặc trạng thái của kết quả được viện dẫn"},
    Entry{"withdrawn_after_completion",
          "bị từ chối, rút hoặc lấy lại sau khi đã hoàn thành, không làm thay đổi kết quả"},
    Entry{"page_repeated", "nguồn trả lại trang đã trả"},
    Entry{"total_shrank", "tổng số do nguồn nêu giảm trong khi đang lấy"},
    Entry{"record_count_differs", "tệp hoặc thông điệp có số bản ghi khác số bên gửi đã nêu"},
    Entry{"pages_missing",
          "danh sách nhiều tệp còn thiếu tệp, hoặc các tệp trùng nhau một phần: đặt thêm tệp còn thiếu, "
          "hoặc xuất lại cả danh sách"},
    Entry{"sender_clock_ahead", "bên gửi ghi thời điểm muộn hơn đồng hồ máy này: đồng bộ NTP cả hai bên"},
    Entry{"message_not_understood", "có thông điệp không đúng định dạng, đã cách ly nguyên thông điệp"},
    Entry{"file_too_large", "có tệp dài hơn giới hạn, chưa lấy; hãy chia nhỏ"},
    Entry{"file_changing", "có tệp đang được ghi, lần sau sẽ lấy; hãy đổi tên tệp vào thư mục khi đã ghi xong"},
    Entry{"file_not_understood", "có tệp không đúng định dạng, đã cách ly nguyên tệp"},
    Entry{"scope_too_wide", "khóa truy cập có quyền rộng hơn mức cần để đọc: xin cấp khóa chỉ có quyền đọc"},
    Entry{"order_broken", "nguồn không giữ thứ tự thời gian đã cam kết"},
    Entry{"rows_missing", "nguồn trả ít bản ghi hơn số đã nêu"},
    // what was refused of a record, as a list shows it; the whole sentence stands in `quarantine show`
    Entry{"several_successors", "nhiều đơn vị cùng kế thừa"},
    Entry{"bad_date", "ngày giờ sai"},
    Entry{"missing_id", "thiếu mã bản ghi"},
    Entry{"bad_id", "mã bản ghi không dùng được"},
    Entry{"missing_field", "thiếu trường bắt buộc"},
    Entry{"repeated_field", "một trường được nêu hai lần"},
    Entry{"fields_disagree", "các trường nêu hai điều khác nhau"},
    Entry{"unknown_status", "trạng thái không có trong bảng quy tắc"},
    Entry{"bad_xml", "XML hỏng"},
    Entry{"bad_json", "JSON hỏng"},
    Entry{"bad_utf8", "không phải UTF-8"},
    Entry{"record_too_large", "bản ghi dài hơn giới hạn"},
    Entry{"unsupported_dialect", "định dạng không được đọc"},
    Entry{"unknown_vocabulary", "không phải định dạng của nguồn này"},
    Entry{"below_min_assurance", "kết quả chưa đạt mức tin cậy mà chính sách yêu cầu"},
};

std::string Found(const auto& table, std::string_view code) {
  for (const auto& [key, text] : table) {
    if (key == code) return std::string(text);
  }
  return std::string(code);
}

std::string After(std::string_view says, std::string_view prefix, const char* text) {
  return text + std::string(says.substr(prefix.size()));
}

}  // namespace

// What stands behind the first ':' is what the reason is about.
std::string ViReason(std::string_view code) {
  const std::size_t colon = code.find(':');
  if (colon == std::string_view::npos) return Found(kReasons, code);
  return Found(kReasons, code.substr(0, colon)) + " (" + std::string(code.substr(colon + 1)) + ")";
}

std::string ViKind(ItemKind kind) {
  switch (kind) {
    case ItemKind::kDocumentHandling: return "Xử lý văn bản đến";
    case ItemKind::kDossier: return "Hồ sơ thủ tục hành chính";
    case ItemKind::kReport: return "Phản ánh, kiến nghị";
    case ItemKind::kTask: return "Nhiệm vụ được giao";
  }
  return "";
}

std::string ViAssurance(Assurance level) {
  switch (level) {
    case Assurance::kReported: return "tự khai";
    case Assurance::kRecorded: return "hệ thống ghi nhận";
    case Assurance::kSigned: return "có chữ ký đã kiểm tra";
    case Assurance::kCorroborated: return "hai nguồn độc lập khớp nhau";
    case Assurance::kConfirmed: return "người có thẩm quyền nghiệm thu";
  }
  return "";
}

std::string ViLink(const Link& link) {
  switch (link.state) {
    case LinkState::kResolved: return link.id;
    case LinkState::kAmbiguous: {
      std::string text = "chưa rõ giữa";
      for (const std::string& id : link.candidates) text += " " + id;
      return text;
    }
    case LinkState::kUnresolved: return "chưa xác định (" + ViReason(link.reason) + ")";
    case LinkState::kNotApplicable: return "không áp dụng";
  }
  return "";
}

std::string ViSays(std::string_view says) {
  if (says.starts_with("status ")) return After(says, "status ", "trạng thái văn bản ");
  if (says.starts_with("step ")) return After(says, "step ", "bước xử lý, trạng thái ");
  if (says.starts_with("result ")) return "kết quả viện dẫn, " + ViSays(says.substr(7));
  if (says == "document") return "văn bản";
  if (says == "dossier") return "hồ sơ";
  if (says == "report") return "phản ánh";
  if (says == "satisfaction") return "ý kiến người dân";
  return says == "task" ? "nhiệm vụ" : std::string(says);
}

std::string ViOutcome(RunOutcome outcome) {
  switch (outcome) {
    case RunOutcome::kComplete: return "đủ";
    case RunOutcome::kFailed: return "dở dang";
    case RunOutcome::kSaved: return "từ thư mục";
    case RunOutcome::kReplay: return "đọc lại từ cách ly";
    case RunOutcome::kReadBack: return "đối chiếu lại với nguồn";
  }
  return "";
}

}  // namespace mc
