#include "gateway/cli.h"

#include <CLI/CLI.hpp>
#include <exception>
#include <memory>
#include <string>

#include "gateway/cli_usage.h"
#include "gateway/commands.h"
#include "gateway/start_guard.h"
#include "gateway/version.h"
#include "storage/clients.h"

namespace mc {
namespace {

// Builds the tree of commands; what was chosen stands in `chosen` after parsing.
class CommandLine {
 public:
  CommandLine()
      : app_("Minh Chứng: từ minh chứng trên các nền tảng của thành phố đến phiếu điểm mở ra được", "minhchung") {
    app_.fallthrough();
    app_.require_subcommand(1);
    app_.option_defaults()->group("Tùy chọn");
    app_.set_help_flag("-h,--help", "Hướng dẫn sử dụng");
    app_.set_version_flag("--version", std::string("minhchung ") + kVersion, "Phiên bản");
    app_.add_option("--config", options.config, "Tệp cấu hình (JSON có chú thích)")->capture_default_str();
    app_.add_flag("--json", options.json, "In kết quả dạng JSON");
    auto& labels = *app_.get_formatter();
    labels.label("Usage", "Cách dùng");
    labels.label("OPTIONS", "[TÙY CHỌN]");
    labels.label("SUBCOMMAND", "LỆNH");
    labels.label("SUBCOMMANDS", "LỆNH");
    labels.label("Positionals", "Tham số");
    labels.label("REQUIRED", "bắt buộc");
    AddCollecting();
    AddScoring();
    AddChecks();
    AddProofs();
    AddErase();
    AddLinks();
    AddImports();
  }

  void Parse(int argc, const char* const* argv) { app_.parse(argc, argv); }
  // Help and version are no errors; CLI11 prints them itself.
  bool IsHelp(const CLI::ParseError& error) { return error.get_exit_code() == 0 && app_.exit(error) == 0; }

  std::string Usage(const CLI::ParseError& error) const { return UsageText(app_, error); }

  Options options;
  Command chosen = nullptr;

 private:
  CLI::App* Add(CLI::App& parent, const char* name, const char* meaning, Command command) {
    auto* sub = parent.add_subcommand(name, meaning);
    sub->group("Các lệnh");
    if (command) sub->callback([this, command] { chosen = command; });
    if (!command) sub->require_subcommand(1);
    return sub;
  }

  void AddPeriod(CLI::App& sub, bool required) {
    auto* period = sub.add_option("--period", options.period, "Kỳ đánh giá, ví dụ 2026-06");
    if (required) period->required();
    sub.add_option("--as-of", options.as_of, "Thời điểm nhìn lại (RFC 3339); mặc định: thời điểm chốt kỳ");
    sub.add_option("--policy", options.policy, "Mã chính sách; mặc định theo cấu hình");
  }

  void AddCollecting() {
    Add(app_, "serve", "Thu thập theo lịch và chạy máy chủ (/healthz, /readyz, /metrics, /log)", RunServe);
    auto* sync = Add(app_, "sync", "Thu thập minh chứng từ các nguồn", RunSync);
    sync->add_option("SOURCE", options.sources, "Tên nguồn; bỏ trống: mọi nguồn trong cấu hình");
    auto* from = sync->add_option("--from", options.from_dir, "Đọc các trang hoặc thông điệp đã lưu trong thư mục DIR");
    from->type_name("DIR");
    sync->add_option("--record", options.record_dir,
                     "Ghi lại trao đổi với nguồn vào thư mục DIR (đã bỏ mật khẩu và số định danh)")
        ->type_name("DIR")
        ->excludes(from);
    auto* read_back =
        Add(app_, "read-back", "Hỏi lại nguồn một số bản ghi chọn ngẫu nhiên và so với những gì đang giữ", RunReadBack);
    read_back->add_option("SOURCE", options.sources, "Tên nguồn; bỏ trống: mọi nguồn trong cấu hình");
  }

