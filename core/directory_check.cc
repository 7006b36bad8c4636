#include "core/directory_check.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace mc {
namespace {

constexpr CivilDate kFirstDay{std::numeric_limits<std::int32_t>::min()};
constexpr CivilDate kLastDay{std::numeric_limits<std::int32_t>::max()};

CivilDate Begin(const DateSpan& span) { return span.from.value_or(kFirstDay); }
CivilDate End(const DateSpan& span) { return span.to.value_or(kLastDay); }

Error At(const char* list, std::size_t row, const char* code, const std::string& rule) {
  return ConfigError(code, "\"/" + std::string(list) + "/" + std::to_string(row) + "\": " + rule);
}

// Rows of each person's posts, by first day.
using PostsOf = std::unordered_map<std::string_view, std::vector<std::size_t>>;

PostsOf GroupByPerson(const std::vector<Membership>& memberships) {
  PostsOf posts;
  for (std::size_t i = 0; i < memberships.size(); ++i) posts[memberships[i].person].push_back(i);
  for (auto& [person, rows] : posts) {
    std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
      return Begin(memberships[a].span) < Begin(memberships[b].span);
    });
  }
  return posts;
}

Status CheckOverlap(const std::vector<Membership>& memberships, const PostsOf& posts) {
  for (const auto& [person, rows] : posts) {
    for (std::size_t k = 1; k < rows.size(); ++k) {
      if (End(memberships[rows[k - 1]].span) < Begin(memberships[rows[k]].span)) continue;
      return At("memberships", std::max(rows[k - 1], rows[k]), "two_posts",
                "overlaps row " + std::to_string(std::min(rows[k - 1], rows[k])) + " of the same person");
    }
  }
  return Ok();
}

std::string_view ManagerOn(const std::vector<Membership>& memberships, const PostsOf& posts, std::string_view person,
                           CivilDate day) {
  const auto found = posts.find(person);
  if (found == posts.end()) return {};
  for (const std::size_t row : found->second) {
    const DateSpan& span = memberships[row].span;
    if (Begin(span) <= day && day <= End(span)) return memberships[row].manager;
  }
  return {};
}

// Does the chain of managers from row's person come back to that person on the row's first day?
bool StartsCycle(const std::vector<Membership>& memberships, const PostsOf& posts, std::size_t row) {
  const std::string_view start = memberships[row].person;
  const CivilDate day = Begin(memberships[row].span);
  std::unordered_set<std::string_view> passed;
  for (std::string_view at = memberships[row].manager; !at.empty(); at = ManagerOn(memberships, posts, at, day)) {
    if (at == start) return true;
    if (!passed.insert(at).second) return false;  // a circle further up; its own rows report it
  }
  return false;
}

// Rows by their former code.
using CodesOf = std::unordered_map<std::string_view, std::vector<std::size_t>>;

CodesOf GroupByOldCode(const std::vector<OrganisationCode>& codes) {
  CodesOf rows;
  for (std::size_t i = 0; i < codes.size(); ++i) rows[codes[i].old_code].push_back(i);
  return rows;
}

bool Overlap(const DateSpan& a, const DateSpan& b) { return Begin(a) <= End(b) && Begin(b) <= End(a); }

// Two notations are of one organisation since ever, unless the code meant another before.
bool NeedlessFrom(const std::vector<OrganisationCode>& codes, const std::vector<std::size_t>& same_code,
                  std::size_t row) {
  if (codes[row].relation != CodeRelation::kSame || !codes[row].span.from) return false;
  return std::none_of(same_code.begin(), same_code.end(),
                      [&](std::size_t other) { return End(codes[other].span) < Begin(codes[row].span); });
}

