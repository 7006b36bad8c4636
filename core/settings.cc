#include "core/settings.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <utility>

#include "core/digest.h"
#include "core/signature.h"
#include "core/text.h"

namespace mc {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameLimit = 64;

// Where a row's value goes. `source` is set for rows below "sources.*", `witness` below
// "witnesses.*", `provider` below "sign_in.providers.*"; `key` is what stood for the last "*".
struct Target {
  Settings& settings;
  SourceSetting* source;
  WitnessSetting* witness;
  SignInProvider* provider;
  const std::string& key;
  const fs::path& base_dir;
};

std::string Absolute(const Target& target, const std::string& path) {
  if (path.empty()) return path;
  fs::path p(path);
  return (p.is_absolute() ? p : target.base_dir / p).lexically_normal().string();
}

using Take = void (*)(Target&, const Json&);

struct Row {
  SettingRow shown;
  std::int64_t least = 0, most = 0;  // kWhole
  std::vector<std::string> choices;  // kChoice
  Take take = nullptr;
};

std::string TextOf(const Json& v) { return v.is_string() ? v.get<std::string>() : std::string(); }

SecretRef SecretOf(const Target& target, const Json& v) {
  std::string text = TextOf(v);
  if (text.starts_with("file:")) text = "file:" + Absolute(target, text.substr(5));
  return {text};
}

void TakeUnitCodes(Target& t, const Json& v) {
  if (v.is_string()) {
    t.source->unit_codes_from_directory = true;
    return;
  }
  for (const auto& code : v) t.source->unit_codes.push_back(code.get<std::string>());
}

void TakeStart(Target& t, const Json& v) {
  if (auto date = ParseDate(TextOf(v)); date.ok()) t.source->start = *date;
}

bool IsDatabaseUri(const std::string& text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

Row Whole(std::string name, std::string unit, std::int64_t least, std::int64_t most, std::string fallback,
          std::string meaning, Take take) {
  const std::string range = std::to_string(least) + ".." + std::to_string(most);
  return {{std::move(name), SettingType::kWhole, std::move(unit), range, std::move(fallback), std::move(meaning)},
          least,
          most,
          {},
          take};
}

Row Plain(std::string name, SettingType type, std::string fallback, std::string meaning, Take take) {
  return {{std::move(name), type, "", "", std::move(fallback), std::move(meaning)}, 0, 0, {}, take};
}

// Named here as in sso/provider.h, which core may not read; a test of the gateway holds both together.
Row Relaxation(const std::string& name, std::string meaning, Take take) {
  return Plain("sign_in.providers.*.relaxations." + name, SettingType::kFlag, "false", std::move(meaning), take);
}

void TakeRelaxation(Target& t, const Json& v, const char* name) {
  if (v.get<bool>()) t.provider->relaxations.emplace_back(name);
}

std::vector<Row> SignInRows() {
  using enum SettingType;
  return {
      Plain(
          "sign_in.public_url", kText, "null",
          "Địa chỉ mà trình duyệt dùng để vào cổng này, ví dụ https://minhchung.example; bỏ trống: không ai đăng nhập.",
          [](Target& t, const Json& v) { t.settings.sign_in.public_url = WithoutTrailingSlash(TextOf(v)); }),
      Plain("sign_in.contact", kText, "\"bộ phận quản trị của đơn vị\"",
            "Nơi liên hệ, hiện cho người đã đăng nhập được nhưng chưa có trong danh bạ.",
            [](Target& t, const Json& v) { t.settings.sign_in.contact = TextOf(v); }),
      Plain("sign_in.profiles", kPath, "\"sso/profiles\"", "Thư mục hồ sơ các loại nhà cung cấp định danh.",
            [](Target& t, const Json& v) { t.settings.sign_in.profiles_dir = Absolute(t, TextOf(v)); }),
      Whole("sign_in.idle_secs", "giây", 300, 86400, "1800",
            "Phiên kết thúc sau chừng ấy thời gian không có yêu cầu nào.",
            [](Target& t, const Json& v) { t.settings.sign_in.idle_secs = v.get<std::int64_t>(); }),
      Whole("sign_in.absolute_secs", "giây", 300, 604800, "36000",
            "Phiên kết thúc sau chừng ấy thời gian kể từ lúc đăng nhập, dù đang dùng; không ngắn hơn idle_secs.",
            [](Target& t, const Json& v) { t.settings.sign_in.absolute_secs = v.get<std::int64_t>(); }),
      Whole("sign_in.sessions_per_person", "phiên", 1, 20, "5",
            "Số phiên cùng lúc của một người; phiên mới làm phiên cũ nhất kết thúc.",
            [](Target& t, const Json& v) { t.settings.sign_in.sessions_per_person = v.get<std::int64_t>(); }),
      Plain("sign_in.providers.*.profile", kText, "",
            "Loại nhà cung cấp định danh: tên một hồ sơ trong sign_in.profiles.",
            [](Target& t, const Json& v) { t.provider->profile = TextOf(v); }),
      Plain("sign_in.providers.*.title", kText, "null", "Tên trên nút đăng nhập; bỏ trống: theo hồ sơ.",
            [](Target& t, const Json& v) { t.provider->title = TextOf(v); }),
      Plain("sign_in.providers.*.client_id", kText, "", "Mã ứng dụng mà nhà cung cấp cấp cho cổng này.",
            [](Target& t, const Json& v) { t.provider->client_id = TextOf(v); }),
      Plain("sign_in.providers.*.client_secret", kSecret, "", "Khóa bí mật của ứng dụng.",
            [](Target& t, const Json& v) { t.provider->client_secret = SecretOf(t, v); }),
      Plain(
          "sign_in.providers.*.private_key", kSecret, "null",
          "Khóa RSA riêng (PEM, 2048 đến 4096 bit) mở các câu trả lời được niêm phong; bắt buộc với hồ sơ vneid, không "
          "dùng với hồ sơ khác.",
          [](Target& t, const Json& v) { t.provider->private_key = SecretOf(t, v); }),
      Plain("sign_in.providers.*.address", kText, "null", "Địa chỉ của nhà cung cấp; bỏ trống: theo hồ sơ.",
            [](Target& t, const Json& v) { t.provider->address = WithoutTrailingSlash(TextOf(v)); }),
      Plain("sign_in.providers.*.issuer", kText, "null",
            "Giá trị iss đúng từng ký tự trong mã định danh; bỏ trống: theo hồ sơ, nếu không thì là address.",
            [](Target& t, const Json& v) { t.provider->issuer = TextOf(v); }),
      Plain("sign_in.providers.*.least_level", kText, "null",
            "Mức định danh thấp nhất được nhận, theo tên của hồ sơ; bỏ trống: mọi mức.",
            [](Target& t, const Json& v) { t.provider->least_level = TextOf(v); }),
      Plain("sign_in.providers.*.step_up_level", kText, "null",
            "Mức định danh khi xác nhận lại trước việc quan trọng; bỏ trống: như least_level.",
            [](Target& t, const Json& v) { t.provider->step_up_level = TextOf(v); }),
      Plain("sign_in.providers.*.ca_file", kPath, "null", "Như sources.*.ca_file, cho nhà cung cấp này.",
            [](Target& t, const Json& v) { t.provider->ca_file = Absolute(t, TextOf(v)); }),
      Relaxation("no_nonce_echo", "Nới lỏng: chấp nhận mã định danh không mang lại nonce.",
                 [](Target& t, const Json& v) { TakeRelaxation(t, v, "no_nonce_echo"); }),
      Relaxation("issuer_differs", "Nới lỏng: issuer khác gốc với address, hoặc là http.",
                 [](Target& t, const Json& v) { TakeRelaxation(t, v, "issuer_differs"); }),
      Relaxation("plain_loopback", "Nới lỏng: địa chỉ của chính máy này được dùng http, để thử.",
                 [](Target& t, const Json& v) { TakeRelaxation(t, v, "plain_loopback"); }),
  };
}

std::vector<Row> StoreRows() {
  using enum SettingType;
  return {
      Plain("store", kPath, "",
            "Tệp kho dữ liệu SQLite (thư mục chứa nó phải có sẵn và ghi được), hoặc địa chỉ postgresql:// của cơ sở dữ "
            "liệu, không kèm mật khẩu.",
            [](Target& t, const Json& v) {
              t.settings.store_path = IsDatabaseUri(TextOf(v)) ? TextOf(v) : Absolute(t, TextOf(v));
            }),
      Plain("store_password", kSecret, "null",
            "Mật khẩu khi store là địa chỉ postgresql://; bỏ trống: không có, hoặc đọc từ passfile ghi trong địa chỉ.",
            [](Target& t, const Json& v) { t.settings.store_password = SecretOf(t, v); }),
      Plain("keys.sealing", kSecret, "", "Khóa niêm phong dữ liệu gốc, 32 byte (thô hoặc 64 chữ số hệ 16).",
            [](Target& t, const Json& v) { t.settings.sealing_key = SecretOf(t, v); }),
      Plain("keys.person_hmac", kSecret, "", "Khóa HMAC thay cho số định danh cá nhân, 32 byte.",
            [](Target& t, const Json& v) { t.settings.person_key = SecretOf(t, v); }),
      Plain("keys.log_signing", kSecret, "", "Hạt giống Ed25519 ký nhật ký minh chứng, 32 byte.",
            [](Target& t, const Json& v) { t.settings.log_key = SecretOf(t, v); }),
      Plain("keys.log_signing_former", kSecret, "null",
            "Khóa ký trước khi đổi khóa; trong thời gian chuyển tiếp, đầu nhật ký mang cả hai chữ ký.",
            [](Target& t, const Json& v) { t.settings.former_log_key = SecretOf(t, v); }),
      Plain("keys.token_signing", kSecret, "null",
            "Khóa ký mã truy cập của máy đẩy dữ liệu, 32 byte; bỏ trống: không nhận dữ liệu đẩy đến.",
            [](Target& t, const Json& v) { t.settings.machines.token_key = SecretOf(t, v); }),
      Plain("keys.token_signing_other", kSecret, "null",
            "Khóa trước hoặc khóa sắp dùng trong lúc đổi khóa: mã ký bằng khóa này cũng được nhận.",
            [](Target& t, const Json& v) { t.settings.machines.other_token_key = SecretOf(t, v); }),
      Plain("log_origin", kText, "\"minhchung.local/log\"", "Tên của nhật ký, in trên dòng đầu mỗi điểm kiểm tra.",
            [](Target& t, const Json& v) { t.settings.log_origin = TextOf(v); }),
      Plain("policies", kPath, "\"policies\"", "Thư mục các chính sách chấm điểm.",
            [](Target& t, const Json& v) { t.settings.policies_dir = Absolute(t, TextOf(v)); }),
      Plain("policy", kText, "\"nd335-2025\"", "Chính sách dùng khi lệnh không chỉ ra chính sách khác.",
            [](Target& t, const Json& v) { t.settings.policy = TextOf(v); }),
      Plain("catalogue", kPath, "null", "Danh mục sản phẩm chuẩn dùng khi kho chưa nhập danh mục nào.",
            [](Target& t, const Json& v) { t.settings.catalogue_file = Absolute(t, TextOf(v)); }),
      Plain("calendar", kPath, "null", "Lịch làm việc (ngày nghỉ, giờ làm việc); bỏ trống: thứ Hai đến thứ Sáu.",
            [](Target& t, const Json& v) { t.settings.calendar_file = Absolute(t, TextOf(v)); }),
      Plain("manifests", kPath, "\"connectors\"", "Thư mục bản mô tả nguồn.",
            [](Target& t, const Json& v) { t.settings.manifests_dir = Absolute(t, TextOf(v)); }),
      Plain("rules", kPath, "\"mapping/rules\"", "Thư mục bảng quy tắc đọc của từng nguồn.",
            [](Target& t, const Json& v) { t.settings.rules_dir = Absolute(t, TextOf(v)); }),
  };
}

std::vector<Row> SourceRows() {
  using enum SettingType;
  return {
      Plain("sources.*.base_url", kText, "null", "Địa chỉ gốc của nền tảng; bắt buộc với nguồn đọc qua HTTP.",
            [](Target& t, const Json& v) { t.source->base_url = TextOf(v); }),
      Plain("sources.*.ca_file", kPath, "null",
            "Tệp PEM các chứng thư gốc được tin cậy riêng cho nguồn này; bỏ trống: kho chứng thư của hệ điều hành.",
            [](Target& t, const Json& v) { t.source->ca_file = Absolute(t, TextOf(v)); }),
      Plain("sources.*.folder", kPath, "null", "Thư mục nhận tệp; bắt buộc với nguồn loại file_drop.",
            [](Target& t, const Json& v) { t.source->folder = Absolute(t, TextOf(v)); }),
      Plain("sources.*.secrets.*", kSecret, "null", "Thông tin xác thực, theo tên mà bản mô tả nguồn yêu cầu.",
            [](Target& t, const Json& v) { t.source->secrets[t.key] = SecretOf(t, v); }),
      Plain("sources.*.unit_codes", kUnitCodes, "null",
            "Mã cơ quan cần hỏi: danh sách mã, hoặc \"from_directory\" để lấy từ danh bạ.", TakeUnitCodes),
      Plain("sources.*.start", kDate, "null", "Ngày đầu tiên cần lấy dữ liệu.", TakeStart),
      Whole("sources.*.interval_minutes", "phút", 1, 10080, "null",
            "Khoảng cách giữa hai lần thu thập của lệnh serve; bỏ trống: theo bản mô tả nguồn.",
            [](Target& t, const Json& v) { t.source->interval_minutes = v.get<std::int64_t>(); }),
      Plain("witnesses.*.key", kText, "",
            "Khóa công khai của nhân chứng: tên+mã+khóa, loại 04 (C2SP tlog-cosignature).",
            [](Target& t, const Json& v) { t.witness->key = TextOf(v); }),
      Plain("witnesses.*.url", kText, "", "Địa chỉ gốc của nhân chứng; chương trình gọi <url>/add-checkpoint.",
            [](Target& t, const Json& v) { t.witness->url = WithoutTrailingSlash(TextOf(v)); }),
      Plain("witnesses.*.ca_file", kPath, "null", "Như sources.*.ca_file, cho nhân chứng này.",
            [](Target& t, const Json& v) { t.witness->ca_file = Absolute(t, TextOf(v)); }),
  };
}

std::vector<Row> MachineRows() {
  using enum SettingType;
  return {
      Plain("machines.issuer", kText, "null",
            "Tên nơi cấp mã truy cập cho máy, dạng https://máy-chủ; bỏ trống: theo sign_in.public_url, không có thì "
            "theo log_origin.",
            [](Target& t, const Json& v) { t.settings.machines.issuer = WithoutTrailingSlash(TextOf(v)); }),
      Whole("machines.pushes_per_minute", "lần", 1, 60000, "600", "Số lần đẩy dữ liệu tối đa mỗi phút của một máy.",
            [](Target& t, const Json& v) { t.settings.machines.pushes_per_minute = v.get<std::int64_t>(); }),
  };
}

std::vector<Row> ServiceRows() {
  using enum SettingType;
  return {
      Plain("listen.address", kText, "\"127.0.0.1\"", "Địa chỉ mà lệnh serve lắng nghe.",
            [](Target& t, const Json& v) { t.settings.listen_address = TextOf(v); }),
      Whole("listen.port", "", 0, 65535, "8480", "Cổng mà lệnh serve lắng nghe; 0: hệ điều hành chọn.",
            [](Target& t, const Json& v) { t.settings.listen_port = v.get<std::int64_t>(); }),
      Plain("listen.behind_proxy", kFlag, "false",
            "Đứng sau máy chủ ủy quyền có TLS; bắt buộc khi địa chỉ không phải loopback hay mạng riêng.",
            [](Target& t, const Json& v) { t.settings.behind_proxy = v.get<bool>(); }),
      Whole("lease_ttl_secs", "giây", 1, 3600, "60",
            "Thời hạn quyền ghi của một lần thu thập; máy khác chờ tối đa chừng ấy sau sự cố.",
            [](Target& t, const Json& v) { t.settings.lease_ttl_secs = v.get<std::int64_t>(); }),
      Whole("read_back.records", "bản ghi", 0, 10000, "600",
            "Số bản ghi chọn ngẫu nhiên mỗi lần đối chiếu lại với một nguồn (600: sai số khoảng 4 điểm phần trăm); "
            "0: lệnh serve không đối chiếu.",
            [](Target& t, const Json& v) { t.settings.read_back_records = v.get<std::int64_t>(); }),
      Whole("read_back.age_days", "ngày", 1, 3660, "31", "Chỉ đối chiếu bản ghi đã nhận trong chừng ấy ngày gần nhất.",
            [](Target& t, const Json& v) { t.settings.read_back_age_days = v.get<std::int64_t>(); }),
      Whole("read_back.interval_hours", "giờ", 1, 720, "24",
            "Khoảng cách giữa hai lần lệnh serve đối chiếu lại một nguồn.",
            [](Target& t, const Json& v) { t.settings.read_back_interval_hours = v.get<std::int64_t>(); }),
      Plain("retention.ended_sessions", kFlag, "false",
            "Lệnh upkeep xóa dòng của phiên đăng nhập đã kết thúc hơn một giờ; false: giữ.",
            [](Target& t, const Json& v) { t.settings.retention.ended_sessions = v.get<bool>(); }),
      Whole("retention.pushed_key_days", "ngày", 30, 3660, "null",
            "Lệnh upkeep xóa khóa (Idempotency-Key) của thông điệp đẩy đã đọc, cũ hơn chừng ấy ngày; bỏ trống: giữ.",
            [](Target& t, const Json& v) { t.settings.retention.pushed_key_days = v.get<std::int64_t>(); }),
      Row{{"log_level", kChoice, "", "debug|info|warn|error", "\"info\"", "Mức nhật ký vận hành (stderr)."},
          0,
          0,
          {"debug", "info", "warn", "error"},
          [](Target& t, const Json& v) { t.settings.log_level = TextOf(v); }},
  };
}

// In the order of the documentation.
const std::vector<Row>& Rows() {
  static const std::vector<Row> rows = [] {
    std::vector<Row> all;
    for (const auto& part : {StoreRows(), SourceRows(), MachineRows(), SignInRows(), ServiceRows()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return rows;
}

// --- checking one value

Error BadSetting(const std::string& pointer, const std::string& rule) {
  return ConfigError("bad_setting", pointer + ": " + rule);
}

bool IsSecretRef(const Json& v) {
  const std::string text = TextOf(v);
  return (text.starts_with("env:") && text.size() > 4) || (text.starts_with("file:") && text.size() > 5);
}

bool IsUnitCodes(const Json& v) {
  if (v.is_string()) return v.get<std::string>() == "from_directory";
  return v.is_array() &&
         std::all_of(v.begin(), v.end(), [](const Json& c) { return c.is_string() && !c.get<std::string>().empty(); });
}

Status CheckWhole(const Row& row, const Json& v, const std::string& pointer) {
  if (!v.is_number_integer()) return BadSetting(pointer, "must be a whole number");
  const bool fits = !v.is_number_unsigned() || v.get<std::uint64_t>() <= static_cast<std::uint64_t>(row.most);
  if (!fits || v.get<std::int64_t>() < row.least || v.get<std::int64_t>() > row.most) {
    return BadSetting(pointer, "must be in " + row.shown.range);
  }
  return Ok();
}

Status CheckValue(const Row& row, const Json& v, const std::string& pointer) {
  switch (row.shown.type) {
    case SettingType::kWhole: return CheckWhole(row, v, pointer);
    case SettingType::kFlag: return v.is_boolean() ? Ok() : Status(BadSetting(pointer, "must be true or false"));
    case SettingType::kSecret:
      if (IsSecretRef(v)) return Ok();
      return ConfigError("literal_secret",
                         pointer + ": a secret must be \"env:NAME\" or \"file:PATH\", never the value itself");
    case SettingType::kUnitCodes:
      return IsUnitCodes(v) ? Ok() : Status(BadSetting(pointer, "must be a list of codes, or \"from_directory\""));
    case SettingType::kDate:
      return v.is_string() && ParseDate(TextOf(v)).ok() ? Ok()
                                                        : Status(BadSetting(pointer, "must be a date yyyy-mm-dd"));
    case SettingType::kChoice:
      if (std::count(row.choices.begin(), row.choices.end(), TextOf(v)) > 0) return Ok();
      return BadSetting(pointer, "must be one of " + row.shown.range);
    case SettingType::kPath:
    case SettingType::kText: break;
  }
  return v.is_string() && !TextOf(v).empty() ? Ok() : Status(BadSetting(pointer, "must be a text that is not empty"));
}

bool IsName(const std::string& name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && name.size() <= kNameLimit && std::all_of(name.begin(), name.end(), fits);
}

// --- walking the document by the table

std::vector<std::string> Split(const std::string& dotted) {
  std::vector<std::string> parts;
  std::istringstream in(dotted);
  for (std::string part; std::getline(in, part, '.');) parts.push_back(part);
  return parts;
}

// Names that may stand directly below `prefix`; "*" when any may.
std::vector<std::string> KnownBelow(const std::vector<std::string>& prefix) {
  std::set<std::string> known;
  for (const Row& row : Rows()) {
    const auto parts = Split(row.shown.name);
    if (parts.size() > prefix.size() && std::equal(prefix.begin(), prefix.end(), parts.begin())) {
      known.insert(parts[prefix.size()]);
    }
  }
  return {known.begin(), known.end()};
}

Status RefuseUnknown(const Json& node, const std::vector<std::string>& prefix, const std::string& pointer) {
  const auto known = KnownBelow(prefix);
  if (known.empty()) return Ok();  // a leaf
  if (!node.is_object()) return BadSetting(pointer, "must be an object");
  const bool any = known.size() == 1 && known.front() == "*";
  if (!any) MC_CHECK_OK(RefuseUnknownKeys(node, known, pointer));
  // A name that the installation chooses becomes part of file names.
  for (const auto& [key, child] : node.items()) {
    if (any && !IsName(key)) return BadSetting(pointer, "names must be 1 to 64 letters a-z, digits and \"_\"");
  }
  for (const auto& [key, child] : node.items()) {
    auto below = prefix;
    below.push_back(any ? "*" : key);
    MC_CHECK_OK(RefuseUnknown(child, below, pointer + "/" + key));
  }
  return Ok();
}

Status TakeValue(const Row& row, const Json* given, const std::string& pointer, Target target) {
  if (!given) {
    const std::string& fallback = row.shown.fallback;
    if (fallback.empty()) return ConfigError("missing_setting", pointer + ": must be given");
    if (fallback == "null") return Ok();
    row.take(target, Json::parse(fallback));
    return Ok();
  }
  MC_CHECK_OK(CheckValue(row, *given, pointer));
  row.take(target, *given);
  return Ok();
}

const Json* Child(const Json* node, const std::string& key) {
  if (!node || !node->is_object()) return nullptr;
  const auto it = node->find(key);
  return it == node->end() ? nullptr : &*it;
}

// The target below the name `key`, which stands for a "*" of a row that begins with `group`.
Target Below(const Target& target, const std::string& group, const std::string& key) {
  Target below{target.settings, target.source, target.witness, target.provider, key, target.base_dir};
  if (target.source || target.witness || target.provider) return below;
  if (group == "sign_in") {
    below.provider = &target.settings.sign_in.providers[key];
    below.provider->id = key;
    return below;
  }
  if (group == "witnesses") {
    below.witness = &target.settings.witnesses[key];
    below.witness->id = key;
  } else {
    below.source = &target.settings.sources[key];
    below.source->id = key;
  }
  return below;
}

// Follows the rest of a row's name from `node`; a "*" fans out over the keys there.
Status Follow(const Row& row, const std::vector<std::string>& parts, std::size_t at, const Json* node,
              const std::string& pointer, Target target) {
  if (at == parts.size()) return TakeValue(row, node, pointer, target);
  if (parts[at] != "*") return Follow(row, parts, at + 1, Child(node, parts[at]), pointer + "/" + parts[at], target);
  if (!node) return Ok();
  for (const auto& [key, child] : node->items()) {
    MC_CHECK_OK(Follow(row, parts, at + 1, &child, pointer + "/" + key, Below(target, parts.front(), key)));
  }
  return Ok();
}

Status CheckWitness(const WitnessSetting& witness, const std::string& pointer) {
  if (!IsCosignerKey(witness.key))
    return BadSetting(pointer + "/key", "must be a witness's verifier key, name+id+key of type 04");
  if (witness.url.starts_with("http://") || witness.url.starts_with("https://")) return Ok();
  return BadSetting(pointer + "/url", "must begin with http:// or https://");
}

Status CheckWitnesses(const Settings& settings) {
  std::set<std::string> keys;
  if (settings.witnesses.size() > kWitnessSettingsLimit) return BadSetting("/witnesses", "at most 8 witnesses");
  for (const auto& [id, witness] : settings.witnesses) {
    MC_CHECK_OK(CheckWitness(witness, "/witnesses/" + id));
    if (!keys.insert(witness.key).second) return BadSetting("/witnesses/" + id + "/key", "stands twice");
  }
  return Ok();
}

Status CheckSignIn(const SignInSettings& sign_in) {
  if (sign_in.providers.size() > kSignInProvidersLimit) return BadSetting("/sign_in/providers", "at most 8 providers");
  if (sign_in.absolute_secs < sign_in.idle_secs)
    return BadSetting("/sign_in/absolute_secs", "must not be less than idle_secs");
  if (!sign_in.IsOn() && !sign_in.providers.empty())
    return BadSetting("/sign_in/public_url",
                      "must be given, as there are providers: it is in their redirect addresses");
  if (sign_in.IsOn() && sign_in.providers.empty())
    return BadSetting("/sign_in/providers", "must name one, as public_url is given");
  return Ok();
}

Result<std::string> ReadSecretFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return ConfigError("secret_missing", "cannot read the secret file " + path);
  std::string bytes(static_cast<std::size_t>(kSecretFileLimitBytes) + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  if (static_cast<std::int64_t>(bytes.size()) > kSecretFileLimitBytes) {
    return ConfigError("secret_missing", "the secret file " + path + " is longer than 64 KiB");
  }
  return bytes;
}

Result<std::string> ReadRaw(const std::string& ref) {
  if (ref.starts_with("file:")) return ReadSecretFile(ref.substr(5));
  const std::string name = ref.starts_with("env:") ? ref.substr(4) : "";
  const char* value = name.empty() ? nullptr : std::getenv(name.c_str());
  if (!value) return ConfigError("secret_missing", "the environment variable " + name + " is not set");
  return std::string(value);
}

std::string WithoutLineEnd(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

}  // namespace

bool Settings::StoresInFile() const { return !IsDatabaseUri(store_path); }

Result<std::string> SecretRef::Resolve() const {
  MC_TRY(std::string raw, ReadRaw(text));
  std::string value = WithoutLineEnd(std::move(raw));
  if (value.empty()) return ConfigError("secret_missing", text + " is empty");
  return value;
}

Result<std::string> SecretRef::ResolveKey() const {
  MC_TRY(std::string raw, ReadRaw(text));
  if (raw.size() == kKeyBytes) return raw;
  const auto bytes = FromHex(WithoutLineEnd(raw));
  if (bytes && bytes->size() == kKeyBytes) return *bytes;
  return ConfigError("bad_key", text + " must hold 32 bytes, raw or as 64 hex digits");
}

const std::vector<SettingRow>& SettingTable() {
  static const std::vector<SettingRow> table = [] {
    std::vector<SettingRow> shown;
    for (const Row& row : Rows()) shown.push_back(row.shown);
    return shown;
  }();
  return table;
}

std::string SettingsMarkdown() {
  std::ostringstream out;
  out << "| Tên | Kiểu | Đơn vị | Giá trị | Mặc định | Ý nghĩa |\n|---|---|---|---|---|---|\n";
  for (const SettingRow& row : SettingTable()) {
    std::string range = row.range;
    for (std::size_t at = 0; (at = range.find('|', at)) != std::string::npos; at += 2) range.insert(at, "\\");
    const std::string fallback = row.fallback.empty()     ? "bắt buộc"
                                 : row.fallback == "null" ? "bỏ trống"
                                                          : "`" + row.fallback + "`";
    out << "| `" << row.name << "` | " << Name(row.type) << " | " << row.unit << " | " << range << " | " << fallback
        << " | " << row.meaning << " |\n";
  }
  return out.str();
}

Result<Settings> ParseSettings(const Json& document, const std::string& base_dir) {
  MC_CHECK_OK(RefuseUnknown(document, {}, ""));
  Settings settings;
  const fs::path base(base_dir);
  const std::string no_key;
  for (const Row& row : Rows()) {
    MC_CHECK_OK(Follow(row, Split(row.shown.name), 0, &document, "",
                       Target{settings, nullptr, nullptr, nullptr, no_key, base}));
  }
  MC_CHECK_OK(CheckWitnesses(settings));
  MC_CHECK_OK(CheckSignIn(settings.sign_in));
  return settings;
}

Result<Settings> LoadSettings(const std::string& file) {
  MC_TRY(const Json document, ReadJsonFile(file, true));
  std::error_code ec;
  const fs::path absolute = fs::absolute(file, ec);
  auto settings = ParseSettings(document, absolute.parent_path().string());
  if (!settings.ok()) {
    Error error = settings.error();
    error.message = file + ": " + error.message;
    return error;
  }
  settings->file = absolute.string();
  return settings;
}

std::string_view Name(SettingType type) {
  switch (type) {
    case SettingType::kPath: return "đường dẫn";
    case SettingType::kText: return "chữ";
    case SettingType::kSecret: return "bí mật (`env:` hoặc `file:`)";
    case SettingType::kWhole: return "số nguyên";
    case SettingType::kFlag: return "đúng/sai";
    case SettingType::kDate: return "ngày";
    case SettingType::kUnitCodes: return "danh sách mã";
    case SettingType::kChoice: return "chọn một";
  }
  return "";
}

}  // namespace mc
