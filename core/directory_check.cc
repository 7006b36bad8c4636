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

}  // namespace mc
