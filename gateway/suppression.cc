#include "gateway/suppression.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "core/shown.h"
#include "mapping/conflicts.h"
#include "storage/leaf.h"

namespace mc {
namespace {

constexpr std::int64_t kLeavesPerRead = 4'096;
constexpr std::size_t kNumberDigits = 9;  // of a number in a series, at most

using Place = std::tuple<std::string, std::string, std::string>;  // source, unit, period

// Findings as they grow, with what each is out of.
class SuppressionBoard {
 public:
  explicit SuppressionBoard(const std::vector<EvidenceRevision>& evidence) {
    for (const EvidenceRevision& revision : evidence) {
      const Evidence& e = revision.evidence;
      if (!e.unit.empty()) units_.try_emplace({e.register_id, e.native_id}, UnitNamed(e.unit));
    }
    for (const EvidenceRevision& revision : evidence) {
      if (revision.latest) ++held_[PlaceOf(revision)];
    }
  }

  // A record that states no unit, as a step of a dossier, stands where the others of its outcome do.
  Place PlaceOf(const EvidenceRevision& revision) const {
    const Evidence& e = revision.evidence;
    const auto& at = EventOf(e);
    const auto known = units_.find({e.register_id, e.native_id});
    const std::string unit = !e.unit.empty() || known == units_.end() ? UnitNamed(e.unit) : known->second;
    return {revision.source, unit, at ? FormatPeriod(PeriodOf(CityDate(*at))) : ""};
  }

  void Add(const char* kind, const Place& place, FindingRow row) {
    SuppressionFinding& finding = found_[{kind, place}];
    if (finding.count++ == 0) {
      finding.kind = kind;
      std::tie(finding.source, finding.unit, finding.period) = place;
      const auto held = held_.find(place);
      finding.of = held == held_.end() ? 0 : held->second;
    }
    if (finding.rows.size() < kFindingRowLimit) finding.rows.push_back(std::move(row));
  }

  void Add(SuppressionFinding finding) {
    found_[{finding.kind, {finding.source, finding.unit, finding.period}}] = std::move(finding);
  }

  std::vector<SuppressionFinding> Take() {
    std::vector<SuppressionFinding> all;
    for (auto& [key, finding] : found_) all.push_back(std::move(finding));
    return all;
  }

