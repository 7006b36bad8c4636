#include "gateway/sheet_documents.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/digest.h"
#include "gateway/explain.h"
#include "gateway/mark_texts.h"
#include "gateway/quality_cited.h"
#include "gateway/texts.h"
#include "scoring/explain.h"
#include "scoring/score_json.h"
#include "scoring/text_vi.h"

namespace mc {
namespace {

std::string Compact(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json ClassOf(const ScoreCard& card) {
  const auto& reached = card.class_after_quota ? card.class_after_quota : card.class_after_gates;
  return reached ? Json(*reached) : Json(nullptr);
}

Json HundredthsOf(const std::optional<Ratio>& value) { return value ? Json(value->ToDecimal(2)) : Json(nullptr); }

class SheetMaker {
 public:
  SheetMaker(const ScoreRun& run, EvidenceChecks checks, std::vector<SheetView> views)
      : run_(run),
        checks_(std::move(checks)),
        views_(std::move(views)),
        explainer_(run, checks_),
        said_(run),
        cited_(run) {
    for (const CatalogueEdition& edition : run.catalogue.editions()) {
      for (const Product& product : edition.products) product_names_[product.code] = product.name;
    }
  }

  std::optional<StoredSheet> Next() {
    if (next_ == views_.size()) return std::nullopt;
    return One(views_[next_++]);
  }

 private:
  StoredSheet One(const SheetView& view) const {
    const SatisfactionBeside said = said_.For(view.person);
    return {view.person.person,   view.person.unit,          std::string(Name(view.card.status)),
            Compact(Brief(view)), Compact(Card(view, said)), Compact(Explanation(view, said))};
  }

  static Json Brief(const SheetView& view) {
    return {{"results_points", HundredthsOf(view.card.results_points)},
            {"total", HundredthsOf(view.card.total)},
            {"class", ClassOf(view.card)},
            {"lines", view.card.lines.size()},
            {"leading", view.person.leading}};
  }

  // What every answer about the sheet begins with.
  Json Heading(const SheetView& view) const {
    return {{"person", view.person.person},
            {"unit", view.person.unit.empty() ? Json(nullptr) : Json(view.person.unit)},
            {"period", FormatPeriod(run_.period)},
            {"cutoff", FormatInstant(run_.cutoff)},
            {"as_of", FormatInstant(run_.as_of)},
            {"policy", run_.policy.id},
            {"policy_digest", run_.policy.digest}};
  }

  Json Card(const SheetView& view, const SatisfactionBeside& said) const {
    Json card = Heading(view);
    card["state"] = "provisional";  // a lock is a leaf of its own; `explain` tells it
    card["class"] = ClassOf(view.card);
    card["sheet"] = CardToJson(view.card);
    for (Json& line : card["sheet"]["lines"]) line["ref"] = ItemRef(line.at("label").get<std::string>());
    card["waiting"] = view.subject.waiting_for_data;
    card["off_sheet"] = OffSheetJson(view);
    card["satisfaction"] = {{"own", said.own.size()}, {"unit", said.unit.size()}};
    return card;
  }

  Json Explanation(const SheetView& view, const SatisfactionBeside& said) const {
    Json out = explainer_.Explain(view, said);
    for (Json& line : out["sheet"]["lines"]) line["ref"] = ItemRef(line.at("label").get<std::string>());
    out["class"] = ClassOf(view.card);
    out["off_sheet"] = OffSheetJson(view);
    out["quality"] = cited_.OfPerson(view.person.person);
    out["figures_vi"] = FiguresAsText(view);
    for (const WorkItem* item : ItemsOf(view)) AddTexts(*item, out["items"][item->key]);
    for (const ScoreLine& line : view.card.lines) {
      const auto item = out["items"].find(line.input.label);
      if (item != out["items"].end()) (*item)["line_vi"] = ExplainLine(line);
    }
    return out;
  }

  static Json OffSheetJson(const SheetView& view) {
    Json list = Json::array();
    const auto lead = [](const OffSheetItem& off) {
      const std::string& id = off.item->lead.id;
      return off.why == OffSheet::kContributed && !id.empty() ? Json(id) : Json(nullptr);
    };
    for (const OffSheetItem& off : view.off_sheet) {
      list.push_back({{"why", Name(off.why)},
                      {"item", off.item->key},
                      {"ref", ItemRef(off.item->key)},
                      {"lead", lead(off)},
                      {"title_vi", TitleOf(off.why)},
                      {"reason_vi", WhyOffAsText(off)}});
    }
    return list;
  }

  // What people read of it, in Vietnamese.
  void AddTexts(const WorkItem& item, Json& out) const {
    out["ref"] = ItemRef(item.key);
    out["kind_vi"] = ViKind(item.kind);
    const auto product = product_names_.find(item.product);
    out["product_name"] = product == product_names_.end() ? Json(nullptr) : Json(product->second);
    Json& notes = out["notes_vi"] = Json::array();
    for (const RefVerdict& tested : item.tested) {
      if (tested.reason != "passes") notes.push_back("viện dẫn " + tested.ref + ": " + ViReason(tested.reason));
    }
    for (const std::string& note : item.notes) notes.push_back(ViReason(note));
    out["checks_vi"] = ChecksInOneLine(checks_.Of(item));
    for (Json& evidence : out["evidence"]) {
      evidence["says_vi"] = ViSays(evidence.at("says").get<std::string>());
      Json& marks = evidence["marks_vi"] = Json::array();
      for (const Json& mark : evidence.value("marks", Json::array())) marks.push_back(ViMark(mark.get<std::string>()));
    }
  }

  const ScoreRun& run_;
  const EvidenceChecks checks_;
  const std::vector<SheetView> views_;
  std::size_t next_ = 0;
  const SheetExplainer explainer_;
  const SatisfactionIndex said_;
  const CitedQuality cited_;
  std::map<std::string, std::string> product_names_;
};

// By person; subjects stand in another order.
std::vector<SheetView> ViewsOf(const ScoreRun& run) {
  std::map<std::string, const PersonContext*> people;
  for (const PersonContext& person : run.people) people[person.person] = &person;
  std::map<std::string, std::size_t> subjects;
  for (std::size_t i = 0; i < run.sheets.subjects.size(); ++i) subjects[run.sheets.subjects[i].id] = i;
  auto off = OffSheetByPerson(run);
  std::vector<SheetView> views;
  for (const auto& [id, at] : subjects) {
    const auto person = people.find(id);
    if (person == people.end()) continue;
    views.push_back({run, *person->second, run.sheets.subjects[at], run.sheets.cards[at], std::move(off[id])});
  }
  return views;
}

}  // namespace

std::string ItemRef(const std::string& item_key) { return ToHex(Sha256(item_key)).substr(0, 16); }

Result<SheetFeed> MakeSheets(Store& store, const ScoreRun& run, CheckSources sources, std::function<bool()> stopped) {
  std::vector<SheetView> views = ViewsOf(run);
  std::set<const WorkItem*> once;
  for (const SheetView& view : views) {
    for (const WorkItem* item : ItemsOf(view)) once.insert(item);
  }
  MC_TRY(EvidenceChecks checks, EvidenceChecks::Make(store, run, {once.begin(), once.end()}, std::move(sources)));
  const auto maker = std::make_shared<SheetMaker>(run, std::move(checks), std::move(views));
  return SheetFeed([maker, stopped = std::move(stopped)]() -> Result<std::optional<StoredSheet>> {
    if (stopped()) return TransientError("interrupted", "making the sheets was stopped; those from before stand");
    return maker->Next();
  });
}

}  // namespace mc
