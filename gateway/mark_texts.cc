#include "gateway/mark_texts.h"

#include <array>
#include <utility>

namespace mc {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr std::array kMarks = {
    // what a sender wrote or changed before anybody saw it
    Entry{"sender_first_step", "dòng tiếp nhận do phần mềm gửi tự ghi lúc tiếp nhận, không nêu ai"},
    Entry{"sender_closing_step",
          "dòng kết thúc do phần mềm gửi tự ghi, không nêu ai và tự nó không chứng minh đã xong"},
    Entry{"status_rewritten", "phần mềm gửi ghi trạng thái 9 (đã xử lý xong), lời ghi cho biết là 5, 6 hoặc 8"},
    Entry{"placeholder_person", "nguồn ghi chức danh chung thay cho tên người, không nêu ai"},
    Entry{"cut_label", "tên người xử lý bị phần mềm gửi cắt bớt"},
    Entry{"second_id", "hồ sơ có mã thứ hai; hai mã chỉ tính một lần"},
    Entry{"placeholder_identity", "số định danh của người nộp là số giữ chỗ (000000001)"},
    Entry{"cut_abstract", "trích yếu bị phần mềm gửi cắt bớt"},
    Entry{"filled_abstract", "trích yếu trống, phần mềm gửi tự điền"},
    Entry{"cut_file_name", "tên tệp bị phần mềm gửi cắt bớt"},
    Entry{"filled_file_name", "tên tệp trống, phần mềm gửi tự điền"},
    Entry{"joined_urls", "nhiều đường dẫn tệp ghi chung một trường"},
    Entry{"applicant_file_as_result",
          "tệp người dân nộp được gửi thay cho tệp kết quả, không chứng minh đã có kết quả"},
    // how the bytes were read
    Entry{"leading_zeros", "số có chữ số 0 đứng đầu, đọc như chữ"},
    Entry{"bom", "có dấu BOM ở đầu"},
    Entry{"leading_junk", "có byte thừa ở đầu"},
    Entry{"unbound_xlink", "tiền tố xlink chưa khai báo"},
    Entry{"nfc", "chữ có dấu viết tách, đã đưa về dạng dựng sẵn"},
    Entry{"characters_lost", "chữ đã mất khi chuyển mã ở nơi gửi (U+FFFD)"},
    Entry{"double_dash", "ngày có hai gạch nối, đã sửa"},
    Entry{"local_despite_z", "giờ ghi chữ Z nhưng là giờ địa phương"},
    Entry{"time_in_date", "trường ngày có ghi giờ; đọc là ngày theo giờ Việt Nam"},
    // what citizens say
    Entry{"criteria_missing", "phiếu không đủ chín tiêu chí; chỉ dùng những tiêu chí có điểm"},
    // attachments
    Entry{"attachment_empty", "tệp đính kèm rỗng"},
    Entry{"attachment_placeholder", "tệp đính kèm chỉ là chỗ giữ của mẫu"},
    Entry{"attachment_damaged", "tệp đính kèm hỏng"},
    Entry{"attachment_mislabelled", "tệp đính kèm khác loại đã ghi"},
    Entry{"attachment_zipped", "tệp đính kèm được nén"},
    Entry{"attachment_not_opened", "tệp đính kèm là tệp nén không mở được hoặc vượt giới hạn, giữ nguyên"},
    Entry{"nested_edxml", "tệp đính kèm là một thông điệp khác, không tính là văn bản riêng"},
    Entry{"nested_edxml_not_read", "thông điệp nằm trong tệp đính kèm không đọc được"},
    Entry{"nested_edxml_too_deep", "thông điệp lồng nhau quá sâu, không xem tiếp"},
    Entry{"attachments_not_all_read", "quá nhiều tệp đính kèm, không xem hết"},
};

}  // namespace

std::string ViMark(std::string_view mark) {
  constexpr std::string_view kBadDate = "bad_date:";
  if (mark.starts_with(kBadDate))
    return "không đọc được ngày ở trường " + std::string(mark.substr(kBadDate.size()));
  for (const auto& [code, text] : kMarks) {
    if (code == mark) return std::string(text);
  }
  constexpr std::string_view kNested = "nested_";
  if (mark.starts_with(kNested))
    return "trong thông điệp nằm ở tệp đính kèm: " + ViMark(mark.substr(kNested.size()));
  return std::string(mark);
}

}  // namespace mc