 private:
  std::map<std::pair<std::string, std::string>, std::string> units_;  // by register, native id of the outcome
  std::map<Place, std::int64_t> held_;
  std::map<std::pair<std::string, Place>, SuppressionFinding> found_;
};

// --- totals

void FindShortTotals(const std::vector<LoggedReceipt>& receipts, SuppressionBoard& board) {
  std::map<std::string, const LoggedReceipt*> last;
  for (const LoggedReceipt& receipt : receipts) {
    if (receipt.complete) last[receipt.source] = &receipt;
  }
  for (const auto& [source, receipt] : last) {
    if (!receipt->control_total) continue;
    const std::int64_t missing = *receipt->control_total - receipt->offered.value_or(0);
    if (missing <= 0) continue;
    board.Add({"total_short",
               source,
               "",
               "",
               missing,
               *receipt->control_total,
               {{0, "", "leaf " + std::to_string(receipt->leaf)}}});
  }
}

// --- number series

struct Member {
  std::int64_t number = 0;
  Place place;
  bool operator<(const Member& o) const { return number < o.number; }
};

std::optional<std::int64_t> NumberIn(std::string_view digits) {
  if (digits.empty() || digits.size() > kNumberDigits) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

struct Numbered {
  std::string series;  // a '#' where the number stands
  std::int64_t number = 0;
};

// "123/UBND-VP": number, book (its notation) and the year of promulgation, per issuer.
std::optional<Numbered> InDocumentSeries(const Evidence& evidence) {
  const DocumentRef& document = evidence.document;
  const std::size_t slash = document.number.find('/');
  if (slash == std::string::npos || !document.date) return std::nullopt;
  const auto number = NumberIn(std::string_view(document.number).substr(0, slash));
  if (!number) return std::nullopt;
  const std::string year = FormatDate(*document.date).substr(0, 4);
  return Numbered{document.issuer + "|#" + document.number.substr(slash) + "|" + year, *number};
}

// A code that ends in a number: what stands before it is the series.
std::optional<Numbered> InCodeSeries(const std::string& code) {
  const std::size_t last = code.find_last_not_of("0123456789");
  const std::size_t from = last == std::string::npos ? 0 : last + 1;
  const auto number = NumberIn(std::string_view(code).substr(from));
  if (!number || from == 0) return std::nullopt;  // a bare number is of no series that anybody promised
  return Numbered{code.substr(0, from) + "#", *number};
}

std::optional<Numbered> InSeries(const Evidence& evidence) {
  switch (evidence.kind) {
    case EvidenceKind::kDocument: return InDocumentSeries(evidence);
    case EvidenceKind::kDossier: return InCodeSeries(evidence.native_id);
    default: return std::nullopt;
  }
}

void FindGapsIn(const std::string& series, const std::set<Member>& members, SuppressionBoard& board) {
  const auto count = static_cast<std::int64_t>(members.size());
  const std::int64_t span = members.rbegin()->number - members.begin()->number + 1;
  if (count < kSeriesLeastMembers || (span - count) * 10 > span * kSeriesGapsPerTen) return;
  const std::size_t hash = series.find('#');
  for (auto member = members.begin(), next = std::next(member); next != members.end(); ++member, ++next) {
    for (std::int64_t missing = member->number + 1; missing < next->number; ++missing) {
      // It belongs where its neighbour does, as far as anybody can tell.
      board.Add("number_gap", member->place,
                {0, series.substr(0, hash) + std::to_string(missing) + series.substr(hash + 1), ""});
    }
  }
}

void FindGaps(const std::vector<EvidenceRevision>& evidence, SuppressionBoard& board) {
  std::map<std::pair<std::string, std::string>, std::set<Member>> series;  // source, series
  for (const EvidenceRevision& revision : evidence) {
    const auto numbered = InSeries(revision.evidence);
    if (numbered) series[{revision.source, numbered->series}].insert({numbered->number, board.PlaceOf(revision)});
  }
  for (const auto& [name, members] : series) FindGapsIn(name.second, members, board);
}

// --- late, rewritten

void FindLate(const std::vector<EvidenceRevision>& evidence, const std::vector<LoggedReceipt>& receipts,
              SuppressionBoard& board) {
  // How far the complete pulls before a leaf went, by source; both rise together.
  std::map<std::string, Instant> through;
  auto receipt = receipts.begin();
  for (const EvidenceRevision& revision : evidence) {
    for (; receipt != receipts.end() && receipt->leaf < revision.leaf_index; ++receipt) {
      if (!receipt->complete || !receipt->complete_through) continue;
      Instant& reached = through[receipt->source];
      reached = std::max(reached, *receipt->complete_through);
    }
    const auto at = EventOf(revision.evidence);
    const auto reached = through.find(revision.source);
    if (revision.revision != 1 || !at || reached == through.end()) continue;
    const std::int64_t late = reached->second.micros - EndOf(*at).micros;
    if (late < kLateArrivalDays * kMicrosPerDay) continue;
    board.Add("came_late", board.PlaceOf(revision),
              {revision.ik, revision.evidence.native_id, std::to_string(late / kMicrosPerDay)});
  }
}

// A bare date agrees with every time of its day.
// Fields that say something else than before; a deadline that an extension or supplement moved is none.
std::string Rewritten(const Evidence& before, const Evidence& after) {
  const auto differs = [](const std::optional<Moment>& a, const std::optional<Moment>& b) {
    return a && b && !SameMoment(*a, *b);
  };
  std::string fields;
  const auto add = [&](const char* name) { fields += (fields.empty() ? "" : " ") + std::string(name); };
  if (differs(before.occurred_at, after.occurred_at)) add("occurred_at");
  if (differs(before.assigned_at, after.assigned_at)) add("assigned_at");
  const bool moved = before.extensions != after.extensions || before.supplements != after.supplements;
  if (!moved && differs(before.due_at, after.due_at)) add("due_at");
  if (differs(before.completed_at, after.completed_at)) add("completed_at");
  return fields;
}

// Steps and ratings are left out: several of their records are of one outcome, and have its name.
bool IsNamedAlone(EvidenceKind kind) {
  return kind != EvidenceKind::kDossierStep && kind != EvidenceKind::kSatisfaction;
}

using RecordOfSource = std::tuple<std::string_view, EvidenceKind, std::string_view>;  // source, kind, native id

RecordOfSource NameInSource(const EvidenceRevision& revision) {
  return {revision.source, revision.evidence.kind, revision.evidence.native_id};
}

void FindRewritten(const std::vector<EvidenceRevision>& evidence, SuppressionBoard& board) {
  std::map<RecordOfSource, const EvidenceRevision*> before;  // of records with more than one revision
  for (const EvidenceRevision& revision : evidence) {
    if (revision.revision > 1 && IsNamedAlone(revision.evidence.kind)) before[NameInSource(revision)];
  }
  for (const EvidenceRevision& revision : evidence) {
    const auto record = before.find(NameInSource(revision));
    if (record == before.end()) continue;
    const EvidenceRevision* last = std::exchange(record->second, &revision);
    if (!last || revision.revision != last->revision + 1) continue;
    const std::string fields = Rewritten(last->evidence, revision.evidence);
    // It stands where it stood before: the month that it is moved out of.
    if (!fields.empty()) {
      board.Add("dates_rewritten", board.PlaceOf(*last), {revision.ik, revision.evidence.native_id, fields});
    }
  }
}

// --- cases that look like one

// What must be equal, and the id under which it is shown; nothing where the second is not stated.
std::optional<std::pair<std::string, std::string>> LooksOf(const EvidenceRevision& revision) {
  const Evidence& evidence = revision.evidence;
  const bool document = evidence.kind == EvidenceKind::kDocument;
  if (!document && evidence.kind != EvidenceKind::kDossier) return std::nullopt;
  const std::optional<Moment>& at = document ? evidence.occurred_at : evidence.assigned_at;
  if (!at || at->bare_date) return std::nullopt;
  const std::string& unit = UnitNamed(evidence.unit);
  std::string looks = revision.source + "|" + unit + "|" + evidence.type_code + "|" + FormatMoment(*at);
  looks += "|" + (evidence.due_at ? FormatMoment(*evidence.due_at) : "");
  return std::pair(std::move(looks), document ? evidence.document.number : evidence.native_id);
}

bool NameEachOther(const Evidence& a, const Evidence& b) {
  const auto names = [](const Evidence& from, const Evidence& to) {
    return std::find(from.aliases.begin(), from.aliases.end(), to.native_id) != from.aliases.end();
  };
  return names(a, b) && names(b, a);
}

void FindLookAlikes(const std::vector<EvidenceRevision>& evidence, SuppressionBoard& board) {
  std::map<std::string, std::map<std::string, const EvidenceRevision*>> groups;
  for (const EvidenceRevision& revision : evidence) {
    if (!revision.latest) continue;
    if (const auto looks = LooksOf(revision)) groups[looks->first].emplace(looks->second, &revision);
  }
  for (const auto& [looks, group] : groups) {
    for (auto one = group.begin(); one != group.end(); ++one) {
      const bool alike = std::any_of(group.begin(), group.end(), [&](const auto& other) {
        return other.first != one->first && !NameEachOther(one->second->evidence, other.second->evidence);
      });
      if (alike) board.Add("look_alike", board.PlaceOf(*one->second), {one->second->ik, one->first, ""});
    }
  }
}

// --- read-back

void FindContradicted(const std::vector<EvidenceRevision>& evidence, const std::map<std::int64_t, RecordMark>& marks,
                      SuppressionBoard& board) {
  for (const EvidenceRevision& revision : evidence) {
    const auto mark = marks.find(revision.ik);
    if (mark == marks.end() || mark->second.read_back < revision.leaf_index) continue;
    const bool gone = mark->second.verdict == ReadBackVerdict::kGone;
    if (gone && !revision.latest) continue;
    board.Add(gone ? "gone" : "changed_untold", board.PlaceOf(revision),
              {revision.ik, revision.evidence.native_id, FormatInstant(mark->second.at)});
  }
}

}  // namespace

Result<std::vector<LoggedReceipt>> ReadReceipts(Store& store) {
  MC_TRY(const LedgerHead head, store.Head());
  std::vector<LoggedReceipt> receipts;
  for (std::int64_t from = 0; from < head.size; from += kLeavesPerRead) {
    MC_TRY(const std::vector<std::string> leaves, store.ReadLeaves(from, std::min(kLeavesPerRead, head.size - from)));
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      MC_TRY(const Leaf leaf, ParseLeaf(leaves[i]));
      if (leaf.kind != LeafKind::kReceipt) continue;
      const std::int64_t index = from + static_cast<std::int64_t>(i);
      MC_TRY(const OpenedLeaf opened, store.OpenLeaf(index));
      MC_TRY(const Json object, ParseJson(opened.object));
      LoggedReceipt receipt;
      receipt.leaf = index;
      receipt.source = object["source"].get<std::string>();
      receipt.complete = object["outcome"] == Name(RunOutcome::kComplete);
      const auto whole = [&](const char* name) -> std::optional<std::int64_t> {
        return object[name].is_null() ? std::nullopt : std::optional(object[name].get<std::int64_t>());
      };
      receipt.control_total = whole("control_total");
      receipt.offered = whole("offered");
      if (const auto through = whole("complete_through")) receipt.complete_through = Instant{*through};
      receipts.push_back(std::move(receipt));
    }
  }
  return receipts;
}

std::vector<SuppressionFinding> FindSuppression(const FindingInputs& inputs) {
  SuppressionBoard board(inputs.evidence);
  FindShortTotals(inputs.receipts, board);
  FindGaps(inputs.evidence, board);
  FindLate(inputs.evidence, inputs.receipts, board);
  FindRewritten(inputs.evidence, board);
  FindLookAlikes(inputs.evidence, board);
  FindContradicted(inputs.evidence, inputs.marks, board);
  return board.Take();
}

Json FindingsToJson(const std::vector<SuppressionFinding>& findings) {
  Json list = Json::array();
  for (const SuppressionFinding& finding : findings) {
    Json rows = Json::array();
    for (const FindingRow& row : finding.rows) {
      rows.push_back(
          {{"record", row.ik == 0 ? Json(nullptr) : Json(IkHex(row.ik))}, {"what", row.what}, {"detail", row.detail}});
    }
    list.push_back({{"kind", finding.kind},
                    {"source", finding.source},
                    {"unit", finding.unit},
                    {"period", finding.period},
                    {"count", finding.count},
                    {"of", finding.of},
                    {"rows", std::move(rows)}});
  }
  return list;
}

std::string ViFindingPlace(const SuppressionFinding& finding) {
  std::string place = finding.source;
  if (!finding.unit.empty()) place += ", đơn vị " + WithoutControls(finding.unit);
  return finding.period.empty() ? place : place + ", kỳ " + finding.period;
}

std::string ViFinding(const SuppressionFinding& finding) {
  const std::string count = std::to_string(finding.count), of = std::to_string(finding.of);
  const std::string held = " trong " + of + " bản ghi đang giữ";
  if (finding.kind == "total_short") {
    return "nguồn tự nêu " + of + " bản ghi nhưng đưa thiếu " + count + "; yêu cầu nguồn đưa đủ rồi thu thập lại";
  }
  if (finding.kind == "number_gap") {
    return "dãy số liền mạch thiếu " + count + " số; đối chiếu với sổ của đơn vị xem số đó đã cấp cho việc gì";
  }
  if (finding.kind == "came_late") {
    return count + held + " chỉ xuất hiện sau khi nguồn đã báo đủ đến sau ngày đó ít nhất " +
           std::to_string(kLateArrivalDays) + " ngày; hỏi nguồn vì sao chậm. Việc vẫn tính theo ngày xảy ra";
  }
  if (finding.kind == "dates_rewritten") {
    return count + held +
           " có ngày giao, hạn hoặc ngày hoàn thành bị ghi lại trong bản sửa đổi; yêu cầu căn cứ của lần sửa";
  }
  if (finding.kind == "gone") {
    return count + held + " không còn ở nguồn khi hỏi lại; yêu cầu nguồn giải thích. Minh chứng vẫn được giữ và tính";
  }
  if (finding.kind == "changed_untold") {
    return count + " bản ghi đã bị sửa ở nguồn mà mốc thay đổi đứng yên; bản mới đã được lấy, yêu cầu nguồn giải thích";
  }
  if (finding.kind == "look_alike") {
    return count + held +
           " giống nhau về đơn vị, loại việc và thời điểm đến từng giây nhưng mang mã khác nhau mà không dẫn "
           "chiếu nhau; xác minh có phải một việc bị đưa nhiều lần";
  }
  return "";
}

}  // namespace mc
