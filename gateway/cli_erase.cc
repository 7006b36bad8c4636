// erase: what would go is printed; --confirm takes it, for ever.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "gateway/cli_records.h"
#include "gateway/commands.h"
#include "gateway/erasure.h"
#include "gateway/installation.h"

namespace mc {
namespace {

// --- the order

bool SameName(const std::string& a, const std::string& b) {
  const auto plain = [](const std::string& name) { return ToLowerAscii(Trim(ToNfc(name).value_or(name))); };
  return plain(a) == plain(b);
}

// Also before a dry run: who reads the plan should know that the order would be refused.
Status CheckPeople(const Options& options, const IdentityIndex& identity) {
  if (SameName(options.requested_by, options.approved_by)) {
    return ConfigError("two_persons", "an erasure takes two people: whoever requests it may not approve it");
  }
  const Person* person = options.person.empty() ? nullptr : identity.FindPerson(options.person);
  if (person && (SameName(options.approved_by, person->id) || SameName(options.approved_by, person->name))) {
    return ConfigError("own_erasure", "nobody approves the erasure of their own records: somebody else must");
  }
  return Ok();
}

ErasureOrder OrderOf(const Options& options, const ErasurePlan& plan) {
  ErasureOrder order;
  for (const PlannedRecord& planned : plan.goes) order.records.push_back(planned.record.ik);
  order.reason = ErasureReasonFrom(options.category).value_or(ErasureReason::kRequest);
  order.text = options.reason;
  order.requested_by = options.requested_by;
  order.approved_by = options.approved_by;
  return order;
}

// --- the plan

Result<ErasurePlan> PlanOf(const Options& options, const Installation& installation, Store& store) {
  MC_TRY(const Policy policy, installation.PolicyOf(options.policy));
  MC_TRY(const WorkCalendar calendar, installation.Calendar());
  MC_TRY(DirectoryData directory, installation.DirectoryOf(store));
  const IdentityIndex identity(std::move(directory));
  MC_CHECK_OK(CheckPeople(options, identity));
  const ItemSettings settings{policy.min_assurance, policy.report_due_working_hours, &calendar};
  const Attribution attribution{identity, settings, SystemClock().Now()};
  if (!options.person.empty()) return PlanForPerson(store, attribution, options.person);
  std::vector<std::int64_t> records;
  for (const std::string& text : options.records) {
    MC_TRY(const std::int64_t record, RecordNamed(text));
    records.push_back(record);
  }
  return PlanForRecords(store, attribution, records);
}

// Pushed messages that nobody has read yet cannot be attributed to anybody.
Result<std::vector<std::string>> SourcesWithUnread(const Installation& installation, Store& store) {
  std::vector<std::string> unread;
  for (const auto& [source, inbox] : installation.InboxSources()) {
    MC_TRY(const std::vector<InboxMessage> messages, store.ReadInbox(source, 0, 1));
    if (!messages.empty()) unread.push_back(source);
  }
  return unread;
}

// --- as text

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string RecordText(const PlannedRecord& planned) {
  std::vector<std::string> leaves;
  for (const std::int64_t leaf : planned.record.leaves) leaves.push_back(std::to_string(leaf));
  return "  bản ghi " + IkHex(planned.record.ik) + " · " + planned.record.source + ", " + planned.record.native_id +
         " · lá " + Joined(leaves) + (planned.stands_for.empty() ? "" : " · của " + Joined(planned.stands_for));
}

void PrintPlan(const ErasurePlan& plan, const std::vector<std::string>& unread, Console& console) {
  console.Line("SẼ XÓA " + std::to_string(plan.goes.size()) + " bản ghi, " + std::to_string(plan.leaves) + " lá:");
  for (const PlannedRecord& planned : plan.goes) console.Line(RecordText(planned));
  if (!plan.kept.empty()) {
    console.Line("GIỮ LẠI " + std::to_string(plan.kept.size()) +
                 " bản ghi còn đứng cho người khác hoặc chỉ nêu tên người này; xóa từng bản ghi bằng --record:");
    for (const PlannedRecord& planned : plan.kept) console.Line(RecordText(planned));
  }
  for (const LockedLeaves& locked : plan.locked) {
    console.Line("KỲ ĐÃ CHỐT " + locked.period + ": " + std::to_string(locked.leaves) + " lá nằm trong danh sách của " +
                 locked.person + ". Phiếu đã chốt giữ nguyên; dữ liệu gốc của các dòng đó không còn mở được.");
  }
  if (!plan.goes.empty()) console.Line("Phiếu của các kỳ chưa chốt sẽ được tính không có các bản ghi này.");
  for (const std::string& source : unread) {
    console.Line("Nguồn " + source + " còn thông điệp chưa đọc, chưa biết là của ai: chạy minhchung sync trước.");
  }
}

Json RecordsJson(const std::vector<PlannedRecord>& records) {
  Json list = Json::array();
  for (const PlannedRecord& planned : records) {
    list.push_back({{"record", IkHex(planned.record.ik)},
                    {"source", planned.record.source},
                    {"native_id", planned.record.native_id},
                    {"leaves", planned.record.leaves},
                    {"stands_for", planned.stands_for}});
  }
  return list;
}

Json PlanJson(const ErasurePlan& plan, const std::vector<std::string>& unread) {
  Json locked = Json::array();
  for (const LockedLeaves& one : plan.locked) {
    locked.push_back({{"period", one.period}, {"person", one.person}, {"leaves", one.leaves}});
  }
  return {{"erased", false},
          {"records", RecordsJson(plan.goes)},
          {"leaves", plan.leaves},
          {"kept", RecordsJson(plan.kept)},
          {"locked", std::move(locked)},
          {"unread", unread}};
}

// --- doing it

// Wiped before the head is signed: a witness that does not answer must not leave old pages behind.
CommandResult Confirm(const Options& options, const ErasurePlan& plan, Store& store, Json out, Console& console) {
  std::string said = "Không có gì để xóa.";
  if (!plan.goes.empty()) {
    MC_TRY(const Erasure erasure, store.Erase(OrderOf(options, plan)));
    out["erased"] = true;
    out["leaf"] = erasure.leaf;
    said = "ĐÃ XÓA. Việc xóa là lá " + std::to_string(erasure.leaf) + " của nhật ký, lúc " + FormatInstant(erasure.at) +
           ".";
  }
  console.Progress("Đang ghi lại tệp kho dữ liệu, không còn dấu vết của phần đã xóa…");
  const Status wiped = store.WipeErased();
  console.EndProgress();
  out["wiped"] = wiped.ok();
  console.json() ? console.Print(out) : console.Line(said);
  MC_CHECK_OK(wiped);
  MC_TRY([[maybe_unused]] const LedgerHead head, store.SignHead());
  return ExitCode::kDone;
}

}  // namespace

CommandResult RunErase(const Options& options, Console& console) {
  if (options.person.empty() == options.records.empty()) {
    return ConfigError("usage", "erase needs PERSON, or --record RECORD for each record");
  }
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  auto plan = PlanOf(options, installation, *store);
  // What an earlier command erased and could not wipe is wiped now.
  if (!plan.ok() && plan.error().code == "record_erased" && options.confirm) plan = ErasurePlan{};
  if (!plan.ok()) return AsWrongUse(plan.error());
  MC_TRY(const std::vector<std::string> unread, SourcesWithUnread(installation, *store));
  if (!console.json()) PrintPlan(*plan, unread, console);
  Json out = PlanJson(*plan, unread);
  if (options.confirm) return Confirm(options, *plan, *store, std::move(out), console);
  if (console.json()) {
    console.Print(out);
  } else {
    console.Line("Chưa xóa gì. Chạy lại với --confirm để xóa; không có cách nào lấy lại.");
  }
  return ExitCode::kDone;
}

}  // namespace mc
