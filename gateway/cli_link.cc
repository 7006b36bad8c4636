// link list|propose|end|approve|reject: who is who, where sources name somebody that the directory does
// not know. Each step is checked by the rules of docs/formats/link.md before it is kept.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/shown.h"
#include "core/text.h"
#include "gateway/all_evidence.h"
#include "gateway/commands.h"
#include "gateway/installation.h"
#include "gateway/link_effect.h"
#include "gateway/link_queue.h"
#include "gateway/stored_links.h"
#include "gateway/texts.h"
#include "scoring/policy.h"
#include "scoring/text_vi.h"

namespace mc {
namespace {

// What every step needs.
struct LinkDesk {
  Installation installation;
  std::unique_ptr<Store> store;
  DirectoryData imported;  // without manual links
  StoredLinks stored;
  Instant now;
};

Result<LinkDesk> OpenDesk(const Options& options) {
  MC_TRY(Installation installation, Installation::Load(options.config));
  MC_TRY(auto store, installation.OpenStore());
  MC_TRY(DirectoryData imported, installation.ImportedDirectory(*store));
  MC_TRY(StoredLinks stored, LoadLinks(*store));
  return LinkDesk{std::move(installation), std::move(store), std::move(imported), std::move(stored),
                  SystemClock().Now()};
}

Status Keep(LinkDesk& desk, const Json& step) {
  MC_TRY([[maybe_unused]] const std::int64_t leaf, desk.store->AppendLink(step, desk.stored.last_leaf));
  MC_TRY([[maybe_unused]] const LedgerHead head, desk.store->SignHead());
  return Ok();
}

// --- propose, end

Result<LinkProposal> ProposalOf(const Options& options, Instant now) {
  if (options.label.empty() == options.account.empty()) {
    return ConfigError("one_key", "give --label (with --unit) or --account");
  }
  LinkProposal p;
  p.key = options.account.empty() ? LinkKey::kLabel : LinkKey::kAccount;
  p.register_id = options.register_id;
  p.unit = options.unit;
  const std::string& text = options.account.empty() ? options.label : options.account;
  p.text = Trim(ToNfc(text).value_or(text));
  p.person = options.person;
  MC_TRY(p.from, ParseDate(options.from));
  MC_TRY(p.to, ParseDate(options.to));
  p.reason = options.reason;
  p.by = options.by;
  p.at = now;
  return p;
}

CommandResult Propose(LinkDesk& desk, const LinkProposal& p, Console& console) {
  MC_CHECK_OK(CheckProposal(desk.imported, desk.stored.links, p));
  MC_TRY(const std::string id, ProposalId(p));
  MC_CHECK_OK(Keep(desk, ProposalToJson(p)));
  const bool second = p.ends.empty() && IsSecondAccount(desk.imported, p);
  if (console.json()) {
    console.Print({{"proposal", id}, {"second_account", second}});
    return ExitCode::kDone;
  }
  console.Line("Đã ghi đề nghị " + id + ". Người khác duyệt bằng: minhchung link approve " + id + " --by MÃ_NGƯỜI");
  if (second) console.Line("Lưu ý: người này đã có một tài khoản khác trong cùng sổ gốc.");
  return ExitCode::kDone;
}

// --- approve

RulesFor RulesOf(const LinkDesk& desk, const std::string& policy) {
  return [&desk, policy](Period period) -> Result<ScoreRules> {
    ScoreRules rules;
    rules.period = period;
    MC_TRY(rules.policy, desk.installation.PolicyOf(policy));
    MC_TRY(rules.catalogue, desk.installation.CatalogueOf(*desk.store));
    MC_TRY(rules.calendar, desk.installation.Calendar());
    MC_TRY(rules.sources, desk.installation.SourcesOfRegisters());
    return rules;
  };
}

Result<std::vector<SheetChange>> EffectOf(const LinkDesk& desk, const LinkVerdict& verdict, const std::string& policy) {
  DirectoryData before = desk.imported, after = desk.imported;
  desk.stored.links.AddTo(before);
  ManualLinks links = desk.stored.links;
  MC_CHECK_OK(links.Take(VerdictToJson(verdict), desk.stored.last_leaf + 1));
  links.AddTo(after);
  const CivilDate from = links.Find(verdict.proposal)->proposal.from;
  return ChangesOf(*desk.store, RulesOf(desk, policy), before, after, PeriodsTouched(from, desk.now));
}

Json SheetJson(const SheetSummary& sheet) {
  if (!sheet.status) return nullptr;
  const auto shown = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  return {{"status", Name(*sheet.status)},
          {"lines", sheet.lines},
          {"results_points", shown(sheet.results)},
          {"total", shown(sheet.total)},
          {"class", shown(sheet.class_reached)}};
}

std::string Points(const std::string& exact) {
  if (exact.empty()) return "-";
  const auto value = Ratio::FromFraction(exact);
  return value.ok() ? ViRounded(*value, 2) : exact;
}

std::string SheetText(const SheetSummary& sheet) {
  if (!sheet.status) return "không có phiếu";
  std::string text = std::to_string(sheet.lines) + " việc";
  if (!sheet.results.empty()) text += ", K " + Points(sheet.results);
  if (sheet.total.empty()) return text + ", " + std::string(ViStatus(*sheet.status));
  text += ", tổng " + Points(sheet.total);
  return sheet.class_reached.empty() ? text : text + ", " + std::string(ViClass(sheet.class_reached));
}

Result<std::vector<std::string>> LockedAmong(Store& store, const std::vector<SheetChange>& changes) {
  std::vector<std::string> locked;
  for (const SheetChange& change : changes) {
    const std::string period = FormatPeriod(change.period);
    if (!locked.empty() && locked.back() == period) continue;
    MC_TRY(const auto found, store.FindPeriod(period));
    if (found) locked.push_back(period);
  }
  return locked;
}

void PrintEffect(const std::vector<SheetChange>& changes, const std::vector<std::string>& locked, Console& console) {
  if (changes.empty()) console.Line("Không phiếu điểm nào thay đổi.");
  if (!changes.empty()) console.Line("Phiếu điểm sẽ thay đổi:");
  for (const SheetChange& change : changes) {
    console.Line("  " + FormatPeriod(change.period) + "  " + change.person + ": " + SheetText(change.before) + "  →  " +
                 SheetText(change.after));
  }
  for (const std::string& period : locked) {
    console.Line("Kỳ " + period + " đã chốt: phiếu đã chốt giữ nguyên.");
  }
}

Json EffectJson(const std::vector<SheetChange>& changes) {
  Json list = Json::array();
  for (const SheetChange& change : changes) {
    list.push_back({{"period", FormatPeriod(change.period)},
                    {"person", change.person},
                    {"before", SheetJson(change.before)},
                    {"after", SheetJson(change.after)}});
  }
  return list;
}

CommandResult Decide(const Options& options, LinkDecision decision, Console& console) {
  MC_TRY(LinkDesk desk, OpenDesk(options));
  const LinkVerdict verdict{decision, options.id, options.reason, options.by, desk.now};
  MC_CHECK_OK(CheckVerdict(desk.imported, desk.stored.links, verdict));
  std::vector<SheetChange> changes;
  std::vector<std::string> locked;
  const bool approves = decision == LinkDecision::kApprove;
  if (approves) {
    console.Progress("Đang so phiếu điểm trước và sau…");
    auto effect = EffectOf(desk, verdict, options.policy);
    console.EndProgress();
    MC_TRY(changes, std::move(effect));
    MC_TRY(locked, LockedAmong(*desk.store, changes));
  }
  const bool keep = !approves || options.confirm;
  if (keep) MC_CHECK_OK(Keep(desk, VerdictToJson(verdict)));
  if (console.json()) {
    console.Print({{"proposal", options.id}, {"kept", keep}, {"changes", EffectJson(changes)}, {"locked", locked}});
    return ExitCode::kDone;
  }
  if (approves) PrintEffect(changes, locked, console);
  console.Line(!approves ? "Đã bác đề nghị " + options.id + "."
               : keep    ? "Đã duyệt " + options.id + "."
                         : "Chưa duyệt: chạy lại với --confirm để duyệt.");
  return ExitCode::kDone;
}

// --- list

std::string SuggestionText(const WaitingKey& waiting) {
  std::string text;
  for (const Suggestion& s : waiting.suggestions) text += (text.empty() ? "" : "; ") + s.person + " (" + s.name + ")";
  for (const std::string& id : waiting.candidates) text += (text.empty() ? "giữa " : ", ") + id;
  return text.empty() ? "-" : text;
}

void PrintQueue(const std::vector<WaitingKey>& queue, CivilDate today, Console& console) {
  std::vector<std::vector<std::string>> rows = {
      {"Chờ (ngày)", "Số việc", "Đơn vị", "Sổ gốc", "Nguồn ghi", "Vì sao", "Gợi ý (tên không tự nối)"}};
  for (const WaitingKey& w : queue) {
    rows.push_back({std::to_string(today.days - w.oldest.days), std::to_string(w.items), w.unit.empty() ? "?" : w.unit,
                    w.register_id.empty() ? "-" : w.register_id, w.said.empty() ? "-" : WithoutControls(w.said),
                    ViReason(w.reason), SuggestionText(w)});
  }
  console.Line(queue.empty() ? "Không có khóa nào đang chờ." : FormatTable(rows));
}

Json WaitingJson(const WaitingKey& w, CivilDate today) {
  Json suggestions = Json::array();
  for (const Suggestion& s : w.suggestions)
    suggestions.push_back({{"person", s.person}, {"name", s.name}, {"why", s.why}});
  return {{"register", w.register_id},
          {"unit", w.unit.empty() ? Json(nullptr) : Json(w.unit)},
          {"key", w.key},
          {"said", w.said},
          {"reason", w.reason},
          {"items", w.items},
          {"oldest", FormatDate(w.oldest)},
          {"days", today.days - w.oldest.days},
          {"candidates", w.candidates},
          {"suggestions", std::move(suggestions)}};
}

std::string_view StateOf(const ManualLinks& links, const LinkRecord& record) {
  if (!record.verdict) return "proposed";
  if (!record.approved()) return "rejected";
  return !record.proposal.ends.empty() || links.SpanOf(record) ? "approved" : "ended";
}

Json RecordJson(const ManualLinks& links, const LinkRecord& record) {
  const LinkProposal& p = record.proposal;
  const auto span = links.SpanOf(record);
  Json json = {{"id", record.id},
               {"state", StateOf(links, record)},
               {"key", Name(p.key)},
               {"register", p.register_id},
               {"unit", p.unit},
               {"said", p.text},
               {"person", p.person},
               {"from", FormatDate(p.from)},
               {"to", FormatDate(span ? *span->to : p.to)},
               {"reason", p.reason},
               {"proposed_by", p.by},
               {"leaves", record.leaves}};
  if (!p.ends.empty()) json["ends"] = p.ends;
  if (record.verdict) json["decided_by"] = record.verdict->by;
  return json;
}

std::string RecordText(const ManualLinks& links, const LinkRecord& record) {
  const LinkProposal& p = record.proposal;
  const auto span = links.SpanOf(record);
  const std::string what = p.ends.empty() ? "" : "chấm dứt " + p.ends + ": ";
  return "  " + record.id + "  " + what + WithoutControls(p.text) + " (" + p.register_id +
         (p.unit.empty() ? "" : ", " + p.unit) + ") là " + p.person + ", " + FormatCity(BareDate(p.from)) + " đến " +
         FormatCity(BareDate(span ? *span->to : p.to)) + "; " + p.by + " đề nghị" +
         (record.verdict ? ", " + record.verdict->by + " duyệt" : "");
}

void PrintRecords(const ManualLinks& links, Console& console) {
  for (const std::string_view state : {"proposed", "approved"}) {
    bool any = false;
    for (const LinkRecord& record : links.records()) {
      if (StateOf(links, record) != state || (state == "approved" && !record.proposal.ends.empty())) continue;
      if (!any) console.Line(state == "proposed" ? "Đề nghị đang chờ duyệt:" : "Nối kết đã duyệt:");
      any = true;
      console.Line(RecordText(links, record));
    }
  }
}

Result<std::vector<WaitingKey>> QueueOf(const LinkDesk& desk, const Options& options) {
  DirectoryData directory = desk.imported;
  desk.stored.links.AddTo(directory);
  const IdentityIndex identity(std::move(directory));
  MC_TRY(const Policy policy, desk.installation.PolicyOf(options.policy));
  MC_TRY(const WorkCalendar calendar, desk.installation.Calendar());
  MC_TRY(const std::vector<EvidenceRevision> evidence, AllEvidence(*desk.store));
  const ItemSettings settings{policy.min_assurance, policy.report_due_working_hours, &calendar};
  std::vector<WaitingKey> queue = WaitingKeys(BuildItems(evidence, identity, settings, desk.now), identity);
  if (!options.unit.empty()) std::erase_if(queue, [&](const WaitingKey& w) { return w.unit != options.unit; });
  return queue;
}

}  // namespace

CommandResult RunLinkList(const Options& options, Console& console) {
  MC_TRY(const LinkDesk desk, OpenDesk(options));
  MC_TRY(const std::vector<WaitingKey> queue, QueueOf(desk, options));
  const CivilDate today = CityDate(desk.now);
  if (!console.json()) {
    PrintQueue(queue, today, console);
    PrintRecords(desk.stored.links, console);
    return ExitCode::kDone;
  }
  Json waiting = Json::array(), links = Json::array();
  for (const WaitingKey& w : queue) waiting.push_back(WaitingJson(w, today));
  for (const LinkRecord& record : desk.stored.links.records()) links.push_back(RecordJson(desk.stored.links, record));
  console.Print({{"waiting", std::move(waiting)}, {"links", std::move(links)}});
  return ExitCode::kDone;
}

CommandResult RunLinkPropose(const Options& options, Console& console) {
  MC_TRY(LinkDesk desk, OpenDesk(options));
  MC_TRY(const LinkProposal proposal, ProposalOf(options, desk.now));
  return Propose(desk, proposal, console);
}

CommandResult RunLinkEnd(const Options& options, Console& console) {
  MC_TRY(LinkDesk desk, OpenDesk(options));
  LinkProposal proposal;
  proposal.ends = options.id;
  MC_TRY(proposal.to, ParseDate(options.to));
  proposal.reason = options.reason;
  proposal.by = options.by;
  proposal.at = desk.now;
  MC_CHECK_OK(FillEnd(desk.stored.links, proposal));
  return Propose(desk, proposal, console);
}

CommandResult RunLinkApprove(const Options& options, Console& console) {
  return Decide(options, LinkDecision::kApprove, console);
}

CommandResult RunLinkReject(const Options& options, Console& console) {
  return Decide(options, LinkDecision::kReject, console);
}

}  // namespace mc
