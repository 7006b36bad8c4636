// Facts: typed rows that scoring counts, one per item and period, and VerifiedFacts, the
// only form in which scoring takes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ratio.h"
#include "core/time.h"
#include "core/work_item.h"

namespace mc {

// One item of one lead person standing in one period.
struct Fact {
  std::string person;
  std::string unit;  // that the item stands under
  std::string item_key;
  ItemKind kind = ItemKind::kTask;
  std::string product;
  CivilDate assigned_on;  // decides the catalogue edition
  Standing standing;
  std::vector<EvidenceRef> evidence;
};

class Store;

// Facts of which every named evidence was re-hashed, its commitment opened against its
// leaf, and the leaves summed to the signed tree head. "Verified" says nothing about
// whether the source told the truth. Immutable; any thread may read.
class VerifiedFacts {
 public:
  const std::vector<Fact>& facts() const { return facts_; }
  const std::string& checkpoint() const { return checkpoint_; }

 private:
  friend class FactVerifier;  // storage/verify_facts.h, the only maker
  VerifiedFacts(std::vector<Fact> facts, std::string checkpoint)
      : facts_(std::move(facts)), checkpoint_(std::move(checkpoint)) {}
  std::vector<Fact> facts_;
  std::string checkpoint_;
};

}  // namespace mc
