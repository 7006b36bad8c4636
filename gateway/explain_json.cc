// A sheet and its records as data (`explain --json`).
#include <map>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/text.h"
#include "gateway/explain.h"
#include "gateway/satisfaction_view.h"
#include "scoring/score_json.h"

namespace mc {
namespace {

Json TextOrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json MomentOrNull(const std::optional<Moment>& moment) { return moment ? Json(FormatMoment(*moment)) : Json(nullptr); }

using ByIk = std::unordered_map<std::int64_t, const EvidenceRevision*>;

Json EvidenceJson(const EvidenceRef& ref, const ByIk& by_ik) {
  Json out = {{"source", ref.source}, {"says", ref.says}, {"record", IkHex(ref.ik)}, {"leaf", ref.leaf_index}};
  const auto found = by_ik.find(ref.ik);
  if (found == by_ik.end()) return out;
  const EvidenceRevision& revision = *found->second;
  out["sha256"] = ToHex(revision.record_digest);
  out["register"] = revision.evidence.register_id;
  out["revision"] = revision.revision;
  out["occurred_at"] = MomentOrNull(revision.evidence.occurred_at);
  out["assurance"] = Name(revision.evidence.assurance);
  out["marks"] = revision.evidence.marks;
  return out;
}

Json CompletionsJson(const WorkItem& item) {
  Json list = Json::array();
  for (const Completion& c : item.completions) {
    list.push_back({{"at", FormatMoment(c.at)},
                    {"quantity", c.quantity.ToShortest()},
                    {"assurance", Name(c.level)},
                    {"by", TextOrNull(c.by)}});
  }
  return list;
}

Json TestedJson(const WorkItem& item) {
  Json list = Json::array();
  for (const RefVerdict& tested : item.tested) list.push_back({{"ref", tested.ref}, {"verdict", tested.reason}});
  return list;
}

Json LeadJson(const Link& lead) {
  return {{"state", Name(lead.state)},
          {"person", TextOrNull(lead.id)},
          {"candidates", lead.candidates},
          {"key", TextOrNull(lead.key)},
          {"reason", TextOrNull(lead.reason)}};
}

Json ItemJson(const WorkItem& item, const ByIk& by_ik, const EvidenceChecks& checks) {
  Json evidence = Json::array();
  const std::vector<CheckRows> made = checks.Of(item);
  for (std::size_t i = 0; i < item.evidence.size(); ++i) {
    evidence.push_back(EvidenceJson(item.evidence[i], by_ik));
    evidence.back()["checks"] = ChecksAsJson(made[i]);
  }
  return {{"key", item.key},
          {"aliases", item.aliases},
          {"kind", Name(item.kind)},
          {"unit", TextOrNull(item.unit.id)},
          {"lead", LeadJson(item.lead)},
          {"contributors", item.contributors},
          {"assigned_at", FormatMoment(item.assigned_at)},
          {"due", MomentOrNull(item.due)},
          {"quantity", item.quantity.ToShortest()},
          {"completions", CompletionsJson(item)},
          {"quality_failures", item.quality_failures},
          {"unknown_returns", item.unknown_returns},
          {"product", TextOrNull(item.product)},
          {"held", item.held},
          {"left", item.left ? Json(*item.left) : Json(nullptr)},
          {"claimed", item.claimed},
          {"claim_counts", item.claim_counts},
          {"tested", TestedJson(item)},
          {"notes", item.notes},
          {"evidence", std::move(evidence)}};
}

Json ItemsJson(const SheetView& view, const ByIk& by_ik, const EvidenceChecks& checks) {
  Json items = Json::object();
  for (const WorkItem* item : ItemsOf(view)) items[item->key] = ItemJson(*item, by_ik, checks);
  return items;
}

}  // namespace

SheetExplainer::SheetExplainer(const ScoreRun& run, const EvidenceChecks& checks) : run_(run), checks_(checks) {
  for (const EvidenceRevision& revision : run.evidence) by_ik_[revision.ik] = &revision;
}

Json ExplainAsJson(const SheetView& view, const EvidenceChecks& checks) {
  return SheetExplainer(view.run, checks).Explain(view, SatisfactionFor(view.run, view.person));
}

Json SheetExplainer::Explain(const SheetView& view, const SatisfactionBeside& said) const {
  Json off = Json::array();
  for (const OffSheetItem& o : view.off_sheet) off.push_back({{"why", Name(o.why)}, {"item", o.item->key}});
  return {{"person", view.person.person},
          {"unit", TextOrNull(view.person.unit)},
          {"peer_group", TextOrNull(view.person.peer_group)},
          {"manager", TextOrNull(view.person.manager)},
          {"leading", view.person.leading},
          {"period", FormatPeriod(run_.period)},
          {"cutoff", FormatInstant(run_.cutoff)},
          {"as_of", FormatInstant(run_.as_of)},
          {"policy", run_.policy.id},
          {"policy_digest", run_.policy.digest},
          {"checkpoint", run_.checkpoint},
          {"sheet", CardToJson(view.card)},
          {"waiting", view.subject.waiting_for_data},
          {"off_sheet", std::move(off)},
          {"satisfaction", SatisfactionAsJson(said)},
          {"items", ItemsJson(view, by_ik_, checks_)}};
}

Json OpenedAsJson(const WorkItem& item, const std::vector<OpenedRecord>& records,
                  const std::vector<CheckRows>& checks) {
  Json list = Json::array();
  for (std::size_t i = 0; i < records.size(); ++i) {
    const OpenedRecord& opened = records[i];
    const SourceRecord& record = opened.stored.record;
    Json one = {{"record", IkHex(opened.ref.ik)},
                {"leaf", opened.stored.leaf_index},
                {"source", record.source},
                {"says", opened.ref.says},
                {"media_type", record.media_type},
                {"observed_at", FormatInstant(record.observed_at)},
                {"facts", record.facts},
                {"sha256", ToHex(record.key.digest)},
                {"sha256_recomputed", ToHex(opened.recomputed)},
                {"matches", opened.matches},
                {"checks", ChecksAsJson(checks[i])}};
    const bool text = IsValidUtf8(record.bytes);
    one[text ? "bytes" : "bytes_base64"] = text ? record.bytes : ToBase64(record.bytes);
    list.push_back(std::move(one));
  }
  return {{"item", item.key}, {"records", std::move(list)}};
}

}  // namespace mc