  void AddScoring() {
    auto* score = Add(app_, "score", "Chấm điểm một kỳ, hoặc một tệp tình huống (--case)", RunScore);
    AddPeriod(*score, false);
    auto* period = score->get_option("--period");
    auto* person = score->add_option("--person", options.person, "Chỉ một người");
    auto* unit = score->add_option("--unit", options.unit, "Chỉ một đơn vị");
    person->excludes(unit)->needs(period);
    unit->needs(period);
    auto* as_case =
        score->add_option("--case", options.case_file, "Tệp tình huống; không cần cấu hình hay kho dữ liệu");
    as_case->excludes(period)->excludes(score->get_option("--as-of"));
    score->add_flag("--publish", options.publish, "Giữ lại phiếu điểm của cả kỳ để mọi người xem trên trang và API")
        ->needs(period)
        ->excludes(score->get_option("--as-of"))
        ->excludes(score->get_option("--policy"))
        ->excludes(person)
        ->excludes(unit);
    score->add_option("--policies", options.policies_dir, "Thư mục chính sách (dùng với --case)")->needs(as_case);
    auto* explain = Add(app_, "explain", "Mở một phiếu điểm đến tận dữ liệu gốc", RunExplain);
    explain->add_option("PERSON", options.person, "Mã người")->required();
    AddPeriod(*explain, true);
    explain->add_option("--item", options.item, "Mở dữ liệu gốc của một việc (lần mở này được ghi lại)");
    auto* summary = Add(app_, "summary", "Ghi tệp tổng hợp của lần chạy (dùng cho scripts/run --once)", RunSummary);
    AddPeriod(*summary, true);
    summary->add_option("--out", options.out_file, "Tệp kết quả")->required();
  }

  void AddChecks() {
    auto* fsck = Add(app_, "fsck", "Tính lại toàn bộ kho từ dữ liệu gốc và báo mọi sai lệch", RunFsck);
    auto* index =
        fsck->add_flag("--index", options.index, "Làm lại danh sách lá của từng người trong các kỳ đã chốt và so sánh");
    fsck->add_flag("--rollups", options.rollups, "Chỉ đếm lại bốn số đo từ các dòng và so với số đang giữ")
        ->excludes(index);
    Add(app_, "backup", "Sao lưu toàn bộ kho vào một thư mục mới, trong khi kho vẫn được ghi", RunBackup)
        ->add_option("DIR", options.out_dir, "Thư mục mới, chưa có")
        ->required();
    auto* restore = Add(app_, "restore", "Dựng lại kho từ một bản sao; không bao giờ ghi đè kho đang có", RunRestore);
    restore->add_option("DIR", options.from_dir, "Thư mục do backup tạo ra")->required();
    restore->add_flag("--older", options.older,
                      "Vẫn phục hồi dù nhân chứng đã thấy nhiều hơn: để đọc; không ký được nữa");
    Add(app_, "upkeep", "Kho lớn ra sao, và những gì cấu hình (retention) cho phép bỏ đi; không đụng tới bằng chứng",
        RunUpkeep)
        ->add_flag("--confirm", options.confirm, "Làm thật; không có: chỉ in ra những gì sẽ làm");
    auto* log = Add(app_, "log", "Nhật ký đã ký", nullptr);
    Add(*log, "access", "Số lần đăng nhập, từ chối, đăng xuất của một ngày, như đã ghi vào nhật ký", RunLogAccess)
        ->add_option("--day", options.day, "Ngày yyyy-mm-dd; mặc định: hôm nay");
    auto* export_log =
        Add(*log, "export", "Ghi toàn bộ nhật ký đã ký thành tệp tĩnh để bên ngoài lưu và kiểm", RunLogExport);
    Add(*log, "sign", "Ký đầu nhật ký nếu còn lá chưa ký, đưa nhân chứng cùng ký, in ai đã ký", RunLogSign);
    auto* rotate =
        Add(*log, "rotate", "Đổi khóa ký nhật ký: ghi khóa mới vào nhật ký, ký bằng cả hai khóa", RunLogRotate);
    rotate->add_option("NEWKEY", options.key_ref, "Khóa mới: file:ĐƯỜNG_DẪN hoặc env:TÊN")->required();
    Add(*log, "keys", "In mọi khóa đã ký nhật ký, và lá nào trong nhật ký nêu khóa đó", RunLogKeys);
    Add(*log, "key", "In khóa công khai để bên ngoài kiểm chữ ký của nhật ký", RunLogKey);
    export_log->add_option("DIR", options.out_dir, "Thư mục kết quả")->required();
    auto* quality = Add(app_, "quality", "Bốn số đo chất lượng dữ liệu của từng nguồn", RunQuality);
    AddPeriod(*quality, false);
    auto* list = quality->add_flag("--list", options.list, "In từng dòng kéo số đo xuống và vì sao");
    auto* units = quality->add_flag("--units", options.units, "Theo từng đơn vị của từng nguồn");
    auto* close = quality->add_flag("--close-day", options.close_day,
                                    "Ghi số đo của một ngày đã hết vào nhật ký, mỗi ngày một lá; mặc định hôm qua");
    close->excludes(list)->excludes(units)->excludes(quality->get_option("--period"));
    quality->add_option("--day", options.day, "Ngày nào (dùng với --close-day), ví dụ 2026-06-30")->needs(close);
    quality->add_flag("--findings", options.findings,
                      "In dấu hiệu che giấu, chậm đưa, sửa ngày hoặc lặp lại của từng nguồn và đơn vị");
    Add(app_, "daily", "Bản tin vận hành của một ngày: việc cần làm trước, rồi số liệu", RunDaily)
        ->add_option("--day", options.day, "Ngày (yyyy-mm-dd); mặc định: hôm qua");
    AddQuarantine();
    AddClients();
    auto* sources = Add(app_, "sources", "Các nguồn dữ liệu", nullptr);
    Add(*sources, "list", "Liệt kê", RunSourcesList);
    auto* check = Add(*sources, "check", "Thử kết nối, xác thực và định dạng", RunSourcesCheck);
    check->add_option("NAME", options.sources, "Tên nguồn; bỏ trống: tất cả");
    Add(app_, "doctor", "Khám toàn bộ bản cài đặt: cấu hình, khóa, kho dữ liệu, đĩa, nguồn", RunDoctor);
    auto* policy = Add(app_, "policy", "Chính sách chấm điểm", nullptr);
    AddFile(*Add(*policy, "check", "Kiểm tra một tệp chính sách", RunPolicyCheck));
    auto* manifest = Add(app_, "manifest", "Bản mô tả nguồn", nullptr);
    AddFile(*Add(*manifest, "check", "Kiểm tra một bản mô tả nguồn", RunManifestCheck));
  }

