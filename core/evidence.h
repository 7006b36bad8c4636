// Evidence: what ONE source states about ONE outcome, normalised. It is never counted
// itself; WorkItems are built from all evidence with one item key (core/work_item.h).
//
// Times are as the source states them; names and numbers of citizens are not carried.
// Plain values; no thread rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/ratio.h"
#include "core/result.h"
#include "core/source_record.h"
#include "core/time.h"

namespace mc {

enum class EvidenceKind {
  kDocument,        // an edXML document message (issuer, number, date, due date)
  kDocumentStatus,  // an edXML status message 01..06, 13, 15, 16
  kDossier,         // a dossier as the one-stop system holds it
  kDossierStep,     // one progress row of a dossier
  kReport,          // a citizen's field report
  kTask,            // a task as the task platform holds it
  kSatisfaction,    // what citizens say about a dossier, a report or a unit; never counted
};

// reported < recorded < signed < corroborated < confirmed (blueprint, section 4).
enum class Assurance { kReported, kRecorded, kSigned, kCorroborated, kConfirmed };

// A person as the source names them. A name never links; it is kept for display of the
// raw record only through the sealed payload, so it is not here.
struct PersonKeys {
  std::string staff_code;  // valid within issuing body `staff_issuer` (an organisation code)
  std::string staff_issuer;
  std::string email;       // lower case
  std::string account;     // account id within the record's register
  std::string label;       // account label, exactly as the source writes it (NFC, trimmed)
  bool empty() const { return staff_code.empty() && email.empty() && account.empty() && label.empty(); }
  bool operator==(const PersonKeys&) const = default;
};

// A unit as the source names it: an organisation code (either generation), a name, or both.
struct UnitKeys {
  std::string code;
  std::string name;
  bool empty() const { return code.empty() && name.empty(); }
  bool operator==(const UnitKeys&) const = default;
};

// A document named by what everyone prints on it. DocumentId is never used: it repeats.
struct DocumentRef {
  std::string issuer;   // organisation code; may be empty in a task's reference
  std::string number;   // "123/UBND-VP" (number/notation)
  std::optional<CivilDate> date;  // promulgation
  bool operator==(const DocumentRef&) const = default;
};

enum class ResultKind { kDocument, kDossier, kReport };

// What a task's result field names.
struct ResultRef {
  ResultKind kind = ResultKind::kDocument;
  DocumentRef document;   // kDocument
  std::string native_id;  // kDossier, kReport
  bool operator==(const ResultRef&) const = default;
};

struct Claim {  // the holder says it is done
  Moment at;
  std::vector<ResultRef> results;
  bool operator==(const Claim&) const = default;
};

struct Return {  // sent back by assigner or reviewer
  Moment at;
  PersonKeys by;
  std::string reason_code;    // as the source writes it
  bool reason_known = false;  // found in the rule table
  bool major_error = false;   // the rule table marks it as a major content error
  bool operator==(const Return&) const = default;
};

struct Extension {  // a newly set deadline
  Moment given_at;
  Moment new_due;
  PersonKeys by;
  bool operator==(const Extension&) const = default;
};

struct Recall {
  Moment at;
  PersonKeys by;
  bool operator==(const Recall&) const = default;
};

struct Acceptance {  // nghiệm thu
  Moment at;
  PersonKeys by;
  std::optional<Moment> delivered_on;
  std::optional<Ratio> quantity;  // absent: all of it
  bool operator==(const Acceptance&) const = default;
};

struct Supplement {  // one entry of DanhSachHoSoBoSung
  std::optional<Moment> requested_at;
  std::optional<Moment> received_at;
  std::optional<Moment> new_due;  // NgayHenTraMoi
  bool operator==(const Supplement&) const = default;
};

// One thing that was rated. With an answer: the share of those asked who gave it.
struct Rating {
  std::string criterion;  // code of the rule table
  std::string answer;     // "very_good", "good", "bad"; empty: points
  Ratio value;
  Ratio of = 1;  // the most that can be given; 0 <= value <= of
  bool operator==(const Rating&) const = default;
};

struct Evidence {
  EvidenceKind kind = EvidenceKind::kDocument;
  std::string register_id;
  std::string native_id;      // of the outcome within the register: MaHoSo, PhanAnhID, MaNV
  std::vector<std::string> aliases;  // MaHoSoKhac

