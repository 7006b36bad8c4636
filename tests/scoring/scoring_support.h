// Shared by the scoring tests: the shipped policy and catalogue, and short makers.
#pragma once

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "core/json.h"
#include "mapping/catalogue.h"
#include "scoring/policy.h"
#include "scoring/scorer.h"

namespace mc::test {

inline Json ReadShipped(const std::string& path) {
  auto read = ReadJsonFile(std::string(MC_SOURCE_DIR) + "/" + path);
  REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
  return *read;
}

inline const Json& PolicyDocument() {
  static const Json document = ReadShipped("policies/nd335-2025.json");
  return document;
}

inline const Policy& Nd335() {
  static const Policy policy = [] {
    auto read = ParsePolicy(PolicyDocument());
    REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
    return *read;
  }();
  return policy;
}

inline const Catalogue& DemoCatalogue() {
  static const Catalogue catalogue = [] {
    auto read = Catalogue::Parse(ReadShipped("policies/catalogue-demo-2026.json"));
    REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
    return *read;
  }();
  return catalogue;
}

inline Ratio Q(const std::string& text) {
  auto read = text.find('/') == std::string::npos ? Ratio::FromDecimal(text) : Ratio::FromFraction(text);
  REQUIRE_MESSAGE(read.ok(), text);
  return *read;
}

inline ScoreInputLine Line(const std::string& coefficient, const std::string& assigned, const std::string& completed,
                           std::int64_t failures = 0, std::int64_t late = 0) {
  ScoreInputLine line;
  line.label = "line";
  line.coefficient = Q(coefficient);
  line.assigned = Q(assigned);
  line.completed = Q(completed);
  line.quality_failures = failures;
  line.late = late;
  return line;
}

// A civil servant without a leading post and with full general points.
inline Subject Official(std::vector<ScoreInputLine> lines, const std::string& general = "30") {
  Subject subject;
  subject.id = "P1";
  subject.general = Q(general);
  subject.lines = std::move(lines);
  return subject;
}

inline Subject Leader(std::vector<ScoreInputLine> lines, const std::string& d, const std::string& dd,
                      const std::string& e) {
  Subject subject = Official(std::move(lines));
  subject.leading = true;
  subject.leadership = {Q(d), Q(dd), Q(e)};
  return subject;
}

inline std::string Fraction(const std::optional<Ratio>& value) { return value ? value->ToFraction() : "null"; }

}  // namespace mc::test
