#include "gateway/satisfaction_view.h"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/digest.h"
#include "mapping/outcomes.h"

namespace mc {
namespace {

constexpr const char* kSays = "satisfaction";

// Whom it is about alone; empty: nobody.
std::string PersonSaidOf(const Satisfaction& one) {
  return one.item && one.item->lead.state == LinkState::kResolved ? one.item->lead.id : "";
}

// Said of the unit itself, or of an item that belongs to a unit alone (a report). Empty: of none.
std::string UnitSaidOf(const Satisfaction& one) {
  const Link& unit = one.item ? one.item->unit : one.unit;
  const bool units = one.item ? one.item->lead.state == LinkState::kNotApplicable : !one.revision->evidence.about;
  return units && unit.state == LinkState::kResolved ? unit.id : "";
}

std::string AboutText(const Satisfaction& one) {
  if (one.item) return one.item->key;
  const Evidence& e = one.revision->evidence;
  return e.about ? std::string(Name(e.about->kind)) + ":" + e.about->native_id : one.unit.id;
}

Json RatingJson(const Rating& rating) {
  Json out = {{"criterion", rating.criterion}, {"value", rating.value.ToShortest()}, {"of", rating.of.ToShortest()}};
  if (!rating.answer.empty()) out["answer"] = rating.answer;
  return out;
}

Json OneJson(const Satisfaction& one) {
  const EvidenceRevision& revision = *one.revision;
  Json ratings = Json::array();
  for (const Rating& rating : revision.evidence.ratings) ratings.push_back(RatingJson(rating));
  return {{"about", AboutText(one)},          {"occurred_at", FormatMoment(*revision.evidence.occurred_at)},
          {"source", revision.source},        {"record", IkHex(revision.ik)},
          {"leaf", revision.leaf_index},      {"sha256", ToHex(revision.record_digest)},
          {"marks", revision.evidence.marks}, {"ratings", std::move(ratings)}};
}

Json ListJson(const std::vector<const Satisfaction*>& list) {
  Json out = Json::array();
  for (const Satisfaction* one : list) out.push_back(OneJson(*one));
  return out;
}

std::string RatingText(const Rating& rating) {
  return rating.criterion + (rating.answer.empty() ? "" : " " + rating.answer) + " " + rating.value.ToShortest() + "/" +
         rating.of.ToShortest();
}

std::string OneText(const Satisfaction& one) {
  const EvidenceRevision& revision = *one.revision;
  std::string ratings;
  for (const Rating& rating : revision.evidence.ratings) ratings += (ratings.empty() ? "" : ", ") + RatingText(rating);
  return "  " + AboutText(one) + " · " + FormatCity(*revision.evidence.occurred_at) + " · " + ratings + " · bản ghi " +
         IkHex(revision.ik) + " · lá " + std::to_string(revision.leaf_index);
}

// One line per criterion and answer: what was given of what could be.
std::vector<std::string> SumsText(const std::vector<const Satisfaction*>& list) {
  struct Sum {
    Ratio value, of;
    std::int64_t sheets = 0;
  };
  std::map<std::pair<std::string, std::string>, Sum> sums;
  for (const Satisfaction* one : list) {
    for (const Rating& rating : one->revision->evidence.ratings) {
      Sum& sum = sums[{rating.criterion, rating.answer}];
      sum.value += rating.value;
      sum.of += rating.of;
      ++sum.sheets;
    }
  }
  std::vector<std::string> texts;
  for (const auto& [name, sum] : sums) {
    texts.push_back("  " + RatingText({name.first, name.second, sum.value, sum.of}) + " (" +
                    std::to_string(sum.sheets) + " phiếu)");
  }
  return texts;
}

}  // namespace

SatisfactionIndex::SatisfactionIndex(const ScoreRun& run) {
  for (const Satisfaction& one : run.satisfaction) {
    if (PeriodOf(CityDate(*one.revision->evidence.occurred_at)) != run.period) continue;
    const std::string person = PersonSaidOf(one), unit = UnitSaidOf(one);
    if (!person.empty()) by_person_[person].push_back(&one);
    if (!unit.empty()) by_unit_[unit].push_back(&one);
  }
}

SatisfactionBeside SatisfactionIndex::For(const PersonContext& person) const {
  SatisfactionBeside beside;
  const auto own = by_person_.find(person.person);
  if (own != by_person_.end()) beside.own = own->second;
  const auto unit = by_unit_.find(person.unit);
  if (unit != by_unit_.end() && !person.unit.empty()) beside.unit = unit->second;
  return beside;
}

SatisfactionBeside SatisfactionFor(const ScoreRun& run, const PersonContext& person) {
  return SatisfactionIndex(run).For(person);
}

Json SatisfactionAsJson(const SatisfactionBeside& beside) {
  return {{"own", ListJson(beside.own)}, {"unit", ListJson(beside.unit)}};
}

std::vector<std::string> SatisfactionAsText(const SatisfactionBeside& beside) {
  if (beside.own.empty() && beside.unit.empty()) return {};
  std::vector<std::string> out = {
      "", "Ý KIẾN CỦA NGƯỜI DÂN (để người đánh giá xem khi chấm nhóm tiêu chí chung b; không tính vào điểm)"};
  for (const Satisfaction* one : beside.own) out.push_back(OneText(*one));
  if (beside.unit.empty()) return out;
  out.push_back("  Về đơn vị, không riêng cho ai:");
  for (std::string& text : SumsText(beside.unit)) out.push_back("  " + std::move(text));
  return out;
}

std::vector<EvidenceRef> SatisfactionRecords(const ScoreRun& run, const WorkItem& item) {
  std::vector<EvidenceRef> refs;
  for (const Satisfaction& one : run.satisfaction) {
    if (one.item == &item) refs.push_back(RefOf(*one.revision, kSays));
  }
  return refs;
}

}  // namespace mc
