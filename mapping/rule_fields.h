// The small parts of a rule file: paths, texts, times, tables, places. Internal to
// reading rule files (mapping/rule_set.cc).
//
// Every method reads the member `key` of `at` into its last argument and leaves that
// untouched when the member is absent; kConfig with JSON Pointer and rule otherwise.
// One thread.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_at.h"
#include "mapping/rule_set.h"

namespace mc {

inline constexpr std::size_t kRuleTextLimit = 500;     // bytes of one text
inline constexpr std::size_t kTableRowLimit = 20'000;  // procedures of a whole country fit
inline constexpr std::size_t kAlternateLimit = 16;

// NFC texts, since they are compared with texts that were brought to NFC.
Result<std::vector<std::string>> ReadTextList(const JsonAt& at, bool may_hold_empty);

// {suffix, characters}: how a sender cuts.
Status ReadCut(const JsonAt& at, std::string& suffix, std::size_t& characters);

class RuleFields {
 public:
  // Reads "dates" and "tables" of the file, to which the rules refer by name.
  static Result<RuleFields> Read(const JsonAt& top);

  Status Paths(const JsonAt& at, std::string_view key, FieldPaths& paths) const;
  Status Text(const JsonAt& at, std::string_view key, TextRule& rule) const;
  Status RequiredText(const JsonAt& at, std::string_view key, TextRule& rule) const;
  Status Texts(const JsonAt& at, std::string_view key, TextsRule& rule) const;
  Status Time(const JsonAt& at, std::string_view key, TimeRule& rule) const;
  Status RequiredTime(const JsonAt& at, std::string_view key, TimeRule& rule) const;
  Status Type(const JsonAt& at, std::string_view key, TypeRule& rule) const;
  Status Document(const JsonAt& at, std::string_view key, DocumentRule& rule) const;
  Status Tests(const JsonAt& at, std::string_view key, TextTests& tests) const;
  Status NamedPerson(const JsonAt& at, std::string_view key, PersonRule& rule) const;

  // These read the members of `at` itself.
  Status Person(const JsonAt& at, PersonRule& rule) const;
  Status Unit(const JsonAt& at, UnitRule& rule) const;
  Status PlaceOf(const JsonAt& at, Place& place) const;
  // The table named by member "table". `values`: what its rows may say (empty: anything).
  Status TableOf(const JsonAt& at, Table& table, const std::vector<std::string>& values,
                 bool null_allowed) const;

  // A table or date list that nothing names is a mistake of its author.
  Status RefuseUnused() const;

 private:
  Status Options(const JsonAt& at, TextRule& rule) const;
  Result<TextTest> Test(const JsonAt& at) const;

  std::map<std::string, Table> tables_;
  std::map<std::string, std::vector<DateFormat>> dates_;
  mutable std::set<std::string> used_;  // pointers of the tables and date lists that were named
};

}  // namespace mc
