#include "gateway/page_texts.h"

#include <array>
#include <cstdlib>

namespace mc {
namespace {

struct PageText {
  std::string_view key, vi, en;
};

constexpr std::array kPageTexts = {
    PageText{"product", "Minh Chứng", "Minh Chứng"},
    PageText{"skip", "Bỏ qua, đến nội dung chính", "Skip to the main content"},
    PageText{"other_language", "English", "Tiếng Việt"},
    PageText{"signed_in_as", "Đang đăng nhập:", "Signed in:"},
    PageText{"sign_in", "Đăng nhập", "Sign in"},
    PageText{"sign_in_lead", "Chọn nơi xác nhận danh tính của bạn. Minh Chứng không giữ mật khẩu nào.",
             "Choose where to confirm who you are. Minh Chứng keeps no password."},
    PageText{"sign_in_with", "Đăng nhập bằng", "Sign in with"},
    PageText{"confirm_with", "Xác nhận bằng", "Confirm with"},
    PageText{"step_up_elsewhere", "Xác nhận lại ở nơi khác", "Confirm again elsewhere"},
    PageText{"step_up_elsewhere_lead", "không xác nhận lại được bạn là ai ngay lúc này. Phiên của bạn vẫn giữ nguyên.",
             "cannot be asked to confirm anew who you are. Your session stays as it is."},
    PageText{"step_up_nowhere", "Cổng này chưa có nơi nào khác để xác nhận lại. Hãy liên hệ:",
             "There is no other place to confirm it here. Please ask:"},
    PageText{"sign_in_again", "Đăng nhập lại", "Sign in again"},
    PageText{"to_start", "Về trang đầu", "To the first page"},
    PageText{"refused", "Chưa đăng nhập được", "You could not be signed in"},
    PageText{"session_ended", "Phiên làm việc đã kết thúc", "Your session has ended"},
    PageText{"request_refused", "Yêu cầu bị từ chối", "The request was refused"},
    PageText{"not_confirmed", "Chưa xác nhận lại được", "You could not be confirmed anew"},
    PageText{"sign_out_unclear", "Chưa xác nhận được việc đăng xuất", "The sign-out could not be confirmed"},
    PageText{"reason", "Mã lý do", "Reason code"},
    PageText{"at", "Lúc", "At"},
    PageText{"unknown_person", "Bạn chưa có trong danh bạ", "You are not in the directory"},
    PageText{"unknown_person_lead",
             "Danh tính của bạn đã được xác nhận, nhưng danh bạ của thành phố chưa có bạn. Hãy liên hệ:",
             "Who you are was confirmed, but the city's directory does not have you. Please ask:"},
    PageText{"not_found", "Không có trang này", "There is no such page"},
    PageText{"not_found_lead", "Hãy kiểm tra lại địa chỉ.", "Please check the address."},
    PageText{"signed_out", "Bạn đã đăng xuất", "You are signed out"},
    PageText{"signed_out_lead", "Phiên làm việc tại Minh Chứng đã kết thúc. Nếu dùng máy chung, hãy đóng trình duyệt.",
             "Your session at Minh Chứng has ended. On a shared computer, close the browser."},
    PageText{"signed_out_here_lead",
             "Phiên tại Minh Chứng đã kết thúc. Nơi xác nhận danh tính có thể vẫn nhớ bạn: hãy đóng trình duyệt.",
             "Your session here has ended. The identity provider may still know you: close the browser."},
    PageText{"home", "Tài khoản của tôi", "My account"},
    PageText{"who", "Tôi là ai", "Who I am"},
    PageText{"name", "Họ tên", "Name"},
    PageText{"unit", "Đơn vị", "Unit"},
    PageText{"no_unit", "hôm nay không thuộc đơn vị nào", "of no unit today"},
    PageText{"provider", "Xác nhận bởi", "Confirmed by"},
    PageText{"level", "Mức định danh", "Level of identity"},
    PageText{"no_level", "không nêu", "not stated"},
    PageText{"sessions", "Các phiên đang mở", "Open sessions"},
    PageText{"sessions_lead", "Thấy phiên nào không phải của mình thì kết thúc nó, rồi báo đơn vị.",
             "End any session that is not yours, and tell your unit."},
    PageText{"begun", "Bắt đầu", "Begun"},
    PageText{"seen", "Dùng lần cuối", "Last used"},
    PageText{"until", "Hết hạn", "Ends"},
    PageText{"action", "Thao tác", "Action"},
    PageText{"this_session", "phiên này", "this session"},
    PageText{"end_session", "Kết thúc", "End"},
    PageText{"end_session_of", "phiên bắt đầu lúc", "the session begun at"},
    PageText{"sign_out", "Đăng xuất", "Sign out"},
    PageText{"forbidden", "Trang này không dành cho bạn", "This page is not for you"},
    PageText{"forbidden_lead",
             "Theo vị trí và nhiệm vụ hôm nay, bạn không được xem phần này. Nếu lẽ ra phải được, hãy báo đơn vị "
             "quản trị danh bạ.",
             "By your post and duties of today you may not see this. If you should, tell who keeps the directory."},
    PageText{"busy_title", "Hệ thống đang bận", "The system is busy"},
    PageText{"busy_lead", "Chưa đọc được dữ liệu. Hãy thử lại sau ít phút.",
             "The data cannot be read now. Please try again in a few minutes."},
    PageText{"no_sheet", "Chưa có phiếu điểm", "There is no sheet"},
    PageText{"no_sheet_lead", "Kỳ này chưa có phiếu điểm của người này.", "This person has no sheet of this period."},
    PageText{"no_sheet_yet", "Bạn chưa có phiếu điểm nào.", "You have no sheet yet."},
    PageText{"erased", "Dữ liệu gốc đã được xóa", "The record was erased"},
    PageText{"erased_lead", "Bản ghi gốc này đã được xóa theo quyết định; việc xóa được ghi trong nhật ký có chữ ký.",
             "This record was erased by a decision, which the signed log holds."},
    PageText{"my_score", "Điểm của tôi và vì sao", "My score and why"},
    PageText{"sheet_of", "Phiếu điểm", "Sheet"},
    PageText{"who_looked", "Ai đã xem hồ sơ của tôi", "Who looked at my file"},
    PageText{"unit_of", "Đơn vị:", "Unit:"},
    PageText{"periods", "Các kỳ", "Periods"},
    PageText{"period", "Kỳ", "Period"},
    PageText{"lead", "Chủ trì:", "Lead:"},
    PageText{"as_of", "Tính đến", "As of"},
    PageText{"policy", "Chính sách", "Policy"},
    PageText{"total", "Tổng điểm", "Total"},
    PageText{"results_points", "Điểm kết quả (trên 70)", "Points for results (of 70)"},
    PageText{"general_points", "Điểm tiêu chí chung (trên 30)", "General points (of 30)"},
    PageText{"class", "Xếp loại", "Class"},
    PageText{"status", "Tình trạng", "Status"},
    PageText{"how", "Cách tính", "How it was computed"},
    PageText{"lines", "Từng việc", "Line by line"},
    PageText{"lines_caption", "Mỗi dòng là một việc; mở ra để xem minh chứng",
             "One line is one piece of work; open it to see the evidence"},
    PageText{"no_lines", "Kỳ này chưa có việc nào được tính.", "No work counts in this period yet."},
    PageText{"item", "Việc", "Work"},
    PageText{"assigned", "Giao", "Assigned"},
    PageText{"completed", "Hoàn thành", "Completed"},
    PageText{"coefficient", "Hệ số", "Coefficient"},
    PageText{"lost", "Điểm bị trừ và vì sao", "Points lost and why"},
    PageText{"nothing_lost", "không bị trừ", "none"},
    PageText{"off_sheet", "Việc không tính, và vì sao", "What does not count, and why"},
    PageText{"off_caption", "Những việc đứng ngoài phiếu điểm", "Work beside the sheet"},
    PageText{"why_off", "Vì sao không tính", "Why it does not count"},
    PageText{"item_title", "Một việc và minh chứng của nó", "One piece of work and its evidence"},
    PageText{"item_key", "Mã việc", "Key"},
    PageText{"kind", "Loại", "Kind"},
    PageText{"product_name", "Sản phẩm chuẩn", "Standard product"},
    PageText{"assigned_at", "Giao lúc", "Assigned at"},
    PageText{"due", "Hạn", "Due"},
    PageText{"no_due", "không có hạn", "no deadline"},
    PageText{"completed_at", "Hoàn thành lúc", "Completed at"},
    PageText{"not_completed", "chưa hoàn thành", "not completed"},
    PageText{"checks", "Đã kiểm tra", "Checked"},
    PageText{"on_sheet", "Trên phiếu điểm", "On the sheet"},
    PageText{"notes", "Ghi chú", "Notes"},
    PageText{"evidence", "Minh chứng", "Evidence"},
    PageText{"evidence_caption", "Mỗi dòng là điều một nguồn ghi nhận; mở bản ghi để xem dữ liệu gốc",
             "One line is what one source states; open the record to see what was received"},
    PageText{"records_closed",
             "Bạn không mở được bản ghi gốc của việc này: bản ghi thuộc hồ sơ của người chủ trì, hoặc vai trò của bạn "
             "chỉ được xem phiếu.",
             "The records of this item are not open to you: they are in its lead's file, or your role sees sheets "
             "alone."},
    PageText{"says", "Ghi nhận", "States"},
    PageText{"source", "Nguồn", "Source"},
    PageText{"occurred", "Xảy ra lúc", "Happened at"},
    PageText{"assurance_level", "Mức bảo đảm", "Assurance"},
    PageText{"record", "Bản ghi", "Record"},
    PageText{"record_title", "Bản ghi gốc", "The record as it was received"},
    PageText{"observed", "Nhận lúc", "Received at"},
    PageText{"leaf", "Lá trong nhật ký", "Leaf of the log"},
    PageText{"sha256", "SHA-256 ghi trong sổ", "SHA-256 as kept"},
    PageText{"recomputed", "SHA-256 tính lại từ dữ liệu", "SHA-256 of these bytes"},
    PageText{"match", "khớp", "equal"},
    PageText{"no_match", "KHÔNG KHỚP: hãy báo đơn vị quản trị", "NOT EQUAL: tell your administrators"},
    PageText{"not_whole", "Bản ghi quá lớn: chỉ giữ phần đầu mục và mã băm của toàn bộ.",
             "The record was too large: its envelope and the digest of the whole are kept."},
    PageText{"bytes", "Dữ liệu gốc", "Bytes as received"},
    PageText{"bytes_base64", "Dữ liệu gốc (base64)", "Bytes as received (base64)"},
    PageText{"back_to_sheet", "Về phiếu điểm", "Back to the sheet"},
    PageText{"back_to_item", "Về việc này", "Back to this work"},
    PageText{"looks_lead", "Mỗi lần người khác mở phiếu điểm, một việc hoặc bản ghi gốc của bạn đều được ghi lại.",
             "Whenever somebody else opens your sheet, a piece of your work or a record, it is noted."},
    PageText{"looks_caption", "Người đã xem, lần gần nhất trước", "Who looked, the latest first"},
    PageText{"older_looks", "Các lần xem trước đó", "Earlier looks"},
    PageText{"no_looks", "Chưa ai xem.", "Nobody has looked."},
    PageText{"viewer", "Người xem", "Who"},
    PageText{"when", "Lúc", "When"},
    PageText{"what", "Đã xem", "What"},
    PageText{"people", "Người trong đơn vị", "People of the unit"},
    PageText{"people_caption", "Người của đơn vị trong kỳ này", "People of the unit in this period"},
    PageText{"below", "Đơn vị trực thuộc", "Units below"},
    PageText{"below_caption", "Số phiếu điểm theo tình trạng", "Sheets by status"},
    PageText{"counts", "Số phiếu điểm", "Sheets"},
    // words of the system
    PageText{"class.excellent", "Hoàn thành xuất sắc nhiệm vụ", "Excellent"},
    PageText{"class.good", "Hoàn thành tốt nhiệm vụ", "Good"},
    PageText{"class.completed", "Hoàn thành nhiệm vụ", "Completed"},
    PageText{"class.not_completed", "Không hoàn thành nhiệm vụ", "Not completed"},
    PageText{"status.scored", "Đã có điểm", "Scored"},
    PageText{"status.insufficient_data", "Chưa đủ dữ liệu", "Not enough data"},
    PageText{"status.awaiting_data", "Chờ dữ liệu", "Waiting for data"},
    PageText{"status.awaiting_assessment", "Chờ điểm tiêu chí chung", "Waiting for the general points"},
    PageText{"status.not_applicable", "Không thuộc đối tượng", "Not applicable"},
    PageText{"off.claim_not_backed", "Báo hoàn thành, chưa có minh chứng", "Claimed, without evidence"},
    PageText{"off.self_set", "Tự giao", "Set by oneself"},
    PageText{"off.held", "Tạm giữ", "Held"},
    PageText{"off.ambiguous", "Chưa rõ người chủ trì", "Lead not clear"},
    PageText{"off.left", "Không còn tính", "Counts no longer"},
    PageText{"off.contributed", "Phối hợp", "Contributed"},
    PageText{"assurance.reported", "tự báo", "reported"},
    PageText{"assurance.recorded", "hệ thống ghi nhận", "recorded"},
    PageText{"assurance.signed", "có chữ ký", "signed"},
    PageText{"assurance.corroborated", "hai nguồn khớp nhau", "corroborated"},
    PageText{"assurance.confirmed", "người có thẩm quyền xác nhận", "confirmed"},
    PageText{"look.sheets", "danh sách phiếu điểm", "the list of sheets"},
    PageText{"look.sheet", "phiếu điểm", "the sheet"},
    PageText{"look.explanation", "phiếu điểm và giải thích", "the sheet and its explanation"},
    PageText{"look.item", "một việc", "a piece of work"},
    PageText{"look.record", "một bản ghi gốc", "a record as received"},
};

constexpr std::array kRefusalTexts = {
    PageText{"again", "Lần đăng nhập này đã quá hạn, đã dùng rồi, hoặc bắt đầu ở cửa sổ khác. Hãy đăng nhập lại.",
             "This sign-in was too old, used before, or begun in another window. Please sign in again."},
    PageText{"provider", "Nơi xác nhận danh tính chưa trả lời được. Hãy thử lại sau vài phút.",
             "The identity provider does not answer now. Please try again in a few minutes."},
    PageText{"denied", "Nơi xác nhận danh tính không đồng ý, hoặc bạn đã hủy. Hãy thử lại, hoặc báo đơn vị quản trị.",
             "The identity provider declined, or you cancelled. Try again, or tell your administrators."},
    PageText{
        "invalid",
        "Câu trả lời nhận được không dùng được, nên đã bị từ chối. Nếu lặp lại, hãy báo đơn vị quản trị kèm mã "
        "và giờ bên dưới.",
        "The answer that came could not be used and was refused. If it happens again, tell your administrators the "
        "code and time below."},
    PageText{"level", "Cần tài khoản có mức định danh cao hơn. Hãy nâng mức tài khoản, rồi đăng nhập lại.",
             "An account of a higher level is needed. Raise its level, then sign in again."},
    PageText{"person",
             "Tài khoản này không phải của một cá nhân, hoặc không nêu số định danh. Hãy dùng tài khoản cá nhân.",
             "This account is not a person's, or names no personal number. Please use a personal account."},
    PageText{"other_person", "Người vừa xác nhận không phải người đang đăng nhập. Phiên cũ vẫn giữ nguyên.",
             "Who has just confirmed is not who is signed in. Your session stays as it was."},
    PageText{"busy", "Hệ thống đang bận. Hãy thử lại sau ít phút.",
             "The system is busy. Please try again in a few minutes."},
    PageText{"forged",
             "Yêu cầu này không đến từ trang của Minh Chứng, nên đã bị từ chối. Hãy mở lại trang rồi thử lại.",
             "This request did not come from a page of Minh Chứng and was refused. Open the page anew and try again."},
    PageText{
        "ended",
        "Phiên đã kết thúc trước khi yêu cầu vừa rồi đến nơi, nên yêu cầu ấy không được thực hiện. Muốn tiếp tục, hãy "
        "đăng nhập lại.",
        "It had ended before your last request came, which was therefore not carried out. To go on, please sign in "
        "again."},
    PageText{"sign_out",
             "Trang này chỉ xác nhận một lần những lượt đăng xuất bắt đầu tại đây. Muốn biết mình còn đăng nhập hay "
             "không, hãy về trang đầu. Nếu dùng máy chung, hãy đóng trình duyệt.",
             "This page confirms, once, a sign-out that was begun here. The first page shows whether you are still "
             "signed in. On a shared computer, close the browser."},
};

template <std::size_t N>
const PageText* FindText(const std::array<PageText, N>& texts, std::string_view key) {
  for (const PageText& text : texts) {
    if (text.key == key) return &text;
  }
  return nullptr;
}

std::string_view In(Language language, const PageText* text) {
  if (!text) std::abort();
  return language == Language::kVi ? text->vi : text->en;
}

}  // namespace

std::string_view Tag(Language language) { return language == Language::kVi ? "vi" : "en"; }

std::string_view Say(Language language, std::string_view key) { return In(language, FindText(kPageTexts, key)); }

std::string_view SayOr(Language language, std::string_view key, std::string_view otherwise) {
  const PageText* text = FindText(kPageTexts, key);
  return text ? In(language, text) : otherwise;
}

std::string_view SayRefusal(Language language, std::string_view kind) {
  return In(language, FindText(kRefusalTexts, kind));
}

}  // namespace mc
