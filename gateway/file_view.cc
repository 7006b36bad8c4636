#include "gateway/file_view.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/digest.h"
#include "core/text.h"
#include "core/time.h"

namespace mc {
namespace {

std::optional<std::int64_t> IkFrom(const std::string& hex) {
  const auto bytes = FromHex(hex);
  if (!bytes || bytes->size() != 8) return std::nullopt;
  std::uint64_t value = 0;
  for (const char byte : *bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(value);
}

// Digits alone.
std::optional<std::int64_t> LookNumberIn(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size() && number >= 0;
  return whole ? std::optional(number) : std::nullopt;
}

// Of the unit and everything below it.
void AddCountsBelow(const PeopleIndex& directory, const UnitCounts& all, const std::string& unit,
                    std::set<std::string>& seen, StatusCounts& sums) {
  if (!seen.insert(unit).second) return;
  const auto own = all.find(unit);
  if (own != all.end()) {
    for (const auto& [status, count] : own->second) sums[status] += count;
  }
  for (const std::string& under : directory.UnitsUnder(unit)) AddCountsBelow(directory, all, under, seen, sums);
}

StatusCounts CountsBelow(const PeopleIndex& directory, const UnitCounts& all, const std::string& unit) {
  StatusCounts sums;
  std::set<std::string> seen;
  AddCountsBelow(directory, all, unit, seen, sums);
  return sums;
}

std::string NameOf(const PeopleIndex& directory, const std::string& person) {
  const KnownPerson* known = directory.ById(person);
  return known ? known->name : person;
}

Json PeopleJson(const PeopleIndex& directory, const std::vector<SheetBrief>& briefs) {
  Json people = Json::array();
  for (const SheetBrief& brief : briefs) {
    Json one = Json::parse(brief.brief, nullptr, false);
    if (!one.is_object()) one = Json::object();
    one["person"] = brief.person;
    one["name"] = NameOf(directory, brief.person);
    one["status"] = brief.status;
    people.push_back(std::move(one));
  }
  return people;
}

std::optional<SheetEdition> EditionNamed(const std::vector<SheetEdition>& editions, const std::string& period) {
  for (const SheetEdition& edition : editions) {
    if (edition.period == period) return edition;
  }
  return std::nullopt;
}

bool AnyWork(const std::vector<SheetBrief>& briefs) {
  return std::any_of(briefs.begin(), briefs.end(), [](const SheetBrief& brief) {
    const Json one = Json::parse(brief.brief, nullptr, false);
    return one.is_object() && one.value("lines", 0) > 0;
  });
}

// The latest period in which the unit has work, of the latest few; else the latest.
Result<std::optional<SheetEdition>> LatestOf(Store& store, const std::vector<SheetEdition>& editions,
                                             const std::string& unit) {
  constexpr std::size_t kFew = 4;
  if (editions.empty()) return std::optional<SheetEdition>();
  std::size_t tried = 0;
  for (auto at = editions.rbegin(); at != editions.rend() && tried < kFew; ++at, ++tried) {
    MC_TRY(const std::vector<SheetBrief> briefs, store.SheetsOfUnit(at->period, unit));
    if (AnyWork(briefs)) return std::optional(*at);
  }
  return std::optional(editions.back());
}

Json PeriodsJson(const std::vector<SheetEdition>& editions) {
  Json periods = Json::array();
  for (const SheetEdition& edition : editions) periods.push_back(edition.period);
  return periods;
}

}  // namespace

Result<Json> ExplanationOf(SheetReader& sheets, const std::string& period, const StoredSheet& sheet) {
  MC_TRY(const std::string text, sheets.Explanation(period, sheet));
  if (text.empty()) return DataError("no_sheet", "there is no such sheet now; ask again");
  return ParseJson(text);
}

const Json* ItemByRef(const Json& explanation, const std::string& ref) {
  for (const Json& item : explanation.at("items")) {
    if (item.value("ref", "") == ref) return &item;
  }
  return nullptr;
}

std::string LeadOfItem(const Json& item) {
  const Json& lead = item.at("lead");
  const bool known = lead.at("state") == "resolved" && lead.at("person").is_string();
  return known ? lead.at("person").get<std::string>() : "";
}

std::string UnitOfItem(const Json& item) {
  const Json& unit = item.at("unit");
  return unit.is_string() ? unit.get<std::string>() : "";
}

bool NamesRecord(const Json& item, const std::string& record) {
  const Json& all = item.at("evidence");
  return std::any_of(all.begin(), all.end(), [&](const Json& one) { return one.value("record", "") == record; });
}

Result<Json> OpenRecordOf(Store& store, const Json& item, const std::string& record, const std::string& why) {
  const auto ik = IkFrom(record);
  if (!ik || !NamesRecord(item, record)) return DataError("no_such_record", "the item names no such record");
  MC_TRY(const StoredRecord opened, store.OpenRecord(*ik, why));
  const Digest recomputed = Sha256(opened.record.bytes);
  Json out = {{"record", record},
              {"leaf", opened.leaf_index},
              {"source", opened.record.source},
              {"media_type", opened.record.media_type},
              {"observed_at", FormatInstant(opened.record.observed_at)},
              {"facts", opened.record.facts},
              {"sha256", ToHex(opened.record.key.digest)},
              {"sha256_recomputed", ToHex(recomputed)},
              {"matches", recomputed == opened.record.key.digest},
              {"whole", opened.whole}};
  const bool text = IsValidUtf8(opened.record.bytes);
  out[text ? "bytes" : "bytes_base64"] = text ? opened.record.bytes : ToBase64(opened.record.bytes);
  return out;
}

Result<Json> UnitSummaryOf(SheetReader& sheets, const PeopleIndex& directory, const std::string& unit,
                           const std::string& period) {
  const std::vector<SheetEdition> editions = sheets.Editions();
  MC_TRY(const StorePool::Borrowed store, sheets.stores().Borrow());
  std::optional<SheetEdition> edition = EditionNamed(editions, period);
  if (period.empty()) {
    MC_TRY(edition, LatestOf(*store, editions, unit));
  }
  if (!edition) return DataError("no_period", "no sheets are kept of this period");
  MC_TRY(const std::vector<SheetBrief> briefs, store->SheetsOfUnit(edition->period, unit));
  MC_TRY(const CountsRef all, sheets.Counts(*store, edition->period));
  Json below = Json::array();
  for (const std::string& under : directory.UnitsUnder(unit)) {
    below.push_back(
        {{"unit", under}, {"name", directory.UnitName(under)}, {"counts", CountsBelow(directory, *all, under)}});
  }
  return Json{{"unit", unit},
              {"name", directory.UnitName(unit)},
              {"period", edition->period},
              {"periods", PeriodsJson(editions)},
              {"as_of", FormatInstant(edition->as_of)},
              {"scored_at", FormatInstant(edition->scored_at)},
              {"policy", edition->policy},
              {"people", PeopleJson(directory, briefs)},
              {"counts", CountsBelow(directory, *all, unit)},
              {"below", std::move(below)}};
}

Result<Json> LooksOf(SheetReader& sheets, const PeopleIndex& directory, const std::string& person,
                     const std::string* before) {
  std::optional<std::int64_t> number;
  if (before) {
    number = LookNumberIn(*before);
    if (!number) return DataError("bad_before", "before: the number that an earlier answer gave as \"older\"");
  }
  MC_TRY(const StorePool::Borrowed store, sheets.stores().Borrow());
  MC_TRY(const LooksPage page, store->LooksAt(person, number));
  Json list = Json::array();
  for (const FileLook& look : page.looks) {
    list.push_back({{"at", FormatInstant(look.at)},
                    {"viewer", look.viewer},
                    {"name", NameOf(directory, look.viewer)},
                    {"what", look.what},
                    {"period", look.period},
                    {"detail", look.detail}});
  }
  return Json{
      {"person", person}, {"looks", std::move(list)}, {"older", page.older ? Json(*page.older) : Json(nullptr)}};
}

}  // namespace mc