  UnitKeys unit;              // document: issuer · status: handling organisation · else the unit in charge
  std::vector<UnitKeys> receivers;   // document: To · task: coordinating units
  PersonKeys lead;            // task: holder · status, dossier step: staff of that row
  PersonKeys assigner;        // task
  std::vector<PersonKeys> contributors;

  DocumentRef document;       // document, status: the document in question; task: its instruction
  std::vector<std::string> task_codes;  // document: ResponseForTask/TaskCode

  std::string status;         // normalised by the rule table: "1".."10", "01".."16", "open", "done"
  std::string source_status;  // as received
  std::string type_code;      // procedure, document type, task type, report category, as received
  std::string product;        // from the total table; empty: none
  bool type_known = false;    // the type stands in the table

  std::optional<Moment> occurred_at;  // of the status, step or document
  std::optional<Moment> assigned_at;
  std::optional<Moment> due_at;
  std::optional<Moment> completed_at;  // as the system of record states it (NgayKetThucXuLy, NgayTraLoi)
  std::optional<Moment> returned_at;   // dossier: NgayTra (handed to the citizen)

  Ratio quantity = 1;
  std::vector<Claim> claims;
  std::vector<Return> returns;
  std::vector<Extension> extensions;
  std::vector<Supplement> supplements;
  std::optional<Recall> recall;
  std::optional<Acceptance> acceptance;
  std::string duplicate_of;   // report closed as duplicate of this one
  std::optional<ResultRef> about;  // satisfaction: the dossier or report; absent: the unit
  std::vector<Rating> ratings;     // satisfaction

  Assurance assurance = Assurance::kRecorded;  // of the statement as a whole
  // What was repaired or noticed: "bom", "nfc", "double_dash", "local_despite_z",
  // "bad_date:DueDate", "cut_label". Sorted, unique.
  std::vector<std::string> marks;

  std::string mapping_version;  // digest prefix of the rule file that read it
};

// Evidence as stored: one revision of one native record.
struct EvidenceRevision {
  Evidence evidence;
  std::int64_t ik = 0;          // of the record that it was read from
  Digest record_digest{};
  std::int64_t leaf_index = 0;
  std::int64_t revision = 1;    // 1, 2, ... within (register, record's native id)
  bool latest = true;           // no later revision of the same native record
  std::string source;
  bool unread_since = false;  // a newer state of its record lies in quarantine, and nobody dropped it
  // Where it only says again, word for word, what the revisions right before it say: the leaf of the first of those.
  std::optional<std::int64_t> said_leaf = {};

  // By which statements of several records are ordered: what is said again is no newer for it.
  std::int64_t said_at() const { return said_leaf.value_or(leaf_index); }
};

inline constexpr int kEvidenceVersion = 1;

// The canonical tree (docs/formats/evidence.md) and its strict inverse. Its bytes are
// written by evidence_text.h.
Json EvidenceToJson(const Evidence& evidence);
Result<Evidence> EvidenceFromJson(const Json& json);
// From its canonical bytes, at a fraction of the cost of the tree; any other form is refused. kData
// "bad_evidence" of both.
Result<Evidence> EvidenceFromText(std::string_view canonical);

std::string_view Name(EvidenceKind kind);  // "document_status"
std::string_view Name(Assurance level);    // "recorded"
std::string_view Name(ResultKind kind);    // "dossier"
std::optional<EvidenceKind> EvidenceKindFrom(std::string_view name);
std::optional<Assurance> AssuranceFrom(std::string_view name);

}  // namespace mc