  CLI::App* AddLinkStep(CLI::App& link, const char* name, const char* meaning, Command command, const char* by) {
    auto* step = Add(link, name, meaning, command);
    step->add_option("--by", options.by, by)->required();
    return step;
  }

  void AddLinks() {
    auto* link = Add(app_, "link", "Ai là ai: khóa chưa rõ, và các nối kết do hai người lập", nullptr);
    Add(*link, "list", "Khóa đang chờ (kèm gợi ý), đề nghị đang chờ duyệt, nối kết đang có hiệu lực", RunLinkList)
        ->add_option("--unit", options.unit, "Chỉ một đơn vị");
    auto* propose = AddLinkStep(*link, "propose", "Đề nghị nối một nhãn hoặc tài khoản với một người, có thời hạn",
                                RunLinkPropose, "Mã người đề nghị");
    propose->add_option("--register", options.register_id, "Sổ gốc")->required();
    auto* label = propose->add_option("--label", options.label, "Nhãn, đúng như nguồn ghi");
    propose->add_option("--account", options.account, "Tài khoản, đúng như nguồn ghi")->excludes(label);
    propose->add_option("--unit", options.unit, "Đơn vị có nhãn");
    propose->add_option("--person", options.person, "Mã người được nối")->required();
    propose->add_option("--from", options.from, "Ngày đầu (yyyy-mm-dd)")->required();
    propose->add_option("--to", options.to, "Ngày cuối; không quá 366 ngày")->required();
    auto* end = AddLinkStep(*link, "end", "Đề nghị chấm dứt một nối kết trước hạn", RunLinkEnd, "Mã người đề nghị");
    end->add_option("LINK", options.id, "Mã nối kết")->required();
    end->add_option("--to", options.to, "Ngày cuối còn hiệu lực; ngày trước ngày đầu: chưa từng có hiệu lực")
        ->required();
    auto* approve = AddLinkStep(*link, "approve", "Duyệt một đề nghị; in trước những phiếu điểm sẽ thay đổi",
                                RunLinkApprove, "Mã người duyệt, khác người đề nghị");
    approve->add_option("PROPOSAL", options.id, "Mã đề nghị")->required();
    approve->add_flag("--confirm", options.confirm, "Duyệt thật; không có: chỉ in ra những gì sẽ thay đổi");
    approve->add_option("--policy", options.policy, "Mã chính sách dùng để so phiếu; mặc định theo cấu hình");
    auto* reject = AddLinkStep(*link, "reject", "Bác một đề nghị", RunLinkReject, "Mã người bác");
    reject->add_option("PROPOSAL", options.id, "Mã đề nghị")->required();
    for (auto* step : {propose, end, reject})
      step->add_option("--reason", options.reason, "Lý do, được niêm phong")->required();
  }

