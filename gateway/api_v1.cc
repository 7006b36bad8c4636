#include "gateway/api_v1.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/time.h"
#include "gateway/file_view.h"
#include "gateway/listing_json.h"
#include "gateway/quality_units.h"
#include "gateway/source_state.h"
#include "sso/form.h"

namespace mc {
namespace {

RouteAnswer JsonAnswer(const Json& json) {
  return {200, "application/json", json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n", {}};
}

RouteAnswer Failed(const RouteRequest& request, const Error& error) {
  if (error.error_class != ErrorClass::kData) return StoreFailed(request, error);
  const int status = error.code == "record_erased" ? 410 : 404;
  return ProblemAnswer(status, TitleOf(status), error.message);
}

RouteAnswer JsonOr(const RouteRequest& request, const Result<Json>& found) {
  return found.ok() ? JsonAnswer(*found) : Failed(request, found.error());
}

// Only the named parameters, each once: anything else is a mistake that must not pass for a good answer.
Result<sso::Form, RouteAnswer> QueryOf(const RouteRequest& request, std::initializer_list<std::string_view> known) {
  const auto form = sso::ParseForm(request.query);
  bool good = form && !sso::HasDuplicate(*form);
  for (std::size_t i = 0; good && i < form->size(); ++i) {
    good = std::find(known.begin(), known.end(), (*form)[i].first) != known.end();
  }
  if (good) return *form;
  return ProblemAnswer(400, TitleOf(400), "the query holds a parameter that this path does not know, or one twice");
}

bool IsUnchanged(const RouteRequest& request, const std::string& etag) {
  const auto asked = request.headers.find("if-none-match");
  if (asked == request.headers.end()) return false;
  // A list of tags, some perhaps weak: comparison is the weak one, and no tag of ours holds a comma.
  return asked->second == "*" || asked->second.find(etag) != std::string::npos;
}

}  // namespace

void ApiV1::AddTo(HttpServer& server) {
  AddGet(server, this, "/api/v1" MC_PERSON "/sheets", &ApiV1::Sheets);
  AddGet(server, this, "/api/v1" MC_SHEET, &ApiV1::Sheet);
  AddGet(server, this, "/api/v1" MC_SHEET "/explanation", &ApiV1::Explanation);
  AddGet(server, this, "/api/v1" MC_ITEM, &ApiV1::Item);
  AddGet(server, this, "/api/v1" MC_RECORD, &ApiV1::Record);
  AddGet(server, this, "/api/v1" MC_PERSON "/looks", &ApiV1::Looks);
  AddGet(server, this, "/api/v1" MC_UNIT "/summary", &ApiV1::UnitSummary);
  AddGet(server, this, "/api/v1/sources", &ApiV1::Sources);
  AddGet(server, this, "/api/v1/quality", &ApiV1::Quality);
  AddGet(server, this, "/api/v1/quarantine", &ApiV1::Quarantine);
  AddGet(server, this, "/api/v1/log", &ApiV1::Log);
}

RouteAnswer ApiV1::Sheets(const RouteRequest& request, const AccessRule& row) {
  const Entered entered = parts_.gate.EnterPerson(request, row);
  if (!entered.ok()) return entered.error();
  if (const auto query = QueryOf(request, {}); !query.ok()) return query.error();
  Json list = Json::array();
  for (const SheetEdition& edition : parts_.sheets.Editions()) {
    const auto sheet = parts_.sheets.Brief(edition.period, request.captures.at(0));
    if (!sheet.ok()) return StoreFailed(request, sheet.error());
    if (!*sheet || !parts_.gate.MaySee(row, *entered, {request.captures.at(0), (*sheet)->unit})) continue;
    Json one = Json::parse((*sheet)->brief, nullptr, false);
    one["period"] = edition.period;
    one["unit"] = (*sheet)->unit;
    one["status"] = (*sheet)->status;
    list.push_back(std::move(one));
  }
  if (!list.empty()) {
    if (auto refused = parts_.gate.NoteList(request, row, *entered)) return *refused;
  }
  return JsonAnswer({{"person", request.captures.at(0)}, {"sheets", std::move(list)}});
}

RouteAnswer ApiV1::Sheet(const RouteRequest& request, const AccessRule& row) {
  const auto opened = parts_.gate.OpenSheet(request, row);
  if (!opened.ok()) return opened.error();
  if (!request.query.empty()) {
    if (const auto query = QueryOf(request, {}); !query.ok()) return query.error();
  }
  if (auto refused = parts_.gate.NoteSheet(request, row, *opened)) return *refused;
  const ReadSheet& sheet = *opened->sheet;
  if (IsUnchanged(request, sheet.etag)) return {304, "application/json", "", {{"ETag", sheet.etag}}};
  return {200, "application/json", sheet.sheet.card + "\n", {{"ETag", sheet.etag}}};
}

RouteAnswer ApiV1::Explanation(const RouteRequest& request, const AccessRule& row) {
  const auto opened = parts_.gate.OpenSheet(request, row);
  if (!opened.ok()) return opened.error();
  if (const auto query = QueryOf(request, {}); !query.ok()) return query.error();
  const auto text = parts_.sheets.Explanation(request.captures.at(1), opened->sheet->sheet);
  if (!text.ok()) return Failed(request, text.error());
  if (text->empty()) return NotThere(request, "there is no such sheet now; ask again");
  const auto explanation = ParseJson(*text);
  if (!explanation.ok()) return StoreFailed(request, explanation.error());
  if (auto refused = parts_.gate.NoteExplanation(request, row, *opened, *explanation)) return *refused;
  return {200, "application/json", *text + "\n", {}};
}

RouteAnswer ApiV1::Item(const RouteRequest& request, const AccessRule& row) {
  const auto opened = parts_.gate.OpenSheet(request, row);
  if (!opened.ok()) return opened.error();
  if (const auto query = QueryOf(request, {}); !query.ok()) return query.error();
  const auto item = parts_.gate.ItemOf(request, *opened);
  if (!item.ok()) return item.error();
  if (auto refused = parts_.gate.NoteItem(request, row, *opened, *item)) return *refused;
  return JsonAnswer(*item);
}

RouteAnswer ApiV1::Record(const RouteRequest& request, const AccessRule& row) {
  const auto opened = parts_.gate.OpenSheet(request, row);
  if (!opened.ok()) return opened.error();
  if (const auto query = QueryOf(request, {}); !query.ok()) return query.error();
  const auto item = parts_.gate.ItemOf(request, *opened);
  if (!item.ok()) return item.error();
  if (auto refused = parts_.gate.EnterRecord(request, row, *opened, *item)) return *refused;
  const auto store = parts_.sheets.stores().Borrow();
  if (!store.ok()) return StoreFailed(request, store.error());
  return JsonOr(request, OpenRecordOf(**store, *item, request.captures.at(3), "read by " + opened->caller.person->id));
}

RouteAnswer ApiV1::Looks(const RouteRequest& request, const AccessRule& row) {
  const Entered entered = parts_.gate.EnterPerson(request, row);
  if (!entered.ok()) return entered.error();
  const auto query = QueryOf(request, {"before"});
  if (!query.ok()) return query.error();
  const auto looks = LooksOf(parts_.sheets, *entered->edition, request.captures.at(0), sso::ValueOf(*query, "before"));
  if (!looks.ok() && looks.error().code == "bad_before") {
    return ProblemAnswer(400, TitleOf(400), looks.error().message);
  }
  return JsonOr(request, looks);
}

RouteAnswer ApiV1::UnitSummary(const RouteRequest& request, const AccessRule& row) {
  const Entered entered = parts_.gate.EnterUnit(request, row);
  if (!entered.ok()) return entered.error();
  const auto query = QueryOf(request, {"period"});
  if (!query.ok()) return query.error();
  const std::string* period = sso::ValueOf(*query, "period");
  if (period && !ParsePeriod(*period).ok()) return ProblemAnswer(400, TitleOf(400), "period: a month as 2026-06");
  return JsonOr(request,
                UnitSummaryOf(parts_.sheets, *entered->edition, request.captures.at(0), period ? *period : ""));
}

RouteAnswer ApiV1::Sources(const RouteRequest& request, const AccessRule& row) {
  const Entered entered = parts_.gate.Enter(request, row, {});
  if (!entered.ok()) return entered.error();
  if (const auto query = QueryOf(request, {}); !query.ok()) return query.error();
  const auto store = parts_.sheets.stores().Borrow();
  if (!store.ok()) return StoreFailed(request, store.error());
  const auto states = ReadSourceStates(parts_.installation, **store, parts_.gate.clock().Now());
  if (!states.ok()) return StoreFailed(request, states.error());
  Json list = Json::array();
  for (const SourceState& state : *states) list.push_back(SourceStateJson(state));
  return JsonAnswer({{"sources", std::move(list)}});
}

// The sums as they stand: what is clean is known by scoring alone, and null here.
RouteAnswer ApiV1::Quality(const RouteRequest& request, const AccessRule& row) {
  const Entered entered = parts_.gate.Enter(request, row, {});
  if (!entered.ok()) return entered.error();
  const auto query = QueryOf(request, {"period"});
  if (!query.ok()) return query.error();
  const CivilDate today = CityDate(parts_.gate.clock().Now());
  const std::string* asked = sso::ValueOf(*query, "period");
  const Result<Period> period = asked ? ParsePeriod(*asked) : Result<Period>(PeriodOf(today));
  if (!period.ok()) return ProblemAnswer(400, TitleOf(400), "period: a month as 2026-06");
  const auto store = parts_.sheets.stores().Borrow();
  if (!store.ok()) return StoreFailed(request, store.error());
  const auto cells = (*store)->ListQuality(*period);
  if (!cells.ok()) return StoreFailed(request, cells.error());
  const auto registers = (*store)->RegistersOfSources();
  if (!registers.ok()) return StoreFailed(request, registers.error());
  Json list = Json::array();
  for (const SourceNumbers& one : NumbersByUnit(*cells, *registers, IdentityIndex(DirectoryData{}), today)) {
    Json numbers = NumbersToJson(one.all.Numbers());
    numbers["source"] = one.source;
    numbers["register"] = one.register_id;
    list.push_back(std::move(numbers));
  }
  return JsonAnswer({{"period", FormatPeriod(*period)}, {"quality", std::move(list)}});
}

RouteAnswer ApiV1::Quarantine(const RouteRequest& request, const AccessRule& row) {
  const Entered entered = parts_.gate.Enter(request, row, {});
  if (!entered.ok()) return entered.error();
  if (const auto query = QueryOf(request, {}); !query.ok()) return query.error();
  const auto store = parts_.sheets.stores().Borrow();
  if (!store.ok()) return StoreFailed(request, store.error());
  const auto entries = (*store)->ListQuarantine();
  if (!entries.ok()) return StoreFailed(request, entries.error());
  Json list = Json::array();
  for (std::size_t i = 0; i < entries->size() && i < kQuarantineListed; ++i)
    list.push_back(QuarantineJson((*entries)[i]));
  return JsonAnswer({{"total", entries->size()}, {"quarantine", std::move(list)}});
}

RouteAnswer ApiV1::Log(const RouteRequest& request, const AccessRule& row) {
  const Entered entered = parts_.gate.Enter(request, row, {});
  if (!entered.ok()) return entered.error();
  if (const auto query = QueryOf(request, {}); !query.ok()) return query.error();
  const auto store = parts_.sheets.stores().Borrow();
  if (!store.ok()) return StoreFailed(request, store.error());
  const auto head = (*store)->Head();
  if (!head.ok()) return StoreFailed(request, head.error());
  const auto keys = (*store)->LogKeys();
  if (!keys.ok()) return StoreFailed(request, keys.error());
  Json list = Json::array();
  for (const LogKey& key : *keys)
    list.push_back({{"key", key.key}, {"leaf", key.leaf ? Json(*key.leaf) : Json(nullptr)}});
  return JsonAnswer({{"size", head->size},
                     {"checkpoint", head->checkpoint.empty() ? Json(nullptr) : Json(head->checkpoint)},
                     {"keys", std::move(list)}});
}

}  // namespace mc
