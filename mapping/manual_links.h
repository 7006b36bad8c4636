// Links that two people made by hand, for a time (docs/formats/link.md): who is meant by a label or
// account that the directory does not know.
//
// Pure; immutable values; safe from any thread. Errors: kConfig with the rule that is broken.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/directory.h"
#include "core/json.h"
#include "core/result.h"
#include "core/time.h"

namespace mc {

inline constexpr int kManualLinkDays = 366;  // from first to last day
inline constexpr std::size_t kLinkTextLimitBytes = 1'000;
inline constexpr std::size_t kLinkReasonLimitBytes = 2'000;

enum class LinkKey { kLabel, kAccount };
std::string_view Name(LinkKey key);

struct LinkProposal {
  std::string ends;  // the link that this one ends; then only `to` and `reason` are its own
  LinkKey key = LinkKey::kLabel;
  std::string register_id;
  std::string unit;  // of a label
  std::string text;  // as the source writes it, NFC and trimmed
  std::string person;
  CivilDate from, to;
  std::string reason;
  std::string by;
  Instant at;
};

enum class LinkDecision { kApprove, kReject };

struct LinkVerdict {
  LinkDecision decision = LinkDecision::kApprove;
  std::string proposal;
  std::string reason;  // of a rejection
  std::string by;
  Instant at;
};

Json ProposalToJson(const LinkProposal& proposal);
Json VerdictToJson(const LinkVerdict& verdict);
Result<std::string> ProposalId(const LinkProposal& proposal);

// What became of one proposal.
struct LinkRecord {
  std::string id;
  LinkProposal proposal;  // of an end: key, register, unit, text and person are those of the link
  std::optional<LinkVerdict> verdict;
  std::vector<std::int64_t> leaves;  // the proposal's, then the verdict's
  bool approved() const { return verdict && verdict->decision == LinkDecision::kApprove; }
};

class ManualLinks {
 public:
  // One step, in the order of the log. kConfig "bad_link" for a step that the rules exclude: it was
  // checked before it was kept, so that a reader of the store calls it damage.
  Status Take(const Json& document, std::int64_t leaf);

  const std::vector<LinkRecord>& records() const { return records_; }  // in the order of the log
  const LinkRecord* Find(const std::string& id) const;

  // The span in which an approved link counts, shortened by its end; nullopt: never.
  std::optional<DateSpan> SpanOf(const LinkRecord& link) const;

  // Adds those that count to the keys of the directory.
  void AddTo(DirectoryData& directory) const;

  // Leaves of everything that was proposed about the person, sorted.
  std::vector<std::int64_t> LeavesAbout(const std::string& person) const;

 private:
  std::vector<LinkRecord> records_;
};

// The rules of the format page, before a step is kept. `directory` is the one without manual links.
// Of an end all but `ends`, `to`, `reason`, `by` and `at` is filled in from the link first.
Status FillEnd(const ManualLinks& links, LinkProposal& proposal);
Status CheckProposal(const DirectoryData& directory, const ManualLinks& links, const LinkProposal& proposal);
Status CheckVerdict(const DirectoryData& directory, const ManualLinks& links, const LinkVerdict& verdict);

// Whether the directory knows another account of this person in the register in the span.
bool IsSecondAccount(const DirectoryData& directory, const LinkProposal& proposal);

}  // namespace mc