  void AddClients() {
    auto* client = Add(app_, "client", "Máy được đẩy dữ liệu đến: tài khoản và mã bí mật của từng máy", nullptr);
    Add(*client, "list", "Liệt kê, kể cả máy đã thu hồi", RunClientList);
    auto* create = Add(*client, "create", "Tạo một máy; mã bí mật chỉ in một lần", RunClientCreate);
    auto* source = create->add_option("--source", options.source, "Nguồn mà máy được đẩy đến");
    create->add_option("--unit", options.unit, "Hoặc mã đơn vị")->excludes(source);
    auto* rotate = Add(*client, "rotate", "Đổi mã bí mật; mã cũ còn dùng được một thời gian", RunClientRotate);
    rotate->add_option("--overlap", options.overlap_hours, "Số giờ mã cũ còn dùng được, 0 đến 720")
        ->check(CLI::Range(std::int64_t{0}, kClientOverlapMostHours))
        ->capture_default_str();
    auto* revoke =
        Add(*client, "revoke", "Thu hồi vĩnh viễn; các mã truy cập đã cấp cũng hết hiệu lực", RunClientRevoke);
    for (auto* step : {rotate, revoke}) step->add_option("ID", options.id, "Mã máy")->required();
    for (auto* step : {create, rotate, revoke})
      step->add_option("--by", options.by, "Người thực hiện; mặc định: tài khoản trên máy chủ này");
  }

  void AddProofs() {
    auto* prove = Add(app_, "prove", "Ghi gói chứng minh để người ngoài kiểm tra ngoài mạng", nullptr);
    auto* evidence = Add(*prove, "evidence", "Gói của một minh chứng", RunProveEvidence);
    evidence->add_option("ID", options.id, "Mã bản ghi (16 chữ số thập lục phân) hoặc số lá")->required();
    evidence->add_option("--out", options.out_file, "Tệp ZIP kết quả")->required();
    auto* score = Add(*prove, "score", "Gói của một phiếu điểm trong kỳ đã chốt", RunProveScore);
    score->add_option("ID", options.person, "Mã người")->required();
    score->add_option("--period", options.period, "Kỳ đã chốt, ví dụ 2026-06")->required();
    score->add_option("--out", options.out_file, "Tệp ZIP kết quả")->required();
    auto* lock = Add(app_, "lock", "Chốt một kỳ: cam kết mọi phiếu điểm vào nhật ký", RunLock);
    lock->add_option("--period", options.period, "Kỳ đánh giá, ví dụ 2026-06")->required();
    lock->add_option("--policy", options.policy, "Mã chính sách; mặc định theo cấu hình");
    lock->add_flag("--with-waiting", options.with_waiting,
                   "Chốt cả khi có phiếu còn chờ nguồn; phiếu đó mãi mãi không có tổng điểm và xếp loại");
    auto* verify = Add(app_, "verify", "Kiểm tra một gói chứng minh; không cần mạng, kho hay cấu hình", RunVerify);
    verify->add_option("FILE", options.file, "Gói chứng minh")->required();
    verify
        ->add_option("--key", options.keys,
                     "Khóa công khai của nhật ký, lấy từ nơi nhật ký công bố; nhật ký từng đổi khóa thì ghi nhiều lần")
        ->allow_extra_args(false);
    verify
        ->add_option("--witness", options.witnesses,
                     "Khóa công khai của một nhân chứng phải đã cùng ký; nhiều nhân chứng thì ghi nhiều lần")
        ->allow_extra_args(false);
  }

