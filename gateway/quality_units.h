// The four numbers of one period by source and unit of the directory. The store keeps a unit as its source names it;
// here it is resolved, in every notation and with its successors, under the directory of this moment.
//
// For alarms and the daily text: SourceNumbers::all.Numbers() is the whole source, `units` its units, ClosedGate what
// stops scores (quality_gates.h). Borrows nothing. Pure; any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/json.h"
#include "mapping/identity.h"
#include "storage/quality_numbers.h"

namespace mc {

struct SourceNumbers {
  std::string source, register_id;
  QualitySum all;
  QualitySum unplaced;                      // the part of `all` that is under no unit of the directory
  std::map<std::string, QualitySum> units;  // by unit id: the rest
};

using RegisterOf = std::map<std::string, std::string>;  // by source

// By source. `cells` are of one period and of no single one; a count of the period itself goes before one of no
// single month. A unit is what its name means on `day`.
std::vector<SourceNumbers> NumbersByUnit(const std::vector<QualityCell>& cells, const RegisterOf& registers,
                                         const IdentityIndex& identity, CivilDate day);

// The unit that a source names so: by its code, else by its name. Empty: none, or several.
std::string UnitOfName(const IdentityIndex& identity, const std::string& named, CivilDate day);

Json NumbersToJson(const QualityNumbers& numbers);       // four members, a ratio or null each
std::string NumbersAsText(const QualityNumbers& numbers);  // "Đúng 19/20 (95,0%) · Đủ chưa biết · ..."
std::string ShareAsText(const std::optional<Share>& share);

}  // namespace mc
