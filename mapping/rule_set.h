// One rule file (`minhchung/rules@1`), read and checked: which fields of a source's
// records say what of an Evidence. Format: docs/formats/rule-table.md.
//
// The shape of the rules mirrors Evidence; what a dialect calls its fields stands only in
// the file. The grammar is closed (paths, tables, enumerated names, date formats), so a
// rule file can neither compute nor reach anything but its own record.
// Immutable after reading; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/evidence.h"
#include "core/json.h"
#include "core/result.h"
#include "mapping/dates.h"

namespace mc {

// "A/B" below the node at hand, or "@name": a fact that the request states (SourceRecord::facts).
struct FieldPath {
  std::vector<std::string> segments;  // one when is_fact
  bool is_fact = false;
  std::string pointer;  // "/A/B" for messages
};
using FieldPaths = std::vector<FieldPath>;  // alternates, first that is there

enum class Take {
  kWhole,
  kOrganisationPrefix,  // of "<organisation code>-yyMMdd-NNNNN"; another form is absent
  kPositiveNumber,      // digits that are not all zero; anything else is absent
};

struct TextRule {
  FieldPaths from;  // alternates, or with `joined` parts that must all be there
  bool joined = false;
  std::string with;  // between the parts
  Take take = Take::kWhole;
  bool required = false;
  bool stated() const { return !from.empty(); }
};

struct TextsRule {  // a list, a repeated element, or one text with a separator
  FieldPaths from;  // all of them, in order
  std::string split;
};

struct TimeRule {
  FieldPaths from;  // alternates: the most precise readable one
  std::vector<DateFormat> formats;
  bool required = false;
  bool mark_unreadable = false;  // else an unreadable date rejects the record
  bool stated() const { return !from.empty(); }
};

// What a text of the record looks like; never read into evidence, never a reason to refuse.
struct TextTest {
  enum class Kind { kIs, kCut, kHolds, kStated, kAmong };
  FieldPaths from;  // the first that states something
  Kind kind = Kind::kStated;
  std::vector<std::string> texts;  // kIs: one of them, whole
  std::string part;                // kHolds: stands in it · kCut: it ends so ...
  std::size_t characters = 0;      // ... and is exactly this long
  FieldPath among_each, among;     // kAmong: what entries of a list of the record say there
};
using TextTests = std::vector<TextTest>;  // all must hold; none: holds

struct MarkRule {
  std::string mark;
  std::optional<FieldPath> each;  // any entry of the list there; without: the record itself
  TextTests where;
};

using Table = std::map<std::string, std::optional<std::string>, std::less<>>;

struct StatusCase {
  FieldPaths from;  // looked up in the table; absent, or null there: the next case
  Table table;
  TextTests where;        // or: holds where these hold, `from` being what the source wrote
  FieldPaths if_present;  // or: holds when one of these is there (empty: always)
  std::string is;
};

enum class TypeKey { kWhole, kFirstTwoDotParts };

struct TypeRule {
  TextRule code;
  TypeKey key = TypeKey::kWhole;
  std::string when_absent;  // key of the table that counts when the source names no type
  Table products;           // null: known, no product
  bool stated() const { return code.stated(); }
};

struct PersonRule {
  TextRule staff_code, staff_issuer, email, account, label;
};
struct UnitRule {
  TextRule code, name;
};
struct DocumentRule {
  TextRule issuer, number;
  TimeRule date;
};

// Where the entries of a list, or one nested object, stand.
struct Place {
  std::optional<FieldPath> each;  // every entry of the list there
  std::optional<FieldPath> from;  // the object there
  FieldPaths if_present;          // only when one of these is there; with neither: the record itself
};

struct UnitsRule {
  Place place;
  UnitRule unit;
};
struct PeopleRule {
  Place place;
  PersonRule person;
};
struct ResultRule {
  Place place;
  TextRule kind;
  Table kinds;  // -> "document", "dossier", "report"
  TextRule native_id;
  DocumentRule document;
};
struct ClaimRule {
  Place place;
  TimeRule at;
  std::vector<ResultRule> results;
};
struct ReturnRule {
  Place place;
  TimeRule at;
  PersonRule by;
  TextRule reason;
  Table reasons;  // -> "major", "minor"
};
struct ExtensionRule {
  Place place;
  TimeRule given_at, new_due;
  PersonRule by;
};
struct SupplementRule {
  Place place;
  TimeRule requested_at, received_at, new_due;
};
struct RecallRule {
  Place place;
  TimeRule at;
  PersonRule by;
};
struct AcceptanceRule {
  Place place;
  TimeRule at, delivered_on;
  PersonRule by;
  TextRule quantity;
};

struct RatingRule {
  Place place;
  TextRule criterion;
  std::string is;      // or: the criterion itself, where a field stands for one
  Table criteria;      // total over what was agreed
  std::string answer;  // of which the value is the share; empty: points
  TextRule value;
  Ratio of;
};

enum class AssuranceRule {
  kRecorded,
  kByAssigner,  // recorded when somebody other than the lead is stated as assigner, else reported
};

struct RecordRule {
  EvidenceKind kind = EvidenceKind::kDocument;
  std::string stream;  // applies to records of this stream only; empty: any
  FieldPaths has;      // applies where all of these are there, even empty
  AssuranceRule assurance = AssuranceRule::kRecorded;