Status CheckOneMeaning(const std::vector<OrganisationCode>& codes, const CodesOf& rows) {
  for (const auto& [code, same_code] : rows) {
    for (std::size_t k = 0; k < same_code.size(); ++k) {
      for (std::size_t j = 0; j < k; ++j) {
        const OrganisationCode& a = codes[same_code[j]];
        const OrganisationCode& b = codes[same_code[k]];
        const bool both_notations = a.relation == CodeRelation::kSame && b.relation == CodeRelation::kSame;
        if (!Overlap(a.span, b.span) || (!both_notations && a.code != b.code)) continue;
        return At("organisation_codes", same_code[k], "two_equivalents",
                  "overlaps row " + std::to_string(same_code[j]) + " of the same old_code");
      }
      if (NeedlessFrom(codes, same_code, same_code[k])) {
        return At("organisation_codes", same_code[k], "needless_from",
                  "leave \"from\" out: no other row says what old_code meant before that day");
      }
    }
  }
  return Ok();
}

// The row by which another organisation takes over while the unit still bears the code.
std::optional<std::size_t> TakenOver(const std::vector<OrganisationCode>& codes, const CodesOf& rows,
                                     const UnitCode& borne) {
  const auto found = rows.find(borne.code);
  if (found == rows.end()) return std::nullopt;
  for (const std::size_t row : found->second) {
    if (codes[row].relation == CodeRelation::kSucceeded && Begin(codes[row].span) <= End(borne.span)) return row;
  }
  return std::nullopt;
}

// Does a chain of codes from this row come back to its old code on the row's first day?
bool ComesBack(const std::vector<OrganisationCode>& codes, const CodesOf& rows, std::size_t row) {
  const CivilDate day = Begin(codes[row].span);
  std::unordered_set<std::string_view> passed;
  std::vector<std::string_view> open = {codes[row].code};
  while (!open.empty()) {
    const std::string_view at = open.back();
    open.pop_back();
    if (at == codes[row].old_code) return true;
    const auto found = rows.find(at);
    if (!passed.insert(at).second || found == rows.end()) continue;
    for (const std::size_t next : found->second) {
      if (codes[next].span.Contains(day)) open.push_back(codes[next].code);
    }
  }
  return false;
}

}  // namespace

Status CheckUnitTree(const std::vector<OrgUnit>& units) {
  std::unordered_map<std::string_view, std::string_view> parent;
  for (const OrgUnit& unit : units) parent[unit.id] = unit.parent;
  for (std::size_t i = 0; i < units.size(); ++i) {
    std::unordered_set<std::string_view> passed;
    for (std::string_view at = units[i].parent; !at.empty(); at = parent[at]) {
      if (at == units[i].id) return At("units", i, "unit_cycle", "the unit is its own ancestor");
      if (!passed.insert(at).second) break;
    }
  }
  return Ok();
}

Status CheckPosts(const std::vector<Membership>& memberships) {
  const PostsOf posts = GroupByPerson(memberships);
  MC_CHECK_OK(CheckOverlap(memberships, posts));
  // A circle stands from the first day of its latest post on: it is enough to look on the
  // first day of every post.
  for (std::size_t row = 0; row < memberships.size(); ++row) {
    if (StartsCycle(memberships, posts, row)) {
      return At("memberships", row, "manager_cycle", "the manager links form a circle on the first day of this post");
    }
  }
  return Ok();
}

Status CheckOrganisationCodes(const std::vector<OrganisationCode>& codes, const std::vector<OrgUnit>& units) {
  const CodesOf rows = GroupByOldCode(codes);
  MC_CHECK_OK(CheckOneMeaning(codes, rows));
  // A new chain appears only on the first day of one of its rows.
  for (std::size_t row = 0; row < codes.size(); ++row) {
    if (ComesBack(codes, rows, row)) {
      return At("organisation_codes", row, "code_cycle", "the codes lead back to old_code on the row's first day");
    }
  }
  for (std::size_t i = 0; i < units.size(); ++i) {
    for (const UnitCode& borne : units[i].codes) {
      const auto row = TakenOver(codes, rows, borne);
      if (!row) continue;
      return At("units", i, "code_outlives",
                "a code must end before the day on which row " + std::to_string(*row) +
                    " of organisation_codes says that another organisation took over");
    }
  }
  return Ok();
}

}  // namespace mc
