#include <nlohmann/json.hpp>

#include "core/json.h"
#include "gateway_support.h"

using namespace mc;
using namespace mc::test;

namespace {

const std::string kPolicies = std::string(MC_SOURCE_DIR) + "/policies";

// Two posts in one unit: An, and Em who leads.
std::string DirectoryText() {
  MustStaySecret("number", "001099000001");
  return R"({"schema":"minhchung/directory@1",
    "units":[{"id":"U1","name":"UBND phường Một","axis":"committee","parent":null,"ward":null,"codes":[{"code":"H26.1"}]}],
    "people":[{"id":"an","name":"Nguyễn Văn An","group":"civil_servant","national_id":"001099000001"},
              {"id":"em","name":"Trần Thị Em","group":"civil_servant"}],
    "memberships":[{"person":"an","unit":"U1","role":"member","manager":"em","peer_group":"cv","fed_by":["edoc"],"from":"2026-01-01"},
                   {"person":"em","unit":"U1","role":"head","manager":null,"peer_group":"ld","fed_by":["edoc"],"from":"2026-01-01"}],
    "staff_codes":[{"person":"an","issuer":"H26.1","code":"CB-an"}],"emails":[],"accounts":[],"labels":[]})";
}

std::string CaseText(const std::string& assigned) {
  return R"({"id":"x","group":"civil_servant","leading":false,"general":"30",
    "lines":[{"coefficient":"1","assigned":")" +
         assigned + R"(","completed":"2","quality_failures":0,"late":0}]})";
}

}  // namespace

// Goal: wrong use and wrong settings end with 2, and the message says what to change.
TEST_CASE("wrong use and wrong settings") {
  TempDir dir;
  struct Case {
    const char* arguments;
    int code;
    const char* says;  // on stdout or stderr
  };
  const Case cases[] = {
      {"--help", 0, "explain"},
      {"--version", 0, "minhchung"},
      {"sync --help", 0, "--from"},
      {"", 2, "thiếu lệnh sau minhchung: serve, sync"},
      {"scores", 2, "[usage]: minhchung không có lệnh \"scores\"; có phải \"score\"? Xem minhchung --help"},
      {"log singn", 2, "minhchung log không có lệnh \"singn\"; có phải \"sign\"? Xem minhchung log --help"},
      {"frobnicate", 2, "minhchung không có lệnh \"frobnicate\". Xem"},
      {"sync --form x", 2, "minhchung sync không có tùy chọn \"--form\"; có phải \"--from\"?"},
      {"doctor now", 2, "minhchung doctor không nhận thêm tham số \"now\""},
      {"score --period", 2, "thiếu hoặc thừa giá trị: --period"},
      {"client rotate x --overlap 721", 2, "giá trị không dùng được: --overlap"},
      {"score --person an", 2, "--person phải đi cùng --period"},
      {"verify", 2, "thiếu FILE"},
      {"verify x.zip", 2, "x.zip"},
      {"score", 2, "--period"},
      {"score --period 2026-06 --case x.json", 2, "không dùng cùng nhau được: "},
      {"explain", 2, "PERSON"},
      {"explain an", 2, "--period"},
      {"quarantine", 2, "thiếu lệnh sau minhchung quarantine: list, show, replay, drop"},
      {"fsck", 2, "gateway.jsonc"},
      {"--config none.jsonc fsck", 2, "none.jsonc"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.arguments);
    const Ran ran = RunBinary(dir, c.arguments);
    CHECK(ran.code == c.code);
    CHECK_MESSAGE(Has(ran.out + ran.err, c.says), ran.out << ran.err);
  }
  dir.Write("gateway.jsonc", "{ \"store\": ");
  CHECK(RunBinary(dir, "fsck").code == 2);
  dir.Write("gateway.jsonc", R"({"stroe": "x"})");
  const Ran unknown = RunBinary(dir, "fsck");
  CHECK(unknown.code == 2);
  CHECK(Has(unknown.err, "store"));
}

