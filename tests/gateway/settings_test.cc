#include "core/settings.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <tuple>

#include "core/signature.h"

using namespace mc;

namespace {

std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

Json Minimal() {
  return Json::parse(
      R"({"store":"data/mc.db","keys":{"sealing":"env:A","person_hmac":"env:B","log_signing":"env:C"}})");
}

// Pointers of all leaves of a settings document; names that the installation chooses become "*".
void Leaves(const Json& node, const std::string& name, std::set<std::string>& out) {
  if (!node.is_object()) {
    out.insert(name);
    return;
  }
  for (const auto& [key, child] : node.items()) {
    const bool any =
        name == "sources" || name == "sources.*.secrets" || name == "witnesses" || name == "sign_in.providers";
    Leaves(child, (name.empty() ? "" : name + ".") + (any ? "*" : key), out);
  }
}

// Rows of the table of settings, each of six cells.
std::vector<std::vector<std::string>> TableRows(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> cells;
    for (std::size_t at = 0, bar = 0; (bar = line.find(" |", at)) != std::string::npos; at = bar + 2) {
      cells.push_back(line.substr(at, bar - at).erase(0, at == 0 ? 2 : 1));
    }
    if (cells.size() == 6 && line.starts_with("| `")) rows.push_back(cells);
  }
  return rows;
}

}  // namespace

// Goal: the table, the example and the documentation list the same settings.
// Method: compare the document's generated table byte by byte, and the example's leaves
// with the table's names; the example must parse.
TEST_CASE("table, example and documentation list the same settings") {
  const std::string root = MC_SOURCE_DIR;
  const std::string doc = ReadText(root + "/docs/operating/settings.vi.md");
  CHECK_MESSAGE(doc.find(SettingsMarkdown()) != std::string::npos, "expected table:\n" << SettingsMarkdown());

  // Its optional parts stand behind "//:", so that a copy of the file is used without them.
  std::string text = ReadText(root + "/gateway.example.jsonc");
  for (std::size_t at = 0; (at = text.find("//: ")) != std::string::npos;) text.erase(at, 4);
  const auto example = ParseJson(text, true);
  REQUIRE(example.ok());
  const auto whole = ParseSettings(*example, root);
  CHECK_MESSAGE(whole.ok(), (whole.ok() ? "" : whole.error().message));
  std::set<std::string> in_example, in_table;
  Leaves(*example, "", in_example);
  for (const SettingRow& row : SettingTable()) in_table.insert(row.name);
  CHECK(in_example == in_table);
  const auto parsed = LoadSettings(root + "/gateway.example.jsonc");
  REQUIRE_MESSAGE(parsed.ok(), (parsed.ok() ? "" : parsed.error().message));
  CHECK(parsed->witnesses.empty());
  CHECK(parsed->former_log_key.text.empty());
}

// Goal: the English page lists the same settings, kinds, values and defaults, in the same order.
// Method: the generated table is Vietnamese; its rows are compared cell by cell, but for what they mean in words.
TEST_CASE("the English page of settings has the same rows") {
  const auto words = [](const std::string& vi) -> std::string {
    static const std::map<std::string, std::string> kWords = {
        {"đường dẫn", "path"},
        {"chữ", "text"},
        {"bí mật (`env:` hoặc `file:`)", "secret (`env:` or `file:`)"},
        {"số nguyên", "whole number"},
        {"đúng/sai", "true/false"},
        {"ngày", "date"},
        {"danh sách mã", "codes"},
        {"chọn một", "one of"},
        {"bắt buộc", "required"},
        {"bỏ trống", "left out"},
        {"phút", "minutes"},
        {"lần", "times"},
        {"giây", "seconds"},
        {"phiên", "sessions"},
        {"bản ghi", "records"},
        {"giờ", "hours"}};
    const auto found = kWords.find(vi);
    return found == kWords.end() ? vi : found->second;
  };
  std::vector<std::vector<std::string>> vi = TableRows(SettingsMarkdown());
  const auto en = TableRows(ReadText(std::string(MC_SOURCE_DIR) + "/docs/operating/settings.md"));
  REQUIRE(vi.size() == SettingTable().size());
  REQUIRE(en.size() == vi.size());
  for (std::size_t i = 0; i < vi.size(); ++i) {
    CAPTURE(vi[i][0]);
    for (std::size_t column = 0; column < 5; ++column) {
      // "ngày" is a date as a kind, and days as a unit.
      const std::string said = column == 2 && vi[i][column] == "ngày" ? "days" : words(vi[i][column]);
      CHECK(en[i][column] == said);
    }
    CHECK_FALSE(en[i][5].empty());
  }
}

