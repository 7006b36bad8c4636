#include "storage/read_back.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/json.h"
#include "core/json_at.h"

namespace mc {
namespace {

constexpr std::size_t kCodeLimitBytes = 64;

constexpr std::array<std::pair<ReadBackVerdict, std::string_view>, 5> kVerdicts{{
    {ReadBackVerdict::kMatch, "match"},
    {ReadBackVerdict::kRevised, "revised"},
    {ReadBackVerdict::kDiffers, "differs"},
    {ReadBackVerdict::kGone, "gone"},
    {ReadBackVerdict::kUnknown, "unknown"},
}};

std::int64_t CountOf(const ReadBack& read_back, ReadBackVerdict verdict) {
  return std::count_if(read_back.contradicted.begin(), read_back.contradicted.end(),
                       [&](const Contradiction& c) { return c.verdict == verdict; });
}

bool Fits(const ReadBack& read_back) {
  const ReadBackCounts& counts = read_back.counts;
  const auto not_rising = [](const Contradiction& a, const Contradiction& b) { return a.leaf >= b.leaf; };
  const auto& named = read_back.contradicted;
  const auto& returned = read_back.returned;
  return std::adjacent_find(named.begin(), named.end(), not_rising) == named.end() &&
         std::adjacent_find(returned.begin(), returned.end(), std::greater_equal<>()) == returned.end() &&
         CountOf(read_back, ReadBackVerdict::kDiffers) == counts.differs &&
         CountOf(read_back, ReadBackVerdict::kGone) == counts.gone &&
         counts.differs + counts.gone == static_cast<std::int64_t>(named.size());
}

Result<std::int64_t> CountAt(const JsonAt& at, std::string_view key) {
  MC_TRY(const JsonAt member, at.Member(key));
  return member.Count(0, INT64_MAX);
}

Result<std::string> TextOrEmpty(const JsonAt& at, std::string_view key) {
  MC_TRY(const JsonAt member, at.Member(key));
  if (member.value() == "") return std::string();
  return member.Text(kCodeLimitBytes);
}

Result<ReadBackCounts> CountsAt(const JsonAt& at) {
  MC_CHECK_OK(at.Keys({"differs", "gone", "match", "revised", "unknown"}));
  ReadBackCounts counts;
  MC_TRY(counts.differs, CountAt(at, "differs"));
  MC_TRY(counts.gone, CountAt(at, "gone"));
  MC_TRY(counts.match, CountAt(at, "match"));
  MC_TRY(counts.revised, CountAt(at, "revised"));
  MC_TRY(counts.unknown, CountAt(at, "unknown"));
  return counts;
}

Result<Contradiction> ContradictionAt(const JsonAt& at) {
  MC_CHECK_OK(at.Keys({"leaf", "verdict"}));
  Contradiction found;
  MC_TRY(found.leaf, CountAt(at, "leaf"));
  MC_TRY(const JsonAt verdict, at.Member("verdict"));
  MC_TRY(const std::size_t known, verdict.OneOf({"differs", "gone"}));
  found.verdict = known == 0 ? ReadBackVerdict::kDiffers : ReadBackVerdict::kGone;
  return found;
}

Result<ReadBack> ReadReadBack(const JsonAt& at) {
  MC_CHECK_OK(at.Keys({"contradicted", "counts", "ended_at", "error_code", "returned", "source", "started_at"}));
  ReadBack read_back;
  MC_TRY(const JsonAt counts, at.Member("counts"));
  MC_TRY(read_back.counts, CountsAt(counts));
  MC_TRY(const JsonAt contradicted, at.Member("contradicted"));
  MC_TRY(const std::vector<JsonAt> named, contradicted.Items(kReadBackLimitRecords));
  for (const JsonAt& item : named) {
    MC_TRY(const Contradiction found, ContradictionAt(item));
    read_back.contradicted.push_back(found);
  }
  MC_TRY(const JsonAt returned, at.Member("returned"));
  MC_TRY(const std::vector<JsonAt> leaves, returned.Items(kReadBackLimitRecords));
  for (const JsonAt& item : leaves) {
    MC_TRY(const std::int64_t leaf, item.Count(0, INT64_MAX));
    read_back.returned.push_back(leaf);
  }
  MC_TRY(read_back.started_at.micros, CountAt(at, "started_at"));
  MC_TRY(read_back.ended_at.micros, CountAt(at, "ended_at"));
  MC_TRY(read_back.source, TextOrEmpty(at, "source"));
  MC_TRY(read_back.error_code, TextOrEmpty(at, "error_code"));
  return read_back;
}

}  // namespace

std::string_view Name(ReadBackVerdict verdict) {
  for (const auto& [value, name] : kVerdicts) {
    if (value == verdict) return name;
  }
  std::abort();
}

Result<std::string> ReadBackObject(const ReadBack& read_back) {
  if (!Fits(read_back)) {
    return InternalError("bad_read_back", "the counts of a read-back are not those of the records that it names");
  }
  Json contradicted = Json::array();
  for (const Contradiction& c : read_back.contradicted) {
    contradicted.push_back({{"leaf", c.leaf}, {"verdict", std::string(Name(c.verdict))}});
  }
  const ReadBackCounts& counts = read_back.counts;
  return CanonicalJson(Json{{"contradicted", std::move(contradicted)},
                            {"counts",
                             {{"differs", counts.differs},
                              {"gone", counts.gone},
                              {"match", counts.match},
                              {"revised", counts.revised},
                              {"unknown", counts.unknown}}},
                            {"ended_at", read_back.ended_at.micros},
                            {"error_code", read_back.error_code},
                            {"returned", read_back.returned},
                            {"source", read_back.source},
                            {"started_at", read_back.started_at.micros}});
}

Result<ReadBack> ReadBackFromObject(std::string_view object) {
  const Error bad = DataError("bad_read_back", "it does not state a read-back");
  const auto json = ParseJson(object);
  if (!json.ok() || !json->is_object()) return bad;
  auto read_back = ReadReadBack(JsonAt(*json));
  if (!read_back.ok()) return bad;
  const auto again = ReadBackObject(*read_back);
  if (!again.ok() || *again != object) return bad;
  return read_back;
}

}  // namespace mc