  void AddErase() {
    auto* erase = Add(app_, "erase", "Xóa vĩnh viễn dữ liệu gốc; mọi chứng minh còn lại vẫn đúng", RunErase);
    auto* person = erase->add_option("PERSON", options.person, "Mã người: xóa các việc mà người này chủ trì");
    erase->add_option("--record", options.records, "Mã bản ghi, 16 chữ số thập lục phân; cùng mọi phiên bản của nó")
        ->excludes(person);
    erase->add_option("--category", options.category, "Loại lý do, ghi vào nhật ký: request, retention, error, order")
        ->required()
        ->check(CLI::IsMember({"request", "retention", "error", "order"}));
    erase->add_option("--reason", options.reason, "Lý do bằng lời, được niêm phong")->required();
    erase->add_option("--requested-by", options.requested_by, "Người đề nghị")->required();
    erase->add_option("--approved-by", options.approved_by, "Người duyệt, phải là người khác")->required();
    erase->add_flag("--confirm", options.confirm, "Xóa thật; không có: chỉ in ra những gì sẽ mất");
  }

  void AddQuarantine() {
    auto* quarantine = Add(app_, "quarantine", "Bản ghi chưa đọc được", nullptr);
    auto* list = Add(*quarantine, "list", "Liệt kê, kèm lý do", RunQuarantineList);
    list->add_option("--source", options.source, "Chỉ một nguồn");
    list->add_flag("--all", options.all, "Cả những bản ghi đã bỏ qua");
    auto* show =
        Add(*quarantine, "show", "Mở bản ghi: lý do, xuất xứ và dữ liệu gốc (được ghi lại)", RunQuarantineShow);
    show->add_option("RECORD", options.records, "Mã bản ghi, 16 chữ số thập lục phân")->required()->expected(1);
    auto* replay = Add(*quarantine, "replay", "Đọc lại theo quy tắc hiện tại", RunQuarantineReplay);
    auto* some = replay->add_option("RECORD", options.records, "Mã bản ghi; bỏ trống: mọi bản ghi đang cách ly");
    replay->add_option("--source", options.source, "Chỉ một nguồn")->excludes(some);
    auto* drop = Add(*quarantine, "drop", "Bỏ khỏi danh sách cách ly; bản ghi vẫn được giữ", RunQuarantineDrop);
    drop->add_option("RECORD", options.records, "Mã bản ghi")->required()->expected(1);
    drop->add_option("--reason", options.reason, "Lý do")->required();
    drop->add_option("--by", options.by, "Người quyết định; mặc định: tài khoản trên máy này");
  }

  void AddImports() {
    auto* import = Add(app_, "import", "Nhập tài liệu vào kho", nullptr);
    AddFile(*Add(*import, "directory", "Danh bạ đơn vị, người và khóa định danh", RunImportDirectory));
    AddFile(*Add(*import, "catalogue", "Danh mục sản phẩm chuẩn", RunImportCatalogue));
    AddFile(*Add(*import, "assessments", "Điểm tiêu chí chung và đánh giá lãnh đạo", RunImportAssessments));
  }

  void AddFile(CLI::App& sub) { sub.add_option("FILE", options.file, "Tệp")->required(); }

  CLI::App app_;
};

int RunParsed(const CommandLine& line) {
  Console console(line.options.json);
  const Status guard = OnlyReads(line.chosen, line.options) ? Ok() : GuardStore(line.options, console);
  const CommandResult result = guard.ok() ? line.chosen(line.options, console) : CommandResult(guard.error());
  if (result.ok()) return static_cast<int>(*result);
  console.PrintError(result.error());
  return static_cast<int>(ExitFor(result.error()));
}

}  // namespace

int RunCli(int argc, const char* const* argv) {
  try {
    CommandLine line;
    try {
      line.Parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      if (line.IsHelp(error)) return static_cast<int>(ExitCode::kDone);
      Console(false).PrintError(ConfigError("usage", line.Usage(error)));
      return static_cast<int>(ExitCode::kWrongInput);
    }
    return RunParsed(line);
  } catch (const std::exception& error) {
    Console(false).PrintError(InternalError("exception", error.what()));
  }
  return static_cast<int>(ExitCode::kBug);
}

}  // namespace mc