TEST_CASE("settings that name a missing key file, a bad period, an unknown source") {
  TempDir dir;
  WriteSettings(dir);
  std::filesystem::remove(dir / "sealing.key");
  const Ran ran = RunBinary(dir, "quarantine list");
  CHECK(ran.code == 2);
  CHECK(Has(ran.err, "sealing.key"));
  CHECK_FALSE(std::filesystem::exists(dir / "mc.db"));
  WriteSettings(dir);
  const Ran no_store = RunBinary(dir, "fsck");  // an empty store would have no fault
  CHECK(no_store.code == 2);
  CHECK(Has(no_store.err, "no_store"));
  CHECK_FALSE(std::filesystem::exists(dir / "mc.db"));
  CHECK(RunBinary(dir, "sync").code == 2);
  CHECK(RunBinary(dir, "explain an --period 2026-13").code == 2);
  CHECK(RunBinary(dir, "score --period 2026-06").code == 2);  // no directory yet
  WriteSettings(dir, R"({"documents": {"base_url": "http://127.0.0.1:1"}})");
  const Ran near = RunBinary(dir, "sync document");
  CHECK(near.code == 2);
  CHECK(Has(near.err, "did you mean \"documents\""));
}

TEST_CASE("a log origin that no checkpoint may carry") {
  TempDir dir;
  WriteSettings(dir);
  std::string settings = ReadWhole(dir / "gateway.jsonc");
  settings.insert(settings.find("\"store\""), "\"log_origin\": \"two words\", ");
  dir.Write("gateway.jsonc", settings);
  const Ran ran = RunBinary(dir, "quarantine list");
  CHECK(ran.code == 2);
  CHECK(Has(ran.err, "/log_origin"));
}

// Goal: the calculator needs no settings; its refusals name pointer and rule.
TEST_CASE("score --case") {
  TempDir dir;
  const std::string policies = " --policies '" + kPolicies + "'";
  dir.Write("good.json", CaseText("2"));
  const Ran good = RunBinary(dir, "score --case good.json --json" + policies);
  REQUIRE(good.code == 0);
  const Json out = ParseOut(good);
  CHECK(out["policy"] == "nd335-2025");
  CHECK(out["subjects"][0]["total"] == "100.00");
  CHECK(out["subjects"][0]["class_by_score"] == "excellent");
  CHECK(Has(RunBinary(dir, "score --case good.json" + policies).out, "a (số lượng)"));

  dir.Write("bad.json", CaseText("two"));
  const Ran bad = RunBinary(dir, "score --case bad.json" + policies);
  CHECK(bad.code == 2);
  CHECK(Has(bad.err, "/lines/0/assigned"));
  CHECK(bad.out.empty());
  CHECK(RunBinary(dir, "score --case none.json" + policies).code == 2);
  CHECK(RunBinary(dir, "score --case good.json --policy none" + policies).code == 2);
}

// Goal: 0 for a good file, 1 for one with a fault, 2 for one that is not there.
TEST_CASE("policy check and manifest check") {
  TempDir dir;
  dir.Write("bad.json", "{\"id\": 1}");
  for (const std::string command : {"policy", "manifest"}) {
    const std::string good = command == "policy" ? kPolicies + "/nd335-2025.json"
                                                 : std::string(MC_SOURCE_DIR) + "/connectors/documents.json";
    CHECK(RunBinary(dir, command + " check '" + good + "'").code == 0);
    CHECK(RunBinary(dir, command + " check bad.json").code == 1);
    CHECK(RunBinary(dir, command + " check none.json").code == 2);
    const Json out = ParseOut(RunBinary(dir, command + " check bad.json --json"));
    CHECK(out["valid"] == false);
    CHECK(out["error"]["message"].is_string());
  }
}

// Goal: an import is whole or not at all; the same document twice adds nothing; a national
// number is nowhere in the store in clear.
TEST_CASE("imports") {
  TempDir dir;
  WriteSettings(dir);
  std::string wrong = DirectoryText();
  wrong.replace(wrong.find("civil_servant"), 13, "civil_servnat");
  dir.Write("wrong.json", wrong);
  const Ran refused = RunBinary(dir, "import directory wrong.json");
  CHECK(refused.code == 2);
  CHECK(Has(refused.err, "/people/0/group"));
  dir.Write("directory.json", DirectoryText());
  CHECK(ParseOut(RunBinary(dir, "import directory directory.json --json"))["added"] == true);
  CHECK(ParseOut(RunBinary(dir, "import directory directory.json --json"))["added"] == false);
  for (const char* file : {"mc.db", "mc.db-wal"}) {
    if (std::filesystem::exists(dir / file)) CHECK_FALSE(Has(ReadWhole(dir / file), "001099000001"));
  }
  CHECK(RunBinary(dir, "import catalogue '" + kPolicies + "/catalogue-demo-2026.json'").code == 0);
  CHECK(RunBinary(dir, "import catalogue directory.json").code == 2);
  dir.Write("self.json", R"({"schema":"minhchung/assessments@1","assessments":[
    {"person":"an","period":"2026-06","assessor":"an","date":"2026-07-02","general":{"a":"9","b":"9","c":"9"}}]})");
  const Ran self = RunBinary(dir, "import assessments self.json");
  CHECK(self.code == 2);
  CHECK(Has(self.err, "/assessments/0"));
  CHECK(RunBinary(dir, "fsck").code == 0);
}