// Goal: what is left out takes the table's default; relative paths start at the file.
TEST_CASE("defaults and relative paths") {
  const auto settings = ParseSettings(Minimal(), "/srv/mc");
  REQUIRE(settings.ok());
  CHECK(settings->store_path == "/srv/mc/data/mc.db");
  CHECK(settings->policies_dir == "/srv/mc/policies");
  CHECK(settings->policy == "nd335-2025");
  CHECK(settings->calendar_file.empty());
  CHECK(settings->listen_address == "127.0.0.1");
  CHECK(settings->listen_port == 8480);
  CHECK_FALSE(settings->behind_proxy);
  CHECK(settings->lease_ttl_secs == 60);
  CHECK(settings->log_level == "info");
  CHECK(settings->sources.empty());
}

TEST_CASE("a source's settings") {
  Json document = Minimal();
  document["sources"] = Json::parse(R"({
    "documents": {"base_url": "http://127.0.0.1:1", "ca_file": "secrets/ca.pem", "secrets": {"key": "file:secrets/k"}, "start": "2026-04-01"},
    "citizen_reports": {"base_url": "http://127.0.0.1:2", "unit_codes": "from_directory"},
    "hanoiwork": {"base_url": "http://127.0.0.1:3", "unit_codes": ["H26.1"]}})");
  const auto settings = ParseSettings(document, "/srv/mc");
  REQUIRE(settings.ok());
  const auto& documents = settings->sources.at("documents");
  CHECK(documents.id == "documents");
  CHECK(documents.secrets.at("key").text == "file:/srv/mc/secrets/k");
  CHECK(documents.ca_file == "/srv/mc/secrets/ca.pem");
  CHECK(FormatDate(*documents.start) == "2026-04-01");
  CHECK(settings->sources.at("citizen_reports").unit_codes_from_directory);
  CHECK(settings->sources.at("hanoiwork").unit_codes == std::vector<std::string>{"H26.1"});
}

Json SignInDocument() {
  Json document = Minimal();
  document["sign_in"] = Json::parse(R"({"public_url": "https://mc.example/", "providers": {"vneid": {
    "profile": "oidc", "client_id": "c", "client_secret": "file:secrets/c", "private_key": "file:secrets/p", "address": "https://id.example/",
    "relaxations": {"no_nonce_echo": true, "plain_loopback": false}}}})");
  return document;
}

TEST_CASE("settings of signing in: what is given, and what stands without") {
  const auto settings = ParseSettings(SignInDocument(), "/srv/mc");
  REQUIRE_MESSAGE(settings.ok(), (settings.ok() ? "" : settings.error().message));
  const SignInSettings& sign_in = settings->sign_in;
  CHECK(sign_in.IsOn());
  CHECK(sign_in.public_url == "https://mc.example");
  CHECK(sign_in.profiles_dir == "/srv/mc/sso/profiles");
  CHECK(sign_in.idle_secs == 1'800);
  CHECK(sign_in.absolute_secs == 36'000);
  CHECK(sign_in.sessions_per_person == 5);
  const SignInProvider& provider = sign_in.providers.at("vneid");
  CHECK(provider.id == "vneid");
  CHECK(provider.client_secret.text == "file:/srv/mc/secrets/c");
  CHECK(provider.private_key.text == "file:/srv/mc/secrets/p");
  CHECK(provider.address == "https://id.example");
  CHECK(provider.relaxations == std::vector<std::string>{"no_nonce_echo"});
  CHECK_FALSE(ParseSettings(Minimal(), "/srv/mc")->sign_in.IsOn());
}

TEST_CASE("settings of signing in that are refused, each with its place") {
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"/sign_in/providers/vneid/client_secret", R"("literal")", "never the value itself"},
      {"/sign_in/providers/vneid/private_key", R"("-----BEGIN PRIVATE KEY-----")", "never the value itself"},
      {"/sign_in/providers/vneid/relaxations/no_nonce_ecko", "true", "no_nonce_echo"},
      {"/sign_in/providers/vneid/relaxations/no_nonce_echo", R"("yes")", "/relaxations/no_nonce_echo"},
      {"/sign_in/providers/vneid/least_levels", R"("LoA2")", "least_level"},
      {"/sign_in/idle_secs", "299", "300..86400"},
      {"/sign_in/absolute_secs", "1799", "must not be less than idle_secs"},
      {"/sign_in/providers", "{}", "/sign_in/providers"},
      {"/sign_in/public_url", "null", "/sign_in/public_url"},
  };
  for (const auto& [pointer, value, expected] : cases) {
    CAPTURE(pointer);
    Json document = SignInDocument();
    document[Json::json_pointer(pointer)] = Json::parse(value);
    const auto settings = ParseSettings(document, "/srv/mc");
    REQUIRE_FALSE(settings.ok());
    CHECK_MESSAGE(settings.error().message.find(expected) != std::string::npos, settings.error().message);
  }
}

