// Goal: a lock has no way back, so it does not seal sheets that only wait for a source, unless somebody says so; what
// waits for an item is no reason to refuse. Method: the built binary over hand-made exports.
#include "locked_support.h"

using namespace mc;
using namespace mc::test;

namespace {

// Nothing feeds the posts: no register has to be pulled.
std::string UnfedDirectory() {
  std::string text = kDirectory;
  for (std::size_t at = 0; (at = text.find("[\"dvc\"]", at)) != std::string::npos;) text.replace(at, 7, "[]");
  return text;
}

struct Unfed : Collected {
  explicit Unfed(const std::string& steps = "") : Collected(steps) {
    dir.Write("unfed.json", UnfedDirectory());
    Must("import directory unfed.json");
  }
};

}  // namespace

TEST_CASE("lock: sheets that wait for a register are not sealed by chance") {
  Collected collected;
  const Ran refused = RunBinary(collected.dir, "lock --period 2026-06");
  CHECK(refused.code == 3);
  CHECK(refused.out == "");
  for (const char* part : {"sheets_waiting", "2 of 2 sheets", "the register \"dvc\" is not pulled up to", "(2 sheets)",
                           "minhchung sync", "--with-waiting"}) {
    INFO(part);
    CHECK(Has(refused.err, part));
  }
  CHECK(RunBinary(collected.dir, "prove score an --period 2026-06 --out an.zip").code == 2);  // nothing was locked
  const Json locked = ParseOut(collected.Must("--json lock --period 2026-06 --with-waiting"));
  CHECK(locked["people"] == 2);
  CHECK(locked["waiting"] == 2);
  CHECK(locked["waiting_for_sources"] == 2);
  const Ran again = RunBinary(collected.dir, "lock --period 2026-06");
  CHECK(again.code == 2);
  CHECK(Has(again.err, "period_locked"));
}

TEST_CASE("lock: a closed gate is named beside the register") {
  Collected collected("," + Step("H26.101-260602-00001", "99", "20260612100000"));
  const Ran refused = RunBinary(collected.dir, "lock --period 2026-06");
  CHECK(refused.code == 3);
  CHECK(Has(refused.err, "\"correct\" of the source public_service"));
  CHECK(Has(refused.err, "below 0.99"));
}

TEST_CASE("lock: sheets that wait for nothing are locked, and so are those that wait for an item of theirs") {
  Unfed none, held("," + Step("H26.101-260602-00002", "8", "20260614100000"));
  const Json plain = ParseOut(none.Must("--json lock --period 2026-06"));
  CHECK(plain["waiting"] == 0);
  CHECK(plain["waiting_for_sources"] == 0);
  const Ran told = held.Must("lock --period 2026-06");
  CHECK(Has(told.out, "còn chờ dữ liệu, không có tổng điểm và xếp loại: 1, trong đó chờ nguồn: 0."));
}
