// The period 2026-06 of two people, one of whom leads two dossiers, locked; the built binary over hand-made exports.
#pragma once

#include <string>

#include "bundle_support.h"
#include "core/json.h"

namespace mc::test {

inline constexpr const char* kDirectory = R"({"schema":"minhchung/directory@1",
 "units":[{"id":"U1","name":"UBND phường Một","axis":"committee","parent":null,"ward":null,"codes":[{"code":"H26.101"}]}],
 "people":[{"id":"an","name":"Nguyễn Văn An","group":"civil_servant"},{"id":"bao","name":"Lê Bảo","group":"civil_servant"},
           {"id":"em","name":"Trần Thị Em","group":"civil_servant"}],
 "memberships":[{"person":"an","unit":"U1","role":"member","manager":"bao","peer_group":"cv","fed_by":["dvc"],"from":"2026-01-01"},
                {"person":"bao","unit":"U1","role":"member","peer_group":"cv","fed_by":["dvc"],"from":"2026-01-01"}],
 "staff_codes":[],"emails":[],"accounts":[],
 "labels":[{"person":"an","register":"dvc","unit":"U1","label":"Nguyễn Văn An","approved_by":["bao","em"]},
           {"person":"bao","register":"dvc","unit":"U1","label":"Lê Bảo","approved_by":["an","em"]}]})";

inline std::string Dossier(const std::string& code) {
  return R"({"MaHoSo":")" + code + R"(","MaHoSoKhac":"","MaTTHC":"1.001193.H26","NgayTiepNhan":"20260602081500",
    "NgayHenTra":"20260612170000","TrangThaiHoSo":"9","DonViXuLy":"UBND phường Một","NgayKetThucXuLy":""})";
}

inline std::string Step(const std::string& code, const std::string& status, const std::string& at,
                        const std::string& who = "Nguyễn Văn An") {
  return R"({"MaHoSo":")" + code + R"(","NguoiXuLy":")" + who + R"(","ThoiDiemXuLy":")" + at + R"(","TrangThai":")" +
         status + "\"}";
}

// Two people, one with two dossiers, collected.
struct Collected {
  TempDir dir;
  std::string key;

  // `steps`: more of them, each behind a comma.
  explicit Collected(const std::string& steps = "") {
    WriteSettings(dir);
    dir.Write("directory.json", kDirectory);
    Must("import directory directory.json");
    const std::string one = "H26.101-260602-00001", two = "H26.101-260602-00002";
    dir.Write("dvc/dossiers.json",
              R"({"error_code":0,"totalrow":2,"data":[)" + Dossier(one) + "," + Dossier(two) + "]}");
    dir.Write("dvc/steps.json", "[" + Step(one, "4", "20260602091500") + "," + Step(one, "9", "20260611100000") + "," +
                                    Step(two, "4", "20260602091500") + "," + Step(two, "9", "20260613100000") + steps +
                                    "]");
    Must("sync --from dvc public_service");
  }
  Ran Must(const std::string& arguments) {
    Ran ran = RunBinary(dir, arguments);
    REQUIRE_MESSAGE(ran.code == 0, arguments << "\n" << ran.out << ran.err);
    return ran;
  }
  std::string Prove(const std::string& person) {
    Must("prove score " + person + " --period 2026-06 --out " + person + ".zip");
    std::string archive = ReadWhole(dir / (person + ".zip"));
    key = OpenBundle(archive)->log_key;
    return archive;
  }
};

// Their period 2026-06, locked. A folder of saved pages completes nothing: both sheets wait.
struct Locked : Collected {
  explicit Locked(const std::string& steps = "") : Collected(steps) { Must("lock --period 2026-06 --with-waiting"); }
};

}  // namespace mc::test