const std::string kWitnessKey = "witness.example/w1+24b5d9fe+BP0XJDhaoMdbZPt4zWAvodmR/ev3axPFjtcC6sg16fYY";

TEST_CASE("a witness's settings") {
  Json document = Minimal();
  document["witnesses"]["w"] = {{"key", kWitnessKey}, {"url", "https://w.example/a//"}, {"ca_file", "ca.pem"}};
  const auto settings = ParseSettings(document, "/srv/mc");
  REQUIRE(settings.ok());
  CHECK(settings->sources.empty());
  const WitnessSetting& witness = settings->witnesses.at("w");
  CHECK(witness.id == "w");
  CHECK(witness.key == kWitnessKey);
  CHECK(witness.url == "https://w.example/a");
  CHECK(witness.ca_file == "/srv/mc/ca.pem");
}

TEST_CASE("witnesses: refused by pointer, eight and one more") {
  const auto refusal = [](const Json& witnesses) {
    Json document = Minimal();
    document["witnesses"] = witnesses;
    const auto settings = ParseSettings(document, "/");
    return settings.ok() ? "" : settings.error().code + " " + settings.error().message;
  };
  CHECK(refusal({{"w", {{"key", kWitnessKey}}}}) == "missing_setting /witnesses/w/url: must be given");
  CHECK(refusal({{"w", {{"url", "http://w"}}}}) == "missing_setting /witnesses/w/key: must be given");
  CHECK(refusal({{"w", {{"url", "ftp://w"}, {"key", kWitnessKey}}}}).starts_with("bad_setting /witnesses/w/url"));
  CHECK(
      refusal({{"w", {{"url", "http://w"}, {"key", kWitnessKey + "A"}}}}).starts_with("bad_setting /witnesses/w/key"));
  CHECK(refusal({{"w", {{"url", "http://w"}, {"key", kWitnessKey}, {"ur", ""}}}}).starts_with("unknown_key"));
  Json many = Json::object();
  for (char name = 'a'; name <= 'h'; ++name) {
    many[std::string(1, name)] = {{"url", "http://w"}, {"key", CosignerKey({"w", std::string(32, name)})}};
  }
  CHECK(refusal(many) == "");
  Json twice = many;
  twice["a"]["key"] = twice["b"]["key"];
  CHECK(refusal(twice) == "bad_setting /witnesses/b/key: stands twice");
  many["i"] = {{"url", "http://w"}, {"key", kWitnessKey}};
  CHECK(refusal(many) == "bad_setting /witnesses: at most 8 witnesses");
}

