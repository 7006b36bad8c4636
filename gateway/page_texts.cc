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
    PageText{"ended", "Phiên làm việc đã kết thúc. Hãy đăng nhập lại.",
             "Your session has ended. Please sign in again."},
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

std::string_view SayRefusal(Language language, std::string_view kind) {
  return In(language, FindText(kRefusalTexts, kind));
}

}  // namespace mc
