// Goal: a source's change of format costs nobody a point: while the newest state of something lies in quarantine, its
// lead waits and is told why, until it is read or dropped.
// Method: the built binary; a dossier that is sent again with a status that stands in no table.
#include "locked_support.h"

using namespace mc;
using namespace mc::test;

namespace {

constexpr const char* kItem = "dossier:dvc:H26.101-260602-00001";
constexpr const char* kSaid = "nguồn đã gửi trạng thái mới hơn nhưng chưa đọc được";

struct Overtaken : Collected {
  Overtaken() {
    std::string again = Dossier("H26.101-260602-00001");
    again.replace(again.find(R"("TrangThaiHoSo":"9")"), 19, R"("TrangThaiHoSo":"99")");
    dir.Write("dvc/dossiers.json", R"({"error_code":0,"totalrow":1,"data":[)" + again + "]}");
    Must("sync --from dvc public_service");
  }
  Json Sheet() {
    const Json scores = ParseOut(Must("score --period 2026-06 --person an --json"));
    return scores["subjects"][0];
  }
  std::string Explained() { return Must("explain an --period 2026-06").out; }
};

}  // namespace

TEST_CASE("an item whose newest state nobody could read is held, until somebody drops that state") {
  Overtaken o;
  CHECK(o.Sheet()["lines"].size() == 1);
  CHECK(o.Sheet()["held"] == Json::array({kItem}));
  CHECK(Has(o.Explained(), kSaid));
  o.Must("lock --period 2026-06 --with-waiting");
  const Json open = ParseOut(o.Must("--json quarantine list"))["quarantine"];
  REQUIRE(open.size() == 1);
  CHECK(open[0]["code"] == "unknown_status");
  o.Must("quarantine drop " + open[0]["record"].get<std::string>() + " --reason \"the sender took it back\" --by em");
  CHECK(o.Sheet()["lines"].size() == 2);
  CHECK(o.Sheet()["held"].empty());
  CHECK_FALSE(Has(o.Explained(), kSaid));
  CHECK(ParseOut(o.Must("--json fsck --index"))["faults"].empty());  // the lock stands on what was known then
}

TEST_CASE("a state of which a later one was read is not read anew, and says so") {
  Overtaken o;
  CHECK_FALSE(ParseOut(o.Must("--json quarantine list"))["quarantine"][0]["newer_read"].get<bool>());
  std::string later = Dossier("H26.101-260602-00001");
  later.replace(later.find(R"("NgayKetThucXuLy":"")"), 20, R"("NgayKetThucXuLy":"20260611100000")");
  o.dir.Write("dvc/dossiers.json", R"({"error_code":0,"totalrow":1,"data":[)" + later + "]}");
  o.Must("sync --from dvc public_service");
  CHECK(o.Sheet()["held"].empty());
  CHECK(ParseOut(o.Must("--json quarantine list"))["quarantine"][0]["newer_read"].get<bool>());
  WriteSettings(o.dir,
                R"({"public_service": {"base_url": "http://127.0.0.1:1", "secrets": {"session": "file:session"}}})");
  o.dir.Write("session", "s");
  const Json replayed = ParseOut(o.Must("--json quarantine replay --source public_service"))["replayed"][0];
  CHECK(replayed["tried"] == 0);
  REQUIRE(replayed["not_tried"].size() == 1);
  CHECK(replayed["not_tried"][0]["why"] == "newer_state_read");
  CHECK(Has(o.Must("quarantine replay --source public_service").out, "trạng thái mới hơn"));
}