// Goal: every wrong document is refused with the pointer and the rule (at each limit, one past it).
// Method: patch the minimal document, look for code and message parts.
TEST_CASE("refusals name pointer and rule") {
  struct Case {
    const char* patch;
    const char* code;
    const char* says;
  };
  const Case cases[] = {
      {R"({"stor":"x"})", "unknown_key", "store"},
      {R"({"listen":{"prot":1}})", "unknown_key", "port"},
      {R"({"sources":{"documents":{"base_url":"http://x","secret":{}}}})", "unknown_key", "secrets"},
      {R"({"store":null})", "missing_setting", "/store"},
      {R"({"store":""})", "bad_setting", "/store"},
      {R"({"store":7})", "bad_setting", "/store"},
      {R"({"keys":"x"})", "bad_setting", "/keys"},
      {R"({"keys":{"sealing":"00112233"}})", "literal_secret", "/keys/sealing"},
      {R"({"keys":{"sealing":"env:"}})", "literal_secret", "/keys/sealing"},
      {R"({"sources":{"documents":{"folder":""}}})", "bad_setting", "/sources/documents/folder"},
      {R"({"sources":{"documents":{"base_url":"http://x","secrets":{"k":"hunter2"}}}})", "literal_secret",
       "/sources/documents/secrets/k"},
      {R"({"sources":{"documents":{"base_url":"http://x","start":"2026-02-30"}}})", "bad_setting", "date"},
      {R"({"sources":{"documents":{"base_url":"http://x","unit_codes":"all"}}})", "bad_setting", "unit_codes"},
      {R"({"sources":{"documents":{"base_url":"http://x","unit_codes":[""]}}})", "bad_setting", "unit_codes"},
      {R"({"sources":{"../x":{"base_url":"http://x"}}})", "bad_setting", "/sources"},
      {R"({"sources":{"":{"base_url":"http://x"}}})", "bad_setting", "/sources"},
      {R"({"listen":{"port":-1}})", "bad_setting", "0..65535"},
      {R"({"listen":{"port":65536}})", "bad_setting", "0..65535"},
      {R"({"listen":{"port":18446744073709551615}})", "bad_setting", "0..65535"},
      {R"({"listen":{"port":"80"}})", "bad_setting", "whole number"},
      {R"({"listen":{"behind_proxy":"yes"}})", "bad_setting", "true or false"},
      {R"({"lease_ttl_secs":0})", "bad_setting", "1..3600"},
      {R"({"lease_ttl_secs":3601})", "bad_setting", "1..3600"},
      {R"({"log_level":"loud"})", "bad_setting", "debug|info|warn|error"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.patch);
    Json document = Minimal();
    document.merge_patch(Json::parse(c.patch));
    const auto settings = ParseSettings(document, "/srv");
    REQUIRE_FALSE(settings.ok());
    CHECK(settings.error().error_class == ErrorClass::kConfig);
    CHECK(settings.error().code == c.code);
    CHECK(settings.error().message.find(c.says) != std::string::npos);
    CHECK(settings.error().message.find("hunter2") == std::string::npos);
  }
  for (const char* fits : {R"({"listen":{"port":0}})", R"({"listen":{"port":65535}})", R"({"lease_ttl_secs":1})",
                           R"({"lease_ttl_secs":3600})"}) {
    Json document = Minimal();
    document.merge_patch(Json::parse(fits));
    CHECK(ParseSettings(document, "/srv").ok());
  }
}

// Goal: keys are exactly 32 bytes, raw or hex; secrets lose only the line end.
TEST_CASE("secrets from files and the environment") {
  const auto dir = std::filesystem::temp_directory_path() / ("mc_settings_" + std::to_string(getpid()));
  std::filesystem::create_directories(dir);
  const auto write = [&](const char* name, const std::string& bytes) {
    std::ofstream(dir / name, std::ios::binary) << bytes;
    return SecretRef{"file:" + (dir / name).string()};
  };
  const std::string raw = "0123456789abcdef0123456789abcde\n";  // 32 bytes, a line end among them
  CHECK(write("raw", raw).ResolveKey().value() == raw);
  CHECK(write("hex", std::string(64, 'a') + "\n").ResolveKey().value() == std::string(32, '\xaa'));
  CHECK(write("short", std::string(31, 'x')).ResolveKey().error().code == "bad_key");
  CHECK(write("long", std::string(33, 'x')).ResolveKey().error().code == "bad_key");
  CHECK(write("hex63", std::string(63, 'a')).ResolveKey().error().code == "bad_key");
  CHECK(write("token", "s3 cret\r\n").Resolve().value() == "s3 cret");
  CHECK(write("empty", "\n").Resolve().error().code == "secret_missing");
  CHECK(write("full", std::string(static_cast<std::size_t>(kSecretFileLimitBytes), 'x')).Resolve().ok());
  CHECK(write("over", std::string(static_cast<std::size_t>(kSecretFileLimitBytes) + 1, 'x')).Resolve().error().code ==
        "secret_missing");
  CHECK(SecretRef{"file:" + (dir / "none").string()}.Resolve().error().code == "secret_missing");
  setenv("MC_TEST_SECRET", "abc", 1);
  CHECK(SecretRef{"env:MC_TEST_SECRET"}.Resolve().value() == "abc");
  unsetenv("MC_TEST_SECRET");
  CHECK(SecretRef{"env:MC_TEST_SECRET"}.Resolve().error().code == "secret_missing");
  std::filesystem::remove_all(dir);
}