// Goal: without any pull everybody waits, nobody gets a number, and that is a result (0).
TEST_CASE("sheets without evidence wait for data") {
  TempDir dir;
  WriteSettings(dir);
  dir.Write("directory.json", DirectoryText());
  REQUIRE(RunBinary(dir, "import directory directory.json").code == 0);
  const Json scores = ParseOut(RunBinary(dir, "score --period 2026-06 --json"));
  CHECK(scores["period"] == "2026-06");
  CHECK(scores["as_of"] == "2026-06-30T17:00:00.000000Z");
  REQUIRE(scores["subjects"].size() == 2);
  CHECK(scores["subjects"][0]["id"] == "an");
  CHECK(scores["subjects"][0]["status"] == "awaiting_data");
  CHECK(scores["subjects"][0]["total"].is_null());
  CHECK(ParseOut(RunBinary(dir, "score --period 2026-06 --person em --json"))["subjects"].size() == 1);
  CHECK(RunBinary(dir, "score --period 2026-06 --person nobody").code == 2);
  CHECK(RunBinary(dir, "score --period 2026-06 --as-of yesterday").code == 2);
  const Ran explained = RunBinary(dir, "explain an --period 2026-06");
  CHECK(explained.code == 0);
  CHECK(Has(explained.out, "sổ gốc \"edoc\" chưa được lấy đủ"));
  CHECK(RunBinary(dir, "explain nobody --period 2026-06").code == 2);
  CHECK(RunBinary(dir, "explain an --period 2026-06 --item task:hanoiwork:x").code == 2);
  CHECK(RunBinary(dir, "summary --period 2026-06 --out no/such/folder/s.json").code == 3);
  REQUIRE(RunBinary(dir, "summary --period 2026-06 --out summary.json").code == 0);
  const Json summary = ParseJson(ReadWhole(dir / "summary.json")).value();
  CHECK(summary["scorecards"] == Json::parse(R"({"total":2,"scored":0,"insufficient_data":0,"awaiting_data":2,
                                                 "awaiting_assessment":0,"not_applicable":0})"));
  CHECK(Has(summary["ledger"]["checkpoint"].get<std::string>(), "minhchung.local/log\n"));
}

// Goal: a signal ends the server in order; an address that the world can reach is refused.
TEST_CASE("serve ends with 0 on SIGTERM and refuses a public address") {
  TempDir dir;
  WriteSettings(dir);
  const std::string binary = "'" MC_BINARY "'";
  const std::string script = binary + " serve >out & p=$!; n=0; until grep -q healthz out || [ $n -gt 200 ]; do " +
                             "n=$((n+1)); sleep 0.05; done; kill -TERM $p; wait $p";
  dir.Write("serve.sh", script);
  const std::string run = "cd '" + dir.path() + "' && sh serve.sh";
  const int status = std::system(run.c_str());
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(Has(ReadWhole(dir / "out"), "/readyz"));

  std::string settings = ReadWhole(dir / "gateway.jsonc");
  settings.replace(settings.find("{\"port\": 0}"), 11, "{\"port\": 0, \"address\": \"0.0.0.0\"}");
  dir.Write("gateway.jsonc", settings);
  const Ran refused = RunBinary(dir, "serve");
  CHECK(refused.code == 2);
  CHECK(Has(refused.err, "public_bind"));
}
