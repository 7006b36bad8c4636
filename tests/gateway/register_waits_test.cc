// Goal: a source that delivers hides none that does not, and one that the settings no longer name holds nothing back.
// Method: how far each source is, written down; then two folders of one register, one of which nobody feeds.
#include "gateway/register_waits.h"

#include "locked_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("a register is as far as the source of the settings that is furthest behind") {
  using Reached = std::map<std::string, Instant>;
  const Instant needed{100};
  const SourcesByRegister two = {{"edoc", {"documents", "results"}}}, one = {{"edoc", {"results"}}};
  const struct {
    SourcesByRegister configured;
    Reached reached;
    bool waits;
  } cases[] = {
      {two, {{"documents", Instant{100}}, {"results", Instant{100}}}, false},
      {two, {{"documents", Instant{99}}, {"results", Instant{500}}}, true},
      {two, {{"results", Instant{500}}}, true},
      {one, {{"documents", Instant{99}}, {"results", Instant{100}}}, false},  // the other is retired
      {one, {{"documents", Instant{500}}, {"results", Instant{99}}}, true},
      {{}, {{"documents", Instant{100}}, {"results", Instant{1}}}, false},
      {{}, {{"documents", Instant{99}}}, true},
      {{}, {}, true},
      {{{"dvc", {"x"}}}, {{"documents", Instant{100}}}, false},
  };
  for (const auto& c : cases) {
    CAPTURE(&c - cases);
    CHECK(WaitOf("edoc", c.configured, c.reached, needed).has_value() == c.waits);
  }
  const auto wait = WaitOf("edoc", two, {{"results", Instant{500}}}, needed);
  CHECK(Has(wait->for_people, "sổ gốc \"edoc\" chưa được lấy đủ đến"));
  CHECK(Has(wait->for_people, "nguồn \"documents\" chưa lần nào được lấy đủ"));
  CHECK_FALSE(Has(wait->for_people, "results"));
  CHECK(Has(wait->for_operators, "source documents never was"));
}

TEST_CASE("one folder that is fed does not hide another of its register that is not") {
  TempDir dir;
  std::string directory = kDirectory;
  for (std::size_t at = 0; (at = directory.find("[\"dvc\"]", at)) != std::string::npos;) {
    directory.replace(at, 7, "[\"edoc\"]");
  }
  dir.Write("directory.json", directory);
  dir.Write("results/a.json",
            R"({"data":{"IDHoSo":"i","LoaiKetQua":"01","VanBanDi":{"SoKyHieu":"1/QĐ"}},"error":{"code":0}})");
  const std::string results = R"("results_ltqlvb":{"folder":"results"})";
  WriteSettings(dir, "{" + results + R"(,"documents_json":{"folder":"documents"}})");
  REQUIRE(RunBinary(dir, "import directory directory.json").code == 0);
  CHECK(RunBinary(dir, "sync results_ltqlvb").code == 0);
  const auto waiting = [&] {
    return ParseOut(RunBinary(dir, "score --period 2026-06 --person an --json"))["subjects"][0]["waiting"].dump();
  };
  CHECK(Has(waiting(), "documents_json"));
  CHECK_FALSE(Has(waiting(), "results_ltqlvb"));
  CHECK(Has(RunBinary(dir, "lock --period 2026-06").err, "source documents_json never was"));
  WriteSettings(dir, "{" + results + "}");
  CHECK_FALSE(Has(waiting(), "sổ gốc"));
}
