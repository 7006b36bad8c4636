// SourceRecord -> Evidence or RejectionReason, by the rule file of its source.
// Pure: no clock, no I/O, no log. A Mapper is immutable and safe from any thread.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "core/evidence.h"
#include "core/record_place.h"
#include "core/result.h"
#include "core/source_record.h"

namespace mc {

class Mapper {
 public:
  virtual ~Mapper() = default;
  // Never throws. What cannot be read is a reason, never a guess.
  virtual std::variant<Evidence, RejectionReason> Map(const SourceRecord& record) const = 0;
  // Of a record that was refused: unit and time of its event, as far as the rules still find them.
  virtual RecordPlace Place(const SourceRecord&) const { return {}; }
  // First 16 hex digits of the SHA-256 of the rule file's canonical form.
  virtual const std::string& version() const = 0;
};

// Reads mapping/rules/<source>.json (docs/formats/rule-table.md). kConfig with pointer and rule.
Result<std::unique_ptr<Mapper>> LoadMapper(const std::string& rule_file);

}  // namespace mc
