// Goal: each check says what it found and why; what was not made never reads as passed.
// Method: one task and one dossier step of a hand-made run, with what the checks need beside it.
#include "gateway/evidence_checks.h"

#include "gateway_support.h"
#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

ScoreRun RunOf(const Story& told, std::vector<EvidenceRevision> revisions) {
  ScoreRun run;
  run.identity = std::make_unique<IdentityIndex>(SmallDirectory());
  run.items = told.Items("2026-06-30");
  run.evidence = std::move(revisions);
  return run;
}

std::string Shown(const CheckRows& rows) {
  std::string text;
  for (const CheckResult& row : rows) {
    text += row.check + " " + std::string(Name(row.state)) + " " + row.reason + " " + row.detail + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("checks of a task's evidence, by the channel that it came through") {
  TempDir dir;
  const ManualClock clock(At("2026-07-01").at);
  const auto store = OpenTestStore(dir, clock);
  Story s;
  s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20").claims = {{At("2026-06-15"), {}}};
  s.revisions().back().source = "hanoiwork";
  const ScoreRun run = RunOf(s, s.revisions());
  const auto told = [&](std::optional<Channel> channel, std::optional<CheckResult> read_back) {
    CheckSources sources;
    if (channel) sources.channels["hanoiwork"] = *channel;
    if (read_back) sources.read_back[run.items[0].evidence[0].ik] = *read_back;
    const auto checks = EvidenceChecks::Make(*store, run, {}, std::move(sources));
    REQUIRE(checks.ok());
    return checks->Of(run.items[0]);
  };
  CHECK(Shown(told(Channel{ConnectorKind::kQlnvTasks, AuthKind::kBearer}, std::nullopt).front()) ==
        "integrity not_made not_asked leaf 0\n"
        "origin passed assigned_by_another recorded\n"
        "person passed resolved account\n"
        "unit passed resolved unit_code\n"
        "uniqueness passed no_conflict \n"
        "backing failed claim_names_nothing \n"
        "read_back not_made no_result \n");
  const auto origin = [&](std::optional<Channel> channel) { return told(channel, std::nullopt).front()[1]; };
  CHECK(origin(std::nullopt).state == CheckState::kNotMade);
  CHECK(origin(Channel{ConnectorKind::kFileDrop, AuthKind::kNone}).reason == "file_without_sender");
  CHECK(origin(Channel{ConnectorKind::kFileDrop, AuthKind::kNone}).state == CheckState::kNotMade);
  CHECK(origin(Channel{ConnectorKind::kHttpJson, AuthKind::kNone}).reason == "channel_without_credential");
  CHECK(origin(Channel{ConnectorKind::kInbox, AuthKind::kNone}).state == CheckState::kPassed);
  const CheckResult gone{"read_back", CheckState::kFailed, "read_back_gone", "leaf 9"};
  CHECK(told(std::nullopt, gone).front().back() == gone);
}

TEST_CASE("one line says what failed and what was not made, and all only where all was made") {
  const CheckResult passed{"integrity", CheckState::kPassed, "proof_opens", ""};
  const CheckResult missing{"read_back", CheckState::kNotMade, "no_result", ""};
  const CheckResult failed{"uniqueness", CheckState::kFailed, "reopened", ""};
  const CheckResult none{"backing", CheckState::kNotApplicable, "no_claim", ""};
  CHECK(ChecksInOneLine({{passed, none}}) == "đạt cả");
  CHECK(ChecksInOneLine({}) == "không có bản ghi để kiểm tra");
  CHECK(ChecksInOneLine({{passed, missing}}).starts_with("đạt các bước đã làm · chưa làm: đọc lại từ nguồn"));
  CHECK(ChecksInOneLine({{passed}, {failed, missing}}).starts_with("KHÔNG ĐẠT: không xung đột (đã kết thúc rồi lại mở"));
  CHECK(ChecksInOneLine({{passed}, {failed, missing}}).find(" · chưa làm: ") != std::string::npos);
}