  TextRule native_id;  // not stated: the record's own native id
  TextsRule aliases;
  UnitRule unit;
  PersonRule lead, assigner;
  DocumentRule document;
  TextsRule task_codes;
  std::vector<StatusCase> status;
  TypeRule type;
  TimeRule occurred_at, assigned_at, due_at, completed_at, returned_at;
  TextRule quantity, duplicate_of;
  TextRule about_dossier, about_report;  // the first that is stated

  std::vector<UnitsRule> receivers;
  std::vector<PeopleRule> contributors;
  std::vector<ClaimRule> claims;
  std::vector<ReturnRule> returns;
  std::vector<ExtensionRule> extensions;
  std::vector<SupplementRule> supplements;
  std::vector<RecallRule> recall;          // at most one
  std::vector<AcceptanceRule> acceptance;  // at most one
  std::vector<MarkRule> marks;
  std::vector<RatingRule> ratings;         // satisfaction
};

// A cell of a sheet that holds several things: entries of named parts. By the column's name, or
// for a part "column/part".
struct CellRule {
  std::string entries;  // between two entries: "##", or a line end
  std::string parts;    // between two parts: "|"
  std::vector<std::string> names;  // of the parts, in order; missing ones at the end are absent
};
using CellRules = std::map<std::string, CellRule, std::less<>>;

enum class WireFormat { kJson, kEdxml, kCsv, kXml };

struct RuleSet {
  std::string source;
  WireFormat format = WireFormat::kJson;
  std::vector<std::string> namespaces;          // edXML: namespace URIs whose elements are read
  std::vector<std::string> absent;              // texts that mean "nothing stated"
  bool quote_leading_zeros = false;             // JSON: 006 is the text "006"
  bool fold_names = false;                      // MaHoSo is also MAHOSO
  bool zulu_is_city_time = false;               // literal Z on local time
  std::vector<std::string> placeholder_labels;  // name nobody
  std::string cut_suffix;                       // a label cut by its sender ends so ...
  std::size_t cut_characters = 0;               // ... and is exactly this long
  CellRules cells;                              // CSV: by path
  std::vector<RecordRule> records;              // first that applies
  std::string version;                          // first 16 hex digits of the file's canonical SHA-256
};

// What a rule file may notice of a record (docs/formats/evidence.md, "What senders change").
const std::vector<std::string>& RuleMarks();

// kConfig; the message holds the JSON Pointer and the rule.
Result<RuleSet> ParseRuleSet(const Json& document);

}  // namespace mc
